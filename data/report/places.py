"""The one place where rows become dots of a map: where, how much, its name; and near ones one dot where they are too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data.console.formats import is_number
from data.report.chart import plain_name
from data.report.world import Box, box_of, together
from schema.errors import QueryError
from schema.text import counted

if TYPE_CHECKING:
    import pyarrow as pa

_KEYS = ("event_key", "article_id", "revision", "iso", "year")
"""Numbers that count nothing."""
_FINEST = 32
"""How often the cells of a grid are made half as large at most: of the whole world they are then 600 metres wide."""


@dataclass(frozen=True)
class Place:
    """One circle: where, how much, and its name."""

    longitude: float
    latitude: float
    weight: float
    name: str = ""
    merged: int = 0
    """How many other places it stands for as well; the name is that of the largest."""


def places_of(table: pa.Table) -> tuple[list[Place], str]:
    """The circles of a map of an answer, and what they count.

    Columns called longitude and latitude are taken as that, else the first two; the next number is the weight, without
    one each row counts as one; the next text is the name. Rows without a place are left out.

    Raises:
        QueryError: there are no two columns of numbers for the place.
    """
    names, cells = table.column_names, table.to_pydict()
    across, up = (
        ("longitude", "latitude") if {"longitude", "latitude"} <= set(names) else (*names, "", "")[:2]
    )
    if not (_is_number(table, across) and _is_number(table, up)):
        raise QueryError("A map needs longitude, latitude and perhaps a number and a name, in this order.")
    rest = [name for name in names if name not in (across, up)]
    weight = next((name for name in rest if name not in _KEYS and _is_number(table, name)), None)
    name = "location" if "location" in rest else next((n for n in rest if _is_text(table, n)), None)
    weights = cells[weight] if weight else [1] * table.num_rows
    words = cells[name] if name else [""] * table.num_rows
    rows = zip(cells[across], cells[up], weights, words, strict=True)
    places = [Place(float(x), float(y), float(w), n or "") for x, y, w, n in rows if None not in (x, y, w)]
    return places, weight or "rows"


def _is_number(table: pa.Table, name: str) -> bool:
    return name in table.column_names and is_number(table.schema.field(name).type)


def _is_text(table: pa.Table, name: str) -> bool:
    import pyarrow as pa

    kind = table.schema.field(name).type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def told_of(places: Sequence[Place], unit: str) -> str:
    """What a map shows, in words.

    >>> told_of([Place(36.7, 35.1, 1)], "events"), told_of([Place(0, 0, 2.5), Place(1, 0, 1)], "mean_dead")
    ('1 event at 1 place', 'mean dead at 2 places')
    """
    counts = unit in ("events", "rows")
    thing = counted(round(sum(place.weight for place in places)), unit[:-1]) if counts else plain_name(unit)
    return f"{thing} at {counted(len(places), 'place')}"


def map_title(unit: str) -> str:
    """The title of a map that was given none.

    >>> map_title("events"), map_title("n")
    ('Events by place', 'Number by place')
    """
    return f"{plain_name(unit).capitalize()} by place"


def side_by_side(places: Sequence[Place]) -> list[Place]:
    """The places with those on both sides of the date line together, beyond 180 degrees where that is needed."""
    points = together([(place.longitude, place.latitude) for place in places])
    return [
        place if place.longitude == x else replace(place, longitude=x)
        for place, (x, _) in zip(places, points, strict=True)
    ]


def merged(places: Sequence[Place], most: int, *, adds: bool = True) -> list[Place]:
    """At most so many dots, and no place lost: those in one cell of the finest grid that will do are added up.

    Where numbers do not add up, such as means, the largest of them stands for all.

    >>> [(dot.longitude, dot.weight, dot.merged) for dot in merged([Place(0, 0, 1), Place(1, 0, 3), Place(90, 0, 1)], 2)]
    [(0.75, 4, 1), (90, 1, 0)]
    """
    if len(places) <= most:
        return list(places)
    box = box_of([(place.longitude, place.latitude) for place in places])
    # A little wider than the places, so that the outermost do not begin a row of their own.
    widest = 1.0001 * (max(box.width, box.height) or 1.0)
    coarse, fine = 0, _FINEST
    while coarse < fine:
        halvings = (coarse + fine + 1) // 2
        if len({_cell(place, box, widest / 2 ** (halvings / 2)) for place in places}) <= most:
            coarse = halvings
        else:
            fine = halvings - 1
    near: dict[tuple[int, int], list[Place]] = {}
    for place in places:
        near.setdefault(_cell(place, box, widest / 2 ** (coarse / 2)), []).append(place)
    return [_one(shared, adds) for shared in near.values()]


def _cell(place: Place, box: Box, size: float) -> tuple[int, int]:
    """The column and row of a grid over all places."""
    return int((place.longitude - box.west) / size), int((place.latitude - box.south) / size)


def _one(near: Sequence[Place], adds: bool) -> Place:
    """Places as one: their sum, or the largest, in their middle by weight, under the name of the largest."""
    if len(near) == 1:
        return near[0]
    weights = [max(place.weight, 0.0) for place in near]
    if not sum(weights):
        weights = [1.0] * len(near)
    x, y = (
        sum(weight * at for weight, at in zip(weights, places, strict=True)) / sum(weights)
        for places in ([place.longitude for place in near], [place.latitude for place in near])
    )
    largest = max(near, key=lambda place: place.weight)
    weight = sum(place.weight for place in near) if adds else largest.weight
    return Place(x, y, weight, largest.name, len(near) - 1)
