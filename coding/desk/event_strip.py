"""The one place where the events of the open article stand in one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from coding.desk.plain import plain_line

if TYPE_CHECKING:
    from coding.event_state import EventState
    from data.records import Revision, Row


class EventStrip(Static):
    """Which events the article has, and which one is on the form."""

    DEFAULT_CSS = """
    EventStrip { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    EventStrip.-asking { background: $warning 30%; height: auto; max-height: 2; text-wrap: wrap; }
    """

    def ask(self, question: str) -> None:
        """Ask whether the event was coded before; an empty question ends it."""
        self.set_class(bool(question), "-asking")
        if question:
            self.update(plain_line(question, "bold"))

    def show(self, events: Sequence[Revision], state: EventState, unfinished: int) -> None:
        """Name the coded events in order, the one on the form in brackets."""
        parts: list[Content] = []
        for number, event in enumerate(events, 1):
            here = event.event_key == state.event_key
            text = f"{number} {summary_of(event.values)}"
            parts.append(plain_line(f"[{text}]" if here else text, "bold" if here else ""))
        if state.event_key is None:
            parts.append(plain_line("[new event]", "bold"))
        if unfinished:
            parts.append(plain_line(f"{unfinished} unfinished (F9)", "italic"))
        head = plain_line("Events of this article: " if events else "No event coded yet: ", "dim")
        self.update(Content.assemble(head, Content("  ").join(parts)), layout=self.has_class("-asking"))


def summary_of(row: Row) -> str:
    """An event in a few words: what, where, when."""
    what = row.get("sub_event_type") or "event"
    return ", ".join(str(word) for word in (what, row.get("location"), row.get("event_date")) if word)
