"""The one place where a cell is kept from being run by a spreadsheet program, and brought back exactly.

A text that a spreadsheet would take for a formula gets one apostrophe before it; a text that already begins with
apostrophes before such a sign gets one more. So taking one away gives every text back, and nothing is lost.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from data.scalar import count

if TYPE_CHECKING:
    import duckdb

    from data.export.selection import Selection

LEAD = " *[=+\\-@\t\r\n\\x00＝＋－＠]"
"""What begins a formula, in ASCII and in full width, and the blanks and NUL that some programs skip before one."""

_RISKY = re.compile(f"'*{LEAD}")
_MARKED = re.compile(f"'+{LEAD}")


def neutral_text(text: str) -> str:
    """The text as it may stand in a spreadsheet.

    >>> neutral_text("=HYPERLINK(1)"), neutral_text("On 5 December")
    ("'=HYPERLINK(1)", 'On 5 December')
    """
    return f"'{text}" if _RISKY.match(text) else text


def exact_text(text: str) -> str:
    """What `neutral_text` was given.

    >>> exact_text(neutral_text("'=1"))
    "'=1"
    """
    return text[1:] if _MARKED.match(text) else text


def note_of(cells: int) -> str:
    """The sentence about cells that got an apostrophe; empty for none."""
    if not cells:
        return ""
    few = (
        "1 cell that looks like a formula has"
        if cells == 1
        else f"{cells:,} cells that look like formulas have"
    )
    exact = "--exact (in Python: neutralise=False) writes the texts as they are"
    return f"{few} an apostrophe before it; {exact}, for programs that are no spreadsheet."


def neutral_sql(expression: str) -> str:
    """The same in SQL; the cheap comparison spares all but a few cells the regular expression."""
    marked = f"regexp_replace({expression}, '^(''*{LEAD})', '''\\1')"
    return f"CASE WHEN {_may_be_risky(expression)} THEN {marked} ELSE {expression} END"


def risky_columns(con: duckdb.DuckDBPyConnection, selection: Selection) -> dict[str, int]:
    """The text columns that hold risky cells, and how many; Parquet's own minima and maxima answer most at no cost."""
    found: dict[str, int] = {}
    for name in selection.text_columns:
        text = selection.expression_of(name)
        risky = f"regexp_matches({text}, '^''*{LEAD}')"
        cells = count(con, f"{selection.rows} AND ({_may_be_risky(text)}) AND {risky}")
        if cells:
            found[name] = cells
    return found


def _may_be_risky(expression: str) -> str:
    """A comparison that Parquet's statistics answer for whole row groups; every sign lies outside these bounds."""
    return f"{expression} < 'A' OR {expression} >= '＋'"
