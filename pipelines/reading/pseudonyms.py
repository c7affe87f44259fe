"""What is done at the door so that no person can be read out of what is kept (sources.md, 'Personal data')."""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable

from data.home import Home, HomeUnfit
from data.language import words


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
                    "secrets/pseudonym.key 丢失，而数据仓库中的化名由它生成。请从备份恢复。",
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
