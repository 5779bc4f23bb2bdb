"""The one place where the words of a rule (`sub.rank`, `derived.interaction`, `codebook.tags`) become plain SQL.

A rule is written against a row's columns and a few names: a lookup of the codebook by the row's own value, the
expression of a derived column, a list of the codebook, `today` and `published`. Every judge gets its SQL from here,
so that one text means one thing. No engine is loaded here but to hold a project's own SQL to its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from schema.closed_sql import closed
from schema.codebook import Codebook, Lookup
from schema.column import Column
from schema.errors import CodebookError
from schema.rules import Rule

_STRINGS = re.compile(r"('(?:[^']|'')*')")
_LISTS = {
    "tags": "tags",
    "note_labels": "note_labels",
    "source_scales": "source_scales",
    "generic_actors": "generic_actors",
}


@dataclass(frozen=True)
class Fact:
    """One thing the rules ask of a lookup, and the column it is carried in."""

    lookup: Lookup
    field: str
    sql_type: str

    @property
    def column(self) -> str:
        """The name of the carrying column."""
        return f"{self.lookup.name}__{self.field}"


class Conditions:
    """The SQL of every rule and derivation of one codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self._lookups = {lookup.name: lookup for lookup in codebook.lookups}
        names = "|".join((*self._lookups, "derived", "codebook"))
        self._words = re.compile(rf"\b({names})\.([a-z_0-9]+)\b", re.IGNORECASE)
        self.asked: dict[tuple[str, str], Fact] = {}
        self.derivations = {
            name: self._plain(sql, codebook.column(name), f"the derivation of {name}")
            for name, sql in codebook.derivations.items()
        }
        self._rules = {
            rule.id: self._plain(rule.sql, rule, f"the rule {rule.id!r}") for rule in codebook.rules
        }

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Everything that is asked of the lookups, in a fixed order."""
        return tuple(self.asked[key] for key in sorted(self.asked))

    def of(self, rule: Rule) -> str:
        """The condition of a rule in plain SQL."""
        return self._rules[rule.id]

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """Lookup name to its entries by key."""
        return {
            lookup.name: {_key(entry): entry for entry in getattr(self.codebook, lookup.entries)}
            for lookup in self.codebook.lookups
        }

    def known_facts(self, lookup: str, value: Any) -> dict[str, Any]:
        """What the codebook says of one value: carrying column to fact, None for an unknown value."""
        entry = self.entries[lookup].get(value)
        return {
            fact.column: None if entry is None else fact_of(entry, fact.field)
            for fact in self.facts
            if fact.lookup.name == lookup
        }

    def _plain(self, sql: str, entry: Rule | Column, name: str) -> str:
        what = _named(entry, name)
        parts = _STRINGS.split(sql)
        parts[::2] = [self._words.sub(lambda word: self._translated(word, what), part) for part in parts[::2]]
        return closed("".join(parts), what) if entry.own else "".join(parts)

    def _translated(self, word: re.Match[str], what: str) -> str:
        name, field = word.group(1).lower(), word.group(2).lower()
        if name == "derived":
            if field not in self.codebook.derivations:
                raise CodebookError(
                    f"{what} asks for derived.{field}, but nothing says how {field!r} is derived; mend its SQL."
                )
            return f"({self.derivations[field]})"
        if name == "codebook":
            return self._list(field, what)
        lookup = self._lookups[name]
        self.asked.setdefault((name, field), Fact(lookup, field, self._type(lookup, field, what)))
        return f"{name}__{field}"

    def _list(self, field: str, what: str) -> str:
        if field not in _LISTS:
            raise CodebookError(
                f"{what} asks for codebook.{field}; there is {', '.join(f'codebook.{name}' for name in _LISTS)}."
            )
        held: Iterable[Any] = getattr(self.codebook, _LISTS[field])
        if field == "note_labels":
            held = [label for labels in self.codebook.note_labels.values() for label in labels]
        return literal(tuple(entry if isinstance(entry, str) else _key(entry) for entry in held))

    def _type(self, lookup: Lookup, field: str, what: str) -> str:
        if field == "key":
            return "VARCHAR"
        entries = getattr(self.codebook, lookup.entries)
        known = {known.name: str(known.type) for known in fields(entries[0])} if entries else {}
        if field not in known:
            raise CodebookError(
                f"{what} asks for {lookup.name}.{field}; there is {', '.join(f'{lookup.name}.{name}' for name in known)}."
            )
        types = {
            "str": "VARCHAR",
            "bool": "BOOLEAN",
            "int": "BIGINT",
            "int | None": "BIGINT",
            "float | None": "DOUBLE",
            "tuple[str, ...]": "VARCHAR[]",
        }
        return types[known[field]]


def _named(entry: Rule | Column, name: str) -> str:
    return f"{entry.where}: {name}" if entry.where else name


def fact_of(entry: Any, field: str) -> Any:
    """One fact of a codebook entry, as SQL holds it: an empty text is unknown."""
    if field == "key":
        return _key(entry)
    value = getattr(entry, field)
    if isinstance(value, tuple):
        return list(value)
    return None if value == "" else value


def literal(value: Any) -> str:
    """A value as a SQL literal."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"CAST([{', '.join(literal(member) for member in value)}] AS VARCHAR[])"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _key(entry: Any) -> str:
    return str(entry.label if hasattr(entry, "label") else entry.name)
