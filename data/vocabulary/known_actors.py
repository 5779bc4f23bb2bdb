"""The one place where actors are ranked for what is typed: one unchanging picture of the seed and a project's entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, Final

from data.vocabulary.changes import Cells
from data.vocabulary.keys import WordIndex, line_of, search_key
from data.vocabulary.uses import Uses
from schema.codebook import load_codebook
from schema.vocabulary import SeedActor, actor_type_in, members, seed_actors

SEED: Final = "seed"
_MANY_ALIASES: Final = 12
_ORDER_OF_ORIGINS: Final = {"group": 1, "regime": 2, "generic": 2, "movement": 3}


@cache
def actor_types() -> dict[str, int]:
    """The labels of the codebook's actor types with their rank among equals: the order of their codes."""
    return {kind.label: kind.code for kind in load_codebook().actor_types}


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


class KnownActors:
    """The actors as they stand at one moment; never changed, so that threads may ask it while a new one is made."""

    def __init__(self, own: list[Cells], uses: Uses, before: KnownActors | None = None) -> None:
        self.own: Mapping[str, Cells] = {cells["entry"]: cells for cells in own}
        """The project's own entries; one and the same object while they are unchanged."""
        self.seed = _seed()
        self._uses = uses
        self._near: dict[str, _Part] = {}
        if before is not None and before.own == self.own:
            self.own = before.own
            self.kept: _Part = before.kept
            return
        kept = [_of_cells(cells) for cells in own if cells["state"] in ("approved", "proposed")]
        self.kept = _Part(sorted(kept, key=_weight))

    def __iter__(self) -> Iterator[Actor]:
        yield from self.kept.actors
        yield from (actor for actor in self.seed.actors if actor.name not in self.own)

    def live(self, name: str) -> Actor | None:
        """The actor of this name, unless the project merged or rejected it."""
        return self.kept.by_name.get(name) if name in self.own else self.seed.by_name.get(name)

    def get(self, name: str) -> Actor | None:
        """The actor of exactly this name; a merged name gives the one it was merged into."""
        own = self.own.get(name)
        return self.live(own["merged_into"] if own is not None and own["state"] == "merged" else name)

    def search(
        self,
        typed: str,
        on: dt.date | None,
        country: str | None,
        limit: int,
        role: str | None,
        *,
        slips: bool = True,
    ) -> list[Actor]:
        """The actors the typed letters can mean on that day, the likeliest first."""
        key = search_key(typed)
        found = self._ranked(key, on, country, limit, role)
        if found or not slips:
            return found
        return self._ranked(key, on, country, limit, role, slips=True)

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
        for part in [*near, self.kept, self.seed.named, self.seed.by_rule]:
            # Names by rule of other countries ("Protesters (Chile)") answer only when nothing nearer does.
            if found and (len(found) >= limit or part is self.seed.by_rule) and country is not None:
                break
            if not key and part is self.seed.by_rule:
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
        masked = self.own if part is not self.kept else {}
        actors = part.actors

        def holds(at: int) -> bool:
            return actors[at].holds_on(on) and (not masked or actors[at].name not in masked or part.is_near)

        return [
            (actors[at], at) for at in (part.index.alike if slips else part.index.find)(key, limit, holds)
        ]

    def _near_part(self, country: str) -> _Part:
        """The actors that are used or at home in a country, those in use first."""
        if country not in self._near:
            kept = [actor for actor in self.kept.actors if actor.country == country]
            seeds = [actor for actor in self.seed.at_home.get(country, []) if actor.name not in self.own]
            used = [actor for name in self._uses.used_in(country) if (actor := self.live(name)) is not None]
            known = {actor.name for actor in used}
            others = [actor for actor in [*kept, *seeds] if actor.name not in known]
            others.sort(key=lambda actor: not _is_force(actor))
            self._near[country] = _Part([*used, *others], is_near=True, lines=self.seed.lines)
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

    def __init__(
        self, actors: list[Actor], *, is_near: bool = False, lines: Mapping[int, str] | None = None
    ) -> None:
        self.actors = actors
        self._known_lines = lines or {}
        self.is_near = is_near
        """Whether the project's own entries stand in it already, in place of the seed's."""

    @cached_property
    def by_name(self) -> dict[str, Actor]:
        """Actors by their full name."""
        return {actor.name: actor for actor in self.actors}

    @cached_property
    def index(self) -> WordIndex:
        """Made when first asked."""
        known = self._known_lines
        return WordIndex(lines=[known.get(id(actor)) or _line(actor) for actor in self.actors])


@dataclass(frozen=True)
class _Seed:
    """The seed as every project in this process shares it."""

    actors: list[Actor]
    by_name: dict[str, Actor]
    at_home: dict[str | None, list[Actor]]
    named: _Part
    by_rule: _Part

    @cached_property
    def lines(self) -> dict[int, str]:
        """What each actor is found by, under the identity of the actor, which lives as long as the seed."""
        return {
            id(a): line
            for part in (self.named, self.by_rule)
            for a, line in zip(part.actors, part.index.lines, strict=True)
        }


@cache
def _seed() -> _Seed:
    found = [(seed.origin, _of_seed(seed)) for seed in seed_actors()]
    found.sort(key=lambda item: (_ORDER_OF_ORIGINS[item[0]], _weight(item[1])))
    actors = [actor for _origin, actor in found]
    at_home: dict[str | None, list[Actor]] = {}
    for actor in actors:
        at_home.setdefault(actor.country, []).append(actor)
    named = [actor for origin, actor in found if origin in ("group", "movement") or _is_force(actor)]
    others = {actor.name for actor in named}
    parts = _Part(named), _Part([actor for actor in actors if actor.name not in others])
    for part in parts:
        # Now, while the vocabularies are opened, and not at somebody's first key.
        assert len(part.index) == len(part.actors)
    return _Seed(actors, {actor.name: actor for actor in actors}, at_home, *parts)


_key_of = lru_cache(4096)(search_key)


def _line(actor: Actor) -> str:
    """What an actor is found by; the many aliases of state forces share their words ("Syrian army, soldiers, troops")."""
    initials = (_initials(actor.name),) if _is_force(actor) else ()
    if len(actor.aliases) < _MANY_ALIASES:
        return line_of(actor.name, map(_key_of, (*initials, *actor.aliases)))
    words = dict.fromkeys(word for alias in actor.aliases for word in alias.split())
    return line_of(actor.name, map(_key_of, (*initials, " ".join(words))))


def _initials(name: str) -> str:
    """Military Forces of Syria (2000-2024) is mfs to people in a hurry."""
    words = name.partition(" (")[0].split()
    return "".join(word[0] for word in words if word not in ("of", "the"))


def _is_force(actor: Actor) -> bool:
    """Whether this is an army or a police as such, not a part of one."""
    return actor.name.endswith(")") and actor.name.startswith(("Military Forces of", "Police Forces of"))


def _weight(actor: Actor) -> tuple[Any, ...]:
    return (
        actor.role == "associate",
        actor.valid_to is not None,
        -(actor.valid_to or dt.date.max).toordinal(),
        actor_types().get(actor.actor_type, 9),
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


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
