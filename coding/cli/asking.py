"""The one place where the commands that ask the dataset and hand it over are worded: sql, summary, export."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coding.cli.options import day, format_option, project_argument
from coding.cli.telling import say
from data.export.request import Columns, DateStyle, InterCodes, Rows

if TYPE_CHECKING:
    import pyarrow as pa

where_option = click.option(
    "--where",
    metavar="SQL",
    help="Only events for which this holds: columns, involves('name'), km_to(lat, lon), within_box(south, west, north, east).",
)
exact_option = click.option(
    "--exact",
    is_flag=True,
    help="CSV: leave cells that a spreadsheet program would run as a formula as they are; else ' goes before.",
)


@click.command(
    "sql",
    short_help="Ask the project with SQL.",
    epilog="""\b
Examples:
  eventcoder sql syria "SELECT country, count(*) AS events FROM events GROUP BY ALL"
  eventcoder sql syria "FROM events WHERE fatalities > 10" --format csv > deadly.csv
  eventcoder sql syria "SELECT count(*) FROM events" --as-of 2024-11-30
  eventcoder sql syria "DESCRIBE events"          (the columns)
  eventcoder sql syria "SHOW TABLES"              (events, codings, evidence, articles, actors, places, revisions)
  echo "FROM articles" | eventcoder sql syria -
  eventcoder sql syria --kept deadliest --set country=Syria
The SQL is DuckDB's. It can read the project and nothing else.""",
)
@project_argument
@click.argument("query", metavar='"SELECT …"', required=False)
@click.option(
    "--kept",
    metavar="NAME",
    help="A query that was kept in the desk (queries/NAME.sql), instead of a typed one.",
)
@click.option(
    "--set",
    "values",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a $parameter of the query; may be repeated.",
)
@format_option("table", "csv", "json", "parquet", default="table")
@exact_option
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N rows.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    metavar="S",
    default=30.0,
    show_default=True,
    help="Stop after S seconds.",
)
@click.option(
    "--as-of",
    metavar="WHEN",
    help="Ask the project as it was then: 2024-11-30 (its first minute) or 2024-11-30T10:00, UTC.",
)
def sql_command(
    folder: Path,
    query: str | None,
    kept: str | None,
    values: tuple[str, ...],
    output_format: str,
    exact: bool,
    limit: int | None,
    timeout: float,
    as_of: str | None,
) -> None:
    """Ask the project's views with SQL: current to the last save."""
    from data.console import run_sql
    from data.console.saved import saved_query
    from data.project import Project
    from data.snapshot import moment_of

    if (query is None) is (kept is None):
        raise click.UsageError('Give one query: "SELECT …", - to read it from a pipe, or --kept NAME.')
    try:
        moment = None if as_of is None else moment_of(as_of)
    except ValueError:
        told = f"{as_of!r} is no moment; write it as 2024-11-30 or 2024-11-30T10:00"
        raise click.BadParameter(told, param_hint="--as-of") from None
    project = Project.open(folder)
    text = saved_query(project, kept).sql if kept else sys.stdin.read() if query == "-" else str(query)
    parameters = dict(_set(value) for value in values)
    answer = run_sql(project, text, limit_rows=limit, timeout_s=timeout, parameters=parameters, as_of=moment)
    _print_answer(answer, output_format, exact=exact)


def _set(text: str) -> tuple[str, str | int | float]:
    from data.console.saved import value_of

    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise click.BadParameter(f"{text!r} sets nothing: write it as --set country=Syria")
    return name.strip().removeprefix("$"), value_of(value)


def _print_answer(answer: pa.Table, output_format: str, *, exact: bool) -> None:
    """The answer on standard output; a note about changed cells on standard error."""
    from data.console.formats import write
    from data.export.formula import note_of

    changed = write(
        answer, output_format, sys.stdout.buffer, for_terminal=sys.stdout.isatty(), neutralise=not exact
    )
    if changed:
        say(note_of(changed), err=True)


@click.command(
    "summary",
    short_help="Count events by columns and periods.",
    epilog="""\b
Examples:
  eventcoder summary syria --by country,month
  eventcoder summary syria --by actor --measure events,fatalities --top 20
  eventcoder summary syria --by week --where "event_type = 'Battles'" --fill --moving 4
  eventcoder summary syria --by admin1 --compare 2023-01-01..2023-12-31 2024-01-01..2024-12-31
--by: columns, day, week, month, quarter, year, actor (each event once for each actor in it), pair, disorder_group.
--measure: events, fatalities, deadly_events, civilian_events, civilian_fatalities, mean_fatalities,
most_fatalities, places, days, sources.""",
)
@project_argument
@click.option("--by", metavar="A,B", default="country,month", show_default=True, help="What to count by.")
@click.option(
    "--measure",
    "measures",
    metavar="A,B",
    default="events,fatalities",
    show_default=True,
    help="What to count.",
)
@where_option
@click.option("--since", type=day, metavar="YYYY-MM-DD", help="From this day on.")
@click.option("--until", type=day, metavar="YYYY-MM-DD", help="To this day, included.")
@click.option("--fill", is_flag=True, help="Also periods without events, with zeros.")
@click.option("--moving", type=click.IntRange(min=2), metavar="N", help="Add sums over N periods up to each.")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the N groups with the most.")
@click.option("--compare", nargs=2, metavar="FROM..TO FROM..TO", help="Two periods side by side.")
@format_option("table", "csv", "json", "parquet", default="table")
@exact_option
def summary_command(
    folder: Path,
    by: str,
    measures: str,
    where: str | None,
    since: date | None,
    until: date | None,
    fill: bool,
    moving: int | None,
    top: int | None,
    compare: tuple[str, str] | None,
    output_format: str,
    exact: bool,
) -> None:
    """Count the events: by columns, calendar periods, actors, actor pairs or groups of disorder."""
    from data import summary as summaries
    from data.project import Project

    project = Project.open(folder)
    columns, counted = _names(by), _names(measures)
    if compare:
        if fill or moving or since or until:
            raise click.UsageError(
                "--compare names its own periods; leave --since, --until, --fill and --moving out."
            )
        first, second = (_period(text) for text in compare)
        answer = summaries.compare(project, first, second, by=columns, measures=counted, where=where, top=top)
    else:
        answer = summaries.summary(
            project,
            by=columns,
            measures=counted,
            where=where,
            since=since,
            until=until,
            fill=fill,
            moving=moving,
            top=top,
        )
    _print_answer(answer, output_format, exact=exact)
    if not answer.num_rows:
        for sentence in summaries.why_nothing(project, where):
            say(sentence, err=True)


@click.command(
    "export",
    short_help="Write the events to a file.",
    epilog="""\b
Examples:
  eventcoder export syria events.csv
  eventcoder export syria events.parquet --where "country = 'Syria' AND fatalities > 0"
  eventcoder export syria for-excel.csv --bom --date-style acled
  eventcoder export syria actors.csv --rows actors       (one row per actor)
  eventcoder export syria folder.parquet --partition-by country,year
Endings: .csv .hxl.csv .parquet .geoparquet .xlsx .jsonl .geojson .dta .sav .zip (a Data Package).""",
)
@project_argument
@click.argument("out", metavar="OUT.csv|.parquet|…", type=click.Path(path_type=Path))
@where_option
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there already.")
@click.option(
    "--rows",
    type=click.Choice(["events", "actors", "ged", "articles", "evidence"]),
    default="events",
    show_default=True,
    help="Events, one row per actor, UCDP GED-like rows, the event-article crosswalk, or the evidence.",
)
@click.option(
    "--date-style",
    type=click.Choice(["iso", "acled"]),
    default="iso",
    show_default=True,
    help="Dates in CSV: 2024-12-05, or 05 December 2024.",
)
@click.option(
    "--inter-codes",
    type=click.Choice(["text", "numeric"]),
    default="text",
    show_default=True,
    help="Actor types in words or codes.",
)
@click.option(
    "--columns",
    type=click.Choice(["acled", "all"]),
    default="acled",
    show_default=True,
    help="The 31 columns of an ACLED export, or the project's own and the house columns too.",
)
@click.option(
    "--bom", is_flag=True, help="Begin the CSV with a byte order mark, as spreadsheet programs like it."
)
@exact_option
@click.option(
    "--partition-by", metavar="A,B", default="", help="A folder of Parquet files, by these columns."
)
@click.option(
    "--format", "file_format", metavar="NAME", help="The format, where the ending of OUT does not say it."
)
def export_command(
    folder: Path,
    out: Path,
    where: str | None,
    overwrite: bool,
    rows: Rows,
    date_style: DateStyle,
    inter_codes: InterCodes,
    columns: Columns,
    bom: bool,
    exact: bool,
    partition_by: str,
    file_format: str | None,
) -> None:
    """Write the events to OUT; its ending says the format. Written whole or not at all."""
    from data.export import export_events
    from data.project import Project

    report = export_events(
        Project.open(folder),
        out,
        where=where,
        overwrite=overwrite,
        format=file_format,
        rows=rows,
        date_style=date_style,
        inter_codes=inter_codes,
        columns=columns,
        neutralise=not exact,
        bom=bom,
        partition_by=tuple(_names(partition_by)),
    )
    say(str(report))


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _period(text: str) -> tuple[date, date]:
    first, dots, last = text.partition("..")
    if not dots:
        raise click.BadParameter(f"{text!r} is not a period: write it as 2024-01-01..2024-12-31")
    return day(first), day(last)
