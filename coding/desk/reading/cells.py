"""The one place where text is measured in terminal cells: wide characters, combining marks, right-to-left.

Offsets are code points throughout; a cluster is what the terminal draws as one thing.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, split_graphemes

Cluster = tuple[int, int, int]
"""Start, end and width in cells of one drawn character with the marks that sit on it."""

_ONE_CELL_EACH = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027\u2030-\u203b\u20a0-\u20bf"
    "\u2500-\u25fc\ufffd\u05d0-\u05ea\u060b-\u060f\u061b\u061e-\u064a\u0660-\u066f\u0671-\u06d5]*"
)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def takes_one_cell_each(text: str) -> bool:
    """Whether every character of the text takes exactly one cell, whatever its direction."""
    return text.isascii() or _ONE_CELL_EACH.fullmatch(text) is not None


def has_right_to_left(text: str) -> bool:
    """Whether any character belongs to a script written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def clusters(text: str) -> list[Cluster]:
    """The text cut into what a terminal draws as one thing each; they cover every code point."""
    return split_graphemes(text)[0]


def width_of(text: str) -> int:
    """How many cells the text takes on one line."""
    return len(text) if text.isascii() else cell_len(text)


def crop(text: str, width: int) -> str:
    """The text in at most that many cells, its end replaced by an ellipsis where it is too long."""
    if width_of(text) <= width:
        return text
    if width <= 0:
        return ""
    if takes_one_cell_each(text):
        return text[: width - 1].rstrip() + "…"
    used = 0
    for start, _, cells in clusters(text):
        if used + cells > width - 1:
            return text[:start].rstrip() + "…"
        used += cells
    return text
