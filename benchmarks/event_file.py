"""A whole check of a file, from its bytes to the report, and a whole import into a project: seconds and peak memory.

Reading, repairing, judging and naming the first rows of every broken rule are all inside, for Parquet, CSV and XLSX;
each file is checked in a process of its own. The rival is DuckDB counting the cells of the same file and doing nothing with them.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Figure, arguments, report
from benchmarks.synthetic import write_events

MEMORY_BUDGET = 700.0
"""MiB at the largest size, whatever the format."""
IMPORT_BUDGET = 900.0
"""MiB; pandas and pandera alone take 250 before the first row."""


def ours(path: str) -> int:
    """Check the file as `eventcoder check` does; how many rows have errors."""
    from data.check import check

    return check(path).rows_with_errors


def taken(path: str) -> int:
    """Import the file into a new project as `eventcoder import` does; how many events were added."""
    from data.importing import import_events
    from data.project import Project

    with tempfile.TemporaryDirectory(dir=Path(path).parent) as folder:
        return import_events(Project.create(Path(folder) / "project"), path).added


def scan(path: str) -> int:
    """Count the cells of the file."""
    import duckdb

    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("SET enable_progress_bar = false")
        source = f"read_csv('{path}', all_varchar=true)" if path.endswith(".csv") else f"'{path}'"
        return len(con.execute(f"SELECT count(COLUMNS(*)) FROM {source}").fetchall()[0])


def measured(way: str, path: Path) -> dict[str, float]:
    """Run one way in a process of its own: seconds, CPU seconds and peak MiB."""
    command = [sys.executable, __file__, "--way", way, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_way(way: str, path: str) -> None:
    """The child's part: run and print what it cost."""
    start = time.perf_counter()
    found = {"ours": ours, "taken": taken, "scan": scan}[way](path)
    seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    told = {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "mib": int(peak.split()[1]) / 1024}
    print(json.dumps(told | {"found": found}))


def as_csv(path: Path) -> Path:
    import duckdb

    target = path.with_suffix(".csv")
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]
        hidden = "EXCLUDE (event_key)" if "event_key" in names else ""
        con.execute(f"COPY (SELECT * {hidden} FROM '{path}') TO '{target}' (HEADER)")
    return target


def as_workbook(path: Path, rows: int) -> Path:
    import duckdb
    import openpyxl

    target = path.with_suffix(".xlsx")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("events")
    with duckdb.connect() as con:
        found = con.execute(f"SELECT * FROM '{path}' LIMIT {rows}")
        sheet.append([entry[0] for entry in found.description])
        for row in found.fetchall():
            sheet.append([cell.replace(chr(27), "") if isinstance(cell, str) else cell for cell in row])
    book.save(target)
    return target


def figures_of(label: str, path: Path, rows: int) -> list[Figure]:
    own = measured("ours", path)
    told = f"{own['cpu']:.1f} CPU s"
    if path.suffix != ".xlsx":
        told += f"; cells counted by DuckDB: {rows / measured('scan', path)['seconds']:,.0f} rows/s"
    return [
        Figure(f"check {label}: rows/s", rows / own["seconds"], "rows/s", told),
        Figure(f"check {label}: peak memory", own["mib"], "MiB", "", MEMORY_BUDGET),
    ]


def imports_of(label: str, path: Path, rows: int) -> list[Figure]:
    own = measured("taken", path)
    return [
        Figure(f"import {label}: rows/s", rows / own["seconds"], "rows/s", f"{own['cpu']:.1f} CPU s"),
        Figure(f"import {label}: peak memory", own["mib"], "MiB", "", IMPORT_BUDGET),
    ]


def main() -> int:
    parser = arguments(__doc__ or "")
    parser.add_argument("--way")
    parser.add_argument("--file")
    options = parser.parse_args()
    if options.way:
        run_way(options.way, options.file)
        return 0
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in (100_000,) if options.quick else (1_000_000, 3_000_000):
            path = write_events(Path(folder) / f"events_{rows}.parquet", rows, bad=0.01)
            name = f"{rows / 1e6:g} M rows"
            figures += figures_of(f"Parquet {name}", path, rows)
            figures += figures_of(f"CSV {name}", as_csv(path), rows)
            figures += imports_of(f"CSV {name}", path.with_suffix(".csv"), rows)
        sheet_rows = 5_000 if options.quick else 50_000
        figures += figures_of(f"XLSX {sheet_rows:,} rows", as_workbook(path, sheet_rows), sheet_rows)
    return report(figures, as_json=options.json)


if __name__ == "__main__":
    raise SystemExit(main())
