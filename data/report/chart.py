"""The one place where an answer is laid out as a chart, whatever draws it: series over periods, or bars over names."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from data.console.formats import is_number
from schema.errors import QueryError

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["line", "bars"]
Position = dt.date | str | int
OTHERS = "others"
_NO_COUNTS = (
    "mean",
    "avg",
    "average",
    "median",
    "share",
    "percent",
    "rate",
    "ratio",
    "most",
    "max",
    "min",
    "highest",
)
"""First words of values that are not so many a month."""
_MOST_SERIES, _MOST_POSITIONS = 200, 20_000
"""What an answer may have at most before the rest is only counted, or holes between its days are no longer looked for."""
Key = TypeVar("Key")


@dataclass(frozen=True)
class Step:
    """From one period to the next."""

    period: str
    months: int = 0
    days: int = 0

    def after(self, at: dt.date | int) -> dt.date | int:
        """The position that follows; a number is a year."""
        if isinstance(at, int):
            return at + 1
        if self.days:
            return at + dt.timedelta(days=self.days)
        month = 12 * at.year + at.month - 1 + self.months
        return at.replace(year=month // 12, month=month % 12 + 1)


_STEPS = {
    "day": Step("day", days=1),
    "week": Step("week", days=7),
    "month": Step("month", months=1),
    "quarter": Step("quarter", months=3),
    "year": Step("year", months=12),
}


@dataclass(frozen=True)
class Series:
    """One line, or one set of bars."""

    name: str
    values: tuple[float | None, ...]
    """None where nothing is known: a line has a gap there."""

    @property
    def runs(self) -> list[list[tuple[int, float]]]:
        """The stretches a line may join: positions that follow each other, with their values."""
        found: list[list[tuple[int, float]]] = [[]]
        for index, value in enumerate(self.values):
            if value is not None:
                found[-1].append((index, value))
            elif found[-1]:
                found.append([])
        return [run for run in found if run]

    @property
    def last(self) -> float:
        """Its last value, 0 where it has none: its name stands there."""
        return next((value for value in reversed(self.values) if value is not None), 0.0)


@dataclass(frozen=True)
class Chart:
    """What a drawer needs to know."""

    title: str
    unit: str
    source: str
    positions: tuple[Position, ...]
    """Days of a line, names of bars; each series has a value for each."""
    series: tuple[Series, ...]
    """The largest first."""
    kind: Kind
    note: str = ""
    """What is not drawn, or was added up, in words."""
    named: bool = False
    """Whether a column names the series; a lone line of a chart without one is told by the unit."""
    adds: bool = False
    """Whether the values of several series together mean something: counts do, means do not."""
    hidden: int = 0
    """Series that were too many to be kept."""

    @property
    def highest(self) -> float:
        """The largest value, at least 0."""
        return max((value or 0.0 for series in self.series for value in (*series.values, 0.0)), default=0.0)

    @property
    def lowest(self) -> float:
        """The smallest value, at most 0: an axis always holds 0."""
        return min((value or 0.0 for series in self.series for value in (*series.values, 0.0)), default=0.0)

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

    def of_largest(self, most: int, *, others: bool = True) -> Chart:
        """The chart of its largest series; the rest as one line where they add up, else told to be left out."""
        every = len(self.series) + self.hidden
        if every <= most:
            return self
        if self.adds and others and not self.hidden:
            kept, rest = self.series[: most - 1], self.series[most - 1 :]
            columns = zip(*(series.values for series in rest), strict=True)
            together = Series(OTHERS, tuple(map(_sum, columns)))
            return replace(self, series=(*kept, together))
        told = f"the {most} largest of {every:,} series are drawn, {every - most:,} left out"
        note = f"{self.note}; {told}" if self.note else told[:1].upper() + told[1:]
        return replace(self, series=self.series[:most], note=note, hidden=0)


def chart_of(
    table: pa.Table,
    *,
    title: str | None = None,
    unit: str | None = None,
    source: str = "",
    most_bars: int = 20,
    adds: bool = False,
) -> Chart:
    """Lay out an answer: the last column is the value, a column of days or years makes a line, a text the series.

    Without a title it is named by its columns. Only who counted knows whether values add up: `adds`.

    Raises:
        QueryError: the answer has no number in its last column, or no column to put it over.
    """
    if table.num_columns < 2 or not is_number(table.schema.field(table.num_columns - 1).type):
        raise QueryError(
            "A chart needs something to count over and, last, a number: SELECT country, count(*) … GROUP BY 1."
        )
    names, value = table.column_names[:-1], table.column_names[-1]
    over = next((name for name in names if _is_day(table.schema.field(name).type) or name == "year"), None)
    cells = table.to_pydict()
    numbers = [_finite(number) for number in cells[value]]
    words = plain_name(value)
    title = title or f"{words[:1].upper()}{words[1:]} by {_listed([plain_name(name) for name in names])}"
    if over is None:
        bars = _bars(list(zip(_labels(cells, names), numbers, strict=True)), unit or words, most_bars, adds)
        return replace(bars, title=title, source=source)
    rest = [name for name in names if name != over]
    labels = _labels(cells, rest) if rest else [words] * table.num_rows
    days = [at.date() if isinstance(at, dt.datetime) else at for at in cells[over]]
    step = _step(over, days)
    chart = _lines(list(zip(days, labels, numbers, strict=True)), step)
    return replace(
        chart, title=title, unit=unit or _rate(words, step), source=source, named=bool(rest), adds=adds
    )


def plain_name(column: str) -> str:
    """A column's name as words.

    >>> plain_name("mean_fatalities"), plain_name("n"), plain_name("count_star()")
    ('mean fatalities', 'number', 'number')
    """
    if column.casefold() in ("n", "count", "count_star()", "count(*)"):
        return "number"
    return column.replace("_", " ").strip() or "value"


def _listed(words: Sequence[str]) -> str:
    """With commas, and an “and” before the last."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def adds_up(column: str) -> bool:
    """Whether a column's name leaves open that its values are added; those of means and shares never are.

    >>> adds_up("events"), adds_up("mean_fatalities"), adds_up("share")
    (True, False, False)
    """
    return plain_name(column).split(maxsplit=1)[0].casefold() not in _NO_COUNTS


def _rate(words: str, step: Step | None) -> str:
    """What is counted, with its period: so many a month; what is no count stands in each month."""
    if step is None:
        return words
    return f"{words} a {step.period}" if adds_up(words) else f"{words} in each {step.period}"


def _is_day(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))


def _finite(number: float | None) -> float | None:
    """A number that can be drawn; nothing and what is no number have no place."""
    return float(number) if number is not None and math.isfinite(number) else None


def _sum(values: Sequence[float | None]) -> float | None:
    """Together; nothing where nothing is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _labels(cells: dict[str, list[object]], names: Sequence[str]) -> list[str]:
    rows = zip(*(cells[name] for name in names), strict=True)
    return [", ".join("(not known)" if part is None else str(part) for part in row) for row in rows]


def _bars(pairs: list[tuple[str, float | None]], unit: str, most: int, adds: bool) -> Chart:
    sums, shared = _added((name, name, number) for name, number in pairs)
    totals = {name: values[name] for name, values in sums.items()}
    ranked = sorted(totals.items(), key=lambda pair: (pair[1] is None, -(pair[1] or 0.0)))
    kept, rest = ranked[:most], ranked[most:]
    names, numbers = zip(*kept, strict=True) if kept else ((), ())
    notes = []
    if rest:
        others = OTHERS if len(rest) > 1 else "other"
        together = f", {short(_sum([number for _, number in rest]) or 0)} together" if adds else ""
        notes.append(f"… and {len(rest):,} {others}{together}")
    if shared:
        notes.append("Rows of the same name are added up")
    return Chart(
        "", unit, "", tuple(names), (Series(unit, tuple(numbers)),), "bars", "; ".join(notes), adds=adds
    )


def _added(
    cells: Iterable[tuple[str, Key, float | None]],
) -> tuple[dict[str, dict[Key, float | None]], bool]:
    """The value of each series at each position, and whether any is the sum of several rows."""
    sums: dict[str, dict[Key, float | None]] = {}
    shared = False
    for label, at, number in cells:
        values = sums.setdefault(label, {})
        if at in values:
            shared = True
            values[at] = _sum([values[at], number])
        else:
            values[at] = number
    return sums, shared


def _lines(cells: list[tuple[dt.date | int | None, str, float | None]], step: Step | None) -> Chart:
    known = [(label, over, number) for over, label, number in cells if over is not None]
    positions = _without_holes(sorted({over for _, over, _ in known}), step)
    sums, shared = _added(known)
    totals = {label: sum(abs(value or 0.0) for value in values.values()) for label, values in sums.items()}
    ranked = sorted(totals, key=lambda label: (-totals[label], label))
    series = tuple(Series(label, tuple(map(sums[label].get, positions))) for label in ranked[:_MOST_SERIES])
    note = ""
    if shared:
        note = f"Several rows of the same {step.period if step else 'day'} are added up"
    return Chart(
        "", "", "", tuple(positions), series, "line", note, hidden=max(len(ranked) - _MOST_SERIES, 0)
    )


def _step(name: str, days: Sequence[dt.date | int | None]) -> Step | None:
    """The period from one position to the next: by the column's name, else by the days there are."""
    if name in _STEPS:
        return _STEPS[name]
    known = {day for day in days if isinstance(day, dt.date)}
    months = {12 * day.year + day.month for day in known}
    if len(known) < 2:
        return None
    if any(day.day != 1 for day in known):
        apart = math.gcd(*(day.toordinal() - min(known).toordinal() for day in known))
        return _STEPS["week" if apart % 7 == 0 else "day"]
    apart = math.gcd(*(month - min(months) for month in months))
    return _STEPS["year" if apart % 12 == 0 else "quarter" if apart % 3 == 0 else "month"]


def _late(at: dt.date | int) -> bool:
    """A day that some months do not have."""
    return isinstance(at, dt.date) and at.day > 28


def _without_holes(positions: list[Any], step: Step | None) -> list[Any]:
    """Every period from the first to the last, also those without a row; as they are where they keep no step."""
    if step is None or len(positions) < 2 or (step.months and _late(positions[0])):
        return positions
    every: list[Any] = []
    at = positions[0]
    while at <= positions[-1] and len(every) <= _MOST_POSITIONS:
        every.append(at)
        at = step.after(at)
    return every if set(positions) <= set(every) else positions


def ticks(highest: float, lowest: float = 0.0, *, about: int = 5) -> list[float]:
    """Round numbers from 0, or from below `lowest`, to at least `highest`.

    >>> ticks(18), ticks(18, -7)
    ([0, 5, 10, 15, 20], [-10, 0, 10, 20])
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


def day_label(position: Position, span: Sequence[Position]) -> str:
    """A date as short as its neighbours allow: years, months, or days."""
    return _labelled(position, _day_form(span))


def day_labels(positions: Sequence[Position]) -> list[str]:
    """The label of each of them."""
    form = _day_form(positions)
    return [_labelled(position, form) for position in positions]


def _day_form(span: Sequence[Position]) -> str:
    days = [day for day in span if isinstance(day, dt.date)]
    if all(day.day == 1 and day.month == 1 for day in days):
        return "%Y"
    return "%b %Y" if all(day.day == 1 for day in days) else "%-d %b %Y"


def _labelled(position: Position, form: str) -> str:
    if not isinstance(position, dt.date):
        return str(position)
    # A day without its zero has no sign of its own on every system.
    return position.strftime(form.replace("%-d", str(position.day)))
