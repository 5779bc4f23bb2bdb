"""The one place where the ledger's records of releases are read, and the dataset of each is laid out as a relation."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from data.cut import events_at
from data.ledger.cells import from_us
from data.parts import disk_errors
from data.project import Project
from data.snapshot import Past, Snapshot, snapshot
from schema.conditions import quoted
from schema.errors import StoreError, UnusableInput

if TYPE_CHECKING:
    import duckdb


RELEASE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class ReleaseRecord:
    """A release as the ledger knows it."""

    release_id: int
    name: str
    at: dt.datetime
    seq: int
    submitted_counts: bool
    state: str = "new"

    @property
    def past(self) -> Past:
        """The moment it freezes."""
        return Past(self.seq, self.at)

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses with which an event is released."""
        return ("approved", "released", "submitted") if self.submitted_counts else ("approved", "released")


def records(db: sqlite3.Connection) -> list[ReleaseRecord]:
    """The releases of a project, oldest first."""
    rows = db.execute(
        "SELECT release_id, name, at, seq, submitted_counts, state FROM release ORDER BY release_id"
    ).fetchall()
    for row in rows:
        # A project folder may come from a stranger: a release must not be named after a place elsewhere.
        if not RELEASE_NAME.fullmatch(row[1]):
            raise StoreError(
                f"The ledger names a release {row[1]!r}, which no release is called; restore a backup."
            )
    return [
        ReleaseRecord(number, name, from_us(at), seq, bool(counts), state)
        for number, name, at, seq, counts, state in rows
    ]


def record_of(db: sqlite3.Connection, name: str) -> ReleaseRecord:
    """The release of that name."""
    known = records(db)
    for record in known:
        if record.name == name:
            return record
    names = ", ".join(record.name for record in known) or "none yet"
    raise UnusableInput(f"There is no release {name!r}; there is: {names}.")


@contextmanager
def opened(project: Project) -> Iterator[tuple[duckdb.DuckDBPyConnection, Snapshot]]:
    """The project in a connection whose answers do not depend on the machine, with room to sort on the disk."""
    from data.views import connect

    taken = snapshot(project)
    room = project.work_file("sorting")
    config = {"threads": "1", "memory_limit": "1GB", "temp_directory": str(room)}
    with disk_errors(project.folder), connect(project, snapshot=taken, config=config) as con:
        yield con, taken


def lay_release(
    con: duckdb.DuckDBPyConnection, taken: Snapshot, db: sqlite3.Connection, record: ReleaseRecord, view: str
) -> None:
    """Make a view of the rows of a release, with the ids it gave; the columns are those of the dataset."""
    names = db.execute(
        "SELECT event_key, event_id_cnty FROM public_id WHERE release_id <= ?", (record.release_id,)
    ).fetchall()
    refused = [
        row[0]
        for row in db.execute("SELECT seq FROM release_refusal WHERE release_id = ?", (record.release_id,))
    ]
    if record.state != "new":
        _numbers(con, "store.refused", "seq", refused)
    _names(con, f"store.names_{view}", names)
    columns = ", ".join(
        "coalesce(n.event_id_cnty, e.event_id_cnty) AS event_id_cnty"
        if name == "event_id_cnty"
        else f"e.{quoted(name)}"
        for name in (*(c.name for c in taken.codebook.columns), "event_key", "revision", "coder", "origin")
    )
    con.execute(
        f"CREATE OR REPLACE TABLE store.rows_{view} AS SELECT {columns} "
        f"FROM ({events_at(taken, record.past, statuses=record.statuses, carried=True)}) e "
        f"LEFT JOIN store.names_{view} n USING (event_key)"
    )
    con.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM store.rows_{view}")


def _numbers(con: duckdb.DuckDBPyConnection, table: str, column: str, numbers: list[int]) -> None:
    import pyarrow as pa

    con.register("arriving", pa.table({column: pa.array(numbers, pa.int64())}))
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM arriving")
    con.unregister("arriving")


def _names(con: duckdb.DuckDBPyConnection, table: str, names: list[tuple[int, str]]) -> None:
    import pyarrow as pa

    keys, ids = [key for key, _name in names], [name for _key, name in names]
    con.register(
        "arriving",
        pa.table({"event_key": pa.array(keys, pa.int64()), "event_id_cnty": pa.array(ids, pa.string())}),
    )
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM arriving")
    con.unregister("arriving")
