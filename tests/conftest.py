"""What every test shares: sentences are compared in English, whatever language the machine speaks to its users."""

import os

from tests.browser import browser, visit  # noqa: F401 (one Chromium a worker, whichever module asks for it)

os.environ["LIANGXIN_LANG"] = "en"
