"""No person can be read out of what is kept: numbers, names and addresses are planted, and searched for in all that a run leaves."""

import json

import duckdb
import polars as pl
import pytest

from data.contracts import sources, tables
from data.home import Home
from data.personal_numbers import MASK
from pipelines.reading.pseudonyms import pseudonym_maker
from pipelines.steps import Session
from tests.pipelines.reading.files import PERIOD, csv_text, land, read, table, uscc, xlsx

# Planted, each in a form of its own, so that whatever is found says where it came from.
MEMBER, TWICE, INSTRUCTOR, IN_CODE, SPACED, OLD, TAXED, WORKPLACE = (
    "440300199001011011", "44030019910202102X", "440300199203031033", "440300199304041044", "440300199405051055", "440300950606106",
    "44030019960707107701", "440300199708081088",
)  # fmt: skip
PHONE, PHONE_IN_NAME, PHONE_IN_HEADING = "13911110001", "13911110002", "13911110003"
OWNER, SECOND_OWNER, REJECTED_OWNER, UNTOLD, REPRESENTATIVE, ADDRESS = (
    "欧阳甲一面馆", "欧阳乙二面馆", "欧阳丙三面馆", "欧阳丁四面馆", "司徒戊五", "梅林街道己六号",
)  # fmt: skip
PLANTED = [value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str) and name not in ("PERIOD", "MASK")]
COMPANY, ASSOCIATION = "博达科技有限公司", "远见商会"


def deliveries() -> dict[str, list[list[str]]]:
    units = table(
        "registration",
        {"uscc": uscc(1), "name": COMPANY},
        {"uscc": uscc(2), "name": OWNER, "type_code": "9500"},
        {"uscc": uscc(2), "name": SECOND_OWNER, "type_code": "个体工商户"},
        {"uscc": uscc(3), "name": REJECTED_OWNER, "type_code": "9500 个体工商户", "founded_on": "从前"},
        {"uscc": uscc(4), "name": UNTOLD, "type_code": "不知道"},
        {"uscc": IN_CODE, "name": COMPANY},
        {"uscc": f"{SPACED[:6]} {SPACED[6:14]} {SPACED[14:]}", "name": COMPANY},
        {"uscc": OLD, "name": COMPANY},
        {"uscc": uscc(5), "name": f"{COMPANY} 电话{PHONE_IN_NAME}"},
        {"uscc": uscc(5), "name": f"{COMPANY} 电话{PHONE_IN_NAME}", "founded_on": "2010-01-01"},
    )
    beside = ["法定代表人", "住所", f"联系人{PHONE_IN_HEADING}"]
    return {
        "registration": [units[0] + beside, *([*row, REPRESENTATIVE, ADDRESS, PHONE] for row in units[1:])],
        "social_org": table("social_org", {"uscc": uscc(6), "name": ASSOCIATION}),
        "tax": table("tax", {}, {"taxpayer_id": OLD}, {"taxpayer_id": TAXED}),
        "party_org": table("party_org", {}, {"org_code": "D2", "name": f"支部 {PHONE}"}),
        "member": table(
            "member",
            {"member_id": MEMBER, "uscc": uscc(1)},
            {"member_id": TWICE},
            {"member_id": TWICE.lower()},
            {"member_id": TWICE, "kind": "预备党员"},
            {"member_id": "440300199901011234", "kind": "不知道"},
            {"member_id": "Z9", "uscc": WORKPLACE},
        ),
        "instructor": table("instructor", {"instructor_id": INSTRUCTOR}, {"instructor_id": INSTRUCTOR, "uscc": IN_CODE}),
    }


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    for source, rows in deliveries().items():
        land(home.path, source, {"a.csv": csv_text(rows), "b.xlsx": xlsx(rows)})
    with Session(home) as session:
        for source in sources():
            session.load(source, PERIOD)
        for name in tables():
            session.build(PERIOD, name)
        assert session.publish(PERIOD, {}).revision == "r01"
    return home


@pytest.fixture(scope="module")
def texts(ran) -> dict[str, str]:
    return kept(ran)


def kept(home: Home) -> dict[str, str]:
    """All that a run leaves behind, but for landing and the key: every file's bytes, and what databases and tables hold when opened."""
    texts = {}
    for path in sorted(path for path in home.path.rglob("*") if path.is_file()):
        name = path.relative_to(home.path).as_posix()
        if name.startswith(("landing/", "secrets/")):
            continue
        texts[f"{name} (bytes)"] = path.read_bytes().decode("utf-8", errors="replace") + path.read_bytes().decode(
            "utf-16-le", errors="replace"
        )
        if path.suffix == ".parquet":
            texts[name] = text_of(pl.read_parquet(path))
        elif path.suffix == ".arrow":
            texts[name] = text_of(pl.read_ipc(path))
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                found = [table for (table,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()]
                texts |= {f"{name} {table}": text_of(connection.sql(f'SELECT * FROM "{table}"').pl()) for table in found}
    return texts


def text_of(frame: pl.DataFrame) -> str:
    return "\n".join(" ".join(str(value) for value in row) for row in frame.rows())


def where(texts: dict[str, str], value: str) -> set[str]:
    return {name for name, text in texts.items() if value in text or value.lower() in text}


def test_what_may_be_kept_is_found_by_the_same_search(ran, texts):
    """Else the searches below would prove nothing."""
    assert {"warehouse.duckdb raw_registration", "warehouse.duckdb rejected"} <= where(texts, COMPANY)
    assert {f"releases/{PERIOD}/r01/{table}.parquet" for table in ("census", "rejected")} <= where(texts, COMPANY)
    assert {f".checks/{PERIOD}-registration.arrow", "warehouse.duckdb raw_social_insurance"} & where(texts, uscc(1))
    assert where(texts, ASSOCIATION)
    assert "warehouse.duckdb raw_member" in where(texts, pseudonym_maker(ran)(MEMBER))
    assert {"warehouse.duckdb raw_member", "warehouse.duckdb rejected"} <= where(texts, pseudonym_maker(ran)(TWICE))


@pytest.mark.parametrize("value", PLANTED)
def test_what_is_a_persons_is_nowhere(texts, value):
    assert where(texts, value) == set()


def test_the_key_is_nowhere_but_in_its_file(ran, texts):
    key = (ran.secrets / "pseudonym.key").read_text().strip()
    assert where(texts, key) == set()
    assert not any(bytes.fromhex(key) in path.read_bytes() for path in ran.path.rglob("*") if path.is_file())


def test_the_names_of_self_employed_units_are_not_stored(tmp_path):
    rows = table(
        "registration",
        {"name": COMPANY},
        {"uscc": uscc(2), "name": OWNER, "type_code": "9500"},
        {"uscc": uscc(3), "name": OWNER, "type_code": "个体工商户"},
    )
    assert read(tmp_path, "registration", csv_text(rows)).rows["name"].to_list() == [COMPANY, None, None]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"type_code": "1130", "status": "x"}, OWNER),
        ({"type_code": "9500", "status": "x"}, MASK),
        ({"type_code": "个体工商户", "status": "x"}, MASK),
        ({"type_code": "不知道"}, MASK),
        ({"type_code": ""}, MASK),
        ({"type_code": "", "name": ""}, None),
        ({"type_code": "1130", "uscc": "1"}, OWNER),
        ({"type_code": "9500", "uscc": ""}, MASK),
    ],
)
def test_the_name_of_a_rejected_unit(tmp_path, row, name):
    delivery = read(tmp_path, "registration", csv_text(table("registration", {"name": OWNER} | row)))
    assert json.loads(delivery.rejected["fields"][0]).get("name") == name


def test_identifiers_in_rejected_rows_are_replaced(tmp_path):
    rows = table(
        "member", {"member_id": MEMBER, "kind": "x"}, {"member_id": TWICE}, {"member_id": TWICE}, {"member_id": "Z1", "org_code": ""}
    )
    fields = [json.loads(text) for text in read(tmp_path, "member", csv_text(rows)).rejected["fields"]]
    assert [field["member_id"] for field in fields] == [f"P({MEMBER})", f"P({TWICE})", "P(Z1)"]


@pytest.mark.parametrize("written", [IN_CODE, f" {SPACED[:10]} {SPACED[10:]}", OLD, TAXED, PHONE, f"联系人{PHONE}"])
@pytest.mark.parametrize("field", ["uscc", "name", "founded_on", "district_code"])
def test_a_number_in_the_wrong_column_is_masked(tmp_path, field, written):
    delivery = read(
        tmp_path, "registration", csv_text(table("registration", {"status": "x", "district_code": "440303"} | {field: written}))
    )
    value = json.loads(delivery.rejected["fields"][0])[field]
    # A code that holds words is no code, and the words may be a name: nothing of it is kept.
    assert value == ("联系人" if written.startswith("联系人") and field != "uscc" else "") + MASK


def test_a_name_in_the_place_of_a_code_is_masked(tmp_path):
    rejected = read(tmp_path, "social_insurance", csv_text(table("social_insurance", {"uscc": OWNER}))).rejected
    assert json.loads(rejected["fields"][0])["uscc"] == MASK
    dropped = read(tmp_path, "member", csv_text(table("member", {"uscc": OWNER}))).rejected
    assert dropped["reason"].to_list() == ["dropped:uscc"]
    assert json.loads(dropped["fields"][0]) == {"uscc": MASK}
