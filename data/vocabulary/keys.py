"""The one place where names become search keys, and where many names are searched by the beginnings of their words."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ə": "e", "ǝ": "e", "ħ": "h", "ŋ": "n",
        "Ø": "O", "Đ": "D", "Ł": "L", "Æ": "Ae", "Œ": "Oe", "Þ": "Th", "Ð": "D", "Ə": "E", "Ǝ": "E", "Ħ": "H", "ß": "ss",
        "‘": "'", "’": "'", "ʻ": "'", "ʼ": "'", "ʿ": "'", "ʾ": "'", "′": "'", "`": "'", "–": "-", "—": "-",
    }
)  # fmt: skip
_SIGNS: Final = {ord(sign): None if sign == "'" else " " for sign in "'\"!#$%&()*+,-./:;<=>?@[\\]^_`{|}~"}
MAX_KEY: Final = 80
_COMMON: Final = 40
"""Longer names are searched by their beginning; nobody types more."""


def plain(text: str) -> str:
    """Latin letters without accents and signs from outside ASCII where they have a likeness; other scripts stay.

    >>> plain("Ḩamāh – Łódź")
    'Hamah - Lodz'
    """
    if text.isascii():
        return text
    split = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def search_key(text: str) -> str:
    """What is compared when people type: lower case, no accents, signs as blanks, apostrophes gone.

    >>> search_key("Deir ez-Zor"), search_key("Sana'a"), search_key("HTS: Hayat")
    ('deir ez zor', 'sanaa', 'hts hayat')
    """
    folded = text.lower() if text.isascii() else plain(text).casefold()
    if not folded.isalnum():
        if not folded.replace(" ", "").isalnum():
            folded = folded.translate(_SIGNS)
        folded = " ".join(folded.split())
    return folded[:MAX_KEY]


class WordIndex:
    """Names in the order of their weight, found by the beginnings of their words in one sweep through one text."""

    def __init__(self, names: Iterable[tuple[str, ...]]) -> None:
        lines = ["\n " + " | ".join(dict.fromkeys(map(search_key, several))) for several in names]
        self._text = "".join(lines)
        self._starts: list[int] = []
        place = 0
        words: Counter[str] = Counter()
        for line in lines:
            self._starts.append(place)
            place += len(line)
            words.update(set(line.split()))
        self._common = {word: count for word, count in words.items() if count > _COMMON}

    def __len__(self) -> int:
        return len(self._starts)

    def find(self, key: str, limit: int, accept: Callable[[int], bool]) -> list[int]:
        """The numbers of the first entries in which each word of the key begins a word."""
        tokens = [f" {token}" for token in key.split()]
        if not tokens:
            return [number for number in range(len(self)) if accept(number)][:limit]
        whole, rarest = (
            f" {key}",
            min(tokens, key=lambda token: (self._common.get(token[1:], 0), -len(token))),
        )
        others = [token for token in tokens if token != rarest]
        found: list[int] = []
        place = self._text.find(rarest)
        while place >= 0 and len(found) < limit:
            number = bisect_right(self._starts, place) - 1
            if (not others or self._has(number, whole, others)) and accept(number):
                found.append(number)
            after = self._end(number)
            place = self._text.find(rarest, after)
        return found

    def closeness(self, number: int, key: str) -> int:
        """How well an entry answers, best first.

        0: its name begins so, or an alias is just that; 1: inside its name; 2: inside an alias; 3: words apart.
        """
        start, end = self._starts[number], self._end(number)
        if self._text.startswith(f"\n {key}", start) or f"| {key} |" in self._text[start:end] + " |":
            return 0
        place = self._text.find(f" {key}", start, end)
        if place < 0:
            return 3
        return 1 if self._text.find(" |", start, place) < 0 else 2

    def _has(self, number: int, whole: str, others: list[str]) -> bool:
        start, end = self._starts[number], self._end(number)
        if self._text.find(whole, start, end) >= 0:
            return True
        return all(self._text.find(token, start, end) >= 0 for token in others)

    def _end(self, number: int) -> int:
        return self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
