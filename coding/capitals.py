"""The one place where a text written in capitals is given small letters again, so that its names can be told from its words.

Wire texts and headlines come so. Which words are no names says a list of ordinary English words; what the vocabularies
know as a name keeps its capitals even where its words are ordinary: `United States`, `Shining Path`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from functools import cache

from schema.vocabulary import ordinary_words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FEW_LETTERS = 12
"""A paragraph of fewer letters is no sentence; a mixed text keeps its abbreviations."""
_MOSTLY = 0.85
_LONGEST_NAME = 5
_BEFORE_NAMES = frozenset(("la", "las", "los", "el", "san", "santa", "santo", "al"))
"""Words that begin names of places in other languages; `LA UNION` is one though union is an ordinary word."""
_DAYS_AND_MONTHS = frozenset(name.lower() for name in (*calendar.month_name, *calendar.day_name) if name)
"""They are written with a capital in mixed text, and are no names of anybody."""
_ARTICLES = frozenset(("the", "a", "an", "this", "that", "their", "his", "her"))
_BETWEEN_NAMES = frozenset(("de", "del", "of"))
_AFTER_NAMES = frozenset(
    ("city", "street", "road", "avenue", "lane", "highway", "boulevard", "bridge", "roundabout", "streets")
)

Known = Callable[[str], bool]
"""Whether a vocabulary knows a name of several words, in small letters with single blanks."""


def in_small_letters(text: str, known: Known = lambda name: False) -> str:
    """The text, of the same length, its paragraphs in capitals as mixed text: names stand out, ordinary words do not.

    >>> in_small_letters("GUERRILLAS ATTACKED LA UNION AND SANTA ELENA.")
    'guerrillas attacked LA UNION and SANTA ELENA.'
    """
    lines = text.split("\n")
    return "\n".join(_recased(line, known) if _in_capitals(line) else line for line in lines)


def _in_capitals(line: str) -> bool:
    letters = sum(1 for sign in line if sign.islower() or sign.isupper())
    return letters >= _FEW_LETTERS and sum(map(str.isupper, line)) >= _MOSTLY * letters


def _recased(line: str, known: Known) -> str:
    words = [(found.start(), found.end()) for found in _WORD.finditer(line)]
    small = [line[start:end].lower() for start, end in words]
    names = _names(line, words, small, known)
    parts, last = [], 0
    for at, (start, end) in enumerate(words):
        parts += [line[last:start], line[start:end] if names[at] else _small(line[start:end])]
        last = end
    return "".join((*parts, line[last:]))


def _small(word: str) -> str:
    lower = word.lower()
    if lower in _DAYS_AND_MONTHS:
        return word.capitalize()
    return lower if len(lower) == len(word) else word


def _names(line: str, words: list[tuple[int, int]], small: list[str], known: Known) -> list[bool]:
    """For each word whether it is of a name."""
    usual = _not_names()
    names = [re.sub(r"['’]s$", "", word) not in usual for word in small]
    for at in range(1, len(words)):
        if line[words[at - 1][1] : words[at][0]] == " ":
            begun = small[at - 1] in _BEFORE_NAMES or (names[at - 1] and small[at] in _AFTER_NAMES)
            names[at] = names[at] or begun
    _keep_known(line, words, small, known, names)
    for at in range(len(words) - 1):
        if small[at] in _BETWEEN_NAMES or (at and small[at] in _BEFORE_NAMES and small[at - 1] == "de"):
            names[at] = False
    return names


def _keep_known(
    line: str, words: list[tuple[int, int]], small: list[str], known: Known, names: list[bool]
) -> None:
    """Mark the words of names that a vocabulary knows, the longest first."""
    for at in range(len(words)):
        # "the reunion" is no island; names of several words may stand after an article
        fewest = 2 if at and small[at - 1] in _ARTICLES else 1
        for count in range(min(_LONGEST_NAME, len(words) - at), fewest - 1, -1):
            between = line[words[at][0] : words[at + count - 1][1]]
            if not all(names[at : at + count]) and known(" ".join(between.lower().split())):
                names[at : at + count] = [True] * count
                break


@cache
def _not_names() -> frozenset[str]:
    return (ordinary_words() | _DAYS_AND_MONTHS) - _BEFORE_NAMES
