"""The one place where a place name is found while it is typed: the project's confirmed places first, then the world's."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from data.vocabulary.changes import (
    PLACES,
    Cells,
    Change,
    checked_name,
    keep_within,
    merge,
    own_entries,
    set_state,
    stored,
    undo,
)
from data.vocabulary.gazetteer import added_files, build
from data.vocabulary.keys import WordIndex, search_key
from data.vocabulary.tables import writing
from data.vocabulary.uses import Uses
from data.vocabulary.world import World, WorldPlace, distance_km
from schema.errors import StoreError, UnusableInput
from schema.vocabulary import COUNTRIES_FILE, members

if TYPE_CHECKING:
    from data.project import Project

CONFIRMED: Final = "confirmed in this project"
GEONAMES: Final = "GeoNames"
EXACT_LEAD: Final = 300
"""A place that is called just what was typed stands before one eight times its size that begins so."""


@dataclass(frozen=True)
class Place:
    """One place a row can be coded to, with everything it fills."""

    place_id: str
    """gn:NUMBER for a place of the gazetteer, country / admin1 / … / name for one of the project."""
    name: str
    country: str
    admin1: str | None = None
    admin2: str | None = None
    admin3: str | None = None
    latitude: float = 0.0
    longitude: float = 0.0
    geo_precision: int | None = 1
    population: int = 0
    provenance: str = GEONAMES
    label: str = ""
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.label:
            areas = list(dict.fromkeys(area for area in (self.admin2, self.admin1, self.country) if area))
            object.__setattr__(self, "label", f"{self.name} · {', '.join(areas)}")

    @property
    def fills(self) -> dict[str, str | int | float | None]:
        """The columns that choosing this place fills."""
        return {
            "location": self.name, "country": self.country, "admin1": self.admin1, "admin2": self.admin2,
            "admin3": self.admin3, "latitude": self.latitude, "longitude": self.longitude,
            "geo_precision": self.geo_precision,
        }  # fmt: skip


class Places:
    """The places of a project; one object may be asked from several threads."""

    def __init__(self, project: Project | None, worlds: list[World]) -> None:
        self._project = project
        self._worlds = worlds
        self.refresh()

    @classmethod
    def open(cls, project: Project | None = None) -> Places:
        """Open the gazetteer (built the first time, some seconds) and the project's confirmed places."""
        try:
            world = World(build())
        except StoreError:
            world = World(build(anew=True))
        return cls(project, [*(World(file) for file in added_files()), world])

    def close(self) -> None:
        """Close the gazetteer."""
        for world in self._worlds:
            world.close()

    def refresh(self) -> None:
        """Read again what the project has confirmed since."""
        uses = Uses.of(self._project, PLACES.name)
        own = [] if self._project is None else own_entries(self._project, PLACES)
        self._own = _Confirmed(own, uses)

    def search(
        self, typed: str, *, country: str | None = None, limit: int = 9, slips: bool = True
    ) -> list[Place]:
        """The places that the typed letters can mean, the likeliest first; `slips` allows for those of the finger."""
        key, confirmed = search_key(typed), self._own
        own = confirmed.search(key, country, limit)
        if not key or len(own) >= limit:
            return own[:limit]
        taken = {(search_key(place.name), place.country) for place in own}
        found = self._from_world(key, country, limit, taken, confirmed.hidden, typo=False)
        if not own and not found and country is None and (split := _country_named(key)) is not None:
            return self.search(split[0], country=split[1], limit=limit, slips=slips)
        if slips and not own and not found:
            found = self._from_world(key, country, limit, taken, confirmed.hidden, typo=True)
        return [*own, *found][:limit]

    def nearest(
        self, latitude: float, longitude: float, *, within_km: float = 100.0
    ) -> tuple[Place, float] | None:
        """The place nearest to a point and how many kilometres away it is; None where none is known around."""
        own = [
            (distance_km(latitude, longitude, place.latitude, place.longitude), place)
            for place in self._own.places
        ]
        around = [
            (world, found[0])
            for world in self._worlds
            if (found := world.near(latitude, longitude, within_km))
        ]
        world_places = [
            (km, _of_world(spot)) for world, (km, number) in around for spot in world.places([number])
        ]
        near = [each for each in (*own, *world_places) if each[0] <= within_km]
        return min(((place, km) for km, place in near), key=lambda each: each[1], default=None)

    def provinces(self, country: str) -> tuple[str, ...]:
        """The first-order divisions of a country that the gazetteer and the country files know."""
        return tuple(dict.fromkeys(name for world in self._worlds for name in world.provinces(country)))

    def knows_province(self, name: str, country: str) -> bool:
        """Whether a place of the country lies there; yes also where no division of the country is known."""
        known = self.provinces(country)
        own = (place.admin1 for place in self._own.places if place.country == country)
        return not known or name in known or name in own

    def confirm(self, project: Project, place: Place, *, coder: str = "") -> Place:
        """Keep a location a coder stands for; it comes first from now on."""
        with writing(project) as db:
            entry = confirm_within(db, place, coder=coder)
        self.refresh()
        return replace(place, place_id=entry, provenance=CONFIRMED)

    def get(self, place_id: str) -> Place | None:
        """The place of this id, the project's own or the gazetteer's."""
        for place in self._own.places:
            if place.place_id == place_id:
                return place
        number = place_id.removeprefix("gn:")
        if number.isdigit():
            for world in self._worlds:
                for found in world.places([int(number)]):
                    return _of_world(found)
        return None

    def merge(self, place_id: str, into: str, *, coder: str, why: str = "") -> int:
        """Let a confirmed place stand for another that is the same."""
        number = merge(self._owned(), PLACES, place_id, into, {}, coder=coder, why=why)
        self.refresh()
        return number

    def reject(self, name: str, *, coder: str, why: str = "") -> int:
        """Take one of the project's own places out of the answers, by its name or, where several are called so, its entry."""
        called = [place.place_id for place in self._own.places if name in (place.place_id, place.name)]
        if not called:
            raise UnusableInput(
                f"The project has no place {name!r} of its own; "
                "list them with: eventcoder vocabulary export DIR place FILE --own"
            )
        if len(called) > 1:
            raise UnusableInput(
                f"{len(called)} places are called {name!r}; name one whole: {', or '.join(called)}"
            )
        number = set_state(self._owned(), PLACES, called[0], None, "rejected", coder=coder, why=why)
        self.refresh()
        return number

    def undo(self, *, coder: str) -> Change:
        """Take back the newest change of the places."""
        change = undo(self._owned(), coder=coder, kind=PLACES)
        self.refresh()
        return change

    def _owned(self) -> Project:
        if self._project is None:
            raise StoreError("No project is open; places are kept in a project.")
        return self._project

    def _from_world(
        self,
        key: str,
        country: str | None,
        limit: int,
        taken: set[tuple[str, str]],
        hidden: set[int],
        *,
        typo: bool,
    ) -> list[Place]:
        ranked: list[tuple[int, Place]] = []
        numbers = set(hidden)
        for world in self._worlds:
            asked = world.alike if typo else world.beginning
            found = [
                (number, rank) for number, rank in asked(key, country, limit * 2) if number not in numbers
            ]
            ranks = dict(found)
            numbers.update(ranks)
            for order, spot in enumerate(world.places(ranks)):
                if (search_key(spot.name), spot.country) not in taken:
                    place = _of_world(spot)
                    exact = key in (search_key(spot.name), search_key(spot.original or ""))
                    ranked.append((order if typo else ranks[spot.number] - EXACT_LEAD * exact, place))
        ranked.sort(key=lambda item: item[0])
        return [place for _rank, place in ranked[:limit]]


class _Confirmed:
    """The project's own places as they stand at one moment; never changed, so that threads may ask it."""

    def __init__(self, own: list[Cells], uses: Uses) -> None:
        live = [cells for cells in own if cells["state"] in ("approved", "proposed")]
        live.sort(key=lambda cells: -uses.weight(cells["entry"], cells["country"]))
        self.hidden = {cells["geonames_id"] for cells in own if cells["geonames_id"] is not None}
        """Numbers of the gazetteer that an own entry stands for."""
        self.places = [_of_cells(cells) for cells in live]
        self._weights = [uses.weight(place.place_id, place.country) for place in self.places]
        self._index = WordIndex((place.name, *place.aliases) for place in self.places)

    def search(self, key: str, country: str | None, limit: int) -> list[Place]:
        def here(at: int) -> bool:
            return country is None or self.places[at].country == country

        found = self._index.find(key, limit * 4, here)
        found.sort(key=lambda at: (self._index.closeness(at, key), -self._weights[at]))
        return [self.places[at] for at in found[:limit]]


def _country_named(key: str) -> tuple[str, str] | None:
    """What is left of the key, and the country named at its end: "hama syria" is Hama in Syria."""
    words = key.split()
    for cut in range(1, len(words)):
        if (country := _countries_by_key().get(" ".join(words[cut:]))) is not None:
            return " ".join(words[:cut]), country
    return None


@cache
def _countries_by_key() -> dict[str, str]:
    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as handle:
        rows = [(row["name"], members(row["aliases"])) for row in csv.DictReader(handle)]
    return {search_key(spelling): name for name, aliases in rows for spelling in (*aliases, name)}


def place_of_row(row: Mapping[str, Any]) -> Place | None:
    """The place a coded row stands at; None unless it is named, in a country, and has coordinates."""
    name, country = row.get("location"), row.get("country")
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if not (isinstance(name, str) and name and isinstance(country, str) and country):
        return None
    if not (isinstance(latitude, int | float) and isinstance(longitude, int | float)):
        return None
    return Place(
        "", name, country, row.get("admin1"), row.get("admin2"), row.get("admin3"), float(latitude), float(longitude),
        row.get("geo_precision"), provenance=CONFIRMED,
    )  # fmt: skip


def entry_of(place: Place) -> str:
    """The key a project knows a place by."""
    return " / ".join(
        part or "-" for part in (place.country, place.admin1, place.admin2, place.admin3, place.name)
    )


def confirm_within(db: sqlite3.Connection, place: Place, *, coder: str) -> str:
    """Keep a confirmed place within the caller's transaction; nothing is written where it stands already."""
    entry = entry_of(place)
    known = stored(db, PLACES, entry)
    if known is not None and known["state"] == "merged":
        return str(known["merged_into"])
    geonames_id = None
    with suppress(ValueError):
        geonames_id = int(place.place_id.removeprefix("gn:")) if place.place_id.startswith("gn:") else None
    cells = {
        "name": place.name, "country": place.country, "admin1": place.admin1, "admin2": place.admin2,
        "admin3": place.admin3, "latitude": place.latitude, "longitude": place.longitude,
        "geo_precision": place.geo_precision, "aliases": "; ".join(place.aliases),
    }  # fmt: skip
    if known is not None and known["state"] != "rejected":
        same = (known["latitude"], known["longitude"]) == (place.latitude, place.longitude)
        if same and (geonames_id is None or known["geonames_id"] == geonames_id):
            return entry
        cells["aliases"] = known["aliases"]
    if place.population:
        cells["population"] = place.population
    if geonames_id is not None:
        cells["geonames_id"] = geonames_id
    keep_within(db, PLACES, entry, cells, coder=coder, act="confirm", state="approved", provenance=CONFIRMED)
    return entry


def check_place(cells: Cells) -> Cells:
    """An entry's cells with numbers as numbers, or one sentence about what is wrong."""
    name = checked_name(PLACES, cells.get("name"))
    try:
        latitude, longitude = float(cells["latitude"]), float(cells["longitude"])
    except (TypeError, ValueError):
        raise UnusableInput(f"{name!r} needs a latitude and a longitude as numbers.") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise UnusableInput(f"{name!r} lies at {latitude}, {longitude}, which is not on the earth.")
    whole = {}
    for column in ("geo_precision", "population", "geonames_id"):
        text = cells.get(column)
        try:
            whole[column] = None if text in (None, "") else int(str(text))
        except ValueError:
            raise UnusableInput(f"{name!r}: {column} {text!r} is no whole number.") from None
    if whole["geo_precision"] not in (None, 1, 2, 3):
        raise UnusableInput(f"{name!r}: geo_precision is 1, 2 or 3, not {whole['geo_precision']}.")
    return {**cells, "name": name, "latitude": latitude, "longitude": longitude, **whole}


def _of_cells(cells: Cells) -> Place:
    return Place(
        cells["entry"], cells["name"], cells["country"], cells["admin1"], cells["admin2"], cells["admin3"],
        cells["latitude"], cells["longitude"], cells["geo_precision"], cells["population"] or 0,
        cells["provenance"] if cells["state"] == "approved" else f"{cells['state']}: {cells['provenance']}",
        aliases=tuple(alias.strip() for alias in (cells["aliases"] or "").split(";") if alias.strip()),
    )  # fmt: skip


def _of_world(spot: WorldPlace) -> Place:
    aliases = (spot.original,) if spot.original else ()
    return Place(
        f"gn:{spot.number}", spot.name, spot.country, spot.admin1, spot.admin2, spot.admin3, spot.latitude,
        spot.longitude, spot.geo_precision, spot.population, aliases=aliases,
    )  # fmt: skip
