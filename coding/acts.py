"""The one place where a sitting remembers in which order articles were marked and events saved, to take it back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Marked:
    """An article whose status the coder set."""

    article_id: int
    title: str
    status: str
    before: str
    """The status it had."""
    event_key: int | None = None
    """The event it became a further source of, if that is why it was marked."""


Act = Marked | None
"""One thing that undo takes back: a mark of an article, or (None) a save, which the ledger remembers itself."""


class Acts:
    """What was done in this sitting and what of it is undone; saves of earlier sittings lie below."""

    def __init__(self) -> None:
        self._done: list[Act] = []
        self._undone: list[Act] = []

    def did(self, act: Act) -> None:
        """Something was done: what was undone before cannot be done again."""
        self._done.append(act)
        self._undone.clear()

    @property
    def last(self) -> Act:
        """What undo takes back next."""
        return self._done[-1] if self._done else None

    @property
    def last_undone(self) -> Act:
        """What redo brings again next."""
        return self._undone[-1] if self._undone else None

    def forget_last(self) -> None:
        """What was done last can no longer be taken back."""
        self._done.pop()

    def forget_last_undone(self) -> None:
        """What was undone last can no longer be done again."""
        self._undone.pop()

    def took_back(self) -> None:
        """The last act is undone; it may be a save of an earlier sitting."""
        self._undone.append(self._done.pop() if self._done else None)

    def brought_again(self) -> None:
        """The act undone last is done again."""
        self._done.append(self._undone.pop() if self._undone else None)
