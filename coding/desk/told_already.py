"""The one place where the desk asks whether an event was coded before, and what the coder answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coding.twins import DIFFERENT

if TYPE_CHECKING:
    from coding.duplicates import LikelyDuplicate
    from coding.event_state import EventState
    from data.project import Project
    from data.records import Article, Row

ASKED_ABOUT = ("event_date", "location")
"""Columns that must stand before it can be asked."""


def told_by(project: Project, article: Article) -> list[LikelyDuplicate]:
    """Events that stand in the dataset and that the article's text names; runs in any thread."""
    from coding.duplicates import find_told_already

    return find_told_already(project, article)


def place_and_day(state: EventState) -> tuple[object, ...]:
    """What an event is asked about by; nothing before all of it stands."""
    found = tuple(state.row.get(column) for column in ASKED_ABOUT)
    return found if None not in found else ()


def like(project: Project, state: EventState, row: Row) -> list[LikelyDuplicate]:
    """Events of the dataset like the one on the form, without those the coder knows to be others."""
    from coding.duplicates import find_duplicates

    if not place_and_day(state):
        return []
    others = {int(name.removeprefix(DIFFERENT)) for name in state.reasons if name.startswith(DIFFERENT)}
    return find_duplicates(project, row, own=state.event_key, different=others)


def notice(found: LikelyDuplicate) -> str:
    """The question as the desk asks it."""
    key = found.event_key
    keys = f"F5 adds this article to event {key} · ctrl+f it is another one"
    return f"{keys} — Coded already? Event {key}: {found.summary} ({found.why})"
