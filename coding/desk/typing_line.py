"""The one place where a person types a line: a search, a filter, a cell. What is pasted into it is made safe."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from coding.desk.plain import one_line


class TypingLine(Input):
    """One line to type in, which can be left without taking what was typed."""

    DEFAULT_CSS = """
    TypingLine { dock: bottom; height: 1; border: none; padding: 0 1; display: none; }
    TypingLine:focus { border: none; }
    TypingLine.-open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", id="line.leave")]

    def on_mount(self) -> None:
        """A blinking cursor is traffic on a slow link."""
        self.cursor_blink = False

    class Left(Message):
        """The line was given up."""

    def open(self, text: str = "", placeholder: str = "") -> None:
        """Show the line with that text and put the focus on it."""
        self.placeholder = one_line(placeholder)
        self.value = one_line(text)
        self.cursor_position = len(self.value)
        self.add_class("-open")
        self.focus()

    def close(self) -> None:
        """Hide the line."""
        self.remove_class("-open")

    def action_leave(self) -> None:
        """Give the line up."""
        self.post_message(self.Left())

    def _on_paste(self, event: events.Paste) -> None:
        """Take the first line of what was pasted, without what a terminal would obey."""
        event.prevent_default()
        event.stop()
        lines = event.text.splitlines()
        if lines:
            self.insert_text_at_cursor(one_line(lines[0]))
