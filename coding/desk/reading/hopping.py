"""The one place where a hop is thought out: any word on the screen in two or three keys.

The first letters of a word leave the words that begin with them; where several do, each carries a number to pick it.
"""

from __future__ import annotations

from collections.abc import Sequence

from coding.desk.reading.finding import folded
from coding.desk.reading.passages import Span

NUMBERS = "123456789"
SMALL = 4
"""Letters of a word that counts as small while it has fewer."""


class Hop:
    """One hop under way.

    Args:
        text: The text as it is shown.
        words: The words on the screen, in order.
    """

    def __init__(self, text: str, words: Sequence[Span]) -> None:
        self._text = text
        self._words = list(words)
        self.typed = ""

    @property
    def left(self) -> list[Span]:
        """The words that begin with what was typed; none before the first letter."""
        if not self.typed:
            return []
        length = len(self.typed)
        return [word for word in self._words if folded(self._text[word[0] : word[0] + length]) == self.typed]

    @property
    def labels(self) -> dict[int, str]:
        """The number beside the first letter of each of the words that are left, by its offset."""
        return {word[0]: number for number, word in zip(NUMBERS, self._telling(), strict=False)}

    def _telling(self) -> list[Span]:
        """The words that are left; small ones such as `the` and `to`, which tell no value, get their numbers last."""
        return sorted(
            self.left, key=lambda word: self._text[word[0] : word[1]].islower() and word[1] - word[0] < SMALL
        )

    def type(self, letter: str) -> Span | None:
        """Take a letter or a number; the word to go to as soon as it is the only one."""
        left = self.left
        if letter in NUMBERS and left:
            place = NUMBERS.index(letter)
            return self._telling()[place] if place < len(left) else None
        self.typed += folded(letter)
        return self.left[0] if len(self.left) == 1 else None

    @property
    def is_over(self) -> bool:
        """Whether no word is left."""
        return bool(self.typed) and not self.left
