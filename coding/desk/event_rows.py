"""The one place where the grid reads the project's events: sorted once, then page by page, in any number.

Sorting a million rows for every page would take half a second; so the rows that are asked for are laid down once in
their order, and a page is a range of them. Above two million rows only the keys are laid down.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from coding.desk.grid_rows import Condition, GridColumn, GridRow, Order
from schema.codebook import Codebook
from schema.column import Column
from schema.conditions import quoted

MOST_LAID_DOWN = 2_000_000
"""Rows whose shown columns are kept in their order; a million of twelve columns takes 156 MB."""
SHOWN = (
    "event_date",
    "sub_event_type",
    "actor1",
    "actor2",
    "country",
    "admin1",
    "location",
    "fatalities",
    "source",
)
"""The columns a grid of ACLED events begins with."""
_WIDTHS = {"date": 10, "integer": 6, "decimal": 9, "enum": 18, "list": 16, "text": 18}


def columns_of(codebook: Codebook, names: Sequence[str] = SHOWN) -> tuple[GridColumn, ...]:
    """The grid's columns for those columns of a codebook."""
    return tuple(_grid_column(codebook.column(name)) for name in names)


def _grid_column(column: Column) -> GridColumn:
    label = column.label or column.name
    return GridColumn(
        column.name,
        label,
        max(_WIDTHS[column.kind], min(len(label) + 1, 12)),
        is_number=column.kind in ("integer", "decimal"),
        can_edit=column.origin == "coded",
    )


class Connection(Protocol):
    """What `data.connect` gives."""

    def execute(self, query: str, values: list[Any]) -> Any:
        """Run one statement."""

    def close(self) -> None:
        """Let the files go."""


class EventRows:
    """The events of a project as a source for a grid; asked from any thread, one at a time."""

    def __init__(
        self, connect: Callable[[], Connection], columns: Sequence[GridColumn], view: str = "events"
    ) -> None:
        self.columns = tuple(columns)
        self._connect = connect
        self._view = quoted(view)
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._laid_down: tuple[Order | None, tuple[Condition, ...]] | None = None
        self._counted: tuple[tuple[Condition, ...], int] | None = None
        self._is_wide = False
        self._is_closed = False

    def count(self, where: Sequence[Condition]) -> int:
        """How many events fulfil all conditions."""
        with self._lock:
            if self._is_closed:
                return 0
            return self._count(tuple(where))

    def _count(self, where: tuple[Condition, ...]) -> int:
        if self._counted is None or self._counted[0] != where:
            condition, values = _sql_of(where, self.columns)
            rows = self._ask(f"SELECT count(*) FROM {self._view} WHERE {condition}", values)
            self._counted = (where, int(rows[0][0]))
        return self._counted[1]

    def page(self, offset: int, limit: int, order: Order | None, where: Sequence[Condition]) -> list[GridRow]:
        """So many events from there on, in that order."""
        with self._lock:
            if self._is_closed:
                return []
            self._lay_down(order, tuple(where))
            names = ", ".join(quoted(column.name) for column in self.columns)
            if self._is_wide:
                query = (
                    f"SELECT event_key, {names} FROM in_order WHERE rowid >= ? AND rowid < ? ORDER BY rowid"
                )
            else:
                query = (
                    f"SELECT event_key, {names} FROM (SELECT event_key, rowid AS place FROM in_order "
                    f"WHERE rowid >= ? AND rowid < ?) JOIN {self._view} USING (event_key) ORDER BY place"
                )
            return [
                GridRow(key, tuple(values)) for key, *values in self._ask(query, [offset, offset + limit])
            ]

    def renew(self) -> None:
        """Read the project anew from the next page on: events were saved."""
        with self._lock:
            self._close()

    def close(self) -> None:
        """Let the project's files go; what is asked after that finds no rows."""
        with self._lock:
            self._is_closed = True
            self._close()

    def _close(self) -> None:
        self._laid_down = self._counted = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _lay_down(self, order: Order | None, where: tuple[Condition, ...]) -> None:
        if self._laid_down == (order, where):
            return
        self._laid_down = None
        condition, values = _sql_of(where, self.columns)
        self._is_wide = self._count(where) <= MOST_LAID_DOWN
        names = (
            ", ".join(["event_key", *(quoted(c.name) for c in self.columns)])
            if self._is_wide
            else "event_key"
        )
        self._ask(
            f"CREATE OR REPLACE TEMP TABLE in_order AS SELECT {names} FROM {self._view} "
            f"WHERE {condition} ORDER BY {_order_sql(order)}event_key",
            values,
        )
        self._laid_down = (order, where)

    def _ask(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = self._connect()
        rows: list[tuple[Any, ...]] = self._connection.execute(query, list(values)).fetchall()
        return rows


def _order_sql(order: Order | None) -> str:
    return f"{quoted(order.column)} {'DESC' if order.descending else 'ASC'} NULLS LAST, " if order else ""


def _sql_of(where: Sequence[Condition], columns: Sequence[GridColumn]) -> tuple[str, list[Any]]:
    """The conditions as SQL with its values; only names of the grid's columns get into the text."""
    conditions, values = ["true"], []
    numbers = {column.name for column in columns if column.is_number}
    for condition in where:
        if condition.column is None:
            everything = ", ".join(_as_text(column.name) for column in columns)
            negated = "NOT " if condition.operator == "-" else ""
            conditions.append(f"{negated}contains(concat_ws(chr(10), {everything}), {_folded('?')})")
        elif condition.operator == ":":
            conditions.append(f"contains({_as_text(condition.column)}, {_folded('?')})")
        elif condition.operator in ("=", "!="):
            conditions.append(
                f"coalesce({_as_text(condition.column)}, '') {condition.operator} {_folded('?')}"
            )
        elif condition.column in numbers:
            conditions.append(f"{quoted(condition.column)} {condition.operator} TRY_CAST(? AS DOUBLE)")
        else:
            conditions.append(f"{_as_text(condition.column)} {condition.operator} {_folded('?')}")
        values.append(condition.wanted)
    return " AND ".join(conditions), values


def _as_text(name: str) -> str:
    return _folded(quoted(name))


def _folded(value: str) -> str:
    return f"strip_accents(lower(CAST({value} AS VARCHAR)))"
