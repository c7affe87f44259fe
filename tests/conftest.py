"""What every test shares: sentences are compared in English, whatever language the machine speaks to its users."""

import os

from tests.browser import browser, visit  # noqa: F401 (one Chromium a worker, whichever module asks for it)

os.environ["LIANGXIN_LANG"] = "en"
# Modules that take minutes begin first: one that began last would be waited for by an idle processor.
LONGEST = ("test_every_page", "test_faults", "test_sample", "test_engines", "test_reaching_out", "test_example")


def pytest_collection_modifyitems(items):
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONGEST)))
