"""The one place where `eventcoder add` reads articles into a project and asks for what they do not say."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import click

from coding.article.found import (
    ArticleDetails,
    FoundArticle,
    LeftOut,
    completed,
    first_line,
    missing,
    new_article,
)
from coding.article.reading import is_table, read_articles
from coding.cli.options import day, project_argument
from coding.cli.telling import say, tell
from data.ledger import Ledger
from schema.errors import UnusableInput

LEFT_OUT_SHOWN = 10
IN_TABLE = re.compile(r"(.*) (line|record) ([0-9]+)", re.DOTALL)
"""Where a record of a table stands: its file, and its line or number there."""


@dataclass
class Added:
    """What became of the records of the files."""

    added: int = 0
    already_there: list[LeftOut] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


@click.command(
    "add",
    short_help="Read articles into the project.",
    epilog="""\b
Examples:
  eventcoder add syria hama.txt --published 2024-12-06 --source "Example News"
  eventcoder add syria page.html
  eventcoder add syria corpus.jsonl --source FBIS      (each line: text, title, source, published, url, language)
  eventcoder add syria *.txt --published 2024-12-06 --source "Example News" """,
)
@project_argument
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--published", metavar="YYYY-MM-DD", type=day, help="Publication date, where the input does not say it."
)
@click.option(
    "--source", metavar="NAME", help="The source (newspaper, agency, site), where the input does not say it."
)
@click.option(
    "--title", metavar="TEXT", help="The title, where the input does not say it; else its first line."
)
@click.option(
    "--language", metavar="CODE", help="The language, for example en, where the input does not say it."
)
@click.option(
    "--encoding",
    metavar="NAME",
    help="Encoding of text and CSV files that are not UTF-8, for example cp1252.",
)
def add_command(
    folder: Path,
    files: tuple[Path, ...],
    published: date | None,
    source: str | None,
    title: str | None,
    language: str | None,
    encoding: str | None,
) -> None:
    """Read articles into the project: plain text, HTML pages, JSON and CSV tables of articles.

    A terminal is asked for the publication date, the source and the title that a file does not say; elsewhere
    the options have to say them. An article that is there already is not added twice.
    """
    from data.project import Project

    project = Project.open(folder)
    given = ArticleDetails(title=title, source=source, published=published, language=language)
    outcome = Added()
    refused: list[str] = []
    with Ledger.open(project) as ledger:
        for path in files:
            try:
                _add_file(ledger, path, given, encoding, outcome)
            except UnusableInput as error:
                refused.append(str(error))
    _say_outcome(outcome, refused)
    if refused or (outcome.left_out and not outcome.added and not outcome.already_there):
        sys.exit(2)
    if outcome.left_out:
        sys.exit(1)


def _add_file(
    ledger: Ledger, path: Path, given: ArticleDetails, encoding: str | None, outcome: Added
) -> None:
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not is_table(path)
    for found in read_articles(path, encoding=encoding):
        if isinstance(found, LeftOut):
            outcome.left_out.append(found)
            continue
        article = completed(found, given)
        if asks:
            article = _ask(article, said_title=given.title is not None)
        try:
            ready = new_article(article, today=datetime.now().astimezone().date())
        except UnusableInput as error:
            if not is_table(path):
                raise
            outcome.left_out.append(
                LeftOut(found.where, str(error).removeprefix(found.where).strip(" :").rstrip("."))
            )
            continue
        article_id, added = ledger.add_article(ready)
        outcome.added += added
        if not added:
            outcome.already_there.append(LeftOut(found.where, ""))
        if not is_table(path):
            said = "Added" if added else "Already there:"
            say(
                f"{said} article {article_id}: {_shown(ready.title)} ({_shown(ready.source)}, {ready.published})"
            )


def _day_gone_by(written: str) -> date:
    """A day that is not ahead: asked again at once, before title and source are typed."""
    published = day(written)
    if published > datetime.now().astimezone().date():
        raise click.BadParameter(f"{published} lies in the future; give the day it appeared")
    return published


def _ask(found: FoundArticle, *, said_title: bool) -> FoundArticle:
    """Ask on the terminal for what the article does not say."""
    gaps = missing(found)
    if gaps:
        say(f"{found.where}: {_shown(first_line(found.text))}")
    if found.published is None:
        found = replace(
            found, published=click.prompt("  Publication date (YYYY-MM-DD)", value_proc=_day_gone_by)
        )
    if found.source is None:
        found = replace(found, source=click.prompt("  Source").strip())
    if gaps and not said_title:
        found = replace(
            found, title=click.prompt("  Title", default=found.title or first_line(found.text)).strip()
        )
    return found


def _say_outcome(outcome: Added, refused: list[str]) -> None:
    counts = (outcome.added, len(outcome.already_there), len(outcome.left_out))
    if any(counts) or len(refused) > 1:
        say("{} added, {} already there, {} left out.".format(*counts))
    _tell_each("already there", outcome.already_there)
    _tell_each("left out", outcome.left_out)
    for sentence in refused:
        tell(sentence)


def _tell_each(label: str, records: list[LeftOut]) -> None:
    """Tell the first ones whole, of the rest how many there are and where they stand."""
    for record in records[:LEFT_OUT_SHOWN]:
        tell(": ".join(filter(None, (label, record.where, record.why))) + ".")
    if rest := records[LEFT_OUT_SHOWN:]:
        tell(f"{label}: {len(rest):,} more, in {'; '.join(_places(rest))}.")


def _places(records: list[LeftOut]) -> list[str]:
    """Each file once, with the runs of its lines: `a.jsonl lines 11-74, 76`."""
    lines: dict[str, list[int]] = {}
    for record in records:
        table = IN_TABLE.fullmatch(record.where)
        file, number = (f"{table[1]} {table[2]}s", [int(table[3])]) if table else (record.where, [])
        lines.setdefault(file, []).extend(number)
    return [f"{file} {runs_of(numbers)}".strip() for file, numbers in lines.items()]


def runs_of(numbers: Iterable[int]) -> str:
    """Ascending numbers as people write them: `1-3, 5`."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _shown(text: str) -> str:
    from schema.text import safe_text

    return safe_text(text).replace("\n", " ")
