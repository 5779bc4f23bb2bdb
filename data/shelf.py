"""The one place where the ledger's list of Parquet parts is read and changed, and where the dataset folder follows it.

The ledger says which parts are live. `events/` holds a second name (a hard link) of each live part and a manifest, so
any program can read the folder; a replaced part keeps its first name until no reader of its time is left.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from data.ledger.file import now_us
from data.locks import SharedLock, is_free
from data.parts import PART_FORMAT, SCRATCH, Part, disk_errors, fsync_folder, write_file
from data.project import Project
from data.records import FIRST_IMPORTED_KEY
from schema.errors import StoreError

MANIFEST: Final = "_manifest.json"
"""The underscore hides it from programs that read every file of the folder as Parquet."""
_PART = "kind, file, rows, bytes, sha256, first_key, last_key, columns, part_id"


def live_parts(db: sqlite3.Connection, kind: str) -> list[Part]:
    """The parts that hold the dataset or its history now, by their first key."""
    found = db.execute(
        f"SELECT {_PART} FROM part WHERE kind = ? AND replaced IS NULL ORDER BY first_key, part_id", (kind,)
    )
    return [
        Part(kind, _plain_name(file), rows, size, sha256, first, last, tuple(columns.split("\n")), part_id)
        for kind, file, rows, size, sha256, first, last, columns, part_id in found
    ]


def _plain_name(file: str) -> str:
    # A project folder may come from a stranger: its ledger must not name files elsewhere.
    if not re.fullmatch(r"(events|history)-[0-9]{1,18}\.parquet", file):
        raise StoreError(
            f"The ledger names a part {file!r}, which no part is called; restore the project from a backup."
        )
    return file


def generation(db: sqlite3.Connection) -> int:
    """A number that grows with every change of the live parts."""
    row = db.execute("SELECT value FROM counter WHERE name = 'generation'").fetchone()
    return int(row[0]) if row else 0


def part_number(db: sqlite3.Connection) -> int:
    """A number for a new part that no part ever had, within the caller's transaction."""
    row = db.execute(
        "INSERT INTO counter VALUES ('part', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
    ).fetchone()
    return int(row[0])


def swap(db: sqlite3.Connection, new: Iterable[Part], old: Iterable[Part]) -> None:
    """Make new parts live and old ones replaced, within the caller's transaction."""
    row = db.execute(
        "INSERT INTO counter VALUES ('generation', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
    ).fetchone()
    for part in old:
        db.execute("UPDATE part SET replaced = ? WHERE part_id = ?", (row[0], part.part_id))
    for part in new:
        db.execute(
            "INSERT INTO part (kind, file, rows, bytes, sha256, first_key, last_key, columns, added_at, generation) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                part.kind, part.file, part.rows, part.bytes, part.sha256, part.first_key, part.last_key,
                "\n".join(part.columns), now_us(), row[0],
            ),
        )  # fmt: skip


def owner(parts: Sequence[Part], event_key: int) -> Part | None:
    """The live part that holds this key or would hold it; parts are sorted by first key and own the keys up to the next."""
    place = bisect_right([part.first_key for part in parts], event_key) - 1
    if place < 0:
        return None
    found = parts[place]
    imported = event_key >= FIRST_IMPORTED_KEY
    return found if (found.first_key >= FIRST_IMPORTED_KEY) == imported else None


def hold_for_reading(project: Project, db: sqlite3.Connection) -> SharedLock | None:
    """Keep the parts that are live now from being removed until the lock is closed; None on a read-only disk."""
    while True:
        number = generation(db)
        try:
            lock = SharedLock(_reader_file(project, number))
        except OSError:
            return None
        if generation(db) == number:
            return lock
        lock.close()


def settle(project: Project, db: sqlite3.Connection) -> None:
    """Bring the dataset folder in line with the ledger and remove what nobody needs; under the fold lock."""
    with disk_errors(project.folder):
        live = live_parts(db, "events")
        _follow(project, live)
        _write_manifest(project, live, live_parts(db, "history"), generation(db))
        _remove_unneeded(project, db)


def manifest_of(project: Project, live: Sequence[Part], history: Sequence[Part], number: int) -> bytes:
    """The manifest as it is written: the files that make up the dataset, with rows and checksums."""
    files = [
        {name: getattr(p, name) for name in ("file", "rows", "bytes", "sha256", "first_key", "last_key")}
        for p in live
    ]
    past = [{name: getattr(p, name) for name in ("file", "rows", "bytes", "sha256")} for p in history]
    told = {
        "format": PART_FORMAT, "project": project.name, "generation": number, "rows": sum(p.rows for p in live),
        "files": files, "history": past,
    }  # fmt: skip
    return json.dumps(told, indent=1, ensure_ascii=False).encode() + b"\n"


def _follow(project: Project, live: Sequence[Part]) -> None:
    folder = project.events_folder
    folder.mkdir(exist_ok=True)
    wanted = {part.file: part for part in live}
    there = {path.name for path in folder.glob("*.parquet")}
    for name in wanted.keys() - there:
        source = wanted[name].path(project)
        if source.exists():
            _second_name(source, folder / name)
    for name in there - wanted.keys():
        (folder / name).unlink(missing_ok=True)
    if wanted.keys() ^ there:
        fsync_folder(folder)


def _second_name(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Some file systems know no second name; a copy costs room but reads the same.
        scratch = target.with_name(f"{SCRATCH}{target.name}")
        shutil.copyfile(source, scratch)
        scratch.replace(target)


def _write_manifest(project: Project, live: Sequence[Part], history: Sequence[Part], number: int) -> None:
    content = manifest_of(project, live, history, number)
    path = project.events_folder / MANIFEST
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
    write_file(path, content)


def _remove_unneeded(project: Project, db: sqlite3.Connection) -> None:
    known = dict(db.execute("SELECT file, replaced FROM part"))
    current = generation(db)
    readers = {int(path.name[1:]): path for path in project.work_file("readers").glob("g*")}
    oldest = min((number for number, path in readers.items() if not is_free(path)), default=current)
    for path in project.parts_folder.iterdir():
        replaced = known.get(path.name, 0)
        # Readers of generation g may still open every part that was replaced after g.
        if replaced is not None and replaced <= oldest:
            path.unlink(missing_ok=True)
    for number, path in readers.items():
        if number < oldest:
            path.unlink(missing_ok=True)


def _reader_file(project: Project, number: int) -> Path:
    return project.work_file(f"readers/g{number}")
