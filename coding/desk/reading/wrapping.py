"""The one place where paragraphs are broken into rows of a width in cells.

A row is a pair of code points of the text. Text whose characters take one cell each is broken by one search a
row, so that an article of one paragraph of 100,000 characters is laid out in a few milliseconds.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from coding.desk.reading.cells import Cluster, clusters, takes_one_cell_each

Span = tuple[int, int]

_NEVER_FIRST = "。，、；：？！」』）》〉】〕…・ー"
"""What closes a phrase and does not begin a row."""
SLICE = 4_000
"""Longest piece measured at once, so that one wide character does not slow a whole paragraph down."""


class Rows:
    """The rows of a text in order; an empty row parts two paragraphs."""

    def __init__(self) -> None:
        self._starts = array("q")
        self._ends = array("q")

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> Span:
        return self._starts[index], self._ends[index]

    def append(self, start: int, end: int) -> None:
        """Add a row below the last one."""
        self._starts.append(start)
        self._ends.append(end)

    def take_back(self) -> int:
        """Remove the last row and return where it began."""
        self._ends.pop()
        return self._starts.pop()

    def row_of(self, offset: int) -> int:
        """The row that shows the code point; the row before where none does."""
        index = max(bisect_right(self._starts, offset) - 1, 0)
        while index and self._starts[index] == self._ends[index]:
            index -= 1
        return index


def wrap(text: str, paragraphs: Sequence[Span], width: int) -> Rows:
    """Rows of at most that many cells, broken at spaces where there are any, an empty one between paragraphs.

    Args:
        text: What is shown: line ends and tabs already stand as spaces, code point for code point.
        paragraphs: Where the paragraphs lie.
        width: Cells in a row, at least two.
    """
    rows = Rows()
    for start, end in paragraphs:
        if len(rows):
            rows.append(start, start)
        begin = start
        while end - begin > SLICE:
            _wrap_slice(text, rows, begin, begin + SLICE, max(width, 2))
            begin = rows.take_back()
        _wrap_slice(text, rows, begin, end, max(width, 2))
    return rows


def _wrap_slice(text: str, rows: Rows, start: int, end: int, width: int) -> None:
    if takes_one_cell_each(text[start:end]):
        _wrap_plain(text, rows, start, end, width)
    else:
        _wrap_measured(text, rows, start, end, width)


def _wrap_plain(text: str, rows: Rows, start: int, end: int, width: int) -> None:
    while end - start > width:
        stop = text.rfind(" ", start, start + width + 1)
        if stop <= start:
            rows.append(start, start + width)
            start += width
        else:
            rows.append(start, stop)
            start = stop + 1
    if start < end:
        rows.append(start, end)


def _wrap_measured(text: str, rows: Rows, start: int, end: int, width: int) -> None:
    """Break by the cells of clusters; wide characters may part anywhere, other scripts at spaces."""
    pieces = clusters(text[start:end])
    used = [0, *accumulate(piece[2] for piece in pieces)]
    first = 0
    while first < len(pieces):
        last = bisect_right(used, used[first] + width) - 1
        if last >= len(pieces):
            rows.append(start + pieces[first][0], end)
            return
        last = max(last, first + 1)
        stop, following = _break_before(text, start, pieces, first, last)
        rows.append(start + pieces[first][0], start + pieces[stop - 1][1])
        first = following


def _break_before(text: str, start: int, pieces: list[Cluster], first: int, last: int) -> tuple[int, int]:
    """Where the row ends and where the next begins, as positions of clusters."""
    for index in range(last, first, -1):
        letter = text[start + pieces[index][0]]
        if (
            letter == " " and pieces[index][1] - pieces[index][0] == 1
        ):  # a mark on a blank is a letter to show
            return index, index + 1
        if letter in _NEVER_FIRST:
            continue
        if pieces[index][2] == 2 or pieces[index - 1][2] == 2:
            return index, index
    return last, last
