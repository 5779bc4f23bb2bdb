"""The one place where the commands on event files that people have are worded: check and import."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from coding.cli.keeping import print_report
from coding.cli.options import format_option, project_argument

DATE_FORMATS = ["dmy", "mdy", "ymd"]


@click.command(
    "check",
    short_help="Hold an event file to the codebook.",
    epilog="""\b
Examples:
  eventcoder check export.csv
  eventcoder check old.xlsx --out failures.csv
  eventcoder check export.csv --format json | jq .rules
Reads CSV, TSV, XLSX, Parquet, JSON, JSON lines and GeoJSON. Exit code 1 if rows have errors.""",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--codebook",
    "name",
    metavar="NAME",
    default="acled",
    show_default=True,
    help="The codebook the rows are held to.",
)
@click.option(
    "--project",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="With this project's own columns and rules.",
)
@click.option("--date-format", type=click.Choice(DATE_FORMATS), help="Which way round 05/06/2024 is read.")
@click.option(
    "--out",
    metavar="OUT.csv|.parquet",
    type=click.Path(path_type=Path),
    help="Write every failure to this file.",
)
@format_option("text", "json", default="text")
def check_command(
    file: Path, name: str, folder: Path | None, date_format: str | None, out: Path | None, output_format: str
) -> None:
    """Hold the rows of an event file to the codebook and say what is wrong, row by row."""
    from data.check import check
    from schema.codebook import load_codebook

    if folder is not None:
        from data.project import Project

        codebook = Project.open(folder).codebook()
    else:
        codebook = load_codebook(name)
    with progress_bar(f"Checking {file.name}") as progress:
        report = check(file, codebook, date_format=date_format, progress=progress)
    if out is not None:
        report.write_failures(out)
    print_report(report, output_format)
    if out is not None:
        click.echo(f"Wrote every failure to {out}.", err=True)
    if not report.ok:
        sys.exit(1)


@click.command(
    "import",
    short_help="Take an event file into the dataset.",
    epilog="Example:  eventcoder import syria export-2023.csv",
)
@project_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--date-format", type=click.Choice(DATE_FORMATS), help="Which way round 05/06/2024 is read.")
@format_option("text", "json", default="text")
def import_command(folder: Path, file: Path, date_format: str | None, output_format: str) -> None:
    """Take the rows of an event file into the project's dataset.

    Rows with errors are set aside and listed, never dropped. The same file, or a newer export of the same events,
    updates by id.
    """
    from data.importing import import_events
    from data.project import Project

    project = Project.open(folder)
    with progress_bar(f"Importing {file.name}") as progress:
        report = import_events(project, file, date_format=date_format, progress=progress)
    print_report(report, output_format)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on a terminal, nothing in a pipe; gives the function that moves it (done, total)."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=100, label=label, file=sys.stderr) as bar:

        def move(done: int, total: int) -> None:
            bar.update(int(100 * done / max(total, 1)) - bar.pos)

        yield move
