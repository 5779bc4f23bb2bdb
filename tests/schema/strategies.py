"""Event rows for property tests: sound rows of the codebook with some cells changed to anything."""

from __future__ import annotations

import datetime

import pyarrow as pa
from hypothesis import strategies as st

TODAY = datetime.date(2026, 11, 22)
HOSTILE = [
    "",
    " ",
    "nan",
    "٣",
    "１２",
    "Сирия",
    "a\x00b",
    "\ufeff",
    "é",
    "e\u0301",
    "😀" * 60,
    "a;b",
    "a; ",
    "; a",
    "a;  b",
    "x\n",
    "x\r",
    "\x1b[2J",
]
ARROW = {
    "text": pa.string(),
    "list": pa.string(),
    "enum": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "date": pa.date32(),
}


def cells(column, codebook):
    """Any value that the column's type can hold, with a liking for the values that rules ask for."""
    if column.kind == "integer":
        return st.none() | st.integers(-3, 4) | st.sampled_from([0, 10, 999, 2024, 2**53 - 1, -(2**53) + 1])
    if column.kind == "decimal":
        return (
            st.none()
            | st.floats(-200, 200)
            | st.sampled_from([0.0, -0.0, float("nan"), float("inf"), 35.13185])
        )
    if column.kind == "date":
        return (
            st.none()
            | st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
            | st.dates(datetime.date(1990, 1, 1), TODAY)
        )
    held = [row[column.name] for row in codebook.examples.values() if row.get(column.name)]
    words = [
        *held,
        *column.values[:60],
        *HOSTILE,
        *(f"{word} {tail}" for word in held for tail in HOSTILE[:6]),
    ]
    return st.none() | st.sampled_from(words) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def changes(codebook):
    """A few cells to change."""
    names = [column.name for column in codebook.columns]
    return st.lists(st.sampled_from(names), max_size=5, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries(
            {name: cells(codebook.column(name), codebook) for name in chosen}
        )
    )


def event_rows(codebook):
    """A sound row, or an example of a rule, with a few cells changed."""
    rows = [
        *codebook.examples.values(),
        *(row for rule in codebook.rules for row in (*rule.passing, *rule.failing)),
    ]
    rows = [{name: value for name, value in row.items() if codebook.has_column(name)} for row in rows]
    return st.tuples(st.sampled_from(rows), changes(codebook)).map(lambda pair: pair[0] | pair[1])


def table_of(rows, codebook):
    """The rows as an Arrow table with a key, only with columns that some row has."""
    names = dict.fromkeys(name for row in rows for name in row)
    kinds = {
        name: ARROW[codebook.column(name).kind] if codebook.has_column(name) else pa.date32()
        for name in names
    }
    columns = {"event_key": pa.array(range(len(rows)), pa.int64())}
    columns |= {
        name: pa.array([row.get(name) for row in rows], kind, from_pandas=True)
        for name, kind in kinds.items()
    }
    return pa.table(columns)


def relation_of(con, rows, codebook):
    """The name of a relation of the connection that holds the rows."""
    con.register("given_rows", table_of(rows, codebook))
    return "given_rows"
