"""The one place where slow work follows fast typing: one state at a time, and what is overtaken meanwhile is passed over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

State = TypeVar("State")


class Newest(Generic[State]):
    """Does one thing with the newest state it was given; belongs to the event loop."""

    def __init__(self, do: Callable[[State], Awaitable[None]]) -> None:
        self._do = do
        self._next: State | None = None
        self.is_at_work = False
        """Whether a state is under work."""

    @property
    def is_waiting(self) -> bool:
        """Whether there is a state that nobody has begun with."""
        return self._next is not None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under work and nothing waits."""
        return not self.is_at_work and not self.is_waiting

    def give(self, state: State) -> None:
        """Do it with this state; one that waits still is forgotten."""
        self._next = state

    def forget(self) -> None:
        """Leave out what waits; what is under work is finished."""
        self._next = None

    async def work_off(self) -> None:
        """Until nothing waits; returns at once where another call is at it. What the work raises ends it."""
        if self.is_at_work:
            return
        self.is_at_work = True
        try:
            while self._next is not None:
                state, self._next = self._next, None
                await self._do(state)
        finally:
            self.is_at_work = False
