"""The one place where it is guessed which word a person is typing in SQL: tables, columns, values of the codebook, functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from data.words import MEANINGS
from schema.text import fold

if TYPE_CHECKING:
    import pyarrow as pa

    from schema.codebook import Codebook

_KEYWORD_TEXT = """
    SELECT FROM WHERE GROUP BY ALL ORDER DESC LIMIT HAVING QUALIFY JOIN LEFT USING ON AND OR NOT IN BETWEEN LIKE ILIKE
    IS NULL CASE WHEN THEN ELSE END WITH AS DISTINCT UNION DESCRIBE SUMMARIZE SHOW TABLES EXPLAIN FILTER OVER PARTITION
    INTERVAL DATE ASC NULLS LAST EXCLUDE REPLACE PIVOT UNPIVOT
"""
KEYWORDS = tuple(_KEYWORD_TEXT.split())
_FUNCTION_TEXT = """
    count sum avg min max median date_trunc year month lower contains starts_with regexp_matches string_split
    list_contains unnest coalesce round string_agg arg_max
"""
FUNCTIONS = tuple(_FUNCTION_TEXT.split())
CATALOG_SQL = """SELECT table_name, column_name, data_type FROM duckdb_columns()
    WHERE schema_name = 'main' ORDER BY table_name, column_index"""
"""What `Known.of` wants to be asked, through the console like any other question."""

_TABLES = ("events", "articles", "codings", "evidence", "actors", "places", "revisions")
"""In the order people ask for them."""

_WORD = re.compile(r"[\w$]*$")
_AFTER_TABLE_WORD = re.compile(r"\b(from|join|describe|summarize|table|into)\s+[\w$]*$", re.IGNORECASE)
_OPEN_TEXT = re.compile(
    r"(?P<column>\w+)\s*(?:=|<>|!=|(?:NOT\s+)?I?LIKE|(?:NOT\s+)?IN\s*\((?:\s*'(?:[^']|'')*'\s*,)*)\s*'(?P<typed>(?:[^']|'')*)$",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(r"(?P<table>\w+)\.(?P<typed>\w*)$")


@dataclass(frozen=True)
class Completion:
    """One proposal: what replaces the last `typed` characters, and what it is."""

    text: str
    kind: str
    """table, column, value, function or keyword."""
    typed: int
    detail: str = ""


@dataclass(frozen=True)
class Known:
    """The words a project knows."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Table to column to type."""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Column to the values it may hold."""

    @classmethod
    def of(cls, catalog: pa.Table, codebook: Codebook) -> Known:
        """From the answer to CATALOG_SQL and the codebook."""
        columns: dict[str, dict[str, str]] = {}
        for row in catalog.to_pylist():
            columns.setdefault(row["table_name"], {})[row["column_name"]] = row["data_type"]
        ranked = sorted(
            columns, key=lambda name: (_TABLES.index(name) if name in _TABLES else len(_TABLES), name)
        )
        return cls({name: columns[name] for name in ranked}, values_of(codebook))


def values_of(codebook: Codebook) -> dict[str, Sequence[str]]:
    """The values that the codebook lists, by column."""
    found: dict[str, Sequence[str]] = {
        column.name: column.values for column in codebook.columns if column.values
    }
    types = [kind.label for kind in codebook.actor_types]
    return found | {
        "event_type": [kind.name for kind in codebook.event_types],
        "sub_event_type": [kind.name for kind in codebook.sub_event_types],
        "disorder_type": list(dict.fromkeys(kind.disorder_type for kind in codebook.sub_event_types)),
        "inter1": types,
        "inter2": types,
        "interaction": [pair.label for pair in codebook.interactions],
        "region": [region.name for region in codebook.regions],
        "country": [country.name for country in codebook.countries],
        "status": ["submitted", "returned", "approved", "released"],
        "origin": ["coded", "imported"],
    }


def completions(text: str, known: Known, *, limit: int = 9) -> list[Completion]:
    """Proposals for the word at the end of `text` (the query up to the cursor), best first."""
    if opened := _OPEN_TEXT.search(text):
        typed = opened["typed"].replace("''", "'")
        values = known.values.get(opened["column"].casefold(), ())
        quoted = (
            Completion(value.replace("'", "''") + "'", "value", len(opened["typed"]))
            for value in _matching(values, typed)
        )
        return list(quoted)[:limit]
    if text.count("'") % 2:
        return []
    if qualified := _QUALIFIED.search(text):
        columns = _columns_of(qualified["table"], text, known)
        found = _matching(columns, qualified["typed"])
        return [Completion(name, "column", len(qualified["typed"]), columns[name]) for name in found][:limit]
    word = _WORD.search(text)
    typed = word[0] if word else ""
    if _AFTER_TABLE_WORD.search(text):
        return [
            Completion(name, "table", len(typed), _told(known, name))
            for name in _matching(known.columns, typed)
        ][:limit]
    return _anything(text, typed, known)[:limit] if typed else []


def _anything(text: str, typed: str, known: Known) -> list[Completion]:
    columns: dict[str, str] = {}
    for table in _tables_in(text, known) or ["events"]:
        columns |= {name: kind for name, kind in known.columns.get(table, {}).items() if name not in columns}
    found = [Completion(name, "column", len(typed), columns[name]) for name in _matching(columns, typed)]
    found += [
        Completion(f"{name}(", "function", len(typed), MEANINGS[name]) for name in _matching(MEANINGS, typed)
    ]
    found += [Completion(f"{name}(", "function", len(typed)) for name in _matching(FUNCTIONS, typed)]
    found += [
        Completion(name, "table", len(typed), _told(known, name)) for name in _matching(known.columns, typed)
    ]
    found += [Completion(name, "keyword", len(typed)) for name in _matching(dict.fromkeys(KEYWORDS), typed)]
    return sorted(found, key=lambda one: not fold(one.text).startswith(fold(typed)))


def _columns_of(table: str, text: str, known: Known) -> Mapping[str, str]:
    """The columns of a table or of the table an alias stands for."""
    if table.casefold() in known.columns:
        return known.columns[table.casefold()]
    alias = re.search(rf"\b(\w+)\s+(?:AS\s+)?{re.escape(table)}\b", text, re.IGNORECASE)
    return known.columns.get(alias[1].casefold(), {}) if alias else {}


def _tables_in(text: str, known: Known) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if word in known.columns]


def _matching(names: Iterable[str], typed: str) -> list[str]:
    """Names that begin with what was typed, then those with a word that does, then those that hold it."""
    wanted = fold(typed)
    ranked: list[tuple[int, str]] = []
    for name in names:
        folded = fold(name)
        if folded.startswith(wanted):
            ranked.append((0, name))
        elif any(part.startswith(wanted) for part in re.split(r"[\W_]+", folded)):
            ranked.append((1, name))
        elif len(wanted) > 2 and wanted in folded:
            ranked.append((2, name))
    return [name for _, name in sorted(ranked, key=lambda pair: pair[0])]


def _told(known: Known, table: str) -> str:
    return f"{len(known.columns[table])} columns"
