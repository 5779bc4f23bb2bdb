"""The one place where an export's rows are something else than events: actors, GED events, articles, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from data.export import ged
from data.export.columns import ACLED_COLUMNS
from data.export.selection import Selection, inter_code, interaction_code
from data.filter import Filter
from schema.conditions import quoted

if TYPE_CHECKING:
    import duckdb

    from data.export.request import ExportRequest
    from schema.codebook import Codebook

_SECOND_SIDE = {"actor1": "actor2", "assoc_actor_1": "assoc_actor_2", "inter1": "inter2"}


def build(
    con: duckdb.DuckDBPyConnection,
    request: ExportRequest,
    condition: Filter,
    present: Mapping[str, str],
    codebook: Codebook,
) -> Selection:
    """The selection for `request.rows`."""
    if request.rows == "actors":
        return _actors(request, condition, present, codebook)
    if request.rows == "ged":
        return ged.selection(con, condition, codebook)
    return _articles(condition) if request.rows == "articles" else _evidence(condition)


def _actors(
    request: ExportRequest, condition: Filter, present: Mapping[str, str], codebook: Codebook
) -> Selection:
    """One row a side of an event, with the columns of ACLED's monadic export: the id repeats."""
    names = tuple(name for name in ACLED_COLUMNS if name not in _SECOND_SIDE.values())
    number = request.inter_codes == "numeric"

    def side(second: bool) -> str:
        cells = []
        for name in names:
            column = quoted(_SECOND_SIDE[name] if second and name in _SECOND_SIDE else name)
            text = column if name in present else "NULL::VARCHAR"
            if number and name == "inter1":
                text = inter_code(column, codebook)
            if number and name == "interaction":
                text = interaction_code("inter1", "inter2", codebook)
            cells.append(f"{text} AS {quoted(name)}")
        place = f"event_date AS _day, event_key AS _key, {2 if second else 1} AS _side"
        wanted = " AND actor2 IS NOT NULL" if second else ""
        return f"SELECT {', '.join(cells)}, {place} FROM events WHERE {condition.sql}{wanted}"

    both = (
        f"(SELECT * FROM ({side(False)} UNION ALL {side(True)}) ORDER BY country, _day, _key, _side) AS sides"
    )
    return Selection(names, tuple(quoted(name) for name in names), condition, both)


def _articles(condition: Filter) -> Selection:
    """Which article tells which event."""
    columns = {
        "event_id_cnty": "e.event_id_cnty",
        "event_key": "e.event_key",
        "article_id": "a.article_id",
        "title": "a.title",
        "source": "a.source",
        "published": "a.published",
        "url": "a.url",
        "language": "a.language",
    }
    source = (
        f"(FROM events WHERE {condition.sql}) AS e JOIN"
        " (SELECT event_key, article_id FROM codings UNION SELECT event_key, article_id FROM evidence) AS c"
        " ON c.event_key = e.event_key JOIN articles AS a ON a.article_id = c.article_id"
    )
    return Selection(tuple(columns), tuple(columns.values()), condition, source)


def _evidence(condition: Filter) -> Selection:
    """The words each value rests on; start and end count code points of the article's text."""
    columns = {
        "event_id_cnty": "e.event_id_cnty",
        "event_key": "e.event_key",
        "field": "v.field",
        "article_id": "v.article_id",
        "start_offset": "v.start_offset",
        "end_offset": "v.end_offset",
        "quote": "v.quote",
    }
    source = f"(FROM events WHERE {condition.sql}) AS e JOIN evidence AS v ON v.event_key = e.event_key"
    return Selection(tuple(columns), tuple(columns.values()), condition, source)
