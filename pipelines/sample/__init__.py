"""The sample city: a made-up city's landing and reference files, in every form that the contract allows, with an answer key.

`write_sample` is all that the rest of the program knows of it. Modules: names (invented names and codes), city and party
(the world and its history), ledgers and lists (what offices write down), leads and org_cases (planted cases between the
lists), faults (broken rows), forms (odd writings), layout, files and workbooks (a file as it arrives), delivery (a source's
month), key and answers (what must come out), reference (the office's own files), cells (columns that several ledgers share).
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from data.contracts import sources
from data.home import HomeUnfit
from data.language import words

from . import answers, city, delivery, leads, party, reference
from .key import Truth
from .ledgers import Ledgers

SAMPLE_UNITS, SAMPLE_MONTHS = 196_000, 13


def write_sample(
    home_path: Path, units: int = SAMPLE_UNITS, months: int = SAMPLE_MONTHS, seed: int = 1, say: Callable[[str], None] = lambda text: None
) -> dict:
    """Writes landing/, reference/ and answer_key/ of a home; returns what was written, in numbers.

    `units` is the number of market units in the last month; all else is in proportion, with least sizes for very small cities.
    """
    home = Path(home_path)
    if (home / "landing").is_dir() and any((home / "landing").iterdir()):
        # Two cities in one landing folder would be one that nobody made; and what lies there may be somebody's real data.
        raise HomeUnfit(
            "landing/ already holds files: a sample city goes only into a home without any. Choose another --home, or move them away."
        )
    world = city.build(units, months, seed)
    planter = leads.Planter(world)
    planter.before_life()
    life = party.build(world)
    planter.after_life(life)
    ledgers, truth, record = Ledgers(world, life, planter.leads), Truth(world), delivery.Record()
    reference.write(home / "reference")
    key = answers.Key(home / "answer_key", world, planter.leads)
    landing = home / "landing"
    for month, period in enumerate(world.periods):
        before = len(record.loads)
        for source in sources():
            if source != "district_return" and delivery.comes(source, month, world.periods):
                _deliver(landing, world, ledgers, truth, source, month, record)
        # Returns come last: an honest district reports what the other lists hold.
        unit = truth.month(month)
        people, members = truth.members(month)
        ledgers.figures = truth.for_returns(unit, members)
        if delivery.comes("district_return", month, world.periods):
            rows = _deliver(landing, world, ledgers, truth, "district_return", month, record)
            key.returns(period, rows, ledgers.figures)
        key.figures(month, truth, unit, people, members)
        rows = sum(load[3] for load in record.loads[before:])
        say(
            words(
                f"{period}：{len(record.loads) - before} 个文件，{rows:,} 行",
                f"{period}: {len(record.loads) - before} files, {rows:,} rows",
            )
        )
    delivery.strangers(landing, world.periods[-1], record)
    return key.close(record, units, months, seed)


def _deliver(landing, world, ledgers, truth, source, month, record) -> dict[str, np.ndarray]:
    parts = delivery.write(landing, world, ledgers, truth, source, month, record)
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    truth.deliver(source, month, joined)
    return joined
