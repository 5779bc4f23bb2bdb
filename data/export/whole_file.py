"""The one place where an exported file comes to be: complete under its name, or not at all."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data.project import owner_of
from schema.errors import ExportError

_EVERY_S = 0.5
"""How often what is written so far is brought to the disk."""
_DRAFT_END = ".part"
_LEFT_AFTER_S = 3600.0


@contextmanager
def whole_file(out_path: Path, *, overwrite: bool, own: bool = False) -> Iterator[Path]:
    """A path beside `out_path` to write to; it takes the name when the block ends well, and vanishes otherwise.

    `own` says that the project writes one of its own files; nothing else may take their place.
    """
    draft = _draft_beside(out_path)
    try:
        _refuse_early(out_path, overwrite=overwrite, own=own)
        _clear_away(out_path)
        with _written_back(draft):
            yield draft
        _sync(draft)
        _take_the_name(draft, out_path, overwrite=overwrite)
        _sync(out_path.parent)
    except OSError as error:
        if isinstance(error, ExportError):
            raise
        raise ExportError(f"{out_path} cannot be written: {why(error)}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()


@contextmanager
def whole_folder(out_path: Path, *, overwrite: bool) -> Iterator[Path]:
    """As `whole_file`, for a folder of parts; a folder that is there is never replaced, whatever is said."""
    draft = _draft_beside(out_path)
    try:
        _refuse_early(out_path, overwrite=False, own=False)
        _clear_away(out_path)
        yield draft
        draft.mkdir(exist_ok=True)
        for path in sorted(draft.rglob("*"), reverse=True):
            _sync(path)
        _sync(draft)
        draft.rename(out_path)
        _sync(out_path.parent)
    except OSError as error:
        if isinstance(error, ExportError):
            raise
        raise ExportError(f"{out_path} cannot be written: {why(error)}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft_beside(out_path: Path) -> Path:
    return out_path.with_name(f"{_draft_head(out_path)}{secrets.token_hex(4)}{_DRAFT_END}")


def _draft_head(out_path: Path) -> str:
    return f".{out_path.name[:80]}."


def _clear_away(out_path: Path) -> None:
    """Remove what a killed program left of a file of this name; a draft that grew in the last hour may still be written."""
    for left in out_path.parent.glob(f"{glob.escape(_draft_head(out_path))}????????{_DRAFT_END}*"):
        with suppress(OSError):
            files = [left, *left.rglob("*")] if left.is_dir() else [left]
            if max(file.stat().st_mtime for file in files) > time.time() - _LEFT_AFTER_S:
                continue
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _refuse_early(out_path: Path, *, overwrite: bool, own: bool) -> None:
    folder = out_path.parent
    if not own and (project := owner_of(out_path)) is not None:
        raise ExportError(
            f"{out_path} cannot be written: that place belongs to the project {project} itself; choose another folder."
        )
    if not folder.is_dir():
        raise ExportError(
            f"{out_path} cannot be written: the folder {folder} does not exist; make it or choose another."
        )
    if out_path.is_dir():
        raise ExportError(
            f"{out_path} is a folder and stays as it is; name a new file (for parts: a new folder)."
        )
    if not os.access(folder, os.W_OK):
        raise ExportError(
            f"{out_path} cannot be written: you may not write to {folder}; choose another folder."
        )
    if os.path.lexists(out_path) and not overwrite:
        raise ExportError(_is_there(out_path))


def _is_there(out_path: Path) -> str:
    return f"{out_path} is there already and stays as it is; choose another name, or say to overwrite it (--overwrite)."


def _take_the_name(draft: Path, out_path: Path, *, overwrite: bool) -> None:
    if overwrite:
        draft.replace(out_path)
        return
    try:
        os.link(draft, out_path)
    except FileExistsError as error:
        raise ExportError(_is_there(out_path)) from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        # File systems without hard links: claim the name first, so that nobody else's file is replaced.
        try:
            os.close(os.open(out_path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except FileExistsError as taken:
            raise ExportError(_is_there(out_path)) from taken
        draft.replace(out_path)


@contextmanager
def _written_back(draft: Path) -> Iterator[None]:
    """Let the disk take what is written while the rest is worked out: a large file forced to it at the end waits for all."""
    done = threading.Event()

    def write_back() -> None:
        while not done.wait(_EVERY_S):
            with suppress(OSError):  # the last sync tells what is wrong
                _sync(draft)

    beside = threading.Thread(target=write_back, name="write back", daemon=True)
    beside.start()
    try:
        yield
    finally:
        done.set()
        beside.join()


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def why(error: OSError) -> str:
    """The system's reason in plain words."""
    words = {
        errno.EACCES: "you may not write there",
        errno.EPERM: "you may not write there",
        errno.EROFS: "the disk can only be read",
        errno.ENOSPC: "the disk is full",
        errno.ENAMETOOLONG: "the name is too long",
        errno.EINVAL: "the name is not allowed there",
    }
    return words.get(error.errno or 0, error.strerror or str(error))
