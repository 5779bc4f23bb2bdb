"""The one place where rows become Parquet for analysts: typed, compressed, with a note of where they came from."""

from __future__ import annotations

from pathlib import Path

from data.export.request import ExportReport, Job
from data.scalar import copied
from schema.conditions import literal, quoted
from schema.errors import ExportError


def write(job: Job, draft: Path) -> ExportReport:
    """Write one Parquet file, or one folder of parts, by DuckDB's own writer."""
    request, selection = job.request, job.selection
    about = (
        f"{{eventcoder_filter: {literal(selection.filter.text)}, eventcoder_rows: {literal(request.rows)}}}"
    )
    options = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {about}"
    if request.partition_by:
        unknown = [name for name in request.partition_by if name not in selection.columns]
        if unknown:
            raise ExportError(f"Parts cannot be made by '{unknown[0]}': the export has no such column.")
        # The columns of the path stand there only: pyarrow and pandas refuse a part that holds them as well.
        options += f", PARTITION_BY ({', '.join(map(quoted, request.partition_by))})"
    return job.report(copied(job.con, f"COPY ({selection.sql}) TO {literal(str(draft))} ({options})"))
