"""The one place where a line is laid out for drawers that put one letter beside the other from the left, as they come.

Such a drawer neither turns what is written from right to left nor joins Arabic letters: both are done here.
"""

from __future__ import annotations

import unicodedata

from schema.direction import MIRRORED, levels, runs_in_order
from schema.joining import joined


def from_the_left(line: str) -> str:
    """The line with its letters in the order and the forms in which they stand from the left, in a text from the left.

    >>> from_the_left("Hama 2024"), from_the_left("Hama (חמה)")
    ('Hama 2024', 'Hama (המח)')
    """
    if line.isascii():
        return line
    letters = _with_their_marks(line)
    starts = [0]
    for letter in letters:
        starts.append(starts[-1] + len(letter))
    found = levels(line, 0)
    letter_levels = bytes(found[start] for start in starts[:-1])
    if not any(level % 2 for level in letter_levels):
        return line
    drawn: list[str] = []
    spoken = joined(letters)
    for level, first, last in runs_in_order(letter_levels):
        run = spoken[first:last]
        drawn += [MIRRORED.get(letter, letter) for letter in reversed(run)] if level % 2 else run
    return "".join(drawn)


def _with_their_marks(line: str) -> list[str]:
    """Each letter with the marks that stand on it."""
    letters: list[str] = []
    for char in line:
        if letters and unicodedata.category(char) in ("Mn", "Me"):
            letters[-1] += char
        else:
            letters.append(char)
    return letters
