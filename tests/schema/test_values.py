"""Typed text becomes a value and becomes the same text again; what cannot be used says what can."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.codebook import load_codebook
from schema.column import Column
from schema.text import fold, safe_text
from schema.values import UnusableValue, format_value, parse_value

CODEBOOK = load_codebook()


@pytest.mark.parametrize(
    ("column", "typed", "value"),
    [
        ("event_date", "2024-12-05", datetime.date(2024, 12, 5)),
        ("event_date", "5 December 2024", datetime.date(2024, 12, 5)),
        ("event_date", " 5  Dec 2024 ", datetime.date(2024, 12, 5)),
        ("event_date", "December 5, 2024", datetime.date(2024, 12, 5)),
        ("fatalities", "1,200", 1200),
        ("fatalities", "8.0", 8),
        ("fatalities", "-1", -1),
        ("latitude", "-31.4135", -31.4135),
        ("sub_event_type", "armed CLASH", "Armed clash"),
        ("inter1", "state forces", "State forces"),
        ("assoc_actor_1", " Women (Syria) ;Students (Syria);; ", "Women (Syria); Students (Syria)"),
        ("actor1", "  HTS:  Hayat Tahrir al Sham ", "HTS: Hayat Tahrir al Sham"),
        ("notes", " On 5 December 2024 ", "On 5 December 2024"),
        ("actor2", "   ", None),
    ],
)
def test_what_coders_type_becomes_the_value(column, typed, value):
    assert parse_value(CODEBOOK.column(column), typed) == value


@pytest.mark.parametrize(
    ("column", "typed", "word"),
    [
        ("event_date", "05/12/2024", "2024-12-05"),
        ("event_date", "31 February 2024", "5 December"),
        ("fatalities", "several", "digits"),
        ("fatalities", "9" * 30, "30 digits"),
        ("fatalities", "٣", "digits"),
        ("latitude", "nan", "35.1318"),
        ("latitude", "inf", "35.1318"),
        ("sub_event_type", "Armed clahs", "Armed clash"),
        ("sub_event_type", "zzz", "choose one of"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_with_a_way_out(column, typed, word):
    with pytest.raises(UnusableValue) as caught:
        parse_value(CODEBOOK.column(column), typed)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.dates() | st.none())
def test_a_date_reads_back(value):
    column = CODEBOOK.column("event_date")
    assert parse_value(column, format_value(column, value)) == value


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_whole_number_reads_back(value):
    column = CODEBOOK.column("fatalities")
    assert parse_value(column, format_value(column, value)) == value


@given(st.integers(-1_800_000, 1_800_000).map(lambda number: number / 10_000))
def test_a_coordinate_reads_back(value):
    column = CODEBOOK.column("longitude")
    assert parse_value(column, format_value(column, value)) == value


@given(
    st.sampled_from([column for column in CODEBOOK.columns if column.values and column.kind == "enum"]),
    st.data(),
)
def test_every_value_of_a_list_reads_back(column, data):
    value = data.draw(st.sampled_from(column.values))
    assert parse_value(column, value) == value
    assert parse_value(column, value.upper()) == value


@given(st.text())
def test_a_text_reads_back_once_it_is_tidy(text):
    column = Column("notes", "text", multiline=True)
    value = parse_value(column, text)
    assert parse_value(column, format_value(column, value)) == value


@given(st.text(st.characters()))
def test_safe_text_keeps_the_length_and_every_harmless_letter(text):
    safe = safe_text(text)

    assert len(safe) == len(text)
    assert safe_text(safe) == safe
    assert all(kept in {given, "\ufffd"} for kept, given in zip(safe, text, strict=True))
    safe.encode("utf-8")


@pytest.mark.parametrize(
    "order", ["\x1b]52;c;aGk=\x07", "\x9b31m", "\u202egnp", "\u2066", "\x00", "\x7f", "\ud800", "\r", "\x08"]
)
def test_safe_text_shows_orders_to_a_terminal_as_lost_letters(order):
    assert safe_text(order)[0] == "\ufffd"


def test_safe_text_keeps_newlines_unless_told_otherwise():
    assert safe_text("a\n\tb é 日本") == "a\n\tb é 日本"
    assert safe_text("a\nb", keep_newlines=False) == "a\ufffdb"


@pytest.mark.parametrize(
    ("text", "key"),
    [("Déir  ez-ZÔR", "deir ez-zor"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("  ", ""), ("İ", "i")],
)
def test_fold_is_a_search_key(text, key):
    assert fold(text) == key
