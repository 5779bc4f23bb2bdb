"""The one place where codebook files (TOML, CSV) become a `Codebook`; a mistake in one is one sentence that names it."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from schema.codebook import (
    ActorType,
    Codebook,
    Country,
    DisorderGroup,
    EventType,
    FatalityWord,
    GedMapping,
    GenericActor,
    IntenseWar,
    Interaction,
    Lookup,
    NamedActor,
    Region,
    SubEventType,
    Tag,
)
from schema.codebook_parts import agree
from schema.column import HOUSE_COLUMNS, SQL_TYPES, Column, Row
from schema.errors import CodebookError
from schema.rule_files import column_rules, read_rule, reseverity
from schema.rules import Rule
from schema.vocabulary import seed_groups

_Entry = TypeVar("_Entry")
_HOME = Path(__file__).parent
_ENTRIES = {
    "event_type": ("event_types", EventType, "name"),
    "sub_event_type": ("sub_event_types", SubEventType, "name"),
    "disorder_group": ("disorder_groups", DisorderGroup, "name"),
    "actor_type": ("actor_types", ActorType, "label"),
    "country": ("countries", Country, "name"),
    "region": ("regions", Region, "name"),
    "generic_actor": ("generic_actors", GenericActor, "name"),
    "tag": ("tags", Tag, "name"),
    "fatality_word": ("fatality_words", FatalityWord, None),
    "intense_war": ("intense_wars", IntenseWar, None),
}
"""Table of a file -> list of the codebook, what its entries are, and the key no two of them share."""
_OTHER_TABLES = {"column", "value", "rule", "severity"}
_RESERVED = frozenset(
    [
        *HOUSE_COLUMNS,
        "row_key",
        "today",
        "published",
        "sub",
        "side1",
        "side2",
        "place",
        "known1",
        "known2",
        "derived",
        "codebook",
    ]
)
"""Columns that stand beside the codebook's in the dataset, and words of the rules."""
_HASHTAG = re.compile(r"#[a-z]\w*(?: ?\+[a-z]\w*)*", re.IGNORECASE | re.ASCII)
_BOUNDS = frozenset({"south", "west", "north", "east"})
_COLUMN_OPTIONS = {"values_from", "imported", "imported_values", "unlisted", "derive"}


def shipped_codebooks() -> tuple[str, ...]:
    """The names of the codebooks that come with the program."""
    return tuple(sorted(path.parent.name for path in _HOME.glob("*/codebook.toml")))


def read_codebook(name: str, own: Path | None) -> Codebook:
    """Read a shipped codebook and, on top of it, a project's own folder."""
    if name not in shipped_codebooks():
        raise CodebookError(f"There is no codebook {name!r}; choose one of {', '.join(shipped_codebooks())}.")
    shelf = _Shelf()
    home = _HOME / name
    for path in sorted(home.glob("*.toml")):
        if path.name != "vintages.toml":
            shelf.take(path, read_toml(path))
    shelf.take_csv(home / "countries.csv", "country")
    shelf.take_csv(home / "regions.csv", "region")
    for path in sorted((home / "rules").glob("*.toml")):
        shelf.take(path, read_toml(path))
    if own is not None and own.is_dir():
        for path in sorted(own.glob("*.toml")):
            shelf.take(path, read_toml(path), own=True)
    return shelf.codebook()


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; CodebookError in one sentence if it is not one."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CodebookError(
            f"{path} cannot be read as TOML: {error}. Mend that line and try again."
        ) from error


class _Shelf:
    """What the files said so far, until a codebook is made of it."""

    def __init__(self) -> None:
        self.about: dict[str, Any] = {}
        self.lists: dict[str, list[Any]] = {target: [] for target, _, _ in _ENTRIES.values()}
        self.columns: list[tuple[Column, dict[str, Any], str]] = []
        self.derivations: dict[str, str] = {}
        self.lookups: list[Lookup] = []
        self.examples: dict[str, Row] = {}
        self.values: list[tuple[dict[str, Any], str]] = []
        self.rules: list[tuple[dict[str, Any], str, bool]] = []
        self.places: dict[tuple[str, str], str] = {}
        """Table and key of a listed entry to the file it stands in."""
        self.severities: list[tuple[dict[str, Any], str]] = []

    def take(self, path: Path, content: dict[str, Any], *, own: bool = False) -> None:
        """Take what one file says."""
        for table, entries in content.items():
            if table in _ENTRIES or table in _OTHER_TABLES:
                if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                    raise CodebookError(
                        f"{path}: write [[{table}]], with two brackets, before every {table.replace('_', ' ')}."
                    )
                for entry in entries:
                    self._take_entry(table, entry, f"{path}", own=own)
            elif own:
                known = ", ".join(f"[[{word}]]" for word in sorted({*_ENTRIES, *_OTHER_TABLES}))
                raise CodebookError(f"{path} has a part {table!r} that means nothing; use {known}.")
            else:
                self._take_part(table, entries)

    def take_csv(self, path: Path, table: str) -> None:
        """Take a CSV list with a header; "; " joins members, empty cells are left out."""
        if not path.exists():
            return
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                self._take_entry(table, _typed_cells(line), str(path), own=False)

    def _take_part(self, part: str, content: Any) -> None:
        if part == "derivations":
            self.derivations |= {column: sql.strip() for column, sql in content.items()}
        elif part == "lookups":
            self.lookups += [
                Lookup(name, entry["column"], entry["entries"]) for name, entry in content.items()
            ]
        elif part == "examples":
            self.examples |= {name: _emptied(row) for name, row in content.items()}
        else:
            self.about[part] = content

    def _take_entry(self, table: str, entry: dict[str, Any], where: str, *, own: bool) -> None:
        if table == "column":
            self.columns.append((_column(entry, where, own=own), entry, where))
        elif table == "value":
            self.values.append((entry, where))
        elif table == "rule":
            self.rules.append((entry, where, own))
        elif table == "severity":
            self.severities.append((entry, where))
        else:
            self._take_listed(table, entry, where)

    def _take_listed(self, table: str, entry: dict[str, Any], where: str) -> None:
        target, kind, key = _ENTRIES[table]
        held = self.lists[target]
        if kind is SubEventType:
            entry = {"rank": len(held) + 1} | entry
        if kind is FatalityWord and "intense" in entry and not isinstance(entry["intense"], bool):
            entry, other = _two_readings(entry)
            held.append(_build(kind, entry, table, where))
            entry = other
        made: Any = _build(kind, entry, table, where)
        if key is not None and any(getattr(made, key) == getattr(other, key) for other in held):
            raise CodebookError(
                f"{where}: the {table.replace('_', ' ')} {getattr(made, key)!r} is there already; give it another name."
            )
        held.append(made)
        if key is not None:
            self.places[table, getattr(made, key)] = where

    def codebook(self) -> Codebook:
        """The codebook that all files together make."""
        lists = {name: tuple(entries) for name, entries in self.lists.items()}
        pairs = _interactions(lists["actor_types"], self.about["sole"]["suffix"])
        told = {
            "disorder_types": tuple(self.about["disorder_types"]),
            "interactions": tuple(pair.label for pair in pairs),
            "source_scales": _scales(self.about["source_scales"]),
        } | {
            target: tuple(getattr(entry, key) for entry in lists[target])
            for target, _, key in _ENTRIES.values()
            if key
        }
        columns, required = self._finished_columns(told)
        draft = Codebook(
            name=self.about["name"],
            title=self.about["title"],
            columns=tuple(column for column in columns if not column.optional),
            optional_columns=tuple(column for column in columns if column.optional),
            disorder_types=told["disorder_types"],
            interactions=pairs,
            source_scales=tuple(self.about["source_scales"]),
            note_labels={
                entry.name: entry.note_labels for entry in lists["sub_event_types"] if entry.note_labels
            },
            derivations=dict(self.derivations),
            lookups=tuple(self.lookups),
            ged=_ged(self.about["ged"]) if "ged" in self.about else None,
            named_actors=_named_actors(),
            examples=self.examples,
            **lists,
        )
        agree(draft, self.places)
        return replace(draft, rules=tuple(self._finished_rules(draft, required)))

    def _finished_columns(
        self, told: Mapping[str, tuple[str, ...]]
    ) -> tuple[list[Column], dict[str, dict[str, Any]]]:
        columns: dict[str, Column] = {}
        options: dict[str, dict[str, Any]] = {}
        for given, entry, where in self.columns:
            if given.name in columns:
                raise CodebookError(
                    f"{where}: there is a column {given.name!r} already; give yours another name."
                )
            if "derive" in entry:
                self.derivations[given.name] = _derivation(given, entry["derive"], where)
            if entry.get("values_from", "") not in {"", *told}:
                raise CodebookError(
                    f"{where}: the values of the column {given.name!r} are taken from {entry['values_from']!r}; "
                    f"there is {', '.join(told)}."
                )
            columns[given.name] = replace(
                given,
                origin="derived" if "derive" in entry else given.origin,
                values=told[entry["values_from"]] if "values_from" in entry else given.values,
            )
            options[given.name] = entry
        for entry, where in self.values:
            name = entry.get("column")
            if name not in columns:
                raise CodebookError(
                    f"{where}: a value is added to the column {name!r}, which the codebook does not have."
                )
            columns[name] = _with_value(columns[name], entry, options[name], where)
        for column in columns.values():
            if column.own and column.kind == "enum" and not column.values and column.origin == "coded":
                raise CodebookError(
                    f"{column.where}: the column {column.name!r} is an enum without values; "
                    'add values = ["…"], or make it a text.'
                )
        return list(columns.values()), options

    def _finished_rules(self, draft: Codebook, options: dict[str, dict[str, Any]]) -> Iterable[Rule]:
        rules: dict[str, Rule] = {}
        for column in (*draft.columns, *draft.optional_columns):
            rules |= {rule.id: rule for rule in column_rules(column, options[column.name], draft)}
        for entry, where, own in self.rules:
            rule = read_rule(entry, draft, where, own=own)
            if rule.id in rules:
                raise CodebookError(
                    f"{where}: there are two rules with the id {rule.id!r}; give one of them another id."
                )
            rules[rule.id] = rule
        for entry, where in self.severities:
            rule_id = entry.get("rule")
            if rule_id not in rules:
                raise CodebookError(
                    f"{where}: a severity is given to the rule {rule_id!r}, which the codebook does not have."
                )
            rules[rule_id] = reseverity(rules[rule_id], entry, where)
        return rules.values()


def _ged(told: dict[str, Any]) -> GedMapping:
    return GedMapping(
        event_types=tuple(told["event_types"]),
        one_sided=tuple(told["one_sided"]),
        state=told["state"],
        civilians=told["civilians"],
        regions={name: tuple(regions) for name, regions in told["regions"].items()},
        countries={name: tuple(countries) for name, countries in told["countries"].items()},
    )


@cache
def _named_actors() -> tuple[NamedActor, ...]:
    """The groups of the seed vocabulary."""
    return tuple(
        NamedActor(
            actor.name,
            actor.actor_type,
            actor.country or "",
            actor.valid_from.isoformat() if actor.valid_from else "",
            actor.valid_to.isoformat() if actor.valid_to else "",
        )
        for actor in seed_groups()
    )


def _column(entry: dict[str, Any], where: str, *, own: bool) -> Column:
    told = {key: value for key, value in entry.items() if key not in _COLUMN_OPTIONS}
    if told.get("required") == "released":
        told["required"] = True
    if own:
        told = {
            "section": "Notes",
            "label": str(told.get("name", "")).replace("_", " ").capitalize(),
        } | told
    told["own"] = own  # whatever the file says
    column = replace(_build(Column, told, "column", where), where=where)
    if column.kind not in SQL_TYPES:
        raise CodebookError(
            f"{where}: the column {column.name!r} has the kind {column.kind!r}; use {', '.join(SQL_TYPES)}."
        )
    if column.name in _RESERVED:
        raise CodebookError(
            f"{where}: a column cannot be named {column.name!r}, the program uses that word; take another."
        )
    if not column.name.isidentifier() or column.name != column.name.lower() or not column.name.isascii():
        raise CodebookError(
            f"{where}: a column cannot be named {column.name!r}; use small letters, digits and _."
        )
    if own and column.hxl and not _HASHTAG.fullmatch(column.hxl):
        raise CodebookError(
            f"{where}: the hxl of the column {column.name!r} must be a hashtag such as #affected+killed, not {column.hxl!r}."
        )
    return column


def _derivation(column: Column, sql: Any, where: str) -> str:
    name = f"{where}: the column {column.name!r}"
    if not isinstance(sql, str) or not sql.strip():
        raise CodebookError(f"{name} has derive = {sql!r}; write a SQL expression in quotation marks.")
    if re.search(rf"(?<![\w.]){re.escape(column.name)}(?!\w|\s*\()", re.sub(r"'(?:[^']|'')*'", "", sql)):
        raise CodebookError(f"{name} is derived from itself; derive it from other columns: {sql}")
    return sql


def _with_value(column: Column, entry: dict[str, Any], options: dict[str, Any], where: str) -> Column:
    source = options.get("values_from", "")
    table = next((table for table, (target, _, key) in _ENTRIES.items() if target == source and key), None)
    if table or source == "interactions":
        raise CodebookError(
            f"{where}: a value of {column.name} is more than a word; write a [[{table or 'actor_type'}]] for it."
        )
    value = entry.get("value")
    if not isinstance(value, str) or not value or value != value.strip():
        raise CodebookError(
            f"{where}: a [[value]] for {column.name} needs a value, a text without blanks around it."
        )
    if value in column.values:
        raise CodebookError(
            f"{where}: {value!r} is a value of {column.name} already; leave that [[value]] out."
        )
    return replace(column, values=(*column.values, value))


def _build(kind: type[_Entry], entry: dict[str, Any], table: str, where: str) -> _Entry:
    known = {field.name: field for field in fields(kind) if field.name != "where"}  # type: ignore[arg-type]
    what = table.replace("_", " ")
    for key in entry:
        if key not in known:
            raise CodebookError(f"{where}: a {what} has no {key!r}; it can have {', '.join(known)}.")
    told = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    name = entry.get("name", entry.get("label", entry.get("word", "")))
    for key, value in told.items():
        if wanted := _not_a(str(known[key].type), value):
            raise CodebookError(
                f"{where}: {key} of the {what} {name!r} must be {wanted}, not {entry[key]!r}."
            )
    try:
        return kind(**told)
    except TypeError:
        from dataclasses import MISSING

        needed = [
            name
            for name, f in known.items()
            if f.default is MISSING and f.default_factory is MISSING and name not in told
        ]
        raise CodebookError(
            f"{where}: a {table.replace('_', ' ')} lacks {', '.join(needed)}; add it."
        ) from None


def _not_a(wanted: str, value: Any) -> str:
    """What a value should have been; empty where it is that."""
    if wanted.startswith("tuple"):
        texts = isinstance(value, tuple) and all(isinstance(member, str) for member in value)
        return "" if texts else "a list of texts"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted.startswith("float"):
        return "" if number else "a number"
    if wanted.startswith("int"):
        return "" if number and isinstance(value, int) else "a whole number"
    if wanted == "bool":
        return "" if isinstance(value, bool) else "true or false"
    return "" if isinstance(value, str) else "a text in quotation marks"


def _typed_cells(line: dict[str, str | None]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for key, text in line.items():
        if not text:
            continue
        if key == "aliases":
            cells[key] = [alias for alias in text.split("; ") if alias]
        elif key in _BOUNDS:
            cells[key] = float(text)
        else:
            cells[key] = int(text) if key in {"iso", "code", "first_year"} else text
    return cells


def _two_readings(entry: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    calm = {key: value for key, value in entry.items() if key != "intense"}
    return calm, calm | {"number": entry["intense"], "intense": True}


def _emptied(row: dict[str, Any]) -> Row:
    return {column: None if value == "" else value for column, value in row.items()}


def _interactions(actor_types: Iterable[ActorType], suffix: str) -> tuple[Interaction, ...]:
    by_code = sorted(actor_types, key=lambda kind: kind.code)
    pairs = [Interaction(f"{kind.label}{suffix}", 10 * kind.code) for kind in by_code]
    for low in by_code:
        for high in (kind for kind in by_code if kind.code >= low.code):
            first, second = sorted((low, high), key=lambda kind: kind.place_in_interaction)
            pairs.append(Interaction(f"{first.label}-{second.label}", 10 * low.code + high.code))
    return tuple(sorted(pairs, key=lambda pair: pair.code))


def _scales(levels: list[str]) -> tuple[str, ...]:
    return (
        *levels,
        *(f"{first}-{second}" for place, first in enumerate(levels) for second in levels[place + 1 :]),
    )
