"""The desk killed without warning in the middle of typing: every finished field is there at the next start."""

import shutil
import signal

import pytest

from coding.demo import demo_project
from data.ledger import Ledger
from data.project import Project

pytestmark = pytest.mark.xdist_group("terminal")

STEPS = [
    ("thu", "Thursday 5 December 2024", "event_date", "Date"),
    ("overt", "1 Non-state actor overtakes", "sub_event_type", "Sub-event type"),
    ("hts", "1 HTS: Hayat Tahrir al Sham", "actor1", "Actor 1"),
    ("mil syr", "1 Military Forces of Syria", "actor2", "Actor 2"),
    ("hama", "1 Hama", "location", "Location"),
]
EXPECTED = {
    "event_date": "2024-12-05",
    "sub_event_type": "Non-state actor overtakes territory",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "actor2": "Military Forces of Syria (2000-2024)",
    "location": "Hama",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """One demo project, copied for every kill."""
    return demo_project(tmp_path_factory.mktemp("demo") / "demo").folder


@pytest.mark.parametrize("moment", range(10))
def test_a_killed_desk_has_kept_every_finished_field(open_terminal, demo, tmp_path, moment):
    """Moments 0 to 9: after as many halves of a field, so in the middle of a word and right after its Enter."""
    folder = tmp_path / "demo"
    shutil.copytree(demo, folder)
    terminal = open_terminal("code", str(folder), "--coder", "maria")
    terminal.wait_for("article 1 of 5", "Date *")
    finished, half = divmod(moment, 2)
    for typed, offered, _, label in STEPS[:finished]:
        terminal.press(*typed)
        terminal.wait_for(offered)
        terminal.press("enter")
        terminal.wait_for(f"draft kept: {label}")
    typed = STEPS[finished][0]
    terminal.press(*typed[: 1 + half])

    terminal.child.kill(signal.SIGKILL)
    terminal.child.wait()

    with Ledger.open(Project.open(folder)) as ledger:
        kept = {name: str(value) for draft in ledger.drafts() for name, value in draft.values.items()}
    wanted = {name: EXPECTED[name] for _, _, name, _ in STEPS[:finished]}
    assert {name: kept.get(name) for name in wanted} == wanted
    if wanted:
        again = open_terminal("code", str(folder), "--coder", "maria")
        again.wait_for("article 1 of 5", *[value[:30] for value in wanted.values()])
