"""Planted faults of rows: one of every reason that sources.md gives, with near misses beside them.

What belongs here: which faults a source can have (made from its card), and how a good row becomes a bad one. A fault is
either a row more, or (in the large lists) a true row that is lost by it, as happens in life. What findings look for
between the lists is in leads.py.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from data.contracts import SourceCard

from . import names
from .forms import TEXT, wide

# Lists so large that they lose rows; in the small ones a fault is always a row more, so that the city keeps its size.
LOSSY = ("registration", "tax", "social_insurance", "org_link", "mass_org", "instructor", "survey")
# A second row with another value: never a value that the city itself has.
CONFLICTS = {"registration": ("founded_on", "1979-05-05"), "social_org": ("founded_on", "1979-05-05"),
             "social_insurance": ("insured", "99998"),
             "party_org": ("founded_on", "1979.5.5"), "org_link": ("starts_on", "19790505"), "member": ("joined_on", "1979年5月5日"),
             "instructor": ("starts_on", "1979-05-05"), "mass_org": ("founded_on", "1979/5/5"), "park": ("approved_on", "1979-05-05"),
             "district_return": ("members", "987654"), "funding": ("amount_yuan", "7.77"), "survey": ("surveyed_on", "1979-05-05"),
             "recruit_quota": ("quota", "99998")}  # fmt: skip
_DATES = ("2017-02-30", "2017年", "坏日期", "20171301", "61000", "2017-13-01", "1.5", "2015-02-29", "2017-2-28下午", "17-02-28")
_NUMBERS = ("-5", "12-3", "1,23", "约12", "五", "1e3", ".5", "5.", "+5", "12万万", "1_000", "3O")


@dataclass
class Planted:
    """What became of a file's rows: which true rows stay, which rows come in, which loaded rows lost a value."""

    keep: np.ndarray
    rows: list[dict] = field(default_factory=list)  # cells by field, with _pos, _out and _drop
    dropped: list[int] = field(default_factory=list)


def reasons(card: SourceCard, defaults: tuple[str, ...]) -> list[str]:
    """Every reason that a row of this source can be turned away for; `dropped:` ones cost only a value."""
    found = []
    for one in card.fields:
        if one.required and one.name not in defaults:
            found.append(f"missing:{one.name}")
        if one.form == "uscc":
            found += ["uscc_length", "uscc_charset", "uscc_check", "uscc_identity"] if one.required else [f"dropped:{one.name}"]
        elif one.form == "taxpayer":
            found += ["uscc_length", "uscc_charset", "uscc_check", "taxpayer_unmatched"]
        elif one.form == "date":
            found.append(f"date:{one.name}")
        elif one.form in ("number", "whole"):
            found.append(f"number:{one.name}")
        elif one.form in ("coded", "yes_no", "type"):
            found.append(f"value:{one.name}")
        elif one.form == "district":
            found.append(f"value:{one.name}" if one.required else f"dropped:{one.name}")
    return found + (["duplicate", "key_conflict"] if card.key else [])


def plant(card: SourceCard, typed: pl.DataFrame, cells: pl.DataFrame, wanted: list[str], dice: np.random.Generator) -> Planted:
    """Breaks rows of one file, one a wanted reason."""
    rows = len(typed)
    planted = Planted(np.ones(rows, dtype=bool))
    if not rows:
        return planted
    protected = typed["_protected"].to_numpy() if "_protected" in typed.columns else np.zeros(rows, dtype=bool)
    short = typed["_short"].to_numpy() if "_short" in typed.columns else np.zeros(rows, dtype=bool)
    free = np.flatnonzero(~short)
    if not len(free):
        return planted
    # A list shorter than its faults breaks copies of some rows twice, and loses none.
    scarce = len(wanted) > len(free)
    places = dice.choice(free, len(wanted), replace=scarce)
    for place, reason in zip(places.tolist(), wanted, strict=True):
        row = cells.row(place, named=True)
        if reason in ("duplicate", "key_conflict"):
            _again(card, typed, place, row, reason, dice)
            planted.rows.append({**row, "_pos": dice.uniform(place + 0.1, rows + 0.1), "_out": reason, "_drop": None})
            continue
        kind, _, name = reason.partition(":")
        if name and name not in row:
            continue
        if reason.startswith("dropped"):
            # Only a row that has the value can lose it: where the one drawn has none, the next that does.
            able = ~protected & ~short & cells[name].is_not_null().to_numpy()
            able[[other for other in places.tolist() if other != place]] = False
            able[planted.dropped] = False
            if scarce or not able.any():
                continue
            place = place + int(np.argmax(np.roll(able, -place)))
            place, row = place % rows, cells.row(place % rows, named=True)
            planted.dropped.append(place)
            planted.keep[place] = False
            _put(row, name, dice.choice(("9901", "99010", "城关", "99-01-02")) if "district" in name else _bad_uscc("9199", dice))
            planted.rows.append({**row, "_pos": place, "_out": None, "_drop": reason, "_typed": place})
            continue
        lost = card.name in LOSSY and not protected[place] and not scarce and dice.random() < 0.5
        reason = _broken(card, row, kind, name, dice)
        planted.keep[place] &= not lost
        position = place if lost else dice.uniform(-0.4, rows)
        planted.rows.append({**row, "_pos": float(position), "_out": reason, "_drop": None})
    return planted


def _put(row: dict, name: str, text: str | None) -> None:
    row[name] = None if text is None else str(text)
    if f"{name}|k" in row:
        row[f"{name}|k"] = TEXT


def _broken(card: SourceCard, row: dict, kind: str, name: str, dice: np.random.Generator) -> str:
    """Breaks the row in place and names the reason that it will be turned away for."""
    first = card.fields[0].name
    code = next((one.name for one in card.fields if one.form in ("uscc", "taxpayer") and one.required), first)
    if kind == "missing":
        _put(row, name, dice.choice(("", "无", "—", "N/A", "NULL", "  ")))
        if "name" in row and name != "name":
            _put(row, "name", "九九样例名")  # not one that begins like a total: without its key such a row would be passed over
        return f"missing:{name}"
    if kind == "uscc_length":
        _put(row, code, dice.choice(("91990102ZZZZ", "91990102MA0000000", "91990102MA000000000", "9.1990E+17")))
    elif kind == "uscc_charset":
        _put(row, code, dice.choice(("9199010200000000IO", "91990102M-00000000", "91990102MAZ000000S")))
    elif kind == "uscc_check":
        _put(row, code, _bad_uscc("91990103MA", dice))
    elif kind == "uscc_identity":
        # A keeper's identifier in place of the unit's code: it must be masked wherever the row is kept.
        number = int(dice.integers(0, 10**6))
        identity = next(
            text for text in names.person_ids(np.arange(number, number + 9)).to_list() if names.check_character(text[:17]) != text[17]
        )
        _put(row, code, identity)
        return "uscc_check"
    elif kind == "taxpayer_unmatched":
        _put(row, code, f"9901{dice.integers(10, 99)}{dice.integers(10**8, 10**9)}")
    elif kind == "date":
        _put(row, name, dice.choice(_DATES))
        return f"date:{name}"
    elif kind == "number":
        form = next(one for one in card.fields if one.name == name)
        bad = _NUMBERS if form.form == "number" else (*_NUMBERS, "12.5")
        bad = bad if form.maximum is None else (*bad[:3], str(form.maximum + 1))
        _put(row, name, dice.choice(bad))
        return f"number:{name}"
    elif kind == "value":
        forms = {"type": ("9999", "12", "无此类型", "企业"), "district": ("9901", "城关镇", "99-0102"), "yes_no": ("不详", "Yes", "2")}
        form = next(one.form for one in card.fields if one.name == name)
        _put(row, name, dice.choice(forms.get(form, ("其他类", "待定", "99"))))
        return f"value:{name}"
    return kind


def _bad_uscc(start: str, dice: np.random.Generator) -> str:
    body = start + "".join(dice.choice(list(names.BASE), 17 - len(start)))
    right = names.check_character(body)
    return body + names.BASE[(names.BASE.index(right) + int(dice.integers(1, 31))) % 31]


def _again(card: SourceCard, typed: pl.DataFrame, place: int, row: dict, reason: str, dice: np.random.Generator) -> None:
    """The same key once more: written otherwise but equal, or with another value."""
    for name in card.key:
        if card.field(name).form in ("uscc", "code", "person") and row[name] is not None:
            text = row[name].strip()
            _put(row, name, dice.choice((text.lower(), wide(text), f" {text} ", text)))
    if reason == "key_conflict":
        _put(row, *CONFLICTS[card.name])
    elif "_keeper" in typed.columns and typed["_keeper"][place]:
        _put(row, "name", "九九某记另写其名")  # the name of a self-employed unit is not compared
