"""What the desk looks like: written with one version of Textual, compared with that version only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.metadata import version

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from coding.desk.app import EventcoderApp
from coding.desk.replay import settled
from data.project import Project
from tests.desk.driving import NAMES

WRITTEN_WITH = "8.2.8"
pytestmark = [
    pytest.mark.skipif(
        version("textual") != WRITTEN_WITH, reason=f"the pictures were taken with Textual {WRITTEN_WITH}"
    ),
    pytest.mark.xdist_group("snapshots"),
]

SnapCompare = Callable[..., bool]

STORIES = {
    "a_new_article_is_read_first": ((80, 24), ""),
    "the_form_with_its_first_list": ((80, 24), "f2"),
    "what_is_wrong_stands_beside_its_field": ((80, 24), "f2 t h u enter a r m e d enter ctrl+s escape"),
    "the_help": ((80, 24), "f1"),
    "the_events_of_the_article": ((80, 24), "f2 t h u enter f3 f9"),
    "typing_an_actor": ((120, 40), "t h u enter o v e r t enter h t"),
    "an_event_filled_in": (
        (120, 40),
        "t h u enter o v e r t enter h t s enter m i l space s y r enter h a m a enter 1 0 enter",
    ),
    "the_list_of_an_empty_field": ((120, 40), "t h u enter a i r enter h t s enter"),
    "a_total_of_dead_is_split": (
        (80, 24),
        (
            "f2 t h u enter o v e r t enter h t s enter m i l space s y r enter h a m a enter 1 0 ctrl+s "
            "- 2 enter a r m e d enter ctrl+p s p l i t space d enter 5"
        ),
    ),
    "a_wide_screen": ((200, 60), "t h u enter ctrl+g"),
}


@pytest.mark.parametrize("story", STORIES)
def test_the_desk_looks_as_it_did(snap_compare: SnapCompare, project: Project, story: str) -> None:
    size, keys = STORIES[story]

    async def play(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, EventcoderApp)
        await settled(app)
        await pilot.press(*(NAMES.get(key, key) for key in keys.split()))
        await settled(app)
        await pilot.pause()
        for line in app.screen.query(Input):
            line.cursor_blink = False
        await pilot.pause()

    app: App[None] = EventcoderApp(project, "ann")
    before: Callable[[Pilot[None]], Awaitable[None]] = play
    assert snap_compare(app, terminal_size=size, run_before=before)
