"""The one place where rows read from text, workbooks or JSON are put on disk as one table of raw text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from schema.conditions import literal

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 32_768
"""Rows kept in memory at a time: about 25 MB of real events."""


class Staging:
    """Writes `line`, c0, c1, ... to a Parquet file in row groups, so that memory stays the same at any size."""

    def __init__(self, folder: Path, width: int) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.path = folder / "raw.parquet"
        self.rows = 0
        self.schema = pa.schema([("line", pa.int64()), *((f"c{i}", pa.string()) for i in range(width))])
        self._writer = pq.ParquetWriter(self.path, self.schema, compression="lz4")
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0

    def __enter__(self) -> Staging:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import pyarrow as pa

        if kind is None:
            self._flush()
        self._writer.close()
        # DuckDB needs the memory next, and Arrow would keep it.
        pa.default_memory_pool().release_unused()

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch of the schema."""
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        if self._waiting_rows >= ROW_GROUP:
            self._flush()

    def add_rows(self, rows: Iterable[tuple[int, Sequence[str | None]]]) -> None:
        """Take rows of text one by one: line number and cells; short rows are filled up."""
        width = len(self.schema) - 1
        lines: list[int] = []
        cells: list[list[str | None]] = [[] for _ in range(width)]
        for line, row in rows:
            lines.append(line)
            for position in range(width):
                cells[position].append(row[position] if position < len(row) else None)
            if len(lines) >= 8_192:
                self._add_columns(lines, cells)
                lines, cells = [], [[] for _ in range(width)]
        if lines:
            self._add_columns(lines, cells)

    def relation(self) -> str:
        """SQL that yields what was written."""
        return f"SELECT * FROM read_parquet({literal(str(self.path))})"

    def _add_columns(self, lines: list[int], cells: list[list[str | None]]) -> None:
        import pyarrow as pa

        arrays: list[Any] = [
            pa.array(lines, pa.int64()),
            *(pa.array(column, pa.string()) for column in cells),
        ]
        self.add(pa.record_batch(arrays, schema=self.schema))

    def _flush(self) -> None:
        import pyarrow as pa

        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, schema=self.schema))
            self.rows += self._waiting_rows
            self._waiting, self._waiting_rows = [], 0
