"""The one place where the commands that keep the store are worded: log, sync, doctor, backup, release, diff."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Protocol

import click

from coding.cli.options import coder_option, format_option, project_argument
from coding.cli.telling import say, say_json


class Report(Protocol):
    """What every job of the store tells afterwards."""

    def lines(self) -> list[str]:
        """Sentences for people."""

    def to_json(self) -> dict[str, object]:
        """The same for scripts."""


@click.command(
    "sync", short_help="Fold saved events into the Parquet files.", epilog="Example:  eventcoder sync syria"
)
@project_argument
def sync_command(folder: Path) -> None:
    """Fold what was saved since the last time into the Parquet dataset; the desk does it by itself on leaving."""
    from coding.cli.files import progress_bar
    from data.fold import fold
    from data.project import Project

    project = Project.open(folder)
    with progress_bar("Bringing saved events into the dataset") as progress:

        def told(done: int, total: int) -> None:
            if progress is not None and total:
                progress("", done / total)

        report = fold(project, progress=told)
    print_report(report, "text")
    if report.refused:
        sys.exit(1)


@click.command(
    "log", short_help="Tell every revision: who, what, when, why.", epilog="Example:  eventcoder log syria 17"
)
@project_argument
@click.argument("event", metavar="[EVENT]", type=int, required=False)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    default=50,
    show_default=True,
    help="The newest N revisions.",
)
def log_command(folder: Path, event: int | None, limit: int) -> None:
    """Tell every revision: who changed what, when and why; of one event, by its event_key, or of all."""
    from data.history import history_lines
    from data.project import Project

    for line in history_lines(Project.open(folder), event, limit):
        say(line)


@click.command(
    "doctor", short_help="Verify the store and mend it.", epilog="Example:  eventcoder doctor syria --repair"
)
@project_argument
@click.option("--repair", is_flag=True, help="Mend what can be rebuilt.")
@format_option("text", "json", default="text")
def doctor_command(folder: Path, repair: bool, output_format: str) -> None:
    """Verify ledger, Parquet files, counts, hashes and rules; say what can be mended and what cannot."""
    from data.doctor import doctor
    from data.project import Project

    report = doctor(Project.open(folder), repair=repair)
    print_report(report, output_format)
    if not report.ok:
        sys.exit(1)


@click.command(
    "backup",
    short_help="Write a consistent copy of the project.",
    epilog="Example:  eventcoder backup syria syria-2024-12-06.zip",
)
@project_argument
@click.argument("out", metavar="FILE", type=click.Path(path_type=Path))
def backup_command(folder: Path, out: Path) -> None:
    """Write a consistent copy of the whole project to FILE, while people work."""
    from data.backup import backup
    from data.project import Project

    print_report(backup(Project.open(folder), out), "text")


@click.command(
    "approve",
    short_help="Approve events that others submitted.",
    epilog="""\b
Examples:
  eventcoder approve syria 17 18
  eventcoder approve syria --where "country = 'Syria' AND event_date < DATE '2024-12-01'"
  eventcoder approve syria --all""",
)
@project_argument
@click.argument("events", metavar="[EVENT]...", type=int, nargs=-1)
@click.option("--where", metavar="FILTER", help="Every submitted event that fulfils this condition.")
@click.option("--all", "everything", is_flag=True, help="Every submitted event.")
@coder_option
def approve_command(
    folder: Path, events: tuple[int, ...], where: str | None, everything: bool, coder: str
) -> None:
    """Approve submitted events, so that the next release holds them.

    Name them by their event_key, or by a filter. Where several people work, nobody approves what they submitted
    themselves; an event that is changed afterwards is submitted again.
    """
    from data.approval import approve
    from data.project import Project

    if sum((bool(events), where is not None, everything)) != 1:
        raise click.UsageError("Say which: the numbers of events, or --where FILTER, or --all.")
    print_report(approve(Project.open(folder), coder, events, where), "text")


@click.command(
    "release",
    short_help="Freeze the approved events as a dataset.",
    epilog="Example:  eventcoder release syria --name 2024-Q4",
)
@project_argument
@click.option("--name", metavar="NAME", help="The release's name; r1, r2 and so on by default.")
@click.option("--again", is_flag=True, help="Build the files of the release NAME again: the same bytes.")
def release_command(folder: Path, name: str | None, again: bool) -> None:
    """Freeze the approved events as a checksummed dataset with codebook, changelog and Data Package.

    In a project of one person a submitted event counts as approved. A release gives every event its event_id_cnty,
    which stays the same in all later ones.
    """
    from data.project import Project
    from data.release import rebuild, release

    project = Project.open(folder)
    if not again:
        print_report(release(project, name=name), "text")
        return
    if name is None:
        raise click.UsageError("--again builds one release anew; say which with: --name NAME")
    say(f"Built the files of release {name} again in {rebuild(project, name)}.")


@click.command(
    "restore",
    short_help="Make a project of a backup again.",
    epilog="Example:  eventcoder restore syria-2024-12-06.zip syria-again",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def restore_command(file: Path, folder: Path) -> None:
    """Make the project of a backup again in the new folder DIR."""
    from data.backup import restore

    project = restore(file, folder)
    say(f"Made the project '{project.name}' again in {folder}.")


@click.command(
    "diff",
    short_help="Tell what changed between two releases.",
    epilog="""\b
Examples:
  eventcoder diff syria r1 r2
  eventcoder diff syria 2024-11-30 now""",
)
@project_argument
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@format_option("text", "json", default="text")
def diff_command(folder: Path, a: str, b: str, output_format: str) -> None:
    """Tell what B changed since A: added, changed by column, retracted.

    A and B are names of releases, moments such as 2024-11-30 or 2024-11-30T10:00 (UTC), or now.
    """
    from data.difference import difference
    from data.project import Project

    print_report(difference(Project.open(folder), a, b), output_format)


def print_report(report: Report, output_format: str) -> None:
    """Print what a job tells, as sentences or as JSON."""
    if output_format == "json":
        say_json(report.to_json())
        return
    for line in report.lines():
        say(line)
