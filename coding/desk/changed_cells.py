"""The one place where a frame is cut down to the cells that the terminal does not show yet.

Textual writes every widget that was drawn again, whole, changed or not: 7 to 25 kB for one Enter on the form. Over a
slow line that is what a coder waits for. What was written last is remembered here cell by cell, and only what differs
is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from coding.desk.reading.cells import takes_one_cell_each

_GAP = 8
"""Cells alike between two changes that are written again, since going over them costs as many bytes."""
_MOST_STYLES = 10_000
_UNKNOWN = "\0"
"""In a row: a cell that nobody can compare."""


@dataclass
class _Row:
    """What one row of the terminal shows."""

    text: list[str]
    styles: list[int]
    others: dict[int, Strip] = field(default_factory=dict)
    """Pieces with wide or combined characters, by their first column: alike only as a whole."""


class ChangedCells:
    """What the terminal shows, and what of a frame it does not."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}
        self._styles: dict[object, int] = {}

    def forget(self) -> None:
        """Nothing is known of the terminal any more: the next frame is written whole."""
        self._rows.clear()

    def sequences(self, update: CompositorUpdate, console: Console) -> str:
        """The frame as the terminal needs it."""
        pieces = _pieces(update)
        if pieces is None:
            self.forget()
            return update.render_segments(console)
        if len(self._styles) > _MOST_STYLES:
            self.forget()
            self._styles.clear()
        return "".join(
            f"{Control.move_to(column, y).segment.text}{part.render(console)}"
            for y, x, strip in pieces
            for column, part in self._changed(y, x, strip)
        )

    def _changed(self, y: int, x: int, strip: Strip) -> Iterator[tuple[int, Strip]]:
        """The parts of a piece that its row does not show, each with its column; the row shows them from now on."""
        width = strip.cell_length
        row = self._row(y, x + width)
        overlapped = [
            start
            for start, other in row.others.items()
            if start < x + width and x < start + other.cell_length
        ]
        cells = self._cells(strip)
        if cells is None:
            if overlapped == [x] and row.others[x] == strip:
                return
            self._drop(row, overlapped)
            row.text[x : x + width], row.styles[x : x + width] = [_UNKNOWN] * width, [-1] * width
            row.others[x] = strip
            yield x, strip
            return
        self._drop(row, overlapped)
        text, styles = cells
        for start, end in _runs(row.text[x : x + width], row.styles[x : x + width], text, styles):
            yield x + start, strip.crop(start, end)
        row.text[x : x + width], row.styles[x : x + width] = text, styles

    def _row(self, y: int, width: int) -> _Row:
        row = self._rows.setdefault(y, _Row([], []))
        missing = width - len(row.text)
        if missing > 0:
            row.text.extend([_UNKNOWN] * missing)
            row.styles.extend([-1] * missing)
        return row

    @staticmethod
    def _drop(row: _Row, starts: list[int]) -> None:
        for start in starts:
            del row.others[start]

    def _cells(self, strip: Strip) -> tuple[list[str], list[int]] | None:
        """Sign and style of each cell; None where a sign may take another number of cells than one."""
        text: list[str] = []
        styles: list[int] = []
        for segment in strip:
            if segment.control or not takes_one_cell_each(segment.text):
                return None
            text.extend(segment.text)
            number = self._styles.setdefault(segment.style, len(self._styles))
            styles.extend([number] * len(segment.text))
        return text, styles


class OnlyChanged(CompositorUpdate):
    """A frame of Textual's that is written as far as the terminal does not show it."""

    def __init__(self, update: CompositorUpdate, shown: ChangedCells) -> None:
        self._update = update
        self._shown = shown

    def render_segments(self, console: Console) -> str:
        """What goes to the terminal, now that it really goes."""
        return self._shown.sequences(self._update, console)


def _runs(
    old_text: list[str], old_styles: list[int], text: list[str], styles: list[int]
) -> Iterator[tuple[int, int]]:
    """First and last column, the last not included, of what differs; changes close to each other are one."""
    if old_text == text and old_styles == styles:
        return
    start = end = -1
    for place, cell in enumerate(zip(old_text, old_styles, text, styles, strict=True)):
        if cell[0] == cell[2] and cell[1] == cell[3]:
            continue
        if start >= 0 and place - end > _GAP:
            yield start, end
            start = place
        elif start < 0:
            start = place
        end = place + 1
    if start >= 0:
        yield start, end


def _pieces(update: CompositorUpdate) -> list[tuple[int, int, Strip]] | None:
    """Row, column and content of everything a frame writes, in its order; None for a frame of another kind."""
    if isinstance(update, LayoutUpdate):
        return list(_of_layout(update))
    if isinstance(update, ChopsUpdate):
        return list(_of_chops(update))
    return None


def _of_layout(update: LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield y, x, strip
            x += strip.cell_length


def _of_chops(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > last or end <= first:
                continue
            whole = first <= x < last and end <= last
            yield y, x, strip if whole else strip.crop(0, min(end, last) - x)
