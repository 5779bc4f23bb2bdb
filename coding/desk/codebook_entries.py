"""The one place where the codebook is asked what it says about a field and a value: definition, decision rule, hard cases.

Plain text, no screen: the same entries can be printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schema.codebook import Codebook
from schema.column import Column

NO_TYPED_RULES = ("required", "values", "range")
"""Rules that only repeat what the column says."""
SPLIT_TOTAL = (
    "It is divided evenly, in the order of date; what is left over goes one each to the first. ctrl+p, Split deaths "
    "shows what each event gets and saves it; 10/3/2 typed is the share of the second of three."
)
_ACTOR_TYPES = ("inter1", "inter2")
_WHO = {
    "required": "Always two sides",
    "forbidden": "One side only",
    "optional": "A second side where one is known",
}


@dataclass(frozen=True)
class Entry:
    """One thing the codebook says, under a heading."""

    heading: str
    text: str


@dataclass(frozen=True)
class FieldHelp:
    """What the codebook says about a field, and about each value that may stand there."""

    field: str
    label: str
    entries: tuple[Entry, ...]
    values: tuple[str, ...]
    """The values that may stand there, in the codebook's order; empty where anything may."""


def field_help(codebook: Codebook, field: str) -> FieldHelp:
    """What a field means, what may stand there, and which cases are hard."""
    column = codebook.column(field)
    entries = [Entry("What it is", column.description)]
    entries += _how_it_is_filled(column)
    if field == "fatalities":
        entries.append(Entry("Words for numbers", _fatality_words(codebook)))
        entries.append(Entry("One total of several events", SPLIT_TOTAL))
    if field == "tags":
        entries += [Entry(tag.name, tag.rule) for tag in codebook.tags]
    entries += _hard_cases(codebook, field)
    return FieldHelp(field, column.label or field, tuple(entries), values_of(codebook, field))


def values_of(codebook: Codebook, field: str) -> tuple[str, ...]:
    """The values that may stand in a field, in the codebook's order."""
    return codebook.column(field).values


def value_help(codebook: Codebook, field: str, value: str) -> tuple[Entry, ...]:
    """What one value of a field means, when it is chosen and when another one is."""
    if field == "sub_event_type":
        return _sub_event_help(codebook, value)
    if field in _ACTOR_TYPES:
        return _actor_type_help(codebook, value)
    column = codebook.column(field)
    meanings: Mapping[str, str] = dict(zip(column.values, column.meanings, strict=False))
    return (Entry("What it means", meanings[value]),) if meanings.get(value) else ()


def _how_it_is_filled(column: Column) -> list[Entry]:
    parts = {
        "derived": "It follows from other fields; nobody types it.",
        "released": "It is given when a dataset is released.",
        "coded": "It must be filled." if column.required else "It may stay empty.",
    }
    lines = [parts[column.origin]]
    if column.kind == "list":
        lines.append(f"Several are joined by {column.separator.strip() or column.separator!r}.")
    if column.minimum is not None and column.maximum is not None and not column.values:
        lines.append(f"From {column.minimum:,g} to {column.maximum:,g}.")
    return [Entry("How it is filled", " ".join(lines))]


def _hard_cases(codebook: Codebook, field: str) -> list[Entry]:
    """The rules that concern the field, as sentences; what the column says already is left out."""
    rules = (rule for rule in codebook.rules if field in rule.columns and rule.nature not in NO_TYPED_RULES)
    return [Entry(rule.id, f"{rule.message} {rule.reason}".strip()) for rule in rules if rule.severity]


def _fatality_words(codebook: Codebook) -> str:
    words = (
        f"{word.word} {word.number}{' (in an intense war)' if word.intense else ''}"
        for word in codebook.fatality_words
    )
    return "; ".join(words)


def _sub_event_help(codebook: Codebook, value: str) -> tuple[Entry, ...]:
    found = next((sub for sub in codebook.sub_event_types if sub.name == value), None)
    if found is None:
        return ()
    parent = next((kind for kind in codebook.event_types if kind.name == found.event_type), None)
    entries = [
        Entry("What it is", found.definition),
        Entry("When to choose it", found.decision_rule),
        Entry(f"Of {found.event_type}", parent.definition if parent else ""),
        Entry("What it is not", parent.not_this if parent else ""),
        Entry(
            "Who",
            f"{_WHO.get(found.actor2, found.actor2)}. Side 1: {_any_of(found.side1)}. Side 2: {_any_of(found.side2)}.",
        ),
        Entry(
            "Rank",
            f"{found.rank}: where several kinds of action make one event, the one that stands first is coded.",
        ),
    ]
    if found.note_labels:
        entries.append(Entry("In the note", ", ".join(found.note_labels)))
    return tuple(entry for entry in entries if entry.text)


def _any_of(types: tuple[str, ...]) -> str:
    return ", ".join(types) or "anybody"


def _actor_type_help(codebook: Codebook, value: str) -> tuple[Entry, ...]:
    found = next((kind for kind in codebook.actor_types if kind.label == value), None)
    if found is None:
        return ()
    known_as = ", ".join(found.old_labels)
    entries = [Entry("What it is", found.definition), Entry("Earlier name", known_as)]
    generic = [actor.name for actor in codebook.generic_actors if actor.inter == value]
    entries.append(Entry("Names without a group", ", ".join(generic)))
    return tuple(entry for entry in entries if entry.text)
