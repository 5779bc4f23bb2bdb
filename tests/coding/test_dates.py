"""Dates as people type them."""

import calendar
import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coding.dates import AS_REPORTED, MONTH_OF, WEEK_OF, WEEKEND_OF, read_date, say_day, say_window
from schema.values import UnusableValue

FRIDAY = datetime.date(2024, 12, 6)
DAYS = st.dates(datetime.date(1997, 1, 1), datetime.date(2035, 12, 31))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("thu", "2024-12-05"),
        ("Thursday", "2024-12-05"),
        ("on Thursday night", "2024-12-05"),
        ("last thursday", "2024-12-05"),
        ("fri", "2024-12-06"),
        ("last fri", "2024-11-29"),
        ("sat", "2024-11-30"),
        ("-1", "2024-12-05"),
        ("3 days ago", "2024-12-03"),
        ("0", "2024-12-06"),
        ("today", "2024-12-06"),
        ("yesterday", "2024-12-05"),
        ("y", "2024-12-05"),
        ("last night", "2024-12-05"),
        ("the day before yesterday", "2024-12-04"),
        ("5", "2024-12-05"),
        ("28", "2024-11-28"),
        ("5 dec", "2024-12-05"),
        ("5th of December", "2024-12-05"),
        ("dec 5", "2024-12-05"),
        ("December 5, 2023", "2023-12-05"),
        ("Thursday, 5 December 2024", "2024-12-05"),
        ("24 dec 2023", "2023-12-24"),
        ("24 mar", "2024-03-24"),
        ("29 feb", "2024-02-29"),
        ("2024-12-05", "2024-12-05"),
        ("20241205", "2024-12-05"),
        ("2024/12/5", "2024-12-05"),
        ("30/11", "2024-11-30"),
        ("11/30/2024", "2024-11-30"),
        ("7/12/2024", "2024-07-12"),
        ("12.12.2023", "2023-12-12"),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, expected: str) -> None:
    reading = read_date(typed, FRIDAY)

    assert reading.date == day(expected)
    assert reading.precision == 1
    assert reading.window == (reading.date, reading.date)
    assert reading.wording == ""


@pytest.mark.parametrize(
    ("typed", "middle", "first", "last", "precision", "wording"),
    [
        ("last week", "2024-11-28", "2024-11-25", "2024-12-01", 2, WEEK_OF),
        ("this week", "2024-12-04", "2024-12-02", "2024-12-06", 2, WEEK_OF),
        ("two weeks ago", "2024-11-21", "2024-11-18", "2024-11-24", 2, WEEK_OF),
        ("week of 20 nov", "2024-11-21", "2024-11-18", "2024-11-24", 2, WEEK_OF),
        ("weekend", "2024-11-30", "2024-11-30", "2024-12-01", 2, WEEKEND_OF),
        ("2-4 dec", "2024-12-03", "2024-12-02", "2024-12-04", 2, "between 2 - 4 December"),
        ("between 2 and 4 December", "2024-12-03", "2024-12-02", "2024-12-04", 2, "between 2 - 4 December"),
        ("dec 2-4", "2024-12-03", "2024-12-02", "2024-12-04", 2, "between 2 - 4 December"),
        ("28 nov - 3 dec", "2024-11-30", "2024-11-28", "2024-12-03", 2, "between 28 November - 3 December"),
        ("mon-wed", "2024-12-03", "2024-12-02", "2024-12-04", 2, "between 2 - 4 December"),
        ("14-28 nov", "2024-11-21", "2024-11-14", "2024-11-28", 3, "between 14 - 28 November"),
        ("around 2 dec", "2024-12-02", "2024-11-29", "2024-12-05", 2, "between 29 November - 5 December"),
        ("as reported", "2024-12-06", "2024-11-30", "2024-12-06", 2, AS_REPORTED),
        ("november", "2024-11-15", "2024-11-01", "2024-11-30", 3, MONTH_OF),
        ("last month", "2024-11-15", "2024-11-01", "2024-11-30", 3, MONTH_OF),
        ("early nov", "2024-11-01", "2024-11-01", "2024-11-30", 3, "early November"),
        ("late nov 2023", "2023-11-30", "2023-11-01", "2023-11-30", 3, "late November"),
        ("3-9 dec", "2024-12-04", "2024-12-03", "2024-12-06", 2, "between 3 - 6 December"),
    ],
)
def test_a_window_takes_its_middle_day_and_its_precision(
    typed: str, middle: str, first: str, last: str, precision: int, wording: str
) -> None:
    reading = read_date(typed, FRIDAY)

    assert reading.date == day(middle)
    assert reading.window == (day(first), day(last))
    assert reading.precision == precision
    assert reading.wording == wording


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no date"),
        ("soon", "is not a date"),
        ("5/12/2024x", "is not a date"),
        ("4/5/2024", "5 April or 4 May"),
        ("5/6", "6 May or 5 June"),
        ("7 dec 2024", "after the article appeared"),
        ("24 dec", "after the article appeared .6 December 2024.: type the day of the event, with its year"),
        ("24/12", "after the article appeared"),
        ("20-24 dec", "after the article appeared"),
        ("8/12/2025", "after the article appeared"),
        ("tomorrow", "after the article appeared"),
        ("+1", "count back"),
        ("next monday", "after the article appeared"),
        ("31 feb 2024", "no day 31"),
        ("30 feb", "no 30 February"),
        ("45/45", "no day in either order"),
        ("nov 2025", "after the article appeared"),
        ("1 oct - 30 nov", "too wide"),
        ("4-2 dec", "before"),
        ("9999 days ago", "more than a year"),
        ("~" * 5000 + "5 dec", "is not a date"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(typed: str, says: str) -> None:
    with pytest.raises(UnusableValue, match=says):
        read_date(typed, FRIDAY)


def test_a_numeric_date_with_one_reading_before_the_article_is_taken_and_said() -> None:
    reading = read_date("6/12/2024", datetime.date(2024, 8, 1))

    assert reading.date == day("2024-06-12")
    assert "one reading" in reading.why


def test_a_numeric_date_with_two_readings_before_the_article_is_never_guessed() -> None:
    with pytest.raises(UnusableValue, match="5/1 can be 5 January or 1 May"):
        read_date("5/1", datetime.date(2024, 11, 1))


def test_every_reading_says_the_day_with_its_weekday() -> None:
    assert read_date("thu", FRIDAY).why.endswith("Thursday 5 December 2024.")


@given(published=DAYS, back=st.integers(0, 364))
def test_every_written_form_of_a_day_reads_back_as_that_day(published: datetime.date, back: int) -> None:
    wanted = published - datetime.timedelta(days=back)
    month = calendar.month_name[wanted.month]
    forms = [
        wanted.isoformat(),
        f"-{back}",
        say_day(wanted),
        f"{month} {wanted.day}, {wanted.year}",
        f"{calendar.day_name[wanted.weekday()]} {wanted.day} {month} {wanted.year}",
    ]

    assert [read_date(form, published).date for form in forms] == [wanted] * len(forms)


@given(published=DAYS, back=st.integers(0, 364))
def test_a_day_without_its_year_is_the_last_one_unless_it_comes_soon_after_the_article(
    published: datetime.date, back: int
) -> None:
    """Of a day that lies ahead in the article's own year nobody means the year before: it has to be said."""
    wanted = published - datetime.timedelta(days=back)
    assume((wanted.month, wanted.day) != (2, 29))
    ahead = wanted.replace(year=published.year) - published
    typed = f"{wanted.day} {calendar.month_name[wanted.month][:3]}"

    if datetime.timedelta(0) < ahead <= datetime.timedelta(days=90):
        with pytest.raises(UnusableValue, match=r"after the article appeared .* with its year"):
            read_date(typed, published)
    else:
        assert read_date(typed, published).date == wanted


@given(published=DAYS, weekday=st.sampled_from(list(calendar.day_name)), length=st.integers(2, 9))
def test_a_weekday_is_the_last_one_on_or_before_the_publication(
    published: datetime.date, weekday: str, length: int
) -> None:
    reading = read_date(weekday[:length], published)

    assert calendar.day_name[reading.date.weekday()] == weekday
    assert 0 <= (published - reading.date).days <= 6


@given(
    published=DAYS,
    typed=st.one_of(
        st.text(max_size=30),
        st.from_regex(
            r"(last|this|around|week of|early|late|between)? ?[0-9]{0,2} ?(jan|mon|dec|feb)?", fullmatch=True
        ),
        st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}([-/. ][0-9]{1,4})?", fullmatch=True),
    ),
)
def test_whatever_is_typed_is_a_date_on_or_before_the_publication_or_a_sentence(
    published: datetime.date, typed: str
) -> None:
    try:
        reading = read_date(typed, published)
    except UnusableValue as unusable:
        assert str(unusable).endswith(".")
        return

    first, last = reading.window
    assert first <= reading.date <= last <= published
    assert reading.precision in (1, 2, 3)
    assert (reading.precision == 1) == (reading.wording == "") == (first == last)


@given(first=DAYS, length=st.integers(1, 6))
def test_a_window_reads_back_from_the_words_a_note_uses(first: datetime.date, length: int) -> None:
    last = first + datetime.timedelta(days=length)

    reading = read_date(say_window(first, last), last)

    assert reading.window == (first, last)
    assert reading.wording == say_window(first, last)
