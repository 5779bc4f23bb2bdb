"""Any keys in any order: the desk never crashes, and what it shows as kept is in the ledger."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from textual.app import App

from coding.desk.desk_keys import DESK_KEYS
from data.ledger import Ledger
from data.project import Project
from tests.desk.driving import Desk, desk_on
from tests.desk.hostile import hostile_project

KEYS = (
    *(key.keys for key in DESK_KEYS if key.keys),
    *(
        "enter",
        "tab",
        "shift+tab",
        "up",
        "down",
        "left",
        "right",
        "escape",
        "home",
        "end",
        "backspace",
        "delete",
    ),
    *(
        "ctrl+home",
        "ctrl+end",
        "pageup",
        "pagedown",
        "alt+1",
        "alt+2",
        "ctrl+left",
        "ctrl+u",
        "ctrl+k",
        "ctrl+p",
    ),
    *(
        "1",
        "2",
        "3",
        "9",
        "0",
        "a",
        "h",
        "m",
        "o",
        "s",
        "t",
        "u",
        "space",
        "minus",
        "left_square_bracket",
        "n",
        "r",
    ),
)
KEYS_A_RUN = 60


@settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(KEYS), min_size=KEYS_A_RUN, max_size=KEYS_A_RUN))
def test_no_keys_crash_the_desk_or_lose_a_finished_field(keys: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(press_all(hostile_project(Path(folder) / "hostile"), keys))


async def press_all(project: Project, keys: list[str]) -> None:
    async with desk_on(project, size=(100, 30)) as desk:
        for begin in range(0, len(keys), 20):
            await desk.press(*keys[begin : begin + 20])
            assert isinstance(desk.app, App)
            what_is_touched_is_kept(desk, project)


def what_is_touched_is_kept(desk: Desk, project: Project) -> None:
    work = desk.session.work
    if not work.touched:
        return
    with Ledger.open(project) as ledger:
        kept = {draft.draft_id: draft for draft in ledger.drafts("ann")}
    draft = kept[work.state.draft_id]
    assert dict(draft.values) == dict(work.state.values)
    assert tuple(draft.evidence) == work.state.evidence
