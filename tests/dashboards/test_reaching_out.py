"""Nobody is given what lies outside their area, or names where they are given figures, whatever they write into an address or a box.

Every page is asked by web socket as a browser asks it, signed in through a real provider, with addresses and boxes that name what is
somebody else's; everything that the server sends (pages, pictures, boxes to choose from, files) is searched for anything of others.
"""

import asyncio
import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from bench.session import Tab
from dashboards import addresses, opened
from data.releases import open_release
from tests.dashboards.releases_fixture import PERIODS
from tests.provider import OF_THE_CITY, people

__all__ = ["people"]
OWN, OTHER = "980104", "980105"
OWN_PARK, OTHER_PARK = "P98-02", "P98-03"
NOW, BEFORE = "2017-12", "2017-11"  # the parks are there in November alone


class Searched(Tab):
    """A tab that keeps all that was sent to it."""

    def __init__(self, people, cookies):
        host, port = people.url.removeprefix("http://").split(":")
        super().__init__(host, int(port), cookies)
        self.heard: list[bytes] = []

    async def _next(self):
        data = await self.socket.recv()
        self.heard.append(data)
        # What it refers to by hash was sent to this very tab before.
        return await super()._next_of(data)

    @property
    def text(self) -> str:
        """All of it, with what JSON escapes as it is read."""
        said = b"\n".join(self.heard).decode("utf-8", "ignore")
        return said + re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), said)


def run(asked):
    """In a thread of its own: Playwright keeps a loop running in the tests'."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


def unzipped(body: bytes) -> str:
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "ignore")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(
            unzipped(archive.read(name)) if name.endswith((".xlsx", ".zip")) else _xml(archive.read(name)) for name in archive.namelist()
        )


def _xml(data: bytes) -> str:
    return data.decode("utf-8", "ignore")


def figures_of(home, period: str, code: str) -> str:
    """The code of a figure of a place, as anybody might have been sent it."""
    release = open_release(home, period)
    rows = release.table("metrics").filter(pl.col("unit_code") == code, pl.col("metric") == "org_coverage").head(1)
    return opened.row_codes(release, "metrics", rows)[0]


def forged(home, period: str) -> list[str]:
    """Addresses that name what is another's: places, units, findings, figures, files."""
    release = open_release(home, period)
    unit = release.table("census").filter(pl.col("district_code") == OTHER, pl.col("corroborated"))["uscc"][0]
    finding = release.table("findings").filter(pl.col("district_code") == OTHER)["fingerprint"][0]
    place = f"district={OTHER}&park={OTHER_PARK}&unit=district-{OTHER}&uscc={unit}&subject={unit}&id={finding}&area=district-{OTHER}"
    place += "&edition=half_year-r01-1-zh"
    return [
        f"period={period}&{place}&code={figures_of(home, period, OTHER)}",
        f"period={period}&{place}&code={figures_of(home, period, '980100')}&side=numerator&list=due_single&move=lost",
    ]


async def gather(people, cookies: dict, addresses_of: list[str], values: tuple[str, ...]) -> tuple[str, list[str]]:
    """Opens every page at these addresses, sets every box to every value, takes every file: all that came, and what went wrong."""
    heard, faults = [], []
    for name in addresses.PAGES:
        # One address names all; a figure is of one place at a time.
        for query in addresses_of if name == "figure" else addresses_of[:1]:
            tab = Searched(people, cookies)
            answer = await tab.open("" if name == addresses.PAGES[0] else name, query)
            faults += [f"{name}: {each}" for each in answer.faults]
            for button in answer.files:
                heard.append(unzipped((await tab.take(button)).body))
            for key, box in answer.boxes.items():
                if key.removeprefix("choose_") in ("district", "park", "unit", "area", "subject", "uscc", "id", "code"):
                    for value in values:
                        await tab.choose(box, value)
            heard.append(tab.text)
            await tab.close()
    return "\n".join(heard), faults


def belongings(home, theirs: pl.Expr) -> set[str]:
    """Codes and names of units, organisations and findings of some rows, over all periods; but for what a reader of the rest is given too:
    a unit that has moved, a name that two bear, an organisation of units in two districts that a lead of the own tells of."""
    of, rest = set(), set()
    for period in PERIODS:
        release = open_release(home, period)
        for table, columns in {
            "census": ("uscc", "name"),
            "organisations": ("org_code", "name"),
            "findings": ("fingerprint",),
            "worklist": ("uscc",),
            "weak_orgs": ("org_code",),
        }.items():
            if table in release.manifest["tables"]:
                rows = release.table(table).with_columns(theirs=theirs.fill_null(True))
                for column in columns:
                    of |= set(rows.filter("theirs")[column].drop_nulls())
                    rest |= set(rows.filter(~pl.col("theirs"))[column].drop_nulls())
                if table == "findings":
                    rest |= set(re.findall(r"[0-9A-Z-]{6,}", " ".join(rows.filter(~pl.col("theirs"))["evidence"])))
    return {each for each in of - rest if len(each) > 5}


def said(asked: list[str]) -> set[str]:
    """What the asker wrote into the addresses, which the pages may repeat: `there is no unit 9198…`."""
    return set(re.findall(r"[0-9A-Za-z-]{6,}", " ".join(asked)))


def found_in(text: str, wanted: set[str]) -> set[str]:
    return {each for each in wanted if each in text}


@pytest.mark.parametrize(
    ("key", "theirs"),
    [
        ("district", ~((pl.col("district_code") == OWN) | (pl.col("park_code") == OWN_PARK))),
        ("park", pl.col("park_code").is_null() | (pl.col("park_code") != OWN_PARK)),
    ],
)
def test_nothing_of_another_area_is_sent_whatever_is_asked(people, key, theirs):
    others = belongings(people.home, theirs)
    assert len(others) > 500
    values = (OTHER, OTHER_PARK, f"district-{OTHER}", "北泽区", f"park-{OTHER_PARK}")
    asked = [*forged(people.home, BEFORE), *forged(people.home, NOW)]
    text, faults = run(gather(people, people.cookies(key), asked, values))
    assert not faults
    assert found_in(text, others) - said(asked) == set()
    own = belongings(people.home, ~theirs)
    assert found_in(text, own), "the pages show nothing of their own either"


@pytest.mark.parametrize("key", ["leader", "district_leader", "administrator"])
def test_no_name_and_no_code_of_a_unit_is_sent_to_readers_of_figures(people, key):
    units, asked = belongings(people.home, pl.lit(True)), forged(people.home, BEFORE)
    text, faults = run(gather(people, people.cookies(key), asked, ()))
    assert not faults
    # The audit log tells those who watch over it what was asked, by its code.
    assert found_in(text, units) - said([*asked, *forged(people.home, NOW)]) == set()
    # Nor what stands for them within the server.
    assert not re.search(r"x\d{15,}", text)


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("leader", {"month", "quarter"}),
        ("administrator", {"month", "quarter"}),
        ("auditor", {"month", "quarter", "half_year"}),
        ("district", set()),
        ("district_leader", set()),
        ("park", set()),
    ],
)
def test_briefings_are_sent_to_readers_of_the_whole_city_alone(people, key, given):
    async def steps(kind: str) -> tuple[str, int, list[str]]:
        """What the page sends that is asked for one, and what its files say."""
        tab = Searched(people, people.cookies(key))
        answer = await tab.open("briefings", f"period={BEFORE}&edition={kind}-r01-1-zh")
        files = [unzipped((await tab.take(button)).body) for button in answer.files]
        await tab.close()
        return "\n".join([tab.text, *files]), len(files), answer.faults

    names = belongings(people.home, pl.lit(True))
    for kind in ("month", "quarter", "half_year"):
        text, files, faults = run(steps(kind))
        assert not faults
        assert (files, OF_THE_CITY in text) == ((3, True) if given else (0, False))
        assert bool(found_in(text, names)) == (kind in given and kind == "half_year")


def test_who_has_not_signed_in_is_sent_nothing(people):
    text, faults = run(gather(people, {}, forged(people.home, NOW)[:1], ()))
    assert not faults
    assert found_in(text, belongings(people.home, pl.lit(True)) | {"52.7%"}) == set()


def test_whoever_is_taken_out_is_out_at_the_next_click(people):
    async def steps():
        tab = Searched(people, people.cookies("auditor"))
        first = await tab.open("worklist")
        path = people.home.path / "access.toml"
        kept = path.read_text(encoding="utf-8")
        try:
            path.write_text(kept.replace("auditor@city.example", "somebody.else@city.example"), encoding="utf-8")
            box = next(iter(first.boxes.values()))
            second = await tab.choose(box, box.options[-1])
        finally:
            path.write_text(kept, encoding="utf-8")
        await tab.close()
        return first.text, second.text

    before, after = run(steps())
    assert '<table class="lx-table">' in before
    assert '<table class="lx-table">' not in after and "尚未授权" in after


def test_what_was_read_and_taken_stands_in_the_audit_log(people):
    async def steps():
        tab = Searched(people, people.cookies("district"))
        answer = await tab.open("worklist", f"period={NOW}&district={OTHER}")
        await tab.take(answer.files[0])
        await tab.close()

    run(steps())
    lines = [json.loads(line) for path in sorted((people.home.path / "audit").glob("*.jsonl")) for line in path.read_text().splitlines()]
    mine = [line for line in lines if line["who"] == "district@city.example" and line["what"] == "worklist"]
    assert {"opened", "exported"} <= {line["did"] for line in mine}
    assert all(line["release"].startswith("2017-") for line in mine)
