"""One total of dead over several events."""

import datetime

import pytest

from coding.split_deaths import Part, in_order, shares
from schema.codebook import load_codebook
from schema.values import UnusableValue

CODEBOOK = load_codebook()


def part(key: int | None, day: int | None) -> Part:
    return Part(key, {"event_date": datetime.date(2024, 12, day) if day else None, "country": "Syria"})


PARTS = [part(None, 3), part(7, 3), part(9, 2), part(4, None)]


def test_events_stand_by_date_then_by_saving_with_the_form_last_of_its_day() -> None:
    assert [each.key for each in in_order(PARTS)] == [9, 7, None, 4]


def test_the_total_is_divided_evenly_and_what_is_left_goes_to_the_first() -> None:
    found = shares("10", PARTS, CODEBOOK)

    assert [(share.part.key, share.number) for share in found] == [(9, 3), (7, 3), (None, 2), (4, 2)]
    assert [share.text for share in found] == ["10/4/1", "10/4/2", "10/4/3", "10/4/4"]


def test_a_word_of_the_codebook_is_a_total_too() -> None:
    assert [share.number for share in shares("dozens", PARTS[:2], CODEBOOK)] == [6, 6]


@pytest.mark.parametrize("total", ["", "perhaps", "10/2", "-3"])
def test_what_is_no_total_is_refused_with_a_sentence(total: str) -> None:
    with pytest.raises(UnusableValue, match=r"\w+ \w+ \w+"):
        shares(total, PARTS, CODEBOOK)
