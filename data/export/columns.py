"""The one place where the column order of a current ACLED export stands, with its numeric inter codes."""

from __future__ import annotations

ACLED_COLUMNS: tuple[str, ...] = (
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
)

HOUSE_COLUMNS: tuple[str, ...] = (
    "event_key",
    "revision",
    "status",
    "coder",
    "saved_at",
    "article_id",
    "origin",
)
"""Our own columns beside them in the dataset; an export carries them only when asked."""

LIST_COLUMNS: tuple[str, ...] = ("assoc_actor_1", "assoc_actor_2", "source", "tags")
"""Columns that hold several values joined by '; '."""

INTER_LABELS: tuple[str, ...] = (
    "State forces",
    "Rebel group",
    "Political militia",
    "Identity militia",
    "Rioters",
    "Protesters",
    "Civilians",
    "External/Other forces",
)
"""The label of inter code 1, 2, …, 8; exports before late 2024 carried the numbers."""
