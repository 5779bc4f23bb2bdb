"""The one place where an answer is laid out as a chart, whatever draws it: series over periods, or bars over names."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from schema.errors import QueryError

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["line", "bars"]
OTHERS = "others"


@dataclass(frozen=True)
class Series:
    """One line, or one set of bars."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """What a drawer needs to know."""

    title: str
    unit: str
    source: str
    positions: tuple[dt.date | str | int, ...]
    """Days of a line, names of bars; each series has a value for each."""
    series: tuple[Series, ...]
    kind: Kind
    note: str = ""
    """What is not drawn, in words."""
    named: bool = False
    """Whether a column names the series; a lone line of a chart without one is told by the unit."""

    @property
    def highest(self) -> float:
        """The largest value, at least 0."""
        return max((value for series in self.series for value in (*series.values, 0.0)), default=0.0)

    @property
    def lowest(self) -> float:
        """The smallest value, at most 0: an axis always holds 0."""
        return min((value for series in self.series for value in (*series.values, 0.0)), default=0.0)

    @property
    def places(self) -> tuple[float, ...]:
        """Where each position stands, from 0 to 1: days and years at their distance, names one after the other."""
        steps = [at.toordinal() if isinstance(at, dt.date) else at for at in self.positions]
        numbers = [step if isinstance(step, int) else index for index, step in enumerate(steps)]
        span = (numbers[-1] - numbers[0]) or 1 if numbers else 1
        return tuple((number - numbers[0]) / span for number in numbers)

    def alone(self, series: Series) -> Chart:
        """The chart of one of its series, for small multiples."""
        return Chart(series.name, self.unit, "", self.positions, (series,), self.kind)


def chart_of(
    table: pa.Table,
    *,
    title: str | None = None,
    unit: str | None = None,
    source: str = "",
    most_series: int = 6,
    most_bars: int = 20,
) -> Chart:
    """Lay out an answer: the last column is the value, a column of days or years makes a line, a text the series.

    Without a title it is named by its columns.

    Raises:
        QueryError: the answer has no number in its last column, or no column to put it over.
    """
    if table.num_columns < 2 or not _is_number(table.schema.field(table.num_columns - 1).type):
        raise QueryError(
            "A chart needs something to count over and, last, a number: SELECT country, count(*) … GROUP BY 1."
        )
    names, value = table.column_names[:-1], table.column_names[-1]
    over = next((name for name in names if _is_day(table.schema.field(name).type) or name == "year"), None)
    cells = table.to_pydict()
    numbers = [_finite(number) for number in cells[value]]
    title = title or f"{value} by {', '.join(names)}"
    unit = unit or value
    if over is None:
        return _bars(list(zip(_labels(cells, names), numbers, strict=True)), title, unit, source, most_bars)
    rest = [name for name in names if name != over]
    labels = _labels(cells, rest) if rest else [value] * table.num_rows
    days = [at.date() if isinstance(at, dt.datetime) else at for at in cells[over]]
    chart = _lines(list(zip(days, labels, numbers, strict=True)), title, unit, source, most_series)
    return replace(chart, named=bool(rest))


def _is_day(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def _finite(number: float | None) -> float:
    """A number that can be drawn; nothing and what is no number stand at 0."""
    drawn = float(number or 0)
    return drawn if math.isfinite(drawn) else 0.0


def _labels(cells: dict[str, list[object]], names: Sequence[str]) -> list[str]:
    rows = zip(*(cells[name] for name in names), strict=True)
    return [", ".join("(not known)" if part is None else str(part) for part in row) for row in rows]


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _bars(pairs: list[tuple[str, float]], title: str, unit: str, source: str, most: int) -> Chart:
    ranked = sorted(pairs, key=lambda pair: -pair[1])
    kept, rest = ranked[:most], ranked[most:]
    names, numbers = zip(*kept, strict=True) if kept else ((), ())
    series = (Series(unit, tuple(numbers)),)
    together = short(sum(number for _, number in rest))
    others = OTHERS if len(rest) > 1 else "other"
    note = f"… and {len(rest):,} {others}, {together} together" if rest else ""
    return Chart(title, unit, source, tuple(names), series, "bars", note)


def _lines(
    cells: list[tuple[dt.date | int, str, float]], title: str, unit: str, source: str, most: int
) -> Chart:
    positions = sorted({over for over, _, _ in cells if over is not None})
    place = {over: index for index, over in enumerate(positions)}
    totals: dict[str, float] = {}
    for _, label, number in cells:
        totals[label] = totals.get(label, 0) + number
    ranked = sorted(totals, key=lambda label: (-totals[label], label))
    shown = ranked if len(ranked) <= most else ranked[: most - 1]
    sums: dict[str, list[float]] = {label: [0.0] * len(positions) for label in shown}
    if len(shown) < len(ranked):
        sums[OTHERS] = [0.0] * len(positions)
    for over, label, number in cells:
        if over is not None:
            sums[label if label in sums else OTHERS][place[over]] += number
    series = tuple(Series(label, tuple(values)) for label, values in sums.items())
    return Chart(title, unit, source, tuple(positions), series, "line")


def ticks(highest: float, lowest: float = 0.0, *, about: int = 5) -> list[float]:
    """Round numbers from 0, or from below `lowest`, to at least `highest`.

    >>> ticks(18), ticks(18, -7)
    ([0.0, 5.0, 10.0, 15.0, 20.0], [-10.0, 0.0, 10.0, 20.0])
    """
    if highest <= 0 and lowest >= 0:
        return [0.0, 1.0]
    rough = (highest - lowest) / max(about - 1, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough)
    if highest - lowest >= 1 and step < 1:
        step = 1
    return [step * index for index in range(math.floor(lowest / step), math.ceil(highest / step) + 1)]


def short(number: float) -> str:
    """A number for an axis.

    >>> short(1500), short(2_000_000), short(0.25), short(12)
    ('1,500', '2M', '0.25', '12')
    """
    if abs(number) >= 1_000_000:
        return f"{number / 1_000_000:g}M"
    return f"{number:,.0f}" if float(number).is_integer() or abs(number) >= 1000 else f"{number:.3g}"


def day_label(position: dt.date | str | int, span: Sequence[dt.date | str | int]) -> str:
    """A date as short as its neighbours allow: years, months, or days."""
    if not isinstance(position, dt.date):
        return str(position)
    days = [day for day in span if isinstance(day, dt.date)]
    if all(day.day == 1 and day.month == 1 for day in days):
        return str(position.year)
    return f"{position:%b %Y}" if all(day.day == 1 for day in days) else f"{position.day} {position:%b %Y}"
