"""The one place where what a report says about deaths becomes the number the codebook asks for.

Nothing is guessed in silence: every reading carries the rule that gave its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schema.values import UnusableValue

if TYPE_CHECKING:
    import datetime

    from schema.codebook import Codebook, FatalityWord


@dataclass(frozen=True)
class FatalityReading:
    """A number of deaths and why it is that number."""

    number: int
    rule: str
    """One sentence for the coder."""
    word: str = ""
    """The vague word that gave the number; empty where a number was given."""
    alternatives: tuple[int, ...] = ()
    """Other numbers the codebook allows for the same words."""
    split: tuple[int, int] | None = None
    """The total and the number of events it is split over, where `10/3` was typed."""


LARGEST = 1_000_000
"""No single event is coded with more; a larger number is a slip of the finger."""


def read_fatalities(
    text: str, codebook: Codebook, *, country: str | None = None, on: datetime.date | None = None
) -> FatalityReading:
    """Read typed deaths (`14`, `2 to 5`, `at least ten`, `dozens`); raises UnusableValue with a sentence.

    Some vague words stand for more in a war of high intensity: country and day of the event decide that.
    """
    words = _plain(text)
    if not words:
        raise UnusableValue("no number was typed: type the deaths, 0 if none are reported.")
    if found := _SPLIT.fullmatch(words):
        return _share(found, codebook, country, on)
    entries = words_in_place(codebook, country, on)
    for read in (_typed_number, _nobody, _named, _range, _vague):
        if reading := read(words, entries):
            return _bounded(reading)
    raise UnusableValue(
        f"{text.strip()[:40]!r} is not a number of deaths: type a number, a range such as 2 to 5, or a word such as dozens."
    )


def _share(
    found: re.Match[str], codebook: Codebook, country: str | None, on: datetime.date | None
) -> FatalityReading:
    """`10/3`: the first event's share of ten deaths over three events; `10/3/2` the second's."""
    total = read_fatalities(found["total"], codebook, country=country, on=on)
    events, place = int(found["events"]), int(found["place"] or 1)
    if not 1 <= place <= events <= 1000:
        raise UnusableValue(
            f"{found[0]} splits over no event: type the total / the events, such as 10/3, 10/3/2 for the second."
        )
    shares = split_total(total.number, events)
    told = ", ".join(f"{share}" for share in shares[:8]) + (", ..." if events > 8 else "")
    rule = f"{total.number} split over {events} events is {told}; this is event {place} of them."
    return replace(total, number=shares[place - 1], rule=rule, alternatives=(), split=(total.number, events))


def words_in_place(
    codebook: Codebook, country: str | None = None, on: datetime.date | None = None
) -> tuple[FatalityWord, ...]:
    """The codebook's vague words, the reading that fits the country and the day first."""
    if country is None:
        return codebook.fatality_words
    known = [war for war in codebook.intense_wars if war.country == country]
    intense = any(on is None or on.year >= war.first_year for war in known)
    return tuple(sorted(codebook.fatality_words, key=lambda entry: entry.intense != intense))


def as_named(number: int) -> str:
    """What is said of a number that needs no rule."""
    return f"coded as {number}."


def split_total(total: int, parts: int) -> list[int]:
    """Shares of a total over events in the order of date, then listing: even, the remainder on the first.

    >>> split_total(10, 6)
    [2, 2, 2, 2, 1, 1]
    """
    if total < 0 or parts < 1:
        raise UnusableValue(f"{total} deaths cannot be split over {parts} events: both have to be counted.")
    share, remainder = divmod(total, parts)
    return [share + 1] * remainder + [share] * (parts - remainder)


# ---------------------------------------------------------------- readers, the first that understands wins

Words = Sequence["FatalityWord"]

_SPLIT = re.compile(r"(?P<total>[^/]+?)\s*/\s*(?P<events>\d{1,3})(?:\s*/\s*(?P<place>\d{1,3}))?")
_AT_LEAST = r"(?:at least|more than|over|upwards of|as many as|up to|around|about|some|nearly|almost|approximately|~|>|≥|>=)?\s*"
_DEATHS = (
    r"(?:\s*\+)?(?:\s+(?:people|persons|civilians|soldiers|fighters|militants|men|women|children|others))?"
    r"(?:\s+(?:were |was )?(?:dead|deaths?|died|killed|fatalit(?:y|ies)|victims?))?"
)
_TO = r"\s*(?:-|–|to|or|and|bis)\s*"

_UP_TO_NINE = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_UP_TO_NINETEEN = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
)
_UNITS = (*_UP_TO_NINE, *_UP_TO_NINETEEN, "nineteen")
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}

NUMBER_WORDS = (*_UNITS[1:], *_TENS, "hundred", "thousand")
"""Words that name a number."""


def _plain(text: str) -> str:
    words = text[:200].casefold()
    return " ".join(re.sub(r"(?<=\d)[,'  ](?=\d{3}\b)", "", words).split())


def _bounded(reading: FatalityReading) -> FatalityReading:
    if reading.number > LARGEST:
        raise UnusableValue(f"{reading.number} deaths in one event is not possible: check the number.")
    return reading


def _typed_number(words: str, _: Words) -> FatalityReading | None:
    if re.fullmatch(r"-\s*\d+.*", words):
        raise UnusableValue(f"{words} is below zero: deaths are counted from 0.")
    found = re.fullmatch(rf"(?P<hedge>{_AT_LEAST})(?P<number>\d{{1,12}})(?P<plus>\s*\+)?{_DEATHS}", words)
    if not found:
        return None
    number, hedge = int(found["number"]), found["hedge"].strip() or ("at least" if found["plus"] else "")
    if hedge:
        return FatalityReading(number, f"{hedge!r} with a number is coded as the number, {number}.")
    return FatalityReading(number, as_named(number))


def _nobody(words: str, _: Words) -> FatalityReading | None:
    if re.fullmatch(
        r"(?:no|none|nobody|no one|nil|without)(?:\s+(?:one|deaths?|dead|killed|fatalities|died|victims))*",
        words,
    ):
        return FatalityReading(0, "no deaths are reported.")
    return None


def _named(words: str, _: Words) -> FatalityReading | None:
    number = _number_in_words(words)
    return None if number is None else FatalityReading(number, as_named(number))


def _range(words: str, entries: Words) -> FatalityReading | None:
    """`8 to 14`, `between two and five`, `scores to hundreds`: the lowest."""
    bare = re.sub(r"^(?:between|from)\s+", "", words)
    bare = re.sub(rf"{_DEATHS}$", "", bare)
    for cut in re.finditer(_TO, bare):
        ends = [_end_of_range(part, entries) for part in (bare[: cut.start()], bare[cut.end() :])]
        if None not in ends:
            low = min(end for end in ends if end is not None)
            return FatalityReading(low, f"a range is coded as its lowest number, {low}.")
    return None


def _end_of_range(words: str, entries: Words) -> int | None:
    if words.strip().isascii() and words.strip().isdigit():
        return int(words)
    if (number := _number_in_words(words.strip())) is not None:
        return number
    vague = _vague(words.strip(), entries)
    return vague.number if vague and words.strip() == vague.word.casefold() else None


def _vague(words: str, entries: Words) -> FatalityReading | None:
    """The longest of the codebook's words that stands in what was typed."""
    counted = re.fullmatch(
        rf"{_AT_LEAST}(?P<count>\w+) (?P<unit>dozen|score|hundred|thousand)s?{_DEATHS}", words
    )
    if counted and (count := _number_in_words(counted["count"])) and counted["count"] not in ("a", "one"):
        number = count * {"dozen": 12, "score": 20, "hundred": 100, "thousand": 1000}[counted["unit"]]
        return FatalityReading(number, f"{counted['count']} {counted['unit']} is {number}.")
    # "several dozen" are dozens, not several
    words = re.sub(r"\b(?:several|a few|many|multiple) (dozen|score|hundred|thousand)s?\b", r"\1s", words)
    held = [entry for entry in entries if re.search(rf"\b{re.escape(entry.word.casefold())}\b", words)]
    if not held:
        return None
    longest = max(len(entry.word) for entry in held)
    first, *rest = [entry for entry in held if len(entry.word) == longest]
    others = tuple(dict.fromkeys(entry.number for entry in rest if entry.number != first.number))
    rule = f"{first.word!r} is coded as {first.number}" + (
        f": {first.note.rstrip('.')}." if first.note else "."
    )
    return FatalityReading(first.number, rule, first.word, others)


def _number_in_words(words: str) -> int | None:
    """`fourteen`, `twenty-three`, `a hundred and five`, `12`; None where it is no number."""
    total, current, before = 0, 0, 0
    bare = re.sub(rf"^{_AT_LEAST}", "", re.sub(rf"{_DEATHS}$", "", words))
    for word in bare.replace("-", " ").split():
        if word == "and" and before >= 100:
            continue
        value = _word_value(word)
        if value is None or not _may_follow(before, value):
            return None
        if value == 1000:
            total, current = total + max(current, 1) * 1000, 0
        else:
            current = max(current, 1) * 100 if value == 100 else current + value
        before = value
    return total + current if before or bare in ("zero", "0") else None


def _may_follow(before: int, value: int) -> bool:
    """Whether one number word can stand after another: three after twenty, hundred after three, not five after two."""
    if before == 0 or before in (100, 1000):
        return True
    return (20 <= before <= 90 and before % 10 == 0 and value < 10) or value in (100, 1000)


def _word_value(word: str) -> int | None:
    if word in ("a", "an", "single"):
        return 1
    if word in _UNITS:
        return _UNITS.index(word)
    if word in _TENS:
        return _TENS[word]
    if word in ("hundred", "thousand"):
        return 100 if word == "hundred" else 1000
    return int(word) if word.isascii() and word.isdigit() else None
