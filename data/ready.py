"""The one place where the ready-made views stand: the questions that most projects ask, as SQL that anybody can read.

Each is a plain view over `events`; a query over one costs what the same query written by hand costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class ReadyView:
    """A view with the sentence that documents it."""

    name: str
    sql: str
    meaning: str


_GROUPS = """[
    CASE WHEN event_type IN ('Battles', 'Explosions/Remote violence', 'Violence against civilians')
         OR sub_event_type IN ('Excessive force against protesters', 'Mob violence') THEN 'political violence' END,
    CASE WHEN event_type IN ('Battles', 'Explosions/Remote violence', 'Violence against civilians')
         THEN 'organized political violence' END,
    CASE WHEN event_type = 'Protests' OR sub_event_type = 'Violent demonstration' THEN 'demonstrations' END,
    CASE WHEN event_type <> 'Strategic developments' THEN 'disorder' END]"""
"""The groups of disorder that the field reports by; they overlap."""

PAIR = (
    "CASE WHEN actor2 IS NULL THEN actor1 ELSE least(actor1, actor2) || ' – ' || greatest(actor1, actor2) END"
)
"""The two sides in one order, whoever was coded first; a lone actor by itself."""


def actor_rows(rows: str) -> str:
    """SQL for one row an actor of each of these rows, each name once whatever its side, as the column `actor`.

    Most events have no associated actors, so only those that have some are taken apart: one list a row is six times slower.
    """
    associated = "unnest(list_distinct(string_split(concat_ws('; ', assoc_actor_1, assoc_actor_2), '; ')))"
    return (
        f"WITH told AS NOT MATERIALIZED ({rows}) SELECT * FROM (SELECT actor1 AS actor, * FROM told"
        " UNION ALL SELECT actor2 AS actor, * FROM told WHERE actor2 IS DISTINCT FROM actor1"
        f" UNION ALL SELECT * FROM (SELECT {associated} AS actor, * FROM told"
        " WHERE assoc_actor_1 IS NOT NULL OR assoc_actor_2 IS NOT NULL)"
        " WHERE actor IS DISTINCT FROM actor1 AND actor IS DISTINCT FROM actor2) WHERE actor <> ''"
    )


def group_rows(rows: str) -> str:
    """SQL for one row a group of disorder of each of these rows, as the column `disorder_group`."""
    unfolded = f"SELECT unnest({_GROUPS}) AS disorder_group, * FROM ({rows})"
    return f"SELECT * FROM ({unfolded}) WHERE disorder_group IS NOT NULL"


VIEWS: tuple[ReadyView, ...] = (
    ReadyView(
        "event_actors",
        actor_rows("SELECT * FROM events"),
        "one row for each actor of an event, on either side or associated, each actor once",
    ),
    ReadyView(
        "event_groups",
        group_rows("SELECT * FROM events"),
        "one row for each group of disorder an event belongs to: political violence, organized political violence,"
        " demonstrations, disorder",
    ),
    ReadyView(
        "country_months",
        "SELECT country, date_trunc('month', event_date)::DATE AS month, count(*) AS events, sum(fatalities) AS fatalities"
        " FROM events GROUP BY ALL",
        "events and fatalities by country and month",
    ),
    ReadyView(
        "actor_pairs",
        f"SELECT {PAIR} AS pair, count(*) AS events, sum(fatalities) AS fatalities, min(event_date) AS first_date,"
        " max(event_date) AS last_date FROM events GROUP BY ALL",
        "events and fatalities by the two sides, in either order",
    ),
)


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Lay the views into a connection that has `events`."""
    for view in VIEWS:
        con.execute(f"CREATE OR REPLACE TEMP VIEW {view.name} AS {view.sql}")


def names() -> tuple[str, ...]:
    """The names of the views."""
    return tuple(view.name for view in VIEWS)
