"""The one place where the commands that make a project and tell how it stands are worded."""

from __future__ import annotations

from pathlib import Path

import click

from coding.cli.options import format_option, project_argument
from coding.cli.telling import say, say_json


@click.command(
    "new",
    short_help="Make a project in the folder DIR.",
    epilog='Example:  eventcoder new syria --name "Syria 2024"',
)
@project_argument
@click.option(
    "--codebook", metavar="NAME", default="acled", show_default=True, help="The codebook rows are held to."
)
@click.option("--name", metavar="TEXT", help="What the project is called; the folder's name by default.")
def new_command(folder: Path, codebook: str, name: str | None) -> None:
    """Make a project in the new or empty folder DIR."""
    from data.project import Project

    project = Project.create(folder, name=name, codebook=codebook)
    say(f"Made the project '{project.name}' in {folder}.")
    say(f"Next:  eventcoder add {folder} ARTICLE.txt --published YYYY-MM-DD --source NAME")


@click.command(
    "status",
    short_help="Tell how the project stands.",
    epilog="Example:  eventcoder status syria --format json",
)
@project_argument
@format_option("text", "json", default="text")
def status_command(folder: Path, output_format: str) -> None:
    """Tell how the project stands: articles, events, drafts, what waits and what was held back."""
    from data.project import Project
    from data.status import status

    standing = status(Project.open(folder))
    if output_format == "json":
        say_json(standing.to_json())
        return
    for line in standing.lines():
        say(line)
