"""The one place where it is put into words what undo took back and what redo brought again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coding.acts import Marked

if TYPE_CHECKING:
    from data.records import Revision

    Taken = Revision | Marked

_GONE = frozenset({"retracted", "merged"})
_MARKS = {"no_event": "no event", "out_of_scope": "out of scope", "help_needed": "help needed"}
_TITLE = 40


def said_of_undone(taken: Taken) -> str:
    """What undo took back."""
    if isinstance(taken, Marked):
        if taken.event_key is not None:
            return f"{_title(taken)} is taken off event {taken.event_key}; ctrl+y adds it again."
        return f"{_title(taken)} is no longer marked “{_MARKS.get(taken.status, taken.status)}”; ctrl+y marks it again."
    if taken.status in _GONE:
        return f"{_named(taken)} is taken back; ctrl+y brings it again."
    return f"{_named(taken)} is as it was before you last changed it; ctrl+y changes it again."


def said_of_redone(taken: Taken) -> str:
    """What redo brought again."""
    if isinstance(taken, Marked):
        if taken.event_key is not None:
            return f"{_title(taken)} is a further source of event {taken.event_key} again."
        return f"{_title(taken)} is marked “{_MARKS.get(taken.status, taken.status)}” again."
    if taken.status in _GONE:
        return f"{_named(taken)} is out of the dataset again."
    return f"{_named(taken)} is again as you had saved it."


def _named(event: Revision) -> str:
    told = [str(event.values[name]) for name in ("location", "event_date") if event.values.get(name)]
    return f"Event {event.event_key} ({', '.join(told)})" if told else f"Event {event.event_key}"


def _title(marked: Marked) -> str:
    title = marked.title if len(marked.title) <= _TITLE else f"{marked.title[: _TITLE - 1]}…"
    return f"“{title}”"
