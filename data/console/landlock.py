"""The one place where the kernel is told which files this process may read: Landlock, by three system calls.

The rights can only shrink, hold for every thread started afterwards, and need no privilege. DuckDB starts I/O
threads when it connects, so `confine` has to run before that.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.project import Project

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_ABI_QUERY = 1
_NO_NEW_PRIVS = 38

_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_FILE_RIGHTS_BY_ABI = {
    1: (1 << 13) - 1,
    2: (1 << 14) - 1,
    3: (1 << 15) - 1,
    4: (1 << 15) - 1,
    5: (1 << 16) - 1,
}
_TCP_RIGHTS = 0b11
_SCOPES = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The kernel's Landlock version; 0 where there is none (other systems, old kernels, some containers)."""
    if sys.platform != "linux":
        return 0
    version = int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, _ABI_QUERY))
    return max(version, 0)


def confine(readable: Iterable[Path]) -> bool:
    """Allow reading beneath `readable` and nothing else: no writes, no new files, no TCP. False without Landlock."""
    version = abi()
    if version == 0:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    ruleset = _Ruleset(
        files=_FILE_RIGHTS_BY_ABI[min(version, 5)],
        net=_TCP_RIGHTS if version >= 4 else 0,
        scoped=_SCOPES if version >= 6 else 0,
    )
    handle = libc.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.sizeof(ruleset), 0)
    if handle < 0:
        return False
    try:
        for path in readable:
            _allow_reading(libc, handle, path)
        if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(libc.syscall(_RESTRICT_SELF, handle, 0) == 0)
    finally:
        os.close(handle)


def _allow_reading(libc: ctypes.CDLL, handle: int, path: Path) -> None:
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rights = _READ_FILE | (_READ_DIR | _EXECUTE if path.is_dir() else 0)
            rule = _Beneath(allowed=rights, parent=descriptor)
            if libc.syscall(_ADD_RULE, handle, _RULE_PATH_BENEATH, ctypes.byref(rule), 0) != 0:
                raise OSError(ctypes.get_errno(), "Landlock refused a rule", str(path))
        finally:
            os.close(descriptor)


def interpreter_paths() -> list[Path]:
    """What the interpreter, its libraries and DuckDB itself read while running."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    # libraries may stand outside the prefix: a distribution's own, or another environment's by a .pth file
    prefixes |= {text for text in sys.path if text.endswith(("site-packages", "dist-packages"))}
    system = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/urandom"]
    kernel = ["/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/sys/fs/cgroup", "/sys/devices/system"]
    return [Path(text) for text in (*sorted(prefixes), *system, *kernel)]


def dataset_paths(project: Project) -> list[Path]:
    """The folders with the project's Parquet files, as the kernel sees them."""
    return [folder.resolve() for folder in (project.events_folder, project.parts_folder) if folder.is_dir()]
