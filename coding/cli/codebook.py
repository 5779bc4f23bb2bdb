"""The one place where `eventcoder codebook` prints parts of the codebook and writes it as a handbook."""

from __future__ import annotations

import re
from pathlib import Path

import click

from coding.cli.telling import say
from schema.errors import UnusableInput


@click.command(
    "codebook",
    short_help="Print a part of the codebook.",
    epilog="""\b
Examples:
  eventcoder codebook                             (what there is)
  eventcoder codebook "Armed clash"               (a sub-event type: definition and decision rule)
  eventcoder codebook AC-4                        (a rule: what it asks and why)
  eventcoder codebook fatalities                  (a column)
  eventcoder codebook --handbook handbook.md      (everything, for coders to read)""",
)
@click.argument("term", required=False, default="")
@click.option(
    "--project",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="With the project's own columns and rules.",
)
@click.option(
    "--codebook", "name", metavar="NAME", default="acled", show_default=True, help="Which codebook."
)
@click.option(
    "--handbook",
    "out",
    metavar="OUT.md",
    type=click.Path(path_type=Path),
    help="Write the whole as Markdown.",
)
def codebook_command(term: str, folder: Path | None, name: str, out: Path | None) -> None:
    """Print a part of the codebook: a column, a type, a rule, a vocabulary word."""
    from schema.codebook import load_codebook
    from schema.handbook import handbook, part
    from schema.text import safe_text

    if folder is not None:
        from data.project import Project

        codebook = Project.open(folder).codebook()
    else:
        codebook = load_codebook(name)
    if out is None:
        click.echo(_for_a_terminal(safe_text(part(codebook, term))))
        return
    try:
        out.write_text(handbook(codebook), encoding="utf-8")
    except OSError as error:
        raise UnusableInput(
            f"{out} cannot be written ({error.strerror}): name a file in a folder of yours."
        ) from None
    say(f"Wrote the handbook of the {codebook.title} to {out}.")


def _for_a_terminal(text: str) -> str:
    """The Markdown of the handbook without its marks: headings and emphasis in bold, code as it is."""
    text = re.sub(r"^#+ (.+)$", lambda found: click.style(found[1], bold=True), text, flags=re.MULTILINE)
    text = re.sub(r"^```\w*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^\*([^*\n]+)\*$", r"\1", text, flags=re.MULTILINE)
