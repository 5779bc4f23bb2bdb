"""The one place where rows without an id are found again in a project, by everything that a coder decides about an event.

Both sides become one number a row, so that millions are compared in the memory of the numbers.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from data.project import Project
from data.snapshot import snapshot
from schema.conditions import quoted

if TYPE_CHECKING:
    import duckdb

    from schema.codebook import Codebook

TELLING = frozenset({"notes", "source"})
"""Columns that tell two incidents of one day, place, pair and type apart."""


def lay_same_content(
    con: duckdb.DuckDBPyConnection, project: Project, codebook: Codebook, absent: Collection[str]
) -> None:
    """Make the table `recognized` (row_number, stands) of the rows of `staged` without an id that the project has.

    `stands` is false where the event had that content once and a person changed or retracted it since. Columns that
    the file has not are not compared; without notes and source, which tell incidents apart, no row is known.
    """
    con.execute("CREATE TABLE recognized (row_number BIGINT, stands BOOLEAN)")
    content = _telling_content(codebook, absent)
    if content is None:
        return
    con.execute(
        f"CREATE TABLE unnamed AS SELECT row_number, event_date, {content} AS content FROM staged "
        "WHERE event_id_cnty IS NULL"
    )
    found = con.execute("SELECT count(*), min(event_date), max(event_date) FROM unnamed").fetchone()
    if found and found[0]:
        _standing(con, project, content, days=found[1:])


def lay_given_ids(con: duckdb.DuckDBPyConnection, codebook: Codebook, absent: Collection[str]) -> None:
    """Make the table `given` (row_number, event_key, revision): imported events without an id that now come with one.

    A row whose id nobody knows is the event of `existing` that has no id and the same content; several alike are
    paired in their order.
    """
    con.execute("CREATE TABLE given (row_number BIGINT, event_key BIGINT, revision BIGINT)")
    content = _telling_content(codebook, absent)
    if content is None:
        return
    con.execute(
        f"CREATE TABLE nameless AS SELECT event_key, revision, {content} AS content FROM existing "
        "WHERE event_id_cnty IS NULL"
    )
    ((count,),) = con.execute("SELECT count(*) FROM nameless").fetchall()
    if not count:
        return
    nth = "row_number() OVER (PARTITION BY content ORDER BY {})"
    con.execute(
        f"INSERT INTO given SELECT row_number, event_key, revision "
        f"FROM (SELECT *, {nth.format('event_key')} AS nth FROM nameless) JOIN "
        f"(SELECT row_number, content, {nth.format('row_number')} AS nth FROM (SELECT row_number, event_id_cnty, {content} "
        "AS content FROM staged WHERE event_id_cnty IS NOT NULL) SEMI JOIN nameless USING (content) "
        "ANTI JOIN known USING (row_number) ANTI JOIN kept USING (event_id_cnty) ANTI JOIN repeated USING (event_id_cnty)) "
        "USING (content, nth)"
    )


def _telling_content(codebook: Codebook, absent: Collection[str]) -> str | None:
    """SQL for what a coder decided of an event; None where what tells incidents apart is missing."""
    if not TELLING.isdisjoint(absent):
        return None
    return content_sql(
        [
            column.name
            for column in codebook.columns
            if (column.origin == "coded" or column.own)
            and column.name not in absent
            and column.name not in codebook.derivations
        ]
    )


def _standing(
    con: duckdb.DuckDBPyConnection, project: Project, content: str, days: tuple[object, ...]
) -> None:
    from data.views import lay_views

    lay_views(con, snapshot(project))
    for table, view in (("stands", "events"), ("stood", "revisions")):
        con.execute(
            f"CREATE TABLE {table} AS SELECT DISTINCT content FROM "
            f"(SELECT {content} AS content FROM {view} WHERE event_date BETWEEN ? AND ?) "
            "SEMI JOIN unnamed USING (content)",
            days,
        )
    con.execute(
        "INSERT INTO recognized SELECT row_number, s.content IS NOT NULL FROM unnamed u "
        "LEFT JOIN stands s USING (content) WHERE s.content IS NOT NULL OR u.content IN (SELECT content FROM stood)"
    )


def content_sql(columns: Collection[str]) -> str:
    """SQL for a row's content as one number of 128 bits; an empty text is an empty cell."""
    cells = ", ".join(f"nullif({quoted(name)}::VARCHAR, '')" for name in columns)
    return f"md5_number(to_json([{cells}])::VARCHAR)"
