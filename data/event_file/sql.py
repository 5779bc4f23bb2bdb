"""The one place where the readers of event files ask for one row or number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The only row of a query, read to its end: an unfinished result keeps the connection busy."""
    rows = connection.execute(query).fetchall()
    return tuple(rows[0]) if rows else ()


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The number that a query counts."""
    row = one_row(connection, query)
    return int(row[0]) if row else 0


def rarely(gate: str, condition: str) -> str:
    """A condition asked only where the gate is open: AND would work out both sides for every row."""
    return f"CASE WHEN {gate} THEN ({condition}) ELSE false END"
