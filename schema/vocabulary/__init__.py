"""The one place where the seed vocabularies are read: actors with their years, sources, admin names, territories.

The tables beside this file are compiled from public facts; a project's own entries are added by the data layer, and
win over these. Pure Python, no storage.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
COUNTRIES_FILE: Final = FOLDER.parent / "acled" / "countries.csv"
STATE_FORCES: Final = "State forces"
EXTERNAL_FORCES: Final = "External/Other forces"


@dataclass(frozen=True, slots=True)
class SeedActor:
    """An actor as the seed knows it."""

    name: str
    actor_type: str
    """The label of `inter1` in the actor's own country."""
    country: str | None = None
    """Where it is at home; None for actors of several countries."""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    aliases: tuple[str, ...] = ()
    predecessor: str | None = None
    successor: str | None = None
    use: str = "main"
    """main, associate, or both: the columns the name is meant for."""
    origin: str = "group"
    """group, movement, regime, or generic: the table the name was made from."""


@dataclass(frozen=True, slots=True)
class SeedSource:
    """A news outlet or report as the seed knows it."""

    name: str
    domain: str | None
    scale: str
    country: str | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Regime:
    """The years in which one government held the state forces of a country."""

    country: str
    first_day: dt.date
    last_day: dt.date | None

    @property
    def years(self) -> str:
        """As it stands in the names of its forces: 2000-2024, or 2024- while it lasts."""
        return f"{self.first_day.year}-{'' if self.last_day is None else self.last_day.year}"


def rows_of(table: str) -> Iterator[dict[str, str]]:
    """The rows of one of the tables in this folder."""
    with (FOLDER / table).open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def members(text: str) -> tuple[str, ...]:
    """The members of a list cell."""
    return tuple(item for item in (part.strip() for part in text.split(";")) if item)


@cache
def demonyms() -> Mapping[str, tuple[str, ...]]:
    """What the people of a country are called: Lebanese, Salvadoran."""
    return {row["country"]: members(row["demonyms"]) for row in rows_of("demonyms.csv")}


@cache
def ordinary_words() -> frozenset[str]:
    """English words that are no names, in small letters; some towns are called so too (Nice, Mobile)."""
    lines = (FOLDER / "ordinary_words.txt").read_text("ascii").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def country_names() -> tuple[str, ...]:
    """The countries and territories the codebook knows."""
    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as handle:
        return tuple(row["name"] for row in csv.DictReader(handle))


@cache
def sovereigns() -> dict[str, str]:
    """Territory to the state whose forces are at home there."""
    return {row["territory"]: row["sovereign"] for row in rows_of("territories.csv")}


@cache
def regimes() -> tuple[Regime, ...]:
    """Every regime, in the order of countries and days."""
    return tuple(
        Regime(row["country"], dt.date.fromisoformat(row["first_day"]), _day(row["last_day"]))
        for row in rows_of("regimes.csv")
    )


def actor_type_in(actor_type: str, home: str | None, country: str | None) -> str:
    """The type an actor has in the country of an event: state forces are external ones outside their home."""
    if actor_type != STATE_FORCES or home is None or country is None:
        return actor_type
    return STATE_FORCES if home in (country, sovereigns().get(country)) else EXTERNAL_FORCES


@cache
def seed_actors() -> tuple[SeedActor, ...]:
    """Every actor of the seed: armed groups, movements, the forces of every regime, generic names by rule."""
    generic = list(rows_of("generic.csv"))
    by_country = [row for row in generic if row["scope"] == "country"]
    by_regime = [row for row in generic if row["scope"] == "regime"]
    found = [*seed_groups(), *_movements(), *_regime_actors(by_regime), *_country_actors(by_country)]
    first = {actor.name: actor for actor in reversed(found)}
    return tuple(first[name] for name in dict.fromkeys(actor.name for actor in found))


@cache
def seed_sources() -> tuple[SeedSource, ...]:
    """Every news outlet and report of the seed."""
    return tuple(
        SeedSource(
            row["name"], row["domain"] or None, row["scale"], row["country"] or None, members(row["aliases"])
        )
        for row in rows_of("sources.csv")
    )


@cache
def seed_groups() -> tuple[SeedActor, ...]:
    """The armed groups and other actors that have names of their own."""
    return tuple(
        SeedActor(
            row["name"],
            row["actor_type"],
            row["country"] or None,
            _day(row["valid_from"]),
            _day(row["valid_to"]),
            members(row["aliases"]),
            row["predecessor"] or None,
            row["successor"] or None,
        )
        for row in rows_of("groups.csv")
    )


def _movements() -> Iterator[SeedActor]:
    """Parties, unions and movements stand among the associates of a crowd; where they fight they are militias."""
    for row in rows_of("movements.csv"):
        yield SeedActor(
            row["name"],
            "Political militia",
            row["country"],
            aliases=members(row["aliases"]),
            use="associate",
            origin="movement",
        )


def _regime_actors(patterns: list[dict[str, str]]) -> Iterator[SeedActor]:
    definite = {row["country"]: row["in_names"] for row in rows_of("definite_names.csv")}
    shorts = _short_names()
    of_country: dict[str, list[Regime]] = {}
    for regime in regimes():
        of_country.setdefault(regime.country, []).append(regime)
    for country, line in of_country.items():
        for row in patterns:
            names = [
                row["pattern"].format(the_country=definite.get(country, country), years=regime.years)
                for regime in line
            ]
            kinds = members(row["aliases"])
            callers = (*demonyms().get(country, ()), country, *shorts.get(country, ()))
            aliases = tuple(f"{who} {kind}" for who in callers for kind in kinds)
            for place, regime in enumerate(line):
                yield SeedActor(
                    names[place],
                    row["actor_type"],
                    country,
                    regime.first_day,
                    # Former officials outlive their government.
                    None if row["pattern"].startswith("Former") else regime.last_day,
                    (*aliases, *_own_names(row["pattern"], regime)),
                    names[place - 1] if place else None,
                    names[place + 1] if place + 1 < len(line) else None,
                    row["use"],
                    "regime",
                )


def _short_names() -> dict[str, tuple[str, ...]]:
    """What a country is called for short: USA, DRC, UAE, Burma."""
    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as handle:
        rows = [(row["name"], members(row["aliases"])) for row in csv.DictReader(handle)]
    return {
        name: tuple(alias for alias in aliases if len(alias) <= 5 and alias.isalpha())
        for name, aliases in rows
    }


@cache
def _force_names() -> dict[tuple[str, str], tuple[tuple[int, tuple[str, ...]], ...]]:
    """(force, country) to the names its own people and the news have for it, by the first year of the regime."""
    found: dict[tuple[str, str], list[tuple[int, tuple[str, ...]]]] = {}
    for row in rows_of("force_names.csv"):
        year = int(row["from_year"] or 0)
        found.setdefault((row["force"], row["country"]), []).append((year, members(row["aliases"])))
    return {key: tuple(several) for key, several in found.items()}


def _own_names(pattern: str, regime: Regime) -> tuple[str, ...]:
    force, _of, after = pattern.partition(" Forces of ")
    if not after.endswith("({years})"):
        return ()
    named = _force_names().get((force, regime.country), ())
    return tuple(name for year, names in named if year in (0, regime.first_day.year) for name in names)


def _country_actors(patterns: list[dict[str, str]]) -> Iterator[SeedActor]:
    for country in country_names():
        for row in patterns:
            yield SeedActor(
                row["pattern"].format(country=country),
                row["actor_type"],
                country,
                aliases=members(row["aliases"].format(country=country)),
                use=row["use"],
                origin="generic",
            )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
