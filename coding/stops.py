"""The one place where it is decided which field needs the coder next, and what follows from a choice without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from coding.candidate import Row, Value

if TYPE_CHECKING:
    from schema.codebook import Codebook, SubEventType

STOPS = ("event_date", "sub_event_type", "actor1", "actor2", "location", "fatalities", "tags")
"""Fields a person decides for every event, in the codebook's order; all others follow from these or may stay empty."""

_ACTOR_OF_TYPE = {"inter1": "actor1", "inter2": "actor2"}
"""Types that follow from an actor of the vocabulary, and have to be given for a new one."""

_OF_A_PLACE = ("latitude", "longitude", "country", "admin1", "geo_precision")
"""What a new place is asked for, in this order."""

FOLLOWERS: Mapping[str, tuple[str, ...]] = {
    "event_date": ("time_precision",),
    "sub_event_type": ("fatalities",),
    "actor1": ("inter1",),
    "actor2": ("inter2",),
    "location": ("country", "admin1", "admin2", "admin3", "latitude", "longitude", "geo_precision"),
    "source": ("source_scale",),
}
"""The columns that a value of the vocabulary may bring along: without it they have nothing to follow from."""

_UNDECIDED = frozenset({"suggested", "carried_over"})
"""Origins of values that stand only until the coder confirms them."""


def next_stop(
    codebook: Codebook,
    row: Mapping[str, Value],
    after: str | None = None,
    origins: Mapping[str, str] | None = None,
) -> str | None:
    """The next field that needs the coder: below `after` every open stop, above it only those that must be filled.

    Without `origins` every value that stands counts as decided. None when nothing is left: the event can be saved.
    """
    order = [column.name for column in codebook.coded]
    if (asked := _of_new_place(row, after)) is not None:
        return asked
    start = order.index(after) + 1 if after in order else 0
    undecided = {name for name, origin in (origins or {}).items() if origin in _UNDECIDED}
    open_below = (name for name in order[start:] if _is_open(codebook, row, undecided, name))
    open_above = (
        name
        for name in order[:start]
        if name != after
        and _is_open(codebook, row, undecided, name)
        and (name in undecided or _must(codebook, row, name))
    )
    return next(iter((*open_below, *open_above, *_left_empty(codebook, row, after))), None)


def _of_new_place(row: Mapping[str, Value], after: str | None) -> str | None:
    """What has to be told of a place that no list knows, right after its name: coordinates first, the rest may follow."""
    if after not in {"location", *_OF_A_PLACE} or row.get("location") is None:
        return None
    known = all(row.get(name) is not None for name in ("country", "latitude", "longitude"))
    if after == "location" and known:
        return None
    asked = _OF_A_PLACE[_OF_A_PLACE.index(after) + 1 :] if after in _OF_A_PLACE else _OF_A_PLACE
    return next((name for name in asked if row.get(name) is None), None)


def is_needed(codebook: Codebook, row: Mapping[str, Value], name: str) -> bool:
    """Whether the field is a stop, and the event cannot be saved while it is empty."""
    sub_event = _sub_event(codebook, row)
    if name == "tags":
        return sub_event is not None and _needs_tag(codebook, sub_event)
    return name in STOPS and _must(codebook, row, name)


def _left_empty(codebook: Codebook, row: Mapping[str, Value], after: str | None) -> list[str]:
    """Required fields that usually follow from others but did not: the scale of a source nobody knows yet."""
    return [
        column.name
        for column in codebook.coded
        if column.required
        and column.name not in STOPS
        and column.name != after
        and row.get(column.name) is None
    ]


def _is_open(codebook: Codebook, row: Mapping[str, Value], undecided: set[str], name: str) -> bool:
    if name in _ACTOR_OF_TYPE:
        return row.get(_ACTOR_OF_TYPE[name]) is not None and row.get(name) is None
    if name not in STOPS or (row.get(name) is not None and name not in undecided):
        return False
    sub_event = _sub_event(codebook, row)
    if sub_event is None:
        return name != "tags"
    if name == "tags":
        return _needs_tag(codebook, sub_event)
    if name == "fatalities":
        return sub_event.fatalities != "none" or row.get(name) is None
    return (
        name != "actor2" or sub_event.actor2 == "required" or not set(sub_event.side2) <= set(sub_event.side1)
    )


def _must(codebook: Codebook, row: Mapping[str, Value], name: str) -> bool:
    """Whether the event cannot be saved while the field is empty."""
    sub_event = _sub_event(codebook, row)
    return name != "actor2" or (sub_event is not None and sub_event.actor2 == "required")


def _needs_tag(codebook: Codebook, sub_event: SubEventType) -> bool:
    return any(tag.required and sub_event.event_type in tag.on for tag in codebook.tags)


def following(codebook: Codebook, row: Mapping[str, Value]) -> Row:
    """Values that follow from the sub-event type alone: no deaths where it excludes them, an unreported crowd."""
    sub_event = _sub_event(codebook, row)
    if sub_event is None:
        return {}
    fixed: Row = {}
    if sub_event.fatalities == "none":
        fixed["fatalities"] = 0
    return fixed


def _sub_event(codebook: Codebook, row: Mapping[str, Value]) -> SubEventType | None:
    chosen = row.get("sub_event_type")
    known = {entry.name: entry for entry in codebook.sub_event_types}
    return known.get(chosen) if isinstance(chosen, str) else None
