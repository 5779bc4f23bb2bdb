"""The one place where two states of a dataset are compared: added, changed by column, retracted."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from data.ledger import Ledger
from data.project import Project
from data.records import Value
from data.release_record import ReleaseRecord, lay_release, opened, records
from data.snapshot import moment_of, past_of
from schema.conditions import quoted
from schema.errors import UnusableInput
from schema.text import counted

if TYPE_CHECKING:
    import duckdb

_TOLD: Final = 1000
_NOT_CONTENT: Final = frozenset({"timestamp"})


@dataclass(frozen=True)
class ChangedValue:
    """One cell that differs."""

    event: str
    column: str
    before: Value
    after: Value


@dataclass(frozen=True)
class Retraction:
    """One event that is gone, and why."""

    event: str
    reason: str
    merged_into: str | None = None
    why: str = ""


@dataclass(frozen=True)
class Difference:
    """What one state of the dataset has that the other has not."""

    before: str
    after: str
    rows_before: int
    rows_after: int
    added: int
    changed: int
    removed: int
    columns: dict[str, int]
    """Column to the number of events in which it changed."""
    added_events: tuple[str, ...]
    """Their ids (or numbers, before a release), the first thousand; so with the others."""
    changes: tuple[ChangedValue, ...]
    retractions: tuple[Retraction, ...]

    def lines(self) -> list[str]:
        """The difference for people."""
        states = f"{self.before} ({counted(self.rows_before, 'event')}) → {self.after} ({counted(self.rows_after, 'event')})"
        told = [f"{states}: {self.added:,} added, {self.changed:,} changed, {self.removed:,} retracted."]
        told += [f"{name} changed in {counted(count, 'event')}" for name, count in self.columns.items()]
        told += [f"+ {event}" for event in self.added_events[:20]]
        if self.added > 20:
            told.append(f"+ {self.added - 20:,} more")
        told += [f"~ {c.event} {c.column}: {_told(c.before)} → {_told(c.after)}" for c in self.changes[:50]]
        if len(self.changes) > 50:
            told.append("~ and more")
        told += [_retraction_line(retraction) for retraction in self.retractions[:50]]
        return told

    def to_json(self) -> dict[str, Any]:
        """The difference for programs."""
        plain = vars(self) | {"added_events": list(self.added_events)}
        plain["changes"] = [
            vars(c) | {"before": _plain(c.before), "after": _plain(c.after)} for c in self.changes
        ]
        plain["retractions"] = [vars(retraction) for retraction in self.retractions]
        return plain


def difference(project: Project, a: str, b: str) -> Difference:
    """Compare two releases, moments (2026-11-22 or 2026-11-22T10:00) or `now`."""
    with Ledger.open_to_read(project) as ledger, opened(project) as (con, taken):
        first, second = _state(ledger.db, a), _state(ledger.db, b)
        lay_release(con, taken, ledger.db, first, "before")
        lay_release(con, taken, ledger.db, second, "after")
        return compare(con, ledger.db, first, second, [c.name for c in taken.codebook.columns])


def compare(
    con: duckdb.DuckDBPyConnection,
    db: sqlite3.Connection,
    first: ReleaseRecord,
    second: ReleaseRecord,
    columns: Sequence[str],
) -> Difference:
    """Compare the views `before` and `after` of a connection."""
    content = [name for name in columns if name not in _NOT_CONTENT]
    unlike = " OR ".join(f"a.{quoted(name)} IS DISTINCT FROM b.{quoted(name)}" for name in content)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE pairs AS SELECT event_key FROM before a JOIN after b USING (event_key) "
        f"WHERE a.revision <> b.revision AND ({unlike})"
    )
    counts = {}
    changes: list[ChangedValue] = []
    for name in content:
        column = quoted(name)
        found = con.execute(
            f"SELECT coalesce(b.event_id_cnty, 'event ' || event_key), a.{column}, b.{column} FROM pairs "
            f"JOIN before a USING (event_key) JOIN after b USING (event_key) "
            f"WHERE a.{column} IS DISTINCT FROM b.{column} ORDER BY event_key"
        )
        rows = found.fetchmany(_TOLD)
        changes += [ChangedValue(event, name, old, new) for event, old, new in rows]
        count = len(rows)
        while more := found.fetchmany(10_000):
            count += len(more)
        if count:
            counts[name] = count
    added = _only(con, "after", "before")
    gone = _only(con, "before", "after")
    return Difference(
        first.name, second.name, _count(con, "before"), _count(con, "after"), added[0], _count(con, "pairs"), gone[0],
        counts, tuple(name for _key, name in added[1]), tuple(sorted(changes, key=lambda c: c.event)[:_TOLD]),
        tuple(_retraction(db, key, name) for key, name in gone[1]),
    )  # fmt: skip


def _only(con: duckdb.DuckDBPyConnection, here: str, there: str) -> tuple[int, list[tuple[int, str]]]:
    sql = f"FROM {here} ANTI JOIN {there} USING (event_key)"
    count = con.execute(f"SELECT count(*) {sql}").fetchall()[0][0]
    rows = con.execute(
        f"SELECT event_key, coalesce(event_id_cnty, 'event ' || event_key) AS name {sql} ORDER BY name LIMIT {_TOLD}"
    ).fetchall()
    return count, rows


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _retraction(db: sqlite3.Connection, event_key: int, name: str) -> Retraction:
    row = db.execute(
        "SELECT revision.reason, other.event_id_cnty, revision.merged_into, revision.why, revision.status FROM head "
        "JOIN revision USING (seq) LEFT JOIN public_id AS other ON other.event_key = revision.merged_into "
        "WHERE head.event_key = ?",
        (event_key,),
    ).fetchone()
    if row is None or row[4] not in {"retracted", "merged"}:
        return Retraction(name, "not approved")
    target = row[1] or (f"event {row[2]}" if row[2] is not None else None)
    return Retraction(name, row[0] or "out_of_scope", target, row[3])


def _state(db: sqlite3.Connection, name: str) -> ReleaseRecord:
    known = records(db)
    found = next((record for record in known if record.name == name), None)
    if found is not None:
        return found
    number = 1 + max((record.release_id for record in known), default=0)
    try:
        moment = moment_of(name)
    except ValueError as error:
        names = ", ".join(record.name for record in known) or "none yet"
        raise UnusableInput(
            f"{name!r} is no release of this project (there is: {names}), no date such as 2026-11-22, and not `now`."
        ) from error
    past = past_of(db, moment)
    return ReleaseRecord(number, name, past.moment, past.seq, submitted_counts=True)


def _retraction_line(retraction: Retraction) -> str:
    into = f" {retraction.merged_into}" if retraction.merged_into else ""
    return f"- {retraction.event} ({retraction.reason}{into})" + (
        f": {retraction.why}" if retraction.why else ""
    )


def _told(value: Value) -> str:
    return "empty" if value is None else str(value)


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
