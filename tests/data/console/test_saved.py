"""Saved queries are plain files; the history remembers; an answer can be a worklist."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.console import run_sql
from data.console.saved import (
    History,
    SavedQuery,
    drop_query,
    parameters_of,
    save_query,
    saved_queries,
    saved_query,
    worklist,
)
from data.project import Project
from schema.errors import QueryError


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "project")


def test_a_saved_query_is_a_file_that_people_can_read_and_edit(empty: Project) -> None:
    sql = "SELECT event_key FROM events\nWHERE country = $country"
    query = SavedQuery("deadly in a country", sql, "Events with deaths\nin one country")
    path = save_query(empty, query)
    assert path.read_text(encoding="utf-8").startswith(
        "-- Events with deaths\n-- in one country\nSELECT event_key"
    )
    assert saved_queries(empty) == [query]
    assert saved_query(empty, query.name).parameters == ("country",)
    save_query(empty, SavedQuery(query.name, "SELECT 1"))
    assert saved_query(empty, query.name).sql == "SELECT 1"
    drop_query(empty, query.name)
    assert saved_queries(empty) == []


@pytest.mark.parametrize("name", ["", "../up", "a/b", "x" * 61, ".hidden", "a\nb"])
def test_a_name_that_would_leave_the_folder_is_refused(empty: Project, name: str) -> None:
    with pytest.raises(QueryError, match="is no name for a query"):
        save_query(empty, SavedQuery(name, "SELECT 1"))


def test_a_missing_query_is_told_with_the_ones_there_are(empty: Project) -> None:
    save_query(empty, SavedQuery("one", "SELECT 1"))
    with pytest.raises(QueryError, match="the saved ones are: one"):
        saved_query(empty, "two")


def test_parameters_stand_outside_quotes_and_comments() -> None:
    assert parameters_of("SELECT '$a', \"$b\", $c /* $d */, $c, $e_1 -- $f") == ("c", "e_1")


def test_the_history_keeps_each_question_once_across_sessions(empty: Project) -> None:
    history = History(empty, "ann/../b")
    for sql in ("SELECT 1", "  ", "FROM events", "SELECT 1"):
        history.add(sql)
    again = History(empty, "ann/../b")
    assert again.entries() == ["FROM events", "SELECT 1"]
    assert again.search("EVENTS from") == ["FROM events"]
    assert History(empty, "bob").entries() == []


def test_a_damaged_history_loses_only_the_damaged_lines(empty: Project) -> None:
    history = History(empty, "ann")
    history.add("SELECT 1")
    (path,) = empty.work_file("x").parent.glob("sql-history-*")
    path.write_text(path.read_text(encoding="utf-8") + "{broken\n3\n", encoding="utf-8")
    history.add("SELECT 2")
    assert history.entries() == ["SELECT 1", "SELECT 2"]


def test_an_answer_with_event_keys_is_a_worklist(project: Project) -> None:
    keys = worklist(
        project, "FROM events WHERE fatalities > $n ORDER BY fatalities DESC", parameters={"n": 0}
    )
    assert len(keys) == 3
    with pytest.raises(QueryError, match="needs the column event_key"):
        worklist(project, "SELECT country FROM events")


def test_what_is_no_file_among_the_queries_is_passed_over(empty: Project) -> None:
    save_query(empty, SavedQuery("one", "SELECT 1"))
    folder = empty.folder / "queries"
    (folder / "a folder.sql").mkdir()
    (folder / "nowhere.sql").symlink_to(folder / "gone")
    (folder / "myself.sql").symlink_to(folder / "myself.sql")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.sql")
    assert [query.name for query in saved_queries(empty)] == ["one"]
    with pytest.raises(QueryError, match="the saved ones are: one"):
        saved_query(empty, "a folder")


def test_a_hostile_file_among_the_queries_is_held_like_a_typed_one(project: Project) -> None:
    hostile = [
        "\x00",
        "-- d\nCOPY events TO 'x'",
        "SELECT 1;\n-- x\nDROP VIEW events",
        "SELECT '$c' || $c; --",
    ]
    for text in hostile[:3]:
        with pytest.raises(QueryError):
            run_sql(project, text)
    for value in ["x'; DROP VIEW events; --", "'||(SELECT 1)||'", "$$", "\\'", "\x00"]:
        (row,) = run_sql(project, hostile[3].rstrip("; -"), parameters={"c": value}).to_pylist()
        assert next(iter(row.values())) == f"$c{value}"
