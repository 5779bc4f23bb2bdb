"""The one place where SQL is typed on the screen: coloured words, and a proposal for the one under the cursor."""

from __future__ import annotations

import re
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from data.console.completion import KEYWORDS, Completion, Known, completions
from schema.text import safe_text

_STYLES = {
    "keyword": Style(bold=True),
    "text": Style(color="green"),
    "number": Style(color="cyan"),
    "comment": Style(dim=True, italic=True),
    "parameter": Style(color="yellow", bold=True),
}
_WORDS = re.compile(
    r"(?P<comment>--[^\n]*)|(?P<text>'(?:[^']|'')*'?)|(?P<parameter>\$[A-Za-z_]\w*)|(?P<number>\b\d+(?:\.\d+)?\b)|(?P<word>[A-Za-z_]\w*)"
)
_KEYWORDS = frozenset(KEYWORDS)


class SqlEditor(TextArea):
    """An editor for one query; tab takes the proposal, where there is one."""

    DEFAULT_CSS = """
    SqlEditor { height: 7; border: none; padding: 0 1; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take(0)", "Take the word", id="sql.take", show=False),
        *(Binding(f"alt+{n}", f"take({n - 1})", show=False) for n in range(1, 10)),
    ]

    class Proposed(Message):
        """Other words fit the place of the cursor."""

        def __init__(self, found: list[Completion]) -> None:
            super().__init__()
            self.found = found

    def __init__(self, text: str = "", *, known: Known | None = None) -> None:
        super().__init__(text, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)
        self.known = known or Known()
        self.found: list[Completion] = []
        self.register_theme(TextAreaTheme("eventcoder-sql", syntax_styles=_STYLES))
        self.theme = "eventcoder-sql"

    @property
    def before_cursor(self) -> str:
        """The query up to the cursor."""
        return self.get_text_range((0, 0), self.cursor_location)

    def propose(self) -> None:
        """Look anew for words that fit."""
        self.found = completions(self.before_cursor, self.known)
        self.post_message(self.Proposed(self.found))

    def action_take(self, number: int) -> None:
        """Put a proposal in the place of what was typed; without one, tab goes on to the answer."""
        self.found = completions(self.before_cursor, self.known)
        if number < len(self.found):
            chosen = self.found[number]
            row, column = self.cursor_location
            self.replace(chosen.text, (row, max(column - chosen.typed, 0)), self.cursor_location)
            self.found = []
            self.post_message(self.Proposed([]))
        elif number == 0:
            self.screen.focus_next()

    def on_text_area_changed(self) -> None:
        """Every key may make other words fit."""
        self.propose()

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text)
        await super()._on_paste(event)

    def _build_highlight_map(self) -> None:
        """Colour the words without a parser of its own: Textual's needs one more package."""
        super()._build_highlight_map()
        for row, line in enumerate(self.document.lines):
            for found in _WORDS.finditer(line):
                kind = found.lastgroup or ""
                if kind == "word":
                    kind = "keyword" if found[0].upper() in _KEYWORDS else ""
                if kind:
                    start, end = (len(line[:place].encode()) for place in found.span())
                    self._highlights[row].append((start, end, kind))
