"""The one place where a project is opened for SQL: DuckDB views over the Parquet parts and the ledger's unfolded tail.

    with data.connect(project) as con:
        con.sql("SELECT country, count(*) FROM events GROUP BY country")

The connection shows the project as it was when it was made, up to the last save. Parts without a corrected row are read
with no filter in the way, so a query costs what it costs on the bare files.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from data.derive import derive
from data.parts import Part
from data.project import Project
from data.records import FIRST_IMPORTED_KEY, LIVE_STATUSES
from data.rows import dataset_schema, history_schema, typed_rows
from data.shelf import owner
from data.snapshot import Snapshot, snapshot
from schema.conditions import literal, quoted

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

VIEWS: Final = ("events", "codings", "evidence", "articles", "actors", "places", "revisions")
"""What an analyst finds; documented in the manual."""

_SQL_TYPES: Final = {
    "int64": "BIGINT", "double": "DOUBLE", "date32[day]": "DATE", "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
    "string": "VARCHAR",
}  # fmt: skip


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


def lay_views(con: duckdb.DuckDBPyConnection, taken: Snapshot) -> None:
    """Make the views of a snapshot in a connection, and the tables under them in the schema `store`."""
    con.execute("CREATE SCHEMA IF NOT EXISTS store")
    _lay_tail(con, taken)
    con.execute(f"CREATE OR REPLACE VIEW revisions AS {_revisions(taken)}")
    events = _events(taken) if taken.past is None else _events_then(taken)
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
    _store(con, "recent", derive(typed.table, taken.codebook))
    seqs = [
        revision.seq
        for revision in taken.tail
        if revision.status in LIVE_STATUSES and revision.event_key not in unfit
    ]
    _store(con, "tail_seqs", _numbers("seq", seqs))
    _store(con, "refused", _numbers("seq", taken.refused))
    _store(con, "hidden", _numbers("event_key", taken.hidden - unfit))
    columns = _listed(dataset_schema(taken.codebook).names)
    con.execute(
        f"CREATE OR REPLACE TABLE store.tail AS SELECT {columns} FROM store.recent SEMI JOIN store.tail_seqs USING (seq)"
    )


def _events(taken: Snapshot) -> str:
    """The rows of the parts that are up to date, and the tail."""
    touched = {owner(taken.parts, key) for key in taken.hidden}
    clean = [part for part in taken.parts if part not in touched]
    mixed = [part for part in taken.parts if part in touched]
    schema = dataset_schema(taken.codebook)
    pieces = _scans(taken, clean, schema)
    pieces += [f"{scan} ANTI JOIN store.hidden USING (event_key)" for scan in _scans(taken, mixed, schema)]
    return " UNION ALL ".join([*pieces, f"SELECT {_listed(schema.names)} FROM store.tail"])


def _revisions(taken: Snapshot) -> str:
    """Every state of every event: history parts, the ledger's newest, and imported rows nobody corrected."""
    schema = history_schema(taken.codebook)
    pieces = _scans(taken, taken.history, schema)
    pieces.append(f"SELECT {_listed(schema.names)} FROM store.recent WHERE seq > {taken.recent_after}")
    imported = [part for part in taken.parts if part.first_key >= FIRST_IMPORTED_KEY]
    pieces += [f"{scan} WHERE coder IS NULL" for scan in _scans(taken, imported, schema)]
    if taken.past is None:
        return " UNION ALL ".join(pieces)
    then = f"(seq <= {taken.past.seq} OR (seq IS NULL AND saved_at <= {_moment(taken)}))"
    return f"SELECT * FROM ({' UNION ALL '.join(pieces)}) WHERE {then}"


def _events_then(taken: Snapshot) -> str:
    """The dataset as it was: the newest state of each event at that moment, if it stood in the dataset."""
    names = _listed(dataset_schema(taken.codebook).names)
    newest = "QUALIFY row_number() OVER (PARTITION BY event_key ORDER BY revision DESC) = 1"
    latest = f"SELECT * FROM revisions ANTI JOIN store.refused USING (seq) {newest}"
    return f"SELECT {names} FROM ({latest}) WHERE status IN {_statuses()}"


def _codings(taken: Snapshot) -> str:
    """The newest state of everything that people coded, whatever became of it."""
    if taken.past is None:
        return "SELECT * FROM revisions SEMI JOIN store_heads USING (seq)"
    newest = "QUALIFY row_number() OVER (PARTITION BY event_key ORDER BY revision DESC) = 1"
    return f"SELECT * FROM (SELECT * FROM revisions WHERE seq IS NOT NULL {newest})"


def _scans(taken: Snapshot, parts: Sequence[Part], schema: pa.Schema) -> list[str]:
    """One scan for the parts of each set of columns; columns added to the codebook since are empty."""
    alike: dict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in parts:
        alike[part.columns].append(part)
    scans = []
    for columns, group in alike.items():
        files = ", ".join(literal(str(part.path(taken.project))) for part in group)
        held = ", ".join(
            quoted(f.name) if f.name in columns else f"NULL::{_sql_type(f)} AS {quoted(f.name)}"
            for f in schema
        )
        scans.append(f"SELECT {held} FROM read_parquet([{files}], hive_partitioning = false)")
    return scans


def _sql_type(column: pa.Field) -> str:
    if column.name == "evidence":
        return 'STRUCT(field VARCHAR, article_id BIGINT, "start" BIGINT, "end" BIGINT, quote VARCHAR)[]'
    return _SQL_TYPES[str(column.type)]


def _statuses() -> str:
    return f"({', '.join(literal(status) for status in LIVE_STATUSES)})"


def _moment(taken: Snapshot) -> str:
    assert taken.past is not None
    return f"TIMESTAMPTZ {literal(taken.past.moment.isoformat())}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _numbers(name: str, numbers: Iterable[int]) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array(sorted(numbers), type=pa.int64())})


def _store(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.register("arriving", table)
    con.execute(f"CREATE OR REPLACE TABLE store.{name} AS SELECT * FROM arriving")
    con.unregister("arriving")
