"""The one place where files of events that others made are read: what they are, what had to be mended, what is refused.

Readers of one file format each fill one table of raw text; headers, vintage, dates and repairs turn that table
into the columns of the codebook. Nothing here judges a value or writes to a project.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.event_file.reader import EventFile as EventFile
    from data.event_file.reader import read_event_file as read_event_file

__all__ = ["EventFile", "read_event_file"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from data.event_file import reader

        return getattr(reader, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
