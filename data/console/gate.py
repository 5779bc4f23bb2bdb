"""The one place where it is decided whether a text is a question: its parse tree must hold reading and nothing else.

A statement's type is not enough: `WITH t AS (COPY …) SELECT 1` is a SELECT to DuckDB. So every node of the tree
must be of a kind named here; what a later DuckDB adds is refused until somebody has looked at it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.console.sentences import TOO_DEEP, brief, explain_unread, nearest, no_such_table
from data.scalar import scalar
from data.words import spell_out
from schema.closed_sql import EXPRESSIONS, is_refused, nodes_of
from schema.errors import QueryError

if TYPE_CHECKING:
    import duckdb

QUERY_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
RELATIONS = frozenset(
    {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "SHOW_REF", "PIVOT"}
)
_TABLE_FUNCTIONS_TEXT = """
    range generate_series unnest repeat repeat_row json_each json_tree duckdb_columns duckdb_tables
    duckdb_functions duckdb_types duckdb_keywords
"""
TABLE_FUNCTIONS = frozenset(_TABLE_FUNCTIONS_TEXT.split())

_EXPLAIN = re.compile(r"\s*explain\s+(?P<analyze>analyze\s+)?(?=\S)", re.IGNORECASE)
_CATALOG_TABLES = frozenset({"tables", "columns", "schemata"})
"""Of `information_schema`: what is there; the definition of a view would tell where the files are."""
_EMPTY = "The query is empty; type a question such as SELECT country, count(*) FROM events GROUP BY ALL."
_SEVERAL = "Ask one question at a time: the text holds several statements."
_QUESTIONS = frozenset({"SELECT", "FROM", "WITH", "VALUES", "TABLE", "DESCRIBE", "SUMMARIZE", "SHOW"})
_CTE_NAME = re.compile(r"[\w ]+")
_OURS = "store_"
"""How the names of the tables under the views begin; they are laid only after a query was looked at."""


@dataclass(frozen=True)
class Question:
    """One statement that only reads."""

    text: str
    """What is run: the statement as typed, without a closing semicolon, with the words of `data.words` spelled out."""
    parameters: tuple[str, ...]
    """Names of its `$parameters`, in order of appearance."""


def admit(con: duckdb.DuckDBPyConnection, sql: str, *, tables: Collection[str]) -> Question:
    """The question in `sql`, or QueryError saying why it is none; nothing of it is run."""
    text = sql.strip().rstrip(";").rstrip()
    if not text:
        raise QueryError(_EMPTY)
    explain = _EXPLAIN.match(text)
    prefix = text[: explain.end()] if explain else ""
    asked = text[len(prefix) :]
    nodes = _admitted(con, asked, tables)
    spelled = spell_out(asked, nodes)
    if spelled != asked:
        # What is run is what was looked at, whatever the spelling made of the text.
        nodes = _admitted(con, spelled, tables)
    asked_for = [node for node in nodes if node.get("class") == "PARAMETER" and "identifier" in node]
    asked_for.sort(key=lambda node: int(node.get("query_location", 0)))
    parameters = (str(node["identifier"]) for node in asked_for)
    return Question(prefix + spelled, tuple(dict.fromkeys(parameters)))


def _admitted(con: duckdb.DuckDBPyConnection, text: str, tables: Collection[str]) -> list[dict[str, Any]]:
    """Every node of the text's tree, each of them looked at."""
    nodes = list(nodes_of(_parse(con, text)))
    ctes = {entry["key"].casefold() for node in nodes for entry in _cte_entries(node)}
    _admit_names(con, ctes, tables)
    for node in nodes:
        _admit_node(node, known=ctes, tables=tables)
    return nodes


def _admit_names(con: duckdb.DuckDBPyConnection, ctes: Collection[str], tables: Collection[str]) -> None:
    """A name that WITH gives must mean nothing where it is out of scope: no file, no view of DuckDB's own."""
    if not ctes:
        return
    taken = con.execute(
        "SELECT view_name FROM duckdb_views() WHERE schema_name IN ('main', 'pg_catalog')"
        " UNION SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
    )
    names = {str(name).casefold() for (name,) in taken.fetchall()} - {table.casefold() for table in tables}
    for name in ctes:
        if name in names or name.startswith(_OURS) or not _CTE_NAME.fullmatch(name):
            raise QueryError(
                f"'{name[:60]}' cannot be named by WITH; use letters, digits and _, and no name that is taken."
            )


def _parse(con: duckdb.DuckDBPyConnection, text: str) -> dict[str, Any]:
    """The parse tree of the one SELECT in `text`; DuckDB parses without running anything."""
    import duckdb

    try:
        reply: dict[str, Any] = json.loads(scalar(con, "SELECT json_serialize_sql(?)", [text]))
    except (duckdb.Error, ValueError, RecursionError) as error:
        raise QueryError(TOO_DEEP) from error
    if reply.get("error"):
        raise QueryError(_why_unreadable(reply, text))
    statements = reply.get("statements", [])
    if not statements:
        raise QueryError(_EMPTY)
    if len(statements) != 1:
        raise QueryError(_SEVERAL)
    return dict(statements[0])


def _why_unreadable(reply: dict[str, Any], text: str) -> str:
    message = str(reply.get("error_message", ""))
    if "Only SELECT" in message:
        word = re.sub(r"(?s)^(\s|--[^\n]*\n|/\*.*?\*/)*", "", text).split(None, 1)
        name = word[0].upper().rstrip(";") if word else "This"
        if name == "PIVOT":
            return "PIVOT needs its values named here: PIVOT events ON event_type IN ('Battles', 'Riots') USING count(*)."
        if name in _QUESTIONS:
            return _SEVERAL
        return f"{brief(name)} is not a question: the console reads the data and runs SELECT only."
    return explain_unread(message)


def _cte_entries(node: dict[str, Any]) -> list[dict[str, Any]]:
    ctes = node.get("cte_map")
    entries = list(ctes.get("map", [])) if isinstance(ctes, dict) else []
    name = node.get("cte_name")
    return [*entries, {"key": name}] if isinstance(name, str) else entries


def _admit_node(node: dict[str, Any], *, known: Collection[str], tables: Collection[str]) -> None:
    kind = str(node.get("type", ""))
    if kind.endswith("_NODE") and kind not in QUERY_NODES:
        raise QueryError(
            f"{kind.split('_', maxsplit=1)[0]} inside a query is refused: the console only reads."
        )
    if "info_type" in node or "info" in node:
        raise QueryError(
            "A statement that does more than read is hidden in the query; the console only reads."
        )
    if "class" in node:
        _admit_expression(node)
    elif "sample" in node and "alias" in node:
        _admit_relation(node, kind, known=known, tables=tables)


def _admit_expression(node: dict[str, Any]) -> None:
    kind = str(node["class"])
    if kind not in EXPRESSIONS:
        raise QueryError(f"The query uses {kind.lower()}, which the console does not run.")
    function = str(node.get("function_name", "")).casefold()
    if is_refused(function):
        raise QueryError(
            f"The function {function}() is refused: the console reads the data and nothing of the machine."
        )


def _admit_relation(
    node: dict[str, Any], kind: str, *, known: Collection[str], tables: Collection[str]
) -> None:
    if kind not in RELATIONS:
        raise QueryError(f"The query reads from {kind.lower()}, which the console does not know.")
    if kind == "TABLE_FUNCTION":
        function = str(node["function"].get("function_name", "")).casefold()
        if function not in TABLE_FUNCTIONS:
            raise QueryError(
                f"{function}() is refused: the console reads the project's tables, no files and no settings."
            )
    if (
        kind == "SHOW_REF"
        and node.get("query") is None
        and str(node.get("table_name", "")).strip('"').casefold()
        not in {"tables", *map(str.casefold, tables)}
    ):
        raise QueryError("Only SHOW TABLES, DESCRIBE and SUMMARIZE of a table are answered here.")
    if kind == "BASE_TABLE":
        _admit_table(node, known=known, tables=tables)


def _admit_table(node: dict[str, Any], *, known: Collection[str], tables: Collection[str]) -> None:
    path = [str(part) for part in node.get("qualified_name", {}).get("path", [])] or [
        str(node.get("table_name", ""))
    ]
    name = path[-1].casefold()
    if len(path) == 2 and path[0].casefold() == "information_schema" and name in _CATALOG_TABLES:
        return
    ours = {table.casefold() for table in tables}
    if len(path) == 1 and (name in known or name in ours):
        return
    if (
        len(path) > 1
        and [part.casefold() for part in path[:-1]] in (["main"], ["memory", "main"])
        and name in ours
    ):
        return
    raise QueryError(no_such_table(".".join(path), tables, nearest(path[-1], tables)))
