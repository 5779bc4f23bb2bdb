"""What was typed, compared with names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.matching import EXACT, INITIALS, match, typos


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("hts", "HTS: Hayat Tahrir al Sham"),
        ("hayat", "HTS: Hayat Tahrir al Sham"),
        ("sham", "HTS: Hayat Tahrir al Sham"),
        ("ac", "Armed clash"),
        ("pwi", "Protest with intervention"),
        ("pi", "Protest with intervention"),
        ("pk", "Protesters (Kenya)"),
        ("mfs", "Military Forces of Syria (2000-2024)"),
        ("mil syr", "Military Forces of Syria (2000-2024)"),
        ("syr mil", "Military Forces of Syria (2000-2024)"),
        ("zaw", "Dayr az Zawr"),
        ("sao", "São Paulo"),
        ("ied", "Remote explosive/landmine/IED"),
    ],
)
def test_a_name_answers_to_beginnings_of_its_words_and_to_its_initials(typed: str, name: str) -> None:
    assert match(typed, name) is not None


@pytest.mark.parametrize(
    ("typed", "name"), [("lash", "Armed clash"), ("x", "Armed clash"), ("arm arm", "Armed clash"), ("", "A")]
)
def test_a_name_does_not_answer_to_anything_else(typed: str, name: str) -> None:
    assert match(typed, name) is None


def test_the_better_answer_scores_higher() -> None:
    scores = [
        match("hama", name) or 0.0 for name in ("Hama", "Hama al Jadida", "Hamadan", "Tell Hama", "Old Hamah")
    ]

    assert scores[0] == EXACT
    assert scores == sorted(scores, reverse=True)


def test_initials_beat_the_beginning_of_an_inner_word() -> None:
    assert match("ac", "Armed clash") == INITIALS
    assert (match("ac", "Change to group/activity") or 0.0) < INITIALS


def test_an_alias_answers_a_little_worse_than_the_name() -> None:
    assert match("burma", "Myanmar", ["Burma"]) == EXACT - 0.5


def test_a_slip_of_the_finger_finds_the_name() -> None:
    found = typos("nariobi", ["Nairobi", "Mombasa", "Kisumu"], 9)

    assert [name for name, _ in found] == ["Nairobi"]
    assert typos("na", ["Nairobi"], 9) == []


@given(st.text(max_size=20), st.text(max_size=40))
def test_any_two_texts_can_be_compared(typed: str, name: str) -> None:
    found = match(typed, name)

    assert found is None or 0 < found <= EXACT


@given(st.lists(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), min_size=1, max_size=5), st.data())
def test_every_word_of_a_name_finds_it_by_its_beginning(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    length = data.draw(st.integers(1, len(word)))

    assert match(word[:length], " ".join(words)) is not None
