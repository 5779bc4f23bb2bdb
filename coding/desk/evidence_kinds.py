"""The one place where fields are grouped by the colour and the letter their words carry in the article."""

from __future__ import annotations

KINDS = ("when", "what", "who", "where", "deaths", "source", "notes")
"""Groups of fields, in the order of the codebook."""
LETTERS = {"when": "D", "what": "E", "who": "A", "where": "P", "deaths": "F", "source": "S", "notes": "N"}
"""Date, Event, Actor, Place, Fatalities, Source, Note: what the margin shows beside words that are evidence."""

_BEGINNINGS = {
    "event_date": "when",
    "time_precision": "when",
    "sub_event": "what",
    "event_type": "what",
    "disorder": "what",
    "actor": "who",
    "assoc_actor": "who",
    "inter": "who",
    "civilian": "who",
    "country": "where",
    "iso": "where",
    "region": "where",
    "admin": "where",
    "location": "where",
    "latitude": "where",
    "longitude": "where",
    "geo": "where",
    "fatalities": "deaths",
    "source": "source",
}


def kind_of(field: str) -> str:
    """The group of a field; fields of a project's own codebook count as notes."""
    return next((kind for beginning, kind in _BEGINNINGS.items() if field.startswith(beginning)), "notes")
