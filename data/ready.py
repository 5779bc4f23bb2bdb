"""The one place where the ready-made views stand: the questions that most projects ask, as SQL that anybody can read.

Each is a plain view over `events`; a query over one costs what the same query written by hand costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.conditions import literal

if TYPE_CHECKING:
    import duckdb

    from schema.codebook import Codebook, DisorderGroup


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


def group_rows(rows: str, codebook: Codebook) -> str:
    """SQL for one row a group of disorder of each of these rows, as the column `disorder_group`."""
    cases = ", ".join(
        f"CASE WHEN {_in_group(group, codebook)} THEN {literal(group.name)} END"
        for group in codebook.disorder_groups
    )
    unfolded = f"SELECT unnest([{cases}]) AS disorder_group, * FROM ({rows})"
    return f"SELECT * FROM ({unfolded}) WHERE disorder_group IS NOT NULL"


def _in_group(group: DisorderGroup, codebook: Codebook) -> str:
    """The condition of a group; where all sub-event types of an event type belong, a row without one belongs too."""
    subs = [
        sub
        for sub in codebook.sub_event_types
        if sub.disorder_type in group.disorder_types
        and (not group.event_types or sub.event_type in group.event_types)
    ]
    others = {sub.event_type for sub in codebook.sub_event_types if sub not in subs}
    whole = sorted({sub.event_type for sub in subs} - others)
    single = [sub.name for sub in subs if sub.event_type in others]
    told = {"event_type": whole, "sub_event_type": single}
    parts = [f"{column} IN ({', '.join(map(literal, names))})" for column, names in told.items() if names]
    return " OR ".join(parts) or "false"


VIEWS: Final = ("event_actors", "event_groups", "country_months", "actor_pairs")
"""The names of the views; documented in the manual."""


_COUNTRY_MONTHS: Final = (
    "SELECT country, date_trunc('month', event_date)::DATE AS month, count(*) AS events, sum(fatalities) AS fatalities"
    " FROM events GROUP BY ALL"
)
_ACTOR_PAIRS: Final = (
    f"SELECT {PAIR} AS pair, count(*) AS events, sum(fatalities) AS fatalities, min(event_date) AS first_date,"
    " max(event_date) AS last_date FROM events GROUP BY ALL"
)


def install(con: duckdb.DuckDBPyConnection, codebook: Codebook) -> None:
    """Lay the views into a connection that has `events`."""
    told = (
        actor_rows("SELECT * FROM events"),
        group_rows("SELECT * FROM events", codebook),
        _COUNTRY_MONTHS,
        _ACTOR_PAIRS,
    )
    for name, sql in zip(VIEWS, told, strict=True):
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")
