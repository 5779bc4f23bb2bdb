"""The judges agree: what one says of a row and a rule, the others say."""

from __future__ import annotations

import datetime

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.codebook import load_codebook
from schema.gate import accept
from schema.relation_judge import derived_columns_sql, judge_relation
from schema.row_judge import RowJudge
from tests.schema.strategies import TODAY, event_rows, relation_of, table_of

CODEBOOK = load_codebook()


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        yield con


@pytest.fixture(scope="module")
def judges():
    with RowJudge(CODEBOOK, today=TODAY) as new, RowJudge(CODEBOOK, today=TODAY, imported=True) as imported:
        yield {False: new, True: imported}


def by_relation(con, rows, *, imported=False, **options):
    relation = relation_of(con, rows, CODEBOOK)
    table = judge_relation(con, relation, CODEBOOK, imported=imported, today=TODAY, **options)
    return {(key, rule) for key, rule in con.execute(f"SELECT key, rule_id FROM {table}").fetchall()}


def row_rules_only(verdicts):
    return {(key, rule) for key, rule in verdicts if CODEBOOK.rule(rule).scope == "row"}


@pytest.mark.parametrize("imported", [False, True])
def test_the_examples_get_the_same_verdicts_from_row_and_relation(con, judges, imported):
    rows = [dict(row) for rule in CODEBOOK.rules for row in (*rule.passing, *rule.failing)]
    live = {
        (key, failure.rule_id)
        for key, row in enumerate(rows)
        for failure in judges[imported].failures(row, derive=False, published=row.get("published"))
    }

    assert row_rules_only(by_relation(con, rows, imported=imported)) == live


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(rows=st.lists(event_rows(CODEBOOK), min_size=20, max_size=40), imported=st.booleans())
def test_generated_and_mutated_rows_get_the_same_verdicts(con, judges, rows, imported):
    judge = judges[imported]
    live = {
        (key, failure.rule_id)
        for key, row in enumerate(rows)
        for failure in judge.failures(row, derive=False)
    }

    assert row_rules_only(by_relation(con, rows, imported=imported)) == live


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(rows=st.lists(event_rows(CODEBOOK), min_size=5, max_size=20))
def test_derived_columns_are_the_same_for_a_row_and_a_relation(con, judges, rows):
    relation = relation_of(con, rows, CODEBOOK)
    names = list(CODEBOOK.derivations)
    query = derived_columns_sql(CODEBOOK, relation)
    bulk = con.execute(f"SELECT {', '.join(names)} FROM ({query}) ORDER BY event_key").fetchall()
    live = [tuple(judges[False].derived(row)[name] for name in names) for row in rows]

    assert bulk == live


@pytest.mark.parametrize(
    "rule", [rule for rule in CODEBOOK.rules if rule.scope == "table"], ids=lambda rule: rule.id
)
def test_a_table_rule_holds_for_its_passing_rows_and_is_broken_by_its_failing_rows(rule, con):
    assert rule.id not in {broken for _, broken in by_relation(con, list(rule.passing))}
    assert rule.id in {broken for _, broken in by_relation(con, list(rule.failing))}


def test_rules_that_concern_an_absent_column_are_not_judged(con):
    row = CODEBOOK.examples["clash"] | {"sub_event_type": None, "source_scale": None, "disorder_type": None}

    judged = by_relation(con, [row], imported=True)
    without = by_relation(
        con, [row], imported=True, absent=("sub_event_type", "source_scale", "disorder_type")
    )

    assert {(0, "REQ-sub_event_type"), (0, "REQ-source_scale")} <= judged
    assert without == set()


def test_a_table_without_derived_columns_is_judged_with_those_worked_out(con):
    row = CODEBOOK.examples["attack"]
    held = {name: value for name, value in row.items() if name not in CODEBOOK.derivations}

    assert by_relation(con, [held]) == set()


def test_an_article_date_in_the_table_is_held_against_the_event_date(con):
    row = CODEBOOK.examples["clash"] | {"published": datetime.date(2024, 12, 4)}

    assert (0, "DT-6") in by_relation(con, [row])


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(rows=st.lists(event_rows(CODEBOOK), min_size=10, max_size=25), imported=st.booleans())
def test_the_gate_refuses_a_row_for_the_rules_that_the_form_calls_errors(con, judges, rows, imported):
    accepted, refused = accept(table_of(rows, CODEBOOK), CODEBOOK, imported=imported, today=TODAY)
    live = {
        (key, failure.rule_id)
        for key, row in enumerate(rows)
        for failure in judges[imported].failures(row, derive=False)
        if failure.severity == "error"
    }

    assert row_rules_only({(row, rule) for row, rule, _ in refused}) == live
    assert accepted.num_rows == len(rows) - len({row for row, _, _ in refused})
