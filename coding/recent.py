"""The one place where a project's own coded rows say what is likely next: recency and frequency, by country and company.

Memory only; the rows come from whoever reads the store. A value used often and lately stands near 1, a new one at 0.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from coding.candidate import Value
from coding.matching import prepared

_FADES = 0.985
"""A use counts this much less with every later event: half after about 46 events."""

_BEGINNINGS = (1, 2, 3)
"""Lengths of word beginnings under which values are found."""
_MANY = 250

LEARNED = (
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "actor2",
    "assoc_actor_2",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "source",
    "tags",
    "source_scale",
)
"""Fields that are remembered."""

_COMPANY: Mapping[str, tuple[str, ...]] = {
    "sub_event_type": ("source",),
    "actor1": ("sub_event_type", "country", "source"),
    "assoc_actor_1": ("actor1",),
    "actor2": ("actor1", "sub_event_type", "country"),
    "assoc_actor_2": ("actor2",),
    "country": ("source", "actor1", "actor2"),
    "admin1": ("country",),
    "admin2": ("country", "admin1"),
    "admin3": ("admin1", "admin2"),
    "location": ("country", "actor1", "actor2"),
    "source": ("country",),
    "tags": ("sub_event_type",),
}
"""The fields whose value makes another field's value likelier."""

_BRINGS: Mapping[str, tuple[str, ...]] = {
    "location": ("country", "admin1", "admin2", "admin3", "latitude", "longitude", "geo_precision"),
    "actor1": ("inter1",),
    "actor2": ("inter2",),
    "source": ("source_scale",),
}
"""What a remembered value filled when it was used last."""


@dataclass
class _Use:
    """How much a value was used, told at the moment of its last use."""

    weight: float = 0.0
    at: int = 0

    def add(self, now: int) -> None:
        self.weight = self.now(now) + 1.0
        self.at = now

    def now(self, now: int) -> float:
        return self.weight * float(_FADES ** (now - self.at))


class Recent:
    """What was coded, and how lately."""

    def __init__(self, rows: Iterable[Mapping[str, Value]] = ()) -> None:
        self._now = 0
        self._uses: dict[tuple[str, str, str], dict[str, _Use]] = defaultdict(dict)
        self._brought: dict[tuple[str, str], dict[str, Value]] = {}
        self._places: dict[str, dict[str, Value]] = {}
        self._by_letters: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for row in rows:
            self.learn(row)

    def learn(self, row: Mapping[str, Value]) -> None:
        """Remember a coded row; older rows have to come first."""
        self._now += 1
        for field in LEARNED:
            for value in _members(field, row.get(field)):
                self._learn_value(field, value, row)

    def _learn_value(self, field: str, value: str, row: Mapping[str, Value]) -> None:
        for other, company in (("", ""), *((name, _text(row.get(name))) for name in _COMPANY.get(field, ()))):
            if other == "" or company:
                self._uses[field, other, company].setdefault(value, _Use()).add(self._now)
        brought = {name: row[name] for name in _BRINGS.get(field, ()) if row.get(name) is not None}
        key = f"{value}\n{_text(row.get('country'))}" if field == "location" else value
        self._brought[field, key] = brought
        if field == "location":
            self._places[value] = brought
        for letters in {word[:length] for word in prepared(value).words for length in _BEGINNINGS}:
            bucket = self._by_letters[field, letters]
            bucket.pop(value, None)
            bucket[value] = None

    def likelihood(self, field: str, value: str, row: Mapping[str, Value]) -> float:
        """0 for a value never used, towards 1 for one used often and lately in the company of this row."""
        fields = [name for name in _COMPANY.get(field, ()) if row.get(name)]
        weights = [self._weight(field, name, _text(row.get(name)), value) for name in fields]
        alone = self._weight(field, "", "", value)
        together = sum(weights) / len(weights) if weights else alone
        return 0.35 * alone + 0.65 * together

    def likeliest(self, field: str, row: Mapping[str, Value], limit: int = 30) -> list[str]:
        """The values used most and last, those in the company of this row first."""
        pools = [self._uses.get((field, name, _text(row.get(name))), {}) for name in _COMPANY.get(field, ())]
        known = dict.fromkeys(
            value for pool in (*pools, self._uses.get((field, "", ""), {})) for value in self._top(pool)
        )
        return sorted(known, key=lambda value: -self.likelihood(field, value, row))[:limit]

    def beginning_with(self, field: str, typed: str) -> list[str]:
        """Remembered values of which any word begins like the typed one, the last used first, a few hundred at most."""
        bucket = self._by_letters.get((field, typed[: _BEGINNINGS[-1]]), {})
        return list(islice(reversed(bucket), _MANY))

    def values(self, field: str) -> Sequence[str]:
        """Everything remembered for a field."""
        return list(self._uses.get((field, "", ""), {}))

    def brings(self, field: str, value: str, country: str = "") -> Mapping[str, Value]:
        """What a value filled when it was used last; places of the same name differ by country."""
        if field != "location":
            return self._brought.get((field, value), {})
        exact = self._brought.get((field, f"{value}\n{country}"))
        if exact is not None or country:
            return exact or {}
        return self._places.get(value, {})

    def _top(self, pool: Mapping[str, _Use], limit: int = 60) -> list[str]:
        return sorted(pool, key=lambda value: -pool[value].now(self._now))[:limit]

    def _weight(self, field: str, other: str, company: str, value: str) -> float:
        use = self._uses.get((field, other, company), {}).get(value)
        weight = use.now(self._now) if use else 0.0
        return weight / (weight + 1.5)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _members(field: str, value: Value) -> list[str]:
    text = _text(value)
    return (
        [part for part in re.split(r"\s*;\s*", text) if part] if field in _LISTS else [text] if text else []
    )


_LISTS = frozenset({"assoc_actor_1", "assoc_actor_2", "source", "tags"})
