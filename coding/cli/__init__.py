"""The one place where the command line begins: the `eventcoder` group, its errors and exit codes.

Exit codes: 0 done, 1 the data has errors, 2 wrong use or unreadable input. The commands stand in the modules of
this package by what they are for; the ones that open the desk get it handed in by the front door, `tui.main`.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import click

from coding.cli.telling import tell
from schema.errors import EventcoderError

COMMANDS = {
    "demo": "coding.cli.desk",
    "new": "coding.cli.projects",
    "add": "coding.cli.articles",
    "code": "coding.cli.desk",
    "status": "coding.cli.projects",
    "sql": "coding.cli.asking",
    "summary": "coding.cli.asking",
    "export": "coding.cli.asking",
    "chart": "coding.cli.pictures",
    "map": "coding.cli.pictures",
    "report": "coding.cli.pictures",
    "check": "coding.cli.files",
    "import": "coding.cli.files",
    "codebook": "coding.cli.codebook",
    "log": "coding.cli.keeping",
    "sync": "coding.cli.keeping",
    "doctor": "coding.cli.keeping",
    "backup": "coding.cli.keeping",
    "restore": "coding.cli.keeping",
    "approve": "coding.cli.keeping",
    "release": "coding.cli.keeping",
    "diff": "coding.cli.keeping",
    "vocabulary": "coding.cli.vocabularies",
    "gazetteer": "coding.cli.vocabularies",
    "serve": "coding.cli.desk",
}
"""Every command, in the order of the help page, and the module it stands in: one is loaded when it is called."""


class DeskDoors(Protocol):
    """What the commands that need a screen call; `tui.main` hands it in, as this package may not import the desk."""

    def run_desk(self, project_folder: Path, coder: str) -> int:
        """Open the desk on a project, for a coder; the exit code."""

    def replay(self, project_folder: Path, coder: str, keys: Sequence[str]) -> None:
        """Play keys through the same desk without a terminal."""

    def serve(self, project_folder: Path, coder: str, port: int) -> int:
        """The desk in a browser on this machine; the exit code."""


class CommandGroup(click.Group):
    """The commands, loaded one by one, with our own errors told in one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, its module loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a situation the user can mend is one sentence on standard error."""
        try:
            return super().invoke(ctx)
        except EventcoderError as error:
            tell(str(error))
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, RuntimeError) as stop:
            # DuckDB says it in words of its own when it is interrupted
            if isinstance(stop, RuntimeError) and str(stop) != "Query interrupted":
                raise
            tell("Stopped before the end.")
            ctx.exit(130)
        except BrokenPipeError:
            # the reader of our output went away, as `head` does: nothing is wrong
            sys.stderr.close()
            ctx.exit(0)


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with:  eventcoder demo    Help on one command:  eventcoder add --help",
)
@click.version_option(package_name="eventcoder", prog_name="eventcoder")
def cli() -> None:
    """Code news articles into validated event rows, and ask the rows with SQL.

    \b
    A first project:
      eventcoder new syria
      eventcoder add syria article.txt --published 2024-12-06 --source "Example News"
      eventcoder code syria
      eventcoder sql syria "SELECT event_date, actor1, fatalities FROM events"
      eventcoder export syria events.csv
    """


def front_door(doors: DeskDoors, arguments: Sequence[str] | None = None) -> None:
    """Run the command line with the desk behind it; ends the process with the command's exit code."""
    # Told to end, a command takes away what it has half written, as it does for ctrl+c; the desk has a way of its own.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cli.main(args=None if arguments is None else list(arguments), prog_name="eventcoder", obj=doors)
