"""The one place where Parquet is read: in place, without a copy, after its promises have been looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from data.event_file import limits
from data.event_file.headers import distinct_names
from data.event_file.records import RawTable, ReadOptions
from data.event_file.sql import one_row
from schema.conditions import literal, quoted
from schema.errors import UnusableInput

if TYPE_CHECKING:
    import duckdb


def read_parquet(options: ReadOptions, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """Describe the file as a table of raw cells; typed columns keep their types."""
    options.progress("looking over the file", 0.0)
    rows = _inspect(options.path)
    described = _described(connection, options.path)
    names = [name for name, _ in described]
    cells = ", ".join(
        f"{_cell(quoted(name), kind)} AS c{position}" for position, (name, kind) in enumerate(described)
    )
    source = f"read_parquet({literal(_exact(options.path))}, file_row_number = true)"
    table = RawTable(
        names=distinct_names(names),
        relation=f"SELECT file_row_number + 1 AS line, {cells} FROM {source}",
        types=tuple(_kept(kind) for _, kind in described),
        records=rows,
    )
    _refuse_giant_cells(connection, table, options.path)
    return table


def _inspect(path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            metadata = file.metadata
            declared = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
            columns, rows = int(metadata.num_columns), int(metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnusableInput(
            f"{path.name} is a damaged or cut-off Parquet file: fetch or write it again."
        ) from error
    if columns > limits.COLUMNS:
        raise UnusableInput(
            f"{path.name} has {columns:,} columns; a table of events has 25 to 60: this is another kind of table."
        )
    size = path.stat().st_size
    if rows > limits.ROWS or declared > limits.UNCOMPRESSED_RATIO * max(size, 1 << 16):
        raise UnusableInput(
            f"{path.name} promises {rows:,} rows and {declared / 1e9:.1f} GB from {size / 1e6:.1f} MB: "
            "this is no ordinary table of events."
        )
    return rows


def _described(connection: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[str, str]]:
    import duckdb

    try:
        found = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(_exact(path))})").fetchall()
    except duckdb.Error as error:
        raise UnusableInput(f"{path.name} is a damaged Parquet file: write it again.") from error
    return [(str(name), str(kind)) for name, kind, *_ in found]


def _exact(path: Path) -> str:
    """The path as a pattern that matches only itself."""
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in str(path))


def _kept(kind: str) -> str:
    """The type a cell has after `_cell`."""
    integer = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
    if kind in integer or kind in {"FLOAT", "DOUBLE", "DATE"}:
        return kind
    return "TIMESTAMP" if kind.startswith("TIMESTAMP") else "VARCHAR"


def _cell(name: str, kind: str) -> str:
    """A cell as text, unless its type is one the codebook knows."""
    if _kept(kind) == kind:
        return name
    if kind.startswith("TIMESTAMP"):
        return f"CAST({name} AS TIMESTAMP)"
    if kind.endswith("[]"):
        return f"array_to_string({name}, '; ')"
    if kind == "BLOB":
        return f"coalesce(try(decode({name})), '')"
    return f"CAST({name} AS VARCHAR)"


def _refuse_giant_cells(connection: duckdb.DuckDBPyConnection, table: RawTable, path: Path) -> None:
    """A few kilobytes can hold a hundred gigabytes of repeated text; its lengths can be asked without building it.

    Every page is read on the way, so that damage shows here and not in the middle of a check.
    """
    import duckdb

    texts = [f"max(strlen(c{i}))" for i, kind in enumerate(table.types) if kind == "VARCHAR"]
    others = [f"max(c{i}) IS NULL" for i, kind in enumerate(table.types) if kind != "VARCHAR"]
    try:
        found = one_row(connection, f"SELECT {', '.join([*texts, *others])} FROM ({table.relation})")
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise UnusableInput(
            f"{path.name} is a damaged Parquet file: its pages cannot be read; write it again."
        ) from error
    longest = max((size or 0 for size in found[: len(texts)]), default=0)
    if longest > limits.RECORD_BYTES:
        raise UnusableInput(
            f"{path.name} has a cell of {longest / 1e6:.1f} MB of text: this is no table of events."
        )
