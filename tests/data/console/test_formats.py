"""An answer as text or bytes: read back by other programs, harmless on a terminal."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.console.formats import FORMATS, plain, table_lines, write
from schema.errors import QueryError

TABLE = pa.table(
    {
        "day": [dt.date(2024, 12, 5), None],
        "text": ['a, "b"\nc \x1b]52;c;x\x07', "中文"],
        "n": [1, 20],
        "share": [0.5, float("nan")],
        "list": [["x", "y"], None],
    }
)


def _written(kind: str, table: pa.Table = TABLE, *, for_terminal: bool = False) -> bytes:
    stream = io.BytesIO()
    write(table, kind, stream, for_terminal=for_terminal)
    return stream.getvalue()


def test_csv_is_read_back_cell_by_cell() -> None:
    rows = list(csv.reader(io.StringIO(_written("csv").decode(), newline="")))
    assert rows[0] == ["day", "text", "n", "share", "list"]
    assert rows[1] == ["2024-12-05", 'a, "b"\nc \x1b]52;c;x\x07', "1", "0.5", '["x", "y"]']
    assert rows[2] == ["", "中文", "20", "nan", ""]


def test_json_is_an_array_of_objects_with_null_for_what_json_cannot_say() -> None:
    rows = json.loads(_written("json"))
    assert rows[0] == {
        "day": "2024-12-05",
        "text": 'a, "b"\nc \x1b]52;c;x\x07',
        "n": 1,
        "share": 0.5,
        "list": ["x", "y"],
    }
    assert rows[1]["share"] is None
    assert json.loads(_written("json", TABLE.slice(0, 0))) == []


def test_parquet_is_read_back_equal() -> None:
    read = pq.read_table(io.BytesIO(_written("parquet")))
    assert read.schema == TABLE.schema
    assert str(read.to_pylist()) == str(TABLE.to_pylist())


def test_a_terminal_gets_no_control_characters_from_the_data() -> None:
    for kind in ("table", "csv", "json"):
        assert b"\x1b" not in _written(kind, for_terminal=True)
        assert b"\x07" not in _written(kind, for_terminal=True)
    with pytest.raises(QueryError, match="redirect"):
        _written("parquet", for_terminal=True)


def test_a_table_lines_up_in_columns_of_a_terminal() -> None:
    lines = list(table_lines(pa.table({"name": ["中文", "ab"], "n": [5, 1234]})))
    assert lines == ["name     n\n", "────  ────\n", "中文     5\n", "ab    1234\n", "(2 rows)\n"]


def test_a_long_table_says_how_many_rows_are_not_shown() -> None:
    lines = list(table_lines(pa.table({"n": range(30)}), rows=3))
    assert lines[-1] == "(30 rows, the first 3 shown)\n"
    assert len(lines) == 6


def test_a_plan_keeps_its_lines() -> None:
    plan = pa.table({"explain_key": ["physical_plan"], "explain_value": ["a\n  b"]})
    assert list(table_lines(plan)) == ["a\n  b\n"]


def test_an_unknown_format_is_told_with_the_known_ones() -> None:
    with pytest.raises(QueryError, match="table, csv, json, parquet"):
        _written("xml")
    assert FORMATS == ("table", "csv", "json", "parquet")


def test_values_of_every_kind_have_a_plain_text() -> None:
    values = [
        None,
        True,
        b"\x01",
        Decimal("1.50"),
        dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
        dt.time(1, 2),
        {"a": [1]},
    ]
    assert [plain(value) for value in values] == [
        "",
        "true",
        "01",
        "1.50",
        "2024-01-02 03:04:05+00:00",
        "01:02:00",
        '{"a": [1]}',
    ]


def test_no_rows_are_said_in_two_words() -> None:
    assert list(table_lines(TABLE.slice(0, 0))) == ["(no rows)\n"]


def test_columns_that_do_not_fit_the_terminal_are_counted_not_wrapped() -> None:
    wide = pa.table({f"column_{number}": ["x" * 12] for number in range(30)})
    lines = list(table_lines(wide, width=80))
    assert max(len(line.rstrip("\n")) for line in lines[:-1]) <= 80
    assert lines[-1].startswith("(1 row; 25 more columns do not fit here")
    assert len(next(iter(table_lines(wide)))) > 300


def test_an_interval_is_text_as_duckdb_prints_it() -> None:
    spans = "INTERVAL 14 MONTH AS a, INTERVAL 1 DAY AS b, INTERVAL '-90 minutes' AS c, INTERVAL 0 DAY AS d"
    table = duckdb.sql(f"SELECT {spans}, INTERVAL '1.5 seconds' AS e").to_arrow_table()
    wanted = ["14 months", "1 day", "-01:30:00", "00:00:00", "00:00:01.500000"]
    assert next(csv.reader([_written("csv", table).decode().splitlines()[1]])) == wanted
    assert list(json.loads(_written("json", table))[0].values()) == wanted
