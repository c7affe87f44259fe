"""Rules on the files of the month itself: refused, withdrawn, too many rows rejected."""

from collections.abc import Iterator

from expectations.findings import Lead, Month

COUNTS = ("rows_read", "rows_loaded", "rows_rejected", "rows_skipped")


def file_refused(month: Month) -> Iterator[Lead]:
    for load in month.loads:
        if load["refused"] is not None:
            yield Lead(f"{load['source']}|{load['path']}", facts={"lacks": list(load["refused"])})


def delivery_withdrawn(month: Month) -> Iterator[Lead]:
    for path in month.withdrawn:
        yield Lead(f"{path.split('/')[1]}|{path}")


def many_rejected(month: Month) -> Iterator[Lead]:
    for load in month.loads:
        if 100 * load["rows_rejected"] > load["rows_loaded"] + load["rows_rejected"]:
            yield Lead(f"{load['source']}|{load['path']}", facts={name: load[name] for name in COUNTS})
