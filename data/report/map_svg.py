"""The one place where events become a map as SVG: outlines of the world's countries, a circle for each place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING

from data.report.chart import short
from data.report.svg import COLOURS, GREY, Scale, frame, text
from data.report.world import SOURCE, Box, Country, Point, box_of, countries_in, together
from schema.errors import QueryError
from schema.text import safe_text

if TYPE_CHECKING:
    import pyarrow as pa

_KEYS = ("event_key", "article_id", "revision", "iso", "year")
"""Numbers that count nothing."""
SEA, LAND, BORDER = "#e8eef2", "#f7f4ee", "#9a958c"


@dataclass(frozen=True)
class Place:
    """One circle: where, how much, and its name."""

    longitude: float
    latitude: float
    weight: float
    name: str = ""


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
    import pyarrow as pa

    if name not in table.column_names:
        return False
    kind = table.schema.field(name).type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _is_text(table: pa.Table, name: str) -> bool:
    import pyarrow as pa

    kind = table.schema.field(name).type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def side_by_side(places: Sequence[Place]) -> list[Place]:
    """The places with those on both sides of the date line together, beyond 180 degrees where that is needed."""
    points = together([(place.longitude, place.latitude) for place in places])
    return [
        place if place.longitude == x else replace(place, longitude=x)
        for place, (x, _) in zip(places, points, strict=True)
    ]


def map_svg(
    places: Sequence[Place],
    *,
    title: str,
    unit: str,
    source: str = "",
    width: int = 760,
    height: int = 480,
    most_places: int = 5000,
) -> str:
    """Circles over outlines; a circle's area is its weight, and the largest are named.

    Of more than `most_places` only the largest are drawn, and the picture says so.
    """
    if len(places) > most_places:
        unit = f"{unit}; the {most_places:,} largest of {len(places):,} places"
        places = sorted(places, key=lambda place: -place.weight)[:most_places]
    places = side_by_side(places)
    box, x, y = projection([(place.longitude, place.latitude) for place in places], width, height - 76)
    parts = [
        f'<svg class="map" x="0" y="52" width="{width}" height="{height - 76}" viewBox="0 0 {width} {height - 76}">'
    ]
    parts.append(f'<rect width="{width}" height="{height - 76}" fill="{SEA}"/><g class="world">')
    parts += [_outline(country, x, y) for country in countries_in(box)]
    parts += _circles(places, x, y)
    parts.append("</g></svg>")
    parts.append(_legend(places, width, height))
    noted = f"{source}. {SOURCE}" if source else SOURCE
    return frame(width, height, title, unit, noted, "\n".join(parts))


def projection(points: Sequence[Point], width: float, height: float) -> tuple[Box, Scale, Scale]:
    """The box to show and how a place becomes a pixel: degrees, with longitude shortened by the middle latitude."""
    near = box_of(points).grown(0.12, least=2.0)
    squeeze = max(0.3, math.cos(math.radians((near.south + near.north) / 2)))
    box = near.shaped(width / height / squeeze)

    def x(longitude: float) -> float:
        return (longitude - box.west) / box.width * width

    def y(latitude: float) -> float:
        return (box.north - latitude) / box.height * height

    return box, x, y


def _outline(country: Country, x: Scale, y: Scale) -> str:
    path = "".join(
        "M" + "L".join(f"{x(lon):.1f} {y(lat):.1f}" for lon, lat in ring) + "Z" for ring in country.rings
    )
    name = escape(safe_text(country.name, keep_newlines=False))
    return f'<path d="{path}" fill="{LAND}" stroke="{BORDER}" stroke-width="0.7"><title>{name}</title></path>'


def _circles(places: Sequence[Place], x: Scale, y: Scale) -> list[str]:
    most = max((place.weight for place in places), default=1) or 1
    ranked = sorted(places, key=lambda place: -place.weight)
    # Thousands of large circles would hide the map and each other.
    widest = min(13.0, max(2.0, 13 * math.sqrt(150 / max(len(places), 1))))
    parts = []
    for place in ranked:
        radius = widest * (0.17 + math.sqrt(max(place.weight, 0) / most))
        words = escape(safe_text(f"{place.name}: {short(place.weight)}", keep_newlines=False))
        parts.append(
            f'<circle cx="{x(place.longitude):.1f}" cy="{y(place.latitude):.1f}" r="{radius:.1f}" fill="{COLOURS[1]}"'
            f' fill-opacity="0.45" stroke="#7a3300" stroke-width="0.8"><title>{words}</title></circle>'
        )
    taken: list[tuple[float, float]] = []
    for place in ranked[:12]:
        at = (x(place.longitude) + 6 + widest * math.sqrt(max(place.weight, 0) / most), y(place.latitude) + 4)
        if place.name and all(abs(at[0] - a) > 80 or abs(at[1] - b) > 13 for a, b in taken):
            taken.append(at)
            parts.append(text(*at, place.name[:24], size=11))
    return parts


def _legend(places: Sequence[Place], width: int, height: int) -> str:
    most = max((place.weight for place in places), default=0)
    if most <= 0:
        return ""
    parts = [
        text(
            width - 12,
            43,
            f"a circle's area is its number; the largest is {short(most)}",
            size=11,
            anchor="end",
            colour=GREY,
        )
    ]
    return "".join(parts)
