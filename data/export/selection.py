"""The one place where the rows and columns of an export become one SELECT over `events`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.export.columns import ACLED_COLUMNS, HOUSE_COLUMNS, INTER_LABELS
from data.filter import Filter, read_filter

if TYPE_CHECKING:
    import duckdb

    from data.export.request import ExportRequest


@dataclass(frozen=True)
class Selection:
    """The rows a request asks for, and each column as an expression."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    """DuckDB's type of each column as the file gets it."""
    expressions: tuple[str, ...]
    filter: Filter

    @property
    def sql(self) -> str:
        """The SELECT; rows come in the order of the dataset, then the newest."""
        return self.with_expressions(self.expressions)

    def with_expressions(self, expressions: Sequence[str]) -> str:
        """The same rows with other expressions for the same columns."""
        named = ", ".join(
            f"{text} AS {quote(name)}" for name, text in zip(self.columns, expressions, strict=True)
        )
        return f"SELECT {named} FROM events WHERE {self.filter.sql}"

    @property
    def text_columns(self) -> list[str]:
        """Columns that hold text."""
        return [name for name, kind in zip(self.columns, self.types, strict=True) if kind == "VARCHAR"]


def select(con: duckdb.DuckDBPyConnection, request: ExportRequest) -> Selection:
    """Read the filter and lay out the columns; QueryError where the filter is none."""
    condition = read_filter(con, request.where)
    present = {str(row[0]): str(row[1]) for row in con.execute("DESCRIBE events").fetchall()}
    names = list(ACLED_COLUMNS)
    if request.columns == "all":
        own = [name for name in present if name not in ACLED_COLUMNS and name not in HOUSE_COLUMNS]
        names += [*own, *(name for name in HOUSE_COLUMNS if name in present)]
    expressions = [_expression(name, present, request) for name in names]
    draft = Selection(tuple(names), ("",) * len(names), tuple(expressions), condition)
    types = tuple(str(row[1]) for row in con.execute(f"DESCRIBE {draft.sql}").fetchall())
    return Selection(draft.columns, types, draft.expressions, condition)


def _expression(name: str, present: dict[str, str], request: ExportRequest) -> str:
    if name not in present:
        return "NULL::VARCHAR"
    if request.inter_codes == "numeric" and name in ("inter1", "inter2"):
        return inter_code(quote(name))
    if request.inter_codes == "numeric" and name == "interaction":
        one, two = inter_code("inter1"), inter_code("inter2")
        return f"CASE WHEN inter2 IS NULL THEN {one} * 10 ELSE least({one}, {two}) * 10 + greatest({one}, {two}) END"
    if present[name].startswith("ENUM"):
        return f"{quote(name)}::VARCHAR"
    return quote(name)


def inter_code(column: str) -> str:
    """The numeric code of a label; 0 where there is no second actor."""
    labels = ", ".join(literal(label) for label in INTER_LABELS)
    return f"coalesce(list_position([{labels}], {column}), 0)::TINYINT"


def quote(name: str) -> str:
    """A column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"
