"""The one place where the aggregates people ask for again and again become SQL: by what, which measures, which period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.console.sentences import nearest, quoted
from data.export.columns import ACLED_COLUMNS
from data.filter import Filter, read_filter
from data.ready import PAIR, actor_rows, group_rows
from schema.errors import QueryError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from data.project import Project
    from schema.codebook import Codebook

PERIODS = {
    "day": "event_date",
    "week": "date_trunc('week', event_date)::DATE",
    "month": "date_trunc('month', event_date)::DATE",
    "quarter": "date_trunc('quarter', event_date)::DATE",
    "year": "year",
}
"""Calendar periods, named by their first day; weeks begin on Monday."""

_STEPS = {
    "day": "INTERVAL 1 DAY",
    "week": "INTERVAL 7 DAY",
    "month": "INTERVAL 1 MONTH",
    "quarter": "INTERVAL 3 MONTH",
}

SPECIAL = ("actor", "disorder_group", "pair")
"""What is no column: actors and groups, and the two sides of an event."""


@dataclass(frozen=True)
class Measure:
    """What is counted, as SQL and in words."""

    sql: str
    words: str
    window: str | None = "sum"
    """What a moving window does with it; None where values of periods tell nothing of their span."""
    empty: str = "0"
    """What stands where there was no event."""


MEASURES = {
    "events": Measure("count(*)", "events"),
    "fatalities": Measure("coalesce(sum(fatalities), 0)::BIGINT", "reported deaths"),
    "deadly_events": Measure("count(*) FILTER (fatalities > 0)", "events with at least one death"),
    "civilian_events": Measure(
        "count(*) FILTER (civilian_targeting IS NOT NULL)", "events that targeted civilians"
    ),
    "civilian_fatalities": Measure(
        "coalesce(sum(fatalities) FILTER (civilian_targeting IS NOT NULL), 0)::BIGINT",
        "deaths in events that targeted civilians",
    ),
    "mean_fatalities": Measure("avg(fatalities)", "deaths per event", None, "NULL"),
    "most_fatalities": Measure("max(fatalities)", "deaths of the deadliest event", "max", "NULL"),
    "places": Measure(
        "count(DISTINCT (country, admin1, location))",
        "different places, by country, admin1 and location",
        None,
    ),
    "days": Measure("count(DISTINCT event_date)", "different days", None),
    "sources": Measure(
        "len(list_distinct(flatten(list(DISTINCT string_split(source, '; ')))))", "different sources", None
    ),
}


@dataclass(frozen=True)
class SummaryRequest:
    """What is to be counted."""

    by: tuple[str, ...] = ("country", "month")
    measures: tuple[str, ...] = ("events", "fatalities")
    where: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    """The last day, included."""
    fill: bool = False
    """Also the periods without events, with zeros, from the first to the last period of all."""
    moving: int | None = None
    """Add to each measure its sum (or highest) over this many periods up to each; fills too."""
    top: int | None = None
    """Only the groups with the most of the first measure, this many; of columns beside a period, with all their periods."""


def summary(
    project: Project,
    *,
    by: Sequence[str] = ("country", "month"),
    measures: Sequence[str] = ("events", "fatalities"),
    where: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    fill: bool = False,
    moving: int | None = None,
    top: int | None = None,
) -> pa.Table:
    """Count the events of a project by columns and calendar periods; QueryError names what is not known."""
    from data import views

    request = SummaryRequest(_once(by), _once(measures), where, since, until, fill, moving, top)
    with views.connect(project) as con:
        return summarise(con, request, project.codebook())


def why_nothing(project: Project, where: str | None) -> tuple[str, ...]:
    """Sentences on what a filter asks for that no event has."""
    from data import views
    from data.words import unknown_actors

    if not where:
        return ()
    with views.connect(project) as con:
        return unknown_actors(con, where)


def compare(
    project: Project,
    first: tuple[dt.date, dt.date],
    second: tuple[dt.date, dt.date],
    *,
    by: Sequence[str] = ("country",),
    measures: Sequence[str] = ("events", "fatalities"),
    where: str | None = None,
    top: int | None = None,
) -> pa.Table:
    """The measures of two periods side by side, with their difference; both ends of a period count.

    `top` keeps the groups with the most of the first measure in both periods together.
    """
    from data import views

    by, measures, codebook = _once(by), _once(measures), project.codebook()
    with views.connect(project) as con:
        condition = read_filter(con, where)
        sides = []
        for since, until in (first, second):
            request = SummaryRequest(by, measures, where, since, until)
            sides.append(summary_sql(con, request, condition, codebook))
        with condition.judging():
            return con.sql(_comparison(by, measures, sides, top)).to_arrow_table()


def summarise(con: duckdb.DuckDBPyConnection, request: SummaryRequest, codebook: Codebook) -> pa.Table:
    """As `summary`, over a connection that is open already."""
    condition = read_filter(con, request.where)
    with condition.judging():
        return con.sql(summary_sql(con, request, condition, codebook)).to_arrow_table()


def summary_sql(
    con: duckdb.DuckDBPyConnection, request: SummaryRequest, condition: Filter, codebook: Codebook
) -> str:
    """The SQL behind a summary; people may copy it and go on from there."""
    columns: tuple[str, ...] = ACLED_COLUMNS
    if not {*request.by} <= {*ACLED_COLUMNS, *PERIODS, *SPECIAL}:
        columns = tuple(str(row[0]) for row in con.execute("DESCRIBE events").fetchall())
    _refuse_unknown(request, columns)
    grouped = _grouped(request, _condition(request, condition), codebook)
    period = next((name for name in request.by if name in PERIODS), None)
    if request.fill or request.moving:
        if period is None:
            raise QueryError(
                f"Periods can be filled only where one is asked for; add one of {', '.join(PERIODS)} to --by."
            )
        grouped = _filled(request, period, grouped)
    if request.moving:
        assert period is not None
        grouped = _moving(request, period, grouped)
    order = ", ".join(map(_name, request.by)) or "1"
    if request.top is not None and not _top_groups(request):
        order = f"{_name(request.measures[0])} DESC, {order}"
        return f"SELECT * FROM ({grouped}) ORDER BY {order} LIMIT {int(request.top)}"
    return f"SELECT * FROM ({grouped}) ORDER BY {order}"


def _refuse_unknown(request: SummaryRequest, columns: Sequence[str]) -> None:
    known = [*columns, *(name for name in (*PERIODS, *SPECIAL) if name not in columns)]
    for name in request.by:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {quoted(near)}?" if near else "DESCRIBE events lists the columns."
            raise QueryError(f"Nothing can be counted by '{name}'; {hint}")
    for name in request.measures:
        if name not in MEASURES:
            raise QueryError(f"There is no measure '{name}'; the measures are {', '.join(MEASURES)}.")
    if not request.measures:
        raise QueryError(f"Name at least one measure: {', '.join(MEASURES)}.")
    if request.since is not None and request.until is not None and request.since > request.until:
        raise QueryError(
            f"The period ends ({request.until}) before it begins ({request.since}); turn the days round."
        )
    if sum(name in PERIODS for name in request.by) > 1 and (request.fill or request.moving):
        raise QueryError("Name one calendar period when periods are to be filled or moved over.")
    if request.moving is not None and request.moving < 1:
        raise QueryError("A moving window spans at least one period.")
    still = [name for name in request.measures if MEASURES[name].window is None]
    if request.moving is not None and still:
        raise QueryError(
            f"{still[0]} of several periods does not follow from {still[0]} of each; leave it out of a moving window."
        )


def _condition(request: SummaryRequest, condition: Filter) -> str:
    parts = [condition.sql]
    if request.since is not None:
        parts.append(f"event_date >= DATE '{request.since:%Y-%m-%d}'")
    if request.until is not None:
        parts.append(f"event_date <= DATE '{request.until:%Y-%m-%d}'")
    return " AND ".join(parts)


def _grouped(request: SummaryRequest, condition: str, codebook: Codebook) -> str:
    """One GROUP BY; what unfolds an event into several rows is unfolded inside, one after the other, before it is counted."""
    source = f"events WHERE {condition}"
    for name in request.by:
        if name == "actor":
            source = f"({actor_rows(f'SELECT * FROM {source}')})"
        if name == "disorder_group":
            source = f"({group_rows(f'SELECT * FROM {source}', codebook)})"
    groups = [f"{_group(name)} AS {_name(name)}" for name in request.by]
    measured = [f"{MEASURES[name].sql} AS {_name(name)}" for name in request.measures]
    tail = " GROUP BY ALL" if request.by else ""
    counted = f"SELECT {', '.join([*groups, *measured])} FROM {source}{tail}"
    return _of_top_groups(counted, source, request) if _top_groups(request) else counted


def _of_top_groups(counted: str, source: str, request: SummaryRequest) -> str:
    """Of what was counted, the groups that have the most over all periods."""
    names = _top_groups(request)
    listed = ", ".join(f"{_group(name)} AS {_name(name)}" for name in names)
    best = (
        f"SELECT {listed}, {MEASURES[request.measures[0]].sql} AS _most FROM {source} GROUP BY ALL"
        f" ORDER BY _most DESC, {', '.join(map(_name, names))} LIMIT {int(request.top or 0)}"
    )
    same = " AND ".join(f"counted.{_name(name)} IS NOT DISTINCT FROM best.{_name(name)}" for name in names)
    return f"SELECT counted.* FROM ({counted}) AS counted SEMI JOIN ({best}) AS best ON {same}"


def _top_groups(request: SummaryRequest) -> list[str]:
    """What `top` chooses from where periods are counted too; empty where it chooses rows."""
    names = [name for name in request.by if name not in PERIODS]
    return names if request.top is not None and len(names) < len(request.by) else []


def _group(name: str) -> str:
    return PERIODS.get(name) or (PAIR if name == "pair" else _name(name))


def _filled(request: SummaryRequest, period: str, grouped: str) -> str:
    """Every group in every period from the first to the last."""
    others = [name for name in request.by if name != period]
    step = _STEPS.get(period)
    low, high = (
        f"(SELECT {side}({period}) FROM counted)" if day is None else _period_of(day, period)
        for day, side in ((request.since, "min"), (request.until, "max"))
    )
    bounds = f"SELECT {low} AS low, {high} AS high"
    every = f"SELECT unnest(generate_series(low, high, {step}))::DATE AS {period} FROM bounds"
    if step is None:
        every = f"SELECT unnest(range(low, high + 1)) AS {period} FROM bounds"
    groups = f"SELECT DISTINCT {', '.join(map(_name, others))} FROM counted" if others else "SELECT 1 AS _one"
    alike = (f"counted.{_name(name)} IS NOT DISTINCT FROM groups.{_name(name)}" for name in others)
    same = " AND ".join([f"counted.{period} = every.{period}", *alike])
    cells = [f"every.{period}" if name == period else f"groups.{_name(name)}" for name in request.by]
    cells += [
        f"coalesce(counted.{_name(name)}, {MEASURES[name].empty}) AS {_name(name)}"
        for name in request.measures
    ]
    return (
        f"WITH counted AS ({grouped}), bounds AS ({bounds}), every AS ({every}), groups AS ({groups})"
        f" SELECT {', '.join(cells)} FROM every CROSS JOIN groups LEFT JOIN counted ON {same}"
    )


def _period_of(day: dt.date, period: str) -> str:
    """The period a given day lies in, as SQL."""
    if period == "year":
        return str(day.year)
    return f"date_trunc('{period}', DATE '{day:%Y-%m-%d}')::DATE"


def _moving(request: SummaryRequest, period: str, filled: str) -> str:
    others = [_name(name) for name in request.by if name != period]
    partition = f"PARTITION BY {', '.join(others)} " if others else ""
    assert request.moving is not None
    frame = f"({partition}ORDER BY {period} ROWS BETWEEN {request.moving - 1} PRECEDING AND CURRENT ROW)"
    sums = ", ".join(
        f'{MEASURES[name].window}({_name(name)}) OVER {frame} AS "{name}_{request.moving}"'
        for name in request.measures
    )
    return f"SELECT *, {sums} FROM ({filled})"


def _comparison(by: tuple[str, ...], measures: tuple[str, ...], sides: Sequence[str], top: int | None) -> str:
    keys = ", ".join(_name(name) for name in by)
    cells = []
    for name in measures:
        empty = MEASURES[name].empty
        one, two = f'coalesce(first."{name}", {empty})', f'coalesce(second."{name}", {empty})'
        percent = f"CASE WHEN {one} = 0 THEN NULL ELSE round(100.0 * ({two} - {one}) / {one}, 1) END"
        cells += [f'{one} AS "{name}_first"', f'{two} AS "{name}_second"']
        cells += [f'{two} - {one} AS "{name}_change"', f'{percent} AS "{name}_percent"']
    # NULL is a group like any other, so USING would not do.
    same = " AND ".join(f"first.{_name(n)} IS NOT DISTINCT FROM second.{_name(n)}" for n in by) or "TRUE"
    merged = ", ".join(f"coalesce(first.{_name(n)}, second.{_name(n)}) AS {_name(n)}" for n in by)
    order = f" ORDER BY {keys}" if by else ""
    if top is not None:
        most = f'"{measures[0]}_first" + "{measures[0]}_second" DESC NULLS LAST'
        order = f" ORDER BY {', '.join([most, *([keys] if keys else [])])} LIMIT {int(top)}"
    listed = f"{merged}, " if by else ""
    both = f"({sides[0]}) AS first FULL JOIN ({sides[1]}) AS second ON {same}"
    return f"SELECT {listed}{', '.join(cells)} FROM {both}{order}"


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
