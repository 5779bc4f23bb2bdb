"""The one place where the demo project is made, and the scripted session that codes its first article is told.

The articles are `samples/articles.jsonl`; the keys are what a coder would press, played through the real desk.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle
from schema.errors import ProjectError

SAMPLES = Path(__file__).parent / "samples"
AGGREGATE = (
    "SELECT country, event_type, count(*) AS events, sum(fatalities) AS fatalities FROM events GROUP BY ALL"
)


def sample_articles() -> Iterator[NewArticle]:
    """The five articles of the demo, the one on the fall of Hama first."""
    with (SAMPLES / "articles.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield NewArticle(
                title=record["title"],
                source=record["source"],
                published=date.fromisoformat(record["published"]),
                text=record["text"],
                url=record["url"],
                language=record["language"],
                source_scale=record["source_scale"],
            )


def demo_project(folder: Path, *, fresh: bool = False) -> Project:
    """The demo project in `folder`, made now unless it is there; `fresh` asks for one nobody has coded in.

    Raises:
        ProjectError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()):
        project = _open_as_demo(folder)
        if not fresh:
            return project
        folder = _unused_name_beside(folder)
    project = Project.create(folder, name="eventcoder demo")
    with Ledger.open(project) as ledger:
        for article in sample_articles():
            ledger.add_article(article)
    return project


def _open_as_demo(folder: Path) -> Project:
    try:
        return Project.open(folder)
    except ProjectError:
        raise ProjectError(
            f"{folder} is there already and is no project: name another folder, eventcoder demo DIR."
        ) from None


def _unused_name_beside(folder: Path) -> Path:
    number = 2
    while (beside := folder.with_name(f"{folder.name}-{number}")).exists():
        number += 1
    return beside


def replay_keys() -> list[str]:
    """The keys of the scripted session, as Textual names them."""
    steps = (SAMPLES / "session.txt").read_text(encoding="utf-8").splitlines()[1:]
    keys: list[str] = []
    for step in steps:
        typed, key, _ = (part.strip() for part in step.split("|"))
        keys += ["space" if letter == " " else letter for letter in typed] + [key]
    return keys


def print_what_was_coded(project: Project) -> None:
    """Print the coded row, where the Parquet lies, one SQL answer and the exported CSV.

    Raises:
        ProjectError: the session coded nothing, so the demo did not work.
    """
    from data.console import run_sql
    from data.console.formats import table_lines
    from data.export import export_events
    from data.fold import fold

    fold(project)
    events = run_sql(project, "FROM events").to_pylist()
    if not events:
        raise ProjectError(
            f"the scripted session coded no event in {project.folder}: report this as a defect."
        )
    click.echo("\nThe coded row:")
    for name, value in events[0].items():
        click.echo(f"  {name:<20} {'' if value is None else value}")
    click.echo("\nThe dataset, plain Parquet:")
    for part in sorted(project.events_folder.glob("*.parquet")):
        click.echo(f"  {part}")
    click.echo(f'\neventcoder sql {project.folder} "{AGGREGATE}"')
    click.echo("".join(table_lines(run_sql(project, AGGREGATE))), nl=False)
    out = project.folder / "demo-events.csv"
    report = export_events(project, out, overwrite=True)
    click.echo(f"\n{report}")
    click.echo(out.read_text(encoding="utf-8"))
