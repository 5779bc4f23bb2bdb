"""The one place where typing, picking and evidence change the event under work.

Memory only: what is kept and what is judged goes through `coding.keeping`.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coding.dates import DateReading, read_date
from coding.event_state import BY_THE_CODER, CARRIED, FOLLOWS, PICKED, PROPOSED, TYPED, EventState, Undoable
from coding.fatalities import FatalityReading, read_fatalities
from coding.note import draft_note
from coding.stops import FOLLOWERS, following
from data.records import Evidence
from schema.values import UnusableValue, format_value, parse_value

if TYPE_CHECKING:
    from coding.candidate import Candidate
    from data.records import Article, Draft, Revision
    from schema.codebook import Codebook
    from schema.column import Row, Value

_NOTE_IS_OURS = frozenset({None, FOLLOWS, CARRIED, PROPOSED})

NEVER_REPEATED = frozenset({"notes", "event_id_cnty", "timestamp"})
"""Columns that a second event never takes over from the first: their text is about one event."""

NOTHING_SAID = frozenset({"none", "no", "nothing", "unknown", "not known", "not reported", "n/a", "?"})
"""What coders type where a report does not say how many came, or where no tag is wanted."""


@dataclass(frozen=True)
class Typed:
    """What became of a typed text."""

    value: Value
    said: str = ""
    """How the words were understood, or why they cannot be used."""
    usable: bool = True


def new_draft_id() -> str:
    """An identity for one event under work; it becomes the save's identity, so a repeated save is one save."""
    return uuid.uuid4().hex


class FormWork:
    """The event under work on one article, with undo."""

    def __init__(self, codebook: Codebook, article: Article, state: EventState | None = None) -> None:
        self.codebook = codebook
        self.article = article
        self.date_reading: DateReading | None = None
        self.fatality_reading: FatalityReading | None = None
        self._history = Undoable(self._read_again(state) if state else self.blank())
        self._at_start = self._history.state

    # ------------------------------------------------------------ what stands

    @property
    def state(self) -> EventState:
        """The event as it stands."""
        return self._history.state

    @property
    def row(self) -> Row:
        """The readable cells."""
        return self.state.row

    @property
    def touched(self) -> bool:
        """Whether the coder did anything since the event was begun."""
        return not self.state.same_content(self._at_start)

    @property
    def started(self) -> bool:
        """Whether the event holds anything a person gave: a coded event opened again, or any own value."""
        return self.state.event_key is not None or bool(set(self.state.origins.values()) & BY_THE_CODER)

    def text(self, column: str) -> str:
        """A cell as the form shows it."""
        value = self.state.value(column)
        if column in self.state.unread:
            return str(value)
        return format_value(self.codebook.column(column), value)

    # ------------------------------------------------------------ beginnings

    def blank(self) -> EventState:
        """A new event of the article: only what the article itself says stands already.

        Day and deaths stay empty though their likeliest values are known: one key picks them, none must pass unseen.
        """
        article = self.article
        state = EventState(draft_id=new_draft_id(), article_id=article.article_id)
        told: Mapping[str, Value] = {"source": article.source or None, "source_scale": article.source_scale}
        return state.with_fills(self._known(told), FOLLOWS, over_coder=False)

    def begin(self, state: EventState) -> None:
        """Put another event on the form; what was undone before does not reach into it."""
        self._history = Undoable(self._read_again(state))
        self._at_start = self._history.state
        self.date_reading = None
        self.fatality_reading = None

    def _read_again(self, state: EventState) -> EventState:
        """The state with its typed texts judged: a draft keeps a text that cannot be read, but not why."""
        unread = dict(state.unread)
        for column in self.codebook.coded:
            text = state.value(column.name)
            if isinstance(text, str) and state.origins.get(column.name) == TYPED:
                try:
                    self._read(column.name, text, state)
                except UnusableValue as unusable:
                    unread[column.name] = str(unusable)
        return replace(state, unread=unread)

    def with_carried(self, values: Mapping[str, Value]) -> EventState:
        """A new event with a few cells of the one before, each marked until the coder confirms it."""
        return self._with_note(self.blank().with_fills(self._known(values), CARRIED, over_coder=True))

    def like(self, values: Mapping[str, Value]) -> EventState:
        """A new event with another one's cells, each marked as carried over until the coder touches it."""
        carried = {name: value for name, value in values.items() if name not in NEVER_REPEATED}
        coded = {column.name for column in self.codebook.coded}
        kept = {name: value for name, value in carried.items() if name in coded}
        return self._with_note(self.blank().with_fills(kept, CARRIED, over_coder=True))

    def _known(self, values: Mapping[str, Value]) -> dict[str, Value]:
        coded = {column.name for column in self.codebook.coded}
        return {name: value for name, value in values.items() if name in coded and value is not None}

    # ------------------------------------------------------------ changes

    def type_text(self, column: str, text: str) -> Typed:
        """Take what was typed into a field the way people type it."""
        if " ".join(text.split()) == self.text(column):
            return Typed(self.state.value(column), usable=column not in self.state.unread)
        state, typed, reading = self.reading(column, text)
        self._history.change(state)
        self.date_reading = reading if isinstance(reading, DateReading) else self.date_reading
        self.fatality_reading = reading if isinstance(reading, FatalityReading) else self.fatality_reading
        return typed

    def reading(
        self, column: str, text: str
    ) -> tuple[EventState, Typed, DateReading | FatalityReading | None]:
        """What a text would make of the event, without changing it: this judges a field while it is typed."""
        text = " ".join(text.split())
        try:
            value, fills, reading = self._read(column, text, self.state)
        except UnusableValue as unusable:
            alone = self.state.without_followers(FOLLOWERS.get(column, ()))
            return (
                alone.with_unread(column, text, str(unusable)),
                Typed(text, str(unusable), usable=False),
                None,
            )
        state = self._with_choice(column, value, TYPED, fills, over_coder=False)
        said = reading.why if isinstance(reading, DateReading) else reading.rule if reading else ""
        return self._with_note(state, column, reading), Typed(value, said), reading

    def _read(
        self, column: str, text: str, state: EventState
    ) -> tuple[Value, dict[str, Value], DateReading | FatalityReading | None]:
        if text and column == "event_date":
            date = read_date(text, self.article.published)
            return date.date, {"time_precision": date.precision}, date
        if text and column == "fatalities":
            country, day = state.value("country"), state.value("event_date")
            deaths = read_fatalities(
                text,
                self.codebook,
                country=country if isinstance(country, str) else None,
                on=day if isinstance(day, datetime.date) else None,
            )
            return deaths.number, {}, deaths
        if column == "tags" and text.casefold() in NOTHING_SAID:
            return None, {}, None
        return parse_value(self.codebook.column(column), text), {}, None

    def set_value(
        self, column: str, value: Value, origin: str = TYPED, fills: Mapping[str, Value] | None = None
    ) -> bool:
        """Set one cell and what it brings along; one undo takes all of it back."""
        state = self._with_choice(column, value, origin, fills or {}, over_coder=origin == PICKED)
        return self._history.change(self._with_note(state, column))

    def _with_choice(
        self, column: str, value: Value, origin: str, fills: Mapping[str, Value], *, over_coder: bool
    ) -> EventState:
        """One cell set with what it brings along; what only followed from the value it replaces goes."""
        state = self.state.with_value(column, value, origin)
        ruled = following(self.codebook, state.row) if column == "sub_event_type" else {}
        if value != self.state.value(column):
            gone = {*FOLLOWERS.get(column, ())} - fills.keys() - ruled.keys()
            state = state.without_followers(gone)
        return state.with_fills(fills, over_coder=over_coder).with_fills(ruled, over_coder=False)

    def pick(self, candidate: Candidate, *, evidence: bool = False) -> None:
        """Take a candidate, what it fills, and (where asked) the words it was found in."""
        self.set_value(candidate.field, candidate.value, PICKED, dict(candidate.fills))
        if evidence and candidate.spans:
            start, end = candidate.spans[0]
            self.add_evidence(candidate.field, start, end)

    def confirm(self, column: str) -> bool:
        """Say that a proposed or carried value is right."""
        if self.state.value(column) is None or self.state.origins.get(column) not in {PROPOSED, CARRIED}:
            return False
        return self.set_value(column, self.state.value(column), PICKED)

    def add_evidence(self, column: str, start: int, end: int) -> Evidence:
        """Keep words of the article under a field; the quote is sliced from the stored text."""
        quote = self.article.text[start:end]
        piece = Evidence(column, self.article.article_id, start, end, quote)
        self._history.change(self.state.with_evidence(piece))
        return piece

    def drop_evidence(self, column: str) -> bool:
        """Take a field's words away again."""
        return self._history.change(self.state.without_evidence(column))

    def give_reason(self, rule_id: str, reason: str) -> bool:
        """Say why a warning is right this time; an empty reason takes it back."""
        reasons = {**self.state.reasons, rule_id: reason.strip()}
        return self._history.change(
            replace(self.state, reasons={rule: why for rule, why in reasons.items() if why})
        )

    def undo(self) -> bool:
        """One change back."""
        return self._history.undo()

    def redo(self) -> bool:
        """One undone change again."""
        return self._history.redo()

    # ------------------------------------------------------------ the note

    @property
    def note_follows(self) -> bool:
        """Whether the note is still ours to draft."""
        return self.state.origins.get("notes") in _NOTE_IS_OURS

    def follow_note(self) -> bool:
        """Draft the note from the fields again, whatever the coder wrote."""
        return self._history.change(self._with_note(self.state.with_value("notes", None, FOLLOWS)))

    def _with_note(
        self, state: EventState, column: str = "", reading: DateReading | FatalityReading | None = None
    ) -> EventState:
        if column == "notes" or state.origins.get("notes") not in _NOTE_IS_OURS:
            return state
        date = reading if isinstance(reading, DateReading) else self.date_reading
        deaths = reading if isinstance(reading, FatalityReading) else self.fatality_reading
        note = draft_note(
            state.row,
            self.codebook,
            wording=date.wording if date and date.date == state.value("event_date") else "",
            fatality=deaths if deaths and deaths.number == state.value("fatalities") else None,
        )
        return state.with_value("notes", note or None, FOLLOWS)


def state_of_draft(draft: Draft) -> EventState:
    """A kept draft, ready to go on with."""
    return EventState(
        draft_id=draft.draft_id,
        article_id=draft.article_id,
        values=dict(draft.values),
        origins=dict(draft.origins),
        evidence=tuple(draft.evidence),
        reasons=dict(draft.reasons),
        event_key=draft.event_key,
        base_revision=draft.base_revision,
    )


def state_of_revision(revision: Revision) -> EventState:
    """A coded event, opened again."""
    return EventState(
        draft_id=new_draft_id(),
        article_id=revision.article_id,
        values=dict(revision.values),
        origins=dict(revision.origins),
        evidence=tuple(revision.evidence),
        reasons=dict(revision.reasons),
        event_key=revision.event_key,
        base_revision=revision.revision,
    )
