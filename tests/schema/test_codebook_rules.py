"""Each rule of the codebook is tested by its own examples, and every sound example row breaks none."""

from __future__ import annotations

import datetime

import pytest

from schema.codebook import load_codebook
from schema.row_judge import RowJudge

CODEBOOK = load_codebook()
TODAY = datetime.date(2026, 11, 22)
ROW_RULES = [rule for rule in CODEBOOK.rules if rule.scope == "row" and rule.nature == "condition"]


@pytest.fixture(scope="module")
def judges():
    with RowJudge(CODEBOOK, today=TODAY) as new, RowJudge(CODEBOOK, today=TODAY, imported=True) as imported:
        yield {False: new, True: imported}


def broken(judge, row):
    cells = dict(row)
    return [
        failure.rule_id
        for failure in judge.failures(cells, published=cells.pop("published", None), derive=False)
    ]


@pytest.mark.parametrize("rule", ROW_RULES, ids=lambda rule: rule.id)
def test_a_rule_holds_for_its_passing_rows_and_is_broken_by_its_failing_rows(rule, judges):
    judge = judges[rule.severity is None]

    assert rule.passing
    assert rule.failing
    assert [row for row in rule.passing if rule.id in broken(judge, row)] == []
    assert [row for row in rule.failing if rule.id not in broken(judge, row)] == []


@pytest.mark.parametrize("name", CODEBOOK.examples)
def test_a_sound_row_breaks_no_rule(name, judges):
    row = CODEBOOK.examples[name]

    assert broken(judges[False], row) == []
    assert broken(judges[True], row) == []


@pytest.mark.parametrize("name", CODEBOOK.examples)
def test_derived_columns_are_those_of_the_sound_row(name, judges):
    row = CODEBOOK.examples[name]

    derived = judges[False].derived({column.name: row[column.name] for column in CODEBOOK.coded})

    assert derived == {column.name: row[column.name] for column in CODEBOOK.derived}


def test_what_cannot_be_submitted_is_an_error(judges):
    row = CODEBOOK.examples["clash"]
    wrong = {
        "a wrong date": ({"event_date": datetime.date(25, 12, 5)}, "DT-3"),
        "a date after publication": ({}, "DT-6"),
        "a type of another event type": ({"event_type": "Protests"}, "TX-1"),
        "an actor without a type": ({"inter2": None}, "AC-1"),
        "negative deaths": ({"fatalities": -1}, "RNG-fatalities"),
        "no sub-event type": ({"sub_event_type": None}, "REQ-sub_event_type"),
        "an unknown sub-event type": ({"sub_event_type": "Skirmish"}, "VAL-sub_event_type"),
    }
    published = datetime.date(2024, 12, 4)
    for what, (change, rule_id) in wrong.items():
        failures = judges[False].failures(row | change, published=published, derive=False)
        assert rule_id in [failure.rule_id for failure in failures if failure.severity == "error"], what
