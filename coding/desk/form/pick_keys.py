"""The one place where a key that picks a line of the list is told from text."""

from __future__ import annotations

from textual import events

OPTION_DIGITS = "¡™£¢∞§¶•ª"
"""What alt+1 to alt+9 arrive as: a Mac's own signs, which Textual also makes of the escape sequences of the others."""


def pick_key(event: events.Key) -> tuple[int, bool]:
    """The digit of a pick key and whether alt was held; 0 for any other key."""
    if event.character and event.character in OPTION_DIGITS:
        return OPTION_DIGITS.index(event.character) + 1, True
    digit = event.key.removeprefix("alt+")
    return (int(digit) if digit in set("123456789") else 0), digit != event.key


def number_goes_on(before: str) -> bool:
    """Whether a digit after this text is part of it: a number begun, or coordinates behind the name of a place."""
    return before[-1:].isspace() or before[-1:].isdigit() or before[-1:] in {".", ",", "-"}
