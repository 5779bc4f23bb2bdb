"""The one place where a question for candidates is held: what is typed, what stands in the row, who may know more."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from coding.candidate import Candidate, Span, Value
from coding.matching import match
from coding.recent import Recent
from schema.errors import CodebookError
from schema.wording import note_wording

if TYPE_CHECKING:
    from coding.mentions import Mentions
    from data.records import Article
    from data.vocabulary.actors import Actors
    from data.vocabulary.places import Places
    from data.vocabulary.sources import Sources
    from schema.codebook import Codebook

OFTEN, MENTIONED, FITS, AT_HOME = 2.5, 3.0, 1.5, 0.8
"""How much a value gains by use in the project, by standing in the article, by its type, by its country."""

STATE, CIVILIANS, EXTERNAL = 1, 7, 8
"""Codes of the actor types that names and places decide."""

_BRACKET = re.compile(r"\((?P<country>[^()\d][^()]*)\)\s*$")
_YEARS = re.compile(r"\((?P<first>\d{4})-(?P<last>\d{4})?\)")


@dataclass(frozen=True)
class Asked:
    """One question: the candidates of one field at one moment."""

    field: str
    typed: str
    row: Mapping[str, Value]
    codebook: Codebook
    published: datetime.date | None
    article: Article | None = None
    places: Places | None = None
    actors: Actors | None = None
    sources: Sources | None = None
    recent: Recent = dataclasses.field(default_factory=Recent)
    mentions: Mentions | None = None
    limit: int = 9

    @property
    def on(self) -> datetime.date | None:
        """The day of the event, else the day the article appeared."""
        date = self.row.get("event_date")
        return date if isinstance(date, datetime.date) else self.published

    def text(self, column: str) -> str:
        """A text cell of the row; empty where nothing stands."""
        value = self.row.get(column)
        return value if isinstance(value, str) else ""

    @cached_property
    def told_countries(self) -> list[str]:
        """Where the event may be by the row, its actors and the article, the likeliest first."""
        named = [self.text("country"), *(self.home_of(self.text(name)) for name in ("actor1", "actor2"))]
        told = list(self.mentions.countries)[:3] if self.mentions else []
        return [name for name in dict.fromkeys((*named, *told)) if self._is_country(name)]

    @cached_property
    def countries(self) -> list[str]:
        """Where the event may be: what is told of it, then where the project's events were lately."""
        used = self.recent.likeliest("country", self.row, 3)
        return list(dict.fromkeys((*self.told_countries, *filter(self._is_country, used))))

    def home_of(self, actor: str) -> str:
        """The country an actor belongs to, by its name or by the list of actors; empty where it has none."""
        known = self.actors.get(actor) if self.actors is not None and actor else None
        return country_of(actor) or (known.country or "" if known else "")

    def is_called_so(self, actor: str) -> bool:
        """Whether an actor of that name can be met on the day of the event."""
        known = self.actors.get(actor) if self.actors is not None else None
        in_use = known is None or self.on is None or known.holds_on(self.on)
        return in_use and holds_on(actor, self.on)

    def _is_country(self, name: str) -> bool:
        try:
            return bool(name) and self.codebook.country(name).name == name
        except CodebookError:
            return False


@lru_cache(maxsize=1)
def _forces() -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(note_wording().forces)}) of (?P<country>.+?) \(\d{{4}}-")


def country_of(actor: str) -> str:
    """The country an actor's name carries; empty where it carries none.

    >>> country_of("Protesters (Kenya)"), country_of("Military Forces of Syria (2000-2024)")
    ('Kenya', 'Syria')
    """
    found = _forces().match(actor) or _BRACKET.search(actor)
    return found["country"].removeprefix("the ") if found else ""


def holds_on(actor: str, on: datetime.date | None) -> bool:
    """Whether the years in an actor's name cover the day; names without years always hold."""
    found = _YEARS.search(actor)
    if found is None or on is None:
        return True
    return int(found["first"]) <= on.year and (found["last"] is None or on.year <= int(found["last"]))


def type_in(codebook: Codebook, actor: str, actor_type: str, country: str) -> str:
    """An actor's type at a place: the forces of a state are external forces in another country."""
    at_home, abroad = codebook.actor_type(STATE).label, codebook.actor_type(EXTERNAL).label
    home = _forces().match(actor)
    if actor_type == at_home and home and country and home["country"].removeprefix("the ") != country:
        return abroad
    return actor_type


def type_at_home(codebook: Codebook, actor: str, actor_type: str) -> str:
    """An actor's type where it belongs: forces met abroad are the state's at home."""
    met_abroad = actor_type == codebook.actor_type(EXTERNAL).label and _forces().match(actor) is not None
    return codebook.actor_type(STATE).label if met_abroad else actor_type


class Pool:
    """Candidates as they are gathered, one a value, each with the best score it was offered with."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._held: dict[tuple[Value, ...], Candidate] = {}
        self.published = asked.published
        """The day the article appeared."""

    def offer(
        self,
        value: Value,
        *,
        label: str = "",
        detail: str = "",
        fills: Mapping[str, Value] | None = None,
        quality: float = 0.0,
        gains: float = 0.0,
        why: str = "",
        spans: Iterable[Span] = (),
    ) -> None:
        """Offer one value; `quality` says how well it answers to the typed text, `gains` what else speaks for it."""
        score = quality + gains
        key = (value, detail) if self._asked.field == "location" else (value,)
        before = self._held.get(key)
        if before is not None and before.score >= score:
            return
        self._held[key] = Candidate(
            self._asked.field,
            value,
            label or str(value),
            detail or (before.detail if before else ""),
            dict(fills or (before.fills if before else {})),
            score,
            why,
            tuple(spans) or (before.spans if before else ()),
        )

    def answer(self, name: str, aliases: Iterable[str] = (), otherwise: float | None = None) -> float | None:
        """How well a name answers to what is typed; `otherwise` where a vocabulary vouches for it, None where not at all."""
        if not self._asked.typed.strip():
            return 0.0
        quality = match(self._asked.typed, name, aliases)
        return otherwise if quality is None else quality

    def offer_name(
        self,
        name: str,
        *,
        aliases: Iterable[str] = (),
        otherwise: float | None = None,
        gains: float = 0.0,
        why: str = "",
        detail: str = "",
        fills: Mapping[str, Value] | None = None,
        spans: Iterable[Span] = (),
    ) -> None:
        """Offer a name if it answers to what is typed, or with the quality `otherwise` where a vocabulary says it does."""
        quality = self.answer(name, aliases, otherwise)
        if quality is not None:
            self.offer(name, detail=detail, fills=fills, quality=quality, gains=gains, why=why, spans=spans)

    def best(self) -> list[Candidate]:
        """The likeliest first; of equals the shorter name, and with nothing typed the one offered first."""
        short_first = bool(self._asked.typed.strip())
        order = sorted(
            self._held.values(), key=lambda each: (-each.score, len(each.label) if short_first else 0)
        )
        return order[: self._asked.limit]

    def __len__(self) -> int:
        return len(self._held)
