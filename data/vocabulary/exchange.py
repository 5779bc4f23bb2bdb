"""The one place where a vocabulary is written to a CSV file and read back: entries are changed by key, never made in silence."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.vocabulary.actors import Actors, check_actor
from data.vocabulary.changes import ACTORS, KINDS, PLACES, SOURCES, Cells, Kind, keep_within, own_entries
from data.vocabulary.places import Place, check_place, entry_of
from data.vocabulary.sources import Sources, check_source
from data.vocabulary.tables import writing
from schema.errors import ExportError, UnusableInput
from schema.vocabulary import country_names

if TYPE_CHECKING:
    from data.project import Project

KINDS_OF_FILES: Final = tuple(KINDS)
_KEYS: Final = {"actor": "name", "source": "name", "place": "key"}
_CHECKS: Final = {"actor": check_actor, "source": check_source, "place": check_place}
_TOLD: Final = ("state", "provenance")
"""Columns that are written for people and passed over when the file is read."""


@dataclass(frozen=True)
class VocabularyReport:
    """What reading a vocabulary file did."""

    updated: int
    added: int
    unchanged: int
    refused: tuple[tuple[int, str], ...]
    """Line and sentence of every row that was left out."""


def write_vocabulary(project: Project, kind: str, file: Path | str, *, with_seed: bool = True) -> int:
    """Write a vocabulary as CSV; returns how many entries. Places are the project's own, the gazetteer stays where it is."""
    file, found = Path(file), _kind(kind)
    header = [*([_KEYS[kind]] if _KEYS[kind] not in found.columns else []), *found.columns, *_TOLD]
    rows = list(_entries(project, found, with_seed=with_seed))
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, header, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        partial.replace(file)
    except OSError as error:
        raise ExportError(f"{file} cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)
    return len(rows)


def read_vocabulary(
    project: Project, kind: str, file: Path | str, *, coder: str, add_new: bool = False
) -> VocabularyReport:
    """Change the entries a CSV file names by their key; rows with an unknown key are refused unless `add_new`."""
    file, found = Path(file), _kind(kind)
    known = {str(cells["entry"]): cells for cells in _entries(project, found, with_seed=True)}
    counts = {"updated": 0, "added": 0, "unchanged": 0}
    refused: list[tuple[int, str]] = []
    seen: set[str] = set()
    with writing(project) as db:
        for line, given in _rows(file, found):
            try:
                entry, cells, what = _judge(found, given, known, seen, add_new=add_new)
            except UnusableInput as error:
                refused.append((line, str(error)))
                continue
            counts[what] += 1
            if what != "unchanged":
                keep_within(
                    db, found, entry, cells, coder=coder, act="import", state=known.get(entry, {}).get("state", "approved"),
                    provenance=f"read from {file.name}", why=file.name,
                )  # fmt: skip
    return VocabularyReport(counts["updated"], counts["added"], counts["unchanged"], tuple(refused))


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise UnusableInput(f"{kind!r} is no vocabulary; use one of {', '.join(KINDS)}.")
    return KINDS[kind]


def _entries(project: Project, kind: Kind, *, with_seed: bool) -> Iterator[Cells]:
    """The live entries as plain values, each with its key under `entry` and, for places, under `key`."""
    if kind is PLACES or not with_seed:
        for cells in own_entries(project, kind):
            if cells["state"] in ("approved", "proposed"):
                yield {**cells, "key": cells["entry"]}
        return
    rows = Actors.open(project).rows() if kind is ACTORS else Sources.open(project).rows()
    for cells in rows:
        if cells["state"] in ("approved", "proposed"):
            yield {**cells, "entry": cells["name"]}


def _rows(file: Path, kind: Kind) -> Iterator[tuple[int, dict[str, str]]]:
    key = _KEYS[kind.name]
    allowed = {key, *kind.columns, *_TOLD}
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, restkey="", restval="")
            header = reader.fieldnames or []
            if key not in header:
                raise UnusableInput(
                    f"{file} has no column {key!r}, by which a {kind.name} is known; its columns are {list(header)}."
                )
            if strange := [name for name in header if name not in allowed]:
                raise UnusableInput(
                    f"{file} has columns that are none of the {kind.name} vocabulary: {', '.join(strange)}; "
                    "remove or rename them."
                )
            for row in reader:
                yield (
                    reader.line_num,
                    {name: str(value or "").strip() for name, value in row.items() if name not in _TOLD},
                )
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnusableInput(f"{file} cannot be read as CSV in UTF-8: {error}.") from error
    except OSError as error:
        raise UnusableInput(f"{file} cannot be read: {error.strerror or error}.") from error


def _judge(
    kind: Kind, given: dict[str, str], known: Mapping[str, Cells], seen: set[str], *, add_new: bool
) -> tuple[str, Cells, str]:
    """The key, the cells to keep, and what that is: updated, added or unchanged."""
    if "" in given:
        raise UnusableInput("the row has more cells than the header.")
    key = given.pop(_KEYS[kind.name])
    if kind is not PLACES:
        given["name"] = key
    before = known.get(key)
    if before is None and not add_new:
        raise UnusableInput(
            f"there is no {kind.name} {key!r}; correct the key, or ask for new entries to be added."
        )
    cells = {column: value or None for column, value in given.items()}
    if before is not None and cells.get("name") not in (None, before["name"]):
        raise UnusableInput(
            f"{key!r} cannot be renamed to {cells['name']!r} here; add the new name and merge the old one into it."
        )
    checked = _CHECKS[kind.name]({**{c: (before or {}).get(c) for c in kind.columns}, **cells})
    if kind is PLACES:
        _check_country(checked)
    whole = {column: checked.get(column) for column in kind.columns}
    whole["aliases"] = whole["aliases"] or ""
    entry = key if before is not None else _new_entry(kind, key, whole)
    if entry in seen:
        raise UnusableInput(f"{entry!r} stands in the file twice; keep one of the rows.")
    seen.add(entry)
    if before is None:
        return entry, whole, "added"
    same = all(_plain(before.get(column)) == _plain(whole[column]) for column in kind.columns)
    return entry, whole, "unchanged" if same else "updated"


def _new_entry(kind: Kind, key: str, cells: Cells) -> str:
    if kind is not PLACES:
        return key
    return entry_of(
        Place(
            "", cells["name"] or "", cells["country"] or "", cells["admin1"], cells["admin2"], cells["admin3"]
        )
    )


def _check_country(cells: Cells) -> None:
    if not cells.get("name"):
        raise UnusableInput("the row has no name.")
    if cells.get("country") not in country_names():
        raise UnusableInput(f"{cells['name']!r}: {cells.get('country')!r} is no country of the codebook.")


def _plain(value: Any) -> Any:
    return None if value == "" else value


__all__ = [
    "ACTORS",
    "KINDS_OF_FILES",
    "PLACES",
    "SOURCES",
    "VocabularyReport",
    "read_vocabulary",
    "write_vocabulary",
]
