"""The one place where the answer of a query becomes rows of a grid: pages of an Arrow table, sorted and filtered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coding.desk.grid_rows import Condition, GridColumn, GridRow, Order
from data.console.formats import plain
from schema.text import fold

if TYPE_CHECKING:
    import pyarrow as pa

_SAMPLE = 200
_NARROWEST, _WIDEST = 6, 40


class AnswerRows:
    """A source over an answer; the key of a row is its event, or its place where it has none."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._last: tuple[object, pa.Table] = (None, table)
        sample = table.slice(0, _SAMPLE).to_pydict()
        self.columns: tuple[GridColumn, ...] = tuple(
            GridColumn(name, name, _width(name, sample[name]), _is_number(field.type), can_edit=False)
            for name, field in zip(table.column_names, table.schema, strict=True)
        )

    def count(self, where: Sequence[Condition]) -> int:
        """How many rows fulfil all conditions."""
        return int(self._asked(None, where).num_rows)

    def page(self, offset: int, limit: int, order: Order | None, where: Sequence[Condition]) -> list[GridRow]:
        """So many rows from there on, in that order."""
        page = self._asked(order, where).slice(offset, limit).to_pylist()
        return [
            GridRow(row.get("event_key") or offset + at, tuple(_shown(value) for value in row.values()))
            for at, row in enumerate(page)
        ]

    def renew(self) -> None:
        """An answer stays as it was given; asking again gives another one."""

    def _asked(self, order: Order | None, where: Sequence[Condition]) -> pa.Table:
        asked = (order, tuple(where))
        if self._last[0] != asked:
            table = self._table
            for condition in where:
                table = table.filter(_mask(table, condition))
            if order is not None:
                table = table.sort_by([(order.column, "descending" if order.descending else "ascending")])
            self._last = (asked, table)
        return self._last[1]


def _shown(value: object) -> str | int | float | None:
    return value if value is None or isinstance(value, (str, int, float)) else plain(value)


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _width(name: str, values: Sequence[object]) -> int:
    longest = max((len(plain(value)) for value in values), default=0)
    return min(max(longest, len(name), _NARROWEST), _WIDEST)


def _mask(table: pa.Table, condition: Condition) -> pa.Array:
    """Which rows fulfil a condition: compared as text, without regard to case and accents."""
    import pyarrow as pa

    names = [condition.column] if condition.column else table.column_names
    columns = [[plain(value) for value in table.column(name).to_pylist()] for name in names]
    every = all if condition.operator == "-" else any
    rows = zip(*columns, strict=True)
    return pa.array([every(_holds(cell, condition) for cell in row) for row in rows], pa.bool_())


def _holds(cell: str, condition: Condition) -> bool:
    wanted, held = fold(condition.wanted), fold(cell)
    if condition.operator in (":", "-"):
        return (wanted in held) is (condition.operator == ":")
    try:
        left, right = float(held), float(wanted)
    except ValueError:
        return _compared(held, wanted, condition.operator)
    return _compared(left, right, condition.operator)


def _compared(left: str | float, right: str | float, sign: str) -> bool:
    if sign in ("=", "!="):
        return (left == right) is (sign == "=")
    if isinstance(left, str) or isinstance(right, str):
        left, right = str(left), str(right)
        return left < right if sign in ("<", "<=") else left > right
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]
