"""The one place where SQL is given words of its own: an actor in any role, a distance, a box.

`involves('X')` needs six columns; people should not type them. The words are macros over explicit columns, and
`spell_out` writes those columns into the text at the places where DuckDB's own parser found the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from data.ready import actor_rows
from schema.errors import QueryError

if TYPE_CHECKING:
    import duckdb

MACROS = (
    """CREATE OR REPLACE TEMP MACRO _involves(a1, s1, a2, s2, name) AS coalesce(a1 = name, false)
       OR coalesce(a2 = name, false) OR list_contains(string_split(coalesce(s1, ''), '; '), name)
       OR list_contains(string_split(coalesce(s2, ''), '; '), name)""",
    """CREATE OR REPLACE TEMP MACRO _km_to(lat, lon, to_lat, to_lon) AS CASE
       WHEN abs(to_lat::DOUBLE) > 90 OR abs(to_lon::DOUBLE) > 180
       THEN error('km_to takes a latitude up to 90 and a longitude up to 180 degrees, in this order')
       ELSE 2 * 6371.0088 * asin(least(1, sqrt(power(sin(radians(lat - to_lat::DOUBLE) / 2), 2)
       + cos(radians(to_lat::DOUBLE)) * cos(radians(lat)) * power(sin(radians(lon - to_lon::DOUBLE) / 2), 2)))) END""",
    """CREATE OR REPLACE TEMP MACRO _within_box(lat, lon, south, west, north, east) AS CASE
       WHEN south > north OR greatest(abs(south::DOUBLE), abs(north::DOUBLE)) > 90
       OR greatest(abs(west::DOUBLE), abs(east::DOUBLE)) > 180
       THEN error('within_box takes south, west, north, east in degrees, south not above north')
       ELSE lat BETWEEN south AND north
       AND CASE WHEN west <= east THEN lon BETWEEN west AND east ELSE lon >= west OR lon <= east END END""",
)
WORDS = {
    "involves": ("_involves", "actor1, assoc_actor_1, actor2, assoc_actor_2"),
    "km_to": ("_km_to", "latitude, longitude"),
    "within_box": ("_within_box", "latitude, longitude"),
}
"""Each word, the macro behind it, and the columns that come before what the person wrote."""
MEANINGS = {
    "involves": "involves('Civilians (Syria)'): the actor on either side or among the associates",
    "km_to": "km_to(35.13, 36.75) <= 50: kilometres from an event to a point (latitude, longitude)",
    "within_box": "within_box(34, 35, 36, 38): inside south, west, north, east; west > east crosses the date line",
}

_ASKED = re.compile(r"\binvolves\s*\(\s*'((?:[^']|'')*)'", re.IGNORECASE)
_BRACKET = re.compile(rb"\s*\(")


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Teach a connection the macros behind the words."""
    for macro in MACROS:
        con.execute(macro)


def unknown_actors(con: duckdb.DuckDBPyConnection, condition: str) -> tuple[str, ...]:
    """A sentence for each name that a condition asks for with `involves` and no event has, with near names that some have."""
    asked = [name.replace("''", "'") for name in _ASKED.findall(condition)]
    if not asked:
        return ()
    rows = actor_rows("SELECT actor1, actor2, assoc_actor_1, assoc_actor_2 FROM events")
    known = [name for (name,) in con.execute(f"SELECT DISTINCT actor FROM ({rows})").fetchall()]
    return tuple(_unknown(name, known) for name in dict.fromkeys(asked) if name not in known)


def _unknown(name: str, known: list[str]) -> str:
    from rapidfuzz import fuzz, process

    word = name.casefold()
    near = sorted((other for other in known if word in other.casefold()), key=len)[:3]
    near = near or [
        found for found, _, _ in process.extract(name, known, scorer=fuzz.WRatio, score_cutoff=75, limit=3)
    ]
    offer = f"did you mean {' or '.join(map(repr, near))}?" if near else "involves() asks for the whole name."
    return f"No event has an actor called {name!r}; {offer}"


def spell_out(text: str, nodes: Iterable[dict[str, Any]], *, offset: int = 0) -> str:
    """The text with each word's columns written in; `nodes` come from DuckDB's parser, `offset` bytes before `text`.

    The outcome is another text than the one that was parsed: whoever runs it has to look at its tree once more.
    """
    raw = text.encode()
    places = {
        int(node["query_location"]) - offset: str(node["function_name"]).casefold()
        for node in nodes
        if str(node.get("function_name", "")).casefold() in WORDS and not node.get("schema")
    }
    for start, word in sorted(places.items(), reverse=True):
        if raw[start : start + len(word)].decode("ascii", "replace").casefold() != word:
            continue  # written with quotes or a schema: then it is not our word
        bracket = _BRACKET.match(raw, start + len(word))
        if bracket is None:
            raise QueryError(
                f"Write {word}(…) with its bracket right after the word, no comment between them."
            )
        macro, columns = WORDS[word]
        rest = raw[bracket.end() :]
        closing = b"" if rest.lstrip().startswith(b")") else b", "
        raw = raw[:start] + f"{macro}({columns}".encode() + closing + rest
    return raw.decode()
