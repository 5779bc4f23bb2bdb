"""What search keys promise: the same name typed in different ways is one key, and every word's beginning is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.vocabulary.keys import MAX_KEY, WordIndex, plain, search_key

WORDS = st.text(alphabet="abcéÇ '-", min_size=0, max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deir ez-Zor", "DEIR EZ ZOR"),
        ("Ḩamāh", "hamah"),
        ("Sana'a", "Sanaa"),
        ("Łódź", "lodz"),
        ("Kraków,  Poland", "krakow poland"),
        ("İstanbul", "istanbul"),
        ("Straße", "strasse"),
    ],
)
def test_names_people_type_alike_have_one_key(one, other):
    assert search_key(one) == search_key(other)


def test_other_scripts_keep_their_letters():
    assert search_key("حماة") == "حماة"
    assert plain("Харьков") == "Харьков"


@given(st.text(max_size=200))
def test_a_key_is_its_own_key_and_holds_no_line_break(text):
    key = search_key(text)
    assert search_key(key) == key
    assert len(key) <= MAX_KEY
    assert key == " ".join(key.split())


@given(st.lists(WORDS.filter(search_key), min_size=1, max_size=8), WORDS)
def test_an_index_finds_what_a_look_at_every_name_finds(names, typed):
    index = WordIndex((name,) for name in names)
    tokens = search_key(typed).split()
    expected = [
        number
        for number, name in enumerate(names)
        if all(any(word.startswith(token) for word in search_key(name).split()) for token in tokens)
    ]
    assert index.find(search_key(typed), len(names), lambda _at: True) == expected
    for number in expected:
        assert index.closeness(number, search_key(typed)) in (0, 1, 2, 3)


@given(st.text(min_size=4, max_size=10, alphabet="abcdefgh"), st.integers(0, 9))
def test_a_letter_lost_from_a_long_word_is_forgiven(word, at):
    long = word + "ijkl"
    at = min(at, len(long) - 2) + 1
    index = WordIndex([(long,), ("zzzz yyyy",)])
    assert 0 in index.alike(long[:at] + long[at + 1 :], 5, lambda _at: True)
