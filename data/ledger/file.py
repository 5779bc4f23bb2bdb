"""The one place where the ledger's SQLite file is opened, and where one transaction is one durable commit.

Every commit and every checkpoint stands under one lock: writers queue instead of colliding, and the checkpoint race of
SQLite versions before 3.51.3 cannot happen.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from data.ledger.tables import LEDGER_FORMAT, STEPS, TABLES
from data.locks import PATIENCE_S, Lock
from data.project import Project
from schema.errors import ProjectError, StoreError

CHECKPOINT_BYTES = 4 << 20
"""The write-ahead log is brought into the file when it grows past this."""

Step = Callable[[], None]


def now_us() -> int:
    """Microseconds since 1970, the stamp of everything saved."""
    return time.time_ns() // 1000


class LedgerFile:
    """An open ledger of one thread."""

    def __init__(self, project: Project, *, read_only: bool = False) -> None:
        self.project = project
        self.path = project.ledger_path
        self.read_only = read_only
        self._checkpoint_at = CHECKPOINT_BYTES
        with store_errors(self.path):
            self._lock = _lock_if_writable(project) if read_only else _open_lock(project)
            self.db = _connect_read_only(self.path) if read_only else _connect(self.path)
            self._inode = _inode(self.path)
            try:
                self._ready()
            except BaseException:
                self.close()
                raise

    @classmethod
    def open(cls, project: Project) -> Self:
        """Open the ledger for reading and writing; one for each thread."""
        return cls(project)

    @classmethod
    def open_to_read(cls, project: Project) -> Self:
        """Open the ledger of a project that may be on a read-only disk."""
        return cls(project, read_only=True)

    def close(self) -> None:
        """Close the file; what was saved is on the disk already."""
        if self._lock is None:
            self.db.close()
            return
        # SQLite checkpoints when the last connection closes, so closing takes its turn like a commit.
        with suppress(StoreError, sqlite3.Error), self._lock.held(patience_s=2):
            self.db.close()
        with suppress(sqlite3.Error):
            self.db.close()
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self, patience_s: float = PATIENCE_S) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on the disk when the block is left, or none of it."""
        if self._lock is None or self.read_only:
            raise StoreError(f"{self.project.folder} is open for reading only; nothing was saved.")
        with store_errors(self.path), self._lock.held(patience_s):
            self._refuse_removed()
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self.db.execute("ROLLBACK")
                raise
            self._refuse_removed()
            self._checkpoint_when_large()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent picture of the ledger for several queries."""
        with store_errors(self.path):
            self.db.execute("BEGIN")
            try:
                yield self.db
            finally:
                with suppress(sqlite3.Error):
                    self.db.execute("ROLLBACK")

    def checkpoint(self) -> None:
        """Bring the write-ahead log into the file, as far as readers let it."""
        if self._lock is not None and not self.read_only:
            with store_errors(self.path), self._lock.held():
                self._checkpoint()

    def _ready(self) -> None:
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not self.read_only:
            with self.writing() as db:
                if db.execute("PRAGMA user_version").fetchone()[0] == 0:
                    _lay_out(db)
            version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if version > LEDGER_FORMAT:
            raise ProjectError(
                f"{self.path} was written by a newer eventcoder (ledger format {version}, this one reads up to "
                f"{LEDGER_FORMAT}); install the newer version to open the project."
            )
        if version < LEDGER_FORMAT:
            self._migrate(version)

    def _migrate(self, version: int) -> None:
        if self.read_only:
            raise ProjectError(
                f"{self.path} is of an older format ({version}) and lies where it cannot be written; open the project "
                "once where it can, then it is migrated after a backup."
            )
        copy = self.path.with_name(f"ledger-format-{version}.sqlite")
        if not copy.exists():
            backup_ledger(self.db, copy)
        with self.writing() as db:
            for step in range(db.execute("PRAGMA user_version").fetchone()[0], LEDGER_FORMAT):
                _run(db, STEPS[step])
                db.execute(f"PRAGMA user_version = {step + 1}")

    def _refuse_removed(self) -> None:
        if _inode(self.path) != self._inode:
            raise StoreError(
                f"{self.path} was removed or replaced while it was open; nothing was saved: put the project folder back "
                "and open it again."
            )

    def _checkpoint_when_large(self) -> None:
        with suppress(OSError, sqlite3.Error):
            size = Path(f"{self.path}-wal").stat().st_size
            if size > self._checkpoint_at:
                # A reader in the way makes it wait for the next few megabytes, never a coder's save.
                self._checkpoint_at = CHECKPOINT_BYTES + (0 if self._checkpoint() else size)

    def _checkpoint(self) -> bool:
        self.db.execute("PRAGMA busy_timeout = 0")
        try:
            return bool(self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        finally:
            self.db.execute("PRAGMA busy_timeout = 60000")


def backup_ledger(db: sqlite3.Connection, target: Path) -> None:
    """A consistent copy of an open ledger, whole or not at all."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    copy = sqlite3.connect(partial)
    try:
        db.backup(copy)
    finally:
        copy.close()
    with partial.open("rb+") as handle:
        os.fsync(handle.fileno())
    partial.rename(target)


def _open_lock(project: Project) -> Lock:
    folder = project.work_file("readers")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Lock(project.work_file("write.lock"))
    except OSError as error:
        raise StoreError(
            f"{project.folder} cannot be written ({error.strerror}); ask for write permission, or copy the project."
        ) from error


def _lock_if_writable(project: Project) -> Lock | None:
    try:
        return Lock(project.work_file("write.lock"))
    except OSError:
        return None


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=60, isolation_level=None, cached_statements=256)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA wal_autocheckpoint = 0")
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _connect_read_only(path: Path) -> sqlite3.Connection:
    plain = path.absolute().as_uri()
    # Where the folder can be written, an ordinary connection is the only one that is safe beside writers.
    if os.access(path.parent, os.W_OK) and os.access(path, os.W_OK):
        return _opened(f"{plain}?mode=rw")
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size:
        return _opened(f"{plain}?mode=ro")
    # A write-ahead log cannot be made where nothing may be written; with none, the file is all there is.
    return _opened(f"{plain}?mode=ro&immutable=1")


def _opened(uri: str) -> sqlite3.Connection:
    db = sqlite3.connect(uri, uri=True, timeout=60, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA query_only = ON")
    db.execute("PRAGMA wal_autocheckpoint = 0")
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return db


def _lay_out(db: sqlite3.Connection) -> None:
    _run(db, TABLES)
    db.execute(f"PRAGMA user_version = {LEDGER_FORMAT}")


def _run(db: sqlite3.Connection, script: str) -> None:
    # executescript would commit the open transaction first.
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return -1


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite or the disk says into one sentence for people."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_advice(str(error), path)}") from error
    except (StoreError, ProjectError):
        raise
    except OSError as error:
        raise StoreError(
            f"{error.filename or path}: {error.strerror or error}; nothing was saved."
        ) from error


def _advice(message: str, path: Path) -> str:
    if "full" in message or ("disk I/O" in message and _disk_is_full(path)):
        return "the disk is full; nothing was saved: free some space and save again."
    if "readonly" in message:
        return (
            "the project cannot be written; nothing was saved: ask for write permission, or copy the project."
        )
    if "malformed" in message or "not a database" in message:
        return (
            "the ledger is damaged; stop working and run: eventcoder doctor --repair FOLDER, "
            "or restore the last backup."
        )
    if "unable to open" in message:
        return "the ledger cannot be opened; check that the folder is there and can be read and written."
    if "locked" in message or "busy" in message:
        return "another program keeps the ledger busy; nothing was saved: try again when it has ended."
    return f"the ledger could not be used ({message}); nothing was saved."


def _disk_is_full(path: Path) -> bool:
    """Whether there is no room for what SQLite lays beside its file to open it."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < 64 << 10
