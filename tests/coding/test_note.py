"""Drafted notes and their comparison with the fields."""

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.candidate import Value
from coding.dates import read_date
from coding.fatalities import read_fatalities
from coding.note import ascii_line, draft_note, note_disagreements, read_opening, say_actor
from schema.codebook import SubEventType, load_codebook

CODEBOOK = load_codebook()
HAMA: dict[str, Value] = {
    "event_date": datetime.date(2024, 12, 5),
    "time_precision": 1,
    "event_type": "Battles",
    "sub_event_type": "Non-state actor overtakes territory",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "actor2": "Military Forces of Syria (2000-2024)",
    "admin1": "Hama",
    "admin2": "Hama",
    "admin3": "Hama",
    "location": "Hama",
    "geo_precision": 1,
    "fatalities": 10,
}


def test_the_fall_of_hama_is_told_in_the_order_of_the_codebook() -> None:
    assert draft_note(HAMA, CODEBOOK) == (
        "On 5 December 2024, HTS took control of Hama (Hama, Hama) from the military forces of Syria. 10 fatalities."
    )


def test_a_vague_word_is_told_as_coded() -> None:
    reading = read_fatalities("heavy losses", CODEBOOK, country="Syria")

    assert draft_note(HAMA, CODEBOOK, fatality=reading).endswith("Fatalities coded as 10.")


def test_a_split_total_is_told_with_the_share_of_this_event() -> None:
    note = draft_note({**HAMA, "fatalities": 5}, CODEBOOK, split=(10, 2))

    assert note.endswith("10 fatalities split across 2 events, coded as 5 for this event.")
    assert note_disagreements({**HAMA, "fatalities": 5, "notes": note}, CODEBOOK) == []


def test_a_typed_split_of_a_vague_word_is_told_as_coded() -> None:
    reading = read_fatalities("dozens/3", CODEBOOK)
    row = {**HAMA, "fatalities": reading.number}

    note = draft_note(row, CODEBOOK, fatality=reading)

    assert note.endswith("Fatalities coded as 12 split across 3 events, coded as 4 for this event.")
    assert note_disagreements({**row, "notes": note}, CODEBOOK) == []


def test_an_uncertain_day_is_told_with_its_window() -> None:
    reading = read_date("2-4 dec", datetime.date(2024, 12, 6))
    row = {**HAMA, "event_date": reading.date, "time_precision": reading.precision}

    note = draft_note(row, CODEBOOK, wording=reading.wording)

    assert note.startswith("Around 3 December 2024 (between 2 - 4 December), HTS ")
    assert draft_note({**row, "notes": note, "fatalities": 3}, CODEBOOK).startswith(note[:60])


@pytest.mark.parametrize(("precision", "bracket"), [(2, "(week of)"), (3, "(month of)")])
def test_an_uncertain_day_without_a_window_has_the_usual_bracket(precision: int, bracket: str) -> None:
    assert bracket in draft_note({**HAMA, "time_precision": precision}, CODEBOOK)


def test_a_note_waits_for_type_and_actor() -> None:
    assert draft_note({**HAMA, "actor1": None}, CODEBOOK) == ""
    assert draft_note({**HAMA, "sub_event_type": None}, CODEBOOK) == ""


@pytest.mark.parametrize("sub_event", [entry.name for entry in CODEBOOK.sub_event_types])
@pytest.mark.parametrize("actor2", [None, "Civilians (Syria)"])
def test_every_sub_event_type_has_a_sentence_that_agrees_with_its_fields(
    sub_event: str, actor2: str | None
) -> None:
    row: dict[str, Value] = {**HAMA, "sub_event_type": sub_event, "actor2": actor2}

    note = draft_note(row, CODEBOOK)

    assert "Hama" in note
    assert "HTS" in note
    assert ("civilians" in note) == (actor2 is not None)
    assert not set("{}|") & set(note)
    assert note_disagreements({**row, "notes": note}, CODEBOOK) == []


def test_the_label_of_a_strategic_development_opens_the_note_and_stays() -> None:
    row = {**HAMA, "sub_event_type": "Looting/property destruction", "fatalities": 0}

    note = draft_note(row, CODEBOOK, label="Looting")

    assert note.startswith("Looting: On 5 December 2024, HTS looted property")
    assert draft_note({**row, "notes": note}, CODEBOOK) == note


def test_a_place_that_stands_for_an_area_says_so() -> None:
    assert "in Hama area (coded to Hama)" in draft_note(
        {**HAMA, "geo_precision": 3, "sub_event_type": "Armed clash"}, CODEBOOK
    )
    assert "near Hama" in draft_note({**HAMA, "geo_precision": 2, "sub_event_type": "Armed clash"}, CODEBOOK)


@pytest.mark.parametrize(
    ("name", "associates", "said"),
    [
        ("HTS: Hayat Tahrir al Sham", "", "HTS"),
        ("Military Forces of Syria (2000-2024)", "", "the military forces of Syria"),
        ("Police Forces of Kenya (2022-)", "", "the police of Kenya"),
        (
            "Military Forces of Brazil (2019-) Military Police",
            "",
            "the military forces of Brazil (Military Police)",
        ),
        ("Protesters (Kenya)", "Teachers (Kenya); Women (Kenya)", "protesters (teachers, women)"),
        ("Civilians (Syria)", "", "civilians"),
        ("Unidentified Armed Group (Mali)", "", "an unidentified armed group"),
        ("Rapid Support Forces", "", "Rapid Support Forces"),
        ("", "", ""),
    ],
)
def test_actors_are_called_as_a_sentence_calls_them(name: str, associates: str, said: str) -> None:
    assert say_actor(name, associates) == said


def test_no_report_on_deaths_is_told_as_unknown_where_deaths_are_likely() -> None:
    assert draft_note({**HAMA, "fatalities": 0}, CODEBOOK).endswith("Casualties unknown.")
    assert draft_note(
        {**HAMA, "fatalities": 0}, CODEBOOK, fatality=read_fatalities("none", CODEBOOK)
    ).endswith("There were no fatalities.")


def test_one_death_is_singular() -> None:
    assert draft_note({**HAMA, "fatalities": 1}, CODEBOOK).endswith("1 fatality.")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"event_date": datetime.date(2024, 12, 4)}, "the event date is 4 December 2024"),
        ({"time_precision": 2}, "asks for Around"),
        ({"fatalities": 3}, "the note counts 10 deaths"),
        ({"location": "Homs"}, "does not name the location Homs"),
        ({"sub_event_type": "Other"}, "opens with a label"),
        ({"notes": "HTS took Hama."}, "does not open with On or Around"),
        ({"notes": "On 5 December 2024,  HTS took Hama."}, "plain ASCII"),
        ({"notes": "Looting: On 5 December 2024, HTS took Hama."}, "does not open with Looting"),
        ({"notes": "Around 5 December 2024, in Hama."}, "time precision 1 asks for On"),
    ],
)
def test_a_note_that_says_something_else_than_the_fields_is_told(
    changed: dict[str, Value], says: str
) -> None:
    row = {**HAMA, "notes": draft_note(HAMA, CODEBOOK), **changed}

    assert any(says in sentence for sentence in note_disagreements(row, CODEBOOK))


def test_an_empty_note_disagrees_with_nothing() -> None:
    assert note_disagreements({**HAMA, "notes": None}, CODEBOOK) == []


def test_an_opening_gives_label_day_and_bracket() -> None:
    opening = read_opening("Displacement: Around 2 December 2024 (week of), people fled.")

    assert opening is not None
    assert (opening.label, opening.sure, opening.wording) == ("Displacement", False, "week of")
    assert opening.date == datetime.date(2024, 12, 2)
    assert read_opening("On 45 December 2024, nothing.") is None


@given(st.text())
def test_a_note_is_always_one_line_of_plain_ascii(text: str) -> None:
    line = ascii_line(text)

    assert line.isascii()
    assert line == " ".join(line.split())
    assert ascii_line(line) == line


@given(st.text())
def test_any_note_can_be_compared(text: str) -> None:
    assert isinstance(note_disagreements({**HAMA, "notes": text}, CODEBOOK), list)


def test_what_is_not_known_yet_is_left_out_of_a_note() -> None:
    protest: dict[str, Value] = {
        "sub_event_type": "Protest with intervention",
        "actor1": "Protesters (Kenya)",
    }
    fall: dict[str, Value] = {
        "sub_event_type": "Non-state actor overtakes territory",
        "actor1": "HTS: Hayat Tahrir al Sham",
    }
    assert draft_note(protest, CODEBOOK) == "Protesters held a protest."
    assert draft_note(fall, CODEBOOK).startswith("HTS took control of territory.")
    with_police: dict[str, Value] = {**protest, "actor2": "Police Forces of Kenya (2022-)"}
    assert draft_note(with_police, CODEBOOK) == "Protesters held a protest; the police of Kenya intervened."


@pytest.mark.parametrize("entry", CODEBOOK.sub_event_types, ids=lambda entry: entry.name)
def test_no_note_has_a_hole_where_a_field_is_empty(entry: SubEventType) -> None:
    for given_too in ({}, {"actor2": "Civilians (Kenya)"}, {"location": "Nairobi"}):
        row: dict[str, Value] = {"sub_event_type": entry.name, "actor1": "Rioters (Kenya)", **given_too}
        for label in CODEBOOK.note_labels.get(entry.name, ("",)):
            note = draft_note(row, CODEBOOK, label=label)
            assert "unknown party" not in note
            assert not re.search(r" [;,.]|\b(of|from|with|by|against) (from|of|in)\b", note), note
