"""The one place where it is said that an event on the form equals one that is coded already.

The table's rule DU-1 asked of one row before it is saved: the same day, place, actors and event type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from schema.rules import Failure, Severity

if TYPE_CHECKING:
    from coding.event_state import EventState
    from data.records import Revision, Row
    from schema.codebook import Codebook

RULE = "DU-1"
COLUMNS = ("event_date", "location", "actor1", "actor2", "sub_event_type")
DIFFERENT = "different:"
"""Begins the name under which a draft remembers that an event is another one."""


def twin_failures(codebook: Codebook, state: EventState, coded: Iterable[Revision]) -> Sequence[Failure]:
    """The warning that a coded event is this one; none where the coder said that it is another."""
    mark = _mark(codebook, state.row)
    if mark is None:
        return ()
    for event in coded:
        is_other = event.event_key != state.event_key and f"{DIFFERENT}{event.event_key}" not in state.reasons
        if is_other and _mark(codebook, event.values) == mark:
            sentence = (
                f"Event {event.event_key} has the same day, place, actors and event type. "
                "Change what differs, or say why this is another event."
            )
            return (Failure(RULE, Severity.WARNING, COLUMNS, sentence),)
    return ()


def _mark(codebook: Codebook, row: Row) -> tuple[object, ...] | None:
    """What two rows of one event have in common; None before it stands."""
    kind = row.get("sub_event_type")
    if any(row.get(name) is None for name in ("event_date", "location", "actor1")) or kind is None:
        return None
    known = next((sub.event_type for sub in codebook.sub_event_types if sub.name == kind), kind)
    actors = frozenset(str(row[name]) for name in ("actor1", "actor2") if row.get(name))
    return row["event_date"], row["location"], row.get("country"), known, actors
