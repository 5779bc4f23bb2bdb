"""How long one key of the type-ahead takes: 235 k places, 14 k actors, 2 k sources, a project with its own memory.

Every query is one key press of somebody who types the name of a random entry letter by letter.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Figure, arguments, report
from data.project import Project
from data.vocabulary import Actors, Places, Sources, remember
from data.vocabulary.gazetteer import build
from data.vocabulary.keys import search_key

BUDGET_MS = 1.0
DAY = dt.date(2024, 12, 5)


def main() -> int:
    options = arguments(__doc__.splitlines()[0]).parse_args()
    chance = random.Random(2024)
    count = 150 if options.quick else 1000
    with tempfile.TemporaryDirectory() as folder:
        project = Project.create(Path(folder) / "project")
        names = sample_places(chance, count)
        teach(project, names[: count // 5])
        places, actors, sources = Places.open(project), Actors.open(project), Sources.open(project)
        figures = [
            *key_presses(
                "place, country known",
                (
                    (name, lambda typed, country=country: places.search(typed, country=country))
                    for name, country in names
                ),
            ),
            *key_presses("place, anywhere", ((name, places.search) for name, _country in names)),
            *actor_figures(actors, chance, count),
            *key_presses(
                "source",
                ((name, sources.search) for name in chance.sample(sorted_names(sources), count // 3)),
            ),
            *typos(places, chance, names[: count // 5]),
            keys_until_found(places, names),
            *opening(project),
            rival(names[: 40 if options.quick else 200]),
            Figure("places in the gazetteer", float(place_count()), "places", budget=230_000, at_most=False),
            Figure("actors known", float(len(actors)), "actors", budget=10_000, at_most=False),
        ]
        places.close()
    return report(figures, as_json=options.json)


def sample_places(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Places as they are coded: larger ones more often."""
    db = sqlite3.connect(build())
    rows = db.execute(
        "SELECT place.name, country.name, population FROM place JOIN country ON country.code = place.country"
    ).fetchall()
    db.close()
    rows.sort()
    picked = chance.choices(rows, weights=[(row[2] + 100) ** 0.5 for row in rows], k=count)
    return [(name, country) for name, country, _population in picked]


def place_count() -> int:
    db = sqlite3.connect(build())
    found: int = db.execute("SELECT count(*) FROM place").fetchone()[0]
    db.close()
    return found


def teach(project: Project, names: list[tuple[str, str]]) -> None:
    for at, (name, country) in enumerate(names):
        row = {
            "country": country, "location": name, "latitude": 10 + at / 1000, "longitude": 20.0, "source": "Reuters",
            "actor1": f"Unidentified Armed Group ({country})", "actor2": f"Civilians ({country})",
        }  # fmt: skip
        remember(project, row, "bench")


def actor_figures(actors: Actors, chance: random.Random, count: int) -> list[Figure]:
    known = [actor for actor in actors if actor.holds_on(DAY)]
    picked = chance.sample(known, count // 2)
    here = (
        (actor.name, lambda typed, at=actor.country: actors.search(typed, on=DAY, country=at))
        for actor in picked
    )
    anywhere = ((actor.name, lambda typed: actors.search(typed, on=DAY)) for actor in picked)
    return [*key_presses("actor, country known", here), *key_presses("actor, anywhere", anywhere)]


def sorted_names(sources: Sources) -> list[str]:
    return sorted(str(row["name"]) for row in sources.rows())


def key_presses(what: str, typed: Iterable[tuple[str, Callable[[str], object]]]) -> list[Figure]:
    """The times of all key presses, from the first letter to at most twelve.

    The budget holds for the thread's own time: what other programs take of the processors is told beside it.
    """
    took, waited = [], []
    for name, ask in typed:
        for letters in range(1, min(len(name), 12) + 1):
            start, began = time.thread_time(), time.perf_counter()
            ask(name[:letters])
            took.append((time.thread_time() - start) * 1000)
            waited.append((time.perf_counter() - began) * 1000)
    cuts, wall = statistics.quantiles(took, n=100), statistics.quantiles(waited, n=100)
    return [
        Figure(f"{what}: query, median", statistics.median(took), "ms"),
        Figure(f"{what}: query, p95", cuts[94], "ms", rival=f"{len(took)} key presses", budget=BUDGET_MS),
        Figure(
            f"{what}: query, p99",
            cuts[98],
            "ms",
            rival=f"by the clock: p50 {wall[49]:.2f}, p95 {wall[94]:.2f}",
        ),
    ]


def typos(places: Places, chance: random.Random, names: list[tuple[str, str]]) -> list[Figure]:
    """One letter lost inside the name: how often the place is still among nine, and what that costs."""
    took, found = [], 0
    long = [(name, country) for name, country in names if len(name) > 5]
    for name, country in long:
        at = chance.randrange(2, len(name) - 1)
        start = time.thread_time()
        answer = places.search(name[:at] + name[at + 1 :], country=country)
        took.append((time.thread_time() - start) * 1000)
        found += name in {place.name for place in answer}
    return [
        Figure("place with a slip: still found", 100 * found / len(long), "%"),
        Figure("place with a slip: query, p95", statistics.quantiles(took, n=20)[18], "ms"),
    ]


def keys_until_found(places: Places, names: list[tuple[str, str]]) -> Figure:
    """Letters until the place stands among the nine, its country known."""
    letters = []
    for name, country in names:
        for typed in range(1, len(name) + 1):
            if name in {place.name for place in places.search(name[:typed], country=country)}:
                letters.append(typed)
                break
        else:
            letters.append(len(name) + 1)
    return Figure(
        "letters until the place is among nine, median", statistics.median(letters), "keys", budget=3
    )


def opening(project: Project) -> list[Figure]:
    took = {}
    for what, door in (("places", Places.open), ("actors", Actors.open), ("sources", Sources.open)):
        start = time.perf_counter()
        door(project)
        took[what] = (time.perf_counter() - start) * 1000
    return [Figure(f"opening the {what} (gazetteer built, seed read)", ms, "ms") for what, ms in took.items()]


def rival(names: list[tuple[str, str]]) -> Figure:
    """The same question put to rapidfuzz over every name of the country."""
    from rapidfuzz import fuzz, process

    db = sqlite3.connect(build())
    by_country: dict[str, list[str]] = {}
    for name, country in db.execute(
        "SELECT place.name, country.name FROM place JOIN country ON code = country"
    ):
        by_country.setdefault(country, []).append(search_key(name))
    db.close()
    took = []
    for name, country in names:
        start = time.perf_counter()
        process.extract(search_key(name[:4]), by_country[country], scorer=fuzz.WRatio, limit=9)
        took.append((time.perf_counter() - start) * 1000)
    return Figure(
        "rival: rapidfuzz over the country's names, p95", statistics.quantiles(took, n=20)[18], "ms"
    )


if __name__ == "__main__":
    raise SystemExit(main())
