"""Weak organisations (软弱涣散倒排): the signs of each, and the tenth that has most of them (definitions.md, 'Weak organisations')."""

import narwhals as nw

from transforms.inputs import LINKS, REGISTERS

NEEDS = (*LINKS, *REGISTERS, "member")
FEW_MEMBERS = 3
EIGHT_HAVES = 4
# In the order in which they are named. Columns are those of table organisations; what is not known is no sign.
SIGNS: dict[str, nw.Expr] = {
    "no_secretary": ~nw.col("secretary"),
    "term_overdue": nw.col("term_over"),
    "no_meetings": nw.col("meetings") == 0,
    "few_members": (nw.col("formal_members") < FEW_MEMBERS) & nw.col("mode").is_in(["single", "joint"]),
    "eight_haves": nw.col("eight_haves") < EIGHT_HAVES,
    "irregular_members": nw.col("irregular_members") > 0,
}


def weak_orgs(period: str, organisations: nw.LazyFrame, since: dict[str, str]) -> list[tuple]:
    """Rows of table weak_orgs. `since`: org_code -> since which period it was on the last published list before."""
    signed = organisations.with_columns(**{f"sign_{name}": sign.fill_null(False) for name, sign in SIGNS.items()})
    shown = signed.select("org_code", "district_code", "park_code", "mode", "eight_haves", *(f"sign_{name}" for name in SIGNS)).collect()
    found = []
    for code, district, park, mode, haves, *flags in shown.rows():
        signs = [name for name, flag in zip(SIGNS, flags, strict=True) if flag]
        if signs:
            found.append((-len(signs), haves or 0, code, district, park, mode, ",".join(signs)))
    tenth = -(-len(shown) // 10)
    return [
        (period, rank, code, district, park, mode, signs, since.get(code, period))
        for rank, (_, _, code, district, park, mode, signs) in enumerate(sorted(found)[:tenth], start=1)
    ]
