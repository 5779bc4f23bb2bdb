"""The one place where what the store takes and gives is described: articles, drafts, saves, revisions.

Pure dataclasses: no storage, no heavy import, so that the desk can hold them before anything else is loaded.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schema.errors import RevisionConflict, UnusableInput

Value = str | int | float | dt.date | None
"""What a cell can hold; lists are one text joined by "; ", an empty cell is None."""

Row = Mapping[str, Value]
"""One event: column name to value."""

ARTICLE_STATUSES: Final = ("new", "claimed", "coded", "no_event", "out_of_scope", "help_needed")
OPEN_STATUSES: Final = ("new", "claimed")
"""The statuses of articles that still wait for somebody; a claimed one waits for whoever claimed it."""
EVENT_STATUSES: Final = ("draft", "submitted", "returned", "approved", "released", "merged", "retracted")
LIVE_STATUSES: Final = ("submitted", "approved", "released")
"""The statuses with which an event stands in the dataset."""
ORIGINS: Final = ("typed", "picked", "derived", "suggested", "carried_over", "imported", "adjudicated")
RETRACTION_REASONS: Final = ("out_of_scope", "duplicate", "merged_into")
FIRST_IMPORTED_KEY: Final = 1_000_000_001
"""Coded events are numbered from 1, imported ones from here, so that a number says where an event came from."""


@dataclass(frozen=True)
class NewArticle:
    """An article as it is read in."""

    title: str
    source: str
    published: dt.date
    text: str
    url: str | None = None
    language: str | None = None
    source_scale: str | None = None


@dataclass(frozen=True)
class ArticleSummary:
    """An article without its text, and how many events were coded from it."""

    article_id: int
    title: str
    source: str
    published: dt.date
    url: str | None
    language: str | None
    source_scale: str | None
    status: str
    added_at: dt.datetime
    events: int
    coder: str | None = None
    """Who set the status last."""


@dataclass(frozen=True)
class QueuePlace:
    """Where an article stands among the project's articles, as one coder sees them."""

    number: int
    """Counted from 1 in the order the articles were read in."""
    of: int
    waiting: int
    """Articles that wait for this coder: the new ones, and those the coder has claimed."""
    status: str
    coder: str | None
    """Who set the status last."""


@dataclass(frozen=True)
class Article:
    """One text from one source with its publication date; never changed after it is read in."""

    article_id: int
    title: str
    source: str
    published: dt.date
    text: str
    url: str | None
    language: str | None
    source_scale: str | None
    status: str
    added_at: dt.datetime


@dataclass(frozen=True)
class Evidence:
    """The words one value rests on; start and end count code points of the article's text."""

    field: str
    article_id: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Draft:
    """Unfinished work of one coder, kept at every field."""

    draft_id: str
    coder: str
    article_id: int | None
    event_key: int | None
    base_revision: int | None
    values: Row
    evidence: tuple[Evidence, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    saved_at: dt.datetime | None = None
    """Set by the store."""


@dataclass(frozen=True)
class Save:
    """One event as a coder submits it; sending the same save_id again changes nothing."""

    save_id: str
    coder: str
    article_id: int | None
    event_key: int | None
    base_revision: int | None
    values: Row
    evidence: tuple[Evidence, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    status: str = "submitted"
    why: str = ""


@dataclass(frozen=True)
class Revision:
    """One saved state of an event."""

    event_key: int
    revision: int
    save_id: str
    coder: str
    saved_at: dt.datetime
    article_id: int | None
    status: str
    values: Row
    evidence: tuple[Evidence, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
    reason: str | None = None
    merged_into: int | None = None
    act: str = "save"
    """save, retract, undo or redo."""
    seq: int = 0
    """The place in the order of all saves of the project; 0 for an imported row."""


def differences(before: Row, after: Row) -> dict[str, tuple[Value, Value]]:
    """The columns in which two rows differ, with both values; an absent column is an empty one."""
    columns = [*before, *(name for name in after if name not in before)]
    return {
        name: (before.get(name), after.get(name)) for name in columns if before.get(name) != after.get(name)
    }


class OwnEvent(UnusableInput):
    """Whoever submitted an event wants to approve it, where there is somebody else who can."""


class EditedMeanwhile(RevisionConflict):
    """Somebody saved the event since it was opened; their revision stands, this work is kept as a draft."""

    def __init__(self, message: str, *, current: Revision, draft: Draft) -> None:
        super().__init__(message)
        self.current = current
        self.draft = draft

    @property
    def difference(self) -> dict[str, tuple[Value, Value]]:
        """Column to (their value, this coder's value)."""
        return differences(self.current.values, self.draft.values)
