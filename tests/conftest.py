"""What every test shares: sentences are compared in English, whatever language the machine speaks to its users."""

import os

os.environ["LIANGXIN_LANG"] = "en"
