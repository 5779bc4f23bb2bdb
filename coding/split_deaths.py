"""The one place where one total of dead is laid over several events of an article, as the codebook divides it.

Even shares in the order of date, then of saving; what is left over goes one each to the first.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coding.bulk_edit import BulkEdit, CellEdit
from coding.fatalities import read_fatalities
from schema.values import UnusableValue

if TYPE_CHECKING:
    from coding.session import CodingSession
    from schema.codebook import Codebook
    from schema.column import Value


@dataclass(frozen=True)
class Part:
    """One event that a total may be split over."""

    key: int | None
    """The coded event; None for the one on the form."""
    row: Mapping[str, Value]
    revision: int | None = None
    """Of the coded event, as it is shown."""

    @property
    def now(self) -> int | None:
        """Its deaths as they stand."""
        deaths = self.row.get("fatalities")
        return deaths if isinstance(deaths, int) else None


@dataclass(frozen=True)
class Share:
    """What one event gets."""

    part: Part
    text: str
    """As it would be typed into the field: `dozens/3/2`."""
    number: int


def in_order(parts: Sequence[Part]) -> list[Part]:
    """By date, then by saving; the event on the form comes last of its day, an undated one last of all."""

    def place(part: Part) -> tuple[datetime.date, float]:
        day = part.row.get("event_date")
        known = day if isinstance(day, datetime.date) else datetime.date.max
        return known, float("inf") if part.key is None else part.key

    return sorted(parts, key=place)


def shares(total: str, parts: Sequence[Part], codebook: Codebook) -> list[Share]:
    """What each event gets of a total as it is typed (`10`, `dozens`); raises UnusableValue with a sentence."""
    if not parts:
        raise UnusableValue("no event is chosen: take in at least two with Space.")
    if "/" in total:
        raise UnusableValue("type the total alone: it is split over the events that are chosen.")
    found = []
    for place, part in enumerate(in_order(parts), 1):
        country, day = part.row.get("country"), part.row.get("event_date")
        text = f"{total.strip()}/{len(parts)}/{place}" if total.strip() else ""
        reading = read_fatalities(
            text,
            codebook,
            country=country if isinstance(country, str) else None,
            on=day if isinstance(day, datetime.date) else None,
        )
        found.append(Share(part, text, reading.number))
    return found


def parts_of(session: CodingSession) -> list[Part]:
    """The events that may share the dead of the open article: the coded ones, and the one on the form as it stands."""
    here = session.work.state.event_key
    coded = [
        Part(event.event_key, event.values, event.revision)
        for event in session.events
        if event.event_key != here
    ]
    return [*coded, Part(None, session.work.row)] if session.work.started else coded


def split(session: CodingSession, found: Sequence[Share]) -> BulkEdit:
    """Give the events their shares: the coded ones are saved, all or none; then the form has its own to be saved.

    `RevisionConflict` where somebody saved one of them since it was shown; nothing changes then.
    """
    edits = [
        CellEdit(share.part.key, "fatalities", share.text, share.part.revision)
        for share in found
        if share.part.key is not None
    ]
    try:
        outcome = session.edit_cells(edits, together="one total of dead split over several events")
    finally:
        session.refresh_events()
    for share in found:
        if share.part.key is None and not outcome.refused:
            session.work.type_text("fatalities", share.text)
    return outcome
