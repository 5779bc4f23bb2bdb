"""The word at the cursor is completed with what fits there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.console import run_sql
from data.console.completion import CATALOG_SQL, Completion, Known, completions
from schema.codebook import load_codebook

if TYPE_CHECKING:
    from data.project import Project

KNOWN = Known(
    {
        "events": {"country": "VARCHAR", "event_type": "VARCHAR", "fatalities": "BIGINT"},
        "articles": {"title": "VARCHAR"},
    },
    {"country": ["Syria", "Côte d'Ivoire", "South Sudan"], "event_type": ["Battles", "Riots"]},
)


def _texts(typed: str) -> list[str]:
    return [found.text for found in completions(typed, KNOWN)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("SELECT cou", "country"),
        ("SELECT type", "event_type"),
        ("SELECT * FROM ev", "events"),
        ("SELECT * FROM ", "events"),
        ("DESCRIBE ar", "articles"),
        ("SELECT * FROM events WHERE country = 'sy", "Syria'"),
        ("SELECT * FROM events WHERE country IN ('Syria', 'sud", "South Sudan'"),
        ("SELECT * FROM events WHERE country = 'cote", "Côte d''Ivoire'"),
        ("SELECT * FROM events WHERE event_type LIKE 'ri", "Riots'"),
        ("SELECT e.fat", None),
        ("SELECT * FROM events e WHERE e.fat", "fatalities"),
        ("SELECT events.fat", "fatalities"),
        ("SELECT * FROM events WHERE invol", "involves("),
        ("sel", "SELECT"),
        ("SELECT 'free te", None),
        ("", None),
    ],
)
def test_the_best_proposal_comes_first(typed: str, first: str | None) -> None:
    assert (_texts(typed) or [None])[0] == first


def test_a_proposal_says_how_much_it_replaces_and_what_it_is() -> None:
    assert completions("SELECT cou", KNOWN)[0] == Completion("country", "column", 3, "VARCHAR")
    assert len(completions("SELECT * FROM events WHERE e", KNOWN)) <= 9


def test_the_words_of_a_real_project_are_known(project: Project) -> None:
    known = Known.of(run_sql(project, CATALOG_SQL), load_codebook("acled"))
    assert {"events", "articles", "codings", "event_actors"} <= set(known.columns)
    assert "Non-state actor overtakes territory" in known.values["sub_event_type"]
    assert completions("FROM events WHERE inter1 = 'reb", known)[0].text == "Rebel group'"
