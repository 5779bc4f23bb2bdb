"""The one place where a key that was pressed on purpose is told from one that is held down or struck twice in haste.

Terminals send no release of a key: a held one is the same key over and over, first after a wait of up to 0.7 s
(as keyboards are usually set), then every few hundredths.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

REPEATS_WITHIN_S = 0.2
"""The same key again so soon is repeated by the keyboard."""
MEANT_AFTER_S = 0.75
"""What is asked has been read by then, and a key that has been held for so long is repeating."""


@dataclass(frozen=True)
class _Press:
    number: int
    """Which key of the sitting it was."""
    what: str
    at: float
    is_held: bool


class Deliberate:
    """Remembers what was pressed last, and what the coder was asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        """Seconds that only go forward."""
        self._last: _Press | None = None
        self._asked: tuple[object, float] | None = None
        self.is_held = False
        """Whether the key pressed last is held down, as far as can be told: a second press may be the first repetition."""

    def pressed(self, what: str, number: int) -> None:
        """A key that does `what` was pressed, as key `number` of the sitting."""
        now, last = self.clock(), self._last
        follows = last is not None and (last.what, last.number) == (what, number - 1)
        self.is_held = False
        if follows and last is not None:
            # after a repetition the next comes at once; after a stroke, the first may take its time
            self.is_held = now - last.at < (REPEATS_WITHIN_S if last.is_held else MEANT_AFTER_S)
        if not follows:
            self._asked = None
        self._last = _Press(number, what, now, self.is_held)

    def confirms(self, question: object) -> bool:
        """Whether this press answers the same question, asked by a press before and read meanwhile; else it is asked now."""
        now = self.clock()
        if self._asked is None or self._asked[0] != question:
            self._asked = question, now
            return False
        if self.is_held or now - self._asked[1] < MEANT_AFTER_S:
            return False
        self._asked = None
        return True
