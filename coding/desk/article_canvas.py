"""The one place where the text of an article is painted row by row, with what lies on its words.

Only the rows on the screen are ever made, so the length of an article or of one paragraph does not slow a key.
Offsets are code points of the text as it is stored; what is drawn has the same length, with tabs, line ends and
control characters shown as spaces and marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from coding.desk.evidence_kinds import KINDS, LETTERS, kind_of
from coding.desk.painted_rows import PaintedRows
from coding.desk.plain import one_line
from coding.desk.reading.cells import width_of
from coding.desk.reading.choice import Choice
from coding.desk.reading.order import Piece, ReadingOrder
from coding.desk.reading.passages import Passages, Span, index_at
from coding.desk.reading.wrapping import Rows, wrap
from coding.desk.turning import Turning
from schema.text import safe_text

LAYERS = (*KINDS, "current", "preview", "found", "chosen", "label")
"""What can lie on a letter, from the lowest to the topmost."""
CHOSEN = 1 << LAYERS.index("chosen")
CURRENT = 1 << LAYERS.index("current")
FOUND = 1 << LAYERS.index("found")
LABEL = 1 << LAYERS.index("label")
PREVIEW = 1 << LAYERS.index("preview")
AFTER_THE_FIRST_FRAME = 0.1
"""Seconds after which an article that was opened is on the screen."""
MARGIN = 3
"""Cells at the left for the letters of the evidence that begins on a row."""


@dataclass(frozen=True)
class Mark:
    """Words of the article that a field stands on."""

    start: int
    end: int
    field: str


class ArticleCanvas(PaintedRows):
    """A long text, its evidence, and the words that are chosen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"article--{layer}" for layer in LAYERS} | {
        "article--margin",
        "article--rest",
    }
    DEFAULT_CSS = """
    ArticleCanvas {
        background: $surface; color: $foreground; overflow-x: hidden; overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .article--when { color: $text-accent; text-style: underline; }
        & > .article--what { color: $text-primary; text-style: underline; }
        & > .article--who { color: $text-success; text-style: underline; }
        & > .article--where { color: $text-warning; text-style: underline; }
        & > .article--deaths { color: $text-error; text-style: underline; }
        & > .article--source { color: $text-secondary; text-style: underline; }
        & > .article--notes { text-style: underline; }
        & > .article--current { text-style: bold underline; background: $panel; }
        & > .article--preview { text-style: italic underline; background: $panel; }
        & > .article--found { background: $warning; color: auto 90%; }
        & > .article--rest { background: $panel; text-style: bold; }
        & > .article--chosen { background: $primary; color: auto 95%; text-style: none; }
        & > .article--label { background: $foreground; color: $surface; text-style: bold; }
        & > .article--margin { color: $text-muted; }
    }
    """

    measure: int = 76
    """Cells of a comfortable row; narrower where the widget is."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self.set_text("")

    def show(self, text: str) -> None:
        """Show another text from its beginning."""
        self.set_text(text)
        self.lay_out()
        self.scroll_to(y=0, animate=False)
        self.set_timer(AFTER_THE_FIRST_FRAME, self._look_ahead)

    def _look_ahead(self) -> None:
        """Find words and sentences before the first key asks for them, beside the screen: a megabyte takes a while."""
        self.run_worker(self.passages.find_all, thread=True, group="passages", exclusive=True)

    def set_text(self, text: str) -> None:
        """Take another text; nothing of the one before is kept."""
        self.text = text
        self.shown = one_line(text)
        self.passages = Passages(safe_text(text))
        self.choice = Choice(self.passages)
        self._marks: tuple[Mark, ...] = ()
        self._preview: tuple[Span, ...] = ()
        self._current_field: str | None = None
        self.found: list[Span] = []
        self.labels: dict[int, str] = {}
        self.rows = Rows()
        self._width = self._indent = 0
        self.forget_rows()
        self._marks_by_row: dict[int, list[Mark]] = {}
        self._styles_by_layers: dict[int, Style] = {}
        self._margin_style: Style | None = None
        self.order = ReadingOrder(self.shown, self.passages, turns=Turning.is_ours)

    # what lies on the text

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The evidence that is shown, in order of the text."""
        return self._marks

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Show which words are evidence; words outside the text are left out."""
        length = len(self.text)
        inside = (mark for mark in marks if 0 <= mark.start < mark.end <= length)
        ordered = tuple(sorted(inside, key=lambda mark: (mark.start, -mark.end)))
        if ordered != self._marks:
            self._marks = ordered
            self._place_marks()
            self.repaint()

    def point_to(self, field: str | None) -> None:
        """Let the words of one field stand out among the evidence."""
        if field == self._current_field:
            return
        before, self._current_field = self._current_field, field
        for mark in self._marks:
            if mark.field in {before, field}:
                self.repaint_span((mark.start, mark.end))

    def preview(self, spans: Iterable[Span], *, reveal: bool = False) -> None:
        """Show the words a candidate rests on, until told otherwise; a longer way off they are scrolled to."""
        before, self._preview = self._preview, tuple(spans)
        if before != self._preview:
            for span in (*before, *self._preview):
                self.repaint_span(span)
        if reveal and self._preview:
            self._bring_into_view(self._preview[0])

    # layout

    def on_resize(self, event: events.Resize) -> None:
        """Wrap again, and keep the words in view that are chosen."""
        self.lay_out()
        self.keep_in_view()

    def notify_style_update(self) -> None:
        """Another theme: paint everything anew."""
        super().notify_style_update()
        self._forget_styles()

    def _forget_styles(self) -> None:
        self._styles_by_layers.clear()
        self._margin_style = None

    @property
    def _row_cells(self) -> int:
        return max(min(self.measure, self.size.width - MARGIN - 1), 2)

    @property
    def indent(self) -> int:
        """Cells left of the text: the margin, and on a wide pane a part of what is over."""
        over = self.size.width - MARGIN - self._row_cells
        return MARGIN + max(min(over // 2, 12), 0)

    def lay_out(self) -> None:
        """Break the text into rows of the present width."""
        if not self.size.width:
            return
        self._width = self.size.width
        self._indent = self.indent
        self.rows = wrap(self.shown, self.passages.paragraphs, self._row_cells)
        self.virtual_size = Size(self.size.width, len(self.rows))
        self._place_marks()
        self.repaint()

    def _place_marks(self) -> None:
        self._marks_by_row = {}
        if not len(self.rows):
            return
        for mark in self._marks:
            for row in range(self.rows.row_of(mark.start), self.rows.row_of(mark.end - 1) + 1):
                self._marks_by_row.setdefault(row, []).append(mark)

    def repaint(self) -> None:
        """Paint every row anew."""
        self.forget_rows()
        self.refresh()

    # painting

    def paint_row(self, index: int) -> Strip:
        """One row of the text."""
        if index >= len(self.rows):
            return Strip.blank(self._width, self._style_of(0))
        start, end = self.rows[index]
        layers = self._layers_of(index, start, end)
        width, bare = self._width, self._style_of(0)
        used = self._indent + self._shift_of(start, end)
        margin = self._margin_of(index)
        segments = [Segment(margin, self._style_of_margin)] if margin else []
        segments.append(Segment(" " * (used - len(margin)), bare))
        for mask, text, cells in self._runs(start, end, layers):
            segments.append(Segment(text, self._style_of(mask)))
            used += cells
        if used < width:
            segments.append(Segment(" " * (width - used), bare))
        strip = Strip(segments, used if used > width else width)
        return strip.crop(0, width) if used > width else strip

    def _runs(self, start: int, end: int, layers: list[int]) -> Iterable[tuple[int, str, int]]:
        """Stretches of the row under the same layers, from left to right."""
        drawn = None if self.labels else self.order.drawn_row(start, end)
        if drawn is not None:
            row, places = drawn
            if not any(layers):
                yield 0, row, len(row)
                return
            position = 0
            for mask, same in groupby(layers[place] for place in places):
                count = sum(1 for _ in same)
                yield mask, row[position : position + count], count
                position += count
            return
        pieces_here = self.order.pieces(start, end)
        for mask, group in groupby(pieces_here, key=lambda piece: layers[piece.start - start]):
            pieces = list(group)
            yield mask, "".join(map(self._drawn, pieces)), sum(piece.cells for piece in pieces)

    def _drawn(self, piece: Piece) -> str:
        label = self.labels.get(piece.start)
        return piece.drawn if label is None else label.ljust(piece.cells)

    def _shift_of(self, start: int, end: int) -> int:
        """Cells left free before a row: a row written from right to left begins at the right edge."""
        return (
            max(self._row_cells - width_of(self.shown[start:end].rstrip()), 0)
            if self.order.base_at(start)
            else 0
        )

    def _layers_of(self, index: int, start: int, end: int) -> list[int]:
        layers = [0] * (end - start)
        for mark in self._marks_by_row.get(index, ()):
            layer = 1 << LAYERS.index(kind_of(mark.field))
            if mark.field == self._current_field:
                layer |= CURRENT
            _lay(layers, start, (mark.start, mark.end), layer)
        for span in self._preview:
            _lay(layers, start, span, PREVIEW)
        for span in _overlapping(self.found, start, end):
            _lay(layers, start, span, FOUND)
        _lay(layers, start, self.choice.span, CHOSEN)
        for offset in self.labels:
            _lay(layers, start, (offset, offset + 1), LABEL)
        return layers

    def _margin_of(self, index: int) -> str:
        begins = self.rows[index][0]
        letters = dict.fromkeys(
            LETTERS[kind_of(mark.field)] for mark in self._marks_by_row.get(index, ()) if mark.start >= begins
        )
        return "".join(letters)[: MARGIN - 1]

    @property
    def _style_of_margin(self) -> Style:
        if self._margin_style is None:
            self._margin_style = self.get_component_rich_style("article--margin")
        return self._margin_style

    def _style_of(self, mask: int) -> Style:
        style = self._styles_by_layers.get(mask)
        if style is None:
            style = self._styles_by_layers[mask] = self._mixed_style(mask)
        return style

    def _mixed_style(self, mask: int) -> Style:
        style = self.rich_style
        for position, layer in enumerate(LAYERS):
            if mask & (1 << position):
                name = "rest" if layer == "chosen" and not self.has_focus else layer
                style += self.get_component_rich_style(f"article--{name}", partial=True)
        return style

    def repaint_span(self, span: Span) -> None:
        """Paint the rows anew on which a passage stands."""
        if not len(self.rows):
            return
        first, last = self.rows.row_of(span[0]), self.rows.row_of(max(span[1] - 1, span[0]))
        self.forget_rows(range(first, last + 1))
        self.refresh_lines(first, last - first + 1)

    def keep_in_view(self) -> None:
        """Scroll as little as brings the moving end of the choice onto the screen."""
        self._bring_into_view(self.choice.head)

    def _bring_into_view(self, span: Span) -> None:
        if not len(self.rows) or not self.size.height:
            return
        start, end = span
        first, last = self.rows.row_of(start), self.rows.row_of(max(end - 1, start))
        spare = min(2, (self.size.height - 1) // 2)
        top = self.scroll_offset.y
        lowest = max(last - self.size.height + 1 + spare, 0)
        if last - first >= self.size.height - 2 * spare:
            lowest = first
        wanted = min(max(top, min(lowest, first)), max(first - spare, 0))
        if wanted != top:
            self.scroll_to(y=wanted, animate=False)

    def on_focus(self) -> None:
        """The choice is painted as the one that keys move."""
        self._show_choice_anew()

    def on_blur(self) -> None:
        """The choice is painted as waiting."""
        self._show_choice_anew()

    def _show_choice_anew(self) -> None:
        self._styles_by_layers.clear()
        self.repaint_span(self.choice.span)

    # cells and offsets

    def cell_of(self, row: int, offset: int) -> int:
        """The cell of a row in which a code point is drawn, counted from the edge of the text."""
        start, end = self.rows[row]
        used = self._shift_of(start, end)
        for piece in self.order.pieces(start, end):
            if piece.start <= offset < piece.end:
                break
            used += piece.cells
        return used

    def offset_at(self, row: int, cell: int) -> int:
        """The code point drawn in that cell of a row; the nearest where none is."""
        start, end = self.rows[row]
        used = self._shift_of(start, end)
        pieces = self.order.pieces(start, end)
        for piece in pieces:
            used += piece.cells
            if cell < used:
                return piece.start
        return pieces[-1].start if pieces else start


def _lay(layers: list[int], row_start: int, span: Span, layer: int) -> None:
    first, last = max(span[0] - row_start, 0), min(span[1] - row_start, len(layers))
    for position in range(first, last):
        layers[position] |= layer


def _overlapping(spans: Sequence[Span], start: int, end: int) -> Iterable[Span]:
    """Those of the ordered, separate spans that have a letter between start and end."""
    if not spans:
        return
    for position in range(index_at(spans, start), len(spans)):
        if spans[position][0] >= end:
            return
        yield spans[position]
