"""The one place where a row of text is put into the order in which it is read on the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coding.desk.reading.cells import clusters, has_right_to_left
from coding.desk.reading.direction import MIRRORED, levels
from coding.desk.reading.joining import joined

MOST_MARKS = 8
"""Code points of one drawn character; what a hostile text piles on top of them is not sent to the terminal."""
AROUND = 200
"""Code points on either side of a row that its direction may depend on; a whole paragraph would cost too much."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One drawn character: what is sent, which code points of the text it stands for, its cells."""

    drawn: str
    start: int
    end: int
    cells: int


def pieces_of(text: str, start: int, end: int) -> list[Piece]:
    """The drawn characters of a row in the order in which they are spoken."""
    row = text[start:end]
    return [
        Piece(row[first:last][:MOST_MARKS], start + first, start + last, cells)
        for first, last, cells in clusters(row)
    ]


def pieces_in_order(text: str, paragraph: tuple[int, int], row: tuple[int, int], base: int) -> list[Piece]:
    """The drawn characters of a row of a paragraph from the left of the screen to the right.

    Args:
        text: What is shown, code point for code point.
        paragraph: Where the paragraph lies.
        row: Where the row lies in it.
        base: 0 for a paragraph written from left to right, 1 from right to left.
    """
    pieces = pieces_of(text, *row)
    if not pieces or not (base or has_right_to_left(text[row[0] : row[1]])):
        return pieces
    first = max(row[0] - AROUND, paragraph[0])
    around = levels(text[first : min(row[1] + AROUND, paragraph[1])], base)
    piece_levels = [around[piece.start - first] for piece in pieces]
    for index in range(
        len(pieces) - 1, -1, -1
    ):  # white space at the end of a row goes to its outer side (L1)
        if not pieces[index].drawn.isspace():
            break
        piece_levels[index] = base
    return _reordered(_in_their_forms(pieces, piece_levels), piece_levels)


def _in_their_forms(pieces: list[Piece], piece_levels: list[int]) -> list[Piece]:
    drawn = joined([piece.drawn for piece in pieces])
    return [
        replace(piece, drawn=MIRRORED.get(form, form) if level % 2 else form)
        for piece, form, level in zip(pieces, drawn, piece_levels, strict=True)
    ]


def _reordered(pieces: list[Piece], piece_levels: list[int]) -> list[Piece]:
    """From the highest level down to the lowest odd one, turn each run of that level or higher round (L2)."""
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
