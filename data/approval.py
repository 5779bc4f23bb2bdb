"""The one place where submitted events are approved, so that the next release holds them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from data.filter import read_filter
from data.ledger import Ledger
from data.project import Project
from data.records import EditedMeanwhile, OwnEvent, Save
from data.views import connect
from schema.errors import UnusableInput
from schema.text import counted

_NAMED = 10
"""Events that a report names; more are only counted."""


@dataclass(frozen=True)
class ApprovalReport:
    """What became of the events that were to be approved, by their numbers."""

    approved: tuple[int, ...]
    own: tuple[int, ...]
    """Left: whoever submitted an event cannot approve it."""
    changed: tuple[int, ...]
    """Left: somebody saved them in this moment."""

    def lines(self) -> list[str]:
        """The report for people."""
        told = [f"Approved: {_said(self.approved)}."]
        if self.own:
            told.append(f"Left for another person, since you submitted them: {_said(self.own)}.")
        if self.changed:
            told.append(f"Left, since somebody just saved them: {_said(self.changed)}; look again.")
        return told

    def to_json(self) -> dict[str, Any]:
        """The report for programs."""
        return dict(vars(self))


def approve(
    project: Project, coder: str, keys: Collection[int] = (), where: str | None = None
) -> ApprovalReport:
    """Approve the submitted events that are named, or all that fulfil a filter; each is a revision of its own.

    Raises UnusableInput where a named event does not exist or is not submitted, QueryError for a wrong filter.
    """
    approved: list[int] = []
    own: list[int] = []
    changed: list[int] = []
    with Ledger.open(project) as ledger:
        if keys:
            chosen = _submitted_of(ledger, keys)
        else:
            with connect(project) as con:
                condition = read_filter(con, where)
                asked = f"SELECT event_key FROM events WHERE status = 'submitted' AND {condition.sql} ORDER BY ALL"
                with condition.judging():
                    chosen = [key for (key,) in con.execute(asked).fetchall()]
        for key in chosen:
            try:
                _approve(ledger, key, coder)
                approved.append(key)
            except OwnEvent:
                own.append(key)
            except EditedMeanwhile as meanwhile:
                ledger.drop_draft(meanwhile.draft.draft_id)  # it holds nothing that the event does not
                changed.append(key)
    return ApprovalReport(tuple(approved), tuple(own), tuple(changed))


def _submitted_of(ledger: Ledger, keys: Collection[int]) -> list[int]:
    found = [ledger.event(key) for key in dict.fromkeys(keys)]
    for event in found:
        if event.status != "submitted":
            raise UnusableInput(
                f"Event {event.event_key} is {event.status}, not submitted; nothing was approved."
            )
    return [event.event_key for event in found]


def _approve(ledger: Ledger, key: int, coder: str) -> None:
    event = ledger.event(key)
    ledger.save(
        Save(
            f"approve-{key}-{event.revision}-{coder}", coder, event.article_id, key, event.revision, event.values,
            event.evidence, event.origins, event.reasons, "approved",
        )
    )  # fmt: skip


def _said(keys: tuple[int, ...]) -> str:
    if not keys:
        return "no event"
    named = ", ".join(map(str, keys[:_NAMED]))
    return f"{counted(len(keys), 'event')} ({named}{' …' if len(keys) > _NAMED else ''})"
