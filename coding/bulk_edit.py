"""The one place where cells of many events are changed at once: each validated like typing, one revision an event.

An event whose rules would be broken by its edits stays as it was, and each of those cells says why.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from coding.candidate import Candidate
from coding.candidates import candidates
from coding.coordinates import read_named
from coding.event_state import FOLLOWS, EventState
from coding.form_work import FormWork, state_of_revision
from coding.keeping import Keeping
from coding.stops import FOLLOWERS
from data.records import Article, Revision
from schema.errors import EventcoderError
from schema.rules import Failure, Severity
from schema.text import fold

_PICKED = ("location", "actor1", "actor2", "source")
"""Columns whose names bring others along: place, type, scale."""
_PLACE_CELLS = ("country", "latitude", "longitude")
"""Where these are given too, a pasted row tells its place itself."""

IN_THE_GRID = "changed in the grid"
"""What the history says of such a revision."""


@dataclass(frozen=True)
class CellEdit:
    """What a person wants in one cell, as text."""

    key: int
    """The event."""
    column: str
    text: str
    """What was typed, filled or pasted."""
    seen: int | None = None
    """The revision that the person saw; None where whatever stands now is meant."""


@dataclass(frozen=True)
class BulkEdit:
    """What became of the edits."""

    saved: tuple[Revision, ...]
    refused: Mapping[tuple[int, str], str]
    """Event and column to one sentence."""

    def said(self) -> str:
        """One sentence for the screen."""
        saved = f"{len(self.saved)} event{'' if len(self.saved) == 1 else 's'} saved"
        refused = len(self.refused)
        return f"{saved}, {refused} cell{'' if refused == 1 else 's'} refused." if refused else f"{saved}."


def apply_edits(keeping: Keeping, edits: Iterable[CellEdit], *, why: str = IN_THE_GRID) -> BulkEdit:
    """Change the cells, event by event; one that cannot be saved does not hinder the next."""
    saved: list[Revision] = []
    refused: dict[tuple[int, str], str] = {}
    for key, cells in _by_event(edits).items():
        try:
            outcome = _edited(keeping, keeping.event(key), cells)
            if isinstance(outcome, FormWork):
                saved.append(keeping.save(outcome.state, why=why))
                continue
        except EventcoderError as error:
            outcome = dict.fromkeys(cells, str(error))
        refused |= {(key, column): sentence for column, sentence in outcome.items()}
    return BulkEdit(tuple(saved), refused)


def apply_together(keeping: Keeping, edits: Iterable[CellEdit], *, why: str) -> BulkEdit:
    """Change the cells of all events or, where one of them cannot be saved, of none.

    `RevisionConflict` where somebody saved one of them since it was seen; nothing is saved then either.
    """
    ready: list[EventState] = []
    refused: dict[tuple[int, str], str] = {}
    edits = list(edits)
    seen = {edit.key: edit.seen for edit in edits if edit.seen is not None}
    for key, cells in _by_event(edits).items():
        event = keeping.event(key)
        outcome = _edited(keeping, event, cells)
        if isinstance(outcome, FormWork):
            ready.append(replace(outcome.state, base_revision=seen.get(key, event.revision)))
        else:
            refused |= {(key, column): sentence for column, sentence in outcome.items()}
    saved = () if refused else tuple(keeping.save_together(ready, why))
    return BulkEdit(saved, refused)


def _by_event(edits: Iterable[CellEdit]) -> dict[int, dict[str, str]]:
    by_event: dict[int, dict[str, str]] = {}
    for edit in edits:
        by_event.setdefault(edit.key, {})[edit.column] = edit.text
    return by_event


def _edited(keeping: Keeping, event: Revision, cells: Mapping[str, str]) -> FormWork | dict[str, str]:
    """The event with its cells changed, ready to be saved; or, by column, why it cannot be, empty where nothing changes."""
    work = FormWork(keeping.codebook, _article_of(keeping, event), state_of_revision(event))
    published = work.article.published if event.article_id is not None else None
    before = {failure.rule_id for failure in _blocking(keeping, work, published)}
    unusable = {
        column: said for column, text in cells.items() if (said := _take(keeping, work, cells, column, text))
    }
    if unusable:
        return unusable
    if not work.touched:
        return {}
    _restore_followers(work, event, cells)
    broken = [failure for failure in _blocking(keeping, work, published) if failure.rule_id not in before]
    return _told(broken, cells) if broken else work


def _take(keeping: Keeping, work: FormWork, cells: Mapping[str, str], column: str, text: str) -> str:
    """Put a text into a cell as it would be picked on the form, with what it brings; else a sentence why it cannot be."""
    if column in _PICKED and text.strip() and not set(_PLACE_CELLS) & cells.keys():
        found = _called(keeping, work, column, text)
        if len(found) == 1:
            work.pick(found[0])
            return ""
        if column == "location":
            return _which_place(work, text, found)
    typed = work.type_text(column, text)
    return "" if typed.usable else typed.said


def _called(keeping: Keeping, work: FormWork, column: str, text: str) -> list[Candidate]:
    """What the form would offer under exactly this name, in the event's own country where it is a place."""
    known, country = keeping.vocabularies, work.row.get("country")
    found = candidates(
        column,
        text,
        work.row,
        codebook=work.codebook,
        article=work.article,
        places=known.places,
        actors=known.actors,
        sources=known.sources,
    )
    typed_with_coordinates = column == "location" and read_named(text) is not None
    return [
        candidate
        for candidate in found
        if typed_with_coordinates or fold(str(candidate.value)) == fold(text)
        if column != "location" or country is None or candidate.fills.get("country") == country
    ][: 1 if typed_with_coordinates else None]


def _which_place(work: FormWork, text: str, found: Sequence[Candidate]) -> str:
    name, country = text.strip(), work.row.get("country") or "any country"
    if found:
        places = "; ".join(candidate.detail for candidate in found[:3])
        return f"Several places in {country} are called {name} ({places}). Open the event to pick one."
    return (
        f"No place in {country} is called {name}. Type its coordinates behind the name ({name} 35.19 36.72), "
        "or open the event to pick another country's."
    )


def _restore_followers(work: FormWork, event: Revision, cells: Mapping[str, str]) -> None:
    """A type, scale or precision that went with the old value stays in a table, where nobody picks it anew.

    What a place brought goes with it: the new place brought its own.
    """
    for column in {
        *chain.from_iterable(FOLLOWERS.get(edited, ()) for edited in cells if edited != "location")
    }:
        value = event.values.get(column)
        if value is not None and work.state.value(column) is None and column not in cells:
            work.set_value(column, value, FOLLOWS)


def _blocking(keeping: Keeping, work: FormWork, published: datetime.date | None) -> list[Failure]:
    return [
        failure
        for failure in keeping.judge(work.state, published).failures
        if failure.severity is Severity.ERROR
        or (failure.severity is Severity.WARNING and not work.state.reasons.get(failure.rule_id))
    ]


def _told(broken: Sequence[Failure], cells: Mapping[str, str]) -> dict[str, str]:
    """The sentence at the cell it concerns; at every cell of the event where it concerns none of them."""
    told: dict[str, str] = {}
    for failure in broken:
        sentence = failure.message
        if failure.severity is Severity.WARNING:
            sentence += " Open the event to give a reason."
        for column in [column for column in cells if column in failure.columns] or list(cells):
            told.setdefault(column, sentence)
    return told


def _article_of(keeping: Keeping, event: Revision) -> Article:
    """The article of the event; an imported one has none, and its dates are read from its own day on."""
    if event.article_id is not None:
        return keeping.article(event.article_id)
    day = event.values.get("event_date")
    published = day if isinstance(day, datetime.date) else datetime.datetime.now(datetime.UTC).date()
    now = datetime.datetime.now(datetime.UTC)
    return Article(
        0, "", str(event.values.get("source") or ""), published, "", None, None, None, "coded", now
    )
