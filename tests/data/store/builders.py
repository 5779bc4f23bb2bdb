"""Articles, rows and saves for the tests of the store."""

from __future__ import annotations

import datetime as dt
from typing import Any

from data.records import NewArticle, Save


def an_article(number: int = 1) -> NewArticle:
    return NewArticle(f"Title {number}", "Wire", dt.date(2024, 12, 6), f"Text of article {number}.")


def a_row(**changes: Any) -> dict[str, Any]:
    """A row of a battle that the ACLED codebook accepts."""
    row: dict[str, Any] = {
        "event_date": dt.date(2024, 12, 5),
        "time_precision": 1,
        "sub_event_type": "Non-state actor overtakes territory",
        "actor1": "Hayat Tahrir al-Sham",
        "inter1": "Rebel group",
        "actor2": "Military Forces of Syria (2000-2024)",
        "inter2": "State forces",
        "country": "Syria",
        "admin1": "Hama",
        "location": "Hama",
        "latitude": 35.1318,
        "longitude": 36.7578,
        "geo_precision": 1,
        "source": "Wire",
        "source_scale": "International",
        "notes": "On 5 December 2024, Hayat Tahrir al-Sham took over Hama city (Hama) from Military Forces of Syria.",
        "fatalities": 0,
    }
    return row | changes


def a_save(number: int = 1, **changes: Any) -> Save:
    fields: dict[str, Any] = {
        "save_id": f"save-{number}", "coder": "ana", "article_id": None, "event_key": None, "base_revision": None,
        "values": a_row(fatalities=number),
    }  # fmt: skip
    return Save(**(fields | changes))
