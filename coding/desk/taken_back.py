"""The one place where it is put into words what undo took back and what redo brought again."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from coding.acts import Marked
from coding.event_state import BY_THE_CODER
from schema.values import format_value

if TYPE_CHECKING:
    from coding.event_state import EventState
    from data.records import Revision
    from schema.codebook import Codebook

    Taken = Revision | Marked

_GONE = frozenset({"retracted", "merged"})
_MARKS = {"no_event": "no event", "out_of_scope": "out of scope", "help_needed": "help needed"}
_TITLE = 40


def asked_before_undo(taken: Taken) -> str:
    """What undo would take back if its key is pressed again."""
    if isinstance(taken, Marked):
        if taken.event_key is not None:
            return f"ctrl+z again takes {_title(taken)} off event {taken.event_key}."
        return f"ctrl+z again takes the mark “{_mark(taken)}” off {_title(taken)}."
    if taken.status in _GONE:
        return f"ctrl+z again brings back {_named(taken, begins=False)}, taken out {_when(taken)}."
    if taken.revision > 1:
        return f"ctrl+z again takes back your change of {_named(taken, begins=False)}, saved {_when(taken)}."
    return f"ctrl+z again takes back {_named(taken, begins=False)}, saved {_when(taken)}."


def asked_before_redo(taken: Taken) -> str:
    """What redo would bring again, in another article, if its key is pressed again."""
    if isinstance(taken, Marked):
        return f"ctrl+y again goes to {_title(taken)} and marks it “{_mark(taken)}”."
    return f"ctrl+y again goes to the article of {_named(taken, begins=False)} and does its save again."


def said_of_undone(taken: Taken) -> str:
    """What undo took back."""
    if isinstance(taken, Marked):
        if taken.event_key is not None:
            return f"{_title(taken)} is taken off event {taken.event_key}; ctrl+y adds it again."
        return f"{_title(taken)} is no longer marked “{_mark(taken)}”; ctrl+y marks it again."
    if taken.status in _GONE:
        return f"{_named(taken)} is taken back; ctrl+y brings it again."
    return f"{_named(taken)} is as it was before you last changed it; ctrl+y changes it again."


def said_of_redone(taken: Taken) -> str:
    """What redo brought again."""
    if isinstance(taken, Marked):
        if taken.event_key is not None:
            return f"{_title(taken)} is a further source of event {taken.event_key} again."
        return f"{_title(taken)} is marked “{_mark(taken)}” again."
    if taken.status in _GONE:
        return f"{_named(taken)} is out of the dataset again."
    return f"{_named(taken)} is again as you had saved it."


def columns_of_change(codebook: Codebook, before: EventState, after: EventState) -> list[str]:
    """The columns that a step through the form's history changed, first the one that the coder changed."""
    names = [column.name for column in codebook.coded]
    changed = [name for name in names if before.value(name) != after.value(name)]
    return sorted(
        changed, key=lambda name: not BY_THE_CODER & {state.origins.get(name) for state in (before, after)}
    )


def said_of_change(codebook: Codebook, before: EventState, after: EventState) -> str:
    """What a step through the form's history changed: the field that the coder changed, and what stands there now."""
    changed = columns_of_change(codebook, before, after)
    if not changed:
        return _said_beside_the_cells(codebook, before, after)
    column = codebook.column(changed[0])
    value = after.value(column.name)
    if value is None:
        now = "is empty again"
    else:
        now = f"is “{value if column.name in after.unread else format_value(column, value)}” again"
    others = len(changed) - 1
    return f"{column.label} {now}{f', with {others} more' if others else ''}."


def _said_beside_the_cells(codebook: Codebook, before: EventState, after: EventState) -> str:
    moved = [
        piece.field
        for piece in (*before.evidence, *after.evidence)
        if (piece in before.evidence) != (piece in after.evidence)
    ]
    if moved:
        return f"The words of {codebook.column(moved[0]).label} are as before."
    return "A reason is as before." if before.reasons != after.reasons else "The mark is as before."


def _named(event: Revision, *, begins: bool = True) -> str:
    told = [str(event.values[name]) for name in ("location", "event_date") if event.values.get(name)]
    name = f"{'Event' if begins else 'event'} {event.event_key}"
    return f"{name} ({', '.join(told)})" if told else name


def _when(event: Revision) -> str:
    """The time of a save as a wall clock shows it, with its day where that is not today."""
    at = event.saved_at.astimezone()
    today = datetime.datetime.now().astimezone().date()
    return f"{at:%H:%M}" if at.date() == today else f"{at:%Y-%m-%d %H:%M}"


def _mark(marked: Marked) -> str:
    return _MARKS.get(marked.status, marked.status)


def _title(marked: Marked) -> str:
    title = marked.title if len(marked.title) <= _TITLE else f"{marked.title[: _TITLE - 1]}…"
    return f"“{title}”"
