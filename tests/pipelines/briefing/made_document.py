"""Made-up briefings: one as a month has it, one whose names want to be markup, formulas and right to left, one that says nothing."""

from fractions import Fraction

from data.figures import Figure
from pipelines.briefing.document import (
    Bar,
    Bars,
    Beside,
    Cell,
    Document,
    Items,
    Ledger,
    Lines,
    Paragraph,
    Run,
    Section,
    Sentence,
    Series,
    Step,
    Table,
)
from transforms import show
from transforms.claims.claim import Claim, LeftOut, Quoted, Subject

PERIOD, REVISION, CITY = "2017-12", "r01", "980100"
MONTHS = ("16.12", *(f"17.{month:02}" for month in range(1, 13)))
HOSTILE = (
    "#set page(width: 1pt)",
    "$x^2$ \\ \" ' * _ ` @foo <w:t>名称</w:t> &amp; ]]>",
    '=HYPERLINK("http://example.invalid","开")',
    "+cmd|' /C calc'!A0",
    "上下\u0000\u0007\u001b\u200b\u202e倒写\u2066\uffff\ud800尾",
    "شركة 82 مدينة",
    "第一行\n第二行\t制表",
    "长" * 500,
    "W" * 500,
    "𠮷野家（𪚥龘）有限公司🏢",
)


def quoted(n: int, d: int, metric: str = "org_coverage", kind: str = "city", code: str = CITY, period: str = PERIOD) -> Quoted:
    key = ("verified", kind, code, "all", metric)
    return Quoted(period, REVISION, "metrics", key, None, Figure(n, d, n / d if d else None, None if d else "no_denominator"))


def subject(metric: str = "org_coverage", kind: str = "city", code: str = CITY) -> Subject:
    return Subject(metric, "all", "verified", kind, code, PERIOD, REVISION)


def sentence(name: str, text: str, *figures: Quoted, test: str = "published") -> Sentence:
    """`text` with {0}, {1} … where the figures stand; the code follows its figure."""
    runs, rest = [], text
    for number, figure in enumerate(figures):
        before, _, rest = rest.partition(f"{{{number}}}")
        runs += [Run(before)] if before else []
        runs.append(Run(f"{show.figure(figure.figure)}（{show.n_of_n(figure.figure)}）", figure.code))
    first = figures[0].key if figures else None
    about = subject(first[4], first[1], first[2]) if first else subject()
    return Sentence(Claim(name, about, test, dict(zip("abcdef", figures, strict=False))), (*runs, Run(rest)))


def rate(figure: Quoted) -> Cell:
    return Cell(show.figure(figure.figure), show.n_of_n(figure.figure), figure.code, figure.figure.value, "rate", "n_of_n")


def points(tenths: int) -> Cell:
    return Cell(show.points(Fraction(tenths, 1000)), value=tenths / 10, format="points")


def units(number: int) -> Cell:
    return Cell(show.count(number), value=number, format="count")


def headline() -> Table:
    rows = []
    for name, metric, n in (
        ("组织覆盖率", "org_coverage", 11876),
        ("工作覆盖率", "work_coverage", 15102),
        ("单独组建率", "single_rate", 7240),
        ("规模以上企业覆盖率", "scale_coverage", 1874),
    ):
        d = 1902 if metric == "scale_coverage" else 15833
        then = (quoted(n - 61, d - 20, metric, period="2017-11"), quoted(n - 903, d - 410, metric, period="2016-12"))
        rows.append(
            (Cell(name), rate(quoted(n, d, metric)), rate(then[0]), points(4), rate(then[1]), points(41), units(max(0, d * 8 // 10 - n)))
        )
    heads = ("指标", "本月", "上月", "较上月（个百分点）", "上年同月", "较上年（个百分点）", "距目标（家）")
    return Table("headline", "主要指标", heads, tuple(rows), "lrrrrrr", "注：率下为 n/N；灰色小字为数字编码，可用 liangxin explain 打开。")


def movers() -> Table:
    rows = []
    for number, (name, shift) in enumerate(
        (("东湖区", 21), ("江北新区", 17), ("南岸区", 12), ("西山区", -8), ("临港区", -11), ("老城区", -19))
    ):
        now = quoted(1200 + shift * 3, 1600, kind="district", code=f"98010{number + 1}")
        rows.append((Cell(name), rate(now), points(shift), units(40 + shift), units(22), units(9), units(7), Cell("新覆盖多于失去")))
    heads = ("区县", "本月", "变化（个百分点）", "新覆盖", "失去", "新进名单", "退出名单", "主要原因")
    return Table("movers", "升降前三位的区县及其构成", heads, tuple(rows), "lrrrrrrl")


def targets() -> Table:
    rows = [
        (Cell(name), Cell(due), rate(quoted(n, 15833, metric)), Cell("80.0%", value=0.8, format="rate"), units(missing), units(pace))
        for name, due, metric, n, missing, pace in (
            ("组织覆盖率", "2018年6月", "org_coverage", 11876, 791, 132),
            ("工作覆盖率", "2018年12月", "work_coverage", 15102, 0, 0),
            ("单独组建率", "2018年12月", "single_rate", 7240, 677, 57),
        )
    ]
    return Table("targets", "目标进度", ("目标", "期限", "现值", "目标值", "尚缺（家）", "每月需增（家）"), tuple(rows), "llrrrr")


def lines() -> Lines:
    org = (0.7085, 0.711, 0.7131, 0.7152, 0.7178, 0.7203, None, 0.7261, 0.7302, 0.734, 0.7391, 0.7462, 0.7501)
    work = (0.921, 0.924, 0.9255, 0.9261, 0.929, 0.931, 0.934, 0.937, 0.9401, 0.9433, 0.9472, 0.951, 0.9538)
    alone = (0.412, 0.4133, 0.415, 0.418, 0.42, 0.4231, 0.428, 0.431, 0.436, 0.44, 0.4461, 0.4519, 0.4573)
    series = (Series("工作覆盖率", work), Series("组织覆盖率", org), Series("单独组建率", alone))
    alt = "折线图：三项率十三个月的走势，组织覆盖率由 70.9% 升至 75.0%。"
    return Lines("rates", "近十三个月的三项率", alt, MONTHS, series)


def ledger() -> Ledger:
    steps = (
        Step("2016年12月", 0, 10973, "total", "10,973"),
        Step("新覆盖", 10973, 812, "plus", "+812"),
        Step("新进且已覆盖", 11785, 420, "plus", "+420"),
        Step("失去覆盖", 12205, -117, "minus", "−117"),
        Step("退出名单", 12088, -212, "minus", "−212"),
        Step("2017年12月", 0, 11876, "total", "11,876"),
    )
    return Ledger("doubling", "覆盖单位一年来的增减（家）", "台阶图：由 10,973 家到 11,876 家，新覆盖 812 家，退出 212 家。", steps)


def bars() -> Bars:
    found = []
    for number, name in enumerate(("东湖区", "江北新区", "南岸区", "西山区", "临港区", "老城区", "高新区", "未来科技城管理区")):
        value = 0.83 - 0.021 * number
        found.append(Bar(name, value, value - 0.018, value + 0.017, f"{value * 100:.1f}%"))
    found.append(Bar("生态岛", None, None, None, "…"))
    return Bars("places", "各区县组织覆盖率及偶然波动范围", "点线图：东湖区最高，老城区以下低于全市。", tuple(found), 0.7501, "全市 75.0%")


def month(lang: str = "zh", classification: str = "内部资料　注意保存") -> Document:
    org, before = quoted(11876, 15833), quoted(11815, 15813, period="2017-11")
    work, alone = quoted(15102, 15833, "work_coverage"), quoted(7240, 15833, "single_rate")
    east, old = quoted(1263, 1600, kind="district", code="980101"), quoted(1143, 1600, kind="district", code="980106")
    sections = (
        Section(
            "standing",
            "总体情况",
            (
                Paragraph(
                    (
                        sentence("level", "12月末，全市两新组织的组织覆盖率为{0}，工作覆盖率为{1}。", org, work),
                        sentence("rose", "组织覆盖率比上月的{0}上升0.3个百分点，超出偶然波动。", before, test="moved"),
                        sentence("alone", "单独组建率为{0}。", alone),
                    )
                ),
                headline(),
                Beside(lines(), ledger()),
            ),
            (
                LeftOut("sectors", subject("work_coverage"), "noise", (work,)),
                LeftOut("resident", subject("resident_coverage"), "missing:source_missing:social_insurance"),
                LeftOut("year_moved", subject(), "unpublished:2016-11"),
            ),
        ),
        Section(
            "doubling",
            "“双翻番”进展",
            (
                Paragraph(
                    (
                        sentence("leg", "与2016年末相比，已建立党组织的非公企业为基数的1.58倍，数量尚未翻番。", test="counted"),
                        sentence("ledger", "其中新覆盖812家，失去覆盖117家；新建的以联合组建为主。", test="counted"),
                    )
                ),
            ),
            (LeftOut("leg_rate", subject(), "contradicted:registered", (org,)),),
        ),
        Section(
            "movers",
            "升降与原因",
            (
                Paragraph(
                    (
                        sentence("up", "东湖区升幅最大，现为{0}，主要是新覆盖61家。", east, test="moved"),
                        sentence("why", "分子增加，分母变化不大。", test="counted"),
                    ),
                    "上升的",
                ),
                Paragraph(
                    (
                        sentence("down", "老城区降幅最大，现为{0}，主要是已覆盖单位退出名单。", old, test="moved"),
                        sentence("why", "分母缩小抵消了一部分降幅。", test="counted"),
                    ),
                    "下降的",
                ),
                movers(),
            ),
        ),
        Section(
            "goals",
            "距目标还差多少",
            (
                Paragraph(
                    (
                        sentence("goal", "距2018年6月的80%还差791家，按近三月的速度每月增加61家，到期尚差425家。", test="counted"),
                        sentence("goal", "工作覆盖率已达到目标，三种口径下结论一致。", test="holds"),
                    )
                ),
                targets(),
            ),
        ),
        Section(
            "findings",
            "核查线索",
            (
                Paragraph(
                    (
                        sentence("opened", "本月新增线索143条，消除97条，月末存量1,208条，其中应整改的316条。", test="counted"),
                        sentence("overdue", "逾期未答复的58条，集中在老城区、临港区。", test="counted"),
                        sentence("lists", "工作清单上现有单位3,957家，比上月减少44家。", test="counted"),
                    )
                ),
            ),
            (LeftOut("answers", subject(""), "none"),),
        ),
        Section(
            "certainty",
            "数字的可靠程度",
            (
                Paragraph(
                    (
                        sentence("carried", "社会保险数据未到，沿用11月的；与之有关的是参保人数和印证口径的底数。", test="counted"),
                        sentence("bases", "按登记口径组织覆盖率为{0}，全市所处的位置不变。", quoted(11901, 19584), test="holds"),
                        sentence("revised", "上次引用的11月组织覆盖率为74.9%，现为{0}，原因是西山区重报了党组织台账。", before),
                    )
                ),
            ),
            (
                LeftOut("small", subject("member_rate", "park", "980101A01"), "suppressed"),
                LeftOut("p", subject("", "park", "980101A02"), "small"),
            ),
        ),
        Section(
            "steps",
            "下一步",
            (
                Items(
                    (
                        sentence("step", "请市人力资源社会保障局补送12月社会保险数据。", test="counted"),
                        sentence("step", "请老城区、临港区在1月底前答复逾期线索58条。", test="counted"),
                        sentence("step", "对“有党员未建组织”清单上满六个月的212家单位逐一走访。", test="counted"),
                    )
                ),
            ),
        ),
    )
    return Document(
        kind="month",
        period=PERIOD,
        revision=REVISION,
        lang=lang,
        over="示例市两新组织党建工作办公室",
        title="示例市两新组织党建工作月统计",
        under="数据截至2017年12月31日　依据发布版 2017-12 r01　双重印证口径（签批）",
        foot="依据发布版 2017-12 r01（程序 0.1.0，口径 1.4）",
        classification=classification,
        sections=sections,
        notes=("— 不适用（分母为零）；… 无数据；x 数目过小已隐去；0 为真正的零。", "率保留一位小数，四舍五入；变化按未取舍的数计算。"),
        sheets=(Table("more", "各区县明细", ("区县", "组织覆盖率"), ((Cell("东湖区"), rate(east)), (Cell("老城区"), rate(old))), "lr"),),
    )


def english() -> Document:
    """A short one in English."""
    org = quoted(11876, 15833)
    said = sentence("level", "At the end of December organisations covered {0} of the city's units.", org)
    table = Table("headline", "Headline figures", ("Metric", "This month"), ((Cell("Organisation coverage"), rate(org)),), "lr")
    section = Section(
        "standing", "Where we stand", (Paragraph((said,), "Coverage"), table, Items((said, said))), (LeftOut("x", subject(), "noise"),)
    )
    under, foot = "Data as of 2017-12-31, release 2017-12 r01", "Release 2017-12 r01"
    return Document("month", PERIOD, REVISION, "en", "Office of Example City", "Monthly statistics", under, foot, "", (section,))


def hostile() -> Document:
    """Everywhere that a name may stand, one that wants to be something else."""
    names = HOSTILE
    table = Table(
        names[2],
        names[0],
        tuple(names[:4]),
        tuple(
            (Cell(name, name[:60], "201712.1-7KQM2X9P"), Cell(name), Cell(name[:40]), Cell("1", value=1, format="count")) for name in names
        ),
        "llcr",
        names[1],
    )
    drawn = Bars("b", names[1], names[4], tuple(Bar(name, 0.5, 0.4, 0.6, name[:20]) for name in names), 0.55, names[5])
    steps = tuple(Step(name, 0, 5, "total", name[:20]) for name in names[:4])
    runs = tuple(Sentence(Claim(name[:20], subject(), "published"), (Run(name, "201712.1-7KQM2X9P"), Run("。"))) for name in names)
    blocks = (
        Paragraph(runs, names[0]),
        Items(runs),
        table,
        Beside(drawn, Ledger("l", names[3], names[2], steps)),
        Lines(
            "n",
            names[0],
            names[1],
            MONTHS,
            (Series(names[7], (0.1,) * 13), Series(names[8], (0.1, *(None,) * 12)), Series(names[1], (None,) * 13)),
        ),
    )
    left = (LeftOut(names[2], subject(names[3], "park", names[0]), f"contradicted:{names[2]}"), LeftOut("n", subject(), names[2]))
    sections = tuple(Section(name[:40], name, blocks if number == 0 else (), left, name) for number, name in enumerate(names))
    return Document(
        "half_year",
        PERIOD,
        REVISION,
        "zh",
        names[4],
        names[1],
        names[5],
        names[0],
        names[2][:20],
        sections,
        names,
        (table, table),
        units=True,
    )


def empty() -> Document:
    """A city in which everything is missing: headings, and why nothing stands beneath them."""
    sections = tuple(
        Section(each.name, each.title, (), (LeftOut("level", subject(), "missing:absent"),), "登记数据未到，本节没有可以引用的数字。")
        for each in month().sections
    )
    made = month(classification="")
    return Document("month", PERIOD, REVISION, "zh", made.over, made.title, made.under, made.foot, "", sections)


def long() -> Document:
    """A checklist that runs over pages, with units in it."""
    made = month()
    rows = tuple(
        (Cell("□"), Cell(f"示例{number}号有限公司"), Cell(f"9198010{number:011}"), Cell("登记在而党组织台账无")) for number in range(120)
    )
    table = Table("visits", "实地查看清单", ("查看", "单位", "统一社会信用代码", "看什么"), rows, "clll", widths=(1, 4, 4, 4))
    sections = (Section("visits", "到哪里看", (table, bars())),)
    return Document(
        "half_year", PERIOD, REVISION, "zh", made.over, "示例市两新组织党建工作半年督查", made.under, made.foot, "", sections, units=True
    )
