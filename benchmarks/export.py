"""Exports of a large project beside DuckDB's own COPY of one ideal Parquet file; memory of each format.

Each run is a process of its own, so that its peak memory is its own; ours and the rival take turns.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.big_project import big_project
from benchmarks.figures import Figure, arguments, report

RATIO_BUDGET = 1.15
MEMORY_BUDGET = 1024.0
COMPARED = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet, COMPRESSION zstd"}
STREAMED = ("jsonl", "geojson", "geoparquet", "hxl.csv")


def ours(folder: str, out: str) -> None:
    from data.export import export_events
    from data.project import Project

    export_events(Project.open(folder), out)


def rival(raw: str, out: str) -> None:
    import duckdb

    from data.export.columns import ACLED_COLUMNS

    kind = COMPARED[Path(out).suffix[1:]]
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"COPY (SELECT {', '.join(ACLED_COLUMNS)} FROM '{raw}') TO '{out}' ({kind})").fetchall()


def measured(*words: str) -> tuple[float, float, float]:
    """Seconds, peak MiB and processor seconds of one run in a process of its own, its start and imports left out of the time."""
    command = [sys.executable, "-m", "benchmarks.export", "--one", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, memory, used = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory, used


def peak_mib() -> float:
    """The process's own peak; `ru_maxrss` would begin with the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(float(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def one(job: str, source: str, out: str) -> None:
    # Loading programs is no part of either side's time.
    import duckdb
    import pandas as pd
    import pyarrow.parquet as pq

    from data import export, views

    assert all((duckdb, pd, pq, export, views))
    started, used = time.perf_counter(), time.process_time()
    (ours if job == "ours" else rival)(source, out)
    seconds, used = time.perf_counter() - started, time.process_time() - used
    print(json.dumps([seconds, peak_mib(), used]))


def main() -> int:
    parser = arguments(__doc__ or "")
    parser.add_argument("--one", nargs=3, help="one run, for the benchmark itself")
    parser.add_argument("--rows", type=int, help="how many events")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if asked.one:
        one(*asked.one)
        return 0
    rows = asked.rows or (200_000 if asked.quick else 3_000_000)
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        project, raw = big_project(Path(folder), rows)
        for kind in COMPARED:
            runs: dict[str, list[tuple[float, float, float]]] = {"ours": [], "rival": []}
            for _ in range(asked.rounds):
                for job, source in (("ours", str(project.folder)), ("rival", str(raw))):
                    out = Path(folder) / f"out.{kind}"
                    runs[job].append(measured(job, source, str(out)))
                    out.unlink()
            seconds = {job: statistics.median(run[0] for run in done) for job, done in runs.items()}
            used = {job: statistics.median(run[2] for run in done) for job, done in runs.items()}
            told = f"{seconds['ours']:.2f} s beside COPY's {seconds['rival']:.2f} s"
            work = f"{used['ours']:.2f} s of processor beside {used['rival']:.2f} s"
            name = f"export {kind}, {rows:,} rows, processor time"
            figures.append(Figure(name, used["ours"] / used["rival"], "x", work))
            figures.append(
                Figure(
                    f"export {kind}, {rows:,} rows",
                    seconds["ours"] / seconds["rival"],
                    "x",
                    told,
                    RATIO_BUDGET,
                )
            )
            figures.append(
                Figure(
                    f"export {kind}, peak memory",
                    max(run[1] for run in runs["ours"]),
                    "MiB",
                    budget=MEMORY_BUDGET,
                )
            )
        for kind in STREAMED:
            out = Path(folder) / f"out.{kind}"
            spent, memory, _ = measured("ours", str(project.folder), str(out))
            out.unlink()
            figures.append(Figure(f"export {kind}, {rows:,} rows", spent, "s"))
            figures.append(Figure(f"export {kind}, peak memory", memory, "MiB", budget=MEMORY_BUDGET))
    return report(figures, as_json=asked.json)


if __name__ == "__main__":
    raise SystemExit(main())
