"""The one place where imported rows enter the dataset: through the gate, sorted, straight into Parquet parts.

Rows are known by their event_id_cnty, and those without one by their content: new ones are added, changed ones become
the next revision of their event, and a row that a person has corrected since stays the person's. All become visible in
one ledger transaction, or none.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.arranged import arranged
from data.fold import absorbs, conform, fold_lock
from data.ledger import Ledger
from data.ledger.cells import decode_row
from data.ledger.file import now_us
from data.ledger.revisions import next_key
from data.parts import PART_ROWS, Part, disk_errors, read_part, write_part
from data.project import Project
from data.records import FIRST_IMPORTED_KEY
from data.rows import dataset_schema, history_schema, key_set, never_empty
from data.same_content import content_sql, lay_given_ids, lay_same_content
from data.shelf import live_parts, part_number, settle, swap
from schema.conditions import literal, quoted
from schema.errors import UnusableInput

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from schema.codebook import Codebook

Progress = Callable[[int, int | None], None]
MEMORY: Final = "300MB"
"""What DuckDB may take to tell new rows from changed ones and to sort them; the rest waits on the disk."""
_GATE_ROWS: Final = 40_960
"""Rows that pass the gate together: pandas takes some three kilobytes for each."""
_TOLD: Final = 1000
"""Refused rows that a report and the ledger name; the others are counted."""
_STORE_COLUMNS: Final = frozenset(
    {"event_key", "revision", "status", "coder", "saved_at", "article_id", "origin"}
)


@dataclass(frozen=True)
class RowRefusal:
    """A row that may not enter the dataset, by its number in what was given (from 1)."""

    row: int
    rule_id: str
    message: str


@dataclass(frozen=True)
class AppendReport:
    """What became of the rows of an import."""

    import_id: int
    added: int
    updated: int
    unchanged: int
    kept: int
    """Rows whose events people corrected or retracted since; theirs stand."""
    refused_count: int
    refused: tuple[RowRefusal, ...] = ()
    """The first thousand."""
    known_by_content: int = field(default=0, compare=False)
    """Rows without an id among the unchanged; the ledger does not keep this number for a token that comes again."""
    given_ids: int = field(default=0, compare=False)
    """Changed events that had no id, and were given that of a row with the same content; not kept either."""


@dataclass
class _Import:
    """An import on its way."""

    project: Project
    ledger: Ledger
    codebook: Codebook
    scratch: Path
    status: str
    absent: frozenset[str] = frozenset()
    at: int = field(default_factory=now_us)
    refused: list[RowRefusal] = field(default_factory=list)
    refused_count: int = 0
    new: list[Part] = field(default_factory=list)
    old: list[Part] = field(default_factory=list)
    superseded: list[pa.Table] = field(default_factory=list)

    def refuse(self, row: int, rule_id: str, message: str) -> None:
        """Note why a row stays out."""
        if len(self.refused) < _TOLD:
            self.refused.append(RowRefusal(row, rule_id, message))


def append_rows(
    project: Project,
    rows: pa.Table | pa.RecordBatchReader,
    *,
    file: str = "",
    coder: str = "import",
    token: str | None = None,
    status: str = "approved",
    gate: bool = True,
    absent: Collection[str] = (),
    progress: Progress | None = None,
) -> AppendReport:
    """Bring typed rows into the dataset; the same token again changes nothing and gives the first report.

    `absent` are columns that the source had not: the gate does not ask for them.
    """
    lock = fold_lock(project)
    token = token or uuid.uuid4().hex
    try:
        with lock.held(patience_s=3600), Ledger.open(project) as ledger:
            known = _known(ledger, token)
            if known is not None:
                return known
            with _scratch(project) as scratch, disk_errors(project.folder):
                job = _Import(project, ledger, project.codebook(), scratch, status, frozenset(absent))
                _stage(job, rows, gate=gate, progress=progress)
                counts = _arrange(job, progress)
                report = _commit(job, token, file, coder, counts)
            settle(project, ledger.db)
            return report
    finally:
        lock.close()


@contextmanager
def _scratch(project: Project) -> Iterator[Path]:
    folder = project.work_file("importing")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stage(
    job: _Import, rows: pa.Table | pa.RecordBatchReader, *, gate: bool, progress: Progress | None
) -> None:
    """Judge the rows batch by batch and lay the accepted ones down, numbered."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _staged_schema(job.codebook)
    total = rows.num_rows if isinstance(rows, pa.Table) else None
    done = 0
    with pq.ParquetWriter(
        job.scratch / "staged.parquet", schema, compression="lz4", store_schema=False
    ) as writer:
        for batch in _batches(rows, _GATE_ROWS):
            table = _typed(batch, job.codebook)
            accepted = (
                _judged(job, table, done)
                if gate
                else _numbered(table, list(range(done + 1, done + table.num_rows + 1)))
            )
            writer.write_table(accepted.cast(schema))
            done += batch.num_rows
            if progress is not None:
                progress(done, total)
    pa.default_memory_pool().release_unused()


def _batches(rows: pa.Table | pa.RecordBatchReader, size: int = PART_ROWS) -> Iterator[pa.Table]:
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in rows.to_batches(max_chunksize=size) if isinstance(rows, pa.Table) else rows:
        waiting.append(batch)
        count += batch.num_rows
        if count >= size:
            yield pa.Table.from_batches(waiting)
            waiting, count = [], 0
    if count:
        yield pa.Table.from_batches(waiting)


def _staged_schema(codebook: Codebook) -> pa.Schema:
    import pyarrow as pa

    columns = [f for f in dataset_schema(codebook) if f.name not in _STORE_COLUMNS]
    return pa.schema([*columns, pa.field("row_number", pa.int64())])


def _typed(batch: pa.Table, codebook: Codebook) -> pa.Table:
    import pyarrow as pa

    wanted = pa.schema([f for f in _staged_schema(codebook) if f.name != "row_number"])
    try:
        return conform(batch, wanted)
    except pa.ArrowInvalid as error:
        raise UnusableInput(
            f"A column of the rows to import has another type than the codebook says: {error}."
        ) from error


def _judged(job: _Import, table: pa.Table, before: int) -> pa.Table:
    import pyarrow as pa

    from schema.gate import accept

    _accepted, broken = accept(table, job.codebook, imported=True, absent=job.absent)
    for row, rule_id, message in broken:
        job.refuse(before + row + 1, rule_id, message)
    held = {row for row, _rule, _message in broken}
    job.refused_count += len(held)
    numbers = pa.array([row for row in range(table.num_rows) if row not in held], type=pa.int64())
    return _numbered(table.take(numbers), [before + number + 1 for number in numbers.to_pylist()])


def _numbered(table: pa.Table, numbers: list[int]) -> pa.Table:
    import pyarrow as pa

    return table.append_column("row_number", pa.array(numbers, type=pa.int64()))


@dataclass(frozen=True)
class _Counts:
    added: int
    updated: int
    unchanged: int
    kept: int
    known_by_content: int
    given_ids: int


def _arrange(job: _Import, progress: Progress | None) -> _Counts:
    """Tell new rows from changed ones and write the parts, in the memory of a few of them."""
    import duckdb

    config = {"memory_limit": MEMORY, "temp_directory": str(job.scratch), "preserve_insertion_order": "false"}
    with duckdb.connect(config=config) as con:
        con.execute("SET TimeZone = 'UTC'")
        _classify(con, job)
        counts = dict(con.execute("SELECT fate, count(*) FROM fates GROUP BY fate").fetchall())
        for row, name in con.execute(
            "SELECT row_number, event_id_cnty FROM fates WHERE fate = 'repeated' ORDER BY row_number LIMIT ?",
            [_TOLD],
        ).fetchall():
            job.refuse(
                row,
                "import-repeated-id",
                f"{name} stands in several rows; leave the one that counts and import again.",
            )
        job.refused_count += counts.get("repeated", 0)
        ((given_ids,),) = con.execute("SELECT count(*) FROM given").fetchall()
        if counts.get("changed"):
            _write_changed(con, job)
        _write_new(con, job, counts.get("new", 0), progress)
    _write_superseded(job, last=True)
    alike = counts.get("alike", 0)
    return _Counts(
        counts.get("new", 0),
        counts.get("changed", 0),
        counts.get("same", 0) + alike,
        counts.get("kept", 0),
        alike,
        given_ids,
    )


def _classify(con: duckdb.DuckDBPyConnection, job: _Import) -> None:
    staged = literal(str(job.scratch / "staged.parquet"))
    columns = [
        f.name
        for f in _staged_schema(job.codebook)
        if f.name not in {"row_number", "event_id_cnty", "timestamp"}
    ]
    con.execute(f"CREATE VIEW staged AS SELECT * FROM read_parquet({staged})")
    con.execute("CREATE TABLE kept (event_id_cnty VARCHAR)")
    taken, without_id = _of_people(job.ledger)
    if taken:
        con.executemany("INSERT INTO kept VALUES (?)", [[name] for name in sorted(taken)])
    _lay_existing(con, job)
    content = content_sql(columns)
    # Ids first, rows after, and these as one number each: a join of whole rows outgrows the memory at millions.
    con.execute("CREATE TABLE ids AS SELECT row_number, event_id_cnty FROM staged")
    con.execute(
        "CREATE TABLE repeated AS SELECT event_id_cnty FROM ids GROUP BY ALL HAVING count(event_id_cnty) > 1"
    )
    con.execute(
        "CREATE TABLE known AS SELECT i.row_number, x.event_key, x.revision FROM ids i "
        "JOIN (SELECT event_id_cnty, event_key, revision FROM existing) x USING (event_id_cnty) "
        "ANTI JOIN kept USING (event_id_cnty) ANTI JOIN repeated USING (event_id_cnty)"
    )
    con.execute(
        "CREATE TABLE changed AS SELECT k.row_number, k.event_key, k.revision FROM known k "
        f"JOIN (SELECT row_number, {content} AS now FROM staged) USING (row_number) "
        f"JOIN (SELECT event_key, {content} AS before FROM existing) USING (event_key) WHERE now <> before"
    )
    lay_same_content(con, job.project, job.codebook, job.absent)
    lay_given_ids(con, job.project, job.codebook, job.absent, without_id)
    con.execute("INSERT INTO known SELECT * FROM given")
    con.execute("INSERT INTO changed SELECT * FROM given")
    con.execute(
        "CREATE TABLE fates AS SELECT i.row_number, i.event_id_cnty, "
        "CASE WHEN i.event_id_cnty IN (SELECT event_id_cnty FROM repeated) THEN 'repeated' "
        "WHEN i.event_id_cnty IN (SELECT event_id_cnty FROM kept) THEN 'kept' "
        "WHEN r.stands THEN 'alike' WHEN NOT r.stands OR s.row_number IS NOT NULL THEN 'kept' "
        "WHEN k.event_key IS NULL THEN 'new' WHEN c.event_key IS NULL THEN 'same' ELSE 'changed' END AS fate "
        "FROM ids i LEFT JOIN known k USING (row_number) LEFT JOIN changed c USING (row_number) "
        "LEFT JOIN recognized r USING (row_number) LEFT JOIN settled s USING (row_number)"
    )


def _lay_existing(con: duckdb.DuckDBPyConnection, job: _Import) -> None:
    """The rows that earlier imports brought and nobody corrected."""
    schema = dataset_schema(job.codebook)
    parts = [part for part in live_parts(job.ledger.db, "events") if part.first_key >= FIRST_IMPORTED_KEY]
    if parts:
        files = ", ".join(literal(str(part.path(job.project))) for part in parts)
        scan = f"SELECT * FROM read_parquet([{files}], union_by_name = true) WHERE coder IS NULL"
        held = {name for part in parts for name in part.columns}
        missing = "".join(f", NULL AS {quoted(f.name)}" for f in schema if f.name not in held)
        con.execute(f"CREATE VIEW existing AS SELECT *{missing} FROM ({scan})")
        return
    con.register("nothing", schema.empty_table())
    con.execute("CREATE TABLE existing AS SELECT * FROM nothing")


def _of_people(ledger: Ledger) -> tuple[set[str], set[int]]:
    """Events that people coded, corrected or retracted, which an import does not touch: their ids, keys where none."""
    ids = {str(name) for (name,) in ledger.db.execute("SELECT event_id_cnty FROM public_id")}
    without_id = set()
    for key, cells in ledger.db.execute(
        "SELECT head.event_key, cells FROM head JOIN revision USING (seq) WHERE head.event_key >= ?",
        (FIRST_IMPORTED_KEY,),
    ):
        name = decode_row(cells).get("event_id_cnty")
        if name is None:
            without_id.add(key)
        else:
            ids.add(str(name))
    return ids, without_id


def _write_new(con: duckdb.DuckDBPyConnection, job: _Import, count: int, progress: Progress | None) -> None:
    import pyarrow as pa

    if not count:
        return
    with job.ledger.writing() as db:
        key = next_key(db, count)
    order = con.execute(
        "SELECT row_number FROM staged JOIN fates USING (row_number) WHERE fate = 'new' "
        "ORDER BY country, event_date, row_number"
    ).fetchnumpy()["row_number"]
    done = 0
    before = _absorbed(job, count)
    for table in arranged(job.scratch / "staged.parquet", order, job.scratch):
        keys = list(range(key, key + table.num_rows))
        key += table.num_rows
        done += table.num_rows
        before.append(_with_house(job, table, keys, [1] * len(keys)))
        # Only one part stands in memory at a time: this one goes before the next is read.
        del table
        job.new.append(_part(job, pa.concat_tables(before)))
        before.clear()
        pa.default_memory_pool().release_unused()
        if progress is not None:
            progress(done, count)


def _absorbed(job: _Import, count: int) -> list[pa.Table]:
    """The rows of the last parts that small imports left, so that many of them do not leave many parts."""
    parts = [part for part in live_parts(job.ledger.db, "events") if part.first_key >= FIRST_IMPORTED_KEY]
    taken: list[pa.Table] = []
    while parts and parts[-1] not in job.old and absorbs(count, parts[-1]):
        last = parts.pop()
        taken.insert(0, conform(read_part(job.project, last), dataset_schema(job.codebook)))
        count += last.rows
        job.old.append(last)
    return taken


def _write_changed(con: duckdb.DuckDBPyConnection, job: _Import) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = dataset_schema(job.codebook)
    for part in live_parts(job.ledger.db, "events"):
        rows = con.sql(
            "SELECT staged.* EXCLUDE (row_number), event_key, revision + 1 AS revision FROM staged "
            "JOIN changed USING (row_number) WHERE event_key BETWEEN ? AND ? ORDER BY event_key",
            params=[part.first_key, part.last_key],
        ).to_arrow_table()
        if not rows.num_rows:
            continue
        keys, revisions = rows["event_key"].to_pylist(), rows["revision"].to_pylist()
        arriving = _with_house(job, rows.drop_columns(["event_key", "revision"]), keys, revisions)
        before = conform(read_part(job.project, part), schema)
        changed = pc.is_in(before["event_key"], value_set=key_set(keys))
        job.superseded.append(before.filter(changed))
        after = pa.concat_tables([before.filter(pc.invert(changed)), arriving]).sort_by("event_key")
        job.new.append(_part(job, after))
        job.old.append(part)
        _write_superseded(job)


def _write_superseded(job: _Import, *, last: bool = False) -> None:
    """Keep the states that changed rows had, in parts of the history."""
    import pyarrow as pa

    count = sum(table.num_rows for table in job.superseded)
    if count and (last or count >= PART_ROWS):
        rows = conform(pa.concat_tables(job.superseded), history_schema(job.codebook))
        job.superseded = []
        with job.ledger.writing() as db:
            number = part_number(db)
        job.new.append(write_part(job.project, "history", number, rows))


def _with_house(job: _Import, rows: pa.Table, keys: list[int], revisions: list[int]) -> pa.Table:
    import pyarrow as pa

    count = len(keys)
    house = {
        "event_key": pa.array(keys, pa.int64()), "revision": pa.array(revisions, pa.int64()),
        "status": pa.array([job.status] * count, pa.string()),
        "saved_at": pa.array([job.at] * count, pa.timestamp("us", tz="UTC")),
        "origin": pa.array(["imported"] * count, pa.string()),
    }  # fmt: skip
    for name, values in house.items():
        rows = rows.append_column(name, values)
    return conform(rows, dataset_schema(job.codebook))


def _part(job: _Import, rows: pa.Table) -> Part:
    with job.ledger.writing() as db:
        number = part_number(db)
    return write_part(job.project, "events", number, rows, never_empty(job.codebook))


def _commit(job: _Import, token: str, file: str, coder: str, counts: _Counts) -> AppendReport:
    with job.ledger.writing() as db:
        swap(db, job.new, job.old)
        import_id = db.execute(
            "INSERT INTO import (token, file, coder, at, added, updated, unchanged, kept, refused) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                token,
                file,
                coder,
                job.at,
                counts.added,
                counts.updated,
                counts.unchanged,
                counts.kept,
                job.refused_count,
            ),
        ).lastrowid
        db.executemany(
            "INSERT INTO import_refusal VALUES (?, ?, ?, ?)",
            [(import_id, refusal.row, refusal.rule_id, refusal.message) for refusal in job.refused],
        )
    return AppendReport(
        import_id or 0,
        counts.added,
        counts.updated,
        counts.unchanged,
        counts.kept,
        job.refused_count,
        tuple(job.refused),
        counts.known_by_content,
        counts.given_ids,
    )


def _known(ledger: Ledger, token: str) -> AppendReport | None:
    row: tuple[Any, ...] | None = ledger.db.execute(
        "SELECT import_id, added, updated, unchanged, kept, refused FROM import WHERE token = ?", (token,)
    ).fetchone()
    if row is None:
        return None
    refused = ledger.db.execute(
        "SELECT row, rule_id, message FROM import_refusal WHERE import_id = ? ORDER BY rowid", (row[0],)
    ).fetchall()
    import_id, added, updated, unchanged, kept, count = row
    told = tuple(RowRefusal(*refusal) for refusal in refused)
    return AppendReport(import_id, added, updated, unchanged, kept, count, told)
