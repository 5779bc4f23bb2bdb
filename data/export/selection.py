"""The one place where the rows and columns of an export become one SELECT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from data.export.columns import ACLED_COLUMNS
from data.filter import Filter, read_filter
from schema.column import HOUSE_COLUMNS
from schema.conditions import literal, quoted

if TYPE_CHECKING:
    import duckdb

    from data.export.request import ExportRequest
    from schema.codebook import Codebook


@dataclass(frozen=True)
class Selection:
    """The rows a request asks for, and each column as an expression."""

    columns: tuple[str, ...]
    expressions: tuple[str, ...]
    filter: Filter
    source: str = "events"
    """What stands after FROM; the filter is applied to `events` inside it where it is not `events` itself."""
    types: tuple[str, ...] = ()
    """DuckDB's type of each column as the file gets it."""
    notes: tuple[str, ...] = ()
    """What this kind of rows cannot tell, in sentences."""

    @property
    def sql(self) -> str:
        """The SELECT; rows come in the order of the dataset, then the newest."""
        return self.with_expressions(self.expressions)

    @property
    def rows(self) -> str:
        """The FROM and WHERE."""
        condition = self.filter.sql if self.source == "events" else "TRUE"
        return f"FROM {self.source} WHERE {condition}"

    def with_expressions(self, expressions: Sequence[str]) -> str:
        """The same rows with other expressions for the same columns."""
        named = ", ".join(
            f"{text} AS {quoted(name)}" for name, text in zip(self.columns, expressions, strict=True)
        )
        return f"SELECT {named} {self.rows}"

    def plus(self, name: str, expression: str) -> Selection:
        """The same rows with one more column; its type is not looked up."""
        return replace(
            self, columns=(*self.columns, name), expressions=(*self.expressions, expression), types=()
        )

    @property
    def text_columns(self) -> list[str]:
        """Columns that hold text."""
        return [name for name, kind in zip(self.columns, self.types, strict=True) if kind == "VARCHAR"]

    def expression_of(self, name: str) -> str:
        """The expression of one column."""
        return self.expressions[self.columns.index(name)]


def select(con: duckdb.DuckDBPyConnection, request: ExportRequest, codebook: Codebook) -> Selection:
    """Read the filter and lay out the columns; QueryError where the filter is none."""
    condition = read_filter(con, request.where)
    present = {str(row[0]): str(row[1]) for row in con.execute("DESCRIBE events").fetchall()}
    if request.rows == "events":
        names = _event_columns(present, request)
        expressions = tuple(_expression(name, present, request, codebook) for name in names)
        return with_types(con, Selection(names, expressions, condition))
    from data.export import other_rows

    selection = other_rows.build(con, request, condition, present, codebook)
    return with_types(con, selection)


def with_types(con: duckdb.DuckDBPyConnection, selection: Selection) -> Selection:
    """The selection with DuckDB's types of its columns."""
    types = tuple(str(row[1]) for row in con.execute(f"DESCRIBE {selection.sql}").fetchall())
    return replace(selection, types=types)


def _event_columns(present: Mapping[str, str], request: ExportRequest) -> tuple[str, ...]:
    names = list(ACLED_COLUMNS)
    if request.columns == "all":
        own = [name for name in present if name not in ACLED_COLUMNS and name not in HOUSE_COLUMNS]
        names += [*own, *(name for name in HOUSE_COLUMNS if name in present)]
    return tuple(names)


def _expression(name: str, present: Mapping[str, str], request: ExportRequest, codebook: Codebook) -> str:
    if name not in present:
        return "NULL::VARCHAR"
    if request.inter_codes == "numeric" and name in ("inter1", "inter2"):
        return inter_code(quoted(name), codebook)
    if request.inter_codes == "numeric" and name == "interaction":
        return interaction_code("inter1", "inter2", codebook)
    if present[name].startswith("ENUM"):
        return f"{quoted(name)}::VARCHAR"
    return quoted(name)


def inter_code(column: str, codebook: Codebook) -> str:
    """The numeric code of a label; 0 where there is no second actor."""
    cases = " ".join(f"WHEN {literal(kind.label)} THEN {kind.code}" for kind in codebook.actor_types)
    return f"(CASE {column} {cases} ELSE 0 END)::TINYINT"


def interaction_code(first: str, second: str, codebook: Codebook) -> str:
    """The two-digit code of a pair of labels: the lower code first, a lone actor times ten."""
    one, two = inter_code(first, codebook), inter_code(second, codebook)
    return f"(CASE WHEN {second} IS NULL THEN {one} * 10 ELSE least({one}, {two}) * 10 + greatest({one}, {two}) END)::TINYINT"
