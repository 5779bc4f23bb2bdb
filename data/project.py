"""The one place where a project's folder is made, opened and laid out."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from schema.errors import ProjectError

if TYPE_CHECKING:
    from schema.codebook import Codebook

SETTINGS_FILE: Final = "eventcoder.toml"
_OWN: Final = frozenset(
    {SETTINGS_FILE, "events", "parts", "releases", "codebook", "queries", "damaged", ".work"}
)
"""What a project's folder holds of its own, beside the ledger."""
PROJECT_FORMAT: Final = 1
"""Raised when the layout of the folder changes; the ledger and the Parquet parts have numbers of their own."""

NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "afs",
        "9p",
        "ceph",
        "glusterfs",
        "fuse.sshfs",
        "fuse.glusterfs",
        "lustre",
    }
)


@dataclass(frozen=True)
class Project:
    """One folder with everything a team codes: settings, ledger, dataset, own codebook, releases."""

    folder: Path
    settings: Mapping[str, Any]

    @classmethod
    def create(cls, folder: Path | str, *, name: str | None = None, codebook: str = "acled") -> Project:
        """Make an empty project; the folder may exist if it is empty."""
        folder = Path(folder).expanduser().absolute()
        if (folder / SETTINGS_FILE).exists():
            raise ProjectError(f"{folder} is a project already; open it, or choose another folder.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise ProjectError(f"{folder} is not empty; choose a new or an empty folder for the project.")
            refuse_network(folder)
            for room in ("events", "parts", "releases", "codebook", ".work/readers"):
                (folder / room).mkdir(parents=True, exist_ok=True)
        except ProjectError:
            raise
        except OSError as error:
            raise ProjectError(f"{folder} cannot be made a project: {_why(error)}.") from error
        _write_settings(folder, name or folder.name, codebook)
        project = cls.open(folder)
        from data.ledger import Ledger

        Ledger.open(project).close()
        return project

    @classmethod
    def open(cls, folder: Path | str) -> Project:
        """Open the project in this folder, or say in one sentence why that cannot be."""
        folder = Path(folder).expanduser().absolute()
        settings = _read_settings(folder)
        version = settings.get("format")
        if not isinstance(version, int):
            raise ProjectError(
                f"{folder / SETTINGS_FILE} has no format number; it is not a settings file of a project."
            )
        if version > PROJECT_FORMAT:
            raise ProjectError(
                f"{folder} was made by a newer eventcoder (format {version}, this one reads up to {PROJECT_FORMAT}); "
                "install the newer version to open it."
            )
        refuse_network(folder)
        return cls(folder, settings)

    @property
    def name(self) -> str:
        """The project's name for people."""
        return str(self.settings.get("name") or self.folder.name)

    @property
    def ledger_path(self) -> Path:
        """The SQLite file with all work."""
        return self.folder / "ledger.sqlite"

    @property
    def events_folder(self) -> Path:
        """The folder whose Parquet files are exactly the current dataset; any program may read it."""
        return self.folder / "events"

    @property
    def parts_folder(self) -> Path:
        """Where every Parquet part lives under a name that is never used again."""
        return self.folder / "parts"

    @property
    def releases_folder(self) -> Path:
        """Where the frozen releases stand, one folder each."""
        return self.folder / "releases"

    @property
    def own_codebook_folder(self) -> Path:
        """The project's own additions to its codebook."""
        return self.folder / "codebook"

    def work_file(self, name: str) -> Path:
        """A lock or scratch file of the running programs."""
        return self.folder / ".work" / name

    def codebook(self) -> Codebook:
        """The codebook this project codes by, with its own additions."""
        own = self.own_codebook_folder
        try:
            state = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in own.iterdir()))
        except OSError:
            state = ()
        return _codebook(str(self.settings.get("codebook", "acled")), own if state else None, state)


def owner_of(path: Path) -> Path | None:
    """The project to whose own files this path belongs; None for a free place, in its folder or outside of one.

    A project's folder is where people look for what they exported; its ledger, parts and settings are nobody else's.
    """
    for folder in path.resolve().parents:
        if (folder / SETTINGS_FILE).is_file():
            name = path.resolve().relative_to(folder).parts[0].casefold()
            if name in _OWN or name.startswith("ledger.sqlite"):
                return folder
    return None


@lru_cache(maxsize=8)
def _codebook(name: str, own: Path | None, state: tuple[tuple[str, int], ...]) -> Codebook:
    """A codebook read once; `state` names the files of the project's own part, so that a changed file is read again."""
    from schema.codebook import load_codebook

    del state
    return load_codebook(name, own=own)


def _meant(folder: Path) -> str:
    """The project beside it whose name is most like this one, else how to make one."""
    import difflib

    beside: list[str] = []
    with suppress(OSError):
        beside = [path.parent.name for path in folder.parent.glob(f"*/{SETTINGS_FILE}")]
    near = difflib.get_close_matches(folder.name, beside, n=1)
    if near:
        return f"did you mean {folder.with_name(near[0])}?"
    return f"make a project with: eventcoder new {folder}"


def _read_settings(folder: Path) -> Mapping[str, Any]:
    path = folder / SETTINGS_FILE
    if not folder.is_dir():
        raise ProjectError(f"There is no folder {folder}; {_meant(folder)}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ProjectError(
            f"{folder} is not a project (it has no {SETTINGS_FILE}); make one with: eventcoder new FOLDER"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(
            f"{path} cannot be read as settings: {error}; mend it or restore it from a backup."
        ) from error
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {_why(error)}.") from error


def _write_settings(folder: Path, name: str, codebook: str) -> None:
    import tomli_w

    from data.parts import fsync_folder, write_file

    settings = {
        "format": PROJECT_FORMAT,
        "name": name,
        "codebook": codebook,
        "release": {"submitted_counts_as_approved": "until a second person joins"},
    }
    try:
        write_file(folder / SETTINGS_FILE, tomli_w.dumps(settings).encode())
        fsync_folder(folder.parent)
    except OSError as error:
        raise ProjectError(f"{folder / SETTINGS_FILE} cannot be written: {_why(error)}.") from error


def refuse_network(folder: Path) -> None:
    """Raise where the folder lies on a network file system: a ledger there can be damaged by two machines."""
    kind = file_system(folder)
    if kind in NETWORK_FILE_SYSTEMS:
        raise ProjectError(
            f"{folder} lies on a network file system ({kind}), where a ledger is not safe; keep the project on a "
            "local disk and work on it over SSH, or copy it with: eventcoder backup"
        )


def file_system(folder: Path, mounts: str | None = None) -> str:
    """The kind of file system a folder lies on, as the kernel names it; empty where the system does not tell."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    real = os.path.realpath(folder)
    best, kind = "", ""
    for line in mounts.splitlines():
        _device, mount, fs_kind, *_rest = [*line.split(" "), "", "", ""]
        mount = mount.replace("\\040", " ").replace("\\011", "\t")
        inside = real == mount or real.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, fs_kind
    return kind


def _why(error: OSError) -> str:
    return error.strerror or str(error)
