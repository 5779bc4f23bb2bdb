"""The codebook in words: each part by its name, the whole as a handbook, nothing left undefined."""

from __future__ import annotations

import pytest

from schema.codebook import load_codebook
from schema.errors import UnusableInput
from schema.handbook import handbook, part

CODEBOOK = load_codebook()


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("armed clash", "ambush"),
        ("Air/drone strike", "shot down"),
        ("sub_event_type", "TX-1"),
        ("time_precision", "exact day"),
        ("TX-1", "Why:"),
        ("Battles", "Armed clash"),
        ("State forces", "mutineers"),
        ("78", "External/Other forces-Civilians"),
        ("Burma", "Myanmar"),
        ("dozens", "12"),
        ("crowd size", "no report"),
        ("Middle East", "Syria"),
        ("Women", "beside"),
        ("looting", "Looting/property destruction"),
    ],
)
def test_a_part_is_found_by_its_name_in_any_case(term, told):
    assert told in part(CODEBOOK, term)


@pytest.mark.parametrize(
    ("term", "told", "untold"),
    [
        ("Armed clash", {"AC-3", "AC-4", "AC-5", "CT-2", "TG-2", "TX-1", "NO-6"}, {"AC-7", "CT-1", "FA-1", "FA-2", "NO-5"}),
        ("Suicide bomb", {"AC-14", "CT-3", "CT-4", "FA-2"}, {"AC-3", "AC-4", "AC-12", "CT-2"}),
        ("Peaceful protest", {"AC-6", "AC-7", "AC-8", "FA-1", "TG-1"}, {"AC-9", "AC-10", "CT-5", "TG-2"}),
        ("Attack", {"AC-3", "AC-12", "AC-13", "CT-1"}, {"AC-4", "AC-14", "CT-2", "CT-3", "CT-5"}),
        ("Looting/property destruction", {"CT-2", "FA-1", "NO-5", "TG-2"}, {"AC-3", "GE-8", "NO-6", "NO-7"}),
    ],
)  # fmt: skip
def test_a_sub_event_type_is_shown_with_the_rules_that_speak_of_it(term, told, untold):
    lines = part(CODEBOOK, term).splitlines()
    shown = {
        line.removeprefix("- ").split(" ")[0] for line in lines if line.startswith("- ") and "-" in line[2:8]
    }

    assert told - shown == set()
    assert untold & shown == set()


def test_a_term_that_is_not_there_is_one_sentence_with_the_nearest():
    with pytest.raises(UnusableInput, match="Armed clash"):
        part(CODEBOOK, "Armed clashes")


def test_the_handbook_holds_every_column_type_and_rule():
    text = handbook(CODEBOOK)

    for entry in (
        *CODEBOOK.columns,
        *CODEBOOK.event_types,
        *CODEBOOK.sub_event_types,
        *CODEBOOK.countries,
        *CODEBOOK.tags,
    ):
        assert entry.name in text
    for rule in CODEBOOK.rules:
        assert f"### {rule.id}\n" in text
        assert rule.message in text


def test_everything_a_coder_chooses_is_defined():
    assert [column.name for column in CODEBOOK.columns if not column.description or not column.label] == []
    assert [entry.name for entry in CODEBOOK.event_types if not entry.definition] == []
    assert [
        entry.name for entry in CODEBOOK.sub_event_types if not (entry.definition and entry.decision_rule)
    ] == []
    assert [entry.label for entry in CODEBOOK.actor_types if not entry.definition] == []
    assert [rule.id for rule in CODEBOOK.rules if not (rule.message and rule.reason)] == []
    assert [
        rule.id
        for rule in CODEBOOK.rules
        if not rule.message.endswith(("…", "."))
        and "Second" not in rule.message
        and "second" not in rule.message
        and "crowd size=" not in rule.message
    ] == []


@pytest.mark.parametrize(
    ("term", "offer"),
    [("kidnap", "Abduction/forced disappearance"), ("armed clsh", "Armed clash"), ("Nigera", "Nigeria")],
)
def test_an_unknown_term_leads_to_what_is_meant(term, offer):
    with pytest.raises(UnusableInput, match=f"did you mean '{offer}'"):
        part(CODEBOOK, term)
