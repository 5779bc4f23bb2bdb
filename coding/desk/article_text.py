"""The one place where the words of an article are chosen by key and mouse, found, and handed over."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.message import Message

from coding.desk.article_canvas import ArticleCanvas, Mark
from coding.desk.article_keys import ARTICLE_KEYS
from coding.desk.reading.finding import find
from coding.desk.reading.hopping import Hop
from coding.desk.reading.passages import Span, index_at

__all__ = ["ArticleText", "Mark"]


class ArticleText(ArticleCanvas, can_focus=True):
    """A long text to read and choose words from."""

    BINDINGS: ClassVar[list[BindingType]] = ARTICLE_KEYS

    class Taken(Message):
        """The chosen words were asked for with the key for it."""

        def __init__(self, start: int, end: int) -> None:
            super().__init__()
            self.start = start
            self.end = end

    class Moved(Message, bubble=True):
        """Other words are chosen now."""

    class Hopping(Message):
        """A hop began or ended; the words say what to type, none that it ended."""

        def __init__(self, says: str) -> None:
            super().__init__()
            self.says = says

    class SearchWanted(Message):
        """The key for a search was pressed."""

    class FieldWanted(Message):
        """The field that stands on the words under the caret was asked for."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    def set_text(self, text: str) -> None:
        """Take another text; nothing of the one before is kept."""
        super().set_text(text)
        self._goal: int | None = None
        self._hop: Hop | None = None
        self._hop_extends = False
        self._drags = False

    def show(self, text: str) -> None:
        """Show another text from its beginning."""
        super().show(text)
        self.post_message(self.Moved())

    def search(self, wanted: str) -> int:
        """Find the words everywhere, choose the first place after the caret; returns how many there are."""
        self.found = find(self.text, wanted)
        if self.found:
            head = self.choice.head[0]
            self._choose_exactly(next((span for span in self.found if span[0] >= head), self.found[0]))
        self.repaint()
        return len(self.found)

    def choose(self, start: int, end: int) -> None:
        """Choose the words and bring them into view."""
        self._choose_exactly((start, min(end, len(self.text))))

    # moving

    def _after_move(self, before: Span, *, keep_goal: bool = False) -> None:
        if not keep_goal:
            self._goal = None
        self.repaint_span(before)
        self.repaint_span(self.choice.span)
        self.keep_in_view()
        self.post_message(self.Moved())

    def _choose_exactly(self, span: Span) -> None:
        before = self.choice.span
        self.choice.put_exactly(span)
        self._after_move(before)

    def action_step(self, step: int, extend: bool = False) -> None:
        """A word to that side of the screen."""
        self.action_word(-step if self.order.base_at(self.choice.head[0]) else step, extend)

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
            self.repaint()
        elif not held:
            raise SkipAction
        self._after_move(before)

    def action_edge(self, at_end: bool) -> None:
        """To the first or the last word."""
        self._put_at(len(self.text) if at_end else 0)

    def action_row_edge(self, at_end: bool) -> None:
        """To the first or the last word of the row."""
        start, end = self.rows[self.rows.row_of(self.choice.head[0])] if len(self.rows) else (0, 0)
        self._put_at(max(end - 1, start) if at_end else start)

    def _put_at(self, offset: int, *, extend: bool = False, keep_goal: bool = False) -> None:
        before = self.choice.span
        self.choice.put_at(offset, extend=extend)
        self._after_move(before, keep_goal=keep_goal)

    def action_row(self, step: int, extend: bool = False) -> None:
        """Rows up or down, at the same cell of the row."""
        if not len(self.rows):
            return
        head = self.choice.head[0]
        row = self.rows.row_of(head)
        if self._goal is None:
            self._goal = self.cell_of(row, head)
        target = row + step
        while 0 <= target < len(self.rows) and self.rows[target][0] == self.rows[target][1]:
            target += 1 if step > 0 else -1
        target = min(max(target, 0), len(self.rows) - 1)
        self._put_at(self.offset_at(target, self._goal), extend=extend, keep_goal=True)

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

    # hopping

    def action_hop(self, extend: bool = False) -> None:
        """Go to a word on the screen by its first letters; a number picks where several begin so."""
        top = self.scroll_offset.y
        bottom = min(top + self.size.height, len(self.rows)) - 1
        if bottom < top:
            return
        first, last = self.rows[top][0], self.rows[bottom][1]
        self._hop = Hop(self.shown, [word for word in self.passages.words if first <= word[0] < last])
        self._hop_extends = extend
        self.post_message(self.Hopping("type the first letters of a word; a number picks"))

    @property
    def is_hopping(self) -> bool:
        """Whether letters belong to a hop."""
        return self._hop is not None

    def _end_hop(self) -> None:
        self._hop = None
        self._label({})
        self.post_message(self.Hopping(""))

    def _label(self, labels: dict[int, str]) -> None:
        self.labels = labels
        self.repaint()

    async def _on_key(self, event: events.Key) -> None:
        """While a hop is under way letters belong to it."""
        hop = self._hop
        if hop is None:
            return
        if event.character is None or not event.is_printable:
            self._end_hop()
            if event.key == "escape":
                event.stop()
                event.prevent_default()
            return
        event.stop()
        event.prevent_default()
        word = hop.type(event.character)
        if word is not None or hop.is_over:
            self._end_hop()
        else:
            self._label(hop.labels)
        if word is not None:
            before = self.choice.span
            self.choice.put(word, extend=self._hop_extends)
            self._after_move(before)

    # the mouse

    def _offset_under(self, event: events.MouseEvent) -> int | None:
        row = event.y + self.scroll_offset.y
        if not 0 <= row < len(self.rows):
            return None
        return self.offset_at(row, event.x - self.indent)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose the word under the pointer; with shift up to it."""
        offset = self._offset_under(event)
        if event.button == 1 and offset is not None:
            self._drags = True
            self.capture_mouse()
            self._put_at(offset, extend=event.shift)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Choose all words the pointer is drawn over."""
        offset = self._offset_under(event) if self._drags else None
        if offset is not None:
            self._put_at(offset, extend=True)

    def on_mouse_up(self) -> None:
        """The words are chosen."""
        if self._drags:
            self._drags = False
            self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Three clicks choose the sentence."""
        if event.chain == 3:
            self.action_grow()
