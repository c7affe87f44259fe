"""What has the form of a person's number: an ID number, a mobile or a telephone number. Masked where read, refused where written.

What belongs here: what such numbers look like, for the door (pipelines/reading) and for what people type (data/acts.py). The door lets a
number stand where a code may, for what it masks is lost; what people type can be typed anew, so there every doubt counts.
"""

import re
import unicodedata
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


# A run of digits as people write it, in groups with up to three marks between, and what its groups joined may be.
_TYPED_RUN = re.compile(r"[0-9](?:[\s.·・•‧∙_()\[\]\-‐‒–—―−]{0,3}[0-9])*(?:[\s-]?[Xx](?![0-9A-Za-z]))?")  # noqa: RUF001
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9][0-9]{9}")
_TELEPHONE = re.compile(r"(?:0(?:10|2[0-9])[0-9]{7,8}|0[3-9][0-9]{2}[0-9]{7,8})|(?:00)?86(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}")
_ID = re.compile(r"(?P<id>[0-9]{17}[0-9Xx]|[0-9]{15})(?:[0-9]{2})?")
_SHORTEST_GROUP = 3  # of a telephone number: shorter ones are figures that stand one after the other
_LONGEST = 20


def holds_number(text: str) -> bool:
    """Whether what somebody typed may hold an ID number or a telephone number, however it is written."""
    plain = _plain(text)
    return mask_numbers(plain) != plain or any(_holds(plain, run) for run in _TYPED_RUN.finditer(plain))


def _plain(text: str) -> str:
    """Digits of any script and width as 0 to 9, without marks that nobody sees."""
    seen = (mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) not in ("Cf", "Mn", "Me"))
    return "".join(str(unicodedata.digit(mark)) if mark.isdigit() else mark for mark in seen)


def _holds(text: str, run: re.Match) -> bool:
    """Whether some of a run's groups, one after the other, are such a number. Another number may stand before or behind them."""
    groups = re.findall(r"[0-9]+[Xx]?|[Xx]", run[0])
    # A tax or registration number ends in a letter where an ID number would end.
    lettered = re.match(r"[A-Za-z]", text[run.end() :]) is not None
    for first in range(len(groups)):
        joined = ""
        for last in range(first, len(groups)):
            joined += groups[last]
            if len(joined) > _LONGEST:
                break
            if _is_telephone(joined, groups[first : last + 1]) or _is_id(joined, lettered and last == len(groups) - 1):
                return True
    return False


def _is_telephone(joined: str, groups: list[str]) -> bool:
    if _MOBILE.fullmatch(joined) is None and _TELEPHONE.fullmatch(joined) is None:
        return False
    # The country's code, and the area code behind it, may be shorter.
    own = groups[1:] if groups[0] in ("86", "0086") else groups
    return all(len(group) >= _SHORTEST_GROUP or (own is not groups and at == 0) for at, group in enumerate(own))


def _is_id(joined: str, lettered: bool) -> bool:
    found = _ID.fullmatch(joined)
    return found is not None and not lettered and _passes_as_id(found["id"])


def _passes_as_id(number: str) -> bool:
    """Whether the digits where a birth date stands are one."""
    number = re.sub(r"[\s-]", "", number)
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        return date(int(born[:4]), int(born[4:6]), int(born[6:])).year >= 1900
    except ValueError:
        return False
