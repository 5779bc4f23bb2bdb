"""A desk that tests open, drive by keys and read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from coding.desk.app import EventcoderApp
from coding.desk.replay import open_desk, settled
from coding.session import CodingSession
from data.ledger import Ledger
from data.project import Project
from data.records import Revision

NAMES = {
    " ": "space",
    "-": "minus",
    ":": "colon",
    ".": "full_stop",
    ",": "comma",
    ";": "semicolon",
    "/": "slash",
    "?": "question_mark",
    "(": "left_parenthesis",
    ")": "right_parenthesis",
}
"""What Textual calls the signs that a test types."""


class Desk:
    """The desk under test: press keys, read the screen, look into the session."""

    def __init__(self, app: EventcoderApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.screen = app.coding
        self.now = 0.0
        self.screen.deliberate.clock = lambda: self.now

    async def press(self, *keys: str) -> None:
        """Press keys in quick succession, a second after those before."""
        self.now += 1.0
        await self.pilot.press(*keys)
        await settled(self.app)
        await self.pilot.pause()

    async def type(self, text: str, *keys: str) -> None:
        await self.press(*(NAMES.get(sign, sign) for sign in text), *keys)

    @property
    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    @property
    def session(self) -> CodingSession:
        assert self.screen.session is not None
        return self.screen.session

    @property
    def row(self) -> dict[str, object]:
        return dict(self.session.work.row)

    @property
    def column(self) -> str:
        return self.screen.form.column

    @property
    def saved(self) -> list[Revision]:
        return self.session.events


@asynccontextmanager
async def desk_on(
    project: Project, *, coder: str = "ann", size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Desk]:
    async with open_desk(project, coder, size=size) as (app, pilot):
        yield Desk(app, pilot)


def events_in(project: Project, article_id: int = 1) -> list[Revision]:
    with Ledger.open(project) as ledger:
        return ledger.events_of(article_id)


async def code_hama(desk: Desk) -> None:
    await type_hama(desk)
    await desk.press("ctrl+s")


async def type_hama(desk: Desk) -> None:
    await desk.type("thu", "enter")
    await desk.type("overt", "enter")
    await desk.type("hts", "enter")
    await desk.type("mil syr", "enter")
    await desk.type("hama", "enter")
    await desk.type("10")


async def code_hama_from_the_top(desk: Desk) -> None:
    await desk.press("ctrl+home")
    await code_hama(desk)
    assert len(desk.saved) == 1
