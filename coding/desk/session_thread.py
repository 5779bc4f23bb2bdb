"""The one place where the desk waits for the ledger and the judge: each has a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


class SessionThread:
    """One thread; what is asked of it is done in order."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def call(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        """Do it on the thread; the screen goes on painting."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)

    def call_and_wait(self, work: Callable[..., Answer], *arguments: object, timeout_s: float) -> Answer:
        """The same at the end of the program, when nothing is painted any more."""
        return self._pool.submit(work, *arguments).result(timeout_s)

    def end(self) -> None:
        """Let the thread go; what was begun is finished."""
        self._pool.shutdown(wait=False, cancel_futures=True)
