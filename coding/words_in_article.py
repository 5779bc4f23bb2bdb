"""The one place where the words of a value are looked for in the article that tells it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from coding.candidate import Span, Value


def find_words(text: str, wanted: Sequence[str]) -> list[Span]:
    """Where the wanted words stand: the first wanted first, whole words before beginnings of words.

    >>> find_words("They left Hama on Thursday.", ["thu"])
    [(18, 26)]
    """
    spans: list[Span] = []
    for words in wanted:
        parts = [re.escape(part) for part in words.split()]
        if not parts:
            continue
        pattern = r"(?<!\w)" + r"\s+".join(parts)
        whole = [found.span() for found in re.finditer(pattern + r"(?!\w)", text, re.IGNORECASE)]
        begun = [found.span() for found in re.finditer(pattern + r"\w*", text, re.IGNORECASE)]
        spans += [span for span in (*whole, *begun) if span not in spans]
    return spans


def words_for(value: Value, typed: str = "") -> list[str]:
    """What a value may be called in an article: as the coder typed it, by day, by name, by abbreviation."""
    if isinstance(value, datetime.date):
        return [typed, f"{value:%A}", f"{value.day} {value:%B}", f"{value:%B} {value.day}"]
    if not isinstance(value, str):
        return [typed, "" if value is None else f"{value}"]
    names = value.split("; ")
    short_or_full = [part for name in names for part in name.split(" (")[0].split(": ")]
    wanted = [typed, *names, *short_or_full, *_last_words(short_or_full)]
    return [words for words in dict.fromkeys(wanted) if len(words) > 1]


def _last_words(names: Sequence[str]) -> list[str]:
    """What stands after `of`: the country of its forces, the town of its police."""
    return [name.rsplit(" of ", 1)[1] for name in names if " of " in name]
