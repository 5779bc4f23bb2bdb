"""The one place where the capitalised names of an article are told apart: countries and their people, places."""

from __future__ import annotations

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from coding.candidate import Span
from schema.text import fold
from schema.vocabulary import demonyms

if TYPE_CHECKING:
    from data.vocabulary.places import Place, Places

_NAMES_AT_MOST = 120
_DAYS_AND_MONTHS = tuple(name for name in (*calendar.month_name, *calendar.day_name) if name)
_CAPITALISED = r"[A-ZÀ-Þ][\w'’-]*"
_NAME = re.compile(
    rf"{_CAPITALISED}(?:(?: |-)(?:al-|el-|(?:al|el|de|de la|de los|de las|del|of the|of|as|az|ash) )?{_CAPITALISED}){{0,4}}"
)
_NO_NAMES = frozenset(
    (
        *_DAYS_AND_MONTHS,
        *["The", "A", "An", "In", "On", "At", "It", "He", "She", "They", "We", "I", "Mr", "Mrs"],
    )
)


def capitalised(text: str) -> dict[str, tuple[Span, ...]]:
    """Runs of capitalised words and their parts, with where they stand, those found most first."""
    found: dict[str, list[Span]] = defaultdict(list)
    for run in _NAME.finditer(text):
        words = [(word[0], run.start() + word.start()) for word in re.finditer(r"[^\s]+", run[0])]
        for first in range(len(words)):
            for last in range(first, len(words)):
                start, (word, at) = words[first][1], words[last]
                name = re.sub(r"['’][sS]$", "", text[start : at + len(word)])
                if name[0].isupper() and name not in _NO_NAMES and len(name) > 2:
                    found[name].append((start, start + len(name)))
    likely = sorted(found, key=lambda name: (-len(found[name]), found[name][0]))[:_NAMES_AT_MOST]
    return {name: tuple(found[name]) for name in likely}


def counted_countries(
    title: str, named: Mapping[str, Sequence[Span]], forms: Mapping[str, str]
) -> Counter[str]:
    """How often each country, or its people, is named; the title counts three times."""
    counted: Counter[str] = Counter()
    for names, weight in ((capitalised(title), 3), (named, 1)):
        taken: set[Span] = set()
        for name in sorted(names, key=len, reverse=True):
            country = country_called(name, forms)
            free = [span for span in names[name] if country and not any(s <= span[0] < e for s, e in taken)]
            if country and free:
                counted[country] += weight * len(free)
                taken.update(free)
    return counted


def country_called(name: str, forms: Mapping[str, str]) -> str | None:
    """The country that is called so, or whose people are; short forms only as they are written."""
    return forms.get(name if len(name) < 4 else fold(name))


@lru_cache(maxsize=4)
def forms_of(countries: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    """What a country and its people are called: Kenya, Kenyan; Sudan, Sudanese; Iraq, Iraqi; abbreviations as written."""
    forms: dict[str, str] = {fold(name): name for name, _ in countries}
    for name, _ in countries:
        forms |= {fold(people): name for people in demonyms().get(name, ())}
    bases = ((form, name) for name, aliases in countries for form in (name, *aliases))
    for form, name in sorted(bases, key=lambda each: -len(each[0])):
        folded = fold(form) if len(form) > 3 else form
        stems = (folded, folded[:-1]) if len(folded) > 5 and folded[-1] in "aeoy" else (folded,)
        endings = ("", "n", "an", "ian", "ese", "i", "ish") if len(form) > 3 else ("",)
        for their_name in (f"{stem}{ending}" for stem in stems for ending in endings):
            forms.setdefault(their_name, name)
    return forms


def named_places(
    named: Mapping[str, Sequence[Span]],
    text: str,
    countries: Counter[str],
    places: Places,
    forms: Mapping[str, str],
) -> list[tuple[Place, tuple[Span, ...]]]:
    """Places whose name stands in the text, in the countries it names, else the largest anywhere; longest names first."""
    likely = [name for name, _ in countries.most_common(3)]
    found: list[tuple[Place, tuple[Span, ...]]] = []
    taken: set[Span] = set()
    ends = _ends_of_named_places(text)
    for name in sorted(named, key=lambda each: (-len(each.split()), named[each][0])):
        free = tuple(
            span
            for span in named[name]
            if span[0] in ends
            and (not ends[span[0]] or span[1] in ends[span[0]])
            and not any(s <= span[0] < e for s, e in taken)
        )
        if free and not _is_a_word(name, text, forms) and (place := _place(name, likely, places)):
            found.append((place, free))
            taken.update(free)
    return found[:12]


_ROADS = r"(?:Street|Road|Avenue|Lane|Way|Highway|Boulevard|Drive|Bridge|Roundabout|Roads|Streets)\b"
"""What the name of a road ends with: none of its words is a place of its own."""
_LEADS = re.compile(
    r"(?:(?:In|On|At|The|Near|From|To|And|But|As|For|By|After|Since|Around|Outside|Across|North|South|East|West"
    r"|Northern|Southern|Eastern|Western|Central|Greater|Upper|Lower|Downtown|Rural|City of|Town of|Village of"
    rf"|Port of|{'|'.join(_DAYS_AND_MONTHS)})[ -])+"
)
"""What stands capitalised before the name of a place without being part of it."""
_TITLES = re.compile(
    r"\b(?:president|minister|senator|mayor|governor|ambassador|secretary|colonel|general|captain|lieutenant|major"
    r"|sergeant|commander|bishop|archbishop|father|judge|deputy|doctor|mr|mrs|dr|leader|spokesman)\.? $"
)
"""What stands before the name of a person, in small letters."""


def _ends_of_named_places(text: str) -> dict[int, set[int]]:
    """Where the name of a place may begin, with where it must end: at the end of a run in capitals, else anywhere.

    None begins in the name of a road, later in a longer name, or after a title in small letters.
    """
    ends: dict[int, set[int]] = {}
    for run in _NAME.finditer(text):
        if re.search(rf" {_ROADS}", run[0], re.IGNORECASE):
            continue
        in_capitals = re.sub(r" (?:de|del|la|los|las|of|the) ", " ", run[0]).isupper()
        if in_capitals and _TITLES.search(text[max(run.start() - 20, 0) : run.start()]):
            continue
        whole = re.sub(r"['’][sS]$", "", run[0])
        last = (
            {run.start() + len(whole), run.start() + len(whole.removesuffix(" CITY"))}
            if in_capitals
            else set()
        )
        for part in re.finditer(r"(?:^| of (?:the )?)", run[0]):
            begins = run.start() + part.end()
            lead = _LEADS.match(text, begins)
            ends |= {begins: last, lead.end() if lead else begins: last}
    return ends


def _is_a_word(name: str, text: str, forms: Mapping[str, str]) -> bool:
    """Whether a capitalised word is none of a place: a country, a sentence's first word, a title."""
    return (
        country_called(name, forms) is not None
        or re.search(rf"\b{re.escape(name.lower())}\b", text) is not None
    )


_KNOWN_ABROAD = 50_000
"""Inhabitants of a town that an article may name without its country; smaller ones share their names with people."""


def _place(name: str, likely: Sequence[str], places: Places) -> Place | None:
    from data.vocabulary.places import GEONAMES

    scopes: Sequence[str | None] = likely or [None]
    for country in scopes:
        for place in places.search(name, country=country, limit=3, slips=False):
            known = country is not None or place.population >= _KNOWN_ABROAD or place.provenance != GEONAMES
            if known and fold(place.name) == fold(name):
                return place
    return None
