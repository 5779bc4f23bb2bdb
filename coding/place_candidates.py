"""The one place where locations are proposed: places coded before, then the gazetteer, the event's country first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from coding.asking import AT_HOME, MENTIONED, OFTEN, Asked, Pool, type_at_home, type_in
from coding.candidate import Candidate, Value
from coding.coordinates import read_named, read_pair, spot_at
from coding.matching import prepared, typos
from schema.text import fold

if TYPE_CHECKING:
    from data.vocabulary.places import Place

FILLED = ("country", "admin1", "admin2", "admin3", "latitude", "longitude", "geo_precision")
"""What choosing a place decides."""


NEAR = "~"
"""Typed before a place: the event was near it (`~bama`, precision 2) or in the region around it (`~~bama`, 3)."""


def place_candidates(asked: Asked) -> list[Candidate]:
    """Locations with everything they fill, also the types of actors that are abroad there."""
    typed = asked.typed.lstrip()
    bare = typed.lstrip(NEAR)
    precision = min(len(typed) - len(bare) + 1, 3)
    found = [*_with_coordinates(asked, bare), *_places(replace(asked, typed=bare))]
    if precision == 1:
        return found
    return [replace(each, fills={**each.fills, "geo_precision": precision}) for each in found]


def coordinate_candidates(asked: Asked) -> list[Candidate]:
    """For the field of the latitude: both coordinates typed at once, with what is still open of the place."""
    pair = read_pair(asked.typed)
    if pair is None:
        return []
    spot = spot_at(pair, asked.places)
    fills = {
        column: value
        for column, value in spot.fills.items()
        if column == "longitude" or (column != "latitude" and asked.row.get(column) is None)
    }
    label = f"{spot.latitude:g}, {spot.longitude:g}"
    return [Candidate("latitude", spot.latitude, label, _areas(spot.fills), fills, why=spot.why)]


def _with_coordinates(asked: Asked, typed: str) -> list[Candidate]:
    """A new place, typed with its coordinates behind the name."""
    named = read_named(typed)
    if named is None:
        return []
    name, pair = named
    spot = spot_at(pair, asked.places)
    country = spot.fills.get("country")
    types = types_there(asked, country) if isinstance(country, str) else {}
    return [
        Candidate("location", name, name, _areas(spot.fills), {**spot.fills, **types}, why=f"new, {spot.why}")
    ]


def _areas(fills: Mapping[str, Value]) -> str:
    return ", ".join(_distinct("", fills))


def _places(asked: Asked) -> list[Candidate]:
    pool = Pool(asked)
    if asked.mentions:
        for place in asked.mentions.places:
            _offer(pool, asked, place.name, _fills_of(place), None, MENTIONED, "in the article")
    for name in _used(asked):
        _offer(
            pool,
            asked,
            name,
            asked.recent.brings("location", name, asked.text("country")),
            None,
            0.0,
            "coded before",
        )
    for place, quality in _of_gazetteer(asked):
        _offer(pool, asked, place.name, _fills_of(place), quality, 0.0, "")
    if asked.typed.strip() and len(pool) == 0:
        return _guesses(asked)
    return pool.best()


def _guesses(asked: Asked) -> list[Candidate]:
    """Names that differ from what is typed: by one letter a slip of the finger, by more another place, perhaps."""
    pool = Pool(asked)
    for name, quality in typos(asked.typed, asked.recent.values("location"), asked.limit):
        _offer(pool, asked, name, asked.recent.brings("location", name), quality, 0.0, "a typo of")
    for place, quality in _of_gazetteer(asked, slips=True):
        _offer(pool, asked, place.name, _fills_of(place), quality, 0.0, "a typo of")
    return [replace(each, is_a_guess=not _differs_by_a_slip(asked.typed, each.label)) for each in pool.best()]


def _differs_by_a_slip(typed: str, name: str) -> bool:
    from rapidfuzz.distance import OSA

    written, called = fold(typed), fold(name)
    return min(OSA.distance(written, called), OSA.distance(written, called[: len(written)])) <= 1


def _used(asked: Asked) -> list[str]:
    words = prepared(asked.typed).words
    if words:
        return asked.recent.beginning_with("location", words[0])
    return asked.recent.likeliest("location", asked.row)


def _of_gazetteer(asked: Asked, *, slips: bool = False) -> list[tuple[Place, float]]:
    """Places that answer to what is typed, with a quality in the gazetteer's own order; slips only in countries known."""
    if asked.places is None or not asked.typed.strip():
        return []
    scopes: list[str | None] = [*asked.countries[:2]]
    if len(asked.typed.strip()) > 2 and not asked.text("country") and not (slips and scopes):
        scopes.append(None)
    found = []
    for scope in scopes or [None]:
        for order, place in enumerate(
            asked.places.search(asked.typed, country=scope, limit=asked.limit, slips=slips)
        ):
            found.append((place, 2.0 - order * 0.1))
    return found


def _offer(
    pool: Pool,
    asked: Asked,
    name: str,
    fills: Mapping[str, Value],
    quality: float | None,
    gains: float,
    why: str,
) -> None:
    country = fills.get("country")
    if not isinstance(country, str) or pool.answer(name, otherwise=quality) is None:
        return
    near = AT_HOME * 2 / (1 + asked.countries.index(country)) if country in asked.countries else 0.0
    used = OFTEN * asked.recent.likelihood("location", name, {**asked.row, "country": country})
    known = quality is not None
    pool.offer_name(
        name,
        otherwise=quality,
        gains=gains + near + used + ((quality or 0.0) * 0.2 if known else 0.0),
        why=why,
        detail=", ".join(_distinct(name, fills)),
        fills={**fills, **types_there(asked, country)},
        spans=asked.mentions.spans.get(name, ()) if asked.mentions else (),
    )


def _distinct(name: str, fills: Mapping[str, Value]) -> list[str]:
    parts = (fills.get(column) for column in ("admin3", "admin2", "admin1", "country"))
    return list(dict.fromkeys(part for part in parts if isinstance(part, str) and part != name))


def _fills_of(place: Place) -> dict[str, Value]:
    return {column: getattr(place, column) for column in FILLED}


def types_there(asked: Asked, country: str) -> dict[str, Value]:
    """The types of the row's actors once the country is known: an army abroad is an external force."""
    types: dict[str, Value] = {}
    for actor, inter in (("actor1", "inter1"), ("actor2", "inter2")):
        now, name = asked.text(inter), asked.text(actor)
        there = type_in(asked.codebook, name, type_at_home(asked.codebook, name, now), country)
        if now and there != now:
            types[inter] = there
    return types
