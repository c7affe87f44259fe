"""What has the form of a person's number: an ID number, a mobile or a telephone number. Masked where read, refused where written.

What belongs here: the one pattern of such numbers, for the door (pipelines/reading) and for what people type (data/acts.py).
"""

import re
from datetime import date

MASK = "***"
# An ID number of 18 or 15 characters, also with the two digits that make it a self-employed person's tax number; a mobile number;
# a telephone number with its area code. Each also in groups.
_NUMBER_RUN = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<id>(?:[0-9][\s-]?){17}[0-9Xx]|(?:[0-9][\s-]?){14}[0-9])(?:[0-9]{2})?"
    r"|(?:\+?86[\s-]?)?1[3-9][0-9](?P<gap>[\s-]?)[0-9]{4}(?P=gap)[0-9]{4}|0[0-9]{2,3}-[0-9]{7,8})(?![0-9A-Za-z])"
)


def mask_numbers(text: str) -> str:
    """The text without what has the form of an ID number or a telephone number, wherever a shifted column has carried it."""
    return _NUMBER_RUN.sub(lambda found: found[0] if found["id"] and not _passes_as_id(found["id"]) else MASK, text)


def _passes_as_id(number: str) -> bool:
    """Whether the digits where a birth date stands are one."""
    number = re.sub(r"[\s-]", "", number)
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return date(int(born[:4]), int(born[4:6]), int(born[6:])).year >= 1900
    except ValueError:
        return False
