"""The one place where processes on one machine take turns: advisory locks that die with their process.

A lock file is never deleted: a deleted one could be locked by two programs at once under one name.
"""

from __future__ import annotations

import fcntl
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from schema.errors import StoreError

PATIENCE_S = 60.0
"""How long a program waits for its turn before it says who is in the way."""


class Lock:
    """One lock file, opened once and taken many times; each thread opens its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def close(self) -> None:
        """Give the file back; a held lock is released."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    @contextmanager
    def held(self, patience_s: float = PATIENCE_S) -> Iterator[None]:
        """Hold the lock alone, waiting for others to finish."""
        if not self._take(patience_s):
            raise StoreError(
                f"Another program ({self._holder()}) has kept {self.path.name} of this project busy for "
                f"{patience_s:.0f} s; wait for it or end it, then try again."
            )
        try:
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    @contextmanager
    def held_if_free(self) -> Iterator[bool]:
        """Hold the lock if nobody does; yields whether it is held."""
        taken = self._take(0)
        try:
            yield taken
        finally:
            if taken:
                fcntl.flock(self._handle, fcntl.LOCK_UN)

    def _take(self, patience_s: float) -> bool:
        give_up = time.monotonic() + patience_s
        pause = 0.0002
        while True:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    return False
                # A little chance in the pause keeps fifty waiting writers from knocking in step.
                time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
                pause = min(pause * 1.5, 0.01)
            else:
                self._sign()
                return True

    def _sign(self) -> None:
        # Who holds the lock is told for people only; a full disk must not keep it from being held.
        with suppress(OSError):
            os.pwrite(self._handle, f"{os.getpid():<20}\n".encode(), 0)

    def _holder(self) -> str:
        text = os.pread(self._handle, 32, 0).decode("ascii", "replace").strip()
        return f"process {text}" if text else "unknown process"


class SharedLock:
    """Held by readers for as long as they read; a writer asks `is_free` before it takes a file away."""

    def __init__(self, path: Path) -> None:
        self._handle = -1
        self._handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def close(self) -> None:
        """Stop reading."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def __enter__(self) -> SharedLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock file of this path now."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
