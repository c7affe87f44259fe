"""What stands in settings.toml and moves no figure: a release is not computed anew for it.

What belongs here: cutting it out, so that what is left is what was there before it was added.
"""

import re
import tomllib

_HEAD = re.compile(rb"\[\s*briefing\s*\]\s*(#.*)?")


def without_briefing(settings: bytes) -> bytes:
    """settings.toml without its section [briefing] (密级, the issuing office), byte for byte. All of it where the section is written in a
    way that can't be cut out, and nothing where nothing else stands there."""
    kept, inside = [], False
    for line in settings.splitlines(keepends=True):
        if line.lstrip().startswith(b"["):
            inside = _HEAD.fullmatch(line.strip()) is not None
        if not inside:
            kept.append(line)
    rest = b"".join(kept)
    if rest == settings:
        return settings
    ending = b"\r\n" if b"\r\n" in settings else b"\n"
    rest = rest.rstrip() + ending if rest.strip() else b""
    try:
        asked, found = (tomllib.loads(text.decode("utf-8-sig")) for text in (settings, rest))
    except ValueError:
        return settings
    asked.pop("briefing", None)
    return rest if found == asked else settings
