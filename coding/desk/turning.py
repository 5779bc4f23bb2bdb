"""The one place where it is known who puts Hebrew and Arabic into reading order: the desk, or the terminal itself."""

from __future__ import annotations

from coding.desk.reading.cells import has_right_to_left
from coding.desk.reading.order import ReadingOrder
from coding.desk.reading.passages import Passages


class Turning:
    """Set once from the coder's settings, before the first screen."""

    is_ours: bool = True
    """False where the terminal turns text itself; turned twice it would stand in the wrong order again."""


def turned(text: str) -> str:
    """One line as it has to be sent to stand in reading order on the screen; the order of the letters, not their sense.

    Only for what is shown: what is stored, copied or edited stays as it is spoken.
    """
    if not (Turning.is_ours and has_right_to_left(text)):
        return text
    return "".join(piece.drawn for piece in ReadingOrder(text, Passages(text)).pieces(0, len(text)))
