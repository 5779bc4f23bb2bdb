"""The one place where the plain values stand that the readers of event files hand to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Progress = Callable[[str, float], None]
"""Told the stage in words and how far it is, 0 to 1."""


def silent(_stage: str, _share: float) -> None:
    """Progress nobody watches."""


CLOSING_WHAT = "remarks and totals under the table (Source: …) left out"


@dataclass(frozen=True)
class Repair:
    """Something the reader mended, and in how many rows."""

    what: str
    rows: int


@dataclass(frozen=True)
class Reject:
    """A record that has not the cells its header promises."""

    line: int
    cells: int
    expected: int
    text: str


@dataclass(frozen=True)
class RawTable:
    """A file's cells as they stand in it, one relation that DuckDB can read again and again."""

    names: tuple[str, ...]
    """The header cells, as in the file."""
    relation: str
    """SQL that yields `line` BIGINT (unique, rising) and c0, c1, ... in the order of `names`."""
    types: tuple[str, ...]
    """DuckDB type of each c column."""
    records: int
    """Records of the file, counted apart from the parser where the format allows it; header and blank rows excluded."""
    rejects: tuple[Reject, ...] = ()
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()
    spelled: bool = False
    """Whether numbers stand in the file as somebody spelled them (text), and not as numbers."""


@dataclass(frozen=True)
class ReadOptions:
    """What a reader of one format is given."""

    path: Path
    folder: Path
    """A folder of its own for what has to be staged; removed with the EventFile."""
    names: frozenset[str]
    """Squashed header names that tell an event table from others (see headers.squash)."""
    progress: Progress = field(default=silent)
