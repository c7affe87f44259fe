"""Which row is the header, and which column is which field (sources.md rule 2; an office's own headings)."""

from dataclasses import dataclass

from data.contracts import SourceCard
from data.home import Headings, fold_name
from data.personal_numbers import mask_numbers
from pipelines.reading.tables import TextTable

NO_HEADINGS = Headings({}, {})


@dataclass(frozen=True)
class Header:
    """index: the row, 0-based. columns: field -> place of its column. times_10_000: fields whose heading ends in (万元).
    left_out: the headings that are no field's, as written."""

    index: int
    width: int
    columns: dict[str, int]
    times_10_000: frozenset[str]
    left_out: tuple[str, ...]


def find_header(table: TextTable, card: SourceCard, own: Headings = NO_HEADINGS) -> Header | tuple[str, ...]:
    """The header, or else what the row that comes nearest to one lacks: the first heading of each missing field."""
    nearest = tuple(field.headings[0] for field in card.fields if field.required and field.name not in own.defaults)
    for index, (_, cells) in enumerate(table.head):
        folded = [fold_name(cell) for cell in cells]
        columns = {
            field.name: place
            for field in card.fields
            if (place := _place(folded, (*field.headings, *own.headings.get(field.name, ())))) is not None
        }
        missing = tuple(
            field.headings[0] for field in card.fields if field.required and field.name not in columns and field.name not in own.defaults
        )
        if columns and not missing:
            taken = set(columns.values())
            left_out = tuple(mask_numbers(cell) for place, cell in enumerate(cells) if place not in taken and folded[place])
            times = frozenset(name for name, place in columns.items() if folded[place].endswith("(万元)"))
            return Header(index, len(cells), columns, times, left_out)
        nearest = min(nearest, missing, key=len)
    return nearest


def _place(folded: list[str], headings: tuple[str, ...]) -> int | None:
    """The first heading in the card's order that stands there, at its leftmost place."""
    for heading in headings:
        if (wanted := fold_name(heading)) in folded:
            return folded.index(wanted)
    return None
