"""The one place where it is counted how many keys an event costs: an expert at the real desk, beside other tools.

Scripted expert sessions over `articles.jsonl`, from the queue's "next" to "submitted", through the real application.
Every key counts, each typed character is one, so is a key with a modifier. The expert sees the nine candidates after each
key, takes the wanted one as soon as it stands there, and otherwise types what names it fastest: its beginning, its
abbreviation, its initials or the beginnings of two words. The rows in `articles.jsonl` are the judge: every required
column of every saved event is compared, read back through the dataset's own view.

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from benchmarks.figures import Figure, arguments, report
from coding.candidate import Candidate
from coding.desk.app import EventcoderApp
from coding.desk.form.form import TYPED_DIGITS
from coding.desk.replay import open_desk, settled
from coding.matching import prepared
from coding.note import note_disagreements
from coding.stops import next_stop
from coding.words_in_article import find_words, words_for
from data.ledger import Ledger
from data.project import SETTINGS_FILE, Project
from data.records import NewArticle
from data.views import connect
from data.vocabulary.actors import Actors
from schema.codebook import Codebook, load_codebook

ARTICLES = Path(__file__).with_name("articles.jsonl")
CODED = (
    "event_date",
    "time_precision",
    "sub_event_type",
    "actor1",
    "inter1",
    "actor2",
    "inter2",
    "country",
    "admin1",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "fatalities",
    "tags",
)
"""What the expert decides or checks; the note is drafted and has to agree."""
DERIVED = ("year", "disorder_type", "event_type", "interaction", "civilian_targeting", "iso", "region")
STATE = re.compile(r"(?P<forces>(?:Military|Police) Forces of .+?) \(\d{4}-(?:\d{4})?\)")
PLAIN = ("event_date", "fatalities", "tags")
"""Fields in which nothing has a name."""
KEY_NAMES = {
    " ": "space",
    "-": "minus",
    ":": "colon",
    ".": "full_stop",
    ";": "semicolon",
    "/": "slash",
    "~": "tilde",
}

Row = dict[str, Any]
Queries = Callable[[str, Any, Row], Iterator[str]]


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


# ---------------------------------------------------------------- the expert


class Expert:
    """Codes at the desk by keys alone, and counts them."""

    def __init__(self, app: EventcoderApp, pilot: Pilot[None], *, verbose: bool = False) -> None:
        self.app, self.pilot, self.verbose = app, pilot, verbose
        self.screen = app.coding
        self.keys = 0
        self.trail: list[str] = []
        self.spent: dict[str, int] = {}
        """Keys that gave a field its value, by field."""
        self.more_by_beginnings = 0
        """Keys that an expert who types names from their beginning only would have pressed beyond."""

    def begin(self) -> None:
        """Count from here."""
        self.keys, self.trail, self.spent, self.more_by_beginnings = 0, [], {}, 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            self.trail.append(key)
            await self.pilot.press(KEY_NAMES.get(key, key))
            await settled(self.app)

    @property
    def row(self) -> Row:
        session = self.screen.session
        assert session is not None
        return {name: _plain(value) for name, value in session.work.row.items()}

    @property
    def column(self) -> str:
        return self.screen.form.column

    def wrong(self, wanted: Row) -> list[str]:
        row = self.row
        return [name for name in CODED if not same(name, row.get(name), wanted.get(name))]

    async def fill(self, wanted: Row, evidence: Mapping[str, str]) -> None:
        """Make the form hold the wanted row, and the wanted words of the article under its fields."""
        for _ in range(60):
            wrong = self.wrong(wanted)
            if not wrong:
                return
            column = self.column
            if column not in wrong:
                await self.go_on(wrong)
                continue
            by_hand = column in evidence and not self.found_by_key(column, wanted, evidence[column])
            if by_hand:
                await self.choose_words(evidence[column])
            await self.enter(wanted)
            if column in evidence and not by_hand:
                await self.press(*["ctrl+g"] * self.found_by_key(column, wanted, evidence[column]))
            if column in self.wrong(wanted):
                is_now, should = self.row.get(column), wanted.get(column)
                raise AssertionError(f"{column} is {is_now!r}, not {should!r}: {' '.join(self.trail)}")
        raise AssertionError(f"cannot reach {self.wrong(wanted)}: {' '.join(self.trail)}")

    async def go_on(self, wrong: Sequence[str]) -> None:
        """Enter where it leads to a field that is not right yet, else the shorter way by tab."""
        session = self.screen.session
        assert session is not None
        order = [column.name for column in session.codebook.coded]
        stop = next_stop(session.codebook, session.work.row, self.column, session.work.state.origins)
        here = order.index(self.column)
        steps = min((order.index(name) - here for name in wrong), key=abs)
        if stop in wrong and abs(steps) > 1:
            await self.press("enter")
        else:
            await self.press("tab" if steps > 0 else "shift+tab")

    async def enter(self, wanted: Row) -> None:
        """Type the shortest thing that brings the value into the list, then pick it; else type it out."""
        column = self.column
        if wanted.get(column) is None:
            await self.press("ctrl+u", "enter")
            return
        if self.screen.form._edited:
            await self.press("ctrl+u")
        plan = self.plan(column, wanted, queries)
        self.more_by_beginnings += len(self.plan(column, wanted, beginnings)) - len(plan)
        self.spent[column] = self.spent.get(column, 0) + len(plan)
        await self.press(*plan)

    def plan(self, column: str, wanted: Row, queries: Queries) -> list[str]:
        """The fewest keys that give a field its value, by what this expert would type."""
        value = wanted[column]
        plans = [[*typed, "enter"] for typed in spelled_out(column, wanted)]
        for query in queries(column, value, wanted):
            for length in range(0 if self.screen.form.candidates.candidates else 1, len(query) + 1):
                if (place := self._place(column, query[:length], wanted)) is not None:
                    digit = f"{place + 1}" if column not in TYPED_DIGITS else f"alt+{place + 1}"
                    plans.append([*query[:length], digit])
                    break
        assert plans, f"nothing names {value!r} for {column}"
        return min(plans, key=len)

    def _place(self, column: str, typed: str, wanted: Row) -> int | None:
        found = self.screen.form._find(column, typed)[:9]
        return next((n for n, candidate in enumerate(found) if is_wanted(candidate, column, wanted)), None)

    def found_by_key(self, column: str, wanted: Row, words: str) -> int:
        """How often the key that looks for a value's words has to be pressed; 0 where it does not find these soon."""
        value = wanted[column]
        value = datetime.date.fromisoformat(value) if column == "event_date" else value
        text = self.text
        found = [text[start:end] for start, end in find_words(text, words_for(value, "", self.codebook))][:3]
        return next((n for n, quote in enumerate(found, 1) if agrees(quote, words)), 0)

    @property
    def codebook(self) -> Codebook:
        session = self.screen.session
        assert session is not None
        return session.codebook

    @property
    def text(self) -> str:
        session = self.screen.session
        assert session is not None
        return session.article.text

    async def choose_words(self, words: str) -> None:
        """To the article, hop to the first word, extend to the last, take them."""
        body = self.screen.pane.body
        start = self.text.index(words)
        await self.press("f2", "f")
        for letter in words[:3].lower():
            await self.press(letter)
            if body._hop is None:
                break
            if label := body._hop.labels.get(start):
                await self.press(label)
                break
        await self.press(*["W"] * (len(words.split()) - 1), "enter")

    def missing_evidence(self, evidence: Mapping[str, str]) -> list[str]:
        """The pieces that are not under their field."""
        session = self.screen.session
        assert session is not None
        kept = {name: [piece.quote for piece in session.work.state.evidence_of(name)] for name in evidence}
        return [
            f"{name}: {words!r} is not among {kept[name]}"
            for name, words in evidence.items()
            if not any(agrees(quote, words) for quote in kept[name])
        ]


def agrees(quote: str, words: str) -> bool:
    """Whether kept words are the wanted ones or the heart of them."""
    return quote.casefold() in words.casefold() or words.casefold() in quote.casefold()


def is_wanted(candidate: Candidate, column: str, wanted: Row) -> bool:
    """Whether picking the candidate makes the field, and what it fills, right."""
    if not same(column, _plain(candidate.value), wanted[column]):
        return False
    fills = {name: _plain(value) for name, value in candidate.fills.items() if name in CODED}
    depends = {"inter1", "inter2"} if column in ("actor1", "actor2") else set()
    return all(name in depends or same(name, value, wanted.get(name)) for name, value in fills.items())


def queries(column: str, value: Any, wanted: Row) -> Iterator[str]:
    """What an expert would type to find a value, nothing first."""
    yield ""
    if column == "event_date":
        day = datetime.date.fromisoformat(value)
        exact = (f"{day:%a}".lower(), f"{day.day}", f"{day.day} {day:%b}".lower())
        yield from exact if wanted["time_precision"] == 1 else ("weekend",)
        return
    text = str(value).casefold()
    name = prepared(str(value))
    yield text
    yield from (letters for letters in name.initials if len(letters) > 1)
    if len(name.words) > 1:
        yield from (f"{name.words[0][:3]} {word[:3]}" for word in name.words[1:] if len(word) > 2)
        yield from (word for word in name.words[1:] if len(word) > 2)
    if column == "location" and wanted.get("geo_precision") == 2:
        yield "~"
        yield f"~{text}"
    if column == "tags":
        yield str(value).split("=")[-1].replace("around ", "")


def beginnings(column: str, value: Any, wanted: Row) -> Iterator[str]:
    """The same by an expert who knows no abbreviation, no initials, no inner word."""
    if column in PLAIN:
        yield from queries(column, value, wanted)
        return
    near = "~" if column == "location" and wanted.get("geo_precision") == 2 else ""
    name = str(value).casefold()
    yield from (near, f"{near}{name}", name.split(": ")[-1])


def spelled_out(column: str, wanted: Row) -> Iterator[str]:
    """What Enter takes without a list."""
    value = wanted[column]
    if column in ("fatalities", "geo_precision", "time_precision"):
        yield str(value)
    elif column == "event_date" and wanted["time_precision"] == 1:
        yield value


def same(column: str, value: Any, wanted: Any) -> bool:
    """Whether a cell is right; coordinates within a hundredth of a degree."""
    if column in ("latitude", "longitude") and value is not None and wanted is not None:
        return abs(float(value) - float(wanted)) < 0.01
    return bool(value == wanted)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


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
    saved = [dict(zip(names, map(_plain, cells), strict=True)) for cells in answer]
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
