"""The one place where a file of events is opened: from any format and vintage to the codebook's columns in DuckDB."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from data.event_file.headers import match_columns, squash
from data.event_file.kinds import Kind, kind_of
from data.event_file.mending import Mending
from data.event_file.records import Progress, RawTable, ReadOptions, Reject, Repair, silent
from data.event_file.sql import count, one_row
from data.event_file.vintages import Vintage, Vintages, load_vintages, refuse_look_alikes
from schema.conditions import literal, quoted
from schema.errors import EventcoderError, StoreError, UnusableInput

if TYPE_CHECKING:
    import duckdb

    from schema.codebook import Codebook

Outcome = TypeVar("Outcome")
MEMORY = "540MB"
"""What DuckDB may take; a check of three million rows then stays under 700 MB."""
STAGED_MEMORY = "440MB"
"""For files that were staged: their row groups are small, and what the staging took does not all go back."""
ROOMY_MEMORY = "2GB"
"""For the second try, on one thread, of a file whose row groups or pages are larger than writers make them."""

_REPEATED = "rows that repeat another row in every cell left out"


@dataclass
class EventFile:
    """A file of events that was read; a context manager, because what it stages on disk goes with it."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    """Holds the views `raw` (line, c0, c1, ...) and `events` (event_key, the codebook's columns)."""
    vintage: Vintage
    header: tuple[str, ...]
    found: dict[str, int]
    """Codebook column to its position in the file."""
    absent: frozenset[str]
    """Codebook columns the file has not."""
    records: int
    """Rows of events in the file, refused ones included."""
    rejects: tuple[Reject, ...]
    repairs: tuple[Repair, ...]
    notes: tuple[str, ...]
    unreadable: dict[str, str]
    """Column to the SQL condition over `raw` under which its cell is no date or number."""
    folder: Path
    source: str = "raw"
    """What the conditions of `unreadable` are asked of."""
    _closed: bool = field(default=False, repr=False)

    @property
    def extra(self) -> tuple[str, ...]:
        """Header cells of columns the codebook does not know; they are kept with the original."""
        known = set(self.found.values())
        return tuple(name for position, name in enumerate(self.header) if position not in known)

    def __enter__(self) -> EventFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was staged."""
        if not self._closed:
            self._closed = True
            self.connection.close()
            shutil.rmtree(self.folder, ignore_errors=True)


def read_event_file(
    path: Path | str,
    *,
    codebook: Codebook | None = None,
    date_format: str | None = None,
    progress: Progress | None = None,
    roomy: bool = False,
) -> EventFile:
    """Read a CSV, TSV, XLSX, Parquet, JSON, JSONL or GeoJSON file of events.

    Args:
        path: The file.
        codebook: Whose columns it is read into; ACLED's if left out.
        date_format: The order of day, month and year (`dd/mm/yyyy`), where the file does not settle it.
        progress: Told the stage in words and how far it is, 0 to 1.
        roomy: With more memory and one thread, see `with_room`.

    Raises:
        UnusableInput: One sentence that says why the file is not read and what to do.
    """
    from schema.codebook import load_codebook

    path = Path(path)
    book = codebook or load_codebook()
    kind = kind_of(path)
    folder = Path(tempfile.mkdtemp(prefix="eventcoder-read-"))
    connection = _connect(folder, roomy=roomy)
    try:
        return _read(path, kind, book, date_format, progress or silent, folder, connection, roomy=roomy)
    except BaseException as error:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError) and not isinstance(error, EventcoderError):
            raise StoreError(
                f"{path.name} could not be laid out in {folder.parent}: {error.strerror or error}; make room there, "
                "or point TMPDIR to another folder."
            ) from error
        raise


def with_room(path: Path | str, work: Callable[[bool], Outcome]) -> Outcome:
    """Do the work, and once more with more memory where the file needs it; UnusableInput where that is not enough."""
    import duckdb

    try:
        return work(False)
    except duckdb.OutOfMemoryException:
        pass
    try:
        return work(True)
    except duckdb.OutOfMemoryException as error:
        raise UnusableInput(
            f"{Path(path).name} takes more than {ROOMY_MEMORY} of memory to read: "
            "write it with row groups of 100,000 rows, or as CSV."
        ) from error


def _connect(folder: Path, *, roomy: bool) -> duckdb.DuckDBPyConnection:
    import duckdb

    config = {
        "memory_limit": ROOMY_MEMORY if roomy else MEMORY,
        "temp_directory": str(folder / "spill"),
        "preserve_insertion_order": "false",
    }
    connection = duckdb.connect(config=config | ({"threads": "1"} if roomy else {}))
    connection.execute("SET enable_progress_bar = false")
    # Times with a zone become days by the file's clock, not by that of the machine it is read on.
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _read(
    path: Path,
    kind: Kind,
    codebook: Codebook,
    date_format: str | None,
    progress: Progress,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    roomy: bool,
) -> EventFile:
    known = load_vintages()
    columns = [column.name for column in codebook.columns]
    names = frozenset(squash(name) for name in (*columns, *known.aliases, *known.retired))
    table = _raw_table(kind, ReadOptions(path, folder, names, progress), connection)
    if kind is not Kind.PARQUET and not roomy:
        connection.execute(f"SET memory_limit = {literal(STAGED_MEMORY)}")
    connection.execute(f"CREATE TEMP VIEW raw AS {table.relation}")
    found = match_columns(table.names, columns, known.aliases)
    needed = tuple(column for column in known.needed if codebook.has_column(column))
    first = _first_row(connection, table)
    refuse_look_alikes(path.name, table.names, found, first, replace(known, needed=needed))
    if table.records == 0:
        raise UnusableInput(f"{path.name} has a header but no rows.")
    _refuse_foreign_rows(path, connection, table, found, known)
    progress("looking for repairs", 0.0)
    mending = Mending(connection, path.name, table, found, codebook, known, date_format)
    repairs = mending.run()
    _create_view(connection, codebook, mending)
    duplicates = _leave_out_duplicates(connection, mending)
    unreleased = _unreleased(connection, codebook, found)
    absent = (frozenset(columns) - found.keys()) | unreleased
    notes = tuple(
        f"{name} is empty in every row: it is given at release, and was not asked for"
        for name in sorted(unreleased)
    )
    notes += _copies_without_id(connection, mending)
    return EventFile(
        path=path,
        connection=connection,
        vintage=mending.vintage,
        header=table.names,
        found=found,
        absent=absent,
        records=table.records - _no_events(connection),
        rejects=table.rejects,
        repairs=(*table.repairs, *duplicates, *repairs),
        notes=(*table.notes, *mending.notes, *notes),
        unreadable=mending.unreadable,
        folder=folder,
        source=mending.source(),
    )


def _raw_table(kind: Kind, options: ReadOptions, connection: duckdb.DuckDBPyConnection) -> RawTable:
    if kind is Kind.PARQUET:
        from data.event_file.columnar import read_parquet

        return read_parquet(options, connection)
    if kind is Kind.WORKBOOK:
        from data.event_file.workbook import read_workbook

        return read_workbook(options)
    if kind is Kind.JSON:
        from data.event_file.json_text import read_json

        return read_json(options)
    from data.event_file.delimited import read_delimited

    return read_delimited(options)


def _first_row(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[str]:
    row = one_row(connection, "SELECT * EXCLUDE (line) FROM raw ORDER BY line LIMIT 1")
    return ["" if cell is None else str(cell) for cell in row]


def _refuse_foreign_rows(
    path: Path, connection: duckdb.DuckDBPyConnection, table: RawTable, found: dict[str, int], known: Vintages
) -> None:
    """A table whose rows are mostly another scheme's is not one of events, whatever its header says."""
    for entry in known.foreign_rows:
        position = found.get(entry["column"])
        if position is None or table.types[position] != "VARCHAR":
            continue
        for value in entry["values"]:
            rows = count(connection, f"SELECT count(*) FROM raw WHERE trim(c{position}) = {literal(value)}")
            if rows * 2 > table.records:
                raise UnusableInput(f"{path.name} {entry['sentence'].format(value=value)}.")


def _create_view(connection: duckdb.DuckDBPyConnection, codebook: Codebook, mending: Mending) -> None:
    cells = [
        f"CAST({mending.expressions.get(column.name, 'NULL')} AS {column.sql_type}) AS {quoted(column.name)}"
        for column in codebook.columns
    ]
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW events AS SELECT raw.line AS event_key, {', '.join(cells)} FROM {mending.source()}"
    )


def _unreleased(
    connection: duckdb.DuckDBPyConnection, codebook: Codebook, found: dict[str, int]
) -> frozenset[str]:
    """Columns given at release that no row has: a project's own export of events that were not released yet."""
    names = [
        column.name for column in codebook.columns if column.origin == "released" and column.name in found
    ]
    if not names:
        return frozenset()
    filled = one_row(
        connection, f"SELECT {', '.join(f'count({quoted(name)})' for name in names)} FROM events"
    )
    return frozenset(name for name, count_filled in zip(names, filled, strict=True) if not count_filled)


def _copies_without_id(connection: duckdb.DuckDBPyConnection, mending: Mending) -> tuple[str, ...]:
    """Rows without an id may be two incidents told in the same words: they stay, and are told."""
    unnamed = (
        f"coalesce({mending.text('event_id_cnty')}, '') = ''" if "event_id_cnty" in mending.found else "true"
    )
    cells = ", ".join(mending.cell(column) for column in mending.found)
    rows = count(
        connection,
        f"SELECT count(*) - count(DISTINCT h) FROM (SELECT hash({cells}) AS h FROM {mending.source()} AND {unnamed})",
    )
    if not rows:
        return ()
    told = f"{rows:,} rows without an id are the same as another row in every cell: they were kept"
    return (f"{told}; take them out of the file if they are no events of their own",)


def _no_events(connection: duckdb.DuckDBPyConnection) -> int:
    """Rows that are headers or remarks; a repeated event is one."""
    return count(connection, f"SELECT count(*) FROM left_out WHERE what <> {literal(_REPEATED)}")


def _leave_out_duplicates(connection: duckdb.DuckDBPyConnection, mending: Mending) -> tuple[Repair, ...]:
    """Rows that are the same in every column the codebook knows stand once; merged downloads repeat them."""
    if "event_id_cnty" not in mending.found:
        return ()
    ids = mending.text("event_id_cnty")
    repeated = f"SELECT {ids} AS id FROM {mending.source()} AND {ids} <> '' GROUP BY id HAVING count(*) > 1"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE repeated AS {repeated}")
    if not count(connection, "SELECT count(*) FROM repeated"):
        return ()
    cells = ", ".join(mending.cell(column) for column in mending.found)
    connection.execute(
        f"INSERT INTO left_out SELECT line, {literal(_REPEATED)} FROM (SELECT raw.line AS line, row_number() OVER "
        f"(PARTITION BY {ids}, hash({cells}) ORDER BY raw.line) AS nth FROM {mending.source()} "
        f"AND {ids} IN (SELECT id FROM repeated)) WHERE nth > 1"
    )
    rows = count(connection, f"SELECT count(*) FROM left_out WHERE what = {literal(_REPEATED)}")
    return (Repair(_REPEATED, rows),) if rows else ()
