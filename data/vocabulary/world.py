"""The one place where gazetteer files are asked: which places have a name that begins like this."""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from schema.errors import StoreError

LAST: Final = "\U0010ffff"
KM_OF_A_DEGREE: Final = 111.2
_MOST_COMPARED: Final = 20_000
_LIKENESS: Final = 74.0


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres between two points of the earth.

    >>> round(distance_km(35.13, 36.75, 34.73, 36.71))
    45
    """
    first, second = math.radians(latitude), math.radians(other_latitude)
    across = math.radians(other_longitude - longitude)
    chord = (
        math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(across / 2) ** 2
    )
    return 2 * math.degrees(math.asin(min(math.sqrt(chord), 1.0))) * KM_OF_A_DEGREE


@dataclass(frozen=True, slots=True)
class WorldPlace:
    """A place as a gazetteer file has it."""

    number: int
    name: str
    original: str | None
    country: str
    admin1: str | None
    admin2: str | None
    admin3: str | None
    latitude: float
    longitude: float
    geo_precision: int
    population: int


class World:
    """One gazetteer file, open for reading; threads take turns."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._turn = threading.Lock()
        self._provinces: dict[str, tuple[str, ...]] = {}
        self._db = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        try:
            self._codes = {name: code for code, name in self._rows("SELECT code, name FROM country")}
        except StoreError:
            self._db.close()
            raise
        self._names = {code: name for name, code in self._codes.items()}

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def beginning(self, key: str, country: str | None, limit: int) -> list[tuple[int, int]]:
        """(place, rank) of the places with a name whose words from somewhere on begin with the key, best first."""
        code = self._code(country)
        if code is None or not key:
            return []
        with self._turn:
            exact = self._exact(key, code, limit)
            shared = self._rows(
                "SELECT rank, place FROM best WHERE country = ? AND key = ? LIMIT ?", (code, key, limit)
            )
            if not shared:
                shared = self._range(key, code, limit)
        best: dict[int, int] = {}
        for rank, place in [*exact, *shared]:
            best.setdefault(place, rank)
        return list(best.items())[:limit]

    def alike(self, key: str, country: str | None, limit: int) -> list[tuple[int, int]]:
        """(place, rank) of the places whose names look like the key: for slips of the finger, when nothing begins so."""
        from rapidfuzz import fuzz, process

        code = self._code(country)
        if code is None or len(key) < 3:
            return []
        with self._turn:
            rows = self._from_first_letters(key, code)
            names = list(dict.fromkeys(row[0][: len(key) + 2] for row in rows))
            near = process.extract(key, names, scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=limit)
            found = [(name, score) for name, score, _at in near]
            best: dict[int, tuple[float, int]] = {}
            for name, score in found:
                for rank, place in self._range(name, code, limit):
                    if place not in best:
                        best[place] = (-score, rank)
        return [(place, rank) for place, (_score, rank) in sorted(best.items(), key=lambda item: item[1])][
            :limit
        ]

    def near(self, latitude: float, longitude: float, within_km: float) -> list[tuple[float, int]]:
        """(kilometres, place) of the places around a point, the nearest first; not over the date line."""
        high = within_km / KM_OF_A_DEGREE
        wide = high / max(math.cos(math.radians(latitude)), 0.01)
        with self._turn:
            rows = self._rows(
                "SELECT place, latitude, longitude FROM place INDEXED BY place_there "
                "WHERE latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ?",
                (latitude - high, latitude + high, longitude - wide, longitude + wide),
            )
        found = [(distance_km(latitude, longitude, lat, lon), place) for place, lat, lon in rows]
        return sorted(each for each in found if each[0] <= within_km)

    def places(self, numbers: Iterable[int]) -> list[WorldPlace]:
        """The places of these numbers, in this order."""
        wanted = list(numbers)
        marks = ",".join("?" * len(wanted))
        with self._turn:
            rows = self._rows(
                "SELECT place, name, original, country, admin1, admin2, admin3, latitude, longitude, geo_precision, population "
                f"FROM place WHERE place IN ({marks})",
                wanted,
            )
        found = {row[0]: WorldPlace(row[0], row[1], row[2], self._names[row[3]], *row[4:]) for row in rows}
        return [found[number] for number in wanted if number in found]

    def provinces(self, country: str) -> tuple[str, ...]:
        """The first-order divisions that its places lie in, in the order of the alphabet; read once a country."""
        if country not in self._provinces:
            with self._turn:
                rows = self._rows(
                    "SELECT DISTINCT admin1 FROM place WHERE country = ? AND admin1 IS NOT NULL ORDER BY admin1",
                    (self._codes.get(country),),
                )
            self._provinces[country] = tuple(name for (name,) in rows)
        return self._provinces[country]

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        try:
            return self._db.execute(query, parameters).fetchall()
        except sqlite3.Error as error:
            raise StoreError(
                f"The gazetteer {self.file} is damaged ({error}); delete it, it is built again when it is next needed."
            ) from error

    def _code(self, country: str | None) -> int | None:
        return 0 if country is None else self._codes.get(country)

    def _exact(self, key: str, code: int, limit: int) -> list[tuple[int, int]]:
        if code:
            query = "SELECT rank, place FROM name WHERE country = ? AND key = ? ORDER BY rank LIMIT ?"
            return self._rows(query, (code, key, limit))
        query = "SELECT rank, place FROM name INDEXED BY name_anywhere WHERE key = ? ORDER BY rank LIMIT ?"
        return self._rows(query, (key, limit))

    def _range(self, key: str, code: int, limit: int) -> list[tuple[int, int]]:
        if code:
            query = (
                "SELECT min(rank), place FROM name WHERE country = ? AND key >= ? AND key < ? "
                "GROUP BY place ORDER BY 1 LIMIT ?"
            )
            return self._rows(query, (code, key, key + LAST, limit))
        query = (
            "SELECT min(rank), place FROM name INDEXED BY name_anywhere WHERE key >= ? AND key < ? "
            "GROUP BY place ORDER BY 1 LIMIT ?"
        )
        return self._rows(query, (key, key + LAST, limit))

    def _from_first_letters(self, key: str, code: int) -> list[tuple[str]]:
        rows: list[tuple[str]] = []
        for letters in (2, 1):
            start = key[:letters]
            if code:
                query = "SELECT key FROM name WHERE country = ? AND key >= ? AND key < ? LIMIT ?"
                rows = self._rows(query, (code, start, start + LAST, _MOST_COMPARED))
            elif letters == 2:
                query = "SELECT key FROM name INDEXED BY name_anywhere WHERE key >= ? AND key < ? LIMIT ?"
                rows = self._rows(query, (start, start + LAST, _MOST_COMPARED))
            if rows:
                break
        return rows
