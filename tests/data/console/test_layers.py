"""Each layer alone holds: the parse-tree filter without a process, and the process without the filter."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from data.console import landlock
from data.console.gate import admit
from schema.errors import QueryError
from tests.data.console.attempts import ESCAPES, READ_A_FILE, WRITE_A_FILE
from tests.data.handover import made_project

if TYPE_CHECKING:
    from data.project import Project

_ROOT = Path(__file__).resolve().parents[3]

UNFILTERED = """
import json, sys
sys.path.insert(0, sys.argv[1])
asked = json.loads(sys.stdin.readline())
from pathlib import Path
import duckdb
from data import views
from data.console import landlock, worker
from data.console.limits import Limits
from data.project import Project
from data.snapshot import snapshot as take_snapshot
project = Project.open(asked["folder"])
snapshot = take_snapshot(project)
if asked["landlock"]:
    held = landlock.confine([*landlock.interpreter_paths(), *landlock.dataset_paths(project), Path(sys.argv[1])])
    assert held
if asked["locks"]:
    con = worker.locked_connection(project, snapshot, Limits(seconds=2))
else:
    con = views.connect(project, snapshot=snapshot)
outcomes = {}
for name, sql in asked["attempts"].items():
    try:
        outcomes[name] = str(con.execute(sql).fetchall())
    except Exception as error:
        outcomes[name] = "refused"
print(json.dumps(outcomes))
"""


def _outcomes(project: Project, attempts: dict[str, str], *, landlock: bool, locks: bool) -> dict[str, Any]:
    asked = {"folder": str(project.folder), "attempts": attempts, "landlock": landlock, "locks": locks}
    done = subprocess.run(
        [sys.executable, "-I", "-c", UNFILTERED, str(_ROOT)],
        input=json.dumps(asked) + "\n",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _files(folder: Path) -> list[Path]:
    """Every file but the scratch ones of running programs."""
    scratch = (".sqlite-wal", ".sqlite-shm")
    return sorted(
        path for path in folder.rglob("*") if ".work" not in path.parts and path.suffix not in scratch
    )


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """As in conftest, but one for each test: here attempts are really run."""
    (tmp_path / "secret.txt").write_text("canary-4711\n")
    return tmp_path


@pytest.fixture
def project(outside: Path) -> Project:
    return made_project(outside / "project")


@pytest.fixture
def spelled(outside: Path, project: Project) -> dict[str, str]:
    places = {
        "secret": outside / "secret.txt",
        "out": outside / "written",
        "folder": outside,
        "events": project.events_folder,
        "project": project.folder,
    }
    attempts = {**READ_A_FILE, **WRITE_A_FILE}
    del attempts["log to a file"]  # refused by the kernel too, and DuckDB ends the whole process over it
    return {name: sql.format(**places) for name, sql in attempts.items()}


@pytest.mark.parametrize("name", ESCAPES)
def test_the_filter_alone_refuses_every_way_out(name: str) -> None:
    sql = ESCAPES[name].replace("{{", "{").replace("}}", "}")
    if name in ("tells: unknown column",):
        return
    with duckdb.connect() as con, pytest.raises(QueryError):
        admit(con, sql, tables=["events"])


@pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")
def test_landlock_alone_keeps_files_from_being_read_or_written(
    outside: Path, project: Project, spelled: dict[str, str]
) -> None:
    before = _files(outside)
    outcomes = _outcomes(project, spelled, landlock=True, locks=False)
    assert not [name for name, outcome in outcomes.items() if "canary" in outcome or "root:" in outcome]
    assert _files(outside) == before


def test_the_locks_alone_keep_files_from_being_read(
    outside: Path, project: Project, spelled: dict[str, str]
) -> None:
    outcomes = _outcomes(project, spelled, landlock=False, locks=True)
    assert not [name for name, outcome in outcomes.items() if "canary" in outcome or "root:" in outcome]
    assert not (outside / "written").exists()


def test_what_only_reads_the_tables_is_admitted() -> None:
    questions = [
        "SELECT * FROM events",
        "FROM events SELECT country, count(*) GROUP BY ALL;",
        "WITH t AS (SELECT 1 x) SELECT * FROM t",
        "WITH RECURSIVE t AS (SELECT 1 x UNION ALL SELECT x + 1 FROM t WHERE x < 5) SELECT * FROM t",
        "SELECT * FROM main.events e JOIN range(3) r ON true",
        "DESCRIBE events",
        "SUMMARIZE events",
        "SHOW TABLES",
        "SHOW events",
        "WITH events AS (FROM events WHERE country = 'Syria'), ünï_2 AS (FROM events) FROM ünï_2",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "SELECT * FROM information_schema.columns",
        "PIVOT events ON event_type IN ('Battles') USING count(*)",
        "SELECT list_transform([1, 2], lambda x: x + 1), $country",
        "VALUES (1), (2)",
        "SELECT count(*) OVER (PARTITION BY country) FROM events QUALIFY row_number() OVER () < 3",
        "SELECT 1 UNION ALL SELECT 2 EXCEPT SELECT 3",
    ]
    with duckdb.connect() as con:
        con.execute("CREATE TABLE events (country VARCHAR, event_type VARCHAR)")
        for question in questions:
            assert admit(con, question, tables=["events"]).text


def test_a_later_duckdb_with_new_kinds_of_nodes_is_refused_until_looked_at() -> None:
    from data.console import gate

    with pytest.raises(QueryError, match="only reads"):
        gate._admit_node({"type": "TELEPORT_NODE"}, known=(), tables=())
    with pytest.raises(QueryError, match="does not run"):
        gate._admit_node({"type": "X", "class": "TELEPORT"}, known=(), tables=())
    with pytest.raises(QueryError, match="does not know"):
        gate._admit_node({"type": "TELEPORT", "alias": "", "sample": None}, known=(), tables=())


def test_words_are_spelled_out_where_the_parser_found_them() -> None:
    with duckdb.connect() as con:
        asked = "SELECT 'involves(', 'ü' AS ünï FROM events WHERE Involves ( 'ë' ) AND km_to(1, 2) < 3"
        assert admit(con, asked, tables=["events"]).text == (
            "SELECT 'involves(', 'ü' AS ünï FROM events WHERE _involves(actor1, assoc_actor_1, actor2, assoc_actor_2,  'ë' )"
            " AND _km_to(latitude, longitude, 1, 2) < 3"
        )


def test_a_word_in_quotes_is_left_alone() -> None:
    with duckdb.connect() as con:
        asked = "SELECT \"involves\"('x') FROM events"
        assert admit(con, asked, tables=["events"]).text == asked
