"""Briefings as a run of `liangxin briefing` leaves them, without one: slips with sentences about figures that are published, and files."""

import json
from hashlib import sha256
from pathlib import Path

import polars as pl

from data.home import Home
from data.outbox import folder
from data.releases import open_release
from transforms import citation

KEY = ("basis", "unit_kind", "unit_code", "sector", "metric")


def pdf(pages: int = 2, said: str = "briefing") -> bytes:
    """A PDF of A4 pages with a line of text, a frame and a grey block on each."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for number in range(1, pages + 1):
        drawn = f"BT /F 24 Tf 80 740 Td ({said} {number}) Tj ET 0.6 g 80 420 {60 * number} 200 re f 80 100 400 600 re S"
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
        held = f"/Resources<</Font<</F 3 0 R>>>>/Contents {len(objects)} 0 R"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{held}>>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {pages}>>"
    made, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += f"{number} 0 obj{one}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(made)}"
    return f"{made}{end}\n%%EOF\n".encode()


def quoted(home: Home, period: str, revision: str, metric: str = "org_coverage", kind: str = "city", **more) -> dict:
    """A row of the ledger: a published figure of the release, the first that there is."""
    of = (pl.col("metric") == metric, pl.col("unit_kind") == kind, pl.col("sector") == "all", pl.col("basis").is_in(["corroborated", "-"]))
    row = open_release(home, period, revision).table("metrics").filter(*of).sort("unit_code").to_dicts()[0]
    key = [row[name] for name in KEY]
    found = {"code": citation.code(period, revision, "metrics", key), "table": "metrics", "key": key, "column": None, "period": period}
    sides = {name: row[name] for name in ("numerator", "denominator", "value", "reason")}
    return found | sides | {"revision": revision, "shown": "52.7%（1/2）", "where": "standing"} | more


def write_briefing(
    home: Home, period: str, revision: str = "r01", kind: str = "month", edition: int = 1, lang: str = "zh", said: str = "", **more
) -> Path:
    """A briefing in the outbox, with its files; `said` stands in its sentence and in each of its files. Returns its slip's path."""
    place = folder(home, period)
    place.mkdir(parents=True, exist_ok=True)
    name = more.pop("name", f"{kind}_{period}_{revision}_{edition}_{lang}")
    files = {}
    for form, data in (("pdf", pdf(said="briefing")), ("docx", f"DOCX {said}".encode()), ("xlsx", f"XLSX {said}".encode())):
        (place / f"{name}.{form}").write_bytes(data)
        files[form] = (f"{name}.{form}", sha256(data).hexdigest())
    figure = quoted(home, period, revision)
    of = {"metric": "org_coverage", "sector": "all", "basis": "corroborated", "kind": "city", "code": figure["key"][2]}
    sentence = {"section": "standing", "text": f"全市组织覆盖率为52.7%。{said}", "name": "level", "period": period, "revision": revision}
    slip = {
        "kind": kind, "period": period, "revision": revision, "edition": edition, "lang": lang, "name": name,
        "created_at": f"2018-01-{edition + 5:02d}T02:00:00+00:00", "digest": f"{revision}{edition}",
        "units": kind == "half_year", "files": files,
        "sentences": [sentence | of | {"test": "published", "codes": [figure["code"]]}],
        "left_out": [{"section": "movers", "name": "month_place"} | of | {"reason": "noise"},
                     {"section": "goals", "name": "goal"} | of | {"reason": "missing:source_missing:survey"}],
        "quoted": [figure], "asks": [],
    }  # fmt: skip
    path = place / f"{name}.json"
    path.write_text(json.dumps(slip | more), encoding="utf-8")
    return path
