"""The one place where an actor's name is found while it is typed: only names that hold on the day of the event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from data.vocabulary.changes import ACTORS, Cells, checked_name, keep, own_entries
from data.vocabulary.known_actors import Actor, KnownActors, actor_types
from data.vocabulary.reviewed import Reviewed
from data.vocabulary.uses import Uses
from schema.codebook import NamedActor
from schema.errors import UnusableInput
from schema.vocabulary import country_names, members

if TYPE_CHECKING:
    from data.project import Project
    from schema.codebook import Codebook

__all__ = ["Actor", "Actors", "check_actor", "judging_codebook"]

ROLES: Final = ("main", "associate", "both")


class Actors(Reviewed):
    """The actors of a project: the seed, and the project's own entries, which win; may be asked from several threads."""

    kind = ACTORS

    def __init__(self, project: Project | None) -> None:
        self._project = project
        self._known: KnownActors | None = None
        self.refresh()

    @classmethod
    def open(cls, project: Project | None = None) -> Actors:
        """Read the seed (a quarter of a second, once in a process) and what the project keeps of its own."""
        return cls(project)

    def refresh(self) -> None:
        """Read again what the project has changed since; cheap while its entries are the same."""
        own = [] if self._project is None else own_entries(self._project, ACTORS)
        self._known = KnownActors(own, Uses.of(self._project, ACTORS.name), self._known)

    def __iter__(self) -> Iterator[Actor]:
        return iter(self.known)

    def __len__(self) -> int:
        return sum(1 for _ in self.known)

    @property
    def known(self) -> KnownActors:
        """The actors as they stand now."""
        assert self._known is not None
        return self._known

    def types_of_its_own(self) -> tuple[list[NamedActor], set[str]]:
        """The project's own actors as the rules ask for them, and the names it merged or rejected."""
        kept = [
            NamedActor(
                actor.name,
                actor.actor_type,
                actor.country or "",
                _iso(actor.valid_from),
                _iso(actor.valid_to),
            )
            for actor in self.known.kept.actors
        ]
        return kept, self.known.own.keys() - {actor.name for actor in kept}

    def get(self, name: str) -> Actor | None:
        """The actor of exactly this name; a merged name gives the one it was merged into."""
        return self.known.get(name)

    def search(
        self,
        typed: str,
        *,
        on: dt.date | None = None,
        country: str | None = None,
        limit: int = 9,
        role: str | None = None,
        slips: bool = True,
    ) -> list[Actor]:
        """The actors the typed letters can mean on that day, the likeliest first; `slips` allows for those of the finger.

        What this project uses in this country comes first, then what is at home there, then all others.
        `role` puts the names meant for actor columns ("main") or for associates ("associate") first.
        """
        return self.known.search(typed, on, country, limit, role, slips=slips)

    def successor_on(self, name: str, day: dt.date) -> Actor | None:
        """Who carries on under another name on that day: the regime after, or the one before."""
        seen = {name}
        actor = self.get(name)
        while actor is not None and not actor.holds_on(day):
            later = actor.valid_to is not None and day > actor.valid_to
            following = actor.successor if later else actor.predecessor
            if following is None or following in seen:
                return None
            seen.add(following)
            actor = self.get(following)
        return actor

    def propose(self, actor: Actor, *, coder: str, why: str = "") -> Actor:
        """Keep a new name that coders can use at once and that somebody will look at."""
        if (known := self.get(actor.name)) is not None:
            raise UnusableInput(f"There is an actor {known.name!r} already; pick it from the list.")
        cells = check_actor(_cells(actor))
        keep(
            self._owned(), ACTORS, actor.name, cells, coder=coder, act="propose", state="proposed",
            provenance=f"proposed by {coder}", why=why,
        )  # fmt: skip
        self.refresh()
        return _there(self.get(actor.name))

    def update(self, name: str, values: Mapping[str, Any], *, coder: str, why: str = "") -> Actor:
        """Mend an entry, of the seed or of the project: close its years, add an alias, correct its type."""
        actor = self.get(name)
        if actor is None:
            raise UnusableInput(f"There is no actor {name!r}; search for it, or propose it.")
        cells = check_actor({**_cells(actor), **values})
        keep(
            self._owned(), ACTORS, actor.name, cells, coder=coder, act="update", state=actor.state,
            provenance=f"changed by {coder}", why=why,
        )  # fmt: skip
        self.refresh()
        return _there(self.get(actor.name))

    def proposals(self) -> list[Actor]:
        """The names that wait for somebody to look at them."""
        return [actor for actor in self.known.kept.actors if actor.state == "proposed"]

    def rows(self) -> list[Cells]:
        """Every actor as plain values, merged and rejected ones included: what the `actors` view shows."""
        plain = [
            {**_cells(actor), "state": actor.state, "merged_into": None, "provenance": actor.provenance}
            for actor in self.known
        ]
        gone = [cells for cells in self.known.own.values() if cells["state"] in ("merged", "rejected")]
        return [*plain, *({column: cells[column] for column in plain[0]} for cells in gone)]

    def cells_of(self, name: str) -> Cells | None:
        """An entry as plain values, of the project or of the seed; None where there is none."""
        actor = self.known.live(name)
        return (
            None if actor is None else {**_cells(actor), "state": actor.state, "provenance": actor.provenance}
        )


def check_actor(cells: Cells) -> Cells:
    """An entry's cells as the ledger keeps them, or one sentence about what is wrong."""
    name = checked_name(ACTORS, cells.get("name"))
    if cells.get("actor_type") not in actor_types():
        raise UnusableInput(
            f"{name!r}: {cells.get('actor_type')!r} is no actor type; use one of {', '.join(actor_types())}."
        )
    if cells.get("country") and cells["country"] not in country_names():
        raise UnusableInput(
            f"{name!r}: {cells['country']!r} is no country of the codebook; leave it empty for several countries."
        )
    if (cells.get("role") or "main") not in ROLES:
        raise UnusableInput(f"{name!r}: {cells.get('role')!r} is no role; use main, associate or both.")
    days = {column: _day(name, column, cells.get(column)) for column in ("valid_from", "valid_to")}
    if days["valid_from"] and days["valid_to"] and days["valid_from"] > days["valid_to"]:
        raise UnusableInput(
            f"{name!r} would end ({days['valid_to']}) before it begins ({days['valid_from']})."
        )
    texts = {column: cells.get(column) or None for column in ("country", "predecessor", "successor")}
    return {
        **cells, **days, **texts, "name": name, "role": cells.get("role") or "main",
        "aliases": "; ".join(members(cells.get("aliases") or "")),
    }  # fmt: skip


def _day(name: str, column: str, value: object) -> str | None:
    if value in (None, ""):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise UnusableInput(f"{name!r}: {column} {value!r} is no day; write it as 2024-12-07.") from None


def _there(actor: Actor | None) -> Actor:
    assert actor is not None
    return actor


def _cells(actor: Actor) -> Cells:
    return {
        "name": actor.name, "actor_type": actor.actor_type, "country": actor.country,
        "valid_from": actor.valid_from.isoformat() if actor.valid_from else None,
        "valid_to": actor.valid_to.isoformat() if actor.valid_to else None,
        "aliases": "; ".join(actor.aliases), "predecessor": actor.predecessor, "successor": actor.successor,
        "role": actor.role,
    }  # fmt: skip


def judging_codebook(project: Project) -> Codebook:
    """The project's codebook as its rules are asked: with the types and days of its own actors."""
    own, without = Actors.open(project).types_of_its_own()
    return project.codebook().with_actors(own, without)


def _iso(day: dt.date | None) -> str:
    return "" if day is None else day.isoformat()
