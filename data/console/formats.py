"""The one place where an answer becomes text or bytes for the command line: table, csv, json, parquet.

Files and pipes get the values as they are. A terminal gets them through `safe_text`: an article's text must not
drive somebody's terminal.
"""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any, cast

from data.export.formula import neutral_text
from schema.errors import QueryError
from schema.text import columns_of, cut_to, safe_text

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("table", "csv", "json", "parquet")
_BATCH = 4096
_TABLE_ROWS = 1000
_CELL = 60


def write(
    table: pa.Table,
    format: str,  # noqa: A002
    stream: IO[bytes],
    *,
    for_terminal: bool = False,
    neutralise: bool = True,
) -> int:
    """Write the answer to a binary stream (`sys.stdout.buffer`); QueryError for a format that is not one of FORMATS.

    Returns how many cells of CSV got an apostrophe, so that no spreadsheet program runs them (`data.export.formula`).
    """
    if format == "parquet":
        if for_terminal:
            raise QueryError(
                "Parquet is not for reading on a terminal; redirect it: … --format parquet > answer.parquet"
            )
        _write_parquet(table, stream)
        return 0
    cells = _Cells(neutralise)
    writers = {"table": table_lines, "csv": cells.csv_lines, "json": _json_lines}
    if format not in writers:
        raise QueryError(f"There is no format '{format}'; choose one of {', '.join(FORMATS)}.")
    lines = (
        table_lines(table, width=shutil.get_terminal_size().columns)
        if for_terminal and format == "table"
        else None
    )
    for line in lines or writers[format](table):
        shown = safe_text(line) if for_terminal else line
        stream.write(shown.encode("utf-8", "backslashreplace"))
    return cells.neutralised


def table_lines(
    table: pa.Table, *, rows: int = _TABLE_ROWS, cell: int = _CELL, width: int | None = None
) -> Iterator[str]:
    """A table for people: numbers to the right, long cells cut, and of more columns than fit `width` the first ones."""
    if table.num_rows == 0:
        yield "(no rows)\n"
        return
    if table.column_names == ["explain_key", "explain_value"]:
        yield from (f"{safe_text(plan)}\n" for plan in table.column("explain_value").to_pylist())
        return
    shown = table.slice(0, rows)
    columns = [[_cell_text(value, cell) for value in column.to_pylist()] for column in shown.columns]
    right = [is_number(field.type) for field in shown.schema]
    names = [_cell_text(name, cell) for name in shown.column_names]
    widths = [
        max((columns_of(text) for text in (name, *column)), default=0)
        for name, column in zip(names, columns, strict=True)
    ]
    fitting = _fitting(widths, width)
    names, columns, widths = names[:fitting], columns[:fitting], widths[:fitting]
    yield _row(names, widths, right[:fitting])
    yield "  ".join("─" * width for width in widths).rstrip() + "\n"
    for cells in zip(*columns, strict=True):
        yield _row(cells, widths, right[:fitting])
    more = table.num_rows - shown.num_rows
    plural = "" if table.num_rows == 1 else "s"
    left_out = table.num_columns - fitting
    told = f", the first {rows:,} shown" if more else ""
    if left_out:
        told += f"; {left_out} more columns do not fit here: name fewer, or use --format csv"
    yield f"({table.num_rows:,} row{plural}{told})\n"


def _fitting(widths: list[int], width: int | None) -> int:
    """How many columns stand beside each other in so much space; at least one."""
    used, count = 0, 0
    for column in widths:
        used += column + (2 if count else 0)
        if width is not None and used > width and count:
            break
        count += 1
    return count


def _row(cells: Iterable[str], widths: list[int], right: list[bool]) -> str:
    padded = []
    for text, width, numeric in zip(cells, widths, right, strict=True):
        space = " " * (width - columns_of(text))
        padded.append(space + text if numeric else text + space)
    return "  ".join(padded).rstrip() + "\n"


def _cell_text(value: object, limit: int) -> str:
    return cut_to(" ".join(safe_text(plain(value)).split()), limit)


def is_number(kind: pa.DataType) -> bool:
    """Whether a column of an answer holds numbers."""
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def plain(value: object) -> str:
    """One value as text: nothing for null, ISO dates and times, lists and records as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if (span := _span(value)) is not None:
        return span
    if isinstance(value, (list, dict)):
        return json.dumps(_jsonable(value), ensure_ascii=False)
    return str(value)


def _span(value: object) -> str | None:
    """An INTERVAL as DuckDB prints it, such as `1 month 3 days 01:30:00`; None for anything else."""
    if type(value).__name__ != "MonthDayNano":
        return None
    months, days, nanoseconds = cast("tuple[int, int, int]", value)
    told = [
        f"{count} {name}{'' if abs(count) == 1 else 's'}"
        for count, name in ((months, "month"), (days, "day"))
        if count
    ]
    if nanoseconds or not told:
        seconds, rest = divmod(abs(nanoseconds), 1_000_000_000)
        clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        told.append(f"{'-' if nanoseconds < 0 else ''}{clock}{f'.{rest // 1000:06}' if rest else ''}")
    return " ".join(told)


class _Cells:
    """CSV in the making, and how many of its cells were kept from being run as formulas."""

    def __init__(self, neutralise: bool) -> None:
        self._neutralise = neutralise
        self.neutralised = 0

    def csv_lines(self, table: pa.Table) -> Iterator[str]:
        """A header and the rows, some thousand at a time."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow([self._text(name) for name in table.column_names])
        for batch in table.to_batches(_BATCH):
            writer.writerows(
                zip(
                    *([self._text(value) for value in column.to_pylist()] for column in batch.columns),
                    strict=True,
                )
            )
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
        yield buffer.getvalue()

    def _text(self, value: object) -> str:
        if not self._neutralise or not isinstance(value, str):
            return plain(value)
        text = neutral_text(value)
        self.neutralised += text != value
        return text


def _json_lines(table: pa.Table) -> Iterator[str]:
    """One array of objects; stable: keys in column order, dates as ISO text, null for empty."""
    first = True
    yield "["
    for batch in table.to_batches(_BATCH):
        for record in batch.to_pylist():
            yield ("\n  " if first else ",\n  ") + json.dumps(
                _jsonable(record), ensure_ascii=False, allow_nan=False
            )
            first = False
    yield "]\n" if first else "\n]\n"


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if (span := _span(value)) is not None:
        return span
    if isinstance(value, (list, tuple)):
        return [_jsonable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return float(value) if isinstance(value, Decimal) else plain(value)


def _write_parquet(table: pa.Table, stream: IO[bytes]) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, stream, compression="zstd", write_page_checksum=True)
