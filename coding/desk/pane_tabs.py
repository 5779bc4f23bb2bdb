"""The one place where a narrow screen says which of its two panes is shown, and how to get to the other."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from coding.desk.plain import plain_line


class PaneTabs(Static):
    """One line: Article and Form, the shown one marked."""

    DEFAULT_CSS = """
    PaneTabs { height: 1; padding: 0 1; background: $surface; }
    """

    class Clicked(Message):
        """The other pane was asked for."""

    def show(self, *, reading: bool) -> None:
        """Mark the pane that is shown."""
        article, form = ("▶ Article", "  Form") if reading else ("  Article", "▶ Form")
        self.update(
            Content.assemble(
                plain_line(article, "bold reverse" if reading else "dim"),
                plain_line(" │ "),
                plain_line(form, "dim" if reading else "bold reverse"),
                plain_line("   F2 goes to the other", "dim"),
            ),
            layout=False,
        )

    def on_click(self, event: events.Click) -> None:
        """A click goes to the other pane."""
        event.stop()
        self.post_message(self.Clicked())
