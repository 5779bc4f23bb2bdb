"""Every widget with text that attacks: it is shown as written, nothing in it is obeyed, no size breaks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from textual import events
from textual.app import App, ComposeResult

from coding.candidate import Candidate
from coding.desk.candidate_list import CandidateList
from coding.desk.form.editor import FieldEditor
from coding.desk.grid_rows import ListRows
from coding.desk.plain import plain, plain_cell, plain_line
from coding.desk.typing_line import TypingLine
from data.records import ArticleSummary
from tests.desk_widgets.conftest import ArticleApp, make_article
from tests.desk_widgets.hostile import ESCAPES, HOSTILE, MARKUP, PILED
from tests.desk_widgets.screens import standing_on
from tests.desk_widgets.test_event_grid import COLUMNS, GridApp
from tests.desk_widgets.test_hostile_bytes import NEVER
from tests.desk_widgets.test_queue import QueueApp

TEXTS = [*ESCAPES, *MARKUP, PILED]
NOW = dt.datetime(2024, 12, 7, tzinfo=dt.UTC)


class HostileCandidates(App[None]):
    def compose(self) -> ComposeResult:
        yield CandidateList()

    def on_mount(self) -> None:
        shown = [Candidate("actor1", text, text, text, why=text) for text in TEXTS[:9]]
        self.query_one(CandidateList).show(shown)


def hostile_queue() -> QueueApp:
    day = dt.date(2024, 12, 6)
    rows = [
        ArticleSummary(n, text, text, day, text, text, text, "new", NOW, 0) for n, text in enumerate(TEXTS, 1)
    ]
    return QueueApp(rows)


APPS: dict[str, Callable[[], App[None]]] = {
    "article": lambda: ArticleApp(make_article(HOSTILE, title=" ".join(TEXTS), source=ESCAPES[0])),
    "candidates": HostileCandidates,
    "grid": lambda: GridApp(ListRows(COLUMNS, [(n, {"actor1": text}) for n, text in enumerate(TEXTS)])),
    "queue": hostile_queue,
}


@pytest.mark.parametrize("name", APPS)
async def test_no_control_character_is_painted_at_any_size(name: str) -> None:
    app = APPS[name]()
    async with app.run_test(size=(100, 40)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        painted = standing_on(app)
        assert "PWNED" in painted
        for size in ((1, 1), (20, 5), (3, 200), (200, 3), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            painted += standing_on(app)
        assert NEVER.findall(painted) == []


@pytest.mark.parametrize("text", TEXTS)
def test_content_keeps_length_and_brackets_of_any_text(text: str) -> None:
    for content in (plain(text).plain, plain_line(text).plain, plain_cell(text).plain):
        assert len(content) == len(text)
        assert content.count("[") == text.count("[")
        assert NEVER.search(content) is None
        content.encode("utf-8")


class LineApp(App[None]):
    def compose(self) -> ComposeResult:
        yield TypingLine()

    def on_mount(self) -> None:
        self.query_one(TypingLine).open()


async def test_what_is_pasted_into_a_line_is_made_safe() -> None:
    app = LineApp()
    async with app.run_test() as pilot:
        line = app.query_one(TypingLine)
        line.post_message(events.Paste(f"{ESCAPES[0]}\nsecond line"))
        await pilot.pause()
        assert line.value == "\ufffd]52;c;UFdORUQ=\ufffdPWNED"
        line.open(ESCAPES[13])
        assert line.value == "\ufffd2JPWNED"


class EditorApp(App[None]):
    """The form's line editor alone."""

    def compose(self) -> ComposeResult:
        yield FieldEditor(self)

    def text_changed(self, text: str) -> None:
        """Nothing follows from it here."""

    def wants_key(self, event: events.Key) -> bool:
        return False

    def text_focused(self, focused: bool) -> None:
        """Nothing follows from it here."""


@pytest.mark.parametrize("text", ESCAPES)
async def test_words_taken_into_a_field_are_painted_safely(text: str) -> None:
    app = EditorApp()
    async with app.run_test(size=(100, 3)) as pilot:
        app.query_one(FieldEditor).load(text)
        await pilot.pause()
        assert NEVER.search(standing_on(app)) is None
