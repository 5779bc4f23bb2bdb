"""The one place where a field says what its value rests on, in a word, a letter and a style."""

from __future__ import annotations

from dataclasses import dataclass

from coding.event_state import CARRIED, FOLLOWS, PICKED, PROPOSED, TYPED, EventState


@dataclass(frozen=True)
class Mark:
    """What stands behind a value: never told by colour alone."""

    word: str
    letter: str
    style: str
    """The component class that paints it."""


NOTHING = Mark("", " ", "form--mark")
UNREADABLE = Mark("unread", "!", "form--error")

MARKS = {
    TYPED: Mark("typed", "t", "form--mark"),
    PICKED: Mark("picked", "p", "form--mark"),
    FOLLOWS: Mark("follows", "f", "form--follows"),
    PROPOSED: Mark("check", "?", "form--proposed"),
    CARRIED: Mark("carried", "c", "form--proposed"),
    "imported": Mark("imported", "i", "form--mark"),
    "adjudicated": Mark("agreed", "a", "form--mark"),
}

MEANINGS = (
    ("words", "stands on words of the article (their number beside it)"),
    ("typed, picked", "you gave it, no words yet"),
    ("follows", "brought along by another field or by the article"),
    ("check", "proposed before anybody looked; confirm or change it"),
    ("carried", "taken over from another event; confirm or change it"),
)
"""The legend, as the help shows it."""


def mark_of(state: EventState, column: str) -> Mark:
    """The mark beside one field."""
    if column in state.unread:
        return UNREADABLE
    if state.value(column) is None:
        return NOTHING
    if pieces := len(state.evidence_of(column)):
        word = "words" if pieces == 1 else f"{pieces} words"
        return Mark(word, "w", "form--evidence")
    return MARKS.get(state.origins.get(column, TYPED), NOTHING)
