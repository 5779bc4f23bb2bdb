"""The one place where an actor's name is found while it is typed: only names that hold on the day of the event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from data.vocabulary.changes import ACTORS, Cells, Change, keep, merge, own_entries, set_state, undo
from data.vocabulary.keys import WordIndex, search_key
from data.vocabulary.uses import Uses
from schema.errors import StoreError, UnusableInput
from schema.vocabulary import SeedActor, actor_type_in, country_names, members, seed_actors

if TYPE_CHECKING:
    from data.project import Project

SEED: Final = "seed"
ROLES: Final = ("main", "associate", "both")
_ORDER_OF_ORIGINS: Final = {"group": 1, "regime": 2, "generic": 2}
_ORDER_OF_TYPES: Final = {
    "Rebel group": 0, "State forces": 1, "Political militia": 2, "Identity militia": 3, "External/Other forces": 4,
    "Protesters": 5, "Rioters": 6, "Civilians": 7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """One name that can stand in an actor column."""

    name: str
    actor_type: str
    """The label of `inter1` where the actor is at home; `actor_type_in` gives it for the country of an event."""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    """The last day on which the name may be given to an event."""
    country: str | None = None
    """Where it is at home; None for actors of several countries."""
    aliases: tuple[str, ...] = ()
    provenance: str = SEED
    predecessor: str | None = None
    successor: str | None = None
    role: str = "main"
    """main, associate, or both: the columns the name is meant for."""
    state: str = "approved"
    """approved, or proposed while nobody has looked at it."""

    def holds_on(self, day: dt.date | None) -> bool:
        """Whether the name may be given to an event of this day."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def actor_type_in(self, country: str | None) -> str:
        """The label of `inter1` in an event's country: state forces abroad are External/Other forces."""
        return actor_type_in(self.actor_type, self.country, country)


class Actors:
    """The actors of a project: the seed, and the project's own entries, which win; may be asked from several threads."""

    def __init__(self, project: Project | None) -> None:
        self._project = project
        self._own: dict[str, Cells] = {}
        self._seed = _seed()
        self._kept = _Part([])
        self._kept_by_name: dict[str, Actor] = {}
        self.refresh()

    @classmethod
    def open(cls, project: Project | None = None) -> Actors:
        """Read the seed (a quarter of a second, once in a process) and what the project keeps of its own."""
        return cls(project)

    def refresh(self) -> None:
        """Read again what the project has changed since; cheap while its entries are the same."""
        own = [] if self._project is None else own_entries(self._project, ACTORS)
        entries = {cells["entry"]: cells for cells in own}
        self._uses = Uses.of(self._project, ACTORS.name)
        self._near: dict[str, _Part] = {}
        if entries == self._own:
            return
        self._own = entries
        kept = [_of_cells(cells) for cells in own if cells["state"] in ("approved", "proposed")]
        kept.sort(key=_weight)
        self._kept = _Part(kept)
        self._kept_by_name = {actor.name: actor for actor in kept}

    def __iter__(self) -> Iterator[Actor]:
        yield from self._kept.actors
        yield from (actor for actor in self._seed.actors if actor.name not in self._own)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def get(self, name: str) -> Actor | None:
        """The actor of exactly this name; a merged name gives the one it was merged into."""
        own = self._own.get(name)
        return self._live(own["merged_into"] if own is not None and own["state"] == "merged" else name)

    def search(
        self,
        typed: str,
        *,
        on: dt.date | None = None,
        country: str | None = None,
        limit: int = 9,
        role: str | None = None,
    ) -> list[Actor]:
        """The actors the typed letters can mean on that day, the likeliest first.

        What this project uses in this country comes first, then what is at home there, then all others.
        `role` puts the names meant for actor columns ("main") or for associates ("associate") first.
        """
        key = search_key(typed)
        found = self._ranked(key, on, country, limit, role)
        return found or self._ranked(key, on, country, limit, role, slips=True)

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
        return self._kept_by_name[actor.name]

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
        return self._kept_by_name[actor.name]

    def approve(self, name: str, *, coder: str, why: str = "") -> int:
        """Accept a proposed name."""
        return self._settle(name, "approved", coder, why)

    def reject(self, name: str, *, coder: str, why: str = "") -> int:
        """Take a name out of the answers."""
        return self._settle(name, "rejected", coder, why)

    def merge(self, name: str, into: str, *, coder: str, why: str = "") -> int:
        """Let one name stand for another; `undo` brings it back."""
        seeds = {one: self.cells_of(one) for one in (name, into)}
        number = merge(self._owned(), ACTORS, name, into, seeds, coder=coder, why=why)
        self.refresh()
        return number

    def undo(self, *, coder: str, change_id: int | None = None) -> Change:
        """Take back the newest change of the actors, or the one named."""
        change = undo(self._owned(), coder=coder, change_id=change_id, kind=ACTORS)
        self.refresh()
        return change

    def proposals(self) -> list[Actor]:
        """The names that wait for somebody to look at them."""
        return [actor for actor in self._kept.actors if actor.state == "proposed"]

    def rows(self) -> list[Cells]:
        """Every actor as plain values, merged and rejected ones included: what the `actors` view shows."""
        plain = [
            {**_cells(actor), "state": actor.state, "merged_into": None, "provenance": actor.provenance}
            for actor in self
        ]
        gone = [cells for cells in self._own.values() if cells["state"] in ("merged", "rejected")]
        return [*plain, *({column: cells[column] for column in plain[0]} for cells in gone)]

    def _settle(self, name: str, state: str, coder: str, why: str) -> int:
        number = set_state(self._owned(), ACTORS, name, self.cells_of(name), state, coder=coder, why=why)
        self.refresh()
        return number

    def cells_of(self, name: str) -> Cells | None:
        """An entry as plain values, of the project or of the seed; None where there is none."""
        actor = self._live(name)
        return (
            None if actor is None else {**_cells(actor), "state": actor.state, "provenance": actor.provenance}
        )

    def _owned(self) -> Project:
        if self._project is None:
            raise StoreError("No project is open; actors are proposed and changed in a project.")
        return self._project

    def _ranked(
        self,
        key: str,
        on: dt.date | None,
        country: str | None,
        limit: int,
        role: str | None,
        *,
        slips: bool = False,
    ) -> list[Actor]:
        """Part by part, from near to far, until there is enough to choose from."""
        near = [] if country is None else [self._near_part(country)]
        found: dict[str, tuple[tuple[float, ...], int, Actor]] = {}
        for part in [*near, self._kept, self._seed.named, self._seed.by_rule]:
            # Names by rule of other countries ("Protesters (Chile)") answer only when nothing nearer does.
            if found and (len(found) >= limit or part is self._seed.by_rule) and country is not None:
                break
            if not key and part is self._seed.by_rule:
                break
            for actor, at in self._found(part, key, on, limit * 5, slips=slips):
                standing = self._standing(actor, part.index.closeness(at, key) if key else 0, country, role)
                found.setdefault(actor.name, (standing, len(found), actor))
        return [
            actor for _standing, _place, actor in sorted(found.values(), key=lambda item: item[:2])[:limit]
        ]

    def _found(
        self, part: _Part, key: str, on: dt.date | None, limit: int, *, slips: bool
    ) -> list[tuple[Actor, int]]:
        masked = self._own if part is not self._kept else {}
        actors = part.actors

        def holds(at: int) -> bool:
            return actors[at].holds_on(on) and (not masked or actors[at].name not in masked or part.is_near)

        return [
            (actors[at], at) for at in (part.index.alike if slips else part.index.find)(key, limit, holds)
        ]

    def _live(self, name: str) -> Actor | None:
        """The actor of this name, unless the project merged or rejected it."""
        return self._kept_by_name.get(name) if name in self._own else self._seed.by_name.get(name)

    def _near_part(self, country: str) -> _Part:
        """The actors that are used or at home in a country, those in use first."""
        if country not in self._near:
            kept = [actor for actor in self._kept.actors if actor.country == country]
            seeds = [actor for actor in self._seed.at_home.get(country, []) if actor.name not in self._own]
            used = [actor for name in self._uses.used_in(country) if (actor := self._live(name)) is not None]
            known = {actor.name for actor in used}
            others = [actor for actor in [*kept, *seeds] if actor.name not in known]
            others.sort(key=lambda actor: not _is_force(actor))
            self._near[country] = _Part([*used, *others], is_near=True)
        return self._near[country]

    def _standing(
        self, actor: Actor, closeness: int, country: str | None, role: str | None
    ) -> tuple[float, ...]:
        misplaced = role is not None and actor.role not in (role, "both")
        force = _is_force(actor)
        # Who types the name of another country means its forces before its militias, and by "army" the army.
        elsewhere = country is not None and actor.country not in (country, None) and not force
        closeness = min(closeness, 1) if force else closeness
        return (misplaced, elsewhere, closeness, -self._uses.weight(actor.name, country))


class _Part:
    """Some of the actors, in the order of their weight, with their words."""

    def __init__(self, actors: list[Actor], *, is_near: bool = False) -> None:
        self.actors = actors
        self.is_near = is_near
        """Whether the project's own entries stand in it already, in place of the seed's."""

    @cached_property
    def index(self) -> WordIndex:
        """Made when first asked."""
        return WordIndex(map(_spellings, self.actors))


@dataclass(frozen=True)
class _Seed:
    """The seed as every project in this process shares it."""

    actors: list[Actor]
    by_name: dict[str, Actor]
    at_home: dict[str | None, list[Actor]]
    named: _Part
    by_rule: _Part


@cache
def _seed() -> _Seed:
    found = [(seed.origin, _of_seed(seed)) for seed in seed_actors()]
    found.sort(key=lambda item: (_ORDER_OF_ORIGINS[item[0]], _weight(item[1])))
    actors = [actor for _origin, actor in found]
    at_home: dict[str | None, list[Actor]] = {}
    for actor in actors:
        at_home.setdefault(actor.country, []).append(actor)
    named = [actor for origin, actor in found if origin == "group" or _is_force(actor)]
    others = {actor.name for actor in named}
    parts = _Part(named), _Part([actor for actor in actors if actor.name not in others])
    for part in parts:
        # Now, while the vocabularies are opened, and not at somebody's first key.
        assert len(part.index) == len(part.actors)
    return _Seed(actors, {actor.name: actor for actor in actors}, at_home, *parts)


def _spellings(actor: Actor) -> tuple[str, ...]:
    """What an actor is found by; the many aliases of state forces share their words ("Syrian army, soldiers, troops")."""
    if len(actor.aliases) < 6:
        return (actor.name, *actor.aliases)
    return (
        actor.name,
        _initials(actor.name),
        " ".join(dict.fromkeys(word for alias in actor.aliases for word in alias.split())),
    )


def _initials(name: str) -> str:
    """Military Forces of Syria (2000-2024) is mfs to people in a hurry."""
    words = name.partition(" (")[0].split()
    return "".join(word[0] for word in words if word not in ("of", "the"))


def _is_force(actor: Actor) -> bool:
    """Whether this is an army or a police as such, not a part of one."""
    return actor.name.endswith(")") and actor.name.startswith(("Military Forces of", "Police Forces of"))


def check_actor(cells: Cells) -> Cells:
    """An entry's cells as the ledger keeps them, or one sentence about what is wrong."""
    name = str(cells.get("name") or "").strip()
    if not name or ";" in name:
        raise UnusableInput(f"{name!r} cannot be an actor's name; it needs letters and no semicolon.")
    if cells.get("actor_type") not in _ORDER_OF_TYPES:
        raise UnusableInput(
            f"{name!r}: {cells.get('actor_type')!r} is no actor type; use one of {', '.join(_ORDER_OF_TYPES)}."
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


def _weight(actor: Actor) -> tuple[Any, ...]:
    return (
        actor.role == "associate",
        actor.valid_to is not None,
        -(actor.valid_to or dt.date.max).toordinal(),
        _ORDER_OF_TYPES.get(actor.actor_type, 9),
        actor.name,
    )


def _of_seed(seed: SeedActor) -> Actor:
    return Actor(
        seed.name, seed.actor_type, seed.valid_from, seed.valid_to, seed.country, seed.aliases, SEED, seed.predecessor,
        seed.successor, seed.use,
    )  # fmt: skip


def _of_cells(cells: Cells) -> Actor:
    return Actor(
        cells["name"], cells["actor_type"], _date(cells["valid_from"]), _date(cells["valid_to"]), cells["country"],
        members(cells["aliases"] or ""), cells["provenance"], cells["predecessor"], cells["successor"], cells["role"],
        cells["state"],
    )  # fmt: skip


def _cells(actor: Actor) -> Cells:
    return {
        "name": actor.name, "actor_type": actor.actor_type, "country": actor.country,
        "valid_from": actor.valid_from.isoformat() if actor.valid_from else None,
        "valid_to": actor.valid_to.isoformat() if actor.valid_to else None,
        "aliases": "; ".join(actor.aliases), "predecessor": actor.predecessor, "successor": actor.successor,
        "role": actor.role,
    }  # fmt: skip


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
