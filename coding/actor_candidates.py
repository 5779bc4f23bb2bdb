"""The one place where actors are proposed for a field: the project's own, the vocabulary's, the nameless ones by country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coding.asking import (
    AT_HOME,
    CIVILIANS,
    FITS,
    MENTIONED,
    OFTEN,
    Asked,
    Pool,
    country_of,
    type_at_home,
    type_in,
)
from coding.candidate import Candidate, Value
from coding.matching import match, prepared, typos
from schema.wording import called_in, note_wording

if TYPE_CHECKING:
    from data.vocabulary.actors import Actor

_SIDES = {"actor1": "inter1", "actor2": "inter2"}
_VAGUE = 0.6
"""What a name for the unidentified loses against one that says who it was."""
_OTHER_ROLE = -1.5
"""What a name loses in a column it is not meant for: a party as an actor, an army as an associate."""

_ABROAD = -1.5
"""What a name loses where it belongs to another country than the event."""


@dataclass(frozen=True)
class Somebody:
    """A name that may be proposed."""

    name: str
    actor_type: str
    why: str
    vouched: float | None = None
    """The quality a vocabulary vouches for where the typed text does not begin any word of the name."""
    gains: float = 0.0


def actor_candidates(asked: Asked) -> list[Candidate]:
    """Actors for actor1 or actor2, with the type each has on the day and in the country of the event."""
    pool = Pool(asked)
    for somebody in _everybody(asked):
        _offer(pool, asked, somebody)
    if asked.typed.strip() and len(pool) == 0:
        for name, quality in typos(asked.typed, _known(asked), asked.limit):
            _offer(pool, asked, Somebody(name, "", "a typo of", quality))
    return pool.best()


def associate_candidates(asked: Asked, item: str) -> list[Candidate]:
    """Co-actors and identities for one item of an associate list; values hold that item alone."""
    pool = Pool(asked)
    main = asked.text(asked.field.replace("assoc_actor_", "actor"))
    for each in _everybody(asked, use="associate"):
        vouched = each.vouched if item else None
        answers = pool.answer(each.name, otherwise=vouched) is not None
        if answers and each.name != main and asked.is_called_so(each.name):
            used = OFTEN * asked.recent.likelihood(asked.field, each.name, asked.row)
            gains = used + each.gains + _home(asked, each.name)
            pool.offer_name(each.name, otherwise=vouched, gains=gains, why=each.why)
    return pool.best()


def _everybody(asked: Asked, use: str = "main") -> Iterator[Somebody]:
    """Everybody who may be meant; a name may come more than once."""
    victims = asked.codebook.actor_type(CIVILIANS).label
    if asked.mentions:
        for name, actor_type in asked.mentions.actors.items():
            if use == "main" and actor_type == victims and not name.startswith(victims):
                continue
            yield Somebody(name, actor_type, "in the article")
    for name in _used(asked):
        yield Somebody(name, "", "coded before", gains=_unasked_abroad(asked, name))
    for name, actor_type in _nameless(asked, use):
        yield Somebody(name, actor_type, "by rule")
    yield from _of_vocabulary(asked, use)


def _used(asked: Asked) -> list[str]:
    fields = dict.fromkeys((asked.field, "actor1", "actor2"))
    words = prepared(asked.typed).words
    if not words:
        return [name for field in fields for name in asked.recent.likeliest(field, asked.row)]
    return [name for field in fields for name in asked.recent.beginning_with(field, words[0])]


def _nameless(asked: Asked, use: str) -> Iterator[tuple[str, str]]:
    countries = dict.fromkeys((*asked.countries[:4], *_countries_typed(asked)))
    for generic in asked.codebook.generic_actors:
        if generic.use != use:
            continue
        for country in countries if "(X)" in generic.name else ("",):
            yield generic.name.replace("(X)", f"({country})"), generic.inter


def _countries_typed(asked: Asked) -> list[str]:
    """Countries that a later word of the typed text begins: `pro ken`."""
    tokens = [token for token in prepared(asked.typed).words if len(token) > 1]
    return [
        country.name
        for country in asked.codebook.countries
        if any(word.startswith(token) for token in tokens for word in prepared(country.name).words)
    ][:12]


def _of_vocabulary(asked: Asked, use: str) -> Iterator[Somebody]:
    if asked.actors is None:
        return
    country = asked.countries[0] if asked.countries else None
    if asked.typed.strip():
        found = asked.actors.search(asked.typed, on=asked.on, country=country, limit=asked.limit, role=use)
        for place, actor in enumerate(found):
            apart = (0.0 if actor.role in (use, "both") else _OTHER_ROLE) + _belongs(asked, actor)
            yield Somebody(actor.name, actor.actor_type, actor.country or "", 2.0 - place * 0.1, apart)
    for home in asked.countries[:2] if not asked.typed.strip() else _countries_typed(asked):
        for kind in note_wording(asked.codebook.name).forces:
            name = f"{kind} of {home}"
            if not asked.typed.strip() or match(asked.typed, name) is not None:
                for actor in asked.actors.search(name, on=asked.on, country=home, limit=1):
                    yield Somebody(actor.name, actor.actor_type, "of the country")


def _unasked_abroad(asked: Asked, name: str) -> float:
    """What a name coded before loses where nothing is typed for it and the event is told to be in another country."""
    if asked.typed.strip() or not asked.told_countries:
        return 0.0
    home = asked.home_of(name)
    return _ABROAD if home and home not in asked.told_countries else 0.0


def _belongs(asked: Asked, actor: Actor) -> float:
    """What an actor of the vocabulary gains at home, or loses where the event is in none of its countries."""
    if actor.country is None or not asked.countries:
        return 0.0
    if actor.country not in asked.countries:
        return _ABROAD
    return 0.0 if country_of(actor.name) else AT_HOME / (1 + asked.countries.index(actor.country))


def _offer(pool: Pool, asked: Asked, somebody: Somebody) -> None:
    name = somebody.name
    if pool.answer(name, otherwise=somebody.vouched) is None or not asked.is_called_so(name):
        return
    known_type = somebody.actor_type or _type_used(asked, name)
    actor_type = type_in(asked.codebook, name, known_type, asked.text("country"))
    used = OFTEN * asked.recent.likelihood(asked.field, name, asked.row)
    vague = _VAGUE if name.startswith(called_in(asked.codebook.name).vague) else 0.0
    spans = asked.mentions.spans.get(name, ()) if asked.mentions else ()
    pool.offer_name(
        name,
        otherwise=somebody.vouched,
        gains=somebody.gains
        + used
        + _fit(asked, actor_type)
        + _home(asked, name)
        - vague
        + (MENTIONED if spans else 0.0),
        why="in the article" if spans else somebody.why,
        detail=actor_type,
        fills={_SIDES[asked.field]: actor_type} if actor_type else {},
        spans=spans,
    )


def _type_used(asked: Asked, name: str) -> str:
    for field, inter in _SIDES.items():
        value: Value = asked.recent.brings(field, name).get(inter)
        if isinstance(value, str):
            return type_at_home(asked.codebook, name, value)
    return next((entry.inter for entry in asked.codebook.generic_actors if _same_kind(entry.name, name)), "")


def _same_kind(generic: str, name: str) -> bool:
    return generic.split(" (X)", maxsplit=1)[0] == name.split(" (", maxsplit=1)[0]


def _fit(asked: Asked, actor_type: str) -> float:
    """Whether actors of this type are met on this side of this kind of event."""
    chosen = asked.text("sub_event_type")
    if not chosen or not actor_type:
        return 0.0
    sub_event = asked.codebook.sub_event(chosen)
    sides = sub_event.side1 if asked.field == "actor1" else sub_event.side2
    if not sides:
        return 0.0
    return FITS * (1.0 if len(sides) < 3 else 0.5) if actor_type in sides else -FITS


def _home(asked: Asked, name: str) -> float:
    country = country_of(name)
    return AT_HOME / (1 + asked.countries.index(country)) if country in asked.countries else 0.0


def _known(asked: Asked) -> list[str]:
    fields = dict.fromkeys((asked.field, "actor1", "actor2"))
    return list(dict.fromkeys(name for field in fields for name in asked.recent.values(field)))
