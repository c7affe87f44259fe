"""Small homes for tests: files put into landing, a run over them, and what counted of them."""

from data.contracts import sources, tables
from data.home import Home
from pipelines.steps import Published, Session
from transforms.uscc import check_character

# No required heading of any source: the file is refused.
REFUSED = ("甲,乙", "1,2")


def uscc(number: int, authority: str = "220101") -> str:
    first = f"91{authority}MA{number:07d}"
    return first + check_character(first)


def old_taxpayer(code: str) -> str:
    """The 15-character number of before: six digits of a place, and the organisation code."""
    return "220101" + code[8:17]


def put(home: Home, path: str, *lines: str) -> None:
    file = home.landing / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def register(home: Home, path: str, *codes: str, status: str = "存续") -> None:
    put(home, path, "统一社会信用代码,企业名称,企业类型,登记状态,成立日期", *(f"{code},某公司,1130,{status},2010-01-01" for code in codes))


def parks(home: Home, path: str, *codes: str) -> None:
    put(home, path, "园区代码,园区名称,级别", *(f"{code},某园,省级" for code in codes))


def taxes(home: Home, path: str, *codes: str) -> None:
    put(home, path, "纳税人识别号,纳税人状态,实缴金额(元)", *(f"{code},正常,10" for code in codes))


def reference(home: Home, name: str, text: str) -> None:
    home.reference.mkdir(exist_ok=True)
    (home.reference / name).write_text(text, encoding="utf-8")


def again(home: Home, **options) -> Session:
    """A new run of this home: nothing is remembered but what lies on disk."""
    return Session(Home(home.path), **options)


def run(home: Home, period: str, **options) -> Published:
    with again(home, **options) as session:
        for source in sources():
            session.load(source, period)
        for table in tables():
            session.build(period, table)
        return session.publish(period, {})


def loaded(home: Home, period: str, *names: str) -> dict[str, bool]:
    """source -> whether this run read the period's own delivery anew."""
    with again(home) as session:
        return {source: session.load(source, period).changed for source in names or sources()}


def rows(home: Home, period: str, source: str, column: str) -> list | None:
    """What of a source counts for the period; None where no delivery does."""
    with again(home) as session:
        session.load(source, period)
        month = session.deliveries.in_effect(period).get(source)
        return None if month is None else sorted(session.warehouse.rows(sources()[source], month)[column])
