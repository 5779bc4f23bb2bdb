"""The one place where tests of queries and exports get a project with known events, hostile cells among them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from data.export.columns import ACLED_COLUMNS

if TYPE_CHECKING:
    from data.project import Project

FORMULA = '=HYPERLINK("http://example.org","click")'
MARKED = "'=1+1"
NASTY = 'quote " comma , semicolon ; tab\there newline\nthere ünïcödé 中文 العربية'

TITLE = 'Hama falls, "quoted", =1+1'
ARTICLE = "Fighters drove into Hama on Thursday."
GIVEN_AT_SAVE = ("event_id_cnty", "timestamp")
"""Columns the store fills itself."""

_PLAIN = {
    "event_id_cnty": None,
    "event_date": dt.date(2024, 12, 5),
    "year": 2024,
    "time_precision": 1,
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "assoc_actor_1": None,
    "inter1": "Rebel group",
    "actor2": "Military Forces of Syria (2000-2024)",
    "assoc_actor_2": None,
    "inter2": "State forces",
    "interaction": "State forces-Rebel group",
    "civilian_targeting": None,
    "iso": 760,
    "region": "Middle East",
    "country": "Syria",
    "admin1": "Hama",
    "admin2": "Hama",
    "admin3": "Hama",
    "location": "Hama",
    "latitude": 35.1318,
    "longitude": 36.7578,
    "geo_precision": 1,
    "source": "Example Times",
    "source_scale": "National",
    "notes": "On 5 December 2024, HTS clashed with Syrian regime forces in Hama city (Hama, Hama). No reported fatalities.",
    "fatalities": 0,
    "tags": None,
    "timestamp": 1733500000,
}
_PROTEST = {
    "disorder_type": "Demonstrations",
    "event_type": "Protests",
    "sub_event_type": "Peaceful protest",
    "actor1": "Protesters (Kenya)",
    "assoc_actor_1": "Students (Kenya); Women (Kenya)",
    "inter1": "Protesters",
    "actor2": None,
    "inter2": None,
    "interaction": "Protesters only",
    "iso": 404,
    "region": "Eastern Africa",
    "country": "Kenya",
    "admin1": "Nairobi",
    "admin2": "Starehe",
    "admin3": None,
    "location": "Nairobi",
    "latitude": -1.2833,
    "longitude": 36.8167,
    "tags": "crowd size=no report",
}
_STRIKE = {
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Air/drone strike",
    "actor1": "Military Forces of Russia (2000-)",
    "inter1": "External/Other forces",
    "actor2": "Civilians (Syria)",
    "assoc_actor_2": "Women (Syria)",
    "inter2": "Civilians",
    "interaction": "External/Other forces-Civilians",
    "civilian_targeting": "Civilian targeting",
    "fatalities": 12,
    "geo_precision": 2,
}


def rows() -> list[dict[str, object]]:
    """Twelve events: three countries, three months, one of each hostile kind of text."""
    made = [
        {**_PLAIN, "fatalities": 5},
        {**_PLAIN, "event_date": dt.date(2024, 12, 3), "time_precision": 2, "notes": NASTY},
        {**_PLAIN, **_STRIKE, "event_date": dt.date(2024, 11, 28), "location": "Idlib", "source": "Agency A; Agency B"},
        {**_PLAIN, **_STRIKE, "event_date": dt.date(2024, 10, 2), "fatalities": 3,
         "assoc_actor_1": "Military Forces of Syria (2000-2024)"},
        {**_PLAIN, **_PROTEST, "event_date": dt.date(2024, 10, 2)},
        {**_PLAIN, **_PROTEST, "event_date": dt.date(2024, 10, 31), "notes": FORMULA},
        {**_PLAIN, **_PROTEST, "event_date": dt.date(2024, 12, 31), "notes": MARKED, "location": "+Eldoret"},
        {**_PLAIN, **_PROTEST, "event_date": dt.date(2024, 12, 31), "notes": "\ttab first", "source": "@Handle"},
        {**_PLAIN, "country": "Iraq", "iso": 368, "admin1": "Ninewa", "admin2": None, "admin3": None, "location": "Mosul",
         "latitude": 36.335, "longitude": 43.1189, "event_date": dt.date(2024, 12, 9), "actor1": "Islamic State (Iraq)",
         "actor2": "Military Forces of Iraq (2022-)"},
        {**_PLAIN, "notes": "x" * 2600, "event_date": dt.date(2024, 12, 10)},
        {**_PLAIN, "notes": "－１ full width minus", "event_date": dt.date(2024, 12, 11)},
        {**_PLAIN, "latitude": -54.8, "longitude": -179.9999, "event_date": dt.date(2023, 12, 31), "year": 2023},
    ]  # fmt: skip
    return [row | {"notes": _dated(row)} for row in made]


def _dated(row: dict[str, object]) -> object:
    """The plain note opens with the event's own day, as the codebook wants it."""
    day = row["event_date"]
    assert isinstance(day, dt.date)
    return str(row["notes"]).replace("5 December 2024", f"{day.day} {day:%B %Y}")


def made_project(folder: Path) -> Project:
    """A project that holds these rows: the first half folded into Parquet, the rest newest in the ledger."""
    from data.fold import fold
    from data.ledger import Ledger
    from data.project import Project
    from data.records import Evidence, NewArticle, Save

    project = Project.create(folder)
    with Ledger.open(project) as ledger:
        article, _ = ledger.add_article(
            NewArticle(TITLE, "Example Times", dt.date(2024, 12, 6), ARTICLE, url="https://example.org/1")
        )
        for number, row in enumerate(rows()):
            if number == len(rows()) // 2:
                fold(project)
            words = (Evidence("location", article, 20, 24, "Hama"),) if number == 0 else ()
            values = {name: row[name] for name in ACLED_COLUMNS if name not in GIVEN_AT_SAVE}
            ledger.save(Save(f"save-{number}", "ann", article, None, None, values, words, {}, {}))  # type: ignore[arg-type]
    return project
