"""The one place where a rule of a file, or one that follows from a column, becomes a `Rule`; it never runs its SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from schema.codebook import Codebook
from schema.column import Column, Row
from schema.errors import CodebookError
from schema.rules import Rule, Severity

_KEYS = {"id", "severity", "imported", "columns", "message", "reason", "sql", "passing", "failing", "scope"}
_NEEDED = ("id", "columns", "message", "sql")
_STRING = re.compile(r"'(?:[^']|'')*'")
_TWO_STATEMENTS = re.compile(
    r";|--|/\*|\b(?:select|insert|delete|copy|attach|pragma|install|load|call)\b", re.IGNORECASE
)


def read_rule(entry: dict[str, Any], codebook: Codebook, where: str, *, own: bool) -> Rule:
    """A rule as a file words it."""
    name = f"{where}: the rule {entry.get('id', '')!r}"
    for key in entry:
        if key not in _KEYS:
            raise CodebookError(
                f"{name} has {key!r}, which a rule does not have; it can have {', '.join(sorted(_KEYS))}."
            )
    for key in _NEEDED:
        if not entry.get(key):
            raise CodebookError(f"{name} lacks {key}; add it.")
    _check_kinds(entry, name)
    columns = tuple(entry["columns"])
    for column in columns:
        if not codebook.has_column(column):
            raise CodebookError(
                f"{name} concerns the column {column!r}, which the codebook does not have; mend its columns."
            )
    sql = entry["sql"].strip()
    if own and _TWO_STATEMENTS.search(_STRING.sub("''", sql)):
        raise CodebookError(
            f"{name} must be one SQL condition, without ; comments or statements of its own: {sql}"
        )
    severity = _severity(entry.get("severity", "error"), name)
    return Rule(
        id=entry["id"],
        severity=severity,
        imported_severity=_severity(entry["imported"], name) if "imported" in entry else severity,
        columns=columns,
        message=entry["message"],
        reason=entry.get("reason", ""),
        sql=sql,
        passing=tuple(_example(change, codebook, name) for change in entry.get("passing", ())),
        failing=tuple(_example(change, codebook, name) for change in entry.get("failing", ())),
        scope=entry.get("scope", "row"),
        own=own,
        where=where,
    )


def _check_kinds(entry: dict[str, Any], name: str) -> None:
    """Texts are texts and lists are lists; a text where a list belongs would be taken letter by letter."""
    for key in ("id", "message", "reason", "sql"):
        if not isinstance(entry.get(key, ""), str):
            raise CodebookError(f"{name}: {key} must be a text in quotation marks, not {entry[key]!r}.")
    columns = entry["columns"]
    if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
        raise CodebookError(f'{name}: columns must be a list of names, as in columns = ["fatalities"].')
    for key in ("passing", "failing"):
        rows = entry.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise CodebookError(
                f"{name}: {key} must be a list of rows, as in {key} = [{{ fatalities = 2 }}]."
            )
    if entry.get("scope", "row") not in ("row", "table"):
        raise CodebookError(f"{name} has the scope {entry['scope']!r}; use row or table.")


def reseverity(rule: Rule, entry: dict[str, Any], where: str) -> Rule:
    """The rule with the severities a project gives it."""
    name = f"{where}: the severity of {rule.id!r}"
    if unknown := set(entry) - {"rule", "severity", "imported"}:
        raise CodebookError(
            f"{name} has {', '.join(sorted(unknown))}, which means nothing; use severity and imported."
        )
    new = _severity(entry["severity"], name) if "severity" in entry else rule.severity
    imported = _severity(entry["imported"], name) if "imported" in entry else rule.imported_severity
    return replace(rule, severity=new, imported_severity=imported)


def column_rules(column: Column, options: dict[str, Any], codebook: Codebook) -> Iterator[Rule]:
    """The rules that follow from a column: being required, its values, its range."""
    label = column.label or column.name
    place = f"{column.where}: the column {column.name!r}"
    told = _severity(options.get("imported", "error"), place) or Severity.HINT
    name = f'"{column.name}"' if column.own else column.name
    if column.required:
        new = None if column.origin == "released" else Severity.ERROR
        act = "It is worked out from other fields: fill those" if column.origin == "derived" else "Fill it in"
        yield _column_rule(
            "REQ", column, new, told, f"{label} is empty. {act}.", f"{name} IS NOT NULL", "required"
        )
    if column.kind == "enum" and column.values:
        listed = _severity(options.get("imported_values", told), place) or Severity.HINT
        message = options.get(
            "unlisted", f"{label} has a value the codebook does not list. Pick one from the list."
        )
        if not isinstance(message, str):
            raise CodebookError(f"{place}: unlisted must be a text in quotation marks, not {message!r}.")
        yield _column_rule(
            "VAL", column, Severity.ERROR, listed, message, _listed(column, name, codebook), "values"
        )
    if column.minimum is not None or column.maximum is not None:
        low, high = _bound(column.minimum, column.kind, "-"), _bound(column.maximum, column.kind, "")
        message = f"{label} must lie {_between(column)}. Correct the number."
        sql = f"{name} BETWEEN {low} AND {high}"
        yield _column_rule("RNG", column, Severity.ERROR, Severity.ERROR, message, sql, "range")


def _column_rule(
    kind: str, column: Column, new: Severity | None, imported: Severity, message: str, sql: str, nature: Any
) -> Rule:
    reason = column.description or f"It follows from the column {column.name}."
    return Rule(
        f"{kind}-{column.name}",
        new,
        imported,
        (column.name,),
        message,
        reason,
        sql,
        nature=nature,
        own=column.own,
    )


def _listed(column: Column, name: str, codebook: Codebook) -> str:
    for lookup in codebook.lookups:
        if lookup.column == column.name:
            return f"{name} IS NULL OR {lookup.name}.key IS NOT NULL"
    words = ", ".join("'" + value.replace("'", "''") + "'" for value in column.values)
    return f"{name} IN ({words})"


def _bound(bound: float | None, kind: str, sign: str) -> str:
    if bound is None:
        return f"{sign}9223372036854775807" if kind == "integer" else f"{sign}1e308"
    return str(int(bound)) if float(bound).is_integer() else repr(bound)


def _between(column: Column) -> str:
    if column.maximum is None:
        return f"at {column.minimum:g} or above"
    if column.minimum is None:
        return f"at {column.maximum:g} or below"
    return f"between {column.minimum:g} and {column.maximum:,.0f}".replace(",", " ")


def _severity(word: Any, name: str) -> Severity | None:
    if word == "none":
        return None
    try:
        return Severity(word)
    except ValueError:
        raise CodebookError(f"{name} has the severity {word!r}; use error, warning, hint or none.") from None


def _example(change: dict[str, Any], codebook: Codebook, name: str) -> Row:
    like = change.get("like")
    if like is None:
        like = next(iter(codebook.examples), None)
    if like is not None and like not in codebook.examples:
        raise CodebookError(
            f"{name} has an example like {like!r}; use one of {', '.join(codebook.examples)}."
        )
    row: Row = dict(codebook.examples[like]) if like else {}
    for column, value in change.items():
        if column == "like":
            continue
        if column not in {"published", "today"} and not codebook.has_column(column):
            raise CodebookError(
                f"{name} has an example with the column {column!r}, which the codebook does not have."
            )
        row[column] = None if value == "" else value
    return row
