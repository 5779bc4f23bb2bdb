"""The one place where the layout of delimited text is found: separator, header, tags under it, escapes."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from data.event_file import limits
from data.event_file.headers import header_position, is_hxl_row, squash
from data.event_file.survey import Survey, blocks
from schema.errors import UnusableInput

SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


@dataclass(frozen=True)
class Layout:
    """How a text file is laid out."""

    separator: str
    header: tuple[str, ...]
    header_record: int
    """Records before the header: titles, `sep=;`, blank lines."""
    hxl: bool
    backslash: bool


def find_layout(path: Path, found: Survey, known: Collection[str]) -> Layout:
    """How the file is laid out, by its first rows and the header names that are known."""
    head = _head_text(path, found)
    first, _, rest = head.partition("\n")
    declared = first.strip().lower()
    if declared.startswith("sep=") and len(declared) == 5:
        text, skipped = rest, 1
        candidates: tuple[str, ...] = (first.strip()[4],)
    else:
        text, skipped, candidates = head, 0, SEPARATORS
    best: tuple[int, int, Layout] | None = None
    for separator in candidates:
        rows = _sample(text, separator, backslash=False)
        position = header_position(rows, known)
        at = position if position is not None else _first_filled(rows)
        header = rows[at] if rows else []
        score = (len({squash(cell) for cell in header} & set(known)), len(header))
        backslash = '\\"' in text and _backslash_fits_better(text, separator, len(header))
        hxl = len(rows) > at + 1 and is_hxl_row(rows[at + 1])
        fitted = _fitted(header, rows[at + 1 + int(hxl) : -1])
        layout = Layout(separator, tuple(fitted), at + skipped, hxl, backslash)
        if best is None or score > best[:2]:
            best = (*score, layout)
    if best is None or not best[2].header:
        raise UnusableInput(f"{path.name} is empty: it has no header and no rows.")
    return best[2]


def _head_text(path: Path, found: Survey) -> str:
    block = next(blocks(path, found.encoding), b"")[: limits.HEAD_BYTES].removeprefix(codecs.BOM_UTF8)
    encoding = "cp1252" if found.encoding == "cp1252" else "utf-8"
    text = block.decode(encoding, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _sample(text: str, separator: str, *, backslash: bool) -> list[list[str]]:
    csv.field_size_limit(limits.RECORD_BYTES)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        doublequote=not backslash,
        escapechar="\\" if backslash else None,
    )
    try:
        return list(islice(reader, 60))
    except csv.Error:
        return []


def _first_filled(rows: Sequence[Sequence[str]]) -> int:
    return next((position for position, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def _backslash_fits_better(text: str, separator: str, width: int) -> bool:
    r"""Whether quotation marks are written `\"`, as R does on request, and not doubled."""
    doubled = sum(len(row) != width for row in _sample(text, separator, backslash=False)[:-1])
    escaped = sum(len(row) != width for row in _sample(text, separator, backslash=True)[:-1])
    return escaped < doubled


def _fitted(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The header with the cells it lacks: rows that all end with a separator, or begin with R's row names."""
    widths = {len(row) for row in rows if any(cell.strip() for cell in row)}
    if len(rows) < 2 or len(widths) != 1 or (extra := widths.pop() - len(header)) <= 0:
        return list(header)
    if all(not cell.strip() for row in rows for cell in row[len(header) :]):
        return [*header, *[""] * extra]
    names = [row[0] for row in rows if row]
    if extra == 1 and len(set(names)) == len(names):
        return ["", *header]
    return list(header)


def notes_on(layout: Layout) -> tuple[str, ...]:
    """What is worth saying of the layout."""
    notes = []
    if layout.separator != ",":
        notes.append(f"cells are separated by {_SEPARATOR_NAMES[layout.separator]}")
    if layout.header_record:
        notes.append(f"{layout.header_record} line(s) before the header were left out")
    return tuple(notes)
