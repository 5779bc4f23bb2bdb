"""The one place where a file's age is told by its columns and values, and look-alikes are refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from data.event_file.headers import squash
from schema.errors import UnusableInput

_NUMBERS_OF_A_ROW = 4
"""So many cells of the first line that are numbers or dates in digits: no header has them."""


@dataclass(frozen=True)
class Vintage:
    """A generation of exports."""

    key: str
    title: str
    has_any: frozenset[str] = frozenset()
    has_none: frozenset[str] = frozenset()
    inter: str = ""
    old_event_types: bool = False


@dataclass(frozen=True)
class OldEventType:
    """An event type of older exports and what it is today."""

    name: str
    event_type: str = ""
    sub_event_type: str = ""
    by_actor: tuple[tuple[str, str], ...] = ()
    """Actor type to event type, where the old type held two of today's."""


@dataclass(frozen=True)
class OldValue:
    """A value that was written otherwise once."""

    column: str
    old: str
    new: str
    what: str


@dataclass(frozen=True)
class Follows:
    """An old value whose right spelling follows from another column."""

    column: str
    when_old: tuple[str, ...]
    from_column: str
    what: str


@dataclass(frozen=True)
class NoteTag:
    """A remark in the notes of older exports that is a tag today."""

    pattern: str
    tag: str


@dataclass(frozen=True)
class Vintages:
    """Everything `vintages.toml` says."""

    aliases: Mapping[str, str]
    retired: tuple[str, ...]
    needed: tuple[str, ...]
    at_least: int
    vintages: tuple[Vintage, ...]
    old_event_types: tuple[OldEventType, ...]
    old_values: tuple[OldValue, ...]
    follows: tuple[Follows, ...]
    note_tags: tuple[NoteTag, ...]
    look_alikes: tuple[Mapping[str, Any], ...]
    headless: tuple[Mapping[str, Any], ...]
    foreign_rows: tuple[Mapping[str, Any], ...]


@cache
def load_vintages() -> Vintages:
    """The vintages that ship."""
    import schema

    path = Path(str(schema.__file__)).parent / "acled" / "vintages.toml"
    with path.open("rb") as stream:
        said = tomllib.load(stream)
    return Vintages(
        aliases=said["aliases"],
        retired=tuple(said["retired"]["columns"]),
        needed=tuple(said["needed"]["columns"]),
        at_least=said["needed"]["at_least"],
        vintages=tuple(_vintage(entry) for entry in said["vintage"]),
        old_event_types=tuple(_old_event_type(entry) for entry in said["old_event_type"]),
        old_values=tuple(OldValue(**entry) for entry in said["old_value"]),
        follows=tuple(
            Follows(**{**entry, "when_old": tuple(entry["when_old"])}) for entry in said["follows"]
        ),
        note_tags=tuple(NoteTag(**entry) for entry in said["note_tag"]),
        look_alikes=tuple(said["look_alike"]),
        headless=tuple(said["headless"]),
        foreign_rows=tuple(said["foreign_rows"]),
    )


def _vintage(entry: Mapping[str, Any]) -> Vintage:
    sets = {name: frozenset(entry[name]) for name in ("has_any", "has_none") if name in entry}
    return Vintage(**{**entry, **sets})


def _old_event_type(entry: Mapping[str, Any]) -> OldEventType:
    return OldEventType(**{**entry, "by_actor": tuple(entry.get("by_actor", {}).items())})


def recognise(
    columns: Collection[str], event_types: Mapping[str, int], inter: Mapping[str, int], known: Vintages
) -> Vintage:
    """The vintage of a file by its columns and by how often each event type and actor type stands in it."""
    codes = sum(count for value, count in inter.items() if re.fullmatch(r"[0-9](\.0+)?", value.strip()))
    written = sum(inter.values())
    form = "" if not written else "codes" if codes * 2 > written else "text"
    old_names = {entry.name.casefold() for entry in known.old_event_types}
    old = sum(count for value, count in event_types.items() if value.strip().casefold() in old_names)
    mostly_old = old * 2 > sum(event_types.values())
    for vintage in known.vintages:
        if vintage.old_event_types and not (mostly_old or (old and "sub_event_type" not in columns)):
            continue
        if vintage.inter and vintage.inter != form:
            continue
        if vintage.has_any and not vintage.has_any & set(columns):
            continue
        if vintage.has_none & set(columns):
            continue
        return vintage
    return Vintage("V3", "export without a sign of its age")


def refuse_look_alikes(
    name: str, header: Sequence[str], columns: Collection[str], first_row: Sequence[str], known: Vintages
) -> None:
    """UnusableInput where the table is no table of events, with the reason."""
    squashed = {squash(cell) for cell in header}
    for entry in known.look_alikes:
        if _looks_like(entry, squashed):
            raise UnusableInput(f"{name} {entry['sentence']}.")
    for row in (header, first_row):
        for entry in known.headless:
            if _matches(entry, row):
                raise UnusableInput(f"{name} {entry['sentence']}.")
    numbers = [cell for cell in header if re.fullmatch(r"-?[0-9][0-9./-]*", cell.strip())]
    if not columns and len(numbers) >= _NUMBERS_OF_A_ROW:
        raise UnusableInput(
            f"{name} has no header: its first line looks like a row. Write the names of the columns above it, "
            "or export it again with them."
        )
    missing = [column for column in known.needed if column not in columns]
    if "event_type" in missing and "sub_event_type" in columns:
        missing.remove("event_type")
    if missing or len(columns) < known.at_least:
        found = f"only {', '.join(sorted(columns))}" if columns else "none"
        lacking = f"it lacks {', '.join(missing)}" if missing else "that is too few"
        raise UnusableInput(
            f"{name} is not a table of events: of the {len(header):,} columns of its header {found} "
            f"{'is' if len(columns) < 2 else 'are'} known, {lacking}."
        )


def _looks_like(entry: Mapping[str, Any], squashed: Collection[str]) -> bool:
    return (
        all(squash(name) in squashed for name in entry.get("all", ()))
        and (not entry.get("any") or any(squash(name) in squashed for name in entry["any"]))
        and not any(squash(name) in squashed for name in entry.get("none", ()))
    )


def _matches(entry: Mapping[str, Any], row: Sequence[str]) -> bool:
    if not entry["least_cells"] <= len(row) <= entry["most_cells"]:
        return False
    return all(re.fullmatch(pattern, row[int(at)].strip()) for at, pattern in entry["patterns"].items())
