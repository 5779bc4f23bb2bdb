"""The one place where a project becomes one page for people who only look: charts, map, tables, methods, data quality.

The page carries everything it needs and asks no network for anything: a policy in its head forbids it to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from data.export.whole_file import whole_file
from data.filter import Filter, read_filter
from data.report.chart import chart_of, day_labels, short
from data.report.map_svg import map_svg
from data.report.places import Place, told_of
from data.report.svg import chart_svg, multiples_svg
from data.summary import MEASURES, SummaryRequest, summary_sql
from schema.errors import ExportError
from schema.text import counted, safe_text

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from data.project import Project
    from schema.codebook import Codebook

_TABLE_ROWS = 200


@dataclass(frozen=True)
class Report:
    """What was written."""

    path: Path
    rows: int
    filter: str


def write_report(
    project: Project,
    out_path: Path | str,
    *,
    where: str | None = None,
    overwrite: bool = False,
    title: str | None = None,
) -> Report:
    """Write the page; whole or not at all, and over no file unless told.

    Raises:
        ExportError: the path cannot be written, or is there already.
        QueryError: `where` is not a filter.
    """
    from data import views

    path = Path(out_path).expanduser().absolute()
    if path.suffix.casefold() not in (".html", ".htm"):
        raise ExportError(f"{path.name} is no page's name; end it in .html.")
    with whole_file(path, overwrite=overwrite) as draft, views.connect(project) as con:
        condition = read_filter(con, where)
        with condition.judging():
            page = _Page(con, condition, project, title or project.name)
            draft.write_text(page.html(), encoding="utf-8")
        return Report(path, page.rows, condition.text)


class _Page:
    """One page in the making."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, condition: Filter, project: Project, title: str
    ) -> None:
        self._con, self._condition, self._title = con, condition, title
        self._codebook: Codebook = project.codebook()
        self.facts = self._row(
            "count(*) AS events, coalesce(sum(fatalities), 0)::BIGINT AS fatalities, min(event_date) AS first,"
            " max(event_date) AS last, count(DISTINCT country) AS countries,"
            " count(DISTINCT (country, admin1, location)) AS places, max(saved_at) AS saved,"
            " count(*) FILTER (origin = 'imported') AS imported"
        )
        self.rows = int(self.facts["events"])
        self._source = f"Source: {title}, {counted(self.rows, 'event')}, {condition}"

    def html(self) -> str:
        """The whole page."""
        drawn = [*self._charts(), self._map()] if self.rows else ["<p>No event fits the filter.</p>"]
        body = [self._head(), self._figures(), *drawn, *self._tables(), self._methods(), self._quality()]
        parts = {"style": _file("page.css"), "script": _file("page.js"), "title": _text(self._title)}
        return Template(_file("page.html")).substitute(parts, body="\n".join(body))

    def _row(self, cells: str) -> dict[str, Any]:
        found = (
            self._con.sql(f"SELECT {cells} FROM events WHERE {self._condition.sql}")
            .to_arrow_table()
            .to_pylist()
        )
        return dict(found[0])

    def _summary(self, by: Sequence[str], measure: str, *, fill: bool = False) -> pa.Table:
        """The counts; over periods in their order, else the most first."""
        request = SummaryRequest(tuple(by), (measure,), fill=fill)
        sql = summary_sql(self._con, request, self._condition, self._codebook)
        counted = self._con.sql(sql).to_arrow_table()
        ranked = [(measure, "descending"), *((name, "ascending") for name in by)]
        return counted if fill else counted.sort_by(ranked)

    def _head(self) -> str:
        span = f"{self.facts['first']} to {self.facts['last']}" if self.rows else "no events"
        written = dt.datetime.now(dt.UTC).strftime("%d %B %Y, %H:%M UTC")
        told = f"{_text(span)}. Filter: {_text(str(self._condition))}. Written {written}."
        return f"<header><h1>{_text(self._title)}</h1><p>{told}</p></header>"

    def _figures(self) -> str:
        shown = (
            ("events", "events"),
            ("fatalities", "reported deaths"),
            ("countries", "countries"),
            ("places", "named places"),
        )
        cells = "".join(
            f"<div><b>{int(self.facts[name]):,}</b><span>{words}</span></div>" for name, words in shown
        )
        return f'<section class="figures">{cells}</section>'

    def _charts(self) -> list[str]:
        period = self._period()
        over = "a year" if period == "year" else f"a {period}"
        both = "events with the actor on either side or associated"
        # The last word: whether groups can be added up. An event has one country, but several actors and groups.
        plan = (
            (("event_type", period), "events", f"Events by type and {period}", f"events {over}", True),
            ((period,), "fatalities", f"Reported deaths by {period}", f"deaths {over}", True),
            (("country",), "events", "Events by country", "events", True),
            (("sub_event_type",), "events", "Events by sub-event type", "events", True),
            (("actor",), "events", "Actors in most events", both, False),
            (("disorder_group",), "events", "Groups of disorder (they overlap)", "events", False),
        )
        parts = []
        for by, measure, title, unit, adds in plan:
            table = self._summary(by, measure, fill=period in by)
            chart = chart_of(table, title=title, unit=unit, source=self._source, most_bars=15, adds=adds)
            parts.append(_figure(chart_svg(chart), _table(table, self._codebook), title))
            if len(chart.series) > 1:
                parts.append(_figure(multiples_svg(replace(chart, title="The same, one by one")), "", ""))
        return parts

    def _period(self) -> str:
        """Days, months or years: what gives a line and not a dot or a carpet."""
        days = (self.facts["last"] - self.facts["first"]).days
        return "day" if days <= 62 else "month" if days <= 12 * 366 else "year"

    def _map(self) -> str:
        found = self._con.sql(
            "SELECT longitude AS x, latitude AS y, count(*) AS n, any_value(location) AS name"
            f" FROM events WHERE {self._condition.sql} AND longitude IS NOT NULL AND latitude IS NOT NULL"
            " GROUP BY ALL"
        ).to_arrow_table()
        places = [Place(row["x"], row["y"], row["n"], row["name"] or "") for row in found.to_pylist()]
        drawing = map_svg(
            places,
            title="Where",
            unit=told_of(places, "events"),
            source=self._source,
            width=760,
            height=520,
        )
        keys = '<p class="keys"><button data-zoom="0.7">+</button> <button data-zoom="1.4">−</button>'
        keys += ' <button data-zoom="0">whole</button> drag to move, wheel to zoom</p>'
        return f'<figure class="zoom"><div class="wide">{drawing}</div>{keys}{self._two_counts(len(places))}</figure>'

    def _two_counts(self, points: int) -> str:
        """Why the map has another number of places than the figures, where it has."""
        named = int(self.facts["places"])
        if named == points:
            return ""
        return (
            f'<p class="keys">The map counts places by their coordinates ({points:,}), the figures above by country, '
            f"province and name ({named:,}): a name can stand at several points, and several names at one.</p>"
        )

    def _tables(self) -> list[str]:
        found = self._con.sql(
            "SELECT event_date, country, admin1, location, sub_event_type, actor1, actor2, fatalities, source"
            f" FROM events WHERE {self._condition.sql} ORDER BY fatalities DESC NULLS LAST, event_date DESC LIMIT 25"
        ).to_arrow_table()
        return (
            [f"<section class='events'><h2>Deadliest events</h2>{_table(found, self._codebook)}</section>"]
            if self.rows
            else []
        )

    def _methods(self) -> str:
        measures = "".join(
            f"<dt>{_text(name)}</dt><dd>{_text(measure.words)}</dd>" for name, measure in MEASURES.items()
        )
        kinds = {kind.name: kind.definition for kind in self._codebook.sub_event_types}
        defined = "".join(f"<dt>{_text(name)}</dt><dd>{_text(words)}</dd>" for name, words in kinds.items())
        told = " ".join([*self._made(), "An actor counts once an event, on either side or associated."])
        return (
            f"<section><h2>Methods</h2><p>Each event is one row. {_text(told)}</p>"
            f"<details><summary>Measures</summary><dl>{measures}</dl></details>"
            f"<details><summary>Kinds of events</summary><dl>{defined}</dl></details></section>"
        )

    def _made(self) -> list[str]:
        """How the events of the page came to be: coded here, imported, or both."""
        imported = int(self.facts["imported"] or 0)
        coded, book = self.rows - imported, f"“{self._codebook.title or self._codebook.name}”"
        told = []
        if coded:
            told.append(
                f"{counted(coded, 'event')} {_were(coded)} coded in this project, from news reports by people with the codebook"
                f" {book}; every value rests on words of an article or on the codebook. Their deaths are reported deaths: where"
                " a report names none, 0 is coded, and words such as “dozens” become the codebook's numbers."
            )
        if imported:
            told.append(
                f"{counted(imported, 'event')} {_were(imported)} imported from event files and {_were(imported)} not coded in"
                f" this project: what was read, and how deaths were counted, is for whoever made the files to say. The rules of"
                f" the codebook {book} were applied to them on the way in."
            )
        return told

    def _quality(self) -> str:
        shares = self._row(
            "avg((time_precision > 1)::INTEGER) AS day, avg((geo_precision > 1)::INTEGER) AS place,"
            " avg((geo_precision = 3)::INTEGER) AS wide, avg((actor2 IS NULL)::INTEGER) AS alone,"
            " avg((source NOT LIKE '%; %')::INTEGER) AS single, avg((origin = 'imported')::INTEGER) AS imported,"
            " avg((status = 'submitted')::INTEGER) AS open"
        )
        told = (
            ("day", "The exact day is not known (time precision 2 or 3)."),
            ("place", "The exact place is not known (geographic precision 2 or 3)."),
            ("wide", "The place stands for a whole region (geographic precision 3)."),
            ("alone", "Only one side is coded."),
            ("single", "One source only."),
            ("imported", "Imported, not coded in this project."),
            ("open", "Submitted and not yet approved by a second person."),
        )
        rows = "".join(
            f"<tr><td class='n'>{_share(shares[name])}</td><td>{_text(words)}</td></tr>"
            for name, words in told
        )
        caution = (
            "What is not reported is not here: places far from journalists and days of much other news are told less often. "
            "Comparing places or years compares reporting too."
        )
        return f"<section><h2>Data quality</h2><div class='wide'><table>{rows}</table></div><p>{caution}</p></section>"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


def _figure(drawing: str, table: str, title: str) -> str:
    told = f"<details><summary>{_text(title)} as a table</summary>{table}</details>" if table else ""
    return f'<figure><div class="wide">{drawing}</div>{told}</figure>'


def _table(table: pa.Table, codebook: Codebook) -> str:
    """The first rows under plain words, in a box of its own that scrolls sideways."""
    head = "".join(f"<th>{_text(_heading(name, codebook))}</th>" for name in table.column_names)
    columns = [table[name].to_pylist() for name in table.column_names]
    shown = [_cells(column, name) for name, column in zip(table.column_names, columns, strict=True)]
    rows = "".join(f"<tr>{''.join(cells)}</tr>" for cells in zip(*shown, strict=True))
    hidden = table.num_rows - _TABLE_ROWS
    more = (
        f"<p>{counted(hidden, 'more row')} {'is' if hidden == 1 else 'are'} not shown.</p>"
        if hidden > 0
        else ""
    )
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="wide">{body}</div>{more}'


def _heading(name: str, codebook: Codebook) -> str:
    """A column's label in the codebook, else its name or its measure's meaning in plain words."""
    if codebook.has_column(name) and codebook.column(name).label:
        return codebook.column(name).label
    words = MEASURES[name].words if name in MEASURES else name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _cells(column: Sequence[object], name: str) -> list[str]:
    """The first cells of a column: numbers and days so that they line up, periods by their names."""
    if name != "event_date" and any(isinstance(cell, dt.date) for cell in column):
        periods = [cell if isinstance(cell, dt.date) else "" for cell in column]
        return [f"<td class='d'>{label}</td>" for label in day_labels(periods)[:_TABLE_ROWS]]
    return [_cell(cell, name) for cell in column[:_TABLE_ROWS]]


def _cell(cell: object, name: str) -> str:
    if isinstance(cell, (int, float)) and name != "year":
        return f"<td class='n'>{short(cell)}</td>"
    kind = " class='d'" if isinstance(cell, dt.date) else ""
    return f"<td{kind}>{_text('' if cell is None else str(cell))}</td>"


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _text(words: str) -> str:
    return escape(safe_text(words, keep_newlines=False))
