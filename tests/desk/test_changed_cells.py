"""The desk looks the same on a terminal that gets the changed cells only, for a part of the bytes."""

from __future__ import annotations

import asyncio

import pyte
import pytest
from rich.console import Console
from textual import events
from textual.driver import Driver
from textual.geometry import Size

from coding.desk.app import EventcoderApp
from coding.desk.changed_cells import OnlyChanged
from coding.desk.replay import settled
from data.project import Project

KEYS = [
    *"thu", "enter", *"overt", "enter", *"hts", "enter", *"mil", "space", *"syr", "enter", *"hama", "enter", *"10",
    "ctrl+s", "f1", "down", "escape", "f12", "escape", "f9", "escape", "ctrl+o", "down", "escape", "ctrl+p", "escape",
    "f2", "w", "w", "pagedown", "slash", *"hama", "enter", "f2", "f3", *"fri", "escape", "ctrl+z", "f8", "f6", "f6", "f7",
]  # fmt: skip


class _Output(Driver):
    """A driver that makes the desk draw, and writes nowhere."""

    is_headless = False  # type: ignore[assignment]

    def write(self, data: str) -> None:
        """Nobody reads."""

    def start_application_mode(self) -> None:
        size = Size(*(self._size or (80, 24)))
        asyncio.get_running_loop().create_task(self._app._post_message(events.Resize(size, size)))

    def disable_input(self) -> None:
        """There is none."""

    def stop_application_mode(self) -> None:
        """There is no terminal."""


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_both_terminals_show_the_same(
    project: Project, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    whole, thin = pyte.Screen(*size), pyte.Screen(*size)
    streams = pyte.Stream(whole), pyte.Stream(thin)
    sent = [0, 0]
    unlike: list[str] = []
    only_changed = OnlyChanged.render_segments

    def both(self: OnlyChanged, console: Console) -> str:
        frames = self._update.render_segments(console), only_changed(self, console)
        for place, frame in enumerate(frames):
            streams[place].feed(frame)
            sent[place] += len(frame)
        unlike.extend(
            f"row {y}: {whole.display[y]!r} {thin.display[y]!r}"
            for y in range(size[1])
            if any(whole.buffer[y][x] != thin.buffer[y][x] for x in range(size[0]))
        )
        return frames[1]

    monkeypatch.setattr(OnlyChanged, "render_segments", both)
    app = EventcoderApp(project, "ann")
    app.driver_class = _Output
    running = asyncio.create_task(app.run_async(size=size, mouse=False))
    while not sent[0]:
        await asyncio.sleep(0.01)
    await settled(app)
    for key in KEYS:
        app.post_message(events.Key(key, " " if key == "space" else key if len(key) == 1 else None))
        await asyncio.sleep(0.02)
        await settled(app)
    thrift = sent[1] / sent[0]
    sent[:] = [0, 0]
    app._paint_again()
    await asyncio.sleep(0.2)
    again = list(sent)
    sent[:] = [0, 0]
    alike = unlike == []
    larger = Size(size[0] + 1, size[1])
    app.post_message(events.Resize(larger, larger))
    await asyncio.sleep(0.2)
    resized = list(sent)
    app.leave()
    await running
    assert alike, unlike
    assert thrift < 0.5
    assert again[1] > size[0] * size[1], "painted again, whole"
    assert resized[1] > size[0] * size[1], "a terminal that was resized may show anything"
