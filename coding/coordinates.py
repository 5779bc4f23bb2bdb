"""The one place where a place that no list knows is found by its coordinates: what lies nearest tells country and provinces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coding.candidate import Value
    from data.vocabulary.places import Places

_SIGN = "[-−+]?"
_MARKED = r"\s*°?\s*(?P<{mark}>[{letters}])?"
_NORTH, _EAST = (_MARKED.format(mark=mark, letters=mark.upper()) for mark in ("ns", "ew"))


def _pair(latitude: str, longitude: str, between: str) -> str:
    return rf"(?P<latitude>{_SIGN}{latitude}){_NORTH}(?:{between})(?P<longitude>{_SIGN}{longitude}){_EAST}"


_WRITTEN = (
    _pair(r"\d{1,2}(?:\.\d+)?", r"\d{1,3}(?:\.\d+)?", r"\s*[,/]\s+|\s*;\s*|\s+|(?<=[NS°])[,/]"),
    _pair(r"\d{1,2}\.\d+", r"\d{1,3}\.\d+", r"[,/]"),
    _pair(r"\d{1,2},\d+", r"\d{1,3},\d+", r"\s*[,/]\s+|\s*;\s*|\s+"),
)
"""A comma or slash with no blank stands between two coordinates only where both have decimals: `9,05` is one number."""
_PAIRS = tuple(re.compile(written, re.IGNORECASE) for written in _WRITTEN)
_NAMED = tuple(
    re.compile(
        rf"(?P<name>.*?[^\W_][^\s,;]*)[\s,;:]+\(?(?P<pair>(?={_SIGN}\d{{1,2}}[.,]\d){written})\)?",
        re.IGNORECASE,
    )
    for written in _WRITTEN
)
"""Behind a name the coordinates have decimals: `Camp 2` is no point of the earth."""


@dataclass(frozen=True)
class Spot:
    """A point that was typed, with what is known of it."""

    latitude: float
    longitude: float
    fills: Mapping[str, Value]
    """Columns that follow: country and provinces of the nearest known place, precision 1."""
    why: str
    """Where it lies, in a few words."""


def read_pair(text: str) -> tuple[float, float] | None:
    """Latitude and longitude typed together; None where the text is no pair or lies not on the earth.

    >>> read_pair("35.19, 36.72"), read_pair("35,19 36,72"), read_pair("1.5S 30E"), read_pair("9,05")
    ((35.19, 36.72), (35.19, 36.72), (-1.5, 30.0), None)
    """
    found = next((found for pair in _PAIRS if (found := pair.fullmatch(_spaced(text)))), None)
    if found is None:
        return None
    latitude, longitude = (
        float(found[part].replace("−", "-").replace(",", ".")) for part in ("latitude", "longitude")
    )
    latitude = -latitude if (found["ns"] or "").upper() == "S" else latitude
    longitude = -longitude if (found["ew"] or "").upper() == "W" else longitude
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def read_named(text: str) -> tuple[str, tuple[float, float]] | None:
    """A name with coordinates behind it; None where one of them is missing.

    >>> read_named("Qamhanat 35.19 36.72")
    ('Qamhanat', (35.19, 36.72))
    """
    found = next((found for named in _NAMED if (found := named.fullmatch(_spaced(text)))), None)
    pair = read_pair(found["pair"]) if found else None
    named = found is not None and re.search(r"[^\W\d_]", found["name"])
    return (found["name"].strip(), pair) if found and named and pair else None


_MOST = 200
"""Letters of a name with its coordinates; a page pasted into the field would cost the patterns minutes."""


def _spaced(text: str) -> str:
    """With single blanks; nothing of a text that is no name any more."""
    spaced = " ".join(text.split())
    return spaced if len(spaced) <= _MOST else ""


def spot_at(pair: tuple[float, float], places: Places | None) -> Spot:
    """What follows from a point: the areas of the nearest known place, if one is known around."""
    latitude, longitude = pair
    fills: dict[str, Value] = {"latitude": latitude, "longitude": longitude, "geo_precision": 1}
    near = places.nearest(latitude, longitude) if places is not None else None
    if near is None:
        return Spot(latitude, longitude, fills, "no known place is near")
    place, km = near
    areas = {column: getattr(place, column) for column in ("country", "admin1", "admin2", "admin3")}
    return Spot(latitude, longitude, {**areas, **fills}, f"{km:.0f} km from {place.name}")
