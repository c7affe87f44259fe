"""One source's delivery of one month: its rows shared among files, written with their faults, and recorded in the answer key.

What belongs here: which sources come in which month, how a delivery is cut into files, and what of it loads.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from data.contracts import SourceCard, sources

from . import faults, forms, layout, names, reference
from .city import City
from .key import Truth
from .ledgers import FILES, Ledgers

# Months before the last in which a source did not come: its last delivery is carried. mass_org stays away for too long once.
SILENT = {"registration": (4,), "social_org": (7, 3), "tax": (9,), "social_insurance": (5,), "party_org": (10,), "org_link": (6,),
          "member": (8, 2), "instructor": (10,), "mass_org": (9, 8, 7), "district_return": (6,)}  # fmt: skip
FAULT_SHARE = 0.0012


@dataclass
class Record:
    """What the key says of the files, growing month by month."""

    loads: list[tuple] = field(default_factory=list)
    rejected: list[tuple] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def comes(source: str, month: int, periods: list[str]) -> bool:
    last = len(periods) - 1
    if source == "survey":
        return last - month in (0, 6)
    if source == "district_return":
        return last - month not in SILENT[source]
    if month == 0:
        return True
    if source in ("funding", "recruit_quota"):
        return periods[month].endswith("-01")
    if source == "park":
        return periods[month].endswith("-12")
    return last - month not in SILENT[source]


def write(landing: Path, city: City, ledgers: Ledgers, truth: Truth, source: str, month: int, record: Record) -> list[dict]:
    """Writes the files of one delivery; returns the rows that load, as columns for the key."""
    card, period = sources()[source], city.periods[month]
    place = list(sources()).index(source)
    dice = city.dice(8, month, place)
    table = ledgers.table(source, month)
    groups = _groups(source, table, dice)
    paths = _paths(source, period, len(groups), dice)
    wanted = _wanted(card, source not in truth.loaded, [len(rows) for rows in groups], dice)
    omit = ("industry_code",) if source == "registration" and dice.random() < 0.3 else ()
    loaded, late = [], None
    for number, rows in enumerate(groups):
        own = city.dice(9, month, place, number)
        typed = ledgers.frame(source, month, {name: values[rows] for name, values in table.items() if name != "group"})
        typed = typed.drop(omit) if omit else typed
        live = source == "registration" and number == 4 and month % 3 == 1 and month < len(city.periods) - 1
        typed = _defaults(source, typed, live, own)
        again = late if number == len(groups) - 1 and late is not None else typed.clear()
        sheet = layout.wants_sheet(len(typed), own)
        headings, ten_thousand = _headings(card, typed.columns, live, own)
        style = forms.Style(sheet, own, ten_thousand, districts={row[0]: row[1] for row in names.DISTRICTS})
        cells = _cells(card, pl.concat([typed, again]) if len(again) else typed, style, headings)
        repeated = cells[len(typed) :].to_dicts()
        cells = cells[: len(typed)]
        planted = faults.plant(card, typed, cells, wanted[number], own)
        planted.rows += [{**row, "_pos": own.uniform(-0.4, len(typed)), "_out": "duplicate", "_drop": None} for row in repeated]
        if source == "tax":
            _unmatched(typed, cells, planted, truth.unmatched(typed["_unit"].to_numpy(), month, ledgers.leads.pairs))
        if number == 0 and card.key and source != "district_return":
            late = typed[np.flatnonzero(planted.keep)[3:5].tolist()]
        path = paths[number] + own.choice((".xlsx", ".xlsx", ".XLSX") if sheet else (".csv", ".csv", ".csv", ".CSV"))
        written = layout.write(landing / path, card, cells, planted, headings, sheet, period, own)
        good = _loading(typed, planted)
        took = ["status"] if source == "registration" and len(good) and ("status" not in headings or good["status"].null_count()) else []
        record.loads.append(
            (
                period,
                source,
                path,
                written.read,
                len(good),
                len(written.rejected),
                written.skipped,
                len(written.dropped),
                took,
                written.left_out,
            )
        )
        for line, reason in sorted(written.rejected + written.dropped):
            record.rejected.append((period, source, path, line, reason))
        loaded.append({name: good[name].to_numpy() for name in good.columns if name[0] == "_"})
    return loaded


def _groups(source: str, table: dict[str, np.ndarray], dice) -> list[np.ndarray]:
    group = table["group"]
    files = min(FILES.get(source, 1), max(1, len(group) // 25), int(group.max(initial=0)) + 1)
    shares = [np.flatnonzero(group % files == number) for number in range(files)]
    if source in ("registration", "member", "tax") and len(group) > 200 and dice.random() < 0.3:
        tail = shares[-1][-len(shares[-1]) // 10 :]  # a part that came later
        shares = [*shares[:-1], shares[-1][: -len(tail)], tail] if len(tail) else shares
    return shares


def _paths(source: str, period: str, count: int, dice) -> list[str]:
    called = []
    for number in range(count):
        name = (
            names.DISTRICTS[number % 10][1]
            if source in ("registration", "district_return")
            else ("全市", "城区 汇总", "县域(含市)", "其他")[number % 4]
        )
        folder = "8分局 报送/" if count > 2 and number == count - 1 else ""
        tail = "补报'二'" if folder and dice.random() < 0.5 else name
        called.append(f"{period}/{source}/{folder}{number:02d}_{tail}")
    return sorted(called)


def _wanted(card: SourceCard, first: bool, sizes: list[int], dice) -> list[list[str]]:
    """Every reason in a source's first delivery; then at a low rate, in turn."""
    reasons = faults.reasons(card, tuple(reference.DEFAULTS.get(card.name, ())))
    if first:
        # At city size the large lists have more than one of each.
        rounds = [max(1, int(FAULT_SHARE * size * len(sizes) / len(reasons))) for size in sizes]
        return [reasons[number :: len(sizes)] * rounds[number] for number in range(len(sizes))]
    found = []
    for size in sizes:
        count = int(dice.binomial(size, FAULT_SHARE)) + int(dice.random() < 0.5)
        start = int(dice.integers(0, len(reasons)))
        found.append([reasons[(start + step) % len(reasons)] for step in range(count)])
    return found


def _defaults(source: str, typed: pl.DataFrame, live: bool, dice) -> pl.DataFrame:
    """A status that all rows share need not be written: the office's default stands for it."""
    if source != "registration":
        return typed
    if live:
        return typed.filter(pl.col("_active"))
    unwritten = pl.Series(dice.random(len(typed)) < 0.002) & typed["_active"]
    return typed.with_columns(pl.when(unwritten).then(None).otherwise(pl.col("status")).alias("status"))


def _headings(card: SourceCard, columns: list[str], live: bool, dice) -> tuple[dict[str, str], bool]:
    """The heading of each field in this file, and whether amounts are in 万元."""
    chosen, ten_thousand = {}, False
    for one in card.fields:
        if one.name not in columns or (live and one.name == "status"):
            continue
        own = reference.OWN_HEADINGS.get(card.name, {}).get(one.name)
        heading = one.headings[0] if dice.random() < 0.5 else one.headings[int(dice.integers(0, len(one.headings)))]
        chosen[one.name] = own if own and dice.random() < 0.2 else heading
        ten_thousand |= chosen[one.name].endswith("(万元)")
    return chosen, ten_thousand


def _cells(card: SourceCard, typed: pl.DataFrame, style: forms.Style, headings: dict[str, str]) -> pl.DataFrame:
    columns = {}
    for one in card.fields:
        if one.name not in headings:
            continue
        text, kinds = forms.write(one, typed[one.name], style)
        columns[one.name] = text
        if kinds is not None:
            columns[f"{one.name}|k"] = pl.Series(kinds)
    return pl.DataFrame(columns)


def _unmatched(typed: pl.DataFrame, cells: pl.DataFrame, planted: faults.Planted, lost: np.ndarray) -> None:
    for place in np.flatnonzero(lost & typed["_short"].to_numpy()).tolist():
        planted.keep[place] = False
        planted.rows.append({**cells.row(place, named=True), "_pos": float(place), "_out": "taxpayer_unmatched", "_drop": None})


def _loading(typed: pl.DataFrame, planted: faults.Planted) -> pl.DataFrame:
    """The rows that load, those that lost a value among them."""
    good = typed if planted.keep.all() else typed.filter(pl.Series(planted.keep))
    if not planted.dropped:
        return good
    changed = typed[planted.dropped]
    if "_district" in changed.columns:
        changed = changed.with_columns(pl.lit(names.UNKNOWN).cast(changed.schema["_district"]).alias("_district"))
    elif "_unit" in changed.columns:
        changed = changed.with_columns(pl.lit(-1).cast(changed.schema["_unit"]).alias("_unit"))
    return pl.concat([good, changed])


def strangers(landing: Path, period: str, record: Record) -> None:
    """Files that are no deliveries: passed over in silence, or reported by name."""
    folder = landing / period / "registration"
    (folder / ".缓存.csv").write_bytes("统一社会信用代码,企业名称\n91990102MA00000000,不应读入\n".encode())
    (folder / "~$00_东岚区.xlsx").write_bytes(b"\x15lock")
    (folder / "报送说明.txt").write_bytes("本月数据已核对。\n".encode())
    (landing / period / "其他材料").mkdir(exist_ok=True)
    (landing / period / "其他材料" / "通知.csv").write_bytes("标题\n关于报送数据的通知\n".encode())
    record.strangers += [f"{period}/registration/报送说明.txt", f"{period}/其他材料"]
