"""The one place where a column of the codebook is described; it knows no rule and no storage."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Value = str | int | float | datetime.date | None
"""What one cell holds; None is an empty cell."""

Row = dict[str, Value]
"""One event: column name to value."""

Kind = Literal["text", "list", "enum", "integer", "decimal", "date"]
Origin = Literal["coded", "derived", "released"]

SQL_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "list": "VARCHAR",
    "enum": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DOUBLE",
    "date": "DATE",
}
"""How each kind of column is stored and judged."""

HOUSE_COLUMNS: Final = ("event_key", "revision", "status", "coder", "saved_at", "article_id", "origin")
"""The store's own columns, after the codebook's, in the dataset and every view of events; exported only when asked."""


@dataclass(frozen=True)
class Column:
    """One column: what it holds, who fills it, and how it is shown to a coder."""

    name: str
    kind: Kind
    required: bool = False
    """Never empty in a row that is submitted; of a released column, in a row that was released."""
    origin: Origin = "coded"
    label: str = ""
    """The name a form shows."""
    description: str = ""
    hxl: str = ""
    """The hashtag of the second header row some exports carry; empty where there is none."""
    values: tuple[str, ...] = ()
    """The values that may stand here; empty where anything may."""
    minimum: float | None = None
    maximum: float | None = None
    section: str = ""
    """The group of the form: When, What, Who, Where, Source, Notes."""
    separator: str = "; "
    """What joins the members of a list."""
    meanings: tuple[str, ...] = ()
    """What each of `values` means, in the same order; empty where they speak for themselves."""
    decimals: int | None = None
    multiline: bool = False
    moment: bool = False
    """Holds a point in time, as seconds since 1970."""
    optional: bool = False
    """Stands only in tables that were asked for it."""
    own: bool = False
    """Added by the project, not part of the codebook it builds on."""
    where: str = field(default="", compare=False)
    """The file it stands in."""

    @property
    def sql_type(self) -> str:
        """The DuckDB type the column has wherever rows are judged."""
        return SQL_TYPES[self.kind]
