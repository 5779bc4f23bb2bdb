"""What a report says about deaths, as a number."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.fatalities import read_fatalities, split_total
from schema.codebook import load_codebook
from schema.values import UnusableValue

CODEBOOK = load_codebook()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("14", 14),
        ("0", 0),
        ("1,200", 1200),
        ("14 killed", 14),
        ("at least 14 people were killed", 14),
        ("more than 20", 20),
        ("30+", 30),
        ("up to 300", 300),
        ("none", 0),
        ("no deaths", 0),
        ("nobody", 0),
        ("fourteen", 14),
        ("at least ten", 10),
        ("twenty-three", 23),
        ("a hundred and five", 105),
        ("two dozen", 24),
        ("three hundred", 300),
        ("one", 1),
    ],
)
def test_a_named_number_is_that_number(typed: str, number: int) -> None:
    reading = read_fatalities(typed, CODEBOOK)

    assert (reading.number, reading.word) == (number, "")
    assert reading.rule.endswith(".")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2 to 5", 2),
        ("8-14", 8),
        ("between two and five", 2),
        ("14 or 8", 8),
        ("five to 3 dead", 3),
        ("2–5 killed", 2),
    ],
)
def test_a_range_is_its_lowest_number(typed: str, number: int) -> None:
    reading = read_fatalities(typed, CODEBOOK)

    assert reading.number == number
    assert "lowest" in reading.rule


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("dozens", 12),
        ("a dozen", 12),
        ("Dozens of people were killed", 12),
        ("several", 3),
        ("many", 3),
        ("tens", 10),
        ("scores", 20),
        ("hundreds", 100),
        ("casualties", 0),
        ("heavy losses", 0),
        ("scores to hundreds", 20),
    ],
)
def test_a_vague_word_is_the_number_of_the_codebook(typed: str, number: int) -> None:
    assert read_fatalities(typed, CODEBOOK).number == number


def test_a_vague_word_is_remembered_and_named_in_the_rule() -> None:
    reading = read_fatalities("hundreds of militants", CODEBOOK)

    assert reading.word == "hundreds"
    assert "'hundreds' is coded as 100" in reading.rule


def test_a_plural_is_more_in_a_war_of_high_intensity_and_the_other_number_is_offered() -> None:
    day = datetime.date(2024, 12, 5)

    in_kenya = read_fatalities("several", CODEBOOK, country="Kenya", on=day)
    in_syria = read_fatalities("several", CODEBOOK, country="Syria", on=day)
    in_ukraine_before_the_war = read_fatalities(
        "several", CODEBOOK, country="Ukraine", on=day.replace(year=2019)
    )

    assert (in_kenya.number, in_kenya.alternatives) == (3, (10,))
    assert (in_syria.number, in_syria.alternatives) == (10, (3,))
    assert in_ukraine_before_the_war.number == 3


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no number"),
        ("-3", "below zero"),
        ("plenty", "is not a number of deaths"),
        ("99999999999", "not possible"),
        ("2.5", "is not a number of deaths"),
    ],
)
def test_what_is_no_count_is_refused_with_a_sentence(typed: str, says: str) -> None:
    with pytest.raises(UnusableValue, match=says):
        read_fatalities(typed, CODEBOOK)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_count_or_a_sentence(typed: str) -> None:
    try:
        reading = read_fatalities(typed, CODEBOOK)
    except UnusableValue as unusable:
        assert str(unusable).endswith(".")
    else:
        assert reading.number >= 0


@given(st.integers(0, 999_999))
def test_every_number_reads_back(number: int) -> None:
    assert read_fatalities(str(number), CODEBOOK).number == number
    assert read_fatalities(f"{number:,}", CODEBOOK).number == number


@given(total=st.integers(0, 5000), parts=st.integers(1, 60))
def test_shares_sum_to_the_total_and_differ_by_one_at_most(total: int, parts: int) -> None:
    shares = split_total(total, parts)

    assert sum(shares) == total
    assert len(shares) == parts
    assert shares == sorted(shares, reverse=True)
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    ("total", "parts", "shares"),
    [
        (12, 3, [4, 4, 4]),
        (10, 6, [2, 2, 2, 2, 1, 1]),
        (20, 6, [4, 4, 3, 3, 3, 3]),
        (5, 6, [1, 1, 1, 1, 1, 0]),
        (1, 2, [1, 0]),
    ],
)
def test_the_remainder_goes_to_the_first_events(total: int, parts: int, shares: list[int]) -> None:
    assert split_total(total, parts) == shares


@pytest.mark.parametrize(
    ("typed", "number", "split"),
    [
        ("10/3", 4, (10, 3)),
        ("10/3/2", 3, (10, 3)),
        ("dozens / 3", 4, (12, 3)),
        ("1/2/2", 0, (1, 2)),
        ("2 to 5/2", 1, (2, 2)),
    ],
)
def test_a_total_over_events_is_typed_with_a_stroke(typed: str, number: int, split: tuple[int, int]) -> None:
    reading = read_fatalities(typed, CODEBOOK)

    assert (reading.number, reading.split) == (number, split)
    assert "split over" in reading.rule


@pytest.mark.parametrize("typed", ["10/0", "10/3/4", "10/3/0"])
def test_a_share_outside_the_split_is_refused(typed: str) -> None:
    with pytest.raises(UnusableValue, match="splits over no event"):
        read_fatalities(typed, CODEBOOK)


def test_a_total_cannot_be_split_over_no_event() -> None:
    with pytest.raises(UnusableValue, match="cannot be split"):
        split_total(5, 0)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("several dozen", 12),
        ("several hundred people killed", 100),
        ("a few thousand", 1000),
        ("many scores", 20),
    ],
)
def test_several_of_a_unit_are_as_many_as_its_plural(typed: str, number: int) -> None:
    assert read_fatalities(typed, CODEBOOK).number == number
