"""The one place where the answer of a query becomes rows of a grid: pages of an Arrow table, sorted and filtered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coding.desk.grid_rows import Condition, GridColumn, GridRow, Order
from data.console.formats import is_number, plain
from schema.conditions import quoted
from schema.text import columns_of, fold

if TYPE_CHECKING:
    import pyarrow as pa

_SAMPLE = 200
_NARROWEST, _WIDEST = 6, 40
_AT = "place in the answer"


class AnswerRows:
    """A source over an answer; the key of a row is its event, or its place where it has none.

    DuckDB sorts and filters; it gives the places of the rows only, so a million rows cost what their columns cost.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._last: tuple[object, pa.Array | None] = (None, None)
        sample = table.slice(0, _SAMPLE).to_pydict()
        self.columns: tuple[GridColumn, ...] = tuple(
            GridColumn(name, name, _width(name, sample[name]), is_number(field.type), can_edit=False)
            for name, field in zip(table.column_names, table.schema, strict=True)
        )

    def count(self, where: Sequence[Condition]) -> int:
        """How many rows fulfil all conditions."""
        places = self._places(None, where)
        return int(self._table.num_rows if places is None else len(places))

    def page(self, offset: int, limit: int, order: Order | None, where: Sequence[Condition]) -> list[GridRow]:
        """So many rows from there on, in that order."""
        places = self._places(order, where)
        page = (
            self._table.slice(offset, limit)
            if places is None
            else self._table.take(places.slice(offset, limit))
        )
        return [
            GridRow(row.get("event_key") or offset + at, tuple(_shown(value) for value in row.values()))
            for at, row in enumerate(page.to_pylist())
        ]

    def renew(self) -> None:
        """An answer stays as it was given; asking again gives another one."""

    def _places(self, order: Order | None, where: Sequence[Condition]) -> pa.Array | None:
        """The rows to show by their place in the answer; None for all of them as they came."""
        asked = (order, tuple(where))
        if order is None and not where:
            return None
        if self._last[0] != asked:
            self._last = (asked, self._found(order, where))
        return self._last[1]

    def _found(self, order: Order | None, where: Sequence[Condition]) -> pa.Array:
        import duckdb
        import pyarrow as pa

        numbered = self._table.append_column(_AT, pa.array(range(self._table.num_rows), pa.int64()))
        values: list[str | float] = []
        conditions = [self._condition(condition, values) for condition in where]
        by = ""
        if order is not None:
            by = f"{quoted(order.column)} {'DESC' if order.descending else 'ASC'} NULLS LAST, "
        with duckdb.connect(config={"threads": "2"}) as con:
            con.register("answer", numbered)
            found = con.sql(
                f"SELECT {quoted(_AT)} AS at FROM answer WHERE {' AND '.join(conditions) or 'TRUE'} ORDER BY {by}{quoted(_AT)}",
                params=values,
            ).to_arrow_table()
        return found.column("at").combine_chunks()

    def _condition(self, condition: Condition, values: list[str | float]) -> str:
        """A condition over the cells as text, without regard to case and accents; numbers are compared as numbers."""
        names = [condition.column] if condition.column else self._table.column_names
        every = [_holds(f"{quoted(name)}::VARCHAR", condition, values) for name in names]
        return f"({(' AND ' if condition.operator == '-' else ' OR ').join(every)})"


def _holds(cell: str, condition: Condition, values: list[str | float]) -> str:
    wanted = fold(condition.wanted)
    text = f"coalesce(strip_accents(lower({cell})), '')"
    values.append(wanted)
    if condition.operator in (":", "-"):
        return f"{'NOT ' if condition.operator == '-' else ''}contains({text}, ?)"
    compared = f"{text} {condition.operator} ?"
    try:
        number = float(wanted)
    except ValueError:
        return compared
    values.insert(-1, number)
    return f"coalesce(TRY_CAST({cell} AS DOUBLE) {condition.operator} ?, {compared})"


def _shown(value: object) -> str | int | float | None:
    return value if value is None or isinstance(value, (str, int, float)) else plain(value)


def _width(name: str, values: Sequence[object]) -> int:
    longest = max((columns_of(plain(value)) for value in values), default=0)
    return min(max(longest, columns_of(name), _NARROWEST), _WIDEST)
