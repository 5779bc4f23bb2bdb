"""The one place where the records of a text file are counted with care, when counting quotation marks was not enough.

A mark inside an unquoted cell (5" pipe) is only a character. Python's own CSV reader knows that; it is slower than the
survey by ten times and so is asked only where the survey is in doubt, or where it and the parser disagree.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from data.event_file import limits
from data.event_file.survey import Survey
from schema.errors import UnusableInput

_END = "\x1feventcoder\x1f"
_MANY_LINES = 20
"""An unclosed quotation mark over more lines than this has swallowed rows; real notes have up to ten."""


def recount(found: Survey, text: io.RawIOBase, separator: str, *, backslash: bool) -> None:
    """Count the records again and tell whether the last one is left open; UnusableInput where a row has no end."""
    csv.field_size_limit(limits.RECORD_BYTES)
    reader = csv.reader(
        _lines(text), delimiter=separator, doublequote=not backslash, escapechar="\\" if backslash else None
    )
    records, line, last_line, row = 0, 0, 0, [""]
    try:
        for row in reader:  # noqa: B007 - the last row is looked at after the loop
            records += 1
            last_line, line = line, reader.line_num
    except csv.Error as error:
        raise UnusableInput(
            f"{found.name}: the row at line {line + 1:,} cannot be read to its end ({error}): "
            "a quotation mark is most likely never closed there; close it and try again."
        ) from error
    found.open_quote = row != [_END]
    if found.open_quote:
        _refuse_swallowed(found, last_line + 1, reader.line_num - last_line - 2)
    found.records = records if found.open_quote else records - 1
    found.doubtful = False


def _lines(text: io.RawIOBase) -> Iterator[str]:
    yield from io.TextIOWrapper(io.BufferedReader(text, limits.BLOCK_BYTES), encoding="utf-8", newline="")
    yield _END


def _refuse_swallowed(found: Survey, line: int, swallowed: int) -> None:
    if swallowed > _MANY_LINES:
        raise UnusableInput(
            f"{found.name}: a quotation mark in line {line:,} is never closed, so the {swallowed:,} lines after it "
            "cannot be told apart: close it and try again."
        )
