"""The one place where a project's vocabularies change: proposed, approved, rejected, mended, merged, and taken back.

Every change keeps the entries as they were before, so that each can be undone while nothing newer stands on it.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from data.vocabulary.tables import STATES, reading, writing
from schema.errors import UnusableInput
from schema.text import safe_text

if TYPE_CHECKING:
    from data.project import Project

Cells = dict[str, Any]
"""One entry's columns."""
MAX_NAME: Final = 300


@dataclass(frozen=True)
class Kind:
    """One of the vocabularies."""

    name: str
    table: str
    columns: tuple[str, ...]
    """The columns people fill, in the order of an exported file."""

    @property
    def stored(self) -> tuple[str, ...]:
        """Every column of the table."""
        return ("entry", *self.columns, "state", "merged_into", "provenance", "coder", "at")


ACTORS: Final = Kind(
    "actor",
    "vocabulary_actor",
    (
        "name",
        "actor_type",
        "country",
        "valid_from",
        "valid_to",
        "aliases",
        "predecessor",
        "successor",
        "role",
    ),
)
PLACES: Final = Kind(
    "place",
    "vocabulary_place",
    (
        "name", "country", "admin1", "admin2", "admin3", "latitude", "longitude", "geo_precision", "population",
        "geonames_id", "aliases",
    ),
)  # fmt: skip
SOURCES: Final = Kind("source", "vocabulary_source", ("name", "domain", "scale", "country", "aliases"))
KINDS: Final = {kind.name: kind for kind in (ACTORS, PLACES, SOURCES)}


@dataclass(frozen=True)
class Change:
    """One change of a vocabulary, as the history shows it."""

    change_id: int
    at: dt.datetime
    coder: str
    act: str
    kind: str
    entry: str
    why: str
    undone: bool


def keep(
    project: Project, kind: Kind, entry: str, cells: Mapping[str, Any], *, coder: str, act: str, state: str,
    provenance: str, why: str = "",
) -> int:  # fmt: skip
    """Keep an entry, new or changed; returns the number of the change."""
    assert state in STATES
    with writing(project) as db:
        return keep_within(
            db, kind, entry, cells, coder=coder, act=act, state=state, provenance=provenance, why=why
        )


def keep_within(
    db: sqlite3.Connection, kind: Kind, entry: str, cells: Mapping[str, Any], *, coder: str, act: str, state: str,
    provenance: str, why: str = "",
) -> int:  # fmt: skip
    """`keep` within the caller's transaction."""
    now = time.time_ns() // 1000
    before = stored(db, kind, entry)
    if act == "propose" and before is not None and before["state"] in ("approved", "proposed"):
        raise UnusableInput(f"There is a {kind.name} {entry!r} already; somebody else added it just now.")
    after = {
        **dict.fromkeys(kind.columns),
        **(before or {}),
        **cells,
        "entry": entry, "state": state, "merged_into": None, "provenance": provenance, "coder": coder, "at": now,
    }  # fmt: skip
    return _apply(db, kind, entry, {entry: before}, {entry: after}, coder, act, why, now)


def set_state(
    project: Project, kind: Kind, entry: str, seed: Cells | None, state: str, *, coder: str, why: str = ""
) -> int:
    """Approve or reject an entry; of a seed entry the project then keeps its own copy."""
    with writing(project) as db:
        now = time.time_ns() // 1000
        before = stored(db, kind, entry)
        base = before or seed
        if base is None:
            raise UnusableInput(f"There is no {kind.name} {entry!r} in this project.")
        after = {**base, "entry": entry, "state": state, "merged_into": None, "coder": coder, "at": now}
        act = {"approved": "approve", "rejected": "reject"}[state]
        return _apply(db, kind, entry, {entry: before}, {entry: after}, coder, act, why, now)


def merge(
    project: Project,
    kind: Kind,
    entry: str,
    into: str,
    seeds: Mapping[str, Cells | None],
    *,
    coder: str,
    why: str = "",
) -> int:
    """Let one entry stand for another: its name and aliases become aliases of the one that stays."""
    if entry == into:
        raise UnusableInput(f"{entry!r} cannot be merged into itself; name another {kind.name}.")
    with writing(project) as db:
        now = time.time_ns() // 1000
        before = {name: stored(db, kind, name) for name in (entry, into)}
        gone, stays = (before[name] or seeds.get(name) for name in (entry, into))
        for name, cells in ((entry, gone), (into, stays)):
            if cells is None or cells["state"] in ("merged", "rejected"):
                raise UnusableInput(
                    f"There is no {kind.name} {name!r} to merge; search for it and take its full name."
                )
        assert gone is not None
        assert stays is not None
        aliases = dict.fromkeys([*_members(stays["aliases"]), gone["name"], *_members(gone["aliases"])])
        aliases.pop(stays["name"], None)
        stamp = {"coder": coder, "at": now}
        after = {
            entry: {**gone, **stamp, "entry": entry, "state": "merged", "merged_into": into},
            into: {**stays, **stamp, "entry": into, "aliases": "; ".join(aliases)},
        }
        return _apply(db, kind, entry, before, after, coder, "merge", why or f"merged into {into}", now)


def undo(project: Project, *, coder: str, change_id: int | None = None, kind: Kind | None = None) -> Change:
    """Take back a change, the newest if none is named, and put the entries back as they were."""
    with writing(project) as db:
        row = db.execute(
            "SELECT change_id, kind, entry, before, after, act FROM vocabulary_change "
            "WHERE undone_by IS NULL AND act <> 'undo' AND coalesce(?, change_id) = change_id AND coalesce(?, kind) = kind "
            "ORDER BY change_id DESC LIMIT 1",
            (change_id, kind.name if kind else None),
        ).fetchone()
        if row is None:
            raise UnusableInput(
                "There is no such change of the vocabularies to undo, or it is undone already."
            )
        number, kind_name, entry, before, after = (
            row[0],
            row[1],
            row[2],
            json.loads(row[3]),
            json.loads(row[4]),
        )
        changed = KINDS[kind_name]
        for name, cells in after.items():
            if stored(db, changed, name) != cells:
                raise UnusableInput(f"{name!r} was changed again since; undo the newer change first.")
        now = time.time_ns() // 1000
        undoing = _apply(db, changed, entry, after, before, coder, "undo", f"undo of change {number}", now)
        db.execute("UPDATE vocabulary_change SET undone_by = ? WHERE change_id = ?", (undoing, number))
    return next(change for change in history(project) if change.change_id == number)


def history(project: Project, kind: Kind | None = None, entry: str | None = None) -> list[Change]:
    """The changes of the project's vocabularies, newest first."""
    with reading(project) as db:
        if db is None:
            return []
        rows = db.execute(
            "SELECT change_id, at, coder, act, kind, entry, why, undone_by IS NOT NULL FROM vocabulary_change "
            "WHERE coalesce(?, kind) = kind AND coalesce(?, entry) = entry ORDER BY change_id DESC",
            (kind.name if kind else None, entry),
        ).fetchall()
    return [
        Change(row[0], _moment(row[1]), row[2], row[3], row[4], row[5], row[6], bool(row[7])) for row in rows
    ]


def newest_change(project: Project) -> int:
    """The number of the newest change of the project's vocabularies; 0 where there is none. Every change has its own."""
    with reading(project) as db:
        if db is None:
            return 0
        return int(db.execute("SELECT coalesce(max(change_id), 0) FROM vocabulary_change").fetchone()[0])


def own_entries(project: Project, kind: Kind) -> list[Cells]:
    """Every entry the project keeps of its own, merged and rejected ones included."""
    with reading(project) as db:
        if db is None:
            return []
        rows = db.execute(f"SELECT {', '.join(kind.stored)} FROM {kind.table} ORDER BY entry").fetchall()
    return [dict(zip(kind.stored, row, strict=True)) for row in rows]


def stored(db: sqlite3.Connection, kind: Kind, entry: str) -> Cells | None:
    """One entry as the ledger has it."""
    row = db.execute(
        f"SELECT {', '.join(kind.stored)} FROM {kind.table} WHERE entry = ?", (entry,)
    ).fetchone()
    return None if row is None else dict(zip(kind.stored, row, strict=True))


def _apply(
    db: sqlite3.Connection, kind: Kind, entry: str, before: Mapping[str, Cells | None],
    after: Mapping[str, Cells | None], coder: str, act: str, why: str, now: int,
) -> int:  # fmt: skip
    marks = ", ".join("?" * len(kind.stored))
    for name, cells in after.items():
        if cells is None:
            db.execute(f"DELETE FROM {kind.table} WHERE entry = ?", (name,))
        else:
            db.execute(
                f"INSERT OR REPLACE INTO {kind.table} ({', '.join(kind.stored)}) VALUES ({marks})",
                [cells.get(column) for column in kind.stored],
            )
    # What is kept for undoing is what the table holds, so that a later comparison is one of equals.
    kept = {name: stored(db, kind, name) for name in after}
    change = db.execute(
        "INSERT INTO vocabulary_change (at, coder, act, kind, entry, why, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (now, coder, act, kind.name, entry, why, json.dumps(before), json.dumps(kept)),
    ).lastrowid
    assert change is not None
    return change


def checked_name(kind: Kind, text: object) -> str:
    """A name as it may stand in a cell and on a screen, or one sentence about what is wrong with it."""
    name = str(text or "").strip()
    if not name or ";" in name:
        raise UnusableInput(
            f"{name!r} cannot be the name of a {kind.name}; it needs letters and no semicolon."
        )
    if safe_text(name, keep_newlines=False) != name or "\t" in name or len(name) > MAX_NAME:
        raise UnusableInput(
            f"{name[:60]!r} cannot be the name of a {kind.name}; it holds line breaks or control signs, or is too long."
        )
    return name


def _members(text: str | None) -> list[str]:
    return [part for part in (item.strip() for item in (text or "").split(";")) if part]


def _moment(stamp: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=stamp)
