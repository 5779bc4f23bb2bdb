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


def spoiled(rule):
    """Values that break a rule which follows from a column."""
    column = CODEBOOK.column(rule.columns[0])
    if rule.nature == "required":
        return [None, ""]
    if rule.nature == "values":
        return ["no such value", column.values[0].upper() + " ", "nan"]
    bounds = [
        bound + step for bound, step in ((column.minimum, -1), (column.maximum, 1)) if bound is not None
    ]
    return bounds + ([float("inf")] if column.kind == "decimal" else [])


@pytest.mark.parametrize(
    "rule", [rule for rule in CODEBOOK.rules if rule.nature != "condition"], ids=lambda rule: rule.id
)
def test_what_follows_from_a_column_holds_for_sound_rows_and_is_broken_by_spoiled_cells(rule, judges):
    row = CODEBOOK.examples["clash"]
    judge = judges[rule.severity is None]

    assert rule.id not in broken(judge, row)
    for value in spoiled(rule):
        assert rule.id in broken(judge, row | {rule.columns[0]: value}), value


def test_there_are_all_columns_types_and_pairs_of_the_codebook():
    assert len(CODEBOOK.columns) == 31
    assert len([column for column in CODEBOOK.optional_columns if column.name.startswith("population")]) == 4
    assert (len(CODEBOOK.event_types), len(CODEBOOK.sub_event_types)) == (6, 25)
    assert (len(CODEBOOK.actor_types), len(CODEBOOK.interactions), len(CODEBOOK.regions)) == (8, 44, 17)
    assert {pair.code: pair.label for pair in CODEBOOK.interactions}[78] == "External/Other forces-Civilians"
    assert {entry.region for entry in CODEBOOK.countries} <= {region.name for region in CODEBOOK.regions}


def test_a_row_saved_after_its_date_is_not_in_the_future_where_the_clock_is_wrong():
    row = CODEBOOK.examples["development"]
    with RowJudge(CODEBOOK, today=datetime.date(2020, 1, 1), imported=True) as judge:
        assert "DT-2" not in broken(judge, row)
        assert "DT-2" in broken(judge, row | {"timestamp": None})


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


@pytest.mark.parametrize("scale", ["National-Subnational", "National-National", "Galactic"])
@pytest.mark.parametrize("imported", [False, True])
def test_a_source_scale_that_is_not_listed_is_told_once_and_says_the_order(judges, scale, imported):
    failures = judges[imported].failures(CODEBOOK.examples["clash"] | {"source_scale": scale}, derive=False)

    assert [failure.rule_id for failure in failures] == ["VAL-source_scale"]
    assert "as in Subnational-National" in failures[0].message


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


def test_what_ged_is_told_by_stands_in_the_codebook():
    ged = CODEBOOK.ged
    assert {*ged.event_types} <= {kind.name for kind in CODEBOOK.event_types}
    assert {*ged.one_sided} <= {kind.name for kind in CODEBOOK.sub_event_types}
    assert {ged.state, ged.civilians} <= {kind.label for kind in CODEBOOK.actor_types}
    assert {name for names in ged.countries.values() for name in names} <= {
        country.name for country in CODEBOOK.countries
    }
    told = [name for names in ged.regions.values() for name in names]
    assert sorted([*told, "Antarctica"]) == sorted(region.name for region in CODEBOOK.regions)
