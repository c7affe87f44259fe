"""What the rules find of what a sample city hides: recall, near misses and precision, rule by rule. `python -m bench.detection --home DIR`

The home must hold a sample city that has been run. What it cannot hold, for such a city would not publish, is planted in a copy: a file
without a header, and one that is taken away. Precision is measured against the oracle (bench/oracle.py), which reads the same rows.
"""

import argparse
import csv
import os
import shutil
import subprocess
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bench.oracle import NEEDS, findings
from bench.oracle_home import months_of, published
from bench.timing import LIANGXIN
from data.home import Home
from pipelines.reading.pseudonyms import pseudonym_maker

HEADER_AT_MOST = 20
INSTRUCTOR = "指导员编号,联系单位统一社会信用代码,起始日期"
# Lists in which a file less leaves the month fit to publish.
SAFE = ("mass_org", "social_insurance", "tax", "survey", "registration")
Subject = tuple[str, str, str]  # period, rule, subject


@dataclass
class Detection:
    """What was planted, what lies beside it, what was published, and what the oracle found."""

    planted: set[Subject] = field(default_factory=set)
    near: set[Subject] = field(default_factory=set)
    published: set[Subject] = field(default_factory=set)
    oracle: set[Subject] = field(default_factory=set)
    places_differ: int = 0

    def add(self, other: "Detection") -> None:
        self.planted |= other.planted
        self.near |= other.near
        self.published |= other.published
        self.oracle |= other.oracle
        self.places_differ += other.places_differ


def of_home(home: Home, planted: set[Subject], near: set[Subject], rules: set[str] | None = None) -> Detection:
    """All published periods of a home (of some rules alone, where they are named)."""
    found = Detection(planted, near)
    for period, month in months_of(home).items():
        (theirs, _), (ours, _) = published(home, period), findings(month)
        found.published |= {(period, rule, subject) for rule, subject, *_ in theirs if rules is None or rule in rules}
        found.oracle |= {(period, rule, subject) for rule, subject, *_ in ours if rules is None or rule in rules}
        found.places_differ += len({row[:2] for row in theirs - ours} & {row[:2] for row in ours})
    return found


def key_of(home: Home, name: str) -> set[Subject]:
    """A table of the answer key. It names members by the number in the files, releases by their pseudonym."""
    pseudonym = pseudonym_maker(home)
    with (home.path / "answer_key" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["period"], row["rule"], pseudonym(row["subject"]) if row["subject_kind"] == "member" else row["subject"]) for row in rows}


def in_a_copy(home: Home, folder: Path) -> Detection:
    """The two cases of files, in a copy whose last month is run again: a header in the 21st row, and a file that is gone."""
    copy = Home(shutil.copytree(home.path, folder / "home"))
    period = max(path.name for path in copy.landing.iterdir() if path.is_dir())
    late = _late_header(copy, period, HEADER_AT_MOST + 1)
    in_time = _late_header(copy, period, HEADER_AT_MOST)
    gone, restated = _two_files(copy, period)
    (copy.landing / gone).unlink()
    with (copy.landing / restated).open("ab") as file:
        file.write(b"\n\n")  # the path holds other bytes now, and is there
    command = [*LIANGXIN, "run", "--home", str(copy.path), "--period", period, "--allow-incomplete"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONUTF8": "1"})
    if done.returncode:
        raise SystemExit(f"the copy could not be run:\n{done.stdout[-500:]}{done.stderr[-500:]}")

    def subjects(rule: str, path: str) -> set[Subject]:
        return {(period, rule, f"{path.split('/')[1]}|{path}")}

    return of_home(
        copy,
        subjects("file_refused", late) | subjects("delivery_withdrawn", gone),
        subjects("file_refused", in_time) | subjects("delivery_withdrawn", restated),
        {"file_refused", "delivery_withdrawn"},
    )


def _late_header(home: Home, period: str, row: int) -> str:
    path = f"{period}/instructor/表头在第{row}行.csv"
    lines = [f"说明第 {number} 行" for number in range(1, row)] + [INSTRUCTOR, f"样例{row},无,2017-01-01"]
    (home.landing / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _two_files(home: Home, period: str) -> tuple[str, str]:
    """Two text files of the month, one source's: the first of the first source that has two."""
    for source in sorted((home.landing / period).iterdir()):
        files = sorted(path for path in source.rglob("[!.]*") if path.suffix.lower() == ".csv") if source.name in SAFE else []
        if len(files) > 1:
            return tuple(path.relative_to(home.landing).as_posix() for path in files[:2])
    raise SystemExit("no source of the last month has two text files")


def table(found: Detection) -> str:
    """A line a rule, and the sum."""
    lines = [
        "| rule | planted | found | near misses | silent | published | by the oracle too | oracle | published too |",
        "|---|" + "--:|" * 8,
    ]
    sums = Counter()
    by_rule = {name: defaultdict(set) for name in ("planted", "near", "published", "oracle")}
    for name, rules in by_rule.items():
        for subject in getattr(found, name):
            rules[subject[1]].add(subject)
    for rule in NEEDS:
        planted, near, theirs, ours = (by_rule[name][rule] for name in ("planted", "near", "published", "oracle"))
        counts = [len(planted), len(planted & theirs), len(near), len(near - theirs)]
        counts += [len(theirs), len(theirs & ours), len(ours), len(ours & theirs)]
        sums.update(dict(enumerate(counts)))
        lines.append(f"| {rule} | " + " | ".join(f"{count:,}" for count in counts) + " |")
    lines.append("| all | " + " | ".join(f"{sums[place]:,}" for place in range(8)) + " |")
    return "\n".join(lines)


def without_a_case(found: Detection) -> tuple[list[str], list[str]]:
    """(rules without a planted case, rules without a near miss)."""
    return tuple([rule for rule in NEEDS if rule not in {subject[1] for subject in subjects}] for subjects in (found.planted, found.near))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    home = Home(options.parse_args().home)
    found = of_home(home, key_of(home, "planted_findings"), key_of(home, "near_misses"))
    with tempfile.TemporaryDirectory() as folder:
        found.add(in_a_copy(home, Path(folder)))
    print(table(found))
    planted, near = without_a_case(found)
    print(f"\nrules without a planted case: {', '.join(planted) or 'none'}; without a near miss: {', '.join(near) or 'none'}")
    print(f"findings of both whose district or park differ: {found.places_differ}")
    for name, lost in (("planted, not found", found.planted - found.published), ("near misses that fired", found.near & found.published)):
        print(f"{name}: {len(lost)}", *(f"  {' '.join(subject)}" for subject in sorted(lost)), sep="\n")


if __name__ == "__main__":
    main()
