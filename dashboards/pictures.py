"""What a picture that is taken away says of itself: where it comes from, and what was chosen when it was drawn.

What belongs here: the words of a PNG, made from a `View`. How it is made: charts/draw.py and png.js.
"""

from dashboards.charts import Saved
from dashboards.shell import View
from data.plain_text import in_file_name


def saved(view: View, title: str, part: str, *more: str) -> Saved:
    """`title`: the heading of the picture; `part`: the end of the file's name; `more`: what is said with the filters above it."""
    words, picture = view.words, view.picture
    city = picture.units.get(("city", picture.city), {}).get("name", "")
    colon = words("mark.colon")
    filters = [f"{name}{colon}{value}" for name, value in view.filters] + list(more)
    source = [
        words("foot.data", day=words.day(picture.period)),
        words("foot.release", name=picture.release.name, at=picture.published_at),
        words("foot.definitions", version=picture.manifest.get("definitions", "")),
    ]
    whole = " · ".join(part for part in (city, words(f"{view.page.name}.title"), title) if part)
    return Saved(
        whole,
        " · ".join(filters),
        " · ".join(source),
        in_file_name(f"{view.file_stem}_{part}"),
        words("download.png"),
        words("download.png_failed"),
    )
