"""The one place where a project remembers which names it uses, and where, so that they come first when people type."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from data.vocabulary.tables import reading

if TYPE_CHECKING:
    from data.project import Project

HALF_LIFE_DAYS: Final = 60.0
"""A use this old counts half."""
_US_A_DAY: Final = 86_400_000_000


class Uses:
    """How much each entry of one vocabulary is used, in all and by country; recent uses weigh more."""

    def __init__(self, rows: Iterable[tuple[str, str, int, int]] = ()) -> None:
        now = time.time_ns() // 1000
        self._by_country: dict[str, dict[str, float]] = {}
        self._anywhere: dict[str, float] = {}
        for entry, country, uses, last_used in rows:
            weight = uses * 0.5 ** ((now - last_used) / _US_A_DAY / HALF_LIFE_DAYS)
            self._by_country.setdefault(country, {})[entry] = weight
            self._anywhere[entry] = self._anywhere.get(entry, 0.0) + weight

    @classmethod
    def of(cls, project: Project | None, kind: str) -> Uses:
        """What the project remembers of one vocabulary."""
        if project is None:
            return cls()
        with reading(project) as db:
            if db is None:
                return cls()
            query = "SELECT entry, country, uses, last_used FROM vocabulary_use WHERE kind = ?"
            return cls(db.execute(query, (kind,)).fetchall())

    def weight(self, entry: str, country: str | None) -> float:
        """The weight of an entry: what this country uses counts most, then what the project uses anywhere."""
        here = self._by_country.get(country or "", {}).get(entry, 0.0)
        return here * 10 + self._anywhere.get(entry, 0.0)

    def used_in(self, country: str | None) -> list[str]:
        """The entries used in a country (or anywhere), the heaviest first."""
        weights = self._anywhere if country is None else self._by_country.get(country, {})
        return sorted(weights, key=lambda entry: (-weights[entry], entry))

    @property
    def entries(self) -> list[str]:
        """Every entry in use."""
        return list(self._anywhere)


def count(db: sqlite3.Connection, kind: str, entries: Sequence[str], country: str) -> None:
    """Note that these entries were used in a country once more, within the caller's transaction."""
    db.executemany(
        "INSERT INTO vocabulary_use VALUES (?, ?, ?, 1, ?) "
        "ON CONFLICT DO UPDATE SET uses = uses + 1, last_used = max(last_used, excluded.last_used)",
        [(kind, entry, country, time.time_ns() // 1000) for entry in dict.fromkeys(entries)],
    )
