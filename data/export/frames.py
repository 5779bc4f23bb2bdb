"""The one place where rows become a pandas frame for the statistics formats, whose writers need all of it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.export.request import Job
from data.scalar import count
from schema.errors import ExportError

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 500_000
"""About 1 GiB of memory while it is written."""


def frame_of(job: Job) -> pd.DataFrame:
    """The rows as plain NumPy columns: whole numbers stay whole where none is missing, days are datetime64."""
    import pandas as pd

    rows = count(job.con, job.selection.rows)
    if rows > MOST_ROWS:
        raise ExportError(
            f"{job.request.format} files are made in memory, at most {MOST_ROWS:,} rows, and these are {rows:,}; "
            "write several files, each with a --where of its own (year = 2024), or choose Parquet or CSV, which have no bound."
        )
    table = job.con.sql(job.selection.sql).to_arrow_table()
    columns = {}
    for name, kind in zip(job.selection.columns, job.selection.types, strict=True):
        series = table.column(name).to_pandas(date_as_object=False)
        if kind == "VARCHAR":
            series = series.astype(object).where(series.notna(), "")
        elif kind.startswith("TIMESTAMP"):
            series = pd.to_datetime(series).dt.tz_localize(None)
        columns[name] = series
    return pd.DataFrame(columns)


def labels_of(job: Job, *, longest: int) -> dict[str, str]:
    """Each column's label from the codebook, cut to what the format holds."""
    known = {column.name: column for column in job.codebook.columns}
    described = {name: known[name].label or name for name in job.selection.columns if name in known}
    return {name: text[:longest] for name, text in described.items()}
