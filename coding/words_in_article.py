"""The one place where the words of a value are looked for in the article that tells it."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from coding.called import called, spoken
from coding.candidate import Span, Value
from coding.fatalities import NUMBER_WORDS
from schema.text import fold

if TYPE_CHECKING:
    from schema.codebook import Codebook

_DAYS = frozenset(calendar.day_name)


def find_words(text: str, wanted: Sequence[str]) -> list[Span]:
    """Where the wanted words stand: the first wanted first, whole words before beginnings, slips of spelling last.

    >>> find_words("They left Hama on Thursday.", ["thu"])
    [(18, 26)]
    """
    spans: list[Span] = []
    for words in wanted:
        parts = [re.escape(part) for part in words.split()]
        if not parts:
            continue
        # 3 does not stand in 3,000, nor in 1.3
        pattern = r"(?<!\w)(?<!\d[.,])" + r"\s+".join(parts)
        whole = [found.span() for found in re.finditer(pattern + r"(?!\w)(?![.,]\d)", text, re.IGNORECASE)]
        begun = [found.span() for found in re.finditer(pattern + r"\w*", text, re.IGNORECASE)]
        spans += whole if parts[-1][-1:].isdigit() else [*whole, *begun]
    return list(dict.fromkeys(spans)) or _like(text, wanted)


def words_for(value: Value, typed: str = "", codebook: Codebook | None = None) -> list[str]:
    """What a value may be called in an article: by day, by name, by abbreviation, by number word, as the coder typed it.

    The codebook knows the vague words that a number may have been read from.
    """
    if isinstance(value, datetime.date):
        month = calendar.month_name[value.month].lower()
        day = f"{value:%A}"
        wanted = [f"{value.day} {month}", f"{month} {value.day}", day, "weekend", "yesterday"]
    elif isinstance(value, int):
        spelled = NUMBER_WORDS[value - 1] if 0 < value < 20 else ""
        wanted = [f"{value}", f"{value:,}", spelled, *_vague(value, codebook)]
    elif isinstance(value, str):
        wanted = _words_for_text(value)
    else:
        wanted = ["" if value is None else f"{value}"]
    said = [typed] if len(typed) > 2 else []
    order = (*said, *wanted) if not isinstance(value, str) else (*wanted, *said)
    return [words for words in dict.fromkeys(order) if words]


def _vague(number: int, codebook: Codebook | None) -> list[str]:
    words = [entry.word for entry in codebook.fatality_words if entry.number == number] if codebook else []
    return sorted(words, key=len, reverse=True)


def _words_for_text(value: str) -> list[str]:
    """An actor, a place, a kind of event or a tag."""
    if value in (acts := spoken()):
        return [value, *acts[value]]
    names = [name.rsplit("=", 1)[-1].removeprefix("around ") for name in value.split("; ")]
    found = [words for name in names for words in called(name)]
    return [*found, *_last_words(found)]


def _last_words(names: Sequence[str]) -> list[str]:
    """What stands after `of`: the country of its forces, the town of its police."""
    return [name.rsplit(" of ", 1)[1] for name in names if " of " in name]


def _like(text: str, wanted: Sequence[str]) -> list[Span]:
    """Words spelled a little otherwise: Idlib for Idleb."""
    from rapidfuzz import fuzz

    names = [fold(words) for words in wanted if len(words) > 3 and words[:1].isupper() and words not in _DAYS]
    return [
        found.span()
        for found in re.finditer(r"[^\W\d_]{4,}", text)
        if found[0][0].isupper() and any(fuzz.ratio(fold(found[0]), name) >= 75 for name in names)
    ]


def around(text: str, span: Span, *, beside: int = 40) -> str:
    """The words of a span with some of the text on both sides, on one line, cut between words."""
    start, end = span
    before, after = text[max(start - beside, 0) : start], text[end : end + beside]
    if start > beside:
        before = "… " + before.partition(" ")[2]
    if end + beside < len(text):
        after = after.rpartition(" ")[0] + " …"
    return " ".join(f"{before}{text[start:end]}{after}".split())
