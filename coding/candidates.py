"""The one place where the values that fit what a coder typed are found and ranked: nine at most, the likeliest first.

With nothing typed the list holds what is likely anyway. It proposes; only a person's key takes a value.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from coding.actor_candidates import actor_candidates, associate_candidates
from coding.asking import MENTIONED, OFTEN, Asked, Pool
from coding.called import spoken
from coding.candidate import Candidate, Value
from coding.dates import DateReading, read_date, say_day
from coding.fatalities import FatalityReading, as_named, read_fatalities, words_in_place
from coding.form_work import NOTHING_SAID
from coding.matching import typos
from coding.note import draft_note
from coding.place_candidates import coordinate_candidates, place_candidates, types_there
from coding.recent import Recent
from coding.source_scale import joint_scale
from schema.values import UnusableValue

if TYPE_CHECKING:
    from coding.mentions import Mentions
    from data.records import Article
    from data.vocabulary.actors import Actors
    from data.vocabulary.places import Places
    from data.vocabulary.sources import Sources
    from schema.codebook import Codebook
    from schema.column import Column

LIMIT = 9
"""One for each pick key."""


def candidates(
    field: str,
    typed: str,
    row: Mapping[str, Value],
    *,
    codebook: Codebook,
    article: Article | None = None,
    places: Places | None = None,
    actors: Actors | None = None,
    sources: Sources | None = None,
    recent: Recent | None = None,
    mentions: Mentions | None = None,
    limit: int = LIMIT,
) -> list[Candidate]:
    """The values for a field that answer to what is typed, or that are likely where nothing is.

    Args:
        field: the column under the cursor.
        typed: its text as it stands; of a list column the whole list, the last item being typed.
        row: the event's readable values so far.
        codebook: closed lists, nameless actors, words.
        article: gives the day it appeared, which dates count from.
        places: the gazetteer and every confirmed location.
        actors: actors with their names in time.
        sources: outlets and their scale.
        recent: what the project coded lately.
        mentions: what was found in the article; its values come first and carry their words.
        limit: how many at most.
    """
    published = article.published if article else None
    known = recent if recent is not None else Recent()
    asked = Asked(
        field, typed, row, codebook, published, article, places, actors, sources, known, mentions, limit
    )
    return _answer(asked)[:limit]


def _answer(asked: Asked) -> list[Candidate]:
    if finder := _FINDERS.get(asked.field):
        return finder(asked)
    column = asked.codebook.column(asked.field)
    return _closed_list(asked, column) if column.values else _used_before(asked)


# ---------------------------------------------------------------- when and how many


VAGUE_DAYS = ("yesterday", "weekend", "week ago", "last week", "this week", "last month", "as reported")
"""Offered from their first letters on; days and dates are read as they are typed."""


def _dates(asked: Asked) -> list[Candidate]:
    published = asked.published
    if published is None:
        return []
    pool = Pool(asked)
    if typed := asked.typed.strip().casefold():
        meant = dict.fromkeys((typed, *(words for words in VAGUE_DAYS if words.startswith(typed))))
        for order, words in enumerate(meant):
            with suppress(UnusableValue):
                _offer_day(pool, read_date(words, published), -0.1 * order)
        return pool.best()
    for order, (reading, spans) in enumerate(asked.mentions.dates if asked.mentions else ()):
        _offer_day(pool, reading, MENTIONED - order * 0.1, spans)
    for back in range(asked.limit):
        _offer_day(pool, read_date(f"-{back}", published), -0.1 * back)
    return pool.best()


def _offer_day(pool: Pool, reading: DateReading, gains: float, spans: Iterable[tuple[int, int]] = ()) -> None:
    where = tuple(spans)
    pool.offer(
        reading.date,
        label=say_day(reading.date, weekday=True),
        detail=reading.wording or ("in the article" if where else ""),
        fills={"time_precision": reading.precision},
        gains=gains,
        why=_short(reading, pool.published),
        spans=where,
    )


def _short(reading: DateReading, published: datetime.date | None) -> str:
    """Where the day lies, in the few cells a list has for it; what is typed is explained in full below the form."""
    if reading.precision > 1 or published is None:
        return "within a week" if reading.precision == 2 else "within a month"
    back = (published - reading.date).days
    return ("day of the article", "the day before")[back] if back < 2 else f"{back} days before"


def _deaths(asked: Asked) -> list[Candidate]:
    pool = Pool(asked)
    country, on = asked.text("country") or None, asked.on
    if asked.typed.strip():
        try:
            reading = read_fatalities(asked.typed, asked.codebook, country=country, on=on)
        except UnusableValue:
            return _vague_words(asked)
        _offer_deaths(pool, reading, 1.0)
        for number in reading.alternatives:
            pool.offer(number, why=f"the other reading of {reading.word}")
        return pool.best()
    for order, (reading, spans) in enumerate(asked.mentions.deaths if asked.mentions else ()):
        _offer_deaths(pool, reading, MENTIONED - order * 0.1, spans)
    for number in range(asked.limit):
        pool.offer(number, gains=-0.1 * number)
    return pool.best()


def _offer_deaths(
    pool: Pool, reading: FatalityReading, gains: float, spans: Iterable[tuple[int, int]] = ()
) -> None:
    where = tuple(spans)
    named = where and reading.rule == as_named(reading.number)
    why = f"the article names {reading.number}." if named else reading.rule
    pool.offer(reading.number, detail=reading.word, gains=gains, why=why, spans=where)


def _vague_words(asked: Asked) -> list[Candidate]:
    """The codebook's words that the typed letters begin: `doz` for dozens."""
    pool = Pool(asked)
    for entry in words_in_place(asked.codebook, asked.text("country") or None, asked.on):
        if entry.word.startswith(asked.typed.strip().casefold()):
            pool.offer(entry.number, label=f"{entry.number} {entry.word}", why=entry.note)
    return pool.best()


# ---------------------------------------------------------------- closed lists


def _sub_events(asked: Asked) -> list[Candidate]:
    pool, words = Pool(asked), spoken(asked.codebook.name)
    for entry in asked.codebook.sub_event_types:
        pool.offer_name(
            entry.name,
            aliases=words.get(entry.name, ()),
            gains=OFTEN * asked.recent.likelihood(asked.field, entry.name, asked.row),
            why=entry.definition,
            detail=entry.event_type,
        )
    if len(pool) == 0:
        named = {entry.name: entry for entry in asked.codebook.sub_event_types}
        for name, quality in typos(asked.typed, list(named), asked.limit):
            pool.offer(name, quality=quality, detail=named[name].event_type, why="a typo of")
    return pool.best()


def _closed_list(asked: Asked, column: Column) -> list[Candidate]:
    pool = Pool(asked)
    meanings = dict(zip(column.values, column.meanings, strict=False))
    for value in column.values:
        meaning = meanings.get(value, "")
        cell: Value = int(value) if column.kind == "integer" else value
        used = OFTEN * asked.recent.likelihood(asked.field, value, asked.row)
        pool_name = f"{value} {meaning}".strip()
        quality = _quality(asked.typed, value, pool_name)
        if quality is not None:
            pool.offer(cell, label=value, detail=meaning, quality=quality, gains=used)
    if len(pool) == 0 and column.kind == "enum":
        for value, quality in typos(asked.typed, column.values, asked.limit):
            pool.offer(value, detail=meanings.get(value, ""), quality=quality, why="a typo of")
    return pool.best()


def _quality(typed: str, *names: str) -> float | None:
    from coding.matching import match

    if not typed.strip():
        return 0.0
    return max((found for name in names if (found := match(typed, name)) is not None), default=None)


def _countries(asked: Asked) -> list[Candidate]:
    pool = Pool(asked)
    for country in asked.codebook.countries:
        near = 2.0 / (1 + asked.countries.index(country.name)) if country.name in asked.countries else 0.0
        if asked.typed.strip() or near:
            types = types_there(asked, country.name)
            pool.offer_name(
                country.name, aliases=country.aliases, gains=near, detail=country.region, fills=types
            )
    if len(pool) == 0:
        named = {country.name: country for country in asked.codebook.countries}
        for name, quality in typos(asked.typed, list(named), asked.limit):
            pool.offer(
                name,
                quality=quality,
                detail=named[name].region,
                fills=types_there(asked, name),
                why="a typo of",
            )
    return pool.best()


# ---------------------------------------------------------------- lists and words


def _last_item(asked: Asked) -> tuple[list[str], str]:
    """The finished items of a list and the one being typed."""
    *before, last = asked.typed.split(";")
    return [part.strip() for part in before if part.strip()], last.strip()


def _as_list(asked: Asked, items: list[Candidate], before: list[str]) -> list[Candidate]:
    return [
        replace(item, value="; ".join([*before, str(item.value)]), label=item.label)
        for item in items
        if str(item.value) not in before
    ]


def _associates(asked: Asked) -> list[Candidate]:
    before, item = _last_item(asked)
    return _as_list(asked, associate_candidates(replace(asked, typed=item), item), before)


def _source_list(asked: Asked) -> list[Candidate]:
    before, item = _last_item(asked)
    last = replace(asked, typed=item)
    pool = Pool(last)
    if asked.article is not None:
        pool.offer_name(asked.article.source, gains=MENTIONED, why="the article's source")
    for name in asked.recent.likeliest(asked.field, asked.row):
        pool.offer_name(
            name, gains=OFTEN * asked.recent.likelihood(asked.field, name, asked.row), why="coded before"
        )
    if asked.sources is not None and item:
        for order, source in enumerate(
            asked.sources.search(item, country=asked.text("country") or None, limit=asked.limit)
        ):
            pool.offer_name(
                source.name,
                otherwise=2.0 - order * 0.1,
                detail=f"{source.scale or ''} {source.country or ''}",
            )
    return [
        replace(each, fills={"source_scale": scale})
        if (scale := _scale_of_all(asked, str(each.value)))
        else each
        for each in _as_list(asked, pool.best(), before)
    ]


def _scale_of_all(asked: Asked, names: str) -> str:
    return joint_scale([_scale_of(asked, name) for name in names.split("; ")], asked.codebook)


def _scale_of(asked: Asked, name: str) -> str:
    own = asked.sources.scale_of(name, asked.text("country") or None) if asked.sources else None
    own = own or str(asked.recent.brings("source", name).get("source_scale") or "")
    if not own and asked.article is not None and asked.article.source == name:
        own = asked.article.source_scale or ""
    return own


CROWDS = (
    "no report",
    "dozens",
    "hundreds",
    "thousands",
    "large",
    "several dozen",
    "several hundred",
    "several thousand",
)
"""What reports say of a crowd without a number."""


def _tag_list(asked: Asked) -> list[Candidate]:
    before, item = _last_item(asked)
    last = replace(asked, typed=item)
    pool = Pool(last)
    event_type = _event_type(asked)
    for tag in asked.codebook.tags:
        if tag.on and event_type not in tag.on:
            continue
        gains = OFTEN * asked.recent.likelihood(asked.field, tag.name, asked.row) + (
            2.0 if tag.required else 0.0
        )
        if tag.free_text:
            _offer_free_tag(pool, last, tag.name, gains)
        else:
            pool.offer_name(tag.name, gains=gains, why=tag.rule)
    return _as_list(asked, pool.best(), before)


def _offer_free_tag(pool: Pool, asked: Asked, prefix: str, gains: float) -> None:
    own = asked.typed.removeprefix(prefix).strip()
    own = CROWDS[0] if own.casefold() in NOTHING_SAID else own
    if own:
        words = f"around {own}" if own.isdigit() else own
        pool.offer(f"{prefix}{words}", quality=1.0, gains=gains)
    for order, (words, spans) in enumerate(asked.mentions.crowds if asked.mentions and not own else ()):
        pool.offer(
            f"{prefix}{words}", gains=gains + MENTIONED - order * 0.1, why="in the article", spans=spans
        )
    for order, words in enumerate(CROWDS):
        if not own or words.startswith(own):
            pool.offer(f"{prefix}{words}", quality=1.5 if own else 0.0, gains=gains - 0.01 * order)


def _event_type(asked: Asked) -> str:
    chosen = asked.text("sub_event_type")
    return asked.codebook.sub_event(chosen).event_type if chosen else ""


def _notes(asked: Asked) -> list[Candidate]:
    labels = asked.codebook.note_labels.get(asked.text("sub_event_type"), ("",))
    pool = Pool(asked)
    for order, label in enumerate(labels):
        if note := draft_note(asked.row, asked.codebook, label=label):
            pool.offer(note, label=note[:80], detail=label, gains=-0.1 * order, why="drafted from the fields")
    return pool.best()


def _used_before(asked: Asked) -> list[Candidate]:
    """Values of a column without a vocabulary, such as provinces: those coded in this company."""
    pool = Pool(asked)
    for name in asked.recent.likeliest(asked.field, asked.row):
        used = OFTEN * asked.recent.likelihood(asked.field, name, asked.row)
        pool.offer_name(name, gains=used, why="coded before")
    return pool.best()


def _provinces(asked: Asked) -> list[Candidate]:
    """The divisions of the event's country; where none is known, those coded in this company."""
    country = asked.text("country")
    known = asked.places.provinces(country) if asked.places is not None and country else ()
    if not known:
        return _used_before(asked)
    pool = Pool(asked)
    for name in known:
        used = asked.recent.likelihood(asked.field, name, asked.row)
        pool.offer_name(name, gains=OFTEN * used, why="coded before" if used else "")
    if asked.typed.strip() and len(pool) == 0:
        for name, quality in typos(asked.typed, known, asked.limit):
            pool.offer(name, quality=quality, why="a typo of")
    return pool.best()


_FINDERS: Mapping[str, Callable[[Asked], list[Candidate]]] = {
    "event_date": _dates,
    "fatalities": _deaths,
    "sub_event_type": _sub_events,
    "actor1": actor_candidates,
    "actor2": actor_candidates,
    "assoc_actor_1": _associates,
    "assoc_actor_2": _associates,
    "country": _countries,
    "admin1": _provinces,
    "location": place_candidates,
    "latitude": coordinate_candidates,
    "source": _source_list,
    "tags": _tag_list,
    "notes": _notes,
}
