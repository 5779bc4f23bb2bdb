"""The one place where the commands that ask the dataset and hand it over are worded: sql, summary, export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from coding.cli.options import format_option, project_argument
from data.export.request import Columns, DateStyle, InterCodes


@click.command(
    "sql",
    short_help="Ask the project with SQL.",
    epilog="""\b
Examples:
  eventcoder sql syria "SELECT country, count(*) AS events FROM events GROUP BY ALL"
  eventcoder sql syria "FROM events WHERE fatalities > 10" --format csv > deadly.csv
  eventcoder sql syria "DESCRIBE events"          (the columns)
  eventcoder sql syria "SHOW TABLES"              (events, codings, evidence, articles, actors, places, revisions)
  echo "FROM articles" | eventcoder sql syria -
The SQL is DuckDB's. It can read the project and nothing else.""",
)
@project_argument
@click.argument("query", metavar='"SELECT …"')
@format_option("table", "csv", "json", "parquet", default="table")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N rows.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    metavar="S",
    default=30.0,
    show_default=True,
    help="Stop after S seconds.",
)
def sql_command(folder: Path, query: str, output_format: str, limit: int | None, timeout: float) -> None:
    """Ask the project's views with SQL: current to the last save."""
    from data.console import run_sql
    from data.console.formats import write
    from data.project import Project

    project = Project.open(folder)
    text = sys.stdin.read() if query == "-" else query
    answer = run_sql(project, text, limit_rows=limit, timeout_s=timeout)
    write(answer, output_format, sys.stdout.buffer, for_terminal=sys.stdout.isatty())


@click.command(
    "export",
    short_help="Write the events to a file.",
    epilog="""\b
Examples:
  eventcoder export syria events.csv
  eventcoder export syria events.parquet --where "country = 'Syria' AND fatalities > 0"
  eventcoder export syria for-excel.csv --bom --date-style acled""",
)
@project_argument
@click.argument("out", metavar="OUT.csv|.parquet|…", type=click.Path(path_type=Path))
@click.option("--where", metavar="SQL", help="Only the events for which this condition holds.")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it is there already.")
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
@click.option(
    "--exact",
    is_flag=True,
    help="Leave cells as they are that a spreadsheet program would run as a formula; else ' goes before.",
)
@click.option(
    "--format", "file_format", metavar="NAME", help="The format, where the ending of OUT does not say it."
)
def export_command(
    folder: Path,
    out: Path,
    where: str | None,
    overwrite: bool,
    date_style: DateStyle,
    inter_codes: InterCodes,
    columns: Columns,
    bom: bool,
    exact: bool,
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
        date_style=date_style,
        inter_codes=inter_codes,
        columns=columns,
        neutralise=not exact,
        bom=bom,
    )
    click.echo(str(report))
