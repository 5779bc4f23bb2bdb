"""The one place where benchmarks of asking and handing over get a large project, and the same rows as one ideal file."""

from __future__ import annotations

from pathlib import Path

from benchmarks.synthetic import write_events
from data.append import append_rows
from data.project import Project


def big_project(folder: Path, rows: int) -> tuple[Project, Path]:
    """A project with this many imported events, and one Parquet file with its dataset sorted as DuckDB likes it."""
    import duckdb
    import pyarrow.dataset as ds

    made = folder / "made.parquet"
    write_events(made, rows)
    project = Project.create(folder / "project")
    append_rows(project, ds.dataset(made).scanner(batch_size=65_536).to_reader(), gate=False)
    raw = folder / "raw.parquet"
    from data import views

    with views.connect(project) as con:
        con.execute(
            f"COPY (SELECT * FROM events ORDER BY country, event_date, event_key) TO '{raw}'"
            " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
        )
    made.unlink()
    with duckdb.connect() as con:
        assert con.execute(f"SELECT count(*) FROM '{raw}'").fetchall() == [(rows,)]
    return project, raw
