"""The one place where a row of text is put into the order in which it is read on the screen.

Levels are taken for a stretch of a paragraph at a time and kept: a whole paragraph of 100,000 letters would cost
too much, a row each would look at the letters around it again and again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from coding.desk.reading.cells import clusters, has_right_to_left, width_of
from coding.desk.reading.direction import MIRRORED, base_level, levels
from coding.desk.reading.joining import joined
from coding.desk.reading.passages import Passages

MOST_MARKS = 8
"""Code points of one drawn character; what a hostile text piles on top of them is not sent to the terminal."""
STRETCH = 1_000
"""Code points whose levels are taken at once."""
_UNSTEADY = re.compile("[\u200d\ufe0f\U0001f3fb-\U0001f3ff]")
"""What joins pictures into one, colours or widens them: terminals disagree about the cells that takes."""
_ONE_RUN = re.compile(
    "[\u05d0-\u05ea\u060c\u061b\u061f-\u064a\u0671-\u06d3\u06d5 .,:;!?'\"()\\[\\]«»“”‘’…–—-]*"
)
_MIRRORS = str.maketrans(MIRRORED)
AROUND = 100
"""Code points on either side of a stretch that its levels may depend on."""


class Piece(NamedTuple):
    """One drawn character: what is sent, which code points of the text it stands for, its cells."""

    drawn: str
    start: int
    end: int
    cells: int


def pieces_of(text: str, start: int, end: int) -> list[Piece]:
    """The drawn characters of a row in the order in which they are spoken."""
    row = text[start:end]
    if _UNSTEADY.search(row) is None:
        return [Piece(row[a:b][:MOST_MARKS], start + a, start + b, cells) for a, b, cells in clusters(row)]
    return [Piece(_steady(row[a:b], cells), start + a, start + b, cells) for a, b, cells in clusters(row)]


def _steady(cluster: str, cells: int) -> str:
    """A picture as its first part alone, which every terminal draws in the same cells; letters keep their joiners."""
    if cells < 2 or _UNSTEADY.search(cluster) is None:
        return cluster[:MOST_MARKS]
    return cluster[0].ljust(1 + cells - width_of(cluster[0]))


class ReadingOrder:
    """The order in which the rows of one text are read.

    Args:
        text: What is shown, code point for code point.
        passages: Where the paragraphs of the text lie.
        turns: Whether scripts written from right to left are ours to turn, and not the terminal's.
    """

    def __init__(self, text: str, passages: Passages, *, turns: bool = True) -> None:
        self._text = text
        self._passages = passages
        self._turns = turns and has_right_to_left(text)
        self._bases: dict[int, int] = {}
        self._levels: dict[int, list[int]] = {}

    def base_at(self, offset: int) -> int:
        """1 where the paragraph of a code point is written from right to left and ours to turn, else 0."""
        if not self._turns:
            return 0
        start, end = self._passages.paragraph_at(offset) or (0, 0)
        if start not in self._bases:
            self._bases[start] = base_level(self._text, start, end)
        return self._bases[start]

    def turned_row(self, start: int, end: int) -> str | None:
        """The row from the left of the screen to the right where it is one run from right to left, a cell a letter.

        Most rows of Hebrew and Arabic are; the others, with numbers, marks or another script, give None.
        """
        if not self.base_at(start):
            return None
        row = self._text[start:end]
        if _ONE_RUN.fullmatch(row) is None:
            return None
        return " ".join(map(_joined_word, row.split(" ")))[::-1].translate(_MIRRORS)

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The drawn characters of a row from the left of the screen to the right."""
        pieces = pieces_of(self._text, start, end)
        base = self.base_at(start)
        if not pieces or not (base or (self._turns and has_right_to_left(self._text[start:end]))):
            return pieces
        levels_here = self._levels_of(pieces, base)
        for index in reversed(range(len(pieces))):
            if not pieces[index].drawn.isspace():
                break
            levels_here[index] = base  # white space at the end of a row goes to its outer side (L1)
        return _reordered(_in_their_forms(pieces, levels_here), levels_here)

    def _levels_of(self, pieces: list[Piece], base: int) -> list[int]:
        begin, end = self._passages.paragraph_at(pieces[0].start) or (0, 0)
        begin, end = min(begin, pieces[0].start), max(end, pieces[-1].end)
        found: list[int] = []
        for piece in pieces:
            stretch, place = divmod(piece.start - begin, STRETCH)
            known = self._levels.get(begin + stretch * STRETCH)
            found.append((known or self._take_levels(begin, end, begin + stretch * STRETCH, base))[place])
        return found

    def _take_levels(self, begin: int, end: int, start: int, base: int) -> list[int]:
        first = max(start - AROUND, begin)
        around = levels(self._text[first : min(start + STRETCH + AROUND, end)], base)
        known = self._levels[start] = around[start - first : start - first + STRETCH]
        return known


@lru_cache(maxsize=8192)
def _joined_word(word: str) -> str:
    return "".join(joined(list(word)))


def _in_their_forms(pieces: list[Piece], piece_levels: list[int]) -> list[Piece]:
    drawn = joined([piece.drawn for piece in pieces])
    return [
        Piece(MIRRORED.get(form, form) if level % 2 else form, piece.start, piece.end, piece.cells)
        for piece, form, level in zip(pieces, drawn, piece_levels, strict=True)
    ]


def _reordered(pieces: list[Piece], piece_levels: list[int]) -> list[Piece]:
    """From the highest level down to the lowest odd one, turn each run of that level or higher round (L2)."""
    if min(piece_levels) == max(piece_levels) == 1:
        return pieces[::-1]
    pairs = list(zip(piece_levels, pieces, strict=True))
    for level in range(max(piece_levels), 0, -1):
        index = 0
        while index < len(pairs):
            stop = index
            while stop < len(pairs) and pairs[stop][0] >= level:
                stop += 1
            pairs[index:stop] = reversed(pairs[index:stop])
            index = max(stop, index + 1)
    return [piece for _, piece in pairs]
