"""The one place where a proposed value is described: the value, what else it fills, why it is proposed.

A candidate is never saved by itself; a person picks it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from schema.column import Row, Value

__all__ = ["Candidate", "Row", "Span", "Value"]

Span = tuple[int, int]
"""Start and end of words, in code points of the article's text."""


@dataclass(frozen=True)
class Candidate:
    """One value a coder can pick with one key."""

    field: str
    """The column it is proposed for."""
    value: Value
    """What picking it writes into that column; for a list column the whole list, items joined."""
    label: str
    """What the list shows."""
    detail: str = ""
    """What tells it from its neighbours: type, province, definition."""
    fills: Mapping[str, Value] = dataclasses.field(default_factory=dict)
    """Values of other columns that follow from picking it."""
    score: float = 0.0
    """Higher stands further up; comparable inside one list only."""
    why: str = ""
    """A few words: from the article, coded often here, a typo of."""
    spans: tuple[Span, ...] = ()
    """The words of the article it rests on, as (start, end) code points."""
    can_be_taken: bool = True
    """False for a line that only says something: that the article is still being read."""
    is_a_guess: bool = False
    """Like what is typed, but not called so: a digit takes it, Enter keeps what was typed."""
