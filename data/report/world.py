"""The one place where coasts and borders come from: Natural Earth's outlines, shipped with the program, never fetched.

Borders are as Natural Earth draws them (de facto control); they are a backdrop and no statement of anybody's claims.
"""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

Detail = Literal["110m", "50m"]
Point = tuple[float, float]
"""Longitude, latitude."""

SOURCE = "Outlines: Natural Earth (public domain)"
_FILE = Path(__file__).with_name("world.json.gz")


@dataclass(frozen=True)
class Box:
    """A part of the world, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """Degrees of longitude."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """Degrees of latitude."""
        return self.north - self.south

    def touches(self, other: Box) -> bool:
        """Whether they share a place."""
        beside = other.east < self.west or other.west > self.east
        return not (beside or other.north < self.south or other.south > self.north)

    def turned(self, degrees: float) -> Box:
        """The same box so many degrees further east."""
        return Box(self.west + degrees, self.south, self.east + degrees, self.north)

    def grown(self, share: float, *, least: float = 0.5) -> Box:
        """A margin on each side; at most once around the world, and no further than the poles."""
        dx = min(max(self.width * share, least), (360 - self.width) / 2)
        dy = max(self.height * share, least)
        return Box(self.west - dx, max(-90, self.south - dy), self.east + dx, min(90, self.north + dy))

    def shaped(self, ratio: float) -> Box:
        """Widened on one axis until width / height is `ratio`, as far as there is world; it may pass the date line."""
        width = min(max(self.width, self.height * ratio), 360)
        height = min(max(self.height, self.width / ratio), 180)
        x, y = (self.west + self.east) / 2, (self.south + self.north) / 2
        y = min(max(y, height / 2 - 90), 90 - height / 2)
        return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


@dataclass(frozen=True)
class Country:
    """One country's outline: rings of places; one over the date line goes on past 180 degrees."""

    name: str
    iso: int
    rings: tuple[tuple[Point, ...], ...]
    boxes: tuple[Box, ...]
    """The box of each ring."""


def box_of(points: Sequence[Point]) -> Box:
    """The smallest box around some places; the world where there are none."""
    if not points:
        return Box(-180, -60, 180, 85)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def together(points: Sequence[Point]) -> list[Point]:
    """The places on a globe cut open where they leave the widest gap: those on both sides of the date line meet.

    >>> together([(179.0, -17.0), (-179.5, -18.0)])
    [(179.0, -17.0), (180.5, -18.0)]
    """
    xs = sorted({x for x, _ in points})
    gap, seam = max(((b - a, b) for a, b in itertools.pairwise(xs)), default=(0.0, 0.0))
    around = 360 - (xs[-1] - xs[0]) if xs else 360.0
    if gap < 90 or gap < 2 * around:
        return list(points)
    return [(x + 360 if x < seam else x, y) for x, y in points]


def detail_for(box: Box) -> Detail:
    """Fine outlines for a part of the world, coarse ones for most of it."""
    return "110m" if box.width > 120 else "50m"


def countries_in(box: Box, detail: Detail | None = None) -> list[Country]:
    """The countries a box shows something of, with the rings that lie in it, turned to where the box is."""
    found = []
    for country in countries(detail or detail_for(box)):
        seen = [
            (ring if not turn else tuple((x + turn, y) for x, y in ring), extent.turned(turn))
            for ring, extent in zip(country.rings, country.boxes, strict=True)
            for turn in (-360, 0, 360)
            if extent.turned(turn).touches(box)
        ]
        if seen:
            rings, boxes = zip(*seen, strict=True)
            found.append(replace(country, rings=rings, boxes=boxes))
    return found


@cache
def countries(detail: Detail) -> tuple[Country, ...]:
    """Every country's outline."""
    told = _told()[detail]
    lines = [tuple(_places(arc, told["scale"], told["translate"])) for arc in told["arcs"]]
    found = []
    for country in told["countries"]:
        outlines = (_ring(ring, lines) for polygon in country["polygons"] for ring in polygon)
        rings = tuple(_unwrapped(outline) for outline in outlines)
        if rings:
            found.append(Country(country["name"], country["iso"], rings, tuple(map(box_of, rings))))
    return tuple(found)


@cache
def _told() -> dict[str, Any]:
    with gzip.open(_FILE, "rt", encoding="utf-8") as file:
        return dict(json.load(file))


def _places(
    arc: Sequence[Sequence[int]], scale: Sequence[float], translate: Sequence[float]
) -> Iterator[Point]:
    """A line is kept as steps on a grid."""
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x * scale[0] + translate[0], y * scale[1] + translate[1]


def _ring(arcs: Sequence[int], lines: Sequence[tuple[Point, ...]]) -> tuple[Point, ...]:
    """A ring is lines end to end; a negative number means the line backwards."""
    ring: list[Point] = []
    for arc in arcs:
        line = lines[arc] if arc >= 0 else lines[~arc][::-1]
        ring.extend(line[1:] if ring else line)
    return tuple(ring)


def _unwrapped(ring: tuple[Point, ...]) -> tuple[Point, ...]:
    """A ring over the date line goes on past 180 degrees."""
    places: list[Point] = []
    turn = 0.0
    for longitude, latitude in ring:
        if places and abs(longitude + turn - places[-1][0]) > 180:
            turn += 360 if longitude + turn < places[-1][0] else -360
        places.append((longitude + turn, latitude))
    if abs(places[-1][0] - places[0][0]) > 180:
        # Around the pole: closed along it.
        places += [(places[-1][0], -90.0), (places[0][0], -90.0)]
    return tuple(places)
