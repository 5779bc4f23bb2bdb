"""The one place where a question with one answer is put to a connection, leaving no result open on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def scalar(
    con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] | Mapping[str, Any] | None = None
) -> Any:
    """The first cell of the first row; None where there is no row."""
    rows = con.execute(sql, values).fetchall()
    return rows[0][0] if rows else None


def count(con: duckdb.DuckDBPyConnection, rows: str) -> int:
    """How many rows `FROM … WHERE …` gives."""
    return int(scalar(con, f"SELECT count(*) {rows}"))


def copied(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Run a COPY and tell how many rows it wrote."""
    return int(scalar(con, sql) or 0)
