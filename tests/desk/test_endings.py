"""However the desk ends, what was typed is there at the next start; kills without warning are tested in tests/ends."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.ledger import Ledger
from data.project import Project
from data.records import Draft
from tests.ends.conftest import PATIENCE_S, Terminal

pytestmark = pytest.mark.xdist_group("terminal")

Start = Callable[..., Terminal]


@pytest.fixture
def start(project: Project, tmp_path: Path) -> Iterator[Start]:
    started: list[Terminal] = []

    def begin(size: tuple[int, int] = (120, 40)) -> Terminal:
        terminal = Terminal(["code", str(project.folder), "--coder", "ann"], size=size, cwd=tmp_path)
        started.append(terminal)
        return terminal

    yield begin
    for terminal in started:
        terminal.kill()


def drafts(project: Project) -> list[Draft]:
    with Ledger.open(project) as ledger:
        return ledger.drafts("ann")


def gone(pid: int) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM"])
def test_a_signal_keeps_even_the_unfinished_field_and_ends_the_program(
    project: Project, start: Start, name: str
) -> None:
    desk = start()
    desk.wait_for("1 Thursday 5 December")
    desk.press(*"wed", "enter")
    desk.wait_for("2024-12-04", "draft kept")
    desk.press(*"armed clash")
    desk.wait_for("armed clash")
    desk.child.kill(getattr(signal, name))
    assert gone(desk.child.pid)
    (draft,) = drafts(project)
    assert str(draft.values["event_date"]) == "2024-12-04"
    assert draft.values["sub_event_type"] == "Armed clash"


def test_a_terminal_that_goes_away_ends_the_program(project: Project, start: Start) -> None:
    desk = start()
    desk.wait_for("1 Thursday 5 December")
    desk.press(*"wed", "enter")
    desk.wait_for("2024-12-04", "draft kept")
    desk.child.ptyproc.fileobj.close()
    assert gone(desk.child.pid)
    assert len(drafts(project)) == 1


def test_a_storm_of_resizes_leaves_the_form_as_it_was(project: Project, start: Start) -> None:
    desk = start()
    desk.wait_for("1 Thursday 5 December")
    desk.press(*"wed", "enter")
    for step in range(60):
        desk.child.setwinsize(step % 50, (step * 37) % 300)
    desk.child.setwinsize(40, 120)
    desk.wait_for("2024-12-04", "Sub-event type")
    desk.press("ctrl+q")
    desk.end()
    assert len(drafts(project)) == 1
