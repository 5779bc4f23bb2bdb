"""The one place where words are looked for in an article: without regard to case and accents, offsets kept."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice

Span = tuple[int, int]

MOST_FOUND = 10_000
"""More places than a person steps through; a letter typed into a megabyte must not stall the screen."""
_MARKS = "[\u0300-\u036f]"
_NOT_ASCII = re.compile("[^\x00-\x7f]")


@lru_cache(maxsize=8)
def folded(text: str) -> str:
    """The text without case and accents, code point for code point."""
    return (
        _NOT_ASCII.sub(lambda match: _folded_letter(match[0]), text).lower()
        if not text.isascii()
        else text.lower()
    )


def find(text: str, wanted: str) -> list[Span]:
    """Where the words stand, in order; a space in them stands for any white space of the text."""
    words = [_pattern(word, plain=text.isascii()) for word in unicodedata.normalize("NFC", wanted).split()]
    if not words:
        return []
    matches = re.finditer(r"\s+".join(words), folded(text))
    return [match.span() for match in islice(matches, MOST_FOUND)]


def _pattern(word: str, *, plain: bool) -> str:
    """The word's letters; in a text with accents each may carry marks of its own."""
    letters = folded(word)
    return re.escape(letters) if plain else f"{_MARKS}*".join(map(re.escape, letters)) + f"{_MARKS}*"


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter
