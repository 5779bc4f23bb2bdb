"""Taking the apostrophe away gives every text back, whatever it was."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.export.formula import exact_text, neutral_sql, neutral_text

SIGNS = "=+-@\t\r\n\0＝＋－＠"


@given(st.text(alphabet=st.sampled_from(f"'{SIGNS}  aA1 \"é"), max_size=6) | st.text(max_size=20))
def test_every_text_comes_back_and_none_begins_a_formula(text: str) -> None:
    neutral = neutral_text(text)
    assert exact_text(neutral) == text
    assert neutral.lstrip(" ")[:1] not in SIGNS or not neutral.lstrip(" ")


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+1",
        "-1",
        "@a",
        "\tx",
        "\rx",
        "\nx",
        "＝1",
        "'=1",
        "  =1",
        "' +1",
        "\0=1",
        " a",
        "  ",
        "''@",
        "'",
        "",
        "ok",
        "a=b",
        "é=",
        "1",
    ],
)
def test_sql_does_what_python_does(text: str) -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE t AS SELECT ?::VARCHAR AS c", [text])
        found = con.execute(f"SELECT {neutral_sql('c')} FROM t").fetchone()
    assert found == (neutral_text(text),)
