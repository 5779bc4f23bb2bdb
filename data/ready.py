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


ASSOCIATES_AND_SIDES = """list_distinct(list_filter(
    [actor1, actor2] || string_split(coalesce(assoc_actor_1, ''), '; ') || string_split(coalesce(assoc_actor_2, ''), '; '),
    lambda name: name <> ''))"""
"""Every name in an event once, whatever its side."""

DISORDER_GROUPS = """list_filter([
    CASE WHEN event_type IN ('Battles', 'Explosions/Remote violence', 'Violence against civilians')
         OR sub_event_type IN ('Excessive force against protesters', 'Mob violence') THEN 'political violence' END,
    CASE WHEN event_type IN ('Battles', 'Explosions/Remote violence', 'Violence against civilians')
         THEN 'organized political violence' END,
    CASE WHEN event_type = 'Protests' OR sub_event_type = 'Violent demonstration' THEN 'demonstrations' END,
    CASE WHEN event_type <> 'Strategic developments' THEN 'disorder' END], lambda name: name IS NOT NULL)"""
"""The groups of disorder that the field reports by; they overlap."""

PAIR = (
    "CASE WHEN actor2 IS NULL THEN actor1 ELSE least(actor1, actor2) || ' – ' || greatest(actor1, actor2) END"
)
"""The two sides in one order, whoever was coded first; a lone actor by itself."""

VIEWS: tuple[ReadyView, ...] = (
    ReadyView(
        "event_actors",
        f"SELECT unnest({ASSOCIATES_AND_SIDES}) AS actor, * FROM events",
        "one row for each actor of an event, on either side or associated, each actor once",
    ),
    ReadyView(
        "event_groups",
        f"SELECT unnest({DISORDER_GROUPS}) AS disorder_group, * FROM events",
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
