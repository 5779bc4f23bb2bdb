"""The one place where names become search keys, and where many names are searched by the beginnings of their words."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain, islice
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ə": "e", "ǝ": "e", "ħ": "h", "ŋ": "n",
        "Ø": "O", "Đ": "D", "Ł": "L", "Æ": "Ae", "Œ": "Oe", "Þ": "Th", "Ð": "D", "Ə": "E", "Ǝ": "E", "Ħ": "H", "Ŋ": "N",
        "ß": "ss", "‘": "'", "’": "'", "ʻ": "'", "ʼ": "'", "ʿ": "'", "ʾ": "'", "′": "'", "`": "'", "–": "-", "—": "-",
    }
)  # fmt: skip
_SIGNS: Final = {ord(sign): None if sign == "'" else " " for sign in "'\"!#$%&()*+,-./:;<=>?@[\\]^_`{|}~"}
_SLIPS_FROM: Final = 4
_LIKENESS: Final = 72.0
MAX_KEY: Final = 400
_REMEMBERED: Final = 2_000
"""Beginnings whose answers are kept; short ones come again with every name."""
"""Longer names are searched by their beginning; nobody types more."""


def plain(text: str) -> str:
    """Latin letters without accents and signs from outside ASCII where they have a likeness; other scripts stay.

    >>> plain("Ḩamāh – Łódź")
    'Hamah - Lodz'
    """
    if text.isascii():
        return text
    split = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(sign for sign in split if not unicodedata.combining(sign)).translate(_LETTERS)


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


def line_of(name: str, alias_keys: Iterable[str] = ()) -> str:
    """One entry of an index: its name and aliases as keys."""
    return " " + " | ".join(dict.fromkeys([search_key(name), *alias_keys]))


class WordIndex:
    """Names in the order of their weight, found by the beginnings of their words."""

    def __init__(self, names: Iterable[tuple[str, ...]] = (), *, lines: list[str] | None = None) -> None:
        if lines is None:
            # The same aliases come with every country.
            key_of = lru_cache(_REMEMBERED)(search_key)
            lines = [line_of(name, map(key_of, aliases)) for name, *aliases in names]
        self.lines = lines
        """What each entry is found by; an index of some entries can be made from the lines of another."""
        entries: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines):
            for word in dict.fromkeys(line.split()):
                entries.setdefault(word, []).append(number)
        entries.pop("|", None)
        self._words = sorted(entries)
        self._entries = [entries[word] for word in self._words]
        self._asked: dict[str, tuple[list[int], frozenset[int]]] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def find(self, key: str, limit: int, accept: Callable[[int], bool]) -> list[int]:
        """The numbers of the first entries in which each word of the key begins a word."""
        return self._common([self._beginning(word) for word in dict.fromkeys(key.split())], limit, accept)

    def alike(self, key: str, limit: int, accept: Callable[[int], bool]) -> list[int]:
        """`find` for slips of the finger: a word that begins nothing stands for the words that look like it."""
        beginnings = []
        for word in dict.fromkeys(key.split()):
            found = self._beginning(word)
            beginnings.append(found if found[0] or len(word) < _SLIPS_FROM else self._looking_like(word))
        return self._common(beginnings, limit, accept)

    def _common(
        self, beginnings: list[tuple[list[int], frozenset[int]]], limit: int, accept: Callable[[int], bool]
    ) -> list[int]:
        beginnings.sort(key=lambda found: len(found[0]))
        candidates: Iterable[int] = beginnings[0][0] if beginnings else range(len(self))
        others = [numbers for _ordered, numbers in beginnings[1:]]
        fitting = (
            number for number in candidates if all(number in other for other in others) and accept(number)
        )
        return list(islice(fitting, limit))

    def _looking_like(self, word: str) -> tuple[list[int], frozenset[int]]:
        from rapidfuzz import fuzz, process

        # A word that is still being typed is compared with the beginnings of words.
        cut = len(word) + 1
        near = process.extract(
            word, [known[:cut] for known in self._words], scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=8
        )
        numbers = list(dict.fromkeys(chain.from_iterable(self._entries[at] for _known, _score, at in near)))
        return numbers, frozenset(numbers)

    def closeness(self, number: int, key: str) -> int:
        """How well an entry answers, best first.

        0: its name begins so, or an alias is just that; 1: inside its name; 2: inside an alias; 3: words apart.
        """
        line = self.lines[number]
        if line.startswith(f" {key}") or f"| {key} |" in f"{line} |":
            return 0
        place = line.find(f" {key}")
        if place < 0:
            return 3
        return 1 if line.find(" |", 0, place) < 0 else 2

    def _beginning(self, word: str) -> tuple[list[int], frozenset[int]]:
        """The entries with a word that begins so, in order and as a set."""
        known = self._asked.get(word)
        if known is None:
            start = bisect_left(self._words, word)
            end = bisect_left(self._words, word + "\U0010ffff", start)
            numbers = frozenset(chain.from_iterable(self._entries[start:end]))
            known = sorted(numbers), numbers
            if len(self._asked) < _REMEMBERED:
                self._asked[word] = known
        return known
