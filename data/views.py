"""The one place where a project is opened for SQL: DuckDB views over the Parquet parts and the ledger's unfolded tail.

    with data.connect(project) as con:
        con.sql("SELECT country, count(*) FROM events GROUP BY country")

The connection shows the project as it was when it was made, up to the last save. Parts without a corrected row are read
with no filter in the way, so a query costs what it costs on the bare files.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from data.cut import events_at, listed, revisions, scans, together
from data.derive import derive
from data.project import Project
from data.records import LIVE_STATUSES
from data.rows import dataset_schema, typed_rows
from data.shelf import owner
from data.snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

VIEWS: Final = ("events", "codings", "evidence", "articles", "actors", "places", "revisions")
"""What an analyst finds; documented in the manual."""


def connect(
    project: Project,
    *,
    as_of: dt.datetime | None = None,
    snapshot: Snapshot | None = None,
    config: Mapping[str, str] | None = None,
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with the views of the project, now or as it was at a moment; close it when done."""
    import duckdb

    taken = take(project, as_of=as_of) if snapshot is None else snapshot
    con = duckdb.connect(config=dict(config or {}))
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET enable_progress_bar = false")
        lay_views(con, taken)
    except BaseException:
        con.close()
        raise
    return con


take = snapshot


@contextmanager
def spill_folder(project: Project) -> Iterator[str]:
    """A folder for what does not fit into a connection's `memory_limit`; two at once would write the same files."""
    parent = project.work_file("spill")
    with suppress(OSError):  # a project that can only be read is asked all the same
        parent.mkdir(parents=True, exist_ok=True)
    room = parent if os.access(parent, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=room, ignore_cleanup_errors=True) as folder:
        yield folder


def lay_views(con: duckdb.DuckDBPyConnection, taken: Snapshot) -> None:
    """Make the views of a snapshot in a connection, and the tables under them in the schema `store`."""
    # Parts never change once they are named, so what a query read of their structure is still true for the next one.
    con.execute("SET parquet_metadata_cache = true")
    con.execute("CREATE SCHEMA IF NOT EXISTS store")
    _lay_tail(con, taken)
    con.execute(f"CREATE OR REPLACE VIEW revisions AS {revisions(taken)}")
    events = _events(taken) if taken.past is None else events_at(taken, taken.past)
    con.execute(f"CREATE OR REPLACE VIEW events AS {events}")
    for name, table in taken.tables.items():
        con.register("store_heads" if name == "heads" else name, table)
    con.execute(f"CREATE OR REPLACE TEMP VIEW codings AS {_codings(taken)}")
    con.execute(
        "CREATE OR REPLACE TEMP VIEW evidence AS SELECT event_key, revision, coder, e.field AS field, "
        'e.article_id AS article_id, e."start" AS start_offset, e."end" AS end_offset, e.quote AS quote '
        "FROM (SELECT event_key, revision, coder, unnest(evidence) AS e FROM codings)"
    )


def _lay_tail(con: duckdb.DuckDBPyConnection, taken: Snapshot) -> None:
    """What no part tells yet, as tables of its own: typed and derived like the parts."""
    tail = {revision.seq: revision for revision in (*taken.recent, *taken.tail)}
    typed = typed_rows(list(tail.values()), taken.codebook, taken.names, history=True)
    unfit = {misfit.event_key for misfit in typed.misfits}
    _store(con, "recent", derive(typed.table, taken.codebook, beside=con))
    seqs = [
        revision.seq
        for revision in taken.tail
        if revision.status in LIVE_STATUSES and revision.event_key not in unfit
    ]
    _store(con, "tail_seqs", _numbers("seq", seqs))
    _store(con, "refused", _numbers("seq", taken.refused))
    _store(con, "hidden", _numbers("event_key", taken.hidden - unfit))
    columns = listed(dataset_schema(taken.codebook).names)
    con.execute(
        f"CREATE OR REPLACE TABLE store.tail AS SELECT {columns} FROM store.recent SEMI JOIN store.tail_seqs USING (seq)"
    )


def _events(taken: Snapshot) -> str:
    """The rows of the parts that are up to date, and the tail."""
    touched = {owner(taken.parts, key) for key in taken.hidden}
    clean = [part for part in taken.parts if part not in touched]
    mixed = [part for part in taken.parts if part in touched]
    schema = dataset_schema(taken.codebook)
    pieces = scans(taken, clean, schema)
    pieces += [f"{scan} ANTI JOIN store.hidden USING (event_key)" for scan in scans(taken, mixed, schema)]
    return together([*pieces, f"SELECT {listed(schema.names)} FROM store.tail"], schema)


def _codings(taken: Snapshot) -> str:
    """The newest state of everything that people coded, whatever became of it."""
    if taken.past is None:
        return "SELECT * FROM revisions SEMI JOIN store_heads USING (seq)"
    newest = "QUALIFY row_number() OVER (PARTITION BY event_key ORDER BY revision DESC) = 1"
    return f"SELECT * FROM (SELECT * FROM revisions WHERE seq IS NOT NULL {newest})"


def _numbers(name: str, numbers: Iterable[int]) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array(sorted(numbers), type=pa.int64())})


def _store(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.register("arriving", table)
    con.execute(f"CREATE OR REPLACE TABLE store.{name} AS SELECT * FROM arriving")
    con.unregister("arriving")
