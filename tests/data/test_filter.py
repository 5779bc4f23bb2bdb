"""A filter is one condition over events, closed to everything else."""

from __future__ import annotations

import duckdb
import pytest

from data.filter import Filter, read_filter
from data.words import unknown_actors
from schema.errors import QueryError

COLUMNS = "country VARCHAR, fatalities INTEGER, event_date DATE, notes VARCHAR, actor1 VARCHAR, assoc_actor_1 VARCHAR"
MORE = "actor2 VARCHAR, assoc_actor_2 VARCHAR, latitude DOUBLE, longitude DOUBLE"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE events ({COLUMNS}, {MORE})")
    connection.execute(
        "INSERT INTO events VALUES ('Syria', 5, '2024-12-05', 'a', 'X', 'W; V', NULL, NULL, 35, 36),"
        " ('Kenya', 0, '2024-10-02', NULL, NULL, NULL, 'X', NULL, -1, 179.5),"
        " ('Fiji', 1, '2024-01-02', 'b', 'Y', NULL, 'Z', 'V', 0, -179.5)"
    )
    return connection


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        (None, ["Syria", "Kenya", "Fiji"]),
        ("  ", ["Syria", "Kenya", "Fiji"]),
        ("country = 'Syria';", ["Syria"]),
        ("fatalities > 0 AND notes LIKE 'a%' -- comment", ["Syria"]),
        ("country IN ('Syria', 'Fiji') AND NOT fatalities = 5", ["Fiji"]),
        ("event_date BETWEEN '2024-06-01' AND '2024-12-31'", ["Syria", "Kenya"]),
        ("notes IS NULL OR year(event_date) = 2023", ["Kenya"]),
        ("involves('X')", ["Syria", "Kenya"]),
        ("involves('V')", ["Syria", "Fiji"]),
        ("km_to(35.1, 36.1) < 20", ["Syria"]),
        ("within_box(-10, 179, 10, -179)", ["Kenya", "Fiji"]),
        ("within_box(30, 30, 40, 40)", ["Syria"]),
        ("event_date >= DATE '2024-12-31' - INTERVAL 30 DAYS", ["Syria"]),
        ("dayname(event_date) = 'Tuesday' AND mod(fatalities, 2) = least(1, 2)", ["Fiji"]),
        ("regexp_extract(country, '^(.)', 1) = 'K'", ["Kenya"]),
        ("replace(country, 'ij', 'IJ') = 'FIJI' OR replace(notes, 'a', 'b') = 'b'", ["Syria", "Fiji"]),
        ("CASE WHEN fatalities > 0 THEN country = 'Fiji' ELSE true END", ["Kenya", "Fiji"]),
    ],
)
def test_a_filter_selects_rows(
    con: duckdb.DuckDBPyConnection, text: str | None, countries: list[str]
) -> None:
    condition = read_filter(con, text)
    found = con.execute(f"SELECT country FROM events WHERE {condition.sql}").fetchall()
    assert [country for (country,) in found] == countries


@pytest.mark.parametrize(
    "text",
    [
        "country = (SELECT 'Syria')",
        "true) UNION SELECT (2",
        "true) GROUP BY (country",
        "true) LIMIT (1",
        "true) ORDER BY (country",
        "true); DROP TABLE events; --",
        "EXISTS (FROM read_text('/etc/passwd'))",
        "country IN (FROM events SELECT country)",
        "row_number() OVER () = 1",
        "getenv('HOME') = 'x'",
        "repeat('a', 1000000000) = notes",
        "len(range(1000000000)) > 1",
        "count(*) > 1",
        "notes",
        "contry = 'Syria'",
        "country = ",
        "list_transform([1], lambda x: x) = [1]",
        "SELECT 1",
        "read_text = 1",
        "$1 = 1",
        "fatalities > 0) OR (country = 'Syria'",
        "involves/*('X')) OR true --*/('X')",
        "involves/*('X')) FROM events; COPY (SELECT 42) TO 'written.txt'; SELECT (true --*/('X')",
        "involves/*('X') = (SELECT content FROM read_text('/etc/passwd')) --*/('X')",
        "km_to--(1, 2) < 3) OR (true\n(1, 2) < 3",
    ],
)
def test_whatever_is_more_than_a_condition_is_refused_with_one_sentence(
    con: duckdb.DuckDBPyConnection, text: str
) -> None:
    with pytest.raises(QueryError) as refusal:
        read_filter(con, text)
    assert "\n" not in str(refusal.value)
    assert con.execute("SELECT count(*) FROM events").fetchone() == (3,)


def test_a_filter_tells_itself() -> None:
    assert str(Filter("")) == "every event"
    assert str(Filter("fatalities > 0")) == "fatalities > 0"


@pytest.mark.parametrize("text", ["true; DROP TABLE events", "true; SELECT 1", "true GROUP BY country"])
def test_more_than_one_condition_is_called_that(con: duckdb.DuckDBPyConnection, text: str) -> None:
    with pytest.raises(QueryError, match="A filter is one condition"):
        read_filter(con, text)


def test_a_name_that_no_event_has_is_told_with_near_ones(con) -> None:
    con.execute("UPDATE events SET actor1 = 'FMLN: Farabundo Marti', assoc_actor_2 = 'Police (Peru)'")

    (told,) = unknown_actors(con, "involves('FMLN') AND year > 2 OR involves('Police (Peru)')")
    assert told == "No event has an actor called 'FMLN'; did you mean 'FMLN: Farabundo Marti'?"
    (told,) = unknown_actors(con, "INVOLVES( 'O''Neil')")
    assert told == """No event has an actor called "O'Neil"; involves() asks for the whole name."""
    assert unknown_actors(con, "actor1 = 'FMLN'") == ()


@pytest.mark.parametrize(
    "text",
    [
        "length(" + "replace(" * 9 + "'aaaaaaaaaa'" + ", 'a', 'aaaaaaaaaa')" * 9 + ") > 0",
        "replace('a', 'a', concat('x', replace(notes, 'a', 'aa'))) = 'a'",
        "country IN (FROM '/etc/passwd.csv')",
        "EXISTS (TABLE events)",
        "COLUMNS('no.*') > 'a'",
        "notes = $1",
        "read_text('/etc/passwd') = ''",
        "'/etc/passwd'.read_text() = ''",
        "repeat('x', 2000000000) = ''",
        "true) ORDER BY (1",
        "true) USING SAMPLE (1",
        "true WINDOW w AS ()",
        "\x1b]0;x\x07 = 1",
        "(" * 10_000 + "true" + ")" * 10_000,
        "NOT " * 5_000 + "true",
        "x" * 1_000_000,
    ],
)
def test_a_hostile_filter_is_refused_with_one_short_sentence(
    con: duckdb.DuckDBPyConnection, text: str
) -> None:
    with pytest.raises(QueryError) as refusal:
        read_filter(con, text)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert "SET " not in sentence
    assert len(sentence) < 600
