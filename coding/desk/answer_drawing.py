"""The one place where an answer is drawn on the screen: which drawings fit it, and in which colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from coding.desk.plain import plain
from data.report.chart import adds_up, chart_of
from data.report.places import map_title, places_of, told_of
from data.report.text_chart import ONE_ABOVE_ANOTHER, Drawing, draw, draw_map, draw_multiples
from schema.errors import QueryError

if TYPE_CHECKING:
    import pyarrow as pa

Draw = Callable[[int, int], Drawing]
"""From columns and lines to a drawing."""

_COLOURS = ("$primary", "$accent", "$success", "$error", "$secondary", "$foreground")
_STYLES = {
    "title": "bold",
    "axis": "$text-muted",
    "land": "$text-muted",
    "line": "$primary",
    "bar": "$primary",
    "place": "bold $accent",
    "name": "$foreground",
    **{f"line{n}": colour for n, colour in enumerate(_COLOURS)},
}
"""The style of each role; marks, hatches and names tell the same without it."""


def drawings(table: pa.Table, source: str) -> list[Draw]:
    """What can be drawn of an answer, the likeliest first: a map of places, a chart, each series by itself.

    Raises:
        QueryError: nothing can be drawn of it; the sentence says what a chart needs.
    """
    found: list[Draw] = []
    if {"longitude", "latitude"} <= set(table.column_names):
        places, unit = places_of(table)
        if places:
            told = told_of(places, unit)
            title, adds = map_title(unit), adds_up(unit)
            found.append(
                lambda width, height: draw_map(
                    places, title=title, unit=told, source=source, width=width, height=height, adds=adds
                )
            )
    try:
        chart = chart_of(table, source=source)
    except QueryError:
        if found:
            return found
        raise
    found.append(lambda width, height: draw(chart, width=width, height=height, scrolls=True))
    if 1 < len(chart.series) <= ONE_ABOVE_ANOTHER:
        found.append(lambda width, height: draw_multiples(chart, width=width, height=height, scrolls=True))
    return found


def coloured(drawing: Drawing) -> Content:
    """The drawing for a widget."""
    lines = [
        Content.assemble(*(plain(text, _STYLES.get(role, "")) for text, role in line)) for line in drawing
    ]
    return Content("\n").join(lines)
