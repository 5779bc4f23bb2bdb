"""The one place where the parts of a codebook are held against each other: what one of them names, another one has."""

from __future__ import annotations

from collections.abc import Mapping

from schema.codebook import Codebook
from schema.errors import CodebookError

_WORDS = {
    "actor2": ("required", "optional"),
    "fatalities": ("any", "none", "at least one", "rare"),
    "targeting": ("never", "always", "civilian actor"),
}
"""Field of a sub-event type to the words it can hold."""


def agree(codebook: Codebook, places: Mapping[tuple[str, str], str]) -> None:
    """Raise CodebookError where a part names what no other part has; `places` tells the file of a listed entry."""
    types = [entry.name for entry in codebook.event_types]
    sides = [entry.label for entry in codebook.actor_types]
    for entry in codebook.sub_event_types:
        name = f"{places['sub_event_type', entry.name]}: the sub-event type {entry.name!r}"
        if entry.event_type not in types:
            raise CodebookError(
                f"{name} belongs to {entry.event_type!r}, which is no event type; use one of {', '.join(types)}, or add it."
            )
        if entry.disorder_type not in codebook.disorder_types:
            known = ", ".join(codebook.disorder_types)
            raise CodebookError(f"{name} has the disorder type {entry.disorder_type!r}; use one of {known}.")
        for field, words in _WORDS.items():
            if getattr(entry, field) not in words:
                raise CodebookError(
                    f"{name} has {field} = {getattr(entry, field)!r}; use {', '.join(words)}."
                )
        for side in (*entry.side1, *entry.side2):
            if side not in sides:
                raise CodebookError(
                    f"{name} names the type of actor {side!r}; use one of {', '.join(sides)}."
                )
    _agree_groups(codebook, places)
    for column in codebook.derived:
        if column.name not in codebook.derivations:
            raise CodebookError(
                f'{column.where}: the column {column.name!r} is derived, but nothing says how; add derive = "…" to it.'
            )


def _agree_groups(codebook: Codebook, places: Mapping[tuple[str, str], str]) -> None:
    """Every group names disorder types and event types that there are."""
    event_types = tuple(entry.name for entry in codebook.event_types)
    for group in codebook.disorder_groups:
        where = f"{places['disorder_group', group.name]}: the disorder group {group.name!r}"
        for what, told, known in (
            ("disorder type", group.disorder_types, codebook.disorder_types),
            ("event type", group.event_types, event_types),
        ):
            for word in told:
                if word not in known:
                    raise CodebookError(f"{where} names the {what} {word!r}; use one of {', '.join(known)}.")
