"""Summaries over a large project beside SQL written by hand over one sorted Parquet file; the confined console's start."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.big_project import big_project
from benchmarks.figures import Figure, arguments, report
from data.console import ask
from data.summary import SummaryRequest, summarise

if TYPE_CHECKING:
    import pyarrow as pa

RATIO_BUDGET = 1.2
MONTH = "date_trunc('month', event_date)::DATE"
ANY_ACTOR = """
    SELECT actor1 AS actor FROM raw WHERE actor1 IS NOT NULL
    UNION ALL SELECT actor2 FROM raw WHERE actor2 <> coalesce(actor1, '')
    UNION ALL SELECT actor FROM (
        SELECT actor1, actor2, unnest(list_distinct(string_split(concat_ws('; ', assoc_actor_1, assoc_actor_2), '; '))) AS actor
        FROM raw WHERE assoc_actor_1 IS NOT NULL OR assoc_actor_2 IS NOT NULL
    ) WHERE actor <> coalesce(actor1, '') AND actor <> coalesce(actor2, '')
"""
"""The fastest we know by hand: one list a row of all four columns takes six times as long."""
PLAN = {
    "events by country and month": (
        SummaryRequest(("country", "month")),
        f"SELECT country, {MONTH} AS month, count(*), sum(fatalities)::BIGINT FROM raw GROUP BY ALL ORDER BY ALL",
    ),
    "deaths by first actor, top 20": (
        SummaryRequest(("actor1",), ("fatalities",), top=20),
        "SELECT actor1, sum(fatalities)::BIGINT AS n FROM raw GROUP BY ALL ORDER BY n DESC, 1 LIMIT 20",
    ),
    "events by place, top 20": (
        SummaryRequest(("country", "admin1", "location"), ("events",), top=20),
        "SELECT country, admin1, location, count(*) AS n FROM raw GROUP BY ALL ORDER BY n DESC, 1, 2, 3 LIMIT 20",
    ),
    "events by any actor, top 20": (
        SummaryRequest(("actor",), ("events",), top=20),
        f"SELECT actor, count(*) AS n FROM ({ANY_ACTOR}) GROUP BY ALL ORDER BY n DESC, 1 LIMIT 20",
    ),
    "deadly months by sub-event type": (
        SummaryRequest(("sub_event_type", "month"), ("events", "fatalities"), where="fatalities > 0"),
        (
            f"SELECT sub_event_type, {MONTH}, count(*), sum(fatalities)::BIGINT FROM raw"
            " WHERE fatalities > 0 GROUP BY ALL ORDER BY ALL"
        ),
    ),
}


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def asserted_alike(ours: pa.Table, rival: pa.Table) -> None:
    """A rival that answers something else is no rival."""
    found, wanted = (
        sorted(map(str, zip(*(c.to_pylist() for c in table.columns), strict=True))) for table in (ours, rival)
    )
    assert found == wanted, (found[:3], wanted[:3])


def main() -> int:
    import duckdb

    from data import views

    parser = arguments(__doc__ or "")
    parser.add_argument("--rows", type=int, help="how many events")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    rows = asked.rows or (300_000 if asked.quick else 10_000_000)
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        project, raw = big_project(Path(folder), rows)
        hand = duckdb.connect()
        hand.execute("SET enable_progress_bar = false")
        hand.execute(f"CREATE VIEW raw AS SELECT * FROM '{raw}'")
        codebook = project.codebook()
        opened = seconds(lambda: views.connect(project).close())
        with views.connect(project) as con:
            for name, (request, sql) in PLAN.items():
                ours, rival = [], []
                asserted_alike(summarise(con, request, codebook), hand.sql(sql).to_arrow_table())
                for _ in range(asked.rounds):
                    ours.append(seconds(lambda request=request: summarise(con, request, codebook)))
                    rival.append(seconds(lambda sql=sql: hand.sql(sql).to_arrow_table()))
                best = statistics.median(ours), statistics.median(rival)
                told = f"{best[0] * 1000:.0f} ms beside {best[1] * 1000:.0f} ms by hand"
                figures.append(Figure(f"{name}, {rows:,} events", best[0] / best[1], "x", told, RATIO_BUDGET))
        figures.append(Figure("opening the views", opened * 1000, "ms"))
        sql = "SELECT country, count(*) FROM events GROUP BY ALL"
        console = statistics.median(seconds(lambda: ask(project, sql)) for _ in range(asked.rounds))
        figures.append(Figure("a typed query, its process included", console * 1000, "ms"))
    return report(figures, as_json=asked.json)


if __name__ == "__main__":
    raise SystemExit(main())
