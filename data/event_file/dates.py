"""The one place where the dates of a file are read: all of a file in one order of day, month and year, never by a guess.

A date written `3/4/15` can be two days. What settles it is another date of the same file that fits only one order
(`13/4/15`), the year column, or what the user says; where nothing does, the file is refused with the question to answer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schema.errors import UnusableInput

ORDERS = ("dmy", "mdy", "ymd")
_ORDER_WORDS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
_ORDER_PATTERNS = {"dmy": "dd/mm/yyyy", "mdy": "mm/dd/yyyy", "ymd": "yyyy/mm/dd"}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_CLOCK = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:Z|UTC|[AaPp][Mm]|[+-]\d{2}(?::?\d{2})?))?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_CLOCK}", re.ASCII)
_PART = r"(\d{1,4}|[A-Za-z]{3,9})"
_PARTS = re.compile(
    rf"(?:[A-Za-z]{{3,9}}, )?{_PART}\.?[-/. ,]+{_PART}\.?[-/. ,]+(\d{{1,4}}){_CLOCK}", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0)?")
_NUMBER = re.compile(r"\d{5}(?:\.0+)?|\d{10}|\d{13}")
_Member = tuple[dict[str, dt.date], int | None, int, str]
"""Readings by order, year column, rows, text."""
_EXCEL_ZERO = dt.date(1899, 12, 30)
_UNIX_ZERO = dt.date(1970, 1, 1)
_PIVOT = 69
"""Two-digit years from here on are of the last century, as in C and Excel's neighbourhood; the year column says so or not."""


@dataclass(frozen=True)
class Dates:
    """What the dates of a file were read as."""

    readings: Mapping[str, dt.date | None]
    """Each distinct text to its day; None where it is no date."""
    rewritten: frozenset[str]
    """Texts that are not the ISO form of their day."""
    how: str = ""
    """What settled the order, for people; empty where nothing had to be settled."""


def read_dates(name: str, distinct: Iterable[tuple[str, int | None, int]], date_format: str | None) -> Dates:
    """Read (text, year column, rows) into days; UnusableInput where the order of day and month cannot be known."""
    said = order_of(date_format) if date_format else None
    found = [(text.strip(), year, rows) for text, year, rows in distinct]
    members: list[_Member] = []
    readings: dict[str, dt.date | None] = {}
    for text, year, rows in found:
        certain, ordered = _certain(text, year)
        if ordered:
            members.append((_by_order(text), year, rows, text))
        else:
            readings[text] = readings.get(text) or certain
    order, how = _settle(name, members, said)
    readings |= {text: by_order.get(order) for by_order, _, _, text in members}
    rewritten = frozenset(
        text for text, day in readings.items() if day is not None and text != day.isoformat()
    )
    return Dates(readings, rewritten, how)


def order_of(date_format: str) -> str:
    """The order of day, month and year in a format: dd/mm/yyyy, %d.%m.%Y, dmy; UnusableInput where it has none."""
    letters = re.sub(r"%", "", date_format.strip())
    letters = re.sub(r"[bBM]+", "m", letters) if "%" in date_format else letters.lower()
    seen = "".join(dict.fromkeys(letter for letter in letters.lower() if letter in "dmy"))
    if seen not in ORDERS:
        raise UnusableInput(
            f"{date_format!r} is not a date format: write the order of day, month and year, as in dd/mm/yyyy or mm/dd/yyyy."
        )
    return seen


def _certain(text: str, year: int | None) -> tuple[dt.date | None, bool]:
    """The day of a text that can be read in one way only, and whether its order has to be settled instead."""
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3])), False
    if match := _PARTS.fullmatch(text):
        return _certain_parts((match[1], match[2], match[3]))
    if match := _COMPACT.fullmatch(text):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        if day is not None and (year is None or day.year == year):
            return day, False
    if _NUMBER.fullmatch(text):
        return _serial(float(text), year), False
    return None, False


def _certain_parts(parts: tuple[str, str, str]) -> tuple[dt.date | None, bool]:
    words = [position for position, part in enumerate(parts) if part.isalpha()]
    if any(parts[position].lower() not in _MONTHS for position in words) or len(words) > 1:
        return None, False
    long_years = [position for position, part in enumerate(parts) if len(part) > 2 and part.isdigit()]
    if any(len(parts[position]) == 3 for position in long_years) or len(long_years) > 1:
        return None, False
    text = "/".join(parts)
    if not words and long_years == [0]:
        return _by_order(text).get("ymd"), False
    if words:
        # The month's place tells the order; nobody writes 20-May-09 for the ninth.
        readings = _by_order(text)
        return next((readings[order] for order in ORDERS if order in readings), None), False
    return None, True


def _by_order(text: str) -> dict[str, dt.date]:
    """The days a text of three parts can be, by order."""
    match = _PARTS.fullmatch(text)
    if match is None:
        return {}
    readings = {}
    for order in ORDERS:
        part = dict(zip(order, (match[1], match[2], match[3]), strict=True))
        if (
            not part["d"].isdigit()
            or not part["y"].isdigit()
            or len(part["d"]) > 2
            or len(part["y"]) in {1, 3}
        ):
            continue
        month = _MONTHS.get(part["m"].lower()) if part["m"].isalpha() else int(part["m"])
        year = int(part["y"])
        if len(part["y"]) == 2:
            year += 1900 if year >= _PIVOT else 2000
        day = _day(year, month or 0, int(part["d"]))
        if day is not None:
            readings[order] = day
    return readings


def _serial(number: float, year: int | None) -> dt.date | None:
    """A spreadsheet's day number or Unix seconds or milliseconds; only where the year column confirms it."""
    if year is None:
        return None
    if number < 100_000:
        day = _EXCEL_ZERO + dt.timedelta(days=int(number))
    else:
        seconds = number / 1000 if number >= 100_000_000_000 else number
        day = _UNIX_ZERO + dt.timedelta(seconds=seconds)
    return day if day.year == year else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _settle(name: str, members: list[_Member], said: str | None) -> tuple[str, str]:
    """The order of the dates written in numbers and what settled it."""
    orders = [order for order in ORDERS if any(order in by_order for by_order, *_ in members)]
    if not orders:
        return ORDERS[0], ""
    if said in orders:
        return str(said), f"dates were read {_ORDER_WORDS[str(said)]}, as the date format says"
    against: Counter[str] = Counter()
    witness: dict[str, str] = {}
    year_spoke = False
    for by_order, year, rows, text in members:
        agreeing = {order for order, day in by_order.items() if year is None or day.year == year}
        year_spoke = year_spoke or 0 < len(agreeing) < len(by_order)
        possible = agreeing or set(by_order)
        for order in orders:
            if possible and order not in possible:
                against[order] += rows
                witness.setdefault(order, text)
    left = [order for order in orders if not against[order]]
    if not left:
        left = _overwhelming(orders, against, members)
    if not left:
        raise UnusableInput(_mixed(name, orders, witness))
    disputed = next(
        (text for by_order, _, _, text in members if len({by_order.get(order) for order in left}) > 1), None
    )
    if disputed is not None:
        raise UnusableInput(_ambiguous(name, disputed, left))
    order = left[0]
    if len(orders) == 1:
        return order, ""
    proof = next((text for other, text in witness.items() if other != order), "")
    by = f"{proof} fits nothing else" if not year_spoke else f"{proof} and the year column fit nothing else"
    return order, f"dates were read {_ORDER_WORDS[order]}: {by}"


def _overwhelming(orders: list[str], against: Counter[str], members: list[_Member]) -> list[str]:
    """The order that a row in a thousand at most speaks against, while a row in ten speaks against every other."""
    rows = sum(count for _, _, count, _ in members)
    best = [order for order in orders if against[order] * 1000 <= rows]
    return (
        best
        if len(best) == 1 and all(against[other] * 10 >= rows for other in orders if other not in best)
        else []
    )


def _mixed(name: str, orders: list[str], witness: Mapping[str, str]) -> str:
    cases = ", ".join(
        f"{witness[order]!r} is not {_ORDER_WORDS[order]}" for order in orders if order in witness
    )
    return (
        f"The dates of {name} are written in more than one order ({cases}): mend event_date, "
        "or say --date-format dd/mm/yyyy to have the other rows listed as errors."
    )


def _ambiguous(name: str, text: str, left: list[str]) -> str:
    ways = " or ".join(_ORDER_WORDS[order] for order in left)
    formats = " or ".join(f"--date-format {_ORDER_PATTERNS[order]}" for order in left)
    return f"The dates of {name} (such as {text!r}) can be read {ways}: say {formats}."
