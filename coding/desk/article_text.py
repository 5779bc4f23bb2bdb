"""The one place where the text of an article is painted row by row, and its words are chosen by key and mouse.

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
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from coding.desk.article_keys import ARTICLE_KEYS
from coding.desk.evidence_kinds import KINDS, LETTERS, kind_of
from coding.desk.plain import one_line
from coding.desk.reading.cells import is_plain, width_of
from coding.desk.reading.choice import Choice
from coding.desk.reading.finding import find
from coding.desk.reading.order import ReadingOrder
from coding.desk.reading.passages import Passages, Span, index_at
from coding.desk.reading.wrapping import Rows, wrap
from schema.text import safe_text

LAYERS = (*KINDS, "preview", "found", "chosen")
"""What can lie on a letter, from the lowest to the topmost."""
CHOSEN = 1 << LAYERS.index("chosen")
FOUND = 1 << LAYERS.index("found")
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


class ArticleText(ScrollView, can_focus=True):
    """A long text to read and choose words from."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"article--{layer}" for layer in LAYERS} | {
        "article--margin",
        "article--rest",
    }
    BINDINGS: ClassVar[list[BindingType]] = ARTICLE_KEYS
    DEFAULT_CSS = """
    ArticleText {
        background: $surface; color: $foreground; overflow-x: hidden; overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & > .article--when { color: $text-accent; text-style: underline; }
        & > .article--what { color: $text-primary; text-style: underline; }
        & > .article--who { color: $text-success; text-style: underline; }
        & > .article--where { color: $text-warning; text-style: underline; }
        & > .article--deaths { color: $text-error; text-style: underline; }
        & > .article--source { color: $text-secondary; text-style: underline; }
        & > .article--notes { text-style: underline; }
        & > .article--preview { text-style: italic underline; background: $panel; }
        & > .article--found { background: $warning; color: auto 90%; }
        & > .article--rest { background: $panel; text-style: bold; }
        & > .article--chosen { background: $primary; color: auto 95%; text-style: none; }
        & > .article--margin { color: $text-muted; }
    }
    """

    class Taken(Message):
        """The chosen words were asked for with the key for it."""

        def __init__(self, start: int, end: int) -> None:
            super().__init__()
            self.start = start
            self.end = end

    class Moved(Message, bubble=True):
        """Other words are chosen now."""

    class SearchWanted(Message):
        """The key for a search was pressed."""

    class FieldWanted(Message):
        """The field that stands on the words under the caret was asked for."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    measure: int = 76
    """Cells of a comfortable row; narrower where the widget is."""
    turns_right_to_left: bool = True
    """Whether we put Hebrew and Arabic into reading order; False where the terminal does it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self._set_text("")

    def show(self, text: str) -> None:
        """Show another text from its beginning."""
        self._set_text(text)
        self._lay_out()
        self.scroll_to(y=0, animate=False)
        self.post_message(self.Moved())
        self.set_timer(AFTER_THE_FIRST_FRAME, self._look_ahead)

    def _look_ahead(self) -> None:
        """Find words and sentences before the first key asks for them; a megabyte takes a tenth of a second."""
        _ = self.passages.words, self.passages.sentences

    def _set_text(self, text: str) -> None:
        self.text = text
        self._shown = one_line(text)
        self.passages = Passages(safe_text(text))
        self.choice = Choice(self.passages)
        self._marks: tuple[Mark, ...] = ()
        self._preview: tuple[Span, ...] = ()
        self.found: list[Span] = []
        self._rows = Rows()
        self._strips: dict[int, Strip] = {}
        self._marks_by_row: dict[int, list[Mark]] = {}
        self._styles_by_layers: dict[int, Style] = {}
        self._goal: int | None = None
        self._order = ReadingOrder(self._shown, self.passages, turns=self.turns_right_to_left)

    # what lies on the text

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The evidence that is shown, in order of the text."""
        return self._marks

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Show which words are evidence; words outside the text are left out."""
        length = len(self.text)
        inside = (mark for mark in marks if 0 <= mark.start < mark.end <= length)
        self._marks = tuple(sorted(inside, key=lambda mark: (mark.start, -mark.end)))
        self._place_marks()
        self._repaint()

    def preview(self, spans: Iterable[Span]) -> None:
        """Show the words a candidate rests on, until told otherwise."""
        self._preview = tuple(spans)
        self._repaint()

    def search(self, wanted: str) -> int:
        """Find the words everywhere, choose the first place after the caret; returns how many there are."""
        self.found = find(self.text, wanted)
        if self.found:
            head = self.choice.head[0]
            self._choose_exactly(next((span for span in self.found if span[0] >= head), self.found[0]))
        self._repaint()
        return len(self.found)

    def choose(self, start: int, end: int) -> None:
        """Choose the words and bring them into view."""
        self._choose_exactly((start, min(end, len(self.text))))

    # layout

    def on_resize(self, event: events.Resize) -> None:
        """Wrap again, and keep the words in view that are chosen."""
        self._lay_out()
        self._keep_in_view()

    def notify_style_update(self) -> None:
        """Another theme: paint everything anew."""
        super().notify_style_update()
        self._styles_by_layers.clear()
        self._strips.clear()

    @property
    def _row_cells(self) -> int:
        return max(min(self.measure, self.size.width - MARGIN - 1), 2)

    @property
    def _indent(self) -> int:
        """Cells left of the text: the margin, and on a wide pane a part of what is over."""
        over = self.size.width - MARGIN - self._row_cells
        return MARGIN + max(min(over // 2, 12), 0)

    def _lay_out(self) -> None:
        if not self.size.width:
            return
        self._rows = wrap(self._shown, self.passages.paragraphs, self._row_cells)
        self.virtual_size = Size(self.size.width, len(self._rows))
        self._place_marks()
        self._repaint()

    def _place_marks(self) -> None:
        self._marks_by_row = {}
        if not len(self._rows):
            return
        for mark in self._marks:
            for row in range(self._rows.row_of(mark.start), self._rows.row_of(mark.end - 1) + 1):
                self._marks_by_row.setdefault(row, []).append(mark)

    def _repaint(self) -> None:
        self._strips.clear()
        self.refresh()

    # painting

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        index = y + self.scroll_offset.y
        if index >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._strips.get(index)
        if strip is None:
            strip = self._strips[index] = self._row_strip(index)
        return strip

    def _row_strip(self, index: int) -> Strip:
        start, end = self._rows[index]
        layers = self._layers_of(index, start, end)
        indent = self._indent
        segments = [Segment(self._margin_of(index).ljust(indent), self._margin_style)]
        used = indent + self._shift_of(start, end)
        segments.append(Segment(" " * (used - indent), self._style_of(0)))
        for mask, text, cells in self._runs(start, end, layers):
            segments.append(Segment(text, self._style_of(mask)))
            used += cells
        segments.append(Segment(" " * max(self.size.width - used, 0), self._style_of(0)))
        return Strip(segments, max(used, self.size.width)).crop(0, self.size.width)

    def _runs(self, start: int, end: int, layers: list[int]) -> Iterable[tuple[int, str, int]]:
        """Stretches of the row under the same layers, from left to right."""
        row = self._shown[start:end]
        if is_plain(row) and not self._order.base_at(start):
            position = 0
            for mask, same in groupby(layers):
                count = len(list(same))
                yield mask, row[position : position + count], count
                position += count
            return
        for mask, group in groupby(
            self._order.pieces(start, end), key=lambda piece: layers[piece.start - start]
        ):
            pieces = list(group)
            yield mask, "".join(piece.drawn for piece in pieces), sum(piece.cells for piece in pieces)

    def _shift_of(self, start: int, end: int) -> int:
        """Cells left free before a row: a row written from right to left begins at the right edge."""
        return (
            max(self._row_cells - width_of(self._shown[start:end].rstrip()), 0)
            if self._order.base_at(start)
            else 0
        )

    def _layers_of(self, index: int, start: int, end: int) -> list[int]:
        layers = [0] * (end - start)
        for mark in self._marks_by_row.get(index, ()):
            _lay(layers, start, (mark.start, mark.end), 1 << LAYERS.index(kind_of(mark.field)))
        for span in self._preview:
            _lay(layers, start, span, PREVIEW)
        for span in _overlapping(self.found, start, end):
            _lay(layers, start, span, FOUND)
        _lay(layers, start, self.choice.span, CHOSEN)
        return layers

    def _margin_of(self, index: int) -> str:
        begins = self._rows[index][0]
        letters = dict.fromkeys(
            LETTERS[kind_of(mark.field)] for mark in self._marks_by_row.get(index, ()) if mark.start >= begins
        )
        return "".join(letters)[: MARGIN - 1]

    @property
    def _margin_style(self) -> Style:
        return self.get_component_rich_style("article--margin")

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

    # moving

    def _after_move(self, before: Span, *, keep_goal: bool = False) -> None:
        if not keep_goal:
            self._goal = None
        self._repaint_span(before)
        self._repaint_span(self.choice.span)
        self._keep_in_view()
        self.post_message(self.Moved())

    def _repaint_span(self, span: Span) -> None:
        if not len(self._rows):
            return
        first, last = self._rows.row_of(span[0]), self._rows.row_of(max(span[1] - 1, span[0]))
        for row in range(first, last + 1):
            self._strips.pop(row, None)
        self.refresh_lines(first, last - first + 1)

    def _keep_in_view(self) -> None:
        if not len(self._rows) or not self.size.height:
            return
        start, end = self.choice.head
        first, last = self._rows.row_of(start), self._rows.row_of(max(end - 1, start))
        spare = min(2, (self.size.height - 1) // 2)
        top = self.scroll_offset.y
        lowest = max(last - self.size.height + 1 + spare, 0)
        if last - first >= self.size.height - 2 * spare:
            lowest = first
        wanted = min(max(top, min(lowest, first)), max(first - spare, 0))
        if wanted != top:
            self.scroll_to(y=wanted, animate=False)

    def _choose_exactly(self, span: Span) -> None:
        before = self.choice.span
        self.choice.put_exactly(span)
        self._after_move(before)

    def action_step(self, step: int, extend: bool = False) -> None:
        """A word to that side of the screen."""
        self.action_word(-step if self._order.base_at(self.choice.head[0]) else step, extend)

    def action_word(self, step: int, extend: bool = False) -> None:
        """A word on in the text."""
        before = self.choice.span
        self.choice.by_word(step, extend=extend)
        self._after_move(before)

    def action_sentence(self, step: int) -> None:
        """To another sentence."""
        before = self.choice.span
        self.choice.by_sentence(step)
        self._after_move(before)

    def action_paragraph(self, step: int) -> None:
        """To another paragraph."""
        before = self.choice.span
        self.choice.by_paragraph(step)
        self._after_move(before)

    def action_grow(self) -> None:
        """Choose the sentence, then the next one too."""
        before = self.choice.span
        self.choice.grow_by_sentence()
        self._after_move(before)

    def action_shrink(self) -> None:
        """Choose one sentence less."""
        before = self.choice.span
        self.choice.shrink_by_sentence()
        self._after_move(before)

    def action_trim_end(self, step: int) -> None:
        """Move the end of the choice by a letter."""
        before = self.choice.span
        self.choice.move_end(step)
        self._after_move(before)

    def action_trim_start(self, step: int) -> None:
        """Move the start of the choice by a letter."""
        before = self.choice.span
        self.choice.move_start(step)
        self._after_move(before)

    def action_hold(self) -> None:
        """Let every move extend the choice, or no longer."""
        self.choice.is_extending = not self.choice.is_extending

    def action_let_go(self) -> None:
        """Shrink the choice to a word, forget what was found; without either the key belongs to the screen."""
        before = self.choice.span
        held = self.choice.let_go()
        if self.found:
            self.found = []
            self._repaint()
        elif not held:
            raise SkipAction
        self._after_move(before)

    def action_edge(self, at_end: bool) -> None:
        """To the first or the last word."""
        self._put_at(len(self.text) if at_end else 0)

    def action_row_edge(self, at_end: bool) -> None:
        """To the first or the last word of the row."""
        start, end = self._rows[self._rows.row_of(self.choice.head[0])] if len(self._rows) else (0, 0)
        self._put_at(max(end - 1, start) if at_end else start)

    def _put_at(self, offset: int, *, extend: bool = False, keep_goal: bool = False) -> None:
        before = self.choice.span
        self.choice.put_at(offset, extend=extend)
        self._after_move(before, keep_goal=keep_goal)

    def action_row(self, step: int, extend: bool = False) -> None:
        """Rows up or down, at the same cell of the row."""
        if not len(self._rows):
            return
        head = self.choice.head[0]
        row = self._rows.row_of(head)
        if self._goal is None:
            self._goal = self._cell_of(row, head)
        target = row + step
        while 0 <= target < len(self._rows) and self._rows[target][0] == self._rows[target][1]:
            target += 1 if step > 0 else -1
        target = min(max(target, 0), len(self._rows) - 1)
        self._put_at(self._offset_at(target, self._goal), extend=extend, keep_goal=True)

    def action_page(self, step: int) -> None:
        """A screenful up or down."""
        height = max(self.size.height - 2, 1)
        self.scroll_to(y=max(self.scroll_offset.y + step * height, 0), animate=False)
        self.action_row(step * height)

    def action_found(self, step: int) -> None:
        """To the next or previous place that was found, round the ends of the article."""
        if not self.found:
            return
        start = self.choice.span[0]
        index = index_at(self.found, start)
        if self.found[index][0] > start:
            index = index if step < 0 else index - 1
        elif self.found[index][0] < start and step < 0:
            index += 1
        self._choose_exactly(self.found[(index + step) % len(self.found)])

    def action_evidence(self, step: int) -> None:
        """To the next or previous words that are evidence, round the ends of the article."""
        spans = sorted({(mark.start, mark.end) for mark in self._marks})
        if not spans:
            return
        here = self.choice.span
        later = [span for span in spans if span > here]
        earlier = [span for span in spans if span < here]
        if step > 0:
            self._choose_exactly(later[0] if later else spans[0])
        else:
            self._choose_exactly(earlier[-1] if earlier else spans[-1])

    def jump(self, field: str) -> bool:
        """To the next words the field stands on; False if it has none."""
        spans = [(mark.start, mark.end) for mark in self._marks if mark.field == field]
        if not spans:
            return False
        here = self.choice.span
        self._choose_exactly(next((span for span in spans if span > here), spans[0]))
        return True

    def action_open_field(self) -> None:
        """Ask for the field that stands on these words."""
        start, end = self.choice.span
        fields = [mark.field for mark in self._marks if mark.start < end and start < mark.end]
        if fields:
            self.post_message(self.FieldWanted(fields[0]))

    def action_take(self) -> None:
        """Hand the chosen words over."""
        start, end = self.choice.span
        if start < end:
            self.post_message(self.Taken(start, end))

    def action_copy(self) -> None:
        """Put the chosen words into the clipboard."""
        start, end = self.choice.span
        self.app.copy_to_clipboard(self.text[start:end])

    def action_search(self) -> None:
        """Ask for words to look for."""
        self.post_message(self.SearchWanted())

    def on_focus(self) -> None:
        """The choice is painted as the one that keys move."""
        self._styles_by_layers.clear()
        self._repaint()

    def on_blur(self) -> None:
        """The choice is painted as waiting."""
        self._styles_by_layers.clear()
        self._repaint()

    # cells and offsets

    def _cell_of(self, row: int, offset: int) -> int:
        start, end = self._rows[row]
        used = self._shift_of(start, end)
        for piece in self._order.pieces(start, end):
            if piece.start <= offset < piece.end:
                break
            used += piece.cells
        return used

    def _offset_at(self, row: int, cell: int) -> int:
        """The code point drawn in that cell of a row; the nearest where none is."""
        start, end = self._rows[row]
        used = self._shift_of(start, end)
        pieces = self._order.pieces(start, end)
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
