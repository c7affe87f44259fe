"""Whether a district moved because rows of its own files were lost, and not because its units went.

What belongs here: the files of a district that say who is a work object, in two months beside each other, and what its move would be had
the units stayed whose rows were lost. A file that was not handed in, or whose rows did not load, takes units out of the base, and a rate
may rise by that alone (docs/methods/claims.md).
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from data.picture import Picture
from transforms.claims import judging
from transforms.claims.chance import more_than_its_share
from transforms.claims.facts import Facts
from transforms.claims.then import earlier_codes
from transforms.measures.entity import basis_needs
from transforms.measures.figures import Unit
from transforms.own_files import districts_by_file
from transforms.quality import Rows

# Of the rows that there were. Files are put together and parted; below it, rows that are fewer by that are units that went.
MANY = Fraction(1, 20)
Own = Mapping[tuple[str | None, str], Rows]  # (district, source) -> the rows of the files that are its own; None: of files of several


def rests_on(row: Mapping, lost: int) -> bool:
    """Whether a move is none, or one the other way, had as many of the units that went stayed as rows were lost: of a rise those without
    an organisation, of a fall the covered ones. row: a ledger as table doubling has it, that moved."""
    went = row["exited_covered"] if _change(row) < 0 else row["exited"] - row["exited_covered"]
    stayed = min(lost, went)
    covered = stayed if _change(row) < 0 else 0
    back = {"exited": -stayed, "exited_covered": -covered, "d1": stayed, "n1": covered}
    kept = dict(row) | {name: row[name] + more for name, more in back.items()}
    return judging.moved(kept, judging.PICKED) is not None or judging.sign(_change(kept)) != judging.sign(_change(row))


def _change(row: Mapping) -> int:
    """Whole numbers with the sign of what the rate did."""
    return row["n1"] * row["d0"] - row["n0"] * row["d1"]


def lost_rows(facts: Facts, code: str, then: Picture) -> int:
    """How many rows that say who is a work object the district's own files had then and have not now: of files that are not there any
    more, where that took many; or rejected beyond the share of then, where clearly more were."""
    return sum(_lost(facts, code, then))


def _lost(facts: Facts, code: str, then: Picture) -> Iterator[int]:
    before, now = own_rows(then), own_rows(facts.now)
    codes = earlier_codes(facts, "district", then).get(code, [])
    for source in sorted(basis_needs(facts.basis, Unit("district", code, ""), "all")):
        if any(source in picture.manifest.get("carried", {}) for picture in (facts.now, then)):
            continue  # the rows in effect are those of another month's files, which neither of both releases counts
        old, new = sum((before.get((each, source), Rows()) for each in codes), Rows()), now.get((code, source), Rows())
        shared = [each.get((None, source), Rows()).files for each in (before, now)]
        gone = _loaded(old) - _loaded(new)
        # Were there a further file of several districts, its rows may have come in that.
        if new.files < old.files and shared[1] <= shared[0] and gone > MANY * _loaded(old):
            yield gone
        elif more_than_its_share(new.rejected, old.rejected + new.rejected, new.rows, old.rows + new.rows):
            yield new.rejected - int(Fraction(old.rejected * new.rows, old.rows) + Fraction(1, 2))  # half up: what the share of then gives


def _loaded(rows: Rows) -> int:
    return rows.rows - rows.rejected


# Both months are looked at once for all districts.
@lru_cache(maxsize=4)
def own_rows(picture: Picture) -> Own:
    """The rows of a month's own files, by district and source. One that was refused, or whose rows were
    all rejected, speaks of nobody: it is no district's, and not there."""
    found: dict[tuple[str | None, str], Rows] = {}
    of = districts_by_file(picture.release)
    for load in picture.loads.to_dicts():
        if load["period"] == picture.period and load["refused"] is None and load["rows_loaded"]:
            rejected, key = load["rows_rejected"] or 0, (of.get(load["path"]), load["source"])
            found[key] = found.get(key, Rows()) + Rows(rejected, rejected + load["rows_loaded"], 1)
    return found
