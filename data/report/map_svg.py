"""The one place where events become a map as SVG: outlines of the world's countries, a circle for each place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from data.report.chart import short
from data.report.places import Place, merged, side_by_side
from data.report.svg import COLOURS, GREY, Scale, frame, text
from data.report.world import SOURCE, Box, Country, Point, box_of, countries_in
from schema.text import counted, cut_to, safe_text

SEA, LAND, BORDER = "#e8eef2", "#f7f4ee", "#9a958c"
_THIN = 'vector-effect="non-scaling-stroke"'
"""Lines stay as thin when a page enlarges the map."""
_DOT = f'fill="{COLOURS[1]}" fill-opacity="0.45" stroke="#7a3300" stroke-width="0.8" {_THIN}'


def map_svg(
    places: Sequence[Place],
    *,
    title: str,
    unit: str,
    source: str = "",
    where: str = "",
    width: int = 760,
    height: int = 480,
    most_dots: int = 2000,
    adds: bool = True,
) -> str:
    """Circles over outlines; a circle's area is its weight, and the largest are named.

    Of more than `most_dots` places those near each other become one dot, and the picture says so;
    the filter `where` stands last, since it may be too long for the line.
    """
    dots = merged(side_by_side(places), most_dots, adds=adds)
    if len(dots) < len(places):
        near = "what lies close together is added up" if adds else "the largest of those close together"
        unit = f"{unit}, drawn as {len(dots):,} dots: {near}"
    unit += where
    box, x, y = projection([(dot.longitude, dot.latitude) for dot in dots], width, height - 76)
    inner = f'width="{width}" height="{height - 76}" viewBox="0 0 {width} {height - 76}"'
    parts = [f'<svg class="map" x="0" y="52" {inner}>']
    parts.append(f'<rect width="{width}" height="{height - 76}" fill="{SEA}"/><g class="world">')
    parts += [_outline(country, x, y) for country in countries_in(box)]
    parts += _circles(dots, x, y)
    parts.append("</g></svg>")
    parts.append(_legend(dots, height))
    room = width // 6 - len(SOURCE) - 2
    noted = f"{cut_to(source, room)}. {SOURCE}" if source else SOURCE
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
    return f'<path d="{path}" fill="{LAND}" stroke="{BORDER}" stroke-width="0.7" {_THIN}><title>{name}</title></path>'


def _radii(dots: Sequence[Place]) -> Scale:
    """The radius of a weight: by area, so that each is seen, and of many dots none is so large that it hides others."""
    widest = min(13.0, max(2.0, 13 * math.sqrt(150 / max(len(dots), 1))))
    most = max((dot.weight for dot in dots), default=1) or 1
    return lambda weight: widest * (0.17 + math.sqrt(max(weight, 0) / most))


def _circles(dots: Sequence[Place], x: Scale, y: Scale) -> list[str]:
    ranked = sorted(dots, key=lambda dot: -dot.weight)
    radius_of = _radii(dots)
    parts = []
    for dot in ranked:
        radius = radius_of(dot.weight)
        words = escape(safe_text(f"{_named(dot)}: {short(dot.weight)}", keep_newlines=False))
        parts.append(
            f'<circle cx="{x(dot.longitude):.1f}" cy="{y(dot.latitude):.1f}" r="{radius:.1f}" {_DOT}>'
            f"<title>{words}</title></circle>"
        )
    taken: list[tuple[float, float]] = []
    for dot in ranked[:12]:
        at = (x(dot.longitude), y(dot.latitude))
        # A dot of many places has no name of its own.
        if dot.name and not dot.merged and all(abs(at[0] - a) > 80 or abs(at[1] - b) > 13 for a, b in taken):
            taken.append(at)
            parts.append(text(*at, dot.name[:24], size=11, beside=4 + radius_of(dot.weight)))
    return parts


def _named(dot: Place) -> str:
    """Whose number a circle tells."""
    if not dot.merged:
        return dot.name
    return (
        f"{dot.name} and {counted(dot.merged, 'place')} near it"
        if dot.name
        else counted(dot.merged + 1, "place")
    )


def _legend(dots: Sequence[Place], height: int) -> str:
    """Up to three sizes of circles with their numbers, in the lower left corner, where most maps are sea."""
    most = max((dot.weight for dot in dots), default=0)
    if most <= 0:
        return ""
    weights = [dot.weight for dot in dots]
    sizes = _sizes(most, whole=all(float(weight).is_integer() for weight in weights))
    radius_of = _radii(dots)
    tall = 2 * radius_of(most) + 10
    top, at = height - 24 - tall - 8, 18.0
    parts = []
    for size in sizes:
        radius = radius_of(size)
        at += radius
        parts.append(f'<circle cx="{at:.1f}" cy="{top + tall / 2:.1f}" r="{radius:.1f}" {_DOT}/>')
        words = short(size)
        parts.append(text(at + radius + 4, top + tall / 2 + 4, words, size=11, colour=GREY))
        at += radius + 4 + 7 * len(words) + 12
    box = f'<rect x="8" y="{top:.1f}" width="{at - 8:.1f}" height="{tall:.1f}" fill="#ffffff" fill-opacity="0.85"/>'
    return f'<g class="sizes">{box}{"".join(parts)}</g>'


def _sizes(most: float, *, whole: bool) -> list[float]:
    """The largest number and about a quarter and a twentieth of it, each once.

    >>> _sizes(1, whole=True), _sizes(60, whole=True), _sizes(5, whole=True)
    ([1], [3, 15, 60], [1, 5])
    """
    smaller = [most / 20, most / 4]
    return sorted({*(max(1, round(size)) for size in smaller), most}) if whole else [*smaller, most]
