"""Measures the store against raw DuckDB and bare SQLite: saves, five aggregates, opening, folding; `--rows 10000000`.

The project holds imported events, 5,000 of them all over it revised and folded, and 1,000 unfolded saves (900 new
events, 100 corrections of one country's events, as one day's work is); the rival is one Parquet file of exactly the
same rows, sorted. Each round runs both, so that the neighbours of the machine disturb both alike; of a query the best
round counts. Last comes what no day's work does: 1,000 unfolded corrections all over the project, and their fold.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.big_project import ideal_file, imported_project
from benchmarks.figures import Figure, arguments, report
from benchmarks.store_worker import a_row
from data.fold import fold
from data.ledger import Ledger
from data.ledger.cells import encode_row
from data.ledger.revisions import append
from data.project import Project
from data.records import Revision, Save
from data.rows import revisions_of
from data.views import connect

QUERIES = {
    "events per country-month": (
        "SELECT country, date_trunc('month', event_date) AS m, count(*), sum(fatalities) FROM {} GROUP BY ALL"
    ),
    "fatalities by actor": "SELECT actor1, sum(fatalities) AS f FROM {} GROUP BY ALL ORDER BY f DESC LIMIT 20",
    "top locations": "SELECT country, location, count(*) AS n FROM {} GROUP BY ALL ORDER BY n DESC LIMIT 20",
    "one event by id": "SELECT * FROM {} WHERE event_id_cnty = '{id}'",
    "text search in notes": "SELECT count(*) FROM {} WHERE notes LIKE '%left on motorcycles%'",
}


def correct(project: Project, where: str, count: int, number: int) -> None:
    """Correct imported events, each with one save, in one transaction for speed."""
    wanted = f"origin = 'imported' AND coder IS NULL AND fatalities > 3 AND {where}"
    with connect(project) as con:
        keys = f"SELECT event_key FROM events WHERE {wanted} ORDER BY hash(event_key, {number}) LIMIT {count}"
        table = con.sql(f"SELECT * FROM events WHERE event_key IN ({keys})").to_arrow_table()
    with Ledger.open(project) as ledger, ledger.writing() as db:
        for state in revisions_of(table, project.codebook()):
            values = {**state.values, "fatalities": state_number(state, number)}
            save = Save(
                f"correct-{number}-{state.event_key}", "ana", None, state.event_key, state.revision, values
            )
            append(db, save, state, act="save")


def state_number(state: Revision, number: int) -> int:
    """Another number of dead than before, and one that the rules allow."""
    before = state.values["fatalities"]
    assert isinstance(before, int)
    return before + number


def add(project: Project, count: int, name: str) -> None:
    """Code new events."""
    with Ledger.open(project) as ledger, ledger.writing() as db:
        for number in range(count):
            append(db, Save(f"{name}-{number}", "ana", None, None, None, a_row(number)), None, act="save")


def prepared(folder: Path, rows: int) -> tuple[Project, Path, float, float]:
    """The project, the rival file, the seconds of the import and of the fold of the revised rows."""
    started = time.perf_counter()
    project = imported_project(folder / "project", rows)
    imported_s = time.perf_counter() - started
    with connect(project) as con:
        by_size = "SELECT country FROM events GROUP BY ALL ORDER BY count(*), country LIMIT 1"
        small = con.execute(by_size).fetchall()[0][0]
    correct(project, f"country <> '{small}'", 5000, 1)
    started = time.perf_counter()
    fold(project)
    fold_s = time.perf_counter() - started
    add(project, 900, "new")
    correct(project, f"country = '{small}'", 100, 2)
    return project, ideal_file(project, folder / "raw.parquet"), imported_s, fold_s


def query_figures(
    project: Project, raw: Path, rounds: int, budget: float | None, note: str = "", *, same: bool = True
) -> list[Figure]:
    """Five aggregates, ours against the raw file, in turns; in small projects the planning outweighs the rows."""
    figures = []
    with connect(project) as ours, duckdb.connect() as rival:
        rival.execute("SET TimeZone = 'UTC'")
        imported = "FROM events WHERE origin = 'imported'"
        event_id = ours.execute(f"SELECT event_id_cnty {imported} LIMIT 1 OFFSET 4321").fetchall()[0][0]
        for name, sql in QUERIES.items():
            mine = partial(answers, ours, sql.format("events", id=event_id))
            theirs = partial(answers, rival, sql.format(f"'{raw}'", id=event_id))
            assert not same or "LIMIT" in sql or sorted(map(str, mine())) == sorted(map(str, theirs())), name
            times = in_turns({"ours": mine, "raw": theirs}, rounds, best=True)
            told = f"ours {times['ours'] * 1000:.0f} ms, raw DuckDB {times['raw'] * 1000:.0f} ms"
            ratio = times["ours"] / times["raw"]
            figures.append(Figure(f"{name}{note}: ratio to raw DuckDB", ratio, "x", told, budget=budget))
    return figures


def answers(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    """All rows of a query."""
    return list(con.execute(sql).fetchall())


def in_turns(
    acts: Mapping[str, Callable[[], object]], rounds: int, *, best: bool = False
) -> dict[str, float]:
    """The seconds of each act, run in turns in random order: the best of all rounds, or their median."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    order = list(acts)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            started = time.perf_counter()
            acts[name]()
            times[name].append(time.perf_counter() - started)
    return {name: min(found) if best else statistics.median(found) for name, found in times.items()}


def save_figures(project: Project, empty: Project, folder: Path, rounds: int) -> list[Figure]:
    """A save in the large project, in an empty one, and a bare commit of the same row, in turns."""
    bare = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    row = a_row(1)
    bare.execute(
        f"CREATE TABLE row (key INTEGER PRIMARY KEY, {', '.join(row)}, coder, saved_at, save_id UNIQUE)"
    )
    marks = ", ".join("?" for _ in range(len(row) + 4))
    count = iter(range(10**9))

    def bare_commit() -> None:
        cells = [value.isoformat() if hasattr(value, "isoformat") else value for value in row.values()]
        number = next(count)
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(f"INSERT INTO row VALUES ({marks})", (None, *cells, "ana", number, f"save-{number}"))
        bare.execute("COMMIT")

    def saving(ledger: Ledger, name: str) -> Callable[[], Revision]:
        return lambda: ledger.save(Save(f"{name}-{next(count)}", "ana", None, None, None, row))

    with Ledger.open(project) as large, Ledger.open(empty) as small:
        acts = {"bare": bare_commit, "large": saving(large, "large"), "small": saving(small, "small")}
        times = in_turns(acts, rounds)
    told = f"save {times['large'] * 1000:.2f} ms, bare SQLite FULL {times['bare'] * 1000:.2f} ms"
    return [
        Figure("save: ratio to a bare SQLite commit", times["large"] / times["bare"], "x", told, budget=2.0),
        Figure(
            "save in the large project: ratio to an empty one",
            times["large"] / times["small"],
            "x",
            budget=1.5,
        ),
        Figure("bytes of a row as kept", float(len(encode_row(row))), "bytes"),
    ]


def open_figures(project: Project, empty: Project, rounds: int) -> list[Figure]:
    """Opening for work, and opening for SQL up to the first small answer."""

    def work(which: Project) -> Callable[[], None]:
        def act() -> None:
            with Ledger.open(Project.open(which.folder)) as ledger:
                ledger.articles(limit=50)

        return act

    def sql(which: Project) -> Callable[[], None]:
        def act() -> None:
            with connect(Project.open(which.folder)) as con:
                con.execute("SELECT 1 FROM events LIMIT 0").fetchall()

        return act

    fold(empty)
    fold(project)
    works = in_turns({"large": work(project), "empty": work(empty)}, rounds, best=True)
    queries = in_turns({"large": sql(project), "empty": sql(empty)}, rounds, best=True)
    told = [
        f"{times['large'] * 1000:.1f} ms, empty {times['empty'] * 1000:.1f} ms" for times in (works, queries)
    ]
    return [
        Figure(
            "opening the ledger: ratio to an empty one",
            works["large"] / works["empty"],
            "x",
            told[0],
            budget=1.5,
        ),
        Figure(
            "opening for SQL: ratio to an empty one",
            queries["large"] / queries["empty"],
            "x",
            told[1],
            budget=1.5,
        ),
    ]


def a_days_work(project: Project) -> None:
    """900 new events and 100 corrections in one country."""
    add(project, 900, "folded")
    with connect(project) as con:
        by_size = "SELECT country FROM events GROUP BY ALL ORDER BY count(*) LIMIT 1 OFFSET 2"
        country = con.execute(by_size).fetchall()[0][0]
    correct(project, f"country = '{country}'", 100, 3)


def fold_figures(project: Project, what: str) -> list[Figure]:
    """A fold of the 1,000 unfolded rows in a process of its own: seconds, memory, parts."""
    before = len(list(project.events_folder.glob("*.parquet")))
    program = (
        "import sys, time; from data.fold import fold; from data.project import Project; "
        "project = Project.open(sys.argv[1]); started = time.perf_counter(); found = fold(project); "
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM')); "
        "print(time.perf_counter() - started, int(peak.split()[1]) / 1024, found.parts)"
    )
    root = str(Path(__file__).resolve().parent.parent)
    done = subprocess.run(
        [sys.executable, "-c", program, str(project.folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
    )
    seconds, memory, parts = map(float, done.stdout.split())
    return [
        Figure(f"fold of {what}", seconds, "s", f"{parts:.0f} of {before} parts and history written"),
        Figure(f"fold of {what}: memory", memory, "MiB", budget=1000),
    ]


def main() -> int:
    """Prepare, measure, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--folder", type=Path, help="where to make the project; a temporary folder by default"
    )
    options = parser.parse_args()
    rows, rounds = (100_000, 15) if options.quick else (options.rows, 9)
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        project, raw, imported_s, fold_s = prepared(folder, rows)
        empty = Project.create(folder / "empty")
        budget = None if rows < 5_000_000 else 1.1
        figures = [
            Figure("events in the project", rows, "rows"),
            Figure("making and importing them", rows / imported_s, "rows/s"),
            Figure("fold of 5,000 corrections all over it", fold_s, "s"),
            *query_figures(project, raw, rounds, budget),
            *save_figures(project, empty, folder, 300),
            *open_figures(project, empty, rounds),
        ]
        a_days_work(project)
        figures += fold_figures(project, "a day's work of 1,000 rows")
        correct(project, "true", 1000, 4)
        figures += [
            *query_figures(project, raw, rounds, None, ", 1,000 corrections all over", same=False),
            *fold_figures(project, "1,000 corrections all over"),
            Figure(
                "memory of this benchmark", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB"
            ),
        ]
    return report(figures, as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
