"""The one place where a date as people type it becomes a day, a precision and a window.

Everything is resolved against the day the article appeared and never lies after it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence

from coding.days import (
    AS_REPORTED,
    MONTH_OF,
    MONTHS,
    ONE_DAY,
    WEEK_OF,
    WEEKDAYS,
    WEEKEND_OF,
    DateReading,
    Day,
    day_and_month,
    day_or_none,
    exact,
    is_soon,
    latest,
    latest_or_running,
    month_bounds,
    real_day,
    say_day,
    say_window,
    week_of,
    within,
)
from schema.values import UnusableValue

__all__ = [
    "AS_REPORTED",
    "MONTH_OF",
    "WEEKEND_OF",
    "WEEK_OF",
    "DateReading",
    "read_date",
    "say_day",
    "say_window",
]


def read_date(text: str, published: Day) -> DateReading:
    """Read a typed date; raises UnusableValue with a sentence that says what to type instead."""
    words = _plain(text[:_LONGEST])
    if not words:
        raise UnusableValue("no date was typed: type a day such as thu, -1, 5 dec or 2024-12-05.")
    for pattern, handler in _FORMS:
        if found := pattern.fullmatch(words):
            return handler(found, published)
    raise UnusableValue(
        f"{text.strip()!r} is not a date: type a day such as thu, -1, 5 dec, 2-4 dec, last week or 2024-12-05."
    )


# ---------------------------------------------------------------- words

_LONGEST = 60
"""No date takes more; it also bounds how deep `around week around ...` can nest."""

_FILLING = re.compile(
    r"\b(on|the|of|in|at|a|early on|morning|afternoon|evening|night|midday|noon|,)\b|(?<!\d),|,(?!\d)"
)


def _beginnings(names: Sequence[str], shortest: int) -> str:
    """A pattern for every beginning of every name, the longest first."""
    cut = (name.casefold()[:length] for name in names for length in range(len(name), shortest - 1, -1))
    return "|".join(cut)


_MONTH = "(?P<{0}>" + _beginnings(MONTHS[1:], 3) + ")"
_NUMBER_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?P<{0}>\d{{4}})"
_WEEKDAY = "(?P<{0}>" + _beginnings(WEEKDAYS, 2) + "|weds)"
_TO = r"\s*(?:-|–|—|to|until|till|and|\.\.|/)\s*"


def _plain(text: str) -> str:
    words = text.casefold().replace("last night", "yesterday")
    words = re.sub(r"(?<=\d)\s*,\s*(?=\d{4})", " ", words)
    words = _FILLING.sub(" ", words)
    return (
        " ".join(words.replace(".", " ").split())
        if not re.search(r"\d\.\d", words)
        else " ".join(words.split())
    )


def _month_number(word: str) -> int:
    return next(n for n, name in enumerate(MONTHS) if n and name.casefold().startswith(word[:3]))


def _weekday_number(word: str) -> int:
    return next(n for n, name in enumerate(WEEKDAYS) if name.casefold().startswith(word[:2]))


# ---------------------------------------------------------------- handlers, one per form

Match = re.Match[str]
Handler = Callable[[Match, Day], DateReading]


def _today(_: Match, published: Day) -> DateReading:
    return exact(published, published, "the day the article appeared")


def _days_back(found: Match, published: Day) -> DateReading:
    days = int(found["days"])
    if days > 366:
        raise UnusableValue(f"{days} days back is more than a year: type the date, such as 2024-12-05.")
    return exact(published - days * ONE_DAY, published, f"{days} days before the article appeared")


def _yesterday(_: Match, published: Day) -> DateReading:
    return exact(published - ONE_DAY, published, "the day before the article appeared")


def _before_yesterday(_: Match, published: Day) -> DateReading:
    return exact(published - 2 * ONE_DAY, published, "two days before the article appeared")


def _ahead(found: Match, published: Day) -> DateReading:
    raise UnusableValue(
        f"{found[0]!r} would be after the article appeared ({say_day(published)}): count back with -1, -2."
    )


def _weekday(found: Match, published: Day) -> DateReading:
    back = (published.weekday() - _weekday_number(found["weekday"])) % 7
    if found["last"] and back == 0:
        back = 7
    name = WEEKDAYS[_weekday_number(found["weekday"])]
    return exact(published - back * ONE_DAY, published, f"the last {name} the article can mean")


def _weekday_range(found: Match, published: Day) -> DateReading:
    last = published - ((published.weekday() - _weekday_number(found["to"])) % 7) * ONE_DAY
    first = last - ((last.weekday() - _weekday_number(found["from"])) % 7) * ONE_DAY
    return within(first, last, published, "days of the week")


def _day_of_month(found: Match, published: Day) -> DateReading:
    number = int(found["day"])
    for back in range(62):
        day = published - back * ONE_DAY
        if day.day == number:
            return exact(day, published, f"the last day {number} of a month")
    raise UnusableValue(f"{number} is not a day of the last two months: type day and month, such as 5 dec.")


def _day_month(found: Match, published: Day) -> DateReading:
    day, month = int(found["day"]), _month_number(found["month"])
    if found["year"]:
        return exact(real_day(int(found["year"]), month, day), published, "day, month and year")
    return exact(latest(month, day, published), published, "the last such day before the article")


def _iso(found: Match, published: Day) -> DateReading:
    day = real_day(int(found["year"]), int(found["month"]), int(found["day"]))
    return exact(day, published, "year, month and day")


def _numeric(found: Match, published: Day) -> DateReading:
    """5/12 or 5/12/2024: taken only where one order of day and month can be meant."""
    one, two = int(found["one"]), int(found["two"])
    year = found["year"]
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [published.year, published.year - 1]
    any_day = False
    for each in years:
        readings = {
            day for month, number in ((two, one), (one, two)) if (day := day_or_none(each, month, number))
        }
        any_day = any_day or bool(readings)
        possible = sorted(day for day in readings if day <= published)
        if len(possible) == 1:
            return exact(possible[0], published, "the one reading on or before the publication")
        if possible:
            first, second = possible
            raise UnusableValue(
                f"{found[0]} can be {day_and_month(first)} or {day_and_month(second)}:"
                f" type {first.day} {MONTHS[first.month][:3].lower()} or {second.day} {MONTHS[second.month][:3].lower()}."
            )
        if not year and any(is_soon(day.month, day.day, published) for day in readings):
            break
    if any_day:
        raise UnusableValue(
            f"{found[0]} is after the article appeared ({say_day(published)}): type the day of the event, "
            f"with its year if it lies that far back."
        )
    raise UnusableValue(f"{found[0]} is no day in either order: type day and month, such as 5 dec.")


def _day_range(found: Match, published: Day) -> DateReading:
    """`2-4 dec`, `28 nov - 3 dec`, either with a year."""
    second_month = _month_number(found["month2"])
    year = int(found["year"]) if found["year"] else None
    last_number = int(found["day2"])
    last = (
        real_day(year, second_month, last_number)
        if year
        else latest_or_running(second_month, last_number, published)
    )
    first_month = _month_number(found["month1"]) if found["month1"] else second_month
    first_year = last.year - 1 if first_month > second_month else last.year
    first = real_day(first_year, first_month, int(found["day1"]))
    return within(first, last, published, "from one day to another")


def _month_range(found: Match, published: Day) -> DateReading:
    """`dec 2-4`: the month before the days."""
    month, year = _month_number(found["month"]), found["year"]
    last_number = int(found["day2"])
    last = (
        real_day(int(year), month, last_number) if year else latest_or_running(month, last_number, published)
    )
    return within(real_day(last.year, month, int(found["day1"])), last, published, "from one day to another")


def _around(found: Match, published: Day) -> DateReading:
    day = read_date(found["rest"], published)
    if day.precision != 1:
        return day
    three = datetime.timedelta(days=3)
    return within(day.date - three, day.date + three, published, "around a day", day=day.date)


def _last_week(found: Match, published: Day) -> DateReading:
    which = found["which"]
    first, last = week_of(published if which == "this" else published - 7 * ONE_DAY)
    return within(first, last, published, f"{which} week", wording=WEEK_OF)


def _weeks_ago(found: Match, published: Day) -> DateReading:
    count = {"": 1, "one": 1, "two": 2, "three": 3}.get(found["count"] or "", 0) or int(found["count"])
    if count > 8:
        raise UnusableValue(f"{count} weeks back is far: type the week, such as week 2 dec.")
    first, last = week_of(published - 7 * count * ONE_DAY)
    return within(first, last, published, f"{count} weeks before the article", wording=WEEK_OF)


def _week_around(found: Match, published: Day) -> DateReading:
    day = read_date(found["rest"], published).date
    return within(*week_of(day), published, "the week of that day", wording=WEEK_OF)


def _weekend(_: Match, published: Day) -> DateReading:
    saturday = published - ((published.weekday() - 5) % 7) * ONE_DAY
    return within(saturday, saturday + ONE_DAY, published, "the last weekend", wording=WEEKEND_OF)


def _reported(_: Match, published: Day) -> DateReading:
    first = published - 6 * ONE_DAY
    why = f"only the day of the report is known: precision 2, {say_day(published, weekday=True)}."
    return DateReading(published, 2, (first, published), why, AS_REPORTED)


def _month_alone(found: Match, published: Day) -> DateReading:
    """`november`, `early nov`, `late nov 2024`: first, last or middle day, by the codebook."""
    month = _month_number(found["month"])
    year = int(found["year"]) if found["year"] else published.year - (month > published.month)
    return _part_of_month(year, month, found["part"] or "", published)


def _relative_month(found: Match, published: Day) -> DateReading:
    day = published if found["which"] == "this" else published.replace(day=1) - ONE_DAY
    return _part_of_month(day.year, day.month, found["part"] or "", published)


def _part_of_month(year: int, month: int, part: str, published: Day) -> DateReading:
    if not 1900 <= year <= 9998:
        raise UnusableValue(
            f"{year} is not a year of an article: type the month and its year, such as nov 2024."
        )
    first, last = month_bounds(year, month)
    name = f"{part} {MONTHS[month]} {year}".strip()
    middle = first + 14 * ONE_DAY
    if first > published:
        raise UnusableValue(
            f"{name} is after the article appeared ({say_day(published)}): type when the event happened."
        )
    day = {"early": first, "late": last}.get(part, middle)
    last = min(last, published)
    if day > last:
        day = last if part == "late" else first + (last - first) // 2
    wording = f"{part} {MONTHS[month]}" if part else MONTH_OF
    return DateReading(day, 3, (first, last), f"{name}: precision 3, {say_day(day, weekday=True)}.", wording)


def _forms() -> tuple[tuple[re.Pattern[str], Handler], ...]:
    month, day, year, weekday = _MONTH.format, _NUMBER_DAY.format, _YEAR.format, _WEEKDAY.format
    optional_year = rf"(?:\s+{year('year')})?"
    part = r"(?:(?P<part>early|mid|middle|late)[ -]+)?"
    table: tuple[tuple[str, Handler], ...] = (
        (r"today|tod|t|0|-0|published", _today),
        (r"yesterday|yest|yes|y", _yesterday),
        (r"day before yesterday", _before_yesterday),
        (r"-(?P<days>\d{1,4})", _days_back),
        (r"(?P<days>\d{1,4}) days? ago", _days_back),
        (r"\+\d+|tomorrow|next .*", _ahead),
        (rf"(?P<last>last |past )?{weekday('weekday')}", _weekday),
        (rf"{weekday('from')}{_TO}{weekday('to')}", _weekday_range),
        (day("day"), _day_of_month),
        (r"(?P<year>\d{4})[-/. ]?(?P<month>\d{2})[-/. ]?(?P<day>\d{2})", _iso),
        (r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})", _iso),
        (r"(?P<one>\d{1,2})[/.](?P<two>\d{1,2})(?:[/.](?P<year>\d{4}|\d{2}))?", _numeric),
        (r"(?P<one>\d{1,2})-(?P<two>\d{1,2})-(?P<year>\d{4})", _numeric),
        (rf"(?:{weekday('weekday')}\s+)?{day('day')}\s*-?{month('month')}{optional_year}", _day_month),
        (rf"(?:{weekday('weekday')}\s+)?{month('month')}\s*{day('day')}{optional_year}", _day_month),
        (
            rf"(?:between |from )?{day('day1')}(?:\s*{month('month1')})?{_TO}{day('day2')}\s*{month('month2')}{optional_year}",
            _day_range,
        ),
        (
            rf"(?:between |from )?{month('month')}\s*{day('day1')}{_TO}{day('day2')}{optional_year}",
            _month_range,
        ),
        (r"(?:around|about|circa|ca?|~|approx)\s*(?P<rest>.+)", _around),
        (r"(?P<which>last|past|previous|this) week", _last_week),
        (r"(?:(?P<count>one|two|three|\d{1,2}) )?weeks? ago", _weeks_ago),
        (r"week(?: beginning| starting| from)? (?P<rest>.+)", _week_around),
        (r"(?:last |past |this |over )?weekend", _weekend),
        (r"(?:as )?rep(?:orted)?|report", _reported),
        (rf"(?:month )?{part}{month('month')}{optional_year}", _month_alone),
        (rf"{part}(?P<which>last|past|previous|this) month", _relative_month),
    )
    return tuple((re.compile(pattern), handler) for pattern, handler in table)


_FORMS = _forms()
