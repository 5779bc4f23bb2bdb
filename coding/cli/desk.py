"""The one place where the commands that open the desk are worded: demo, code, serve."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from coding.cli import DeskDoors
from coding.cli.options import coder_option, project_argument
from coding.cli.telling import say
from schema.errors import EventcoderError, UnusableInput

SMALLEST_TERMINAL = (60, 15)
"""Columns and lines below which the form cannot be shown."""


@click.command(
    "code",
    short_help="Open the desk and code articles.",
    epilog="Example:  eventcoder code syria --coder maria",
)
@project_argument
@coder_option
@click.pass_obj
def code_command(doors: DeskDoors, folder: Path, coder: str) -> None:
    """Open the desk: read articles, code their events from the keyboard."""
    from data.project import Project

    project = Project.open(folder)
    _require_terminal(f"eventcoder code {folder}")
    sys.exit(doors.run_desk(project.folder, coder))


@click.command(
    "serve",
    short_help="Show the desk in a browser here.",
    epilog="Example:  eventcoder serve syria --port 8000",
)
@project_argument
@coder_option
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port on this machine."
)
@click.pass_obj
def serve_command(doors: DeskDoors, folder: Path, coder: str, port: int) -> None:
    """Show the desk in a browser on this machine, for people without a terminal."""
    from data.project import Project

    project = Project.open(folder)
    sys.exit(doors.serve(project.folder, coder, port))


@click.command(
    "demo", short_help="A sample project, opened on the desk.", epilog="Example:  eventcoder demo my-demo"
)
@click.argument("folder", metavar="[DIR]", default="eventcoder-demo", type=click.Path(path_type=Path))
@coder_option
@click.pass_obj
def demo_command(doors: DeskDoors, folder: Path, coder: str) -> None:
    """Make a sample project of five articles in DIR and open the desk on it.

    Where there is no terminal, a scripted key session codes one article through the same desk, and the row, the
    Parquet files, one SQL answer and the exported CSV are printed.
    """
    from coding.demo import demo_project, print_what_was_coded, replay_keys

    if _has_terminal():
        project = demo_project(folder)
        sys.exit(doors.run_desk(project.folder, coder))
    project = demo_project(folder, fresh=True)
    say(f"No terminal here: a scripted session codes the first article of {project.folder}.")
    doors.replay(project.folder, coder, replay_keys())
    print_what_was_coded(project)


def _has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _require_terminal(command: str) -> None:
    """Refuse where the desk cannot be shown.

    Raises:
        EventcoderError: no terminal, or one too small.
    """
    if not _has_terminal():
        raise UnusableInput(f"the desk needs a terminal: run '{command}' in one, not in a pipe.")
    columns, lines = shutil.get_terminal_size()
    least_columns, least_lines = SMALLEST_TERMINAL
    if columns < least_columns or lines < least_lines:
        raise EventcoderError(
            f"the terminal is {columns}x{lines}, too small for the desk: make it 80x24 and run '{command}' again."
        )
