"""The grid over a real project: what is typed, filled and pasted is validated like typing and saved event by event."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from coding.bulk_edit import BulkEdit, apply_edits
from coding.desk.event_grid import CellEdit, EventGrid
from coding.desk.grid_screen import GridScreen
from coding.desk.session_thread import SessionThread
from coding.keeping import Keeping
from coding.session import CodingSession
from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle
from tests.coding.test_session import HAMA, PUBLISHED, TEXT


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with two articles and an event of each."""
    made = Project.create(tmp_path / "syria")
    with Ledger.open(made) as ledger:
        for number in range(2):
            article = NewArticle(
                f"Report {number}", "The Paper", PUBLISHED, f"{TEXT} {number}", source_scale="National"
            )
            ledger.add_article(article)
    session = CodingSession(made, "anna", today=dt.date(2025, 1, 1))
    session.resume()
    for _ in range(2):
        for column, text in HAMA.items():
            session.type_text(column, text)
        session.judge()
        session.submit()
        session.next_article()
    session.close()
    return made


def applied(project: Project, *edits: CellEdit) -> BulkEdit:
    keeping = Keeping(project, "anna", today=dt.date(2025, 1, 1))
    try:
        return apply_edits(keeping, edits)
    finally:
        keeping.close()


def values_of(project: Project, event_key: int) -> dict[str, object]:
    with Ledger.open(project) as ledger:
        return dict(ledger.event(event_key).values)


def test_good_cells_become_one_revision_an_event(project: Project) -> None:
    edits = [
        CellEdit(1, "fatalities", "dozens"),
        CellEdit(1, "event_date", "4 dec"),
        CellEdit(2, "fatalities", "7"),
    ]
    outcome = applied(project, *edits)

    assert [(revision.event_key, revision.revision) for revision in outcome.saved] == [(1, 2), (2, 2)]
    assert outcome.refused == {}
    assert outcome.said() == "2 events saved."
    assert values_of(project, 1)["event_date"] == dt.date(2024, 12, 4)
    assert values_of(project, 2)["fatalities"] == 7


def test_a_cell_that_cannot_be_used_is_refused_and_the_event_stays(project: Project) -> None:
    before = values_of(project, 1)
    outcome = applied(project, CellEdit(1, "fatalities", "-3"), CellEdit(2, "sub_event_type", "Nonsense"))

    assert outcome.saved == ()
    assert set(outcome.refused) == {(1, "fatalities"), (2, "sub_event_type")}
    assert all(sentence.endswith(".") or sentence for sentence in outcome.refused.values())
    assert values_of(project, 1) == before


def test_a_rule_that_would_be_broken_is_told_at_its_cell(project: Project) -> None:
    outcome = applied(project, CellEdit(1, "actor2", ""), CellEdit(99, "actor1", "x"))
    assert set(outcome.refused) == {(1, "actor2"), (99, "actor1")}
    assert outcome.said() == "0 events saved, 2 cells refused."


def test_the_same_value_again_saves_nothing(project: Project) -> None:
    assert applied(project, CellEdit(1, "fatalities", "10")) == BulkEdit((), {})


class ScreenApp(App[None]):
    def __init__(self, project: Project, article_id: int | None) -> None:
        super().__init__()
        self.project = project
        self.article_id = article_id
        self.thread = SessionThread("session")
        self.keeping: Keeping | None = None
        self.opened: list[int | None] = []

    async def apply(self, edits: Sequence[CellEdit]) -> BulkEdit:
        if self.keeping is None:
            self.keeping = await self.thread.call(Keeping, self.project, "anna")
        return await self.thread.call(apply_edits, self.keeping, edits)

    def on_mount(self) -> None:
        self.push_screen(GridScreen(self.project, "anna", self.article_id, self.apply), self.opened.append)

    @property
    def grid(self) -> EventGrid:
        return self.screen.query_one(EventGrid)


async def settled(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        await asyncio.sleep(0.01)


async def test_the_articles_events_then_the_days_then_all(project: Project) -> None:
    app = ScreenApp(project, 2)
    async with app.run_test(size=(120, 24)) as pilot:
        await settled(pilot)
        assert app.grid.body.total == 1
        for total in (2, 2, 1):
            await pilot.press("t")
            await settled(pilot)
            assert app.grid.body.total == total
        await pilot.press("slash", *"homs", "enter")
        await settled(pilot)
        assert app.grid.body.total == 0
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("enter")
        assert app.opened == [2]


async def test_escape_closes_the_grid_without_opening_an_event(project: Project) -> None:
    app = ScreenApp(project, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.grid.body.total == 2
        await pilot.press("escape")
        assert app.opened == [None]


async def test_a_cell_is_typed_saved_and_shown_and_a_wrong_one_is_marked(project: Project) -> None:
    app = ScreenApp(project, 1)
    async with app.run_test(size=(120, 24)) as pilot:
        await settled(pilot)
        names = [column.name for column in app.grid.body.columns]
        app.grid.body.go(0, names.index("fatalities"))
        await pilot.press("e", "backspace", "backspace", "4", "enter")
        await settled(pilot)
        row = app.grid.current
        assert row is not None
        assert row.values[names.index("fatalities")] == 4
        await pilot.press("e", "x", "enter")
        await settled(pilot)
        assert list(app.grid.body.wrong) == [(1, "fatalities")]
        assert "1 cell refused" in str(app.screen.query_one("#grid-title").render())
        if app.keeping:
            await app.thread.call(app.keeping.close)
        app.thread.end()
