"""Reading a file of events for a test: its rows, its repairs, and the rows as they ought to be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from data.event_file import EventFile, read_event_file


def rows_of(events: EventFile) -> list[dict[str, Any]]:
    found = events.connection.execute("SELECT * FROM events ORDER BY event_key")
    names = [entry[0] for entry in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def read(path: Path, **options: Any) -> tuple[list[dict[str, Any]], dict[str, int], EventFile]:
    with read_event_file(path, **options) as events:
        rows = [{key: value for key, value in row.items() if key != "event_key"} for row in rows_of(events)]
        return rows, {repair.what: repair.rows for repair in events.repairs}, events


def typed(name: str, text: str) -> Any:
    if name == "event_date":
        return dt.datetime.fromisoformat(text)
    if name in {"year", "time_precision", "iso", "geo_precision", "fatalities", "timestamp"}:
        return int(text) or 0.0
    return float(text) if name in {"latitude", "longitude"} else text
