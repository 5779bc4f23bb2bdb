"""The one place where the dataset of a past moment is put together in SQL, from the history and what imports brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from data.parts import Part
from data.records import FIRST_IMPORTED_KEY, LIVE_STATUSES
from data.rows import dataset_schema, history_schema
from schema.conditions import literal, quoted

if TYPE_CHECKING:
    import pyarrow as pa

    from data.snapshot import Past, Snapshot

GONE_STATUSES: Final = ("retracted", "merged")
_SQL_TYPES: Final = {
    "int64": "BIGINT", "double": "DOUBLE", "date32[day]": "DATE", "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
    "string": "VARCHAR",
}  # fmt: skip
_NEWEST: Final = "QUALIFY row_number() OVER (PARTITION BY event_key ORDER BY revision DESC) = 1"


def events_at(
    taken: Snapshot, past: Past, *, statuses: Sequence[str] = LIVE_STATUSES, carried: bool = False
) -> str:
    """SQL for the dataset at a moment: each event's newest state, if its status was one of these.

    With `carried`, an event whose newest state has another status stands as it was when it last had one of these,
    unless it was retracted.
    """
    names = listed(dataset_schema(taken.codebook).names)
    wanted = f"status IN ({', '.join(literal(status) for status in statuses)})"
    gone = f"status IN ({', '.join(literal(status) for status in GONE_STATUSES)})"
    if carried:
        chosen = (
            f"SELECT * FROM states WHERE {wanted} AND event_key NOT IN "
            f"(SELECT event_key FROM (SELECT event_key, status FROM states {_NEWEST}) WHERE {gone}) {_NEWEST}"
        )
    else:
        chosen = f"SELECT * FROM (SELECT * FROM states {_NEWEST}) WHERE {wanted}"
    return f"""
        WITH past AS ({_past_states(taken, past)}),
        past_keys AS (SELECT DISTINCT event_key FROM past),
        imported AS ({_imported(taken, past)}),
        states AS (SELECT * FROM past UNION ALL SELECT * FROM imported SEMI JOIN past_keys USING (event_key)),
        chosen AS ({chosen})
        SELECT {names} FROM chosen
        UNION ALL SELECT {names} FROM imported ANTI JOIN past_keys USING (event_key) WHERE {wanted}
    """


def revisions(taken: Snapshot) -> str:
    """SQL for every state of every event: history parts, the ledger's newest, and imported rows nobody corrected."""
    states = together([*_kept_states(taken), *_imported_scans(taken)], history_schema(taken.codebook))
    return states if taken.past is None else f"{states} WHERE {_then(taken.past)}"


def scans(taken: Snapshot, parts: Sequence[Part], schema: pa.Schema) -> list[str]:
    """One scan for the parts of each set of columns; columns added to the codebook since are empty."""
    alike: dict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in parts:
        alike[part.columns].append(part)
    found = []
    for columns, group in alike.items():
        files = ", ".join(literal(str(part.path(taken.project))) for part in group)
        held = ", ".join(
            quoted(f.name) if f.name in columns else f"NULL::{_sql_type(f)} AS {quoted(f.name)}"
            for f in schema
        )
        found.append(f"SELECT {held} FROM read_parquet([{files}], hive_partitioning = false)")
    return found


def together(pieces: Sequence[str], schema: pa.Schema) -> str:
    """SQL for the rows of all pieces, each of which gives the columns of the schema.

    A query that needs no column, as count(*), is left with the first one of a UNION; that one is made to cost nothing.
    """
    union = " UNION ALL ".join(f"SELECT 0 AS uncounted, * FROM ({piece})" for piece in pieces)
    return f"SELECT {listed(schema.names)} FROM ({union})"


def listed(names: Iterable[str]) -> str:
    """Names as a list of SQL identifiers."""
    return ", ".join(quoted(name) for name in names)


def _past_states(taken: Snapshot, past: Past) -> str:
    union = " UNION ALL ".join(_kept_states(taken))
    return f"SELECT * FROM ({union}) WHERE {_then(past)} AND (seq IS NULL OR seq NOT IN (SELECT seq FROM store.refused))"


def _kept_states(taken: Snapshot) -> list[str]:
    schema = history_schema(taken.codebook)
    recent = f"SELECT {listed(schema.names)} FROM store.recent WHERE seq > {taken.recent_after}"
    return [*scans(taken, taken.history, schema), recent]


def _imported(taken: Snapshot, past: Past) -> str:
    found = _imported_scans(taken) or ["SELECT * FROM store.recent WHERE false"]
    return " UNION ALL ".join(f"{scan} AND saved_at <= {_moment(past)}" for scan in found)


def _imported_scans(taken: Snapshot) -> list[str]:
    parts = [part for part in taken.parts if part.first_key >= FIRST_IMPORTED_KEY]
    return [f"{scan} WHERE coder IS NULL" for scan in scans(taken, parts, history_schema(taken.codebook))]


def _then(past: Past) -> str:
    return f"(seq <= {past.seq} OR (seq IS NULL AND saved_at <= {_moment(past)}))"


def _moment(past: Past) -> str:
    return f"TIMESTAMPTZ {literal(past.moment.isoformat())}"


def _sql_type(column: pa.Field) -> str:
    if column.name == "evidence":
        return 'STRUCT(field VARCHAR, article_id BIGINT, "start" BIGINT, "end" BIGINT, quote VARCHAR)[]'
    return _SQL_TYPES[str(column.type)]
