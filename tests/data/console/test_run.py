"""What an answer is, what an unanswerable query says, and how a query is ended."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from data.console import Limits, Query, ask, landlock, run_sql
from schema.errors import QueryError

if TYPE_CHECKING:
    from data.project import Project


def test_an_aggregate_is_answered_as_an_arrow_table(project: Project) -> None:
    table = run_sql(
        project,
        "SELECT country, count(*) AS n, sum(fatalities) AS dead FROM events GROUP BY ALL ORDER BY n DESC, 1",
    )
    assert isinstance(table, pa.Table)
    assert table.to_pydict() == {"country": ["Syria", "Kenya", "Iraq"], "n": [7, 4, 1], "dead": [20, 0, 0]}


def test_a_dataset_with_landlock_in_the_kernel_is_read_confined(project: Project) -> None:
    assert ask(project, "SELECT 1").confined is (landlock.abi() > 0)


def test_rows_past_the_limit_are_cut_and_said_to_be(project: Project) -> None:
    answer = ask(project, "SELECT * FROM range(100000)", Limits(rows=10))
    assert answer.table.num_rows == 10
    assert answer.truncated
    assert not ask(project, "SELECT * FROM range(10)", Limits(rows=10)).truncated


def test_parameters_are_values_never_text_of_the_query(project: Project) -> None:
    table = run_sql(
        project, "SELECT count(*) AS n FROM events WHERE country = $country", parameters={"country": "Kenya"}
    )
    assert table.to_pylist() == [{"n": 4}]
    hostile = {"country": "x' OR '1'='1"}
    assert run_sql(
        project, "SELECT count(*) AS n FROM events WHERE country = $country", parameters=hostile
    ).to_pylist() == [{"n": 0}]
    with pytest.raises(QueryError, match=r"value of \$country"):
        run_sql(project, "SELECT $country")


def test_columns_of_one_name_in_any_case_are_told_apart(project: Project) -> None:
    assert run_sql(project, "SELECT 1 AS a, 2 AS A, 3 AS a_1").column_names == ["a", "A_2", "a_1"]


def test_the_words_for_actors_and_places_work_in_a_query(project: Project) -> None:
    counted = (
        "count(*) FILTER (involves('Women (Syria)')) AS w, count(*) FILTER (km_to(35.13, 36.75) < 30) AS near"
    )
    asked = f"SELECT {counted} FROM events"
    assert run_sql(project, asked).to_pylist() == [{"w": 2, "near": 6}]


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("SELECT contry FROM events", "There is no column 'contry'; did you mean 'country'"),
        ("SELECT * FROM event", "There is no table 'event'; did you mean 'events'"),
        ("SELECT * FROM '/etc/passwd'", "the console reads no files"),
        ("SELECT nosuch(1)", "There is no function nosuch()"),
        ("SELECT * FRM events", "syntax error at or near"),
        ("SELECT 1 +", "cannot be read"),
        ("", "The query is empty"),
        ("SELECT 1; SELECT 2", "one question at a time"),
        ("DROP VIEW events", "DROP is not a question"),
        ("SELECT 'x'::INTEGER", "'x' is no whole number"),
        ("SELECT 1; COPY events TO 'x'", "one question at a time"),
        ("-- nothing", "The query is empty"),
        ("SELECT " + "(" * 10_000 + "1" + ")" * 10_000, "nested too deeply"),
        ("x" * 1_000_000, "cannot be read"),
        ("/*" * 1_000_000, "cannot be read"),
        ("SELECT error(repeat('x', 100000))", "cannot be answered: xxx"),
        ("SELECT error('a' || chr(10) || 'b')", "cannot be answered: a."),
        ("SELECT COLUMNS(lambda c: c LIKE '%file%') FROM events", "cannot be answered"),
        (f'SELECT "{"x" * 100_000}" FROM events', "There is no column 'xxx"),
        ("PIVOT events ON country", "PIVOT needs its values named"),
    ],
)
def test_what_cannot_be_answered_gets_one_sentence(project: Project, sql: str, sentence: str) -> None:
    with pytest.raises(QueryError) as refusal:
        run_sql(project, sql)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_a_query_that_takes_too_long_is_ended_and_says_so(project: Project) -> None:
    with pytest.raises(QueryError, match=r"longer than 0\.3 s"):
        run_sql(project, "SELECT levenshtein(repeat('ab', 60000), repeat('ba', 60000))", timeout_s=0.3)


def test_a_query_can_be_cancelled_from_another_thread(project: Project) -> None:
    with Query() as query:
        threading.Timer(0.8, query.cancel).start()
        with pytest.raises(QueryError, match="cancelled"):
            query.ask(project, "SELECT list_sort(list(random())) FROM range(60000000)", Limits(seconds=60))


def test_no_process_is_left_behind(project: Project) -> None:
    query = Query()
    child = query._child.pid
    query.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_the_environment_of_the_caller_does_not_reach_the_child(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENTCODER_SECRET", "canary")
    with Query() as query:
        deadline = time.monotonic() + 10
        environment = b""
        while b"LC_ALL" not in environment and time.monotonic() < deadline:
            environment = Path(f"/proc/{query._child.pid}/environ").read_bytes()
        assert b"LC_ALL" in environment
        assert b"canary" not in environment


def test_an_answer_keeps_its_types(project: Project) -> None:
    schema = run_sql(project, "SELECT event_date, latitude, fatalities, notes FROM events").schema
    assert pa.types.is_date(schema.field("event_date").type)
    assert pa.types.is_floating(schema.field("latitude").type)
    assert pa.types.is_integer(schema.field("fatalities").type)


TABLES = ["events", "codings", "evidence", "articles", "actors", "places", "revisions"]
READY = ["event_actors", "event_groups", "country_months", "actor_pairs"]


@pytest.mark.parametrize("name", [*TABLES, *READY])
def test_every_table_is_answered_from_the_confined_process(project: Project, name: str) -> None:
    (counted,) = run_sql(project, f"SELECT count(*) AS n FROM {name}").to_pylist()
    assert counted["n"] > 0 or name == "places"
    assert run_sql(project, f"DESCRIBE {name}").num_rows > 1
