"""The one place where the time from a key to its painted frame is taken, through a real application with output.

The stock headless driver builds no output, which flatters every figure; this one takes keys from us and gives the
terminal's bytes to a clock.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size

SIZE = (120, 40)
STILL = 0.05
"""Seconds without output after which a frame counts as painted."""


class ClockDriver(Driver):
    """A driver without a terminal that notes when the screen was written to."""

    is_headless = False  # type: ignore[assignment]  # or no output would be built
    wrote_at = 0.0
    worked = 0.0
    """The processor time of the screen's thread when it wrote last: what a busy machine does not stretch."""
    bytes_written = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.wrote = asyncio.Event()

    def write(self, data: str) -> None:
        if len(data) < 30:  # the marks around a synchronised update
            return
        self.wrote_at = time.perf_counter()
        self.worked = time.thread_time()
        self.wrote.set()
        self.bytes_written += len(data)

    def start_application_mode(self) -> None:
        size = Size(*(self._size or SIZE))
        asyncio.get_running_loop().create_task(self._app._post_message(events.Resize(size, size)))

    def disable_input(self) -> None:
        """There is no input to disable."""

    def stop_application_mode(self) -> None:
        """There is no terminal to restore."""


class Typist:
    """Presses keys one after the other and notes how long each took to reach the screen."""

    def __init__(self, app: App[Any]) -> None:
        self.app = app
        self.driver: ClockDriver = app._driver  # type: ignore[assignment]
        self.worked: list[float] = []
        """Milliseconds the screen's thread itself worked for each key, beside the time on the clock."""

    async def still(self, most: float = 5.0) -> None:
        """Wait until nothing was written for a while."""
        began = time.perf_counter()
        while (now := time.perf_counter()) - max(self.driver.wrote_at, began) < STILL and now - began < most:
            await asyncio.sleep(0.005)

    async def until(self, condition: Callable[[], bool], what: str, most: float = 120.0) -> None:
        """Wait for a condition of the application."""
        began = time.perf_counter()
        while not condition():
            if time.perf_counter() - began > most:
                raise TimeoutError(what)
            await asyncio.sleep(0.001)

    async def press(self, key: str, shown: Callable[[], bool] = lambda: True) -> float | None:
        """Milliseconds from the key to the first frame on which it shows; None if it painted nothing.

        Args:
            key: The key, named as Textual names it.
            shown: What must hold of the application when the frame is written.
        """
        began = time.perf_counter()
        self.driver.wrote_at = 0.0
        worked = time.thread_time()
        self.driver.wrote.clear()
        self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        while time.perf_counter() - began < 2.0:
            try:
                await asyncio.wait_for(self.driver.wrote.wait(), 2.0)
            except TimeoutError:
                return None
            self.driver.wrote.clear()
            if shown():
                taken = (self.driver.wrote_at - began) * 1000
                self.worked.append((self.driver.worked - worked) * 1000)
                await self.still(0.3)
                return taken
        return None

    async def press_all(self, keys: Iterable[str], shown: Callable[[], bool] = lambda: True) -> list[float]:
        """The times of those keys that painted something."""
        taken = [await self.press(key, shown) for key in keys]
        return [each for each in taken if each is not None]


def play(
    make_app: Callable[[], App[Any]],
    script: Callable[[Typist], Awaitable[None]],
    size: tuple[int, int] = SIZE,
) -> None:
    """Run an application of that size, and the script against it."""

    async def run() -> None:
        app = make_app()
        app.driver_class = ClockDriver
        running = asyncio.create_task(app.run_async(size=size, mouse=False))
        while not (isinstance(app._driver, ClockDriver) and app._driver.wrote_at):
            await asyncio.sleep(0.005)
            if running.done():
                await running
        typist = Typist(app)
        await typist.still()
        try:
            await script(typist)
        finally:
            app.exit()
            await running

    asyncio.run(run())


def percentile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
