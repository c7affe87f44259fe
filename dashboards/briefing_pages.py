"""The pages of a briefing's PDF as pictures, so that it is read without leaving the page.

What belongs here: PDF to pictures. They are made of the very file that is taken away, so that neither can say anything else; what was
made last is kept, by what the file says.
"""

import threading
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from io import BytesIO

import pypdfium2
from PIL.Image import Image

AT_MOST = 6  # pages; who reads on takes the file
WIDE = 1440  # pixels of a page: 174 to the inch of an A4
EDGE = 40  # pixels of white that are kept around what is printed: margins are for filing, and on a screen they only make the text small
HIGHEST = 3  # times as high as wide, at most
# PDFium is no library for several threads at once.
_ONE = threading.Lock()


class Unreadable(Exception):
    """No PDF that could be drawn."""


@dataclass(frozen=True)
class Pages:
    """The first pages as WebP, and how many there are in all."""

    pictures: tuple[bytes, ...]
    count: int


@dataclass(frozen=True)
class _File:
    digest: str
    data: bytes = field(compare=False)


def pages(data: bytes) -> Pages:
    """Raises Unreadable."""
    return _pages(_File(sha256(data).hexdigest(), data))


@lru_cache(maxsize=24)
def _pages(file: _File) -> Pages:
    with _ONE:
        try:
            document = pypdfium2.PdfDocument(file.data)
        except pypdfium2.PdfiumError:
            raise Unreadable from None
        try:
            count = len(document)
            if not count:
                raise Unreadable
            drawn = [_drawn(document, number) for number in range(min(count, AT_MOST))]
            return Pages(tuple(map(_webp, _trimmed(drawn))), count)
        except (pypdfium2.PdfiumError, ValueError, MemoryError):
            raise Unreadable from None
        finally:
            document.close()


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Image:
    page = document[number]
    wide, high = page.get_size()
    if not (wide > 0 and 0 < high < wide * HIGHEST):
        raise Unreadable
    return page.render(scale=WIDE / wide, may_draw_forms=False).to_pil().convert("RGB")


def _trimmed(drawn: list[Image]) -> list[Image]:
    """All cut to where any of them has ink, so that they stay alike."""
    inked = [box for each in drawn if (box := each.convert("L").point([255 - value for value in range(256)]).getbbox())]
    if not inked:
        return drawn
    lefts, tops, rights, lows = zip(*inked, strict=True)
    left, top, right, low = max(0, min(lefts) - EDGE), max(0, min(tops) - EDGE), max(rights) + EDGE, max(lows) + EDGE
    return [
        each.crop((min(left, each.width - 1), min(top, each.height - 1), min(right, each.width), min(low, each.height))) for each in drawn
    ]


def _webp(drawn: Image) -> bytes:
    # Sixteen steps of each colour are enough for text and charts in grey, and make half the size.
    drawn = drawn.point([round(value / 17) * 17 for value in range(256)] * 3)
    made = BytesIO()
    drawn.save(made, "WEBP", lossless=True, method=2, quality=50)
    return made.getvalue()
