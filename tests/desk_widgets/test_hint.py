"""What the two lines under the form show of a text that is too long for them."""

from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.desk.form.hint import fitting, nothing_left
from schema.rules import Failure, Severity


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Short.", "Short."),
        ("One sentence of it. Another that is too long for the place.", "One sentence of it."),
        ("One sentence that is much too long for this place.", "One sentence that is much too long for …"),
    ],
)
def test_whole_sentences_are_shown_as_far_as_they_fit(text: str, shown: str) -> None:
    assert fitting(text, 20, 2) == shown


@given(st.text(alphabet="ab .", max_size=200), st.integers(4, 40), st.integers(1, 3))
def test_it_always_fits(text: str, width: int, lines: int) -> None:
    assert len(wrap(fitting(text, width, lines), width)) <= lines


def test_nothing_is_lost_before_the_lines_have_a_size() -> None:
    assert fitting("Some words.", 0, 0) == "Some words."


def test_what_is_left_before_a_save_is_said_as_it_is() -> None:
    warning = Failure("DT-4", Severity.WARNING, ("event_date",), "Long ago.")
    assert nothing_left([], {}) == "Nothing open is left: ctrl+s saves the event."
    assert "reason" in nothing_left([warning], {})
    assert nothing_left([warning], {"DT-4": "an old case"}) == nothing_left([], {})
