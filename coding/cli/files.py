"""The one place where the commands on event files that people have are worded: check and import."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coding.cli.options import format_option, project_argument
from coding.cli.telling import say, say_json
from schema.text import counted

if TYPE_CHECKING:
    from data.check import CheckReport
    from data.event_file.records import Repair
    from data.importing import ImportReport

DATE_FORMATS = ["dd/mm/yyyy", "mm/dd/yyyy", "yyyy/mm/dd", "dmy", "mdy", "ymd"]
SET_ASIDE_SHOWN = 5


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
    help="With this project's own columns, rules and actors.",
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
        from data.vocabulary import judging_codebook

        codebook = judging_codebook(Project.open(folder))
    else:
        codebook = load_codebook(name)
    with progress_bar(f"Checking {file.name}") as progress:
        report = check(file, codebook, date_format=date_format, progress=progress, out=out)
    if output_format == "json":
        say_json(report.to_json())
    else:
        _print_lines(_check_lines(report, of_project=folder is not None))
    if out is not None:
        say(f"Every failure is in {out}.", err=True)
    if report.has_errors:
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
    updates by id; rows without ids are not added again where the project has an event with the same content.
    Exit code 1 if rows were set aside.
    """
    from data.importing import import_events
    from data.project import Project

    project = Project.open(folder)
    with progress_bar(f"Importing {file.name}") as progress:
        report = import_events(project, file, date_format=date_format, progress=progress)
    if output_format == "json":
        say_json(report.to_json())
    else:
        _print_lines(_import_lines(report))
    if report.set_aside_count:
        sys.exit(1)


def _check_lines(report: CheckReport, *, of_project: bool) -> Iterator[str]:
    yield f"{report.file}: {counted(report.rows, 'row')}, taken for {report.vintage_title} ({report.vintage})"
    yield from report.notes
    if not of_project:
        yield "The type of an actor that the shipped list has not was not judged; --project DIR knows a project's own actors."
    yield from _repair_lines(report.repairs)
    if not report.rules:
        yield "Every row keeps every rule."
        return
    yield f"Rows with errors: {report.rows_with_errors:,}; with warnings: {report.rows_with_warnings:,}."
    for rule in report.rules:
        yield ""
        yield f"{rule.severity.upper():<8}{rule.id:<14}{rule.rows:>9,} row{'' if rule.rows == 1 else 's'}"
        yield f"        {rule.message}"
        for example in rule.examples:
            yield f"        line {example.row:<9}{example.event_id:<12}{example.value}"


def _import_lines(report: ImportReport) -> Iterator[str]:
    yield f"{report.file}: {counted(report.rows, 'row')}, taken for {report.vintage_title} ({report.vintage})"
    yield from report.notes
    yield from _repair_lines(report.repairs)
    counts = {
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "set aside": report.set_aside_count,
    }
    yield ", ".join(f"{count:,} {what}" for what, count in counts.items()) + "."
    if report.given_ids:
        yield f"{report.given_ids:,} of the changed had no id, and were given that of the row with the same content."
    if report.known_by_content:
        yield (
            f"{report.known_by_content:,} of the unchanged have no id: already in the project, known by their content."
        )
    if report.kept:
        were = "row was" if report.kept == 1 else "rows were"
        yield f"{report.kept:,} {were} passed over: people corrected or retracted the event here, and theirs stands."
    for row in report.set_aside[:SET_ASIDE_SHOWN]:
        yield f"  line {row.row}: {row.message}"
    if report.set_aside_count:
        yield f"The rows that were set aside, each with its reason: {report.set_aside_path}"
    yield f"The original is kept: {report.original_path}"


def _repair_lines(repairs: tuple[Repair, ...]) -> Iterator[str]:
    if repairs:
        yield "Repaired while reading:"
    for repair in repairs:
        yield f"  {repair.rows:>9,} row{'' if repair.rows == 1 else 's'}: {repair.what}"


def _print_lines(lines: Iterator[str]) -> None:
    for line in lines:
        say(line)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[str, float], None] | None]:
    """A progress bar on a terminal, nothing in a pipe; gives the function that moves it (stage in words, 0 to 1)."""
    from schema.text import safe_text

    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(
        length=100, label=safe_text(label), file=sys.stderr, item_show_func=lambda stage: stage
    ) as bar:

        def move(stage: str, share: float) -> None:
            bar.update(max(0, int(100 * share) - bar.pos), stage)

        yield move
