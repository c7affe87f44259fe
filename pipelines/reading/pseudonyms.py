"""What is done at the door so that no person can be read out of what is kept (sources.md, 'Personal data')."""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable
from datetime import date

from data.home import Home, HomeUnfit
from data.language import words

MASK = "***"
# An ID number of 18 or 15 characters, also with the two digits that make it a self-employed person's tax number; a mobile number;
# a telephone number with its area code. Each also in groups.
_NUMBER_RUN = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<id>(?:[0-9][\s-]?){17}[0-9Xx]|(?:[0-9][\s-]?){14}[0-9])(?:[0-9]{2})?"
    r"|(?:\+?86[\s-]?)?1[3-9][0-9](?P<gap>[\s-]?)[0-9]{4}(?P=gap)[0-9]{4}|0[0-9]{2,3}-[0-9]{7,8})(?![0-9A-Za-z])"
)


def pseudonym_maker(home: Home) -> Callable[[str], str]:
    """Identifier -> HMAC-SHA256 under the site key, hex. Makes the key at the first run; HomeUnfit where it is lost or damaged."""
    key = _site_key(home)
    return lambda identifier: hmac.digest(key, identifier.encode(), "sha256").hex()


def key_digest(home: Home) -> str:
    """Tells two keys apart without telling the key: pseudonyms made under another one must be made anew."""
    return hashlib.sha256(b"liangxin pseudonym key\0" + _site_key(home)).hexdigest()[:16]


def _site_key(home: Home) -> bytes:
    path = home.secrets / "pseudonym.key"
    if not path.exists():
        if home.warehouse.exists():
            raise HomeUnfit(
                words(
                    "secrets/pseudonym.key 丢失,而数据仓库中的化名由它生成。请从备份恢复。",
                    "secrets/pseudonym.key is gone, and the warehouse holds pseudonyms made with it. Put it back from your copy.",
                )
            )
        _make_key(home)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != 32:
        raise HomeUnfit(
            words(
                "secrets/pseudonym.key 内容不是 32 字节的十六进制。请从备份恢复。",
                "secrets/pseudonym.key does not hold 32 bytes as hex. Put it back from your copy.",
            )
        )
    return key


def _make_key(home: Home) -> None:
    home.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, draft = home.secrets / "pseudonym.key", home.secrets / f".pseudonym.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # never over a key that another process made a moment ago
    except FileExistsError:
        pass
    finally:
        draft.unlink()


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
