"""The one place where a project is copied into one file while people work on it, and brought back from one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from data.ledger import Ledger
from data.ledger.file import backup_ledger
from data.locks import SharedLock
from data.parts import SCRATCH, disk_errors, fsync_folder
from data.project import SETTINGS_FILE, Project
from data.shelf import hold_for_reading, live_parts, settle
from schema.errors import ProjectError, StoreError, UnusableInput

_LEDGER: Final = "ledger.sqlite"


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds."""

    file: str
    bytes: int
    files: int
    revisions: int

    def lines(self) -> list[str]:
        """The report for people."""
        return [f"{self.file}: {self.revisions:,} saves in {self.files:,} files, {self.bytes / 1e6:,.1f} MB."]

    def to_json(self) -> dict[str, Any]:
        """The report for programs."""
        return dict(vars(self))


def backup(project: Project, file: Path | str) -> BackupReport:
    """Copy the project as it is at one moment into a zip file, whole or not at all; nobody has to stop working."""
    target = Path(file).expanduser().absolute()
    if target.exists():
        raise UnusableInput(f"{target} is there already; give the backup another name.")
    scratch = target.with_name(f"{SCRATCH}{uuid.uuid4().hex}")
    copy = project.work_file(f"backup-{uuid.uuid4().hex}.sqlite")
    with disk_errors(target.parent):
        try:
            with Ledger.open(project) as ledger, _held(ledger):
                backup_ledger(ledger.db, copy)
                count, revisions = _pack(project, copy, scratch)
            with scratch.open("rb+") as handle:
                os.fsync(handle.fileno())
            size = scratch.stat().st_size
            scratch.rename(target)
            fsync_folder(target.parent)
        finally:
            for path in (scratch, copy):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
    return BackupReport(str(target), size, count, revisions)


def restore(file: Path | str, folder: Path | str) -> Project:
    """Make a project anew from a backup, in a folder that is not there yet."""
    source, target = Path(file).expanduser().absolute(), Path(folder).expanduser().absolute()
    if target.exists():
        raise ProjectError(f"{target} is there already; restore into a new folder.")
    scratch = target.with_name(f"{SCRATCH}{target.name}")
    with disk_errors(target.parent):
        try:
            with zipfile.ZipFile(source) as archive:
                _unpack(archive, scratch)
            scratch.rename(target)
        except (zipfile.BadZipFile, FileNotFoundError) as error:
            raise UnusableInput(
                f"{source} is not a backup of a project; give the file that eventcoder backup wrote."
            ) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    project = Project.open(target)
    with Ledger.open(project) as ledger:
        settle(project, ledger.db)
    return project


def _held(ledger: Ledger) -> SharedLock:
    lock = hold_for_reading(ledger.project, ledger.db)
    if lock is None:
        raise StoreError(
            f"{ledger.project.folder} cannot be written; a backup needs a lock file in it: copy the folder instead."
        )
    return lock


def _pack(project: Project, copy: Path, scratch: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(copy)) as db:
        parts = [*live_parts(db, "events"), *live_parts(db, "history")]
        revisions = db.execute("SELECT count(*) FROM revision").fetchone()[0]
    with zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        archive.write(copy, _LEDGER, zipfile.ZIP_DEFLATED)
        for part in parts:
            archive.write(part.path(project), f"parts/{part.file}")
        for path in _others(project):
            archive.write(path, path.relative_to(project.folder).as_posix())
        return len(archive.namelist()), revisions


def _others(project: Project) -> Iterator[Path]:
    yield project.folder / SETTINGS_FILE
    for folder in (project.own_codebook_folder, project.releases_folder):
        if folder.is_dir():
            yield from sorted(
                path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")
            )


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    if SETTINGS_FILE not in archive.namelist():
        raise UnusableInput(f"{archive.filename} is not a backup of a project; it holds no {SETTINGS_FILE}.")
    disk = next(parent for parent in folder.parents if parent.exists())
    needed, free = sum(info.file_size for info in archive.infolist()), shutil.disk_usage(disk).free
    if needed > free:
        raise UnusableInput(
            f"{archive.filename} needs {needed / 1e6:,.0f} MB and the disk has {free / 1e6:,.0f} MB free; nothing was unpacked."
        )
    for info in archive.infolist():
        name = PurePosixPath(info.filename)
        if name.is_absolute() or ".." in name.parts or "\\" in info.filename or info.is_dir():
            raise UnusableInput(
                f"{archive.filename} holds a file named {info.filename!r}; it is not a backup that eventcoder wrote."
            )
        target = folder.joinpath(*name.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
            sink.flush()
            os.fsync(sink.fileno())
    for room in ("events", "parts", "releases", "codebook", ".work/readers"):
        (folder / room).mkdir(parents=True, exist_ok=True)
