"""The one place where keys are played through the desk without a terminal: for the demo and for benchmarks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from data.project import Project

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from coding.desk.app import EventcoderApp

PATIENCE_S = 60.0


def replay(
    project_folder: Path | str, coder: str, keys: Sequence[str], *, size: tuple[int, int] = (120, 40)
) -> None:
    """Open the desk, press the keys, close it; what was saved is in the project."""
    asyncio.run(_replay(Path(project_folder), coder, keys, size))


async def _replay(folder: Path, coder: str, keys: Sequence[str], size: tuple[int, int]) -> None:
    async with open_desk(Project.open(folder), coder, size=size) as (app, pilot):
        for key in keys:
            await pilot.press(key)
            await settled(app)


@asynccontextmanager
async def open_desk(
    project: Project, coder: str, *, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[EventcoderApp, Pilot[None]]]:
    """The desk without a terminal, its project open and its vocabularies at hand; closed as a person would."""
    from coding.desk.app import EventcoderApp

    app = EventcoderApp(project, coder)
    async with app.run_test(size=size) as pilot:
        await settled(app)
        try:
            yield app, pilot
        finally:
            app.leave()
            await pilot.pause()


async def settled(app: EventcoderApp) -> None:
    """Wait until the desk has nothing left to open, keep or judge."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not app.coding.is_settled:
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError("the desk did not come to rest")
        await asyncio.sleep(0.002)
