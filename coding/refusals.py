"""The one place where the situations are named in which a coding session cannot do what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schema.errors import EventcoderError

if TYPE_CHECKING:
    from schema.rules import Failure


class NotSubmittable(EventcoderError, ValueError):
    """The event has errors, or warnings without a reason; nothing was saved."""

    def __init__(self, failures: Sequence[Failure]) -> None:
        self.failures = tuple(failures)
        first = self.failures[0]
        super().__init__(f"{', '.join(first.columns)}: {first.message}")


class DeskFault(EventcoderError):
    """The program itself is at fault; what was kept before stands."""


class NothingOpen(EventcoderError):
    """There is no article to work on."""


class MarkStays(EventcoderError):
    """An article's mark cannot be taken back or set again: somebody has worked on the article since."""
