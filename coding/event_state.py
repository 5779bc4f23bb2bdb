"""The one place where an event under work is a value: its cells, where each came from, and the words under it.

Every change makes a new `EventState`, so undo is a list of earlier ones. Knows no store and no screen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coding.matching import match

if TYPE_CHECKING:
    from data.records import Evidence
    from schema.column import Row, Value

FOLLOWS = "derived"
PROPOSED = "suggested"
CARRIED = "carried_over"
TYPED = "typed"
PICKED = "picked"

BY_THE_CODER = frozenset({TYPED, PICKED, "adjudicated", "imported"})
"""Origins that a fill must not overwrite unless the coder picked the value that fills."""


@dataclass(frozen=True)
class EventState:
    """One event at one moment of its coding."""

    draft_id: str
    article_id: int | None
    values: Mapping[str, Value] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    """Fields whose text cannot be used yet: column → the sentence that says why. The text stays in `values`."""
    origins: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why a warning is right this time: rule id → the coder's reason."""
    event_key: int | None = None
    base_revision: int | None = None

    @property
    def row(self) -> Row:
        """The cells that can be judged: filled and readable."""
        return {
            name: value
            for name, value in self.values.items()
            if value is not None and name not in self.unread
        }

    def value(self, column: str) -> Value:
        """What stands in a column; None where nothing does."""
        return self.values.get(column)

    def with_value(self, column: str, value: Value, origin: str) -> EventState:
        """The state with one cell set; an empty value has no origin, and the words of a replaced value go with it."""
        values = {**self.values, column: value}
        origins = {**self.origins, column: origin}
        if value is None:
            values.pop(column), origins.pop(column)
        unread = {name: why for name, why in self.unread.items() if name != column}
        kept = self if self._keeps_words(column, value, origin) else self.without_evidence(column)
        return replace(kept, values=values, origins=origins, unread=unread)

    def _keeps_words(self, column: str, value: Value, origin: str) -> bool:
        """Whether a field's evidence holds for its next value: for the coder's first one, and where a text goes on."""
        before = self.values.get(column)
        if before in (None, value) or column in self.unread or column == "notes":
            return True
        if origin in BY_THE_CODER and self.origins.get(column) not in BY_THE_CODER:
            return True
        if not isinstance(before, str) or not isinstance(value, str):
            return False
        if _members(before) <= _members(value) or _members(value) <= _members(before):
            return True
        return self.origins.get(column) == TYPED and match(before, value) is not None

    def with_unread(self, column: str, text: str, sentence: str) -> EventState:
        """The state that keeps a text it cannot read, and why."""
        kept = self.with_value(column, text, TYPED)
        return replace(kept, unread={**kept.unread, column: sentence})

    def with_fills(
        self, fills: Mapping[str, Value], origin: str = FOLLOWS, *, over_coder: bool
    ) -> EventState:
        """The state with the cells another value brings along."""
        state = self
        for column, value in fills.items():
            if over_coder or self.origins.get(column) not in BY_THE_CODER:
                state = state.with_value(column, value, origin)
        return state

    def without_followers(self, columns: Collection[str]) -> EventState:
        """The state without those of the cells that merely followed from another value."""
        state = self
        for column in columns:
            if self.origins.get(column) == FOLLOWS:
                state = state.with_value(column, None, FOLLOWS)
        return state

    def with_evidence(self, piece: Evidence) -> EventState:
        """The state with one more piece of evidence; the same words twice for one field are one piece."""
        if piece in self.evidence:
            return self
        return replace(self, evidence=(*self.evidence, piece))

    def without_evidence(self, column: str) -> EventState:
        """The state with a field's evidence taken away."""
        return replace(self, evidence=tuple(piece for piece in self.evidence if piece.field != column))

    def evidence_of(self, column: str) -> tuple[Evidence, ...]:
        """The words one field rests on, in the order they were taken."""
        return tuple(piece for piece in self.evidence if piece.field == column)

    def same_content(self, other: EventState) -> bool:
        """Whether both hold the same cells, words and reasons."""
        return (dict(self.values), self.evidence, dict(self.reasons)) == (
            dict(other.values),
            other.evidence,
            dict(other.reasons),
        )


def _members(text: str) -> set[str]:
    return {member.strip() for member in text.split(";")}


class Undoable:
    """An event state with every earlier and every undone one."""

    def __init__(self, state: EventState) -> None:
        self.state = state
        self._earlier: list[EventState] = []
        self._undone: list[EventState] = []

    def change(self, state: EventState) -> bool:
        """Take a new state; False where it says nothing new."""
        if state == self.state:
            return False
        self._earlier.append(self.state)
        self._undone.clear()
        self.state = state
        return True

    def undo(self) -> bool:
        """Go one change back; False at the beginning."""
        return self._swap(self._earlier, self._undone)

    def redo(self) -> bool:
        """Take an undone change again; False where there is none."""
        return self._swap(self._undone, self._earlier)

    def _swap(self, source: list[EventState], target: list[EventState]) -> bool:
        if not source:
            return False
        target.append(self.state)
        self.state = source.pop()
        return True
