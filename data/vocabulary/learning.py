"""The one place where the vocabularies learn from a submitted row: its place, what it uses, and names nobody knew.

A name that no vocabulary holds was taken on purpose by a coder; it becomes a proposal that somebody will look at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from data.vocabulary.actors import check_actor
from data.vocabulary.changes import ACTORS, SOURCES, Cells, Kind, keep_within, stored
from data.vocabulary.places import confirm_within, place_of_row
from data.vocabulary.sources import check_source
from data.vocabulary.tables import writing
from data.vocabulary.uses import count
from schema.errors import UnusableInput
from schema.vocabulary import EXTERNAL_FORCES, members, seed_actors, seed_sources

if TYPE_CHECKING:
    from data.project import Project

_SIDES: Final = (("actor1", "assoc_actor_1", "inter1"), ("actor2", "assoc_actor_2", "inter2"))


def remember(project: Project, row: Mapping[str, Any], coder: str) -> None:
    """Keep what a submitted row teaches: its place is a confirmed one, its actors and sources are in use."""
    country = row.get("country")
    if not isinstance(country, str):
        return
    place = place_of_row(row)
    with writing(project) as db:
        if place is not None:
            count(db, "place", [confirm_within(db, place, coder=coder)], country)
        named = list(_actors_of(row, country))
        for cells in named:
            _propose(db, ACTORS, cells, coder, _seed_actors())
        count(db, "actor", [str(cells["name"]) for cells in named], country)
        sources = _list(row.get("source"))
        for name in sources:
            _propose(db, SOURCES, _source(name, row, alone=len(sources) == 1), coder, _seed_sources())
        count(db, "source", sources, country)


def strangers(project: Project, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(column, name) of the actors and sources of a row that no vocabulary holds."""
    from data.vocabulary.actors import Actors
    from data.vocabulary.sources import Sources

    actors, sources = Actors.open(project), Sources.open(project)
    found = []
    for side, associates, _type in _SIDES:
        found += [
            (column, name)
            for column in (side, associates)
            for name in _list(row.get(column))
            if actors.get(name) is None
        ]
    return [*found, *(("source", name) for name in _list(row.get("source")) if sources.get(name) is None)]


def _actors_of(row: Mapping[str, Any], country: str) -> Iterator[Cells]:
    for side, associates, type_column in _SIDES:
        actor_type = row.get(type_column)
        # State forces of another country are external here; where they are at home the row does not say.
        home = None if actor_type == EXTERNAL_FORCES else country
        for column, role in ((side, "main"), (associates, "associate")):
            for name in _list(row.get(column)):
                yield {"name": name, "actor_type": actor_type, "country": home, "role": role}


def _source(name: str, row: Mapping[str, Any], *, alone: bool) -> Cells:
    return {"name": name, "scale": row.get("source_scale") if alone else None}


def _propose(db: sqlite3.Connection, kind: Kind, cells: Cells, coder: str, seed: frozenset[str]) -> None:
    name = cells["name"]
    if name in seed or stored(db, kind, name) is not None:
        return
    # What the vocabulary cannot hold (no type yet, a strange scale) stays in the row and is no proposal.
    with suppress(UnusableInput):
        checked = check_actor(cells) if kind is ACTORS else check_source(cells)
        keep_within(
            db, kind, name, checked, coder=coder, act="propose", state="proposed",
            provenance=f"coded by {coder}", why="stood in a submitted event",
        )  # fmt: skip


@cache
def _seed_actors() -> frozenset[str]:
    return frozenset(actor.name for actor in seed_actors())


@cache
def _seed_sources() -> frozenset[str]:
    return frozenset(name for source in seed_sources() for name in (source.name, *source.aliases))


def _list(value: object) -> tuple[str, ...]:
    return members(value) if isinstance(value, str) else ()
