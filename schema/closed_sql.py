"""The one place where the SQL of a project's own codebook is held to its row: no query inside it, no file, no setting.

A codebook comes with its project folder, perhaps in a colleague's mail, and its SQL runs with the rights of whoever
opens that. So each text must be one expression: every node of its parse tree of a kind named here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from schema.errors import CodebookError

if TYPE_CHECKING:
    import duckdb

_EXPRESSIONS_TEXT = """
    BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA LAMBDA_REF OPERATOR
    PARAMETER POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW
"""
EXPRESSIONS = frozenset(_EXPRESSIONS_TEXT.split())
"""What an expression of a query is made of."""
_REFUSED_FUNCTIONS_TEXT = """
    current_setting getenv getvariable invoke json_execute_serialized_sql json_serialize_plan nextval
    currval setval parse_duckdb_log_message pg_get_viewdef pg_sleep query query_table sleep_ms
"""
_REFUSED_FUNCTIONS = frozenset(_REFUSED_FUNCTIONS_TEXT.split())
"""Scalar functions that wait, count, or tell of the machine."""
_REFUSED_BEGINNINGS = ("__internal", "read_", "write_", "parquet_", "sniff_")
"""No scalar function of today touches files; one that a later DuckDB brings would be named so."""
_OWN_EXPRESSIONS = EXPRESSIONS - {"SUBQUERY", "PARAMETER", "POSITIONAL_REFERENCE", "STAR"}


def is_refused(function: str) -> bool:
    """Whether a scalar function does more than reckon with what it is given."""
    return function.casefold() in _REFUSED_FUNCTIONS or function.casefold().startswith(_REFUSED_BEGINNINGS)


def nodes_of(tree: object) -> Iterator[dict[str, Any]]:
    """Every object of a parse tree, without recursion: a long chain of AND is deep."""
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)


def bare_expression(node: dict[str, Any]) -> bool:
    """Whether a SELECT is one expression and nothing around it but where that comes from and what it is asked for."""
    return (
        node.get("type") == "SELECT_NODE"
        and not node["modifiers"]
        and not node["group_expressions"]
        and not node["cte_map"]["map"]
        and all(node.get(clause) is None for clause in ("having", "qualify", "sample"))
        and len(node["select_list"]) == 1
    )


def closed(sql: str, what: str) -> str:
    """The expression in brackets of its own, so that it stays one wherever it is put; CodebookError if it is none."""
    if told := _why_open(sql):
        shown = " ".join(sql.split())[:200]
        raise CodebookError(f"{what} must be one SQL expression over the columns of its row; {told}: {shown}")
    return f"({sql}\n)"


@lru_cache(maxsize=1)
def _parser() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={"threads": "1", "enable_external_access": "false"})


@lru_cache(maxsize=4096)
def _why_open(sql: str) -> str:
    """Why the text is no expression closed in itself, or nothing; it has to be one in brackets and without."""
    import duckdb

    trees = []
    with _parser().cursor() as con:
        for asked in (f"SELECT {sql}", f"SELECT ({sql}\n)"):
            try:
                found = con.execute("SELECT json_serialize_sql(?)", [asked]).fetchone()
                reply = json.loads(found[0]) if found else {}
            except (duckdb.Error, ValueError, RecursionError):
                return "it is nested too deeply, or cannot be read"
            statements = reply.get("statements") or []
            if reply.get("error") or len(statements) != 1:
                reason = str(reply.get("error_message") or "it holds several statements").splitlines()[0]
                return reason[:200]
            trees.append(statements[0]["node"])
    for tree in trees:
        if not bare_expression(tree) or tree["from_table"]["type"] != "EMPTY" or tree.get("where_clause"):
            return "it is more than that"
    return next(filter(None, map(_why_refused, nodes_of(trees[1]["select_list"]))), "")


def _why_refused(node: dict[str, Any]) -> str:
    kind = str(node.get("class", ""))
    if str(node.get("type", "")).endswith("_NODE") or kind == "SUBQUERY":
        return "it holds a query"
    if kind and kind not in _OWN_EXPRESSIONS:
        return f"it holds {kind.casefold().replace('_', ' ')}"
    function = str(node.get("function_name", ""))
    return f"{function}() reaches beyond the row" if is_refused(function) else ""
