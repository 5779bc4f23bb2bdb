"""The one place where the vocabulary tables of a ledger are laid out and opened.

A project keeps its own entries only; they win over the seed of the same name. Every change keeps what was before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from data.project import Project

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS vocabulary_actor (
        entry TEXT PRIMARY KEY, name TEXT NOT NULL, actor_type TEXT NOT NULL, country TEXT, valid_from TEXT, valid_to TEXT,
        aliases TEXT NOT NULL, predecessor TEXT, successor TEXT, role TEXT NOT NULL,
        state TEXT NOT NULL, merged_into TEXT, provenance TEXT NOT NULL, coder TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS vocabulary_place (
        entry TEXT PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, admin1 TEXT, admin2 TEXT, admin3 TEXT,
        latitude REAL NOT NULL, longitude REAL NOT NULL, geo_precision INTEGER, population INTEGER, geonames_id INTEGER,
        aliases TEXT NOT NULL,
        state TEXT NOT NULL, merged_into TEXT, provenance TEXT NOT NULL, coder TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS vocabulary_source (
        entry TEXT PRIMARY KEY, name TEXT NOT NULL, domain TEXT, scale TEXT, country TEXT, aliases TEXT NOT NULL,
        state TEXT NOT NULL, merged_into TEXT, provenance TEXT NOT NULL, coder TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS vocabulary_use (
        kind TEXT NOT NULL, entry TEXT NOT NULL, country TEXT NOT NULL, uses INTEGER NOT NULL, last_used INTEGER NOT NULL,
        PRIMARY KEY (kind, entry, country)
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS vocabulary_change (
        change_id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, coder TEXT NOT NULL, act TEXT NOT NULL,
        kind TEXT NOT NULL, entry TEXT NOT NULL, why TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
        undone_by INTEGER
    )""",
)
"""Laid out when a project first keeps an entry; a ledger without them has none."""

Stamp = tuple[tuple[int, int], ...]
"""When the files of a ledger were last written, in nanoseconds, and their sizes."""

STATES: Final = ("proposed", "approved", "rejected", "merged")


@contextmanager
def writing(project: Project) -> Iterator[sqlite3.Connection]:
    """One transaction in the project's ledger, with the vocabulary tables there."""
    from data.ledger.file import LedgerFile

    with LedgerFile.open(project) as ledger, ledger.writing() as db:
        for table in TABLES:
            db.execute(table)
        yield db


@contextmanager
def reading(project: Project) -> Iterator[sqlite3.Connection | None]:
    """The project's ledger to read from; None while it holds no vocabulary."""
    from data.ledger.file import LedgerFile, store_errors

    with store_errors(project.ledger_path), closing(LedgerFile.open_to_read(project)) as ledger:
        there = ledger.db.execute("SELECT 1 FROM sqlite_master WHERE name = 'vocabulary_change'").fetchone()
        yield ledger.db if there else None


def stamp_of(project: Project) -> Stamp:
    """Another one after every write into the ledger, whoever wrote."""
    stamp = []
    for file in (project.ledger_path, project.ledger_path.with_name(f"{project.ledger_path.name}-wal")):
        with suppress(FileNotFoundError):
            told = file.stat()
            stamp.append((told.st_mtime_ns, told.st_size))
    return tuple(stamp)
