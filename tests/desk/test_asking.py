"""Asking with SQL from the desk: the answer's events open one after the other."""

from __future__ import annotations

import asyncio

from coding.desk.sql_editor import SqlEditor
from coding.desk.sql_screen import SqlScreen
from data.project import Project
from tests.desk.driving import desk_on
from tests.desk_widgets.test_grid_screen import project as two_events

project = two_events
"""A project with two articles and an event of each."""


async def test_the_events_of_an_answer_open_one_after_the_other(project: Project) -> None:
    async with desk_on(project, coder="anna") as desk:
        await desk.screen.run_action("ask_sql")
        await desk.pilot.pause()
        screen = desk.app.screen
        assert isinstance(screen, SqlScreen)
        screen.query_one(SqlEditor).text = "SELECT event_key FROM events ORDER BY event_key"
        await desk.pilot.press("f5")
        for _ in range(600):
            await desk.pilot.pause()
            if screen._answer is not None:
                break
            await asyncio.sleep(0.05)
        await desk.press("f7")
        assert desk.session.work.state.event_key == 1
        await desk.screen.run_action("next_asked")
        await desk.pilot.pause()
        assert desk.session.work.state.event_key == 2
        await desk.screen.run_action("next_asked")
        await desk.pilot.pause()
        assert "No event of an answer is left" in desk.text
