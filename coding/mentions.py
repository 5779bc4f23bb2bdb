"""The one place where the names, days and numbers that stand in an article are found, so that they can be proposed first.

It reads words, not events: who did what stays for the coder to say. Read once per article, away from the screen.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from coding.called import people
from coding.candidate import Span
from coding.capitals import in_small_letters
from coding.dates import DateReading, read_date
from coding.fatalities import NUMBER_WORDS, FatalityReading, read_fatalities
from coding.matching import INITIALS, OPENING, match
from coding.names_in_article import capitalised, counted_countries, country_called, forms_of, named_places
from schema.text import fold
from schema.values import UnusableValue

if TYPE_CHECKING:
    from data.records import Article
    from data.vocabulary.actors import Actor, Actors
    from data.vocabulary.known_actors import KnownActors
    from data.vocabulary.places import Place, Places
    from schema.codebook import Codebook

READ_AT_MOST = 16_000
"""Code points; what stands further down in a long text is background."""


@dataclass(frozen=True)
class Mentions:
    """What an article names, each with where it stands; the likeliest first."""

    dates: tuple[tuple[DateReading, tuple[Span, ...]], ...] = ()
    deaths: tuple[tuple[FatalityReading, tuple[Span, ...]], ...] = ()
    crowds: tuple[tuple[str, tuple[Span, ...]], ...] = ()
    countries: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    actors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Name to type."""
    spans: Mapping[str, tuple[Span, ...]] = dataclasses.field(default_factory=dict)
    """Name of an actor or a place to where it stands."""


def read_mentions(
    article: Article, codebook: Codebook, places: Places | None = None, actors: Actors | None = None
) -> Mentions:
    """What the article names of days, deaths, crowds, countries, places and actors."""
    forms = forms_of(tuple((country.name, country.aliases) for country in codebook.countries))
    known = partial(_is_name, forms, actors)
    text = in_small_letters(article.text[:READ_AT_MOST], known)
    named = capitalised(text)
    countries = counted_countries(in_small_letters(article.title, known), named, forms)
    found_places = _places_of_one_country(named, text, countries, places, forms) if places is not None else []
    for place, spans in found_places:
        countries[place.country] += min(len(spans), 3)
    found_places.sort(key=lambda each: (-countries[each[0].country], -min(len(each[1]), 3), each[1][0]))
    order = tuple(name for name, _ in countries.most_common())
    located = {span for _, spans in found_places for span in spans}
    people = {name: spans for name, spans in named.items() if not located.issuperset(spans)}
    found_actors = [
        *_named_actors(people, order, actors, article.published),
        *_roles(text, order, codebook, actors, article),
    ]
    where = {name: spans for name, _, spans in reversed(found_actors)}
    where |= {place.name: spans for place, spans in found_places}
    return Mentions(
        dates=_dates(text, article.published),
        deaths=_deaths(text, codebook, order[0] if order else None, article.published),
        crowds=_crowds(text),
        countries=order,
        places=tuple(place for place, _ in found_places),
        actors={name: actor_type for name, actor_type, _ in found_actors},
        spans=where,
    )


def _places_of_one_country(
    named: Mapping[str, Sequence[Span]],
    text: str,
    countries: Counter[str],
    places: Places,
    forms: Mapping[str, str],
) -> list[tuple[Place, tuple[Span, ...]]]:
    """The places that are named; where no country is, those of the country that has most of them, if it has several."""
    found = named_places(named, text, countries, places, forms)
    told = Counter(place.country for place, _ in found)
    if countries or len(told) < 2 or (most := told.most_common(1)[0])[1] < 2:
        return found
    return named_places(named, text, Counter({most[0]: 1}), places, forms)


# ---------------------------------------------------------------- days

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTHS})(?:,? \d{{4}})?"
    rf"|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?\b(?:, \d{{4}})?"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|(?:last )?(?:{_DAYS})|last night|[Yy]esterday|[Tt]oday|last week|weekend)\b"
)


def _dates(text: str, published: datetime.date) -> tuple[tuple[DateReading, tuple[Span, ...]], ...]:
    """Days in the order of their mention; vague ones and those long past come last."""
    spans: dict[datetime.date, list[Span]] = defaultdict(list)
    readings: dict[datetime.date, DateReading] = {}
    for found in _DATE.finditer(text):
        try:
            reading = read_date(found[0], published)
        except UnusableValue:
            continue
        readings.setdefault(reading.date, reading)
        spans[reading.date].append(found.span())
    order = sorted(
        readings, key=lambda day: (readings[day].precision, (published - day).days > 31, spans[day][0])
    )
    return tuple((readings[day], tuple(spans[day])) for day in order[:5])


# ---------------------------------------------------------------- numbers

_HEDGE = r"(?:(?:at least|more than|over|about|around|some|nearly|up to|between) )?"
_WHO = "people|persons|civilians|men|women|children|soldiers|fighters|militants|officers|residents|others"
_KILLED = r"(?: (?:were|was|have been|had been|lay))? (?:killed|dead|died|deaths?|fatalities|bodies)\b"
_ONE = re.compile(
    r"\b(?:beat|beaten|stoned|hacked|stabbed|shot) (?P<count>a|an|one) \w+ (?:to death|dead)\b", re.IGNORECASE
)
_GATHERED = "people|protesters|demonstrators|marchers|members|students|teachers|workers|supporters|youths|farmers|women"
_CROWD = re.compile(
    r"\b(?P<count>(?:(?:at least|more than|over|about|around|some|nearly) )?"
    r"(?:\d[\d,]+|(?:several )?(?:dozens?|hundreds?|thousands?)))"
    rf"(?: of)?(?: \w+){{0,2}}? (?:{_GATHERED})\b(?! (?:were|was|had been|have been)? ?(?:killed|wounded|injured|dead))",
    re.IGNORECASE,
)


@lru_cache(maxsize=8)
def _death_patterns(vague: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    words = "|".join(sorted((*NUMBER_WORDS, *vague), key=len, reverse=True))
    count = rf"{_HEDGE}(?:\d[\d,]*|(?:{words}))(?:(?:-| to | and | or )(?:\d+|{words}))?"
    return (
        re.compile(rf"\b(?P<count>{count})(?: of)?(?: (?:\w+ ){{0,3}}?(?:{_WHO}))?{_KILLED}", re.IGNORECASE),
        re.compile(rf"\b(?:killed|killing|counted|deaths? of|lives of) (?P<count>{count})\b", re.IGNORECASE),
        _ONE,
    )


def _deaths(
    text: str, codebook: Codebook, country: str | None, on: datetime.date
) -> tuple[tuple[FatalityReading, tuple[Span, ...]], ...]:
    found: dict[int, tuple[FatalityReading, list[Span]]] = {}
    for pattern in _death_patterns(tuple(entry.word for entry in codebook.fatality_words)):
        for hit in pattern.finditer(text):
            reading = _reading(hit["count"], codebook, country, on)
            if reading is not None:
                found.setdefault(reading.number, (reading, []))[1].append(hit.span())
    order = sorted(found.values(), key=lambda each: min(each[1]))
    return tuple((reading, tuple(sorted(spans))) for reading, spans in order[:4])


def _reading(
    count: str, codebook: Codebook, country: str | None, on: datetime.date
) -> FatalityReading | None:
    words = count.casefold().replace("between ", "")
    try:
        return read_fatalities(words, codebook, country=country, on=on)
    except UnusableValue:
        return None


def _crowds(text: str) -> tuple[tuple[str, tuple[Span, ...]], ...]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for found in _CROWD.finditer(text):
        words = re.sub(r"^(?:about|some|nearly) ", "around ", found["count"].casefold())
        spans[words if not words[0].isdigit() else f"around {words}"].append(found.span())
    return tuple((words, tuple(where)) for words, where in list(spans.items())[:3])


# ---------------------------------------------------------------- actors


def _is_name(forms: Mapping[str, str], actors: Actors | None, name: str) -> bool:
    """Whether a country or an actor is called so; name in small letters."""
    country = country_called(name, forms) if len(name) > 3 else None
    if country is not None and (" " in name or fold(country) == name):
        return True
    return " " in name and actors is not None and name in _names_of(actors.known)


@lru_cache(maxsize=2)
def _names_of(actors: KnownActors) -> frozenset[str]:
    """Names of actors of several words, folded: they are names also where their words are ordinary ones."""
    called = (form for actor in actors for form in (actor.name.split(" (")[0], *actor.aliases))
    return frozenset(fold(part) for form in called if " " in form for part in form.split(": "))


Found = tuple[str, str, tuple[Span, ...]]


def _named_actors(
    named: Mapping[str, tuple[Span, ...]], countries: Sequence[str], actors: Actors | None, on: datetime.date
) -> list[Found]:
    """Actors whose name, abbreviation or alias stands in the text, at home in the countries it names or nowhere."""
    if actors is None:
        return []
    found: list[Found] = []
    home = countries[0] if countries else None
    for name, spans in named.items():
        if name in countries or len(name) < 3:
            continue
        likely = (actor for actor in actors.search(name, on=on, country=home, limit=3, slips=False))
        actor = next((each for each in likely if _is_named(name, each, countries)), None)
        if actor is not None:
            found.append((actor.name, actor.actor_type, spans))
    return sorted(dict.fromkeys(found), key=lambda each: (each[2][0][0], -each[2][0][1]))[:9]


def _is_named(name: str, actor: Actor, countries: Sequence[str]) -> bool:
    if actor.country is not None and actor.country not in countries:
        return False
    in_full = actor.name.partition(": ")[2]
    answers = match(name, actor.name, (*actor.aliases, in_full)) or 0.0
    return answers == INITIALS or answers >= OPENING + 0.5 or (answers >= OPENING - 0.5 and len(name) > 8)


def _roles(
    text: str, countries: Sequence[str], codebook: Codebook, actors: Actors | None, article: Article
) -> Iterator[Found]:
    """People and forces without a name of their own, in the country the article names most."""
    if not countries:
        return
    generic = {entry.name: entry.inter for entry in codebook.generic_actors}
    for kind, words in people(codebook.name).items():
        name = f"{kind} {{}}" if kind.endswith(" of") else f"{kind} ({{}})"
        spans = tuple(hit.span() for hit in re.finditer(rf"\b(?:{'|'.join(words)})\b", text, re.IGNORECASE))
        if not spans:
            continue
        if (inter := generic.get(name.format("X"))) is not None:
            yield name.format(countries[0]), inter, spans
            continue
        for actor in (
            actors.search(name.format(countries[0]), on=article.published, country=countries[0], limit=1)
            if actors is not None
            else ()
        ):
            yield actor.name, actor.actor_type, spans
