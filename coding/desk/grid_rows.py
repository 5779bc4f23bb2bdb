"""The one place where the grid asks for rows: pages of a sorted, filtered set, wherever it is kept.

A source answers in a thread of its own, never on the screen's. The filter a person types is read here, once, for
every source.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from coding.desk.plain import one_line
from schema.errors import UnusableInput
from schema.text import fold

Value = str | int | float | dt.date | None
Operator = str
"""One of : = != < <= > >= and - (not)."""


@dataclass(frozen=True)
class GridColumn:
    """One column of the grid."""

    name: str
    label: str
    width: int = 16
    is_number: bool = False
    can_edit: bool = True
    """False for what is derived or given by a release."""


@dataclass(frozen=True)
class Order:
    """By which column the rows stand; ties keep the order of the key."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Condition:
    """One condition of a filter; without a column it is looked for in all of them."""

    column: str | None
    operator: Operator
    wanted: str


@dataclass(frozen=True)
class GridRow:
    """One row: its key, and its values in the order of the columns."""

    key: int
    values: tuple[Value, ...]


class RowSource(Protocol):
    """Rows for a grid."""

    @property
    def columns(self) -> Sequence[GridColumn]:
        """The columns, in order."""

    def count(self, where: Sequence[Condition]) -> int:
        """How many rows fulfil all conditions."""

    def page(self, offset: int, limit: int, order: Order | None, where: Sequence[Condition]) -> list[GridRow]:
        """So many rows from there on, in that order."""

    def renew(self) -> None:
        """Read everything anew from the next page on: rows were changed."""


_TERM = re.compile(
    r'(?P<column>\w+)(?P<operator>!=|<=|>=|[:=<>])(?:"(?P<quoted>[^"]*)"|(?P<bare>\S*))|(?P<without>-)?(?:"(?P<words>[^"]+)"|(?P<word>\S+))'
)


def read_filter(typed: str, columns: Sequence[GridColumn]) -> tuple[Condition, ...]:
    """The conditions a person typed: `hama country:syria fatalities>=3 -protest "two words"`.

    Raises:
        UnusableInput: a column is named that the grid does not have.
    """
    names = {column.name for column in columns}
    found: list[Condition] = []
    for match in _TERM.finditer(typed):
        column, sign = match["column"], match["operator"]
        if column is None:
            found.append(Condition(None, "-" if match["without"] else ":", match["words"] or match["word"]))
        elif column in names:
            found.append(
                Condition(column, sign, match["quoted"] if match["quoted"] is not None else match["bare"])
            )
        else:
            raise UnusableInput(f"the grid has no column {column!r}: its columns are named in its first line")
    return tuple(found)


def cell_text(value: Value) -> str:
    """A value on one line, as the grid shows it and a search reads it."""
    match value:
        case None:
            return ""
        case float():
            return f"{value:.4f}".rstrip("0").rstrip(".")
        case str():
            return one_line(value)
        case _:
            return str(value)


class ListRows:
    """A source over rows that are in memory: the events of an article, of a day."""

    def __init__(
        self, columns: Sequence[GridColumn], rows: Sequence[tuple[int, Mapping[str, Value]]]
    ) -> None:
        self.columns = tuple(columns)
        self._last: tuple[tuple[Order | None, tuple[Condition, ...]], list[GridRow]] | None = None
        self._rows = [GridRow(key, tuple(row.get(column.name) for column in columns)) for key, row in rows]

    def count(self, where: Sequence[Condition]) -> int:
        """How many rows fulfil all conditions."""
        return len(self._in_order(None, where))

    def page(self, offset: int, limit: int, order: Order | None, where: Sequence[Condition]) -> list[GridRow]:
        """So many rows from there on, in that order; empty cells come last."""
        return self._in_order(order, where)[offset : offset + limit]

    def _in_order(self, order: Order | None, where: Sequence[Condition]) -> list[GridRow]:
        asked = (order, tuple(where))
        if self._last is None or self._last[0] != asked:
            self._last = (asked, self._sorted(order, self._kept(where)))
        return self._last[1]

    def _sorted(self, order: Order | None, rows: list[GridRow]) -> list[GridRow]:
        if order:
            place = [column.name for column in self.columns].index(order.column)
            full = [row for row in rows if row.values[place] is not None]
            full.sort(key=lambda row: _sortable(row.values[place]), reverse=order.descending)
            rows = full + [row for row in rows if row.values[place] is None]
        return rows

    def renew(self) -> None:
        """The rows are as they were given; changed ones are shown as another source."""

    @cached_property
    def folded(self) -> list[tuple[str, ...]]:
        """Every row as its cells are compared; made at the first filter, in any thread."""
        texts: dict[tuple[type, Value], str] = {}

        def text_of(value: Value) -> str:
            # one and 1.0 are equal, but do not read alike
            known = texts.get((type(value), value))
            if known is None:
                known = texts[type(value), value] = fold(cell_text(value))
            return known

        return [tuple(map(text_of, row.values)) for row in self._rows]

    def _kept(self, where: Sequence[Condition]) -> list[GridRow]:
        if not where:
            return self._rows
        tests = [self._test(condition) for condition in where]
        rows = zip(self._rows, self.folded, strict=True)
        return [row for row, texts in rows if all(holds(row, texts) for holds in tests)]

    def _test(self, condition: Condition) -> Callable[[GridRow, tuple[str, ...]], bool]:
        wanted, operator_ = fold(condition.wanted), condition.operator
        if condition.column is None:
            stands = operator_ == ":"
            return lambda _, texts: any(wanted in text for text in texts) is stands
        place = [column.name for column in self.columns].index(condition.column)
        if operator_ in _IN_WORDS:
            in_words = _IN_WORDS[operator_]
            return lambda _, texts: in_words(texts[place], wanted)
        compare, number = _COMPARISONS[operator_], _number(condition.wanted)

        def compares(row: GridRow, texts: tuple[str, ...]) -> bool:
            value = row.values[place]
            if isinstance(value, int | float):
                return number is not None and compare(value, number)
            return value is not None and compare(texts[place], wanted)

        return compares


class Narrowed:
    """A source of which only the rows are shown that fulfil some conditions, whatever else is asked."""

    def __init__(self, source: RowSource, always: Sequence[Condition]) -> None:
        self.columns = tuple(source.columns)
        self._source = source
        self._always = tuple(always)

    def count(self, where: Sequence[Condition]) -> int:
        """How many of them fulfil all conditions."""
        return self._source.count((*self._always, *where))

    def page(self, offset: int, limit: int, order: Order | None, where: Sequence[Condition]) -> list[GridRow]:
        """So many of them from there on, in that order."""
        return self._source.page(offset, limit, order, (*self._always, *where))

    def renew(self) -> None:
        """Read everything anew from the next page on: rows were changed."""
        self._source.renew()


_IN_WORDS: Mapping[str, Callable[[str, str], bool]] = {
    ":": operator.contains,
    "=": operator.eq,
    "!=": operator.ne,
}
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _sortable(value: Value) -> tuple[int, float | str]:
    return (0, value) if isinstance(value, int | float) else (1, fold(cell_text(value)))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
