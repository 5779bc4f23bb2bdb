"""The SQL screen: a query is typed, completed, run, charted, stopped, kept and written, all from the keyboard."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from coding.desk.answer_rows import AnswerRows
from coding.desk.event_grid import EventGrid
from coding.desk.grid_rows import Condition, Order
from coding.desk.sql_editor import SqlEditor
from coding.desk.sql_screen import SqlScreen
from data.console import run_sql
from data.console.saved import History, saved_queries
from data.project import Project
from data.records import FIRST_IMPORTED_KEY
from tests.data.handover import made_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return made_project(tmp_path_factory.mktemp("sql-screen") / "project")


class AskApp(App[None]):
    """One SQL screen, and what it gave back."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.project = project
        self.given: list[list[int] | None] = []

    def on_mount(self) -> None:
        self.push_screen(SqlScreen(self.project, "ann"), self.given.append)


async def until(pilot: Pilot[None], fact: Callable[[], bool]) -> None:
    """Wait for a condition, whatever the machine's load."""
    for _ in range(600):
        await pilot.pause()
        if fact():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the screen did not get there")


def state(app: AskApp) -> str:
    return str(app.screen.query_one("#sql-state", Static).content)


def editor(app: AskApp) -> SqlEditor:
    return app.screen.query_one(SqlEditor)


def total(app: AskApp) -> int:
    return app.screen.query_one(EventGrid).body.total


async def test_an_answer_stands_in_the_grid_and_as_a_chart(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(100, 32)) as pilot:
        editor(app).text = "SELECT country, count(*) AS n FROM events GROUP BY ALL ORDER BY n DESC"
        await pilot.press("f5")
        await until(pilot, lambda: "3 rows" in state(app) and total(app) == 3)
        await pilot.press("f4")
        assert "Syria" in str(app.screen.query_one("#sql-chart", Static).content)
        await pilot.press("f4", "f6")
        assert app.screen.query_one(EventGrid).body.has_focus
        await pilot.press("f6")
        assert editor(app).has_focus
    assert History(project, "ann").entries()[-1].startswith("SELECT country")


async def test_one_answer_has_a_map_a_chart_and_its_rows_again(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(100, 32)) as pilot:
        editor(app).text = "SELECT longitude, latitude, country, year, count(*) AS n FROM events GROUP BY ALL"
        await pilot.press("f5")
        await until(pilot, lambda: "rows in" in state(app))
        shown = []
        for _ in range(2):
            await pilot.press("f4")
            assert app.screen.has_class("-chart")
            shown.append(str(app.screen.query_one("#sql-chart", Static).content))
        assert "Number by place" in shown[0]
        assert "Natural Earth" in shown[0]
        assert "Number by longitude, latitude, country and year" in shown[1]
        assert "one scale for all" in shown[1]
        await pilot.press("f4")
        assert not app.screen.has_class("-chart")
        await pilot.press("f9")
        await until(pilot, lambda: "How DuckDB would answer" in state(app))
        await pilot.press("f6")
        assert app.focused is not None
        assert app.focused.id == "sql-picture"


async def test_a_kept_query_is_not_replaced_unasked(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(100, 30)) as pilot:
        for text, answer in (
            ("SELECT 1 AS kept", None),
            ("SELECT 2 AS kept", "2"),
            ("SELECT 3 AS kept", "1"),
        ):
            editor(app).text = text
            await pilot.press("f2")
            await until(pilot, lambda: isinstance(app.focused, Input))
            await pilot.press(*"mine", "enter")
            if answer is not None:
                await until(pilot, lambda: isinstance(app.focused, OptionList))
                await pilot.press(answer)
            await until(
                pilot, lambda answer=answer: ("left as it was" if answer == "2" else "Kept in") in state(app)
            )  # type: ignore[misc]
            kept = {query.name: query.sql for query in saved_queries(project)}
            assert kept["mine"] == ("SELECT 3 AS kept" if answer == "1" else "SELECT 1 AS kept")


async def test_a_mistake_is_told_in_a_sentence_and_writing_is_refused(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(80, 24)) as pilot:
        for sql, sentence in (
            ("SELECT contry FROM events", "did you mean 'country'"),
            ("DELETE FROM events", "is not a question"),
        ):
            editor(app).text = sql
            await pilot.press("f5")
            await until(pilot, lambda sentence=sentence: sentence in state(app))  # type: ignore[misc]


async def test_tab_takes_the_proposed_word(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(editor(app).known.columns))
        editor(app).text = ""
        await pilot.press(*"FROM ev", "tab")
        assert editor(app).text == "FROM events"
        await pilot.press(*" WHERE sub_event_type = 'armed", "tab")
        assert editor(app).text.endswith("sub_event_type = 'Armed clash'")


async def test_escape_stops_a_running_query_and_then_leaves(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(80, 24)) as pilot:
        editor(app).text = "SELECT list_sort(list(random())) FROM range(90000000)"
        await pilot.press("f5")
        await until(pilot, lambda: "Running" in state(app) and app.screen._query is not None)  # type: ignore[attr-defined]
        await pilot.press("escape")
        await until(pilot, lambda: "cancelled" in state(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.given == [None])


async def test_parameters_are_asked_for_and_the_events_open_as_a_worklist(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(80, 24)) as pilot:
        editor(
            app
        ).text = "FROM events WHERE country = $country AND fatalities >= $n ORDER BY fatalities DESC"
        await pilot.press("f5")
        for typed in ("Syria", "3"):
            await until(pilot, lambda: isinstance(app.focused, Input))
            await pilot.press(*typed, "enter")
            await pilot.pause()
        await until(pilot, lambda: "3 rows" in state(app))
        await pilot.press("f7")
        await until(pilot, lambda: bool(app.given))
    assert app.given[0] is not None
    assert len(app.given[0]) == 3


async def test_a_query_is_kept_and_its_answer_written(project: Project, tmp_path: Path) -> None:
    app = AskApp(project)
    async with app.run_test(size=(100, 30)) as pilot:
        editor(app).text = "SELECT country FROM events"
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.focused, Input))
        await pilot.press(*"countries", "enter")
        await until(pilot, lambda: "Kept in" in state(app))
        await pilot.press("f5")
        await until(pilot, lambda: "12 rows" in state(app))
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(app.focused, Input))
        app.focused.value = str(tmp_path / "answer.csv")  # type: ignore[union-attr]
        await pilot.press("enter")
        await until(pilot, lambda: "written to" in state(app))
    assert "countries" in [query.name for query in saved_queries(project)]
    with (tmp_path / "answer.csv").open(encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == 13


def test_an_answer_is_sorted_and_filtered_page_by_page(project: Project) -> None:
    rows = AnswerRows(run_sql(project, "SELECT event_key, country, fatalities, event_date FROM events"))
    assert rows.count(()) == 12
    deadliest = rows.page(0, 2, Order("fatalities", descending=True), ())
    assert [row.values[2] for row in deadliest] == [12, 5]
    assert rows.count((Condition("country", "=", "kenya"),)) == 4
    assert rows.count((Condition("fatalities", ">=", "5"),)) == 2
    assert rows.count((Condition(None, ":", "2024-12"),)) == 7
    assert rows.count((Condition("event_date", ">=", "2024-12-09"),)) == 5
    assert rows.count((Condition("event_date", "<=", "2023-12-31"),)) == 1
    kept = rows.page(0, 9, Order("country"), (Condition("fatalities", ">", "2"),))
    assert [row.values[2] for row in kept] == [3, 12, 5]
    assert rows.count((Condition("country", "!=", "Syria"), Condition(None, "-", "iraq"))) == 4


def test_two_columns_of_one_name_are_both_there(project: Project) -> None:
    answer = run_sql(project, "SELECT country, fatalities AS country, 1 AS country_1 FROM events LIMIT 1")
    assert answer.column_names == ["country", "country_2", "country_1"]
    assert len(AnswerRows(answer).page(0, 1, None, ())[0].values) == 3


async def test_run_takes_the_keys_with_it_that_came_just_before(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SqlScreen) and editor(app).has_focus)
        editor(app).text = "SELECT 1 AS n"
        editor(app).move_cursor(editor(app).document.end)
        for key in (*"234", "f5"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: "1 row" in state(app))
        assert History(project, "ann").entries()[-1] == "SELECT 1 AS n234"


async def test_imported_events_are_not_opened_and_that_is_told(project: Project) -> None:
    app = AskApp(project)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, SqlScreen) and editor(app).has_focus)
        editor(app).text = f"SELECT {FIRST_IMPORTED_KEY} + 3 AS event_key"
        await pilot.press("f5")
        await until(pilot, lambda: "1 row" in state(app))
        await pilot.press("f7")
        assert "imported events have no article" in state(app)
        editor(app).text = f"SELECT unnest([1, {FIRST_IMPORTED_KEY}]) AS event_key"
        await pilot.press("f5")
        await until(pilot, lambda: "2 rows" in state(app))
        await pilot.press("f7")
        await until(pilot, lambda: app.given == [[1]])
