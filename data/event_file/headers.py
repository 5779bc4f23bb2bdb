"""The one place where the header of a file is matched to the columns of the codebook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence

_NOT_NAME = re.compile(r"[^0-9a-z]+")
_CLOSING = re.compile(
    r"[:©]|^(?:grand )?(?:sub)?totals?\b|^(?:sources?|notes?|rows|count|sum|end)\b|\s\S+\s", re.IGNORECASE
)
HEADER_CELLS = 5
"""A row with this many known names is the header."""


def squash(name: object) -> str:
    """A header cell as it is compared: letters and digits only, without case, accents or full width."""
    text = unicodedata.normalize("NFKD", str(name)).casefold()
    return _NOT_NAME.sub("", text)


def match_columns(names: Sequence[str], columns: Iterable[str], aliases: Mapping[str, str]) -> dict[str, int]:
    """Codebook column → position in the file. A column's own name wins over its old names, the first one over later ones."""
    known = {squash(column): column for column in columns}
    old = {squash(alias): column for alias, column in aliases.items() if column in known.values()}
    found: dict[str, int] = {}
    for table in (known, old):
        for position, name in enumerate(names):
            column = table.get(squash(name))
            if column is not None and column not in found and position not in found.values():
                found[column] = position
    return found


def old_names_used(names: Sequence[str], found: Mapping[str, int]) -> dict[str, str]:
    """Header cell → codebook column, where more than case and punctuation differs."""
    return {
        names[position]: column
        for column, position in found.items()
        if squash(names[position]) != squash(column)
    }


def header_position(rows: Sequence[Sequence[str]], known: Collection[str]) -> int | None:
    """Which of the first rows is the header: the first that holds enough known names; None if none does."""
    for position, row in enumerate(rows):
        if len({squash(cell) for cell in row} & set(known)) >= min(HEADER_CELLS, len(known)):
            return position
    return None


def is_hxl_row(cells: Iterable[object]) -> bool:
    """Whether a row is a second header of HXL tags."""
    filled = [text for cell in cells if cell is not None and (text := str(cell).strip())]
    return len(filled) >= 2 and all(text.startswith("#") and len(text) > 1 for text in filled)


def distinct_names(names: Sequence[object]) -> tuple[str, ...]:
    """Header cells as unique names: blank ones are called by their position, repeated ones get a number."""
    taken: set[str] = set()
    result: list[str] = []
    for position, cell in enumerate(names, start=1):
        text = "" if cell is None else str(cell).strip().lstrip("\ufeff").strip()
        base = text or f"column_{position}"
        name, number = base, 2
        while name.casefold() in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name.casefold())
        result.append(name)
    return tuple(result)


def is_closing_line(cells: Sequence[str | None]) -> bool:
    """Whether a row under a table is a remark and no event: one or two cells, the first in words ("Source: …", "Total").

    >>> is_closing_line(["Source: ACLED", "", None]), is_closing_line(["Total", "312"]), is_closing_line(["NIG1029", "2022"])
    (True, True, False)
    """
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    return len(filled) in (1, 2) and not filled[0][0].isdigit() and bool(_CLOSING.search(filled[0]))
