"""The one place where a filter over events is understood: the same condition on the screen, in a count and in an export.

A filter is a SQL condition over the columns of `events`, closed to everything but comparing: no subqueries, no
files, no settings, no function outside the list below. So it may come from a command line, a saved view or a
colleague's message, and it selects the same rows wherever it is used.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from data.console.sentences import TOO_DEEP, brief, explain_error, explain_unread, nearest, quoted
from data.scalar import scalar
from data.words import WORDS, install, spell_out
from schema.closed_sql import bare_expression, nodes_of
from schema.errors import QueryError

if TYPE_CHECKING:
    import duckdb

_FUNCTIONS_TEXT = """
    abs ceil coalesce concat contains date_diff date_part date_trunc day dayname dayofweek dayofyear ends_with
    epoch floor greatest ifnull ilike_escape instr isnan isodow last_day least left len length like_escape
    list_contains list_has list_has_any lower ltrim make_date mod month monthname not_ilike_escape
    not_like_escape now nullif position prefix quarter regexp_extract regexp_full_match regexp_matches
    replace right round rtrim split_part starts_with strftime string_split strip_accents strlen strpos
    substr substring suffix to_days to_hours to_minutes to_months to_weeks to_years today trim trunc upper
    week weekofyear year yearweek ~~ !~~ ~~* !~~* ~~~ + - * / // % || ^@ list_value row involves km_to within_box
"""
FUNCTIONS = frozenset(_FUNCTIONS_TEXT.split())
_EXPRESSIONS_TEXT = """
    BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION OPERATOR TYPE
"""
EXPRESSIONS = frozenset(_EXPRESSIONS_TEXT.split())
EVERYTHING = "TRUE"
_ONE_CONDITION = "A filter is one condition, such as country = 'Syria' AND fatalities > 0; this is more"
_BEFORE = "SELECT 1 FROM events WHERE ("


@dataclass(frozen=True)
class Filter:
    """A condition that has been read and found closed."""

    text: str
    """As the person wrote it; empty for every event."""
    spelled: str = ""
    """The same with `involves` and the other words of `data.words` spelled out."""

    @property
    def sql(self) -> str:
        """The condition for a WHERE clause, in brackets of its own."""
        return f"({self.spelled}\n)" if self.spelled else EVERYTHING

    def __str__(self) -> str:
        return self.text or "every event"

    @contextmanager
    def judging(self) -> Iterator[None]:
        """Where rows are held to the condition: a value that cannot be compared is the filter's mistake, told in a sentence."""
        import duckdb

        try:
            yield
        except (
            duckdb.ConversionException,
            duckdb.InvalidInputException,
            duckdb.OutOfRangeException,
        ) as error:
            if not self.text:
                raise
            raise QueryError(
                f"{_sentence(error, ()).rstrip('.')}, in the filter: {brief(self.text)}"
            ) from error


def read_filter(con: duckdb.DuckDBPyConnection, text: str | None) -> Filter:
    """The filter in `text`; QueryError with one sentence if it asks for more than comparing columns of `events`."""
    condition = (text or "").strip().rstrip(";").strip()
    if not condition:
        return Filter("")
    parts = _admitted(con, condition, FUNCTIONS)
    spelled = spell_out(condition, parts, offset=len(_BEFORE))
    if spelled != condition:
        # What is run is what was looked at, whatever the spelling made of the text.
        _admitted(con, spelled, FUNCTIONS | {macro for macro, _ in WORDS.values()})
    read = Filter(condition, spelled)
    _bind(con, read)
    return read


def _admitted(
    con: duckdb.DuckDBPyConnection, condition: str, functions: Collection[str]
) -> list[dict[str, Any]]:
    """Every part of the condition's tree, each of them looked at; it is one condition with brackets and without."""
    _select_node(con, condition, f"{_BEFORE[:-1]}{condition}")
    parts = list(nodes_of(_select_node(con, condition, f"{_BEFORE}{condition}\n)")["where_clause"]))
    for part in parts:
        _admit(part, functions)
        if _grows(part) and any(map(_grows, nodes_of(part["arguments"]))):
            raise QueryError(
                "A filter cannot hold replace() inside replace(), which may take any memory; use eventcoder sql for that."
            )
    return parts


def _grows(part: dict[str, Any]) -> bool:
    return str(part.get("function_name", "")).casefold() == "replace"


def _select_node(con: duckdb.DuckDBPyConnection, condition: str, asked: str) -> dict[str, Any]:
    import duckdb

    try:
        reply: dict[str, Any] = json.loads(scalar(con, "SELECT json_serialize_sql(?)", [asked]))
    except (duckdb.Error, ValueError, RecursionError) as error:
        raise QueryError(_of_filter(TOO_DEEP)) from error
    statements = reply.get("statements") or []
    reason = str(reply.get("error_message", "")).splitlines()
    if explain_unread(" ".join(reason)) == TOO_DEEP:
        raise QueryError(_of_filter(TOO_DEEP))
    if reply.get("error") and reason and "Only SELECT" not in reason[0]:
        raise QueryError(f"The filter cannot be read ({brief(reason[0])}): {brief(condition)}")
    if len(statements) != 1:
        raise QueryError(f"{_ONE_CONDITION}: {brief(condition)}")
    node: dict[str, Any] = statements[0]["node"]
    plain = (
        bare_expression(node)
        and node["from_table"].get("type") == "BASE_TABLE"
        and node.get("where_clause") is not None
    )
    if not plain:
        raise QueryError(f"{_ONE_CONDITION}: {brief(condition)}")
    return node


def _admit(part: dict[str, Any], functions: Collection[str]) -> None:
    if str(part.get("type", "")).endswith("_NODE"):
        raise QueryError(
            "A filter compares columns; a query inside it is refused (use eventcoder sql for that)."
        )
    if "class" not in part:
        return
    kind = str(part["class"])
    if kind not in EXPRESSIONS:
        raise QueryError(
            f"A filter compares columns; it cannot hold {kind.lower()} (use eventcoder sql for that)."
        )
    function = str(part.get("function_name", "")).casefold()
    if kind == "FUNCTION" and function not in functions:
        near = nearest(function, [name for name in FUNCTIONS if name[0].isalpha()])
        hint = f"did you mean {quoted(near)}?" if near else "use eventcoder sql for that."
        raise QueryError(f"A filter does not know {function}(); {hint}")


def _sentence(error: Exception, columns: Collection[str]) -> str:
    return _of_filter(explain_error(str(error), columns=columns, seconds=0, memory_mib=0))


def _bind(con: duckdb.DuckDBPyConnection, condition: Filter) -> None:
    """Let DuckDB look at names and types now, so the sentence comes before any file is touched."""
    import duckdb

    install(con)
    try:
        described = con.execute(f"DESCRIBE SELECT {condition.sql} FROM events").fetchall()
    except duckdb.Error as error:
        names = con.execute("SELECT column_name FROM (DESCRIBE events)").fetchall()
        columns = [str(name) for (name,) in names]
        raise QueryError(_sentence(error, columns)) from error
    if described[0][1] != "BOOLEAN":
        raise QueryError(
            f"A filter says yes or no of each event, such as fatalities > 0; this does not: {brief(condition.text)}"
        )


def _of_filter(sentence: str) -> str:
    return sentence.replace("The query", "The filter", 1)
