"""Counts taken apart: from one total to the next, by the lists that units stand in, in two parts.

What belongs here: bars of whole units. A row of them may be picked.
"""

from dataclasses import dataclass

from dashboards.charts import frame, palette
from dashboards.charts.frame import Picture
from transforms import show

DOTS = 0.3  # how wide a column of dots is, measured in longest bars: wide enough for its heading on a phone


@dataclass(frozen=True)
class Pile:
    """A count in two parts: how many were there before, and how many are new."""

    name: str
    older: int
    new: int


@dataclass(frozen=True)
class Step:
    """A row of a ledger: a total, or what was added to it (`plus`), taken from it (`minus`), or a part of what was added (`part`)."""

    code: str
    name: str
    start: int
    size: int
    look: str
    text: str


@dataclass(frozen=True)
class Cell:
    """Units that stand in exactly these lists (`within`, in the order of the lists)."""

    code: str
    name: str
    within: tuple[bool, ...]
    size: int
    text: str


def ledger(rows: list[Step], chosen: str | None = None) -> Picture:
    """From one total to the next, a row a move, each with its number; where one bar ends the next begins. A row is picked anywhere."""
    looks = {"total": (palette.BLUE, ""), "plus": (palette.GREEN, ""), "minus": (palette.RED, "/"), "part": (palette.PALE, "")}
    colours, patterns = zip(*(looks[row.look] for row in rows), strict=True)
    top = max([row.start + row.size for row in rows] + [1])
    codes = [row.code for row in rows]
    said = [f"{frame.plain(row.name)}<br>{row.text}" for row in rows]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": [row.size for row in rows],
        "base": [row.start for row in rows],
        "y": codes,
        "customdata": codes,
        "marker": {"color": colours, "pattern": {"shape": patterns, "fgcolor": palette.PAPER, "size": 6}},
        "text": [row.text for row in rows],
        "textposition": "none",
        "hoverinfo": "skip",
    }
    names = [f"<b>▸ {frame.plain(row.name)}</b>" if row.code == chosen else frame.plain(row.name) for row in rows]
    notes = [
        {"x": row.start + row.size, "y": at, "xanchor": "left", "xshift": 4, "showarrow": False, "text": f"<b>{row.text}</b>"}
        for at, row in enumerate(rows)
    ]
    joints = [
        {
            "type": "line",
            "x0": end,
            "x1": end,
            "y0": at,
            "y1": at + 1,
            "layer": "below",
            "line": {"color": palette.GREY, "width": 1, "dash": "dot"},
        }
        for at, end in enumerate(_ends(rows))
    ]
    down = {"type": "category", "categoryarray": codes, "autorange": "reversed", "tickvals": codes, "ticktext": names}
    down |= {"automargin": True, "showgrid": False}
    across = {"range": [0, top], "showticklabels": False, "showgrid": False, "zeroline": True}
    # Room for the number beside the longest bar, as wide on a phone as on a desk.
    margin = {"r": 14 + 8 * max(len(row.text) for row in rows)}
    data = [bar, _whole_rows(codes, said, 0, top)]
    return frame.framed(data, across, down, 24 + 30 * len(rows), margin, barmode="overlay", annotations=notes, shapes=joints)


def _ends(rows: list[Step]) -> list[int]:
    """Where each row of a ledger ends and the next begins; parts of a whole have no such joints."""
    if any(row.look == "part" for row in rows):
        return []
    return [row.start if row.look == "minus" else row.start + row.size for row in rows[:-1]]


def _whole_rows(codes: list[str], said: list[str], start: float, end: float) -> dict:
    """An unseen bar over the whole of each row, so that a small number is as easy to hit as a large one."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": [end - start] * len(codes),
        "base": [start] * len(codes),
        "y": codes,
        "customdata": codes,
        "marker": {"color": palette.CLEAR},
        "hovertext": said,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "unselected": {"marker": {"opacity": 1}},
    }


def memberships(lists: list[str], cells: list[Cell], chosen: str | None = None) -> Picture:
    """Who stands in which lists: a row a combination, full dots for the lists it is in, and a bar for its size (an UpSet picture)."""
    top = max([cell.size for cell in cells] + [1])
    # The dots stand left of the axis, a column a list.
    columns = [-top * DOTS * (len(lists) - place - 0.4) for place in range(len(lists))]
    codes = [cell.code for cell in cells]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": [cell.size for cell in cells],
        "y": codes,
        "customdata": codes,
        "marker": {"color": [palette.BLUE if any(cell.within[1:]) else palette.GREY for cell in cells]},
        "hoverinfo": "skip",
    }
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [x for _ in cells for x in columns],
        "y": [cell.code for cell in cells for _ in columns],
        "marker": {
            "size": 14,
            "color": palette.BLUE,
            "symbol": ["circle" if there else "circle-open" for cell in cells for there in cell.within],
            "opacity": [1 if there else 0.45 for cell in cells for there in cell.within],
        },
        "hoverinfo": "skip",
    }
    joints = []
    for at, cell in enumerate(cells):
        full = [x for x, there in zip(columns, cell.within, strict=True) if there]
        line = {"type": "line", "y0": at, "y1": at, "layer": "below", "line": {"color": palette.BLUE, "width": 3}}
        joints.append(line | {"x0": min(full, default=0), "x1": max(full, default=0)})
    heads = [
        {"x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False, "text": head, "font": {"size": 12}}
        for x, head in zip(columns, lists, strict=True)
    ]
    notes = [
        {"x": cell.size, "y": at, "xanchor": "left", "xshift": 4, "showarrow": False, "text": f"<b>{cell.text}</b>"}
        for at, cell in enumerate(cells)
    ]
    names = [f"<b>▸ {frame.plain(cell.name)}</b>" if cell.code == chosen else frame.plain(cell.name) for cell in cells]
    start = -top * DOTS * (len(lists) + 0.1)
    down = {"type": "category", "categoryarray": codes, "autorange": "reversed", "tickvals": codes, "ticktext": names}
    down |= {"automargin": True, "showgrid": False}
    across = {"range": [start, top], "showticklabels": False, "showgrid": False, "zeroline": True}
    said = [f"{frame.plain(cell.name)}<br>{cell.text}" for cell in cells]
    data = [bar, dots, _whole_rows(codes, said, start, top)]
    margin = {"t": 26, "r": 14 + 8 * max(len(cell.text) for cell in cells)}
    return frame.framed(data, across, down, 40 + 36 * len(cells), margin, barmode="overlay", annotations=heads + notes, shapes=joints)


def piles(rows: list[Pile], names: tuple[str, str]) -> Picture:
    """Counts as bars from the left, in two parts told apart by colour and hatching, the whole beside each."""
    places = [str(place) for place in range(len(rows))]
    look = ((palette.BLUE, ""), (palette.PALE, "/"))
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": frame.plain(name),
            "x": sizes,
            "y": places,
            "marker": {"color": colour, "pattern": {"shape": shape, "fgcolor": palette.BLUE, "bgcolor": palette.PALE, "size": 6}},
            "hovertext": [
                f"{frame.plain(row.name)}<br>{frame.plain(name)} {show.count(size)}" for row, size in zip(rows, sizes, strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
        for name, sizes, (colour, shape) in zip(names, ([row.older for row in rows], [row.new for row in rows]), look, strict=True)
    ]
    notes = [
        {"x": row.older + row.new, "y": at, "xanchor": "left", "xshift": 5, "showarrow": False}
        | {"text": f"<b>{show.count(row.older + row.new)}</b>"}
        for at, row in enumerate(rows)
    ]
    top = max([row.older + row.new for row in rows] + [1])
    across = {"range": [0, top * 1.1], "showticklabels": False, "showgrid": False, "zeroline": True}
    down = {"type": "category", "categoryarray": places, "autorange": "reversed", "tickvals": places}
    down |= {"ticktext": [frame.plain(row.name) for row in rows], "automargin": True, "showgrid": False}
    height = 54 + 28 * max(len(rows), 2)
    legend = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    return frame.framed(bars, across, down, height, {"t": 30}, barmode="stack", annotations=notes, showlegend=True, legend=legend)
