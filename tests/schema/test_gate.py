"""The gate: a notebook gets a typed frame or pandera's own errors; the dataset gets only rows that pass."""

from __future__ import annotations

import datetime

import pandas as pd
import pandera.errors
import pytest

from schema.codebook import load_codebook
from schema.gate import accept, validate
from tests.schema.strategies import TODAY, table_of

CODEBOOK = load_codebook()


@pytest.fixture
def frame():
    return pd.DataFrame(list(CODEBOOK.examples.values()), index=[f"row {name}" for name in CODEBOOK.examples])


def failures(frame, **options):
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        validate(frame, today=TODAY, **options)
    cases = caught.value.failure_cases
    return set(zip(cases["index"], cases["check"], strict=True))


def test_sound_rows_come_back_typed_in_their_order(frame):
    typed = validate(frame, today=TODAY)

    assert list(typed.index) == list(frame.index)
    assert str(typed["event_date"].dtype) == "datetime64[us]"
    assert str(typed["fatalities"].dtype) == "Int64"
    assert str(typed["actor1"].dtype) == "str"
    assert typed["actor2"].isna().sum() == 2


def test_failures_are_ordinary_pandera_failure_cases_named_by_rule(frame):
    frame.loc["row protest", "fatalities"] = -1
    frame.loc["row riot", "inter2"] = None
    frame.loc["row clash", "event_type"] = "Protests"

    found = failures(frame)

    assert {("row protest", "RNG-fatalities"), ("row riot", "AC-1"), ("row clash", "TX-1")} <= found


@pytest.mark.parametrize("dtype", ["object", "str", "category", "string"])
def test_text_columns_of_every_pandas_kind_are_judged(frame, dtype):
    texts = [column.name for column in CODEBOOK.columns if column.sql_type == "VARCHAR"]
    frame[texts] = frame[texts].astype(dtype)

    validate(frame, today=TODAY)
    frame["event_type"] = frame["event_type"].astype("object").replace("Battles", "Riots").astype(dtype)
    assert ("row clash", "TX-1") in failures(frame)


def test_texts_numbers_and_iso_dates_are_read_into_the_type_of_the_column(frame):
    as_read = frame.astype({"fatalities": "float64", "year": "float64"}).assign(
        event_date=frame["event_date"].astype("str")
    )

    pd.testing.assert_frame_equal(validate(as_read, today=TODAY), validate(frame, today=TODAY))


def test_a_frame_as_read_csv_makes_it_is_read(frame, tmp_path):
    frame.assign(event_date=[day.strftime("%d %B %Y") for day in frame["event_date"]]).to_csv(
        tmp_path / "events.csv"
    )
    as_read = pd.read_csv(tmp_path / "events.csv", index_col=0)

    pd.testing.assert_frame_equal(
        validate(as_read, today=TODAY), validate(frame, today=TODAY), check_names=False
    )
    lone = as_read.loc[["row clash"]]
    assert validate(lone, today=TODAY)["tags"].isna().all()


def test_a_cell_of_another_type_is_a_failure_of_its_column(frame):
    frame["latitude"] = frame["latitude"].astype("object")
    frame.loc["row strike", "latitude"] = "north"
    frame["event_date"] = frame["event_date"].astype("str")
    frame.loc["row clash", "event_date"] = "05/12/2024"

    found = failures(frame)

    assert {("row strike", "TYPE-latitude"), ("row clash", "TYPE-event_date")} <= found


def test_empty_texts_are_missing_cells(frame):
    frame = frame.astype({"actor2": "object", "inter2": "object"})
    frame.loc["row protest", ["actor2", "inter2", "tags"]] = ["", "", "crowd size=dozens"]

    assert validate(frame, today=TODAY)["actor2"].isna()["row protest"]


def test_a_missing_column_is_a_failure_and_missing_derived_columns_are_worked_out(frame):
    derived = validate(frame.drop(columns=list(CODEBOOK.derivations)), today=TODAY)

    assert list(derived["interaction"]) == list(frame["interaction"])
    with pytest.raises(pandera.errors.SchemaErrors, match="sub_event_type"):
        validate(frame.drop(columns=["sub_event_type"]), today=TODAY)


def test_columns_the_codebook_does_not_know_are_left_alone(frame):
    assert list(validate(frame.assign(mine=1), today=TODAY)["mine"]) == [1] * len(frame)


def test_an_index_with_repetitions_does_not_mix_rows_up(frame):
    twice = pd.concat([frame, frame.assign(event_id_cnty=[f"XXX{n}" for n in range(len(frame))])])
    twice["fatalities"] = [*[0] * (2 * len(frame) - 1), -5]

    assert (2 * len(frame) - 1, "RNG-fatalities") in failures(twice, imported=True)


@pytest.mark.parametrize(
    ("switch", "setting"),
    [("PANDERA_VALIDATION_ENABLED", "False"), ("PANDERA_VALIDATION_DEPTH", "SCHEMA_ONLY")],
)
def test_switches_of_the_environment_do_not_open_the_gate(switch, setting):
    import os
    import subprocess
    import sys

    program = (
        "import datetime, pandas, pandera.errors\nfrom schema import load_codebook, validate\n"
        "row = load_codebook().examples['clash'] | {'fatalities': -1}\n"
        "try: validate(pandas.DataFrame([row])); print('open')\n"
        "except pandera.errors.SchemaErrors: print('shut')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {switch: setting},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "shut"


def test_accepted_rows_are_the_rows_that_came_and_refusals_say_why():
    rows = [
        *CODEBOOK.examples.values(),
        CODEBOOK.examples["clash"] | {"event_id_cnty": "SYR7", "fatalities": -1},
    ]
    table = table_of(rows, CODEBOOK)

    accepted, refused = accept(table, CODEBOOK, today=TODAY)

    assert accepted.equals(table.slice(0, len(rows) - 1))
    assert {(row, rule) for row, rule, _ in refused} == {(len(rows) - 1, "RNG-fatalities")}
    assert all(message.endswith(".") for _, _, message in refused)


def test_two_rows_with_one_id_are_both_refused():
    row = CODEBOOK.examples["clash"]

    accepted, refused = accept(table_of([row, row | {"location": "Homs"}], CODEBOOK), CODEBOOK, today=TODAY)

    assert accepted.num_rows == 0
    assert [(number, rule) for number, rule, _ in refused] == [(0, "ID-3"), (1, "ID-3")]


def test_imported_rows_of_an_old_vintage_pass_without_what_it_did_not_have():
    row = CODEBOOK.examples["clash"] | {"sub_event_type": None, "source_scale": None, "timestamp": None}

    assert accept(table_of([row], CODEBOOK), CODEBOOK, imported=True, today=TODAY)[0].num_rows == 0
    passed, _ = accept(
        table_of([row], CODEBOOK), CODEBOOK, imported=True, absent=("sub_event_type",), today=TODAY
    )
    assert passed.num_rows == 1


def test_an_article_date_beside_the_row_is_judged_by_the_gate():
    row = CODEBOOK.examples["clash"] | {"published": datetime.date(2024, 12, 4)}

    assert [rule for _, rule, _ in accept(table_of([row], CODEBOOK), CODEBOOK, today=TODAY)[1]] == ["DT-6"]
