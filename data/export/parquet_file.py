"""The one place where events become a Parquet file for analysts: typed, compressed, with a note of where it came from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from data.export.request import ExportReport, ExportRequest
from data.export.selection import Selection, literal

if TYPE_CHECKING:
    import duckdb


def write(
    con: duckdb.DuckDBPyConnection, selection: Selection, request: ExportRequest, draft: Path
) -> ExportReport:
    """Write one Parquet file by DuckDB's own writer."""
    about = f"{{eventcoder_filter: {literal(selection.filter.text)}, eventcoder_columns: {literal(request.columns)}}}"
    options = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {about}"
    row = con.execute(f"COPY ({selection.sql}) TO {literal(str(draft))} ({options})").fetchone()
    return ExportReport(int(row[0]) if row else 0, request.out_path, selection.filter.text, "parquet")
