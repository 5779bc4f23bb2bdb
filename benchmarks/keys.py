"""The one place where it is counted how many keys an event costs: an expert at the real desk, beside other tools.

Scripted expert sessions over `articles.jsonl`, from the queue's "next" to "submitted", through the real application.
Every key counts, each typed character is one, so is a key with a modifier; how the expert types stands in
`benchmarks/expert.py`. The rows in `articles.jsonl` are the judge: every required column of every saved event is
compared, read back through the dataset's own view.

The budgets are measured with the desk not reading the article (`desk.mentions = false`); with reading is shown beside.
Where a key saves one event and opens the next article, it counts for the event it saves.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import re
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.expert import CODED, Expert, Row, as_plain, same
from benchmarks.figures import Figure, arguments, report
from coding.desk.replay import open_desk, settled
from coding.note import note_disagreements
from data.ledger import Ledger
from data.project import SETTINGS_FILE, Project
from data.records import NewArticle
from data.views import connect
from data.vocabulary.actors import Actors
from schema.codebook import Codebook, load_codebook

ARTICLES = Path(__file__).with_name("articles.jsonl")
DERIVED = ("year", "disorder_type", "event_type", "interaction", "civilian_targeting", "iso", "region")
STATE = re.compile(r"(?P<forces>(?:Military|Police) Forces of .+?) \(\d{4}-(?:\d{4})?\)")


@dataclass
class Counted:
    """What one run cost."""

    first: list[int] = field(default_factory=list)
    by_beginnings: list[int] = field(default_factory=list)
    evidence: list[int] = field(default_factory=list)
    second: list[int] = field(default_factory=list)
    second_beyond: list[int] = field(default_factory=list)
    no_event: list[int] = field(default_factory=list)
    attach: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    events: list[tuple[str, int]] = field(default_factory=list)


def read_articles(quick: bool) -> list[Row]:
    """The articles with their rows; ten of them at `--quick`."""
    articles = [json.loads(line) for line in ARTICLES.read_text("utf-8").splitlines()]
    return articles[:10] if quick else articles


def close_regimes(articles: Sequence[Row], actors: Actors) -> None:
    """Give the forces of states the years their names carry today: a regime that ended since closes its name."""
    for event in (event for article in articles for event in article["events"]):
        for side in ("actor1", "actor2"):
            if found := STATE.match(event.get(side, "")):
                on = datetime.date.fromisoformat(event["event_date"])
                same_forces = actors.search(found["forces"], on=on, limit=9)
                event[side] = next(each.name for each in same_forces if STATE.fullmatch(each.name))


def wanted_rows(article: Row) -> list[Row]:
    """The rows an expert codes from an article, with its source."""
    told = {"source": article["source"], "source_scale": article["source_scale"]}
    return [{**told, **event} for event in article["events"]]


# ---------------------------------------------------------------- a session


def make_project(folder: Path, articles: Sequence[Row], *, mentions: bool) -> Project:
    """A new project with the articles, and nothing coded yet."""
    Project.create(folder, name="keys")
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as settings:
        settings.write(f"\n[desk]\nmentions = {str(mentions).lower()}\n")
    project = Project.open(folder)
    with Ledger.open(project) as ledger:
        for article in articles:
            day = datetime.date.fromisoformat(article["published"])
            ledger.add_article(
                NewArticle(
                    article["title"],
                    article["source"],
                    day,
                    article["text"],
                    None,
                    "en",
                    article["source_scale"],
                )
            )
    return project


async def run_session(folder: Path, articles: Sequence[Row], *, mentions: bool, evidence: bool) -> Counted:
    """Code every article in the order of the queue."""
    project = make_project(folder, articles, mentions=mentions)
    close_regimes(articles, Actors.open(project))
    counted = Counted()
    async with open_desk(project, "expert", size=(120, 40)) as (app, pilot):
        await settled(app)
        expert = Expert(app, pilot)
        for article in articles:
            await code_article(expert, article, counted, evidence=evidence)
    counted.faults += wrong_rows(project, articles)
    return counted


async def code_article(expert: Expert, article: Row, counted: Counted, *, evidence: bool) -> None:
    """One article, from its being opened to the key that saves and opens the next."""
    rows = wanted_rows(article)
    if article.get("attach"):
        await attach(expert, article, counted)
        return
    if not rows:
        expert.begin()
        await expert.press("f6")
        counted.no_event.append(expert.keys)
        return
    for number, wanted in enumerate(rows):
        expert.begin()
        if number:
            await expert.press("f4")
        pieces = wanted.get("evidence", {}) if evidence and not number else {}
        await expert.fill(wanted, pieces)
        counted.faults += [f"{article['title']}: {fault}" for fault in expert.missing_evidence(pieces)]
        if len(pieces) == 4:
            counted.evidence.append(expert.keys + 1)
        saves = expert.app.saves
        await expert.press("f8" if number == len(rows) - 1 else "ctrl+s")
        if expert.app.saves == saves:
            failures = expert.screen.session.failures if expert.screen.session else []
            raise AssertionError(
                f"{article['title']}: not saved: {[failure.message for failure in failures][:3]}"
            )
        (counted.second if number else counted.first).append(expert.keys)
        if not number:
            counted.by_beginnings.append(expert.keys + expert.more_by_beginnings)
        told = f"{wanted['sub_event_type']}, {wanted['location']}: {' '.join(expert.trail)}"
        counted.events.append((told, expert.keys))
        if number:
            changed = [name for name in CODED if wanted.get(name) != rows[number - 1].get(name)]
            counted.second_beyond.append(expert.keys - sum(expert.spent.get(name, 0) for name in changed))


async def attach(expert: Expert, article: Row, counted: Counted) -> None:
    """The article tells an event that was coded from another one; the desk has asked whether it is the same."""
    expert.begin()
    told = [each.summary for each in expert.screen.told]
    if not told or article["attach"]["location"] not in told[0]:
        counted.faults.append(
            f"{article['title']}: the desk does not ask about {article['attach']['location']}: {told}"
        )
        await expert.press("f6")
        return
    saves = expert.app.saves
    await expert.press("f5")
    if expert.app.saves == saves:
        counted.faults.append(f"{article['title']}: not attached")
    counted.attach.append(expert.keys)


def wrong_rows(project: Project, articles: Sequence[Row]) -> list[str]:
    """Every required column of every event, as the dataset gives it, against the wanted rows."""
    columns, codebook = (*CODED, *DERIVED, "notes"), project.codebook()
    with connect(project) as con:
        names = ("article_id", *columns)
        answer = con.execute(
            f"SELECT {', '.join(names)} FROM events ORDER BY article_id, event_key"
        ).fetchall()
    saved = [dict(zip(names, map(as_plain, cells), strict=True)) for cells in answer]
    wanted = [(number, row) for number, article in enumerate(articles, 1) for row in wanted_rows(article)]
    faults = [] if len(saved) == len(wanted) else [f"{len(saved)} events saved, {len(wanted)} wanted"]
    for got, (number, row) in zip(saved, wanted, strict=False):
        attached = row["source"] in got["source"].split("; ")
        wrong = [name for name in (*CODED, *DERIVED) if not same(name, got[name], row.get(name))]
        wrong = [name for name in wrong if not (attached and name in ("source", "source_scale"))]
        told = {**got, "event_date": datetime.date.fromisoformat(got["event_date"])}
        wrong += [] if got["notes"] and not note_disagreements(told, codebook) else ["notes"]
        if wrong or got["article_id"] != number:
            said = (f"{name} is {got.get(name)!r}, not {row.get(name)!r}" for name in wrong)
            faults.append(f"article {number}: {', '.join(said)}")
    return faults


# ---------------------------------------------------------------- the same rows elsewhere

SHEET = (*CODED[:5], "actor2", "inter2", "country", "admin1", *CODED[9:])


def spreadsheet_keys(articles: Sequence[Row]) -> list[int]:
    """A row of a spreadsheet, its completion from the cells above granted, derived columns by formula, without the note."""
    above: dict[str, set[str]] = {name: set() for name in SHEET}
    counted = []
    for row in (row for article in articles for row in wanted_rows(article)):
        keys = 0
        for name in SHEET:
            text = "" if row.get(name) is None else str(row[name])
            known = text in above[name] and not _is_number(text)
            keys += 1 + (shortest_beginning(text, above[name]) if known else len(text))
            above[name].add(text)
        counted.append(keys)
    return counted


def form_keys(articles: Sequence[Row], codebook: Codebook) -> list[int]:
    """A plain form: closed lists by the beginning of their value, everything else typed, Tab after each field."""
    counted = []
    for row in (row for article in articles for row in wanted_rows(article)):
        keys = 1
        for name in SHEET:
            text = "" if row.get(name) is None else str(row[name])
            values = set(codebook.column(name).values)
            if name == "country":
                values = {country.name for country in codebook.countries}
            keys += 1 + (shortest_beginning(text, values) if text in values else len(text))
        counted.append(keys)
    return counted


def shortest_beginning(text: str, among: set[str]) -> int:
    """How many letters tell a text from the others."""
    others = [other for other in among if other != text]
    return next(
        (n for n in range(1, len(text)) if not any(other.startswith(text[:n]) for other in others)), len(text)
    )


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace("-", "").isdigit()


# ---------------------------------------------------------------- figures


def median(values: Sequence[int]) -> float:
    return float(statistics.median(values)) if values else float("nan")


def figures(plain: Counted, words: Counted, read: Counted, articles: Sequence[Row]) -> list[Figure]:
    sheet, form = median(spreadsheet_keys(articles)), median(form_keys(articles, load_codebook()))
    rivals = f"spreadsheet {sheet:.0f}, plain form {form:.0f} (both without the note)"
    found = [
        Figure("keys per event, median", median(plain.first), "keys", rivals, 20),
        Figure(
            "keys per event, names typed from their beginning only, median",
            median(plain.by_beginnings),
            "keys",
            "",
        ),
        Figure("keys per event, worst", max(plain.first), "keys", ""),
        Figure("keys per event with four pieces of evidence, median", median(words.evidence), "keys", "", 40),
        Figure(
            "second event of an article beyond its changed fields, worst",
            max(plain.second_beyond),
            "keys",
            "",
            8,
        ),
        Figure("second event of an article, all keys, median", median(plain.second), "keys", ""),
        Figure("no event", max(plain.no_event), "keys", "", 1),
        Figure(
            "keys per event, the desk reading the article, median",
            median(read.first),
            "keys",
            "for information",
        ),
        Figure(
            "spreadsheet row, median",
            sheet,
            "keys",
            "derived columns by formula, completion from the cells above",
        ),
        Figure("plain form, median", form, "keys", "closed lists by their beginning"),
        Figure("columns wrong", len(plain.faults) + len(words.faults) + len(read.faults), "rows", "", 0),
    ]
    if plain.attach:
        found.insert(6, Figure("attach to an existing event", max(plain.attach), "keys", "", 3))
    return found


def main() -> int:
    parser = arguments(__doc__ or "")
    parser.add_argument("--events", action="store_true", help="the keys of every event")
    options = parser.parse_args()
    articles = read_articles(options.quick)
    with tempfile.TemporaryDirectory() as folder:
        runs = [
            asyncio.run(run_session(Path(folder) / name, articles, mentions=mentions, evidence=evidence))
            for name, mentions, evidence in (
                ("plain", False, False),
                ("words", False, True),
                ("read", True, False),
            )
        ]
    for run in runs:
        for fault in run.faults:
            print(fault, file=sys.stderr)
    if options.events:
        for told, keys in runs[0].events:
            print(f"{keys:>4}  {told}", file=sys.stderr)
    return report(figures(runs[0], runs[1], runs[2], articles), as_json=options.json)


if __name__ == "__main__":
    raise SystemExit(main())
