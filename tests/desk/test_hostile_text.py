"""Nothing an article, a source or a typed value holds drives the terminal or the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.driving import desk_on
from tests.desk.hostile import HOSTILE, MARKUP, ORDERS, hostile_project
from tests.ends.conftest import Terminal

SCREENS = (
    ["f2"],
    ["f9", "escape"],
    ["f1", "escape"],
    ["ctrl+o", "escape"],
    ["f12", "escape"],
    ["f4"],
    ["ctrl+p", "escape"],
)


@pytest.mark.xdist_group("terminal")
def test_no_control_sequence_from_data_reaches_the_terminal_on_any_screen(tmp_path: Path) -> None:
    project = hostile_project(tmp_path / "hostile")
    terminal = Terminal(
        ["code", str(project.folder), "--coder", "a\x1b]0;PWNED\x07"], size=(120, 40), cwd=tmp_path
    )
    try:
        terminal.wait_for("article 1 of 3", "Sub-event type")
        terminal.press(*"thu", "enter")
        for keys in SCREENS:
            for key in keys:
                terminal.press(key if key != "f12" else "\x1b[24~")
                terminal.read(0.3)
        terminal.press("ctrl+q")
        terminal.end()
    finally:
        terminal.kill()
    own = terminal.raw
    for order in ORDERS:
        if order not in {"\x1b[2J", "\x1b[?1049l", "\x0e"}:  # what a terminal program sends itself
            assert order not in own, repr(order)
    assert "PWNED\x07" not in own
    assert "\x1b]0;" not in own.replace("\x1b]0;eventcoder", "")


async def test_markup_is_shown_as_it_was_written(tmp_path: Path) -> None:
    project = hostile_project(tmp_path / "hostile")
    async with desk_on(project, size=(200, 60)) as desk:
        for words in " ".join(MARKUP).split():
            assert words in desk.text
        await desk.type("[", "tab")
        assert "[" in desk.text


async def test_a_hostile_value_that_is_pasted_stays_text(tmp_path: Path) -> None:
    from textual.events import Paste

    project = hostile_project(tmp_path / "hostile")
    async with desk_on(project) as desk:
        desk.screen.form.go_to("actor1")
        desk.screen.form.editor.post_message(Paste(f"HTS {HOSTILE}\nsecond line"))
        await desk.pilot.pause()
        await desk.press("escape", "enter")
        value = str(desk.row["actor1"])
        assert "second line" in value
        assert not set(value) & set("\x1b\x9b\x9d\u202e\n")
