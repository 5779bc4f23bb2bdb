"""A text in capitals as mixed text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.capitals import in_small_letters


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("GUERRILLAS ATTACKED LA UNION AND SANTA ELENA.", "guerrillas attacked LA UNION and SANTA ELENA."),
        ("CLASHES ON 30 NOVEMBER, SUNDAY, IN USULUTAN.", "clashes on 30 November, Sunday, in USULUTAN."),
        ("BOMBS IN GUATEMALA CITY AND THE CITY OF COBAN.", "bombs in GUATEMALA CITY and the city of COBAN."),
        ("PERU'S POLICE AND HUANUCO'S MAYOR MET.", "PERU'S police and HUANUCO'S mayor met."),
        ("The FMLN said so to REUTERS.", "The FMLN said so to REUTERS."),
        ("UN, EU, HTS", "UN, EU, HTS"),
        ("ПОЛИЦИЯ СООБЩИЛА О ВЗРЫВЕ", "ПОЛИЦИЯ СООБЩИЛА О ВЗРЫВЕ"),
    ],
)
def test_ordinary_words_are_made_small_and_names_stand_out(text: str, read: str) -> None:
    assert in_small_letters(text) == read


def test_a_name_that_is_known_keeps_its_capitals_where_its_words_are_ordinary() -> None:
    known = {"united states", "turkey"}.__contains__

    read = in_small_letters("THE UNITED STATES ATE THE TURKEY IN TURKEY.", known)

    assert read == "the UNITED STATES ate the turkey in TURKEY."


@given(st.text(max_size=300))
def test_the_length_stays_so_that_spans_stay_true(text: str) -> None:
    assert len(in_small_letters(text)) == len(text)
    assert len(in_small_letters(text.upper())) == len(text.upper())
