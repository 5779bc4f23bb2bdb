"""The one place where a row of text is put into the order in which it is read on the screen.

Levels are taken for a stretch of a paragraph at a time and kept: a whole paragraph of 100,000 letters would cost
too much, a row each would look at the letters around it again and again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from coding.desk.reading.cells import clusters, has_right_to_left, takes_one_cell_each, width_of
from coding.desk.reading.passages import Passages
from schema.direction import MIRRORED, base_level, levels, runs_in_order
from schema.joining import joined

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
        self._levels: dict[int, bytes] = {}

    def base_at(self, offset: int) -> int:
        """1 where the paragraph of a code point is written from right to left and ours to turn, else 0."""
        if not self._turns:
            return 0
        start, end = self._passages.paragraph_at(offset) or (0, 0)
        if start not in self._bases:
            self._bases[start] = base_level(self._text, start, end)
        return self._bases[start]

    def drawn_row(self, start: int, end: int) -> tuple[str, Sequence[int]] | None:
        """The row from the left of the screen to the right, and for each cell the place in the row it stands for.

        Only where every letter takes one cell and joins to no mark, as in most rows of most scripts; None elsewhere.
        """
        row = self._text[start:end]
        if not takes_one_cell_each(row):
            return None
        base = self.base_at(start)
        if not self._is_turned(row, base):
            return row, range(len(row))
        joined_row = " ".join(map(_joined_word, row.split(" ")))
        if base and _ONE_RUN.fullmatch(row) is not None:
            return joined_row[::-1].translate(_MIRRORS), range(len(row) - 1, -1, -1)
        drawn: list[str] = []
        places: list[int] = []
        for level, first, last in runs_in_order(self._levels_between(start, end, base)):
            if level % 2:
                drawn.append(joined_row[first:last][::-1].translate(_MIRRORS))
                places.extend(range(last - 1, first - 1, -1))
            else:
                drawn.append(joined_row[first:last])
                places.extend(range(first, last))
        return "".join(drawn), places

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The drawn characters of a row from the left of the screen to the right."""
        pieces = pieces_of(self._text, start, end)
        base = self.base_at(start)
        if not pieces or not self._is_turned(self._text[start:end], base):
            return pieces
        levels_here = self._levels_between(start, end, base)
        piece_levels = bytes(levels_here[piece.start - start] for piece in pieces)
        spoken = _in_their_forms(pieces, piece_levels)
        turned: list[Piece] = []
        for level, first, last in runs_in_order(piece_levels):
            turned += reversed(spoken[first:last]) if level % 2 else spoken[first:last]
        return turned

    def _is_turned(self, row: str, base: int) -> bool:
        return bool(base) or (self._turns and has_right_to_left(row))

    def _levels_between(self, start: int, end: int, base: int) -> bytes:
        """The level of each code point of a row; white space at its end goes to its outer side (L1)."""
        first, last = self._passages.paragraph_at(start) or (0, 0)
        first, last = min(first, start), max(last, end)
        found = b""
        place = start
        while place < end:
            stretch = first + (place - first) // STRETCH * STRETCH
            known = self._levels.get(stretch) or self._take_levels(first, last, stretch, base)
            found += known[place - stretch : end - stretch]
            place = stretch + STRETCH
        kept = len(self._text[start:end].rstrip())
        return found[:kept] + bytes([base]) * (end - start - kept)

    def _take_levels(self, begin: int, end: int, start: int, base: int) -> bytes:
        first = max(start - AROUND, begin)
        around = levels(self._text[first : min(start + STRETCH + AROUND, end)], base)
        known = self._levels[start] = around[start - first : start - first + STRETCH]
        return known


@lru_cache(maxsize=8192)
def _joined_word(word: str) -> str:
    return "".join(joined(list(word)))


def _in_their_forms(pieces: list[Piece], piece_levels: bytes) -> list[Piece]:
    drawn = joined([piece.drawn for piece in pieces])
    return [
        Piece(MIRRORED.get(form, form) if level % 2 else form, piece.start, piece.end, piece.cells)
        for piece, form, level in zip(pieces, drawn, piece_levels, strict=True)
    ]
