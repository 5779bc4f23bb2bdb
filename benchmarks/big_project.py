"""The one place where benchmarks of asking and handing over get a large project, and the same rows as one ideal file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.synthetic import event_batches
from data.append import append_rows
from data.project import Project

if TYPE_CHECKING:
    import pyarrow as pa


def big_project(folder: Path, rows: int) -> tuple[Project, Path]:
    """A project with this many imported events, and one Parquet file with its dataset sorted as DuckDB likes it."""
    project = imported_project(folder / "project", rows)
    return project, ideal_file(project, folder / "raw.parquet")


def imported_project(folder: Path, rows: int) -> Project:
    """A project with this many imported events."""
    project = Project.create(folder)
    append_rows(project, event_batches(rows), gate=False)
    return project


def ideal_file(project: Project, path: Path) -> Path:
    """The dataset of a project as one Parquet file that DuckDB wrote, sorted by country, day and key."""
    import duckdb
    import pyarrow as pa

    from data import views

    with views.connect(project) as con, duckdb.connect() as rival:
        countries = con.execute("SELECT DISTINCT country FROM events ORDER BY country").fetchall()
        schema = con.sql("SELECT * FROM events LIMIT 0").to_arrow_table().schema

        def by_country() -> Iterator[pa.RecordBatch]:
            # Country by country, so that ten million rows are never sorted at once.
            for (country,) in countries:
                sql = "SELECT * FROM events WHERE country = ? ORDER BY event_date, event_key"
                yield from con.sql(sql, params=[country]).to_arrow_reader(65_536)

        rival.execute("SET TimeZone = 'UTC'")
        rival.register("sorted", pa.RecordBatchReader.from_batches(schema, by_country()))
        rival.execute(f"COPY sorted TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
        count = rival.execute(f"SELECT count(*) FROM '{path}'").fetchall()
        assert count == con.execute("SELECT count(*) FROM events").fetchall()
    return path
