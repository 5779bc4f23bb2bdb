"""The one place where a day, how sure it is and the days it may have been are held, worded and checked.

A day never lies after the article that tells it.
"""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from schema.values import UnusableValue

Day = datetime.date
Window = tuple[Day, Day]

ONE_DAY = datetime.timedelta(days=1)
WEEKDAYS = tuple(calendar.day_name)
MONTHS = tuple(calendar.month_name)

WEEK_OF, WEEKEND_OF, MONTH_OF, AS_REPORTED = "week of", "weekend of", "month of", "as reported"
"""The codebook's words in brackets after `Around <date>`; a window says `between` instead."""


@dataclass(frozen=True)
class DateReading:
    """A day, how sure it is, and how it was understood."""

    date: Day
    precision: int
    """1 the day, 2 within a week, 3 within a month."""
    window: Window
    """First and last day the event may have happened on; the same day twice at precision 1."""
    why: str
    """One sentence: how the typed words were understood."""
    wording: str = ""
    """The bracket that a note needs after `Around <date>`; empty at precision 1."""


def say_day(day: Day, *, weekday: bool = False) -> str:
    """A day as notes write it: `5 December 2024`."""
    name = f"{WEEKDAYS[day.weekday()]} " if weekday else ""
    return f"{name}{day.day} {MONTHS[day.month]} {day.year}"


def say_window(first: Day, last: Day) -> str:
    """A window as notes write it: `between 2 - 4 December`, `between 24 February - 10 March`."""
    start = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else day_and_month(first)
    return f"between {start} - {day_and_month(last)}"


def day_and_month(day: Day) -> str:
    """`5 December`."""
    return f"{day.day} {MONTHS[day.month]}"


def exact(day: Day, published: Day, why: str) -> DateReading:
    """A reading of one day; refused where it is after the article."""
    if day > published:
        raise UnusableValue(
            f"{say_day(day)} is after the article appeared ({say_day(published, weekday=True)}): type the day the event happened."
        )
    return DateReading(day, 1, (day, day), f"{why}: {say_day(day, weekday=True)}.")


def within(
    first: Day, last: Day, published: Day, why: str, *, day: Day | None = None, wording: str = ""
) -> DateReading:
    """A reading of a window: its middle day unless the codebook names another."""
    if first > last:
        raise UnusableValue(f"{say_day(last)} is before {say_day(first)}: type the earlier day first.")
    if first > published:
        raise UnusableValue(
            f"{say_day(first)} is after the article appeared ({say_day(published, weekday=True)}): type when the event happened."
        )
    last = min(last, published)
    length = (last - first).days + 1
    if length == 1:
        return exact(first, published, why)
    if length > 31:
        raise UnusableValue(
            f"{length} days are too wide: an event that is not placed within a month is not coded."
        )
    chosen = first + (last - first) // 2 if day is None else min(max(day, first), last)
    precision = 2 if length <= 7 else 3
    return DateReading(
        chosen,
        precision,
        (first, last),
        f"{why}, {say_window(first, last)}: precision {precision}, {say_day(chosen, weekday=True)}.",
        wording or say_window(first, last),
    )


def real_day(year: int, month: int, day: int) -> Day:
    """The day of these numbers; UnusableValue where the calendar has none."""
    try:
        return Day(year, month, day)
    except ValueError:
        raise UnusableValue(
            f"there is no day {day} in month {month} of {year}: check the day and the month."
        ) from None


SOON = datetime.timedelta(days=90)
"""A day without a year that lies less ahead of the article than this is a slip, not a day of the year before."""


def is_soon(month: int, day: int, published: Day) -> bool:
    """Whether such a day comes soon after the publication in its own year, so that a reader would take it for that one."""
    ahead = day_or_none(published.year, month, day)
    return ahead is not None and ONE_DAY <= ahead - published <= SOON


def latest(month: int, day: int, published: Day) -> Day:
    """The last such day on or before the publication; 29 February looks back to a leap year.

    Raises:
        UnusableValue: the calendar has no such day, or it comes soon after the publication.
    """
    if is_soon(month, day, published):
        name = f"{day} {MONTHS[month]}"
        raise UnusableValue(
            f"{name} is after the article appeared ({say_day(published)}): type the day of the event, "
            f"with its year if it lies that far back."
        )
    for year in range(published.year, published.year - 9, -1):
        try:
            candidate = Day(year, month, day)
        except ValueError:
            continue
        if candidate <= published:
            return candidate
    raise UnusableValue(f"there is no {day} {MONTHS[month]}: check the day.")


def month_bounds(year: int, month: int) -> Window:
    """The first and the last day of a month."""
    return Day(year, month, 1), Day(year, month, calendar.monthrange(year, month)[1])


def week_of(day: Day) -> Window:
    """Monday and Sunday around a day."""
    monday = day - datetime.timedelta(days=day.weekday())
    return monday, monday + datetime.timedelta(days=6)


def day_or_none(year: int, month: int, day: int) -> Day | None:
    """The day of these numbers, None where the calendar has none."""
    try:
        return Day(year, month, day)
    except ValueError:
        return None


def latest_or_running(month: int, day: int, published: Day) -> Day:
    """The last such day, or the one still ahead in the publication's own month (a window is cut there)."""
    running = day_or_none(published.year, month, day)
    if running and running > published and month == published.month:
        return running
    return latest(month, day, published)
