"""The one place where the past of events is told: the rows an import brought, what changed, when and by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.ledger.file import LedgerFile
from data.project import Project
from data.records import FIRST_IMPORTED_KEY, Revision, Row, Value, differences

if TYPE_CHECKING:
    import pyarrow as pa

    from data.parts import Part


@dataclass(frozen=True)
class Change:
    """One revision as the log tells it: who did what to which event, when and why."""

    event_key: int
    revision: int
    coder: str
    at: dt.datetime
    act: str
    status: str
    why: str
    columns: dict[str, tuple[Value, Value]]
    """What changed: column to (before, after)."""

    def line(self) -> str:
        """The change in one line for people."""
        verbs = {
            "save": "saved",
            "retract": "retracted",
            "undo": "undid",
            "redo": "redid",
            "import": "imported",
        }
        told = "; ".join(f"{name}: {_told(old)} → {_told(new)}" for name, (old, new) in self.columns.items())
        what = "first saved" if self.revision == 1 and self.act == "save" else verbs.get(self.act, self.act)
        parts = [
            f"{self.at:%Y-%m-%d %H:%M} {self.coder} {what} event {self.event_key} (revision {self.revision}, {self.status})"
        ]
        if told and self.revision > 1:
            parts.append(told)
        if self.why:
            parts.append(self.why)
        return ": ".join(parts)


def log(project: Project, event_key: int | None = None, limit: int | None = 50) -> list[Change]:
    """The newest changes of a project, or of one event, newest first."""
    from data.ledger import Ledger

    with Ledger.open_to_read(project) as ledger:
        if event_key is not None:
            revisions = ledger.history(event_key)
            steps = [_change(past, state) for past, state in zip([None, *revisions], revisions, strict=False)]
            return steps[::-1][:limit]
        return list(_newest(ledger, limit))


def history_lines(project: Project, event_key: int | None = None, limit: int | None = 50) -> list[str]:
    """The log for people, newest first."""
    return [change.line() for change in log(project, event_key, limit)] or [
        f"{project.name}: nothing was saved yet."
    ]


def _newest(ledger: LedgerFile, limit: int | None) -> Iterator[Change]:
    from data.ledger.revisions import revision_at

    for (seq,) in ledger.db.execute(
        "SELECT seq FROM revision ORDER BY seq DESC LIMIT ?", (-1 if limit is None else limit,)
    ).fetchall():
        state = revision_at(ledger.db, seq)
        yield _change(_before(ledger, state), state)


def _before(ledger: LedgerFile, state: Revision) -> Revision | None:
    from data.ledger.revisions import revision_at

    row = ledger.db.execute(
        "SELECT seq FROM revision WHERE event_key = ? AND revision = ?", (state.event_key, state.revision - 1)
    ).fetchone()
    if row is not None:
        return revision_at(ledger.db, row[0])
    past = imported_revisions(ledger, state.event_key) if state.revision > 1 else []
    return next((r for r in past if r.revision == state.revision - 1), None)


def _change(before: Revision | None, after: Revision) -> Change:
    old: Row = before.values if before else {}
    return Change(
        after.event_key, after.revision, after.coder, after.saved_at, after.act, after.status, after.why,
        differences(old, after.values),
    )  # fmt: skip


def _told(value: Value) -> str:
    return "empty" if value is None or value == "" else str(value)


def imported_revisions(ledger: LedgerFile, event_key: int) -> list[Revision]:
    """The states of an event that came by imports, oldest first; empty if no import brought it."""
    from data.rows import revisions_of
    from data.shelf import live_parts, owner

    if event_key < FIRST_IMPORTED_KEY:
        return []
    with ledger.reading() as db:
        there = owner(live_parts(db, "events"), event_key)
        past = [part for part in live_parts(db, "history") if part.first_key <= event_key <= part.last_key]
    codebook = ledger.project.codebook()
    parts = [*past, there] if there is not None and event_key <= there.last_key else past
    found = [
        state
        for part in parts
        for state in revisions_of(_imported_rows(ledger.project, part, event_key), codebook)
    ]
    return sorted(found, key=lambda state: state.revision)


def _imported_rows(project: Project, part: Part, event_key: int) -> pa.Table:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from data.parts import disk_errors

    here = (pc.field("event_key") == event_key) & pc.field("coder").is_null()
    with disk_errors(project.parts_folder):
        return pq.read_table(part.path(project), filters=here, partitioning=None)
