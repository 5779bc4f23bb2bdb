"""The words of a value in the article that tells it."""

import datetime

import pytest

from coding.called import called, people, spoken
from coding.candidate import Value
from coding.words_in_article import around, find_words, words_for
from schema.codebook import load_codebook

CODEBOOK = load_codebook()
TEXT = (
    "Hayat Tahrir al Sham (HTS) took Hama on Thursday after the Syrian army had fought for days; 14 fighters and"
    " three residents were killed, and dozens marched in Idlib on 5 December."
)


@pytest.mark.parametrize(
    ("value", "typed", "first"),
    [
        (datetime.date(2024, 12, 5), "", "5 December"),
        (datetime.date(2024, 12, 12), "", "Thursday"),
        (datetime.date(2024, 12, 3), "thu", "Thursday"),
        ("HTS: Hayat Tahrir al Sham", "ht", "Hayat Tahrir al Sham"),
        ("Military Forces of Syria (2000-2024)", "", "army"),
        ("Protesters (Syria)", "", "marched"),
        ("Civilians (Syria)", "", "residents"),
        ("Hama", "h", "Hama"),
        ("Idleb", "", "Idlib"),
        ("Armed clash", "ac", "fought"),
        (14, "", "14"),
        (3, "", "three"),
        (12, "", "dozens"),
        ("crowd size=dozens", "", "dozens"),
    ],
)
def test_a_value_is_found_by_what_the_article_calls_it(value: Value, typed: str, first: str) -> None:
    start, end = find_words(TEXT, words_for(value, typed, CODEBOOK))[0]

    assert TEXT[start:end] == first


@pytest.mark.parametrize("value", ["Kisumu", "M23: March 23 Movement", 77, datetime.date(2024, 12, 2), None])
def test_what_the_article_does_not_name_is_not_found(value: Value) -> None:
    assert find_words(TEXT, words_for(value)) == []


def test_a_number_is_not_found_inside_a_longer_one() -> None:
    text = "POLICE SEIZED 3,000 CARTRIDGES AND 30 RIFLES, 1.3 KM AWAY, AFTER THE KILLING OF THREE FARMERS."
    found = [text[start:end] for start, end in find_words(text, words_for(3))]
    assert found == ["THREE"]


def test_every_place_is_found_once() -> None:
    spans = find_words(TEXT, words_for("Peaceful protest"))

    assert len(spans) == len(set(spans)) == 1


def test_an_actor_is_called_by_its_name_its_full_form_and_its_abbreviation() -> None:
    assert called("Rapid Support Forces") == ("Rapid Support Forces",)
    assert called("Police Forces of Kenya (2022-)")[:2] == ("Police Forces of Kenya", "police")
    assert "Boko Haram" in called("Boko Haram - Jamaatu Ahli is-Sunnah lid-Dawati wal-Jihad")


def test_rule_names_and_kinds_of_event_are_those_of_the_codebook() -> None:
    codebook = load_codebook()
    generic = {entry.name.replace(" (X)", "") for entry in codebook.generic_actors}

    assert set(spoken()) == {entry.name for entry in codebook.sub_event_types} - {
        "Headquarters or base established"
    }
    assert {name for name in people() if not name.endswith(" of")} - generic <= {"Fulani Ethnic Militia"}


def test_words_are_shown_with_some_of_the_text_around_them() -> None:
    text = "First words that are far away from it.\nThe army said that dozens were killed near the mill on Thursday, and left."
    start = text.index("dozens")
    shown = around(text, (start, start + 6), beside=20)
    assert shown == "… army said that dozens were killed near …"
    assert around("dozens fell", (0, 6)) == "dozens fell"
