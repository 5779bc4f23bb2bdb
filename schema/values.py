"""The one place where what a person typed becomes a value of a column, and a value becomes text again."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Callable

from schema.column import Column, Value
from schema.errors import EventcoderError
from schema.text import fold

_INTEGER_LIMIT = 2**63 - 1


class UnusableValue(EventcoderError, ValueError):
    """What was typed cannot be a value of this column; the text says what can."""


def parse_value(column: Column, text: str) -> Value:
    """The value that a typed text stands for; None for an empty one."""
    typed = unicodedata.normalize("NFC", text)
    typed = typed.strip() if column.multiline else " ".join(typed.split())
    return _READERS[column.kind](column, typed) if typed else None


def format_value(column: Column, value: Value) -> str:
    """The text that shows a value, and that `parse_value` reads back to the same value."""
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d") if value.year > 999 else value.isoformat()
    if isinstance(value, float):
        if column.kind == "integer" and value.is_integer():
            return str(int(value))
        return repr(value)
    return str(value)


def _text(_column: Column, typed: str) -> Value:
    return typed


def _members(column: Column, typed: str) -> Value:
    members = [" ".join(member.split()) for member in typed.split(column.separator.strip())]
    return column.separator.join(member for member in members if member) or None


def _choice(column: Column, typed: str) -> Value:
    if not column.values:
        return typed
    for value in column.values:
        if value == typed:
            return value
    folded = fold(typed)
    for value in column.values:
        if fold(value) == folded:
            return value
    raise UnusableValue(
        f"{typed!r} is not a value of {column.label or column.name}: {_offer(column, folded)}"
    )


def _offer(column: Column, folded: str) -> str:
    import difflib

    near = [value for value in column.values if folded in fold(value)]
    near = near or difflib.get_close_matches(folded, list(column.values), n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near[:3])}?"
    return f"choose one of {', '.join(column.values[:6])}{' …' if len(column.values) > 6 else ''}."


def _integer(column: Column, typed: str) -> Value:
    if not re.fullmatch(r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?", typed):
        raise UnusableValue(
            f"{typed!r} is not a whole number; type digits for {column.label or column.name}."
        )
    number = int(typed.replace(",", "").split(".")[0])
    if abs(number) > _INTEGER_LIMIT:
        raise UnusableValue(f"{column.label or column.name} cannot hold a number of {len(typed)} digits.")
    return number


def _decimal(column: Column, typed: str) -> Value:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(?:\.[0-9]+)?", typed):
        raise UnusableValue(
            f"{typed!r} is not a number; type it like 35.1318 for {column.label or column.name}."
        )
    number = float(typed)
    if not math.isfinite(number):
        raise UnusableValue(f"{typed!r} is too large for {column.label or column.name}.")
    return number


def _date(column: Column, typed: str) -> Value:
    for pattern in ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%d-%B-%Y"):
        try:
            return (
                datetime.datetime.strptime(typed.replace(",", ""), pattern)
                .replace(tzinfo=datetime.UTC)
                .date()
            )
        except ValueError:
            continue
    raise UnusableValue(
        f"{typed!r} is not a date; type {column.label or column.name} like 2024-12-05 or 5 December 2024."
    )


_READERS: dict[str, Callable[[Column, str], Value]] = {
    "text": _text,
    "list": _members,
    "enum": _choice,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
}
