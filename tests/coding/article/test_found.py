"""Titles and dates of articles as files write them."""

import pytest

from coding.article.found import TITLE_LENGTH, first_line, read_publication_date
from schema.errors import UnusableInput


def test_a_long_first_line_is_cut_at_a_word():
    title = first_line("\n\n" + "word " * 100)

    assert len(title) <= TITLE_LENGTH + 2
    assert title.endswith("word …")


@pytest.mark.parametrize(
    "written", ["2024-12-06", "2024-12-06T23:59:00Z", " 20241206 ", "2024-12-06 08:00:00+02:00"]
)
def test_iso_dates_with_and_without_a_time_are_read(written):
    assert read_publication_date(written).isoformat() == "2024-12-06"


@pytest.mark.parametrize(
    "written", ["Fri, 06 Dec 2024 08:00:00 GMT", "6 December 2024", "Dec 6, 2024", "06 dec 2024"]
)
def test_dates_of_feeds_and_dates_with_the_months_name_are_read(written):
    assert read_publication_date(written).isoformat() == "2024-12-06"


@pytest.mark.parametrize("written", ["05/06/2024", "yesterday", "2024-13-01", "", "2024"])
def test_a_date_with_two_readings_or_none_is_refused(written):
    with pytest.raises(UnusableInput, match="not a date as YYYY-MM-DD"):
        read_publication_date(written)
