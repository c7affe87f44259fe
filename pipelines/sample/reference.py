"""The sample city's reference files: what its office keeps itself."""

from pathlib import Path

from . import names

OWN_HEADINGS = {
    "registration": {"founded_on": "设立日期"},
    "social_org": {"name": "社团名称"},
    "tax": {"paid_yuan": "税款金额(万元)"},
    "party_org": {"term_ends_on": "任期届满日期"},
    "member": {"org_code": "支部代码"},
}
DEFAULTS = {"registration": {"status": "存续"}}
TYPE_NAMES = (("小微个体", "9500"), ("民营公司", "1130"), ("自然人独资公司", "1151"))


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{code},{name},2000-01-01,,,{x},{y},{urban}" for code, name, x, y, urban, _ in names.DISTRICTS]
    code, name, start, end, successor, _ = names.OLD_DISTRICT
    rows.append(f"{code},{name},{start},{end},{successor},,,0")
    _put(folder / "districts.csv", ["code,name,valid_from,valid_to,successor,tile_x,tile_y,is_urban", *rows])
    _put(folder / "type_names.csv", ["name,code", *(f"{name},{code}" for name, code in TYPE_NAMES)])
    _put(folder / "targets.csv", [
        "metric,sector,unit_kind,unit_code,due,value,source",
        f"org_coverage,enterprise,city,{names.CITY_CODE},2018-12,0.8,样例：市两新工委年度目标",
        f"org_coverage,social_org,city,{names.CITY_CODE},2018-12,0.8,样例：市两新工委年度目标",
        f"work_coverage,all,city,{names.CITY_CODE},2018-12,0.95,样例：市两新工委年度目标",
        "org_coverage,enterprise,district,,2018-06,0.6,样例：区县责任书",
        f"centre_rate,all,city,{names.CITY_CODE},2018-12,1,样例：园区党群服务中心计划",
    ])  # fmt: skip
    _put(folder / "settings.toml", [
        "# A made-up city: every name and code in it is invented (region 99).",
        "carry_over_months = 2", 'basis = "corroborated"', "recognition_ratio = 0.10", "", "[city]",
        f'code = "{names.CITY_CODE}"', f'name = "{names.CITY_NAME}"',
    ])  # fmt: skip
    lines = ["# No two cities export alike: this one's own headings, and what it leaves out because all rows have it."]
    for source, fields in OWN_HEADINGS.items():
        lines += ["", f"[{source}.headings]", *(f'{name} = ["{heading}"]' for name, heading in fields.items())]
    for source, fields in DEFAULTS.items():
        lines += ["", f"[{source}.defaults]", *(f'{name} = "{value}"' for name, value in fields.items())]
    _put(folder / "headings.toml", lines)


def _put(path: Path, lines: list[str]) -> None:
    path.write_bytes(("\n".join(lines) + "\n").encode())
