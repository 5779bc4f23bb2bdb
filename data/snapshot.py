"""The one place where one moment of a project is taken for reading: live parts, the unfolded tail, the small tables.

No query engine is loaded here, so that a confined process can take the snapshot first and lock itself in after.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from data.fold import history_seq, public_ids, with_public_status
from data.ledger.cells import from_us, to_us
from data.ledger.file import LedgerFile
from data.ledger.revisions import REVISION_COLUMNS, revision_at, revision_of
from data.locks import SharedLock
from data.parts import Part
from data.project import Project
from data.records import FIRST_IMPORTED_KEY, Revision
from data.shelf import hold_for_reading, live_parts
from schema.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

    from schema.codebook import Codebook


@dataclass(frozen=True)
class Past:
    """A moment in the past of a project: saves up to seq, imports up to the moment."""

    seq: int
    moment: dt.datetime


@dataclass
class Snapshot:
    """What the views show; close it, or the connection made from it, to let replaced parts go."""

    project: Project
    codebook: Codebook
    parts: list[Part]
    history: list[Part]
    tail: list[Revision]
    """Newest states that no part tells yet."""
    recent: list[Revision]
    """Revisions that no history part holds yet, and those of the tail."""
    recent_after: int
    """The history parts reach up to this place in the order of saves."""
    hidden: set[int]
    """Keys whose rows in the parts are out of date."""
    names: dict[int, str]
    """Ids that releases gave to events of the tail."""
    refused: set[int] = field(default_factory=set)
    """Places of the states that the gate of the schema held back."""
    past: Past | None = None
    tables: dict[str, LazyTable] = field(default_factory=dict)

    def prepare(self, sql: str) -> None:
        """Load now what a query that mentions it would load later; for processes that lock themselves in."""
        for name, table in self.tables.items():
            if name in sql.lower():
                table.load()


class Hold:
    """The open ledger and the readers' lock behind a snapshot; let go when the last table over them is gone."""

    def __init__(self, ledger: LedgerFile, lock: SharedLock | None) -> None:
        self.ledger = ledger
        self._lock = lock

    def __del__(self) -> None:
        if self._lock is not None:
            self._lock.close()
        self.ledger.close()


class LazyTable:
    """A table that is read when a query first asks for it; any Arrow reader takes it."""

    def __init__(
        self, schema: Callable[[], pa.Schema], batches: Callable[[], Iterator[pa.RecordBatch]]
    ) -> None:
        self._schema = schema
        self._batches = batches
        self._loaded: list[pa.RecordBatch] | None = None

    def load(self) -> None:
        """Read it now and keep it."""
        self._loaded = list(self._batches())

    def __arrow_c_schema__(self) -> object:
        return self._schema().__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        import pyarrow as pa

        batches = self._batches() if self._loaded is None else iter(self._loaded)
        return pa.RecordBatchReader.from_batches(self._schema(), batches).__arrow_c_stream__(requested_schema)


def snapshot(project: Project, *, as_of: dt.datetime | None = None) -> Snapshot:
    """Take the project as it is now, or as it was at a moment."""
    codebook = project.codebook()
    ledger = LedgerFile.open_to_read(project)
    hold = Hold(ledger, hold_for_reading(project, ledger.db))
    with ledger.reading() as db:
        taken = _take(project, codebook, db, as_of)
    _refuse_missing(project, [*taken.parts, *taken.history])
    taken.tables = _tables(project, hold)
    return taken


def _take(
    project: Project, codebook: Codebook, db: sqlite3.Connection, as_of: dt.datetime | None
) -> Snapshot:
    reach = history_seq(db)
    heads = db.execute(
        "SELECT event_key, present, seq FROM head WHERE seq <> folded_seq AND refused_seq <> seq"
    ).fetchall()
    columns = ", ".join(REVISION_COLUMNS)
    recent = [
        revision_of(row)
        for row in db.execute(f"SELECT {columns} FROM revision WHERE seq > ? ORDER BY seq", (reach,))
    ]
    newest = {revision.seq: revision for revision in recent}
    newest |= {seq: revision_at(db, seq) for *_, seq in heads if seq <= reach}
    ids = public_ids(db, [row[0] for row in heads])
    tail = [with_public_status(newest[seq], ids) for *_, seq in heads]
    hidden = {key for key, present, _seq in heads if present or key >= FIRST_IMPORTED_KEY}
    return Snapshot(
        project, codebook, live_parts(db, "events"), live_parts(db, "history"), tail, recent, reach, hidden,
        {key: name for key, (name, _seq) in ids.items()}, {row[0] for row in db.execute("SELECT seq FROM refusal")},
        None if as_of is None else past_of(db, as_of),
    )  # fmt: skip


def moment_of(told: str) -> dt.datetime:
    """A moment as people write it (2026-11-22, 2026-11-22T10:00 or `now`), UTC where no zone is told; else ValueError."""
    moment = dt.datetime.now(dt.UTC) if told == "now" else dt.datetime.fromisoformat(told)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def past_of(db: sqlite3.Connection, moment: dt.datetime) -> Past:
    """The place in the order of saves that a moment stands for; a clock set back does not tear the order."""
    row = db.execute("SELECT max(seq) FROM revision WHERE saved_at <= ?", (to_us(moment),)).fetchone()
    return Past(row[0] or 0, moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))


def _refuse_missing(project: Project, parts: list[Part]) -> None:
    for part in parts:
        path = part.path(project)
        try:
            size = path.stat().st_size
        except OSError:
            size = -1
        if size != part.bytes:
            state = "is missing" if size < 0 else f"has {size} bytes where {part.bytes} were written"
            raise StoreError(
                f"{path} {state}; see what can be mended with: eventcoder doctor --repair {project.folder}"
            )


def _tables(project: Project, hold: Hold) -> dict[str, LazyTable]:
    return {
        "articles": LazyTable(_article_schema, lambda: _articles(hold.ledger.db)),
        "heads": LazyTable(_head_schema, lambda: _heads(hold.ledger.db)),
        **{name: _vocabulary(project, name) for name in ("actors", "places")},
    }


def _article_schema() -> pa.Schema:
    import pyarrow as pa

    texts = ("title", "source", "url", "language", "source_scale", "status", "coder", "text")
    kinds = {"article_id": pa.int64(), "published": pa.date32(), "added_at": pa.timestamp("us", tz="UTC")}
    order = ("article_id", "title", "source", "published", *texts[2:7], "added_at", "text")
    return pa.schema([(name, kinds.get(name, pa.string())) for name in order])


def _articles(db: sqlite3.Connection) -> Iterator[pa.RecordBatch]:
    rows = db.execute(
        "SELECT article_id, title, source, published, url, language, source_scale, status, coder, added_at, text "
        "FROM article JOIN article_text USING (article_id) ORDER BY article_id"
    )
    while chunk := rows.fetchmany(1000):
        yield _batch(
            _article_schema(),
            [(*r[:3], dt.date.fromisoformat(r[3]), *r[4:9], from_us(r[9]), r[10]) for r in chunk],
        )


def _head_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([("event_key", pa.int64()), ("seq", pa.int64())])


def _heads(db: sqlite3.Connection) -> Iterator[pa.RecordBatch]:
    rows = db.execute("SELECT event_key, seq FROM head")
    while chunk := rows.fetchmany(50_000):
        yield _batch(_head_schema(), chunk)


def _batch(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    return pa.record_batch(
        [pa.array(column, type=f.type) for f, column in zip(schema, columns, strict=True)], schema=schema
    )


_VOCABULARIES: Final = {
    "actors": (
        "name", "actor_type", "country", "valid_from", "valid_to", "aliases", "predecessor", "successor", "role", "state",
        "merged_into", "provenance",
    ),
    "places": (
        "name", "country", "admin1", "admin2", "admin3", "latitude", "longitude", "geo_precision", "population",
        "geonames_id", "aliases", "state", "merged_into", "provenance",
    ),
}  # fmt: skip
"""What the views of the vocabularies show; the vocabularies give their rows by these names."""


def _vocabulary(project: Project, name: str) -> LazyTable:
    def schema() -> pa.Schema:
        import pyarrow as pa

        kinds = {
            "valid_from": pa.date32(), "valid_to": pa.date32(), "latitude": pa.float64(), "longitude": pa.float64(),
            "geo_precision": pa.int64(), "population": pa.int64(), "geonames_id": pa.int64(),
        }  # fmt: skip
        return pa.schema([(column, kinds.get(column, pa.string())) for column in _VOCABULARIES[name]])

    def batches() -> Iterator[pa.RecordBatch]:
        from data.vocabulary import actor_rows, place_rows

        rows = actor_rows(project) if name == "actors" else place_rows(project)
        for start in range(0, len(rows), 50_000):
            chunk = rows[start : start + 50_000]
            yield _batch(
                schema(),
                [tuple(_plain(row.get(column), column) for column in _VOCABULARIES[name]) for row in chunk],
            )

    return LazyTable(schema, batches)


def _plain(value: Any, column: str) -> Any:
    if isinstance(value, list | tuple):
        return "; ".join(value)
    if isinstance(value, str) and column.startswith("valid_"):
        return dt.date.fromisoformat(value)
    return value
