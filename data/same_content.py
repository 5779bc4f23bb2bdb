"""The one place where rows without an id are found again in a project, by everything that a coder decides about an event.

Both sides become one number a row, so that millions are compared in the memory of the numbers.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from data.project import Project
from data.snapshot import snapshot
from data.views import lay_views
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


def lay_given_ids(
    con: duckdb.DuckDBPyConnection,
    project: Project,
    codebook: Codebook,
    absent: Collection[str],
    of_people: Collection[int],
) -> None:
    """Make the tables `given` (row_number, event_key, revision) and `settled` (row_number) of rows whose id nobody knows.

    A row with the content of an imported event that has no id is `given` to it, and `settled` if a person changed or
    retracted that event (its key is in `of_people`), now or from an earlier content. Several alike are paired in
    their order, one row with one event.
    """
    con.execute("CREATE TABLE given (row_number BIGINT, event_key BIGINT, revision BIGINT)")
    con.execute("CREATE TABLE settled (row_number BIGINT)")
    content = _telling_content(codebook, absent)
    if content is None:
        return
    con.execute("CREATE TABLE of_people (event_key BIGINT)")
    if of_people:
        con.executemany("INSERT INTO of_people VALUES (?)", [[key] for key in sorted(of_people)])
    con.execute(
        f"CREATE TABLE nameless AS SELECT event_key, revision, {content} AS content FROM existing "
        "ANTI JOIN of_people USING (event_key) WHERE event_id_cnty IS NULL"
    )
    if of_people:
        # After the others: the row of an event that nobody touched is its, also where a retracted one was alike.
        lay_views(con, snapshot(project))
        con.execute(
            "INSERT INTO nameless SELECT DISTINCT event_key, NULL, content FROM (SELECT event_key, "
            f"{content} AS content FROM revisions SEMI JOIN of_people USING (event_key))"
        )
    ((count,),) = con.execute("SELECT count(*) FROM nameless").fetchall()
    if not count:
        return
    nth = "row_number() OVER (PARTITION BY content ORDER BY {})"
    con.execute(
        "CREATE TABLE paired AS SELECT row_number, event_key, revision "
        f"FROM (SELECT *, {nth.format('revision IS NULL, event_key')} AS nth FROM nameless) JOIN "
        f"(SELECT row_number, content, {nth.format('row_number')} AS nth FROM (SELECT row_number, event_id_cnty, {content} "
        "AS content FROM staged WHERE event_id_cnty IS NOT NULL) SEMI JOIN nameless USING (content) "
        "ANTI JOIN known USING (row_number) ANTI JOIN kept USING (event_id_cnty) ANTI JOIN repeated USING (event_id_cnty)) "
        "USING (content, nth)"
    )
    con.execute("INSERT INTO given SELECT * FROM paired WHERE revision IS NOT NULL")
    con.execute("INSERT INTO settled SELECT row_number FROM paired WHERE revision IS NULL")


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
