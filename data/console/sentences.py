"""The one place where DuckDB's errors become one sentence for people: what is wrong, where, what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Sequence

from data.words import MEANINGS

_MISSING_COLUMN = re.compile(
    r'Referenced column "(?P<name>[^"]*)" (?:was )?not found'
    r'|Table "[^"]*" does not have a column named "(?P<other>[^"]*)"'
    r'|column named "(?P<third>[^"]*)" (?:does not exist|not found)',
    re.IGNORECASE,
)
_MISSING_FUNCTION = re.compile(
    r"(?:Scalar|Table|Aggregate) Function with name (?P<name>\S+) does not exist", re.IGNORECASE
)
_SYNTAX = re.compile(r'syntax error at or near "(?P<near>[^"]*)"|syntax error at end of input', re.IGNORECASE)
_MEMORY = re.compile(
    r"out of memory|failed to allocate|could not allocate|bad_alloc|std::bad_alloc", re.IGNORECASE
)
_TIME = re.compile(r"interrupted|max_execution_time|execution time|timed? ?out", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:(?:\w+ ){1,4}Error: )+")
_MACRO = re.compile(r"Macro \W?_(?P<word>\w+?)\W?\(\) does not support")
_OUR_WORD = re.compile(r"(?:km_to|within_box) takes [^\n]*")
_UNLIKE = re.compile(
    r"Could not convert string '(?P<value>.*?)' to (?P<kind>\w+)(?: when casting from source column (?P<column>\w+))?"
)
_NO_DAY = re.compile(r"(?:date|timestamp) field [^\"]*\"(?P<value>[^\"]*)\"")
_KINDS = {
    "INT": "whole number",
    "UINT": "whole number",
    "HUGEINT": "whole number",
    "DATE": "day",
    "BOOL": "yes or no",
}
_DEPTH = re.compile(r"max(?:imum)? expression depth", re.IGNORECASE)
_LONGEST = 200

TOO_DEEP = "The query is nested too deeply, or cannot be read; shorten it."


def brief(text: str) -> str:
    """What of a text stands in a sentence: its first line, and not more of that than can be read.

    >>> brief("x" * 300)[-3:], len(brief("x" * 300)), brief("one\\ntwo")
    ('xx…', 200, 'one')
    """
    first = text.strip()[: 2 * _LONGEST].split("\n", 1)[0].strip()
    return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"


def nearest(name: str, known: Collection[str], *, count: int = 3) -> list[str]:
    """The known names most like `name`, best first."""
    by_fold = {item.casefold(): item for item in known}
    found = difflib.get_close_matches(name.casefold(), by_fold, n=count, cutoff=0.5)
    parts = [fold for fold in by_fold if name.casefold() in fold and fold not in found]
    return [by_fold[fold] for fold in (*found, *parts)][:count]


def quoted(names: Sequence[str]) -> str:
    """`'a', 'b' or 'c'`."""
    shown = [f"'{name}'" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}" if shown else ""


def no_such_table(name: str, tables: Collection[str], near: Sequence[str]) -> str:
    """The sentence for a table that is not there; paths and files land here too."""
    shown = name if len(name) <= 80 else f"{name[:77]}…"
    if near:
        return f"There is no table '{shown}'; did you mean {quoted(near[:2])}?"
    return f"There is no table '{shown}', and the console reads no files; the tables are {', '.join(sorted(tables))}."


def no_such_column(name: str, columns: Collection[str]) -> str:
    """The sentence for a column that is not there, with the nearest names."""
    near = nearest(brief(name), columns)
    hint = f"did you mean {quoted(near)}?" if near else "DESCRIBE events lists the columns."
    return f"There is no column '{brief(name)}'; {hint}"


def explain_error(message: str, *, columns: Collection[str], seconds: float, memory_mib: int) -> str:
    """DuckDB's message as one sentence."""
    column = _MISSING_COLUMN.search(message)
    if column:
        return no_such_column(next(group for group in column.groups() if group is not None), columns)
    function = _MISSING_FUNCTION.search(message)
    if function:
        meant = re.search(r'Did you mean "([^"]*)"', message)
        return f"There is no function {brief(function['name'])}(){f'; did you mean {meant[1]}()?' if meant else '.'}"
    syntax = _SYNTAX.search(message)
    if syntax:
        where = f"near '{brief(syntax['near'])}'" if syntax["near"] else "at its end"
        return f"The query cannot be read {where}; check commas, brackets and quotes there."
    known = ((_MEMORY, too_much_memory(memory_mib)), (_TIME, too_long(seconds)), (_DEPTH, TOO_DEEP))
    for pattern, sentence in known:
        if pattern.search(message):
            return sentence
    first = brief(_PREFIX.sub("", brief(message) or "unknown error")).rstrip(". ")
    return _misused(message) or f"The query cannot be answered: {first}."


def _misused(message: str) -> str:
    """What is wrong with a value or with one of our words; empty where it is something else."""
    if macro := _MACRO.search(message):
        return f"{macro['word']} is written like this: {MEANINGS.get(macro['word'], 'see docs/analysts.md')}."
    if word := _OUR_WORD.search(message):
        return f"{word[0]}."
    if day := _NO_DAY.search(message):
        return f"'{brief(day['value'])}' is no day; write a day as '2024-12-31'."
    if unlike := _UNLIKE.search(message):
        kind = next((words for start, words in _KINDS.items() if unlike["kind"].startswith(start)), "number")
        if unlike["column"]:
            held = f"{unlike['column']} holds texts such as '{brief(unlike['value'])}'"
            return f"{held}, which cannot be read as a {kind}; put what it is compared with in quotes."
        return f"'{brief(unlike['value'])}' is no {kind}."
    return ""


def explain_unread(message: str) -> str:
    """The parser's message as one sentence."""
    return (
        TOO_DEEP
        if _DEPTH.search(message)
        else f"The query cannot be read: {brief(message) or 'syntax error'}."
    )


def too_long(seconds: float) -> str:
    """The sentence for a query that was ended by the clock."""
    return f"The query took longer than {seconds:g} s and was ended; narrow it (a year, a country) or allow more time."


def too_much_memory(memory_mib: int) -> str:
    """The sentence for a query that was ended for its memory."""
    return f"The query needed more than {memory_mib} MiB of memory and was ended; narrow it or aggregate in steps."


def too_large(answer_mib: int) -> str:
    """The sentence for an answer past the size limit."""
    return f"The answer is larger than {answer_mib} MiB; add LIMIT, choose columns, or use eventcoder export."
