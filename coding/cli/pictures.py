"""The one place where the commands that draw are worded: chart, map, report."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coding.cli.asking import where_option
from coding.cli.options import project_argument
from coding.cli.telling import say
from schema.errors import QueryError
from schema.text import counted

if TYPE_CHECKING:
    import pyarrow as pa

    from data.project import Project

out_option = click.option(
    "--out",
    metavar="OUT.svg|.png",
    type=click.Path(path_type=Path),
    help="Write a picture instead of drawing here.",
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace OUT if it is there already.")
title_option = click.option("--title", metavar="TEXT", help="The title; by default it says what is shown.")


@click.command(
    "chart",
    short_help="Draw the answer of a query.",
    epilog="""\b
Examples:
  eventcoder chart syria "SELECT date_trunc('month', event_date)::DATE AS month, count(*) AS events FROM events GROUP BY 1"
  eventcoder chart syria "SELECT event_type, sum(fatalities) AS fatalities FROM events GROUP BY 1" --out deaths.svg
The last column is drawn; a column of days or years makes a line, a column of words its series or bars.""",
)
@project_argument
@click.argument("query", metavar='"SELECT …"')
@title_option
@click.option("--multiples", is_flag=True, help="One small chart for each series.")
@out_option
@overwrite_option
def chart_command(
    folder: Path, query: str, title: str | None, multiples: bool, out: Path | None, overwrite: bool
) -> None:
    """Draw the answer of a query as lines or bars, in the terminal or as a picture."""
    from data.console import run_sql
    from data.project import Project
    from data.report.chart import chart_of
    from data.report.picture import write_picture
    from data.report.svg import chart_svg, multiples_svg
    from data.report.text_chart import as_text, draw, draw_multiples

    project = Project.open(folder)
    chart = chart_of(run_sql(project, query), title=title, source=f"Source: {project.name}")
    if out is not None:
        drawing = multiples_svg(chart) if multiples else chart_svg(chart)
        say(f"Drawn: {write_picture(drawing, out, overwrite=overwrite)}")
        return
    columns, lines = _room()
    drawn = (draw_multiples if multiples else draw)(chart, width=columns, height=lines)
    say(as_text(drawn))


@click.command(
    "map",
    short_help="Draw events on a map.",
    epilog="""\b
Examples:
  eventcoder map syria
  eventcoder map syria --where "fatalities > 10" --out map.svg
  eventcoder map syria --query "SELECT longitude, latitude, sum(fatalities) AS dead FROM events GROUP BY ALL" """,
)
@project_argument
@click.option(
    "--query", metavar='"SELECT …"', help="Another weight: longitude, latitude, a number and perhaps a name."
)
@where_option
@title_option
@out_option
@overwrite_option
def map_command(
    folder: Path, query: str | None, where: str | None, title: str | None, out: Path | None, overwrite: bool
) -> None:
    """Draw the events on coastlines and borders, in the terminal or as a picture."""
    from data.console import run_sql
    from data.project import Project
    from data.report.chart import adds_up
    from data.report.map_svg import map_svg
    from data.report.picture import write_picture
    from data.report.places import map_title, places_of, told_of
    from data.report.text_chart import as_text, draw_map

    if query and where:
        raise click.UsageError(
            "--where narrows the map of events; with --query write the condition into the query."
        )
    project = Project.open(folder)
    answer, filtered = (run_sql(project, query), "") if query else _events_by_place(project, where)
    places, unit = places_of(answer)
    if not places:
        raise QueryError(
            "No event with coordinates is left to draw: widen the filter, or code a place first."
        )
    told, adds = told_of(places, unit), adds_up(unit)
    title, source = title or map_title(unit), f"Source: {project.name}"
    if out is not None:
        drawing = map_svg(places, title=title, unit=told, source=source, where=filtered, adds=adds)
        say(f"Drawn: {write_picture(drawing, out, overwrite=overwrite)}")
        return
    columns, lines = _room()
    drawn = draw_map(
        places, title=title, unit=told + filtered, source=source, width=columns, height=lines, adds=adds
    )
    say(as_text(drawn))


def _events_by_place(project: Project, where: str | None) -> tuple[pa.Table, str]:
    """The events at each place, by the one filter language, and the filter in words."""
    from data import views
    from data.filter import read_filter

    with views.connect(project) as con:
        condition = read_filter(con, where)
        with condition.judging():
            answer = con.sql(
                "SELECT longitude, latitude, count(*) AS events, any_value(location) AS location FROM events"
                f" WHERE {condition.sql} AND longitude IS NOT NULL AND latitude IS NOT NULL GROUP BY longitude, latitude"
            ).to_arrow_table()
    return answer, f", where {condition}" if condition.text else ""


@click.command(
    "report",
    short_help="Write charts, map and tables as a page.",
    epilog='Example:  eventcoder report syria syria.html --where "year = 2024"',
)
@project_argument
@click.argument("out", metavar="OUT.html", type=click.Path(path_type=Path))
@where_option
@title_option
@overwrite_option
def report_command(folder: Path, out: Path, where: str | None, title: str | None, overwrite: bool) -> None:
    """Write one HTML page with charts, a map, tables and notes on method and quality; it opens without a network."""
    from data.project import Project
    from data.report.html import write_report

    report = write_report(Project.open(folder), out, where=where, overwrite=overwrite, title=title)
    filtered = f" where {report.filter}" if report.filter else ""
    say(f"Wrote a report on {counted(report.rows, 'event')}{filtered} to {report.path}.")


def _room() -> tuple[int, int]:
    """Columns and lines of the terminal to draw in; 80x24 in a pipe."""
    if not sys.stdout.isatty():
        return 80, 24
    columns, lines = shutil.get_terminal_size()
    return columns, max(lines - 2, 10)
