"""The one place where the commands on places, actors and sources are worded: vocabulary and gazetteer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coding.cli.options import coder_option, project_argument
from coding.cli.telling import say, tell

if TYPE_CHECKING:
    from data.vocabulary import Actors, Places, Sources

KINDS = ["actor", "place", "source"]
kind_argument = click.argument("kind", metavar="actor|place|source", type=click.Choice(KINDS))
settled_kind_argument = click.argument("kind", metavar="actor|source", type=click.Choice(["actor", "source"]))


@click.group(
    "gazetteer",
    short_help="Build the places, add country files.",
    epilog="Example:  eventcoder gazetteer add ML.txt",
)
def gazetteer_command() -> None:
    """The places of the world behind the type-ahead, in one file shared by all projects of this machine."""


@gazetteer_command.command("build")
def build_gazetteer() -> None:
    """Build it now (about ten seconds, once), instead of when the desk first needs it."""
    from data.vocabulary.gazetteer import build

    say(f"The gazetteer is {build()}.")


@gazetteer_command.command("add")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def add_to_gazetteer(file: Path) -> None:
    """Add a GeoNames country file (tab-separated text, or its zip) with its small places."""
    from data.vocabulary.gazetteer import add

    added = add(file)
    say(f"Added {added.places:,} places of {', '.join(added.countries)} to {added.file}.")


@click.group(
    "vocabulary",
    short_help="Keep actors, places and sources.",
    epilog="""\b
Examples:
  eventcoder vocabulary proposals syria
  eventcoder vocabulary approve syria actor "Hama Defence Brigade"
  eventcoder vocabulary merge syria actor "H.T.S." "HTS: Hayat Tahrir al Sham"
  eventcoder vocabulary export syria actor actors.csv
  eventcoder vocabulary import syria actor actors.csv""",
)
def vocabulary_command() -> None:
    """The project's own actors, places and sources: what coders proposed, what was approved, as CSV files."""


@vocabulary_command.command("proposals")
@project_argument
def proposals(folder: Path) -> None:
    """List what coders proposed and nobody has settled yet."""
    from data.project import Project
    from data.vocabulary import Actors, Sources

    project = Project.open(folder)
    for kind, known in (("actor", Actors.open(project)), ("source", Sources.open(project))):
        for entry in known.proposals():
            say(f"{kind:<8}{entry.name}")


def _settling(verb: str, sentence: str, *kinds: str) -> Callable[..., None]:
    """One of the commands that settle a proposal: approve or reject."""

    @vocabulary_command.command(verb, help=sentence)
    @project_argument
    @click.argument("kind", metavar="|".join(kinds), type=click.Choice(kinds))
    @click.argument("name", metavar="NAME")
    @click.option("--why", metavar="TEXT", default="", help="The reason, kept in the history.")
    @coder_option
    def settle(folder: Path, kind: str, name: str, why: str, coder: str) -> None:
        getattr(_entries(folder, kind), verb)(name, coder=coder, why=why)
        say(
            f"{verb.capitalize().rstrip('e')}ed the {kind} '{name}'. To take it back: eventcoder vocabulary undo {folder} {kind}"
        )

    return settle


_settling("approve", "Take a proposal into the vocabulary.", "actor", "source")
_settling(
    "reject",
    "Refuse a proposal, or a place that was coded by mistake; rows that use it stay as they are.",
    "actor",
    "source",
    "place",
)


@vocabulary_command.command("merge")
@project_argument
@settled_kind_argument
@click.argument("name", metavar="NAME")
@click.argument("into", metavar="INTO")
@click.option("--why", metavar="TEXT", default="", help="The reason, kept in the history.")
@coder_option
def merge(folder: Path, kind: str, name: str, into: str, why: str, coder: str) -> None:
    """Make NAME another name of INTO."""
    _entries(folder, kind).merge(name, into, coder=coder, why=why)
    say(
        f"'{name}' is now another name of '{into}'. To take it back: eventcoder vocabulary undo {folder} {kind}"
    )


@vocabulary_command.command("undo")
@project_argument
@kind_argument
@coder_option
def undo(folder: Path, kind: str, coder: str) -> None:
    """Take the last change of the vocabulary back."""
    change = _entries(folder, kind).undo(coder=coder)
    say(f"Taken back: {change.act} of '{change.entry}'.")


@vocabulary_command.command("export")
@project_argument
@kind_argument
@click.argument("file", metavar="OUT.csv", type=click.Path(path_type=Path))
@click.option("--own", is_flag=True, help="Only the project's own entries, not what eventcoder ships.")
def export_vocabulary(folder: Path, kind: str, file: Path, own: bool) -> None:
    """Write a vocabulary as CSV."""
    from data.project import Project
    from data.vocabulary.exchange import write_vocabulary

    count = write_vocabulary(Project.open(folder), kind, file, with_seed=not own)
    say(f"Wrote {count:,} {kind}s to {file}.")


@vocabulary_command.command("import")
@project_argument
@kind_argument
@click.argument("file", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option(
    "--add-new",
    is_flag=True,
    help="Also add entries that are not there yet; else they are listed and left out.",
)
@coder_option
def import_vocabulary(folder: Path, kind: str, file: Path, add_new: bool, coder: str) -> None:
    """Read a CSV of a vocabulary back: entries are changed by their name."""
    from data.project import Project
    from data.vocabulary.exchange import read_vocabulary

    report = read_vocabulary(Project.open(folder), kind, file, coder=coder, add_new=add_new)
    say(
        f"{report.updated:,} changed, {report.added:,} added, {report.unchanged:,} unchanged, {len(report.refused):,} left out."
    )
    for line, sentence in report.refused:
        tell(f"left out: line {line}: {sentence}")
    if report.refused:
        sys.exit(1)


def _entries(folder: Path, kind: str) -> Actors | Places | Sources:
    from data.project import Project
    from data.vocabulary import Actors, Places, Sources

    project = Project.open(folder)
    if kind == "place":
        return Places.open(project)
    return Actors.open(project) if kind == "actor" else Sources.open(project)
