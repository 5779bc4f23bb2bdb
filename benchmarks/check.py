"""The rules over a whole table and over one draft: rows/s and peak memory, beside hand-written pandera and a bare scan.

Each way runs in a process of its own, so that its peak memory is its own. The rival is the same rules as people write
them with pandera on pandas (benchmarks/check_rival.py).
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
from schema.codebook import load_codebook
from schema.codebook_files import read_codebook
from schema.row_judge import RowJudge

MEMORY_BUDGET = 700.0
"""MiB at the largest size."""


def ours(path: str) -> int:
    """Judge the file by every rule of the codebook; how many failures."""
    import duckdb

    from schema.relation_judge import judge_relation

    with duckdb.connect(
        config={"memory_limit": "450MB", "threads": 2, "preserve_insertion_order": "false"}
    ) as con:
        con.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet('{path}')")
        table = judge_relation(con, "events", load_codebook())
        return int(con.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def scan(path: str) -> int:
    """Read every column of the file and do nothing with it."""
    import duckdb

    with duckdb.connect(config={"threads": 2}) as con:
        names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()]
        counts = ", ".join(f'count(DISTINCT hash("{name}") % 2)' for name in names)
        return len(con.execute(f"SELECT {counts} FROM read_parquet('{path}')").fetchone())


def by_pandera(path: str) -> int:
    """The same meaning as pandera columns and vectorised pandas checks; how many failures."""
    import pandas as pd
    import pandera.errors

    from benchmarks.check_rival import schema

    frame = pd.read_parquet(path)
    try:
        schema().validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return len(errors.failure_cases)
    return 0


WAYS = {"ours": ours, "scan": scan, "pandera": by_pandera}


def measured(way: str, path: Path) -> dict[str, float]:
    """Run one way in a process of its own: seconds, CPU seconds and peak MiB."""
    command = [sys.executable, __file__, "--way", way, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_way(way: str, path: str) -> None:
    """The child's part: run and print what it cost."""
    start = time.perf_counter()
    failures = WAYS[way](path)
    seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    # ru_maxrss would be the parent's peak: it is handed on through fork and exec.
    status = dict(
        line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line
    )
    mib = int(status["VmHWM"].split()[0]) / 1024
    told = {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "mib": mib, "failures": failures}
    print(json.dumps(told))


def bulk(rows: int, folder: Path, *, with_pandera: bool) -> list[Figure]:
    path = write_events(folder / f"events_{rows}.parquet", rows, bad=0.01)
    name = f"{rows / 1e6:g} M rows"
    own, bare = measured("ours", path), measured("scan", path)
    figures = [
        Figure(
            f"check {name}: rows/s",
            rows / own["seconds"],
            "rows/s",
            f"bare scan {rows / bare['seconds']:,.0f} rows/s",
        ),
        Figure(
            f"check {name}: peak memory", own["mib"], "MiB", f"bare scan {bare['mib']:.0f} MiB", MEMORY_BUDGET
        ),
    ]
    if with_pandera:
        rival = measured("pandera", path)
        ratio = rival["seconds"] / own["seconds"]
        told = f"pandera {rows / rival['seconds']:,.0f} rows/s, {rival['mib']:,.0f} MiB"
        figures.append(
            Figure(f"check {name}: times as fast as pandera", ratio, "x", told, 4.0, at_most=False)
        )
        cpu = f"{own['cpu']:.1f} s against {rival['cpu']:.1f} s"
        figures.append(
            Figure(f"check {name}: processor time of pandera", rival["cpu"] / own["cpu"], "x", cpu)
        )
    return figures


def live() -> list[Figure]:
    """One draft: all rules, and the rules of one changed field, each after that field changed.

    The judge works in the calling thread alone, so its own time is measured: other programs on the machine do not count.
    """
    codebook = load_codebook()
    figures = []
    with RowJudge(codebook) as judge:
        rows = list(codebook.examples.values())
        times = _timed(lambda turn: judge.failures(rows[turn % len(rows)]), 300)
        figures.append(_live("one draft, all rules: p50", times, 0.5, 16.0, f"{len(codebook.rules)} rules"))
        figures.append(_live("one draft, all rules: p95", times, 0.95, None, ""))
        other = [rows[0], rows[0] | {"fatalities": 11}]
        times = _timed(lambda turn: judge.failures(other[turn % 2]), 300)
        figures.append(_live("one draft, all rules after one change: p50", times, 0.5, 16.0, ""))
        row = dict(codebook.examples["clash"])
        for column in ("event_date", "sub_event_type", "actor1", "fatalities", "notes"):
            values = [example[column] for example in rows]
            times = _timed(
                lambda turn, c=column, v=values: judge.failures(row | {c: v[turn % len(v)]}, changed={c}), 300
            )
            figures.append(_live(f"one draft, rules of {column}: p50", times, 0.5, 5.0, ""))
        times = _timed(lambda _turn: read_codebook("acled", None), 10)
        figures.append(_live("reading the codebook: p50", times, 0.5, 50.0, ""))
    return figures


def _live(name: str, times: list[float], share: float, budget: float | None, rival: str) -> Figure:
    return Figure(name, times[int(len(times) * share)], "ms", rival, budget)


def _timed(work: object, turns: int) -> list[float]:
    times = []
    for turn in range(turns):
        start = time.thread_time()
        work(turn)  # type: ignore[operator]
        times.append(1000 * (time.thread_time() - start))
    return sorted(times[turns // 10 :])


def main() -> int:
    parser = arguments("Rules over a table and over one draft")
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--file")
    given = parser.parse_args()
    if given.way:
        run_way(given.way, given.file)
        return 0
    sizes = [150_000] if given.quick else [1_000_000, 3_000_000]
    figures = live()
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            figures += bulk(rows, Path(folder), with_pandera=True)
    return report(figures, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
