"""The one place where Parquet parts are written, verified and read; a part never changes once it has its name.

Written to a scratch name, forced to the disk, read back, then linked to a name that is never used again.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.project import Project
from schema.errors import StoreError

if TYPE_CHECKING:
    import pyarrow as pa

PART_ROWS: Final = 122_880
"""Rows of a part at most, one row group; what a fold has to hold in memory."""
PART_FORMAT: Final = 1
SCRATCH: Final = ".writing-"


@dataclass(frozen=True)
class Part:
    """One immutable Parquet file of the dataset or of its history."""

    kind: str
    """events or history."""
    file: str
    rows: int
    bytes: int
    sha256: str
    first_key: int
    last_key: int
    columns: tuple[str, ...]
    part_id: int = 0

    def path(self, project: Project) -> Path:
        """Where the file lies; never outside of the project's own folder, whatever its ledger says."""
        return project.parts_folder / Path(self.file).name


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the disk says while parts are written into one sentence."""
    import pyarrow as pa

    try:
        yield
    except StoreError:
        raise
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise StoreError(
            f"{folder} could not be written or read ({reason}); all saved work is in the ledger: mend the cause, then sync again."
        ) from error


def write_part(
    project: Project, kind: str, number: int, table: pa.Table, filled: Collection[str] = ()
) -> Part:
    """Write a table as a part that is on the disk, verified, and in no manifest yet.

    Columns of `filled` without an empty cell are declared so: a query is spared asking for every cell whether it is there.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    folder = project.parts_folder
    name = f"{kind}-{number:09d}.parquet"
    scratch = folder / f"{SCRATCH}{uuid.uuid4().hex}"
    schema = pa.schema(
        [
            field.with_nullable(field.name not in filled or table[field.name].null_count > 0)
            for field in table.schema
        ],
        {b"eventcoder": f"format {PART_FORMAT}".encode()},
    )
    with disk_errors(folder):
        try:
            pq.write_table(pa.table(table.columns, schema=schema), scratch, **_layout(kind, schema))
            with scratch.open("rb+") as handle:
                os.fsync(handle.fileno())
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            _verify_rows(scratch, table)
            os.link(scratch, folder / name)
            size = scratch.stat().st_size
        finally:
            scratch.unlink(missing_ok=True)
        fsync_folder(folder)
    keys = pc.min_max(table["event_key"]) if table.num_rows else {"min": pa.scalar(0), "max": pa.scalar(0)}
    return Part(
        kind,
        name,
        table.num_rows,
        size,
        digest,
        keys["min"].as_py(),
        keys["max"].as_py(),
        tuple(table.column_names),
    )


def read_part(project: Project, part: Part, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a part; a damaged page is an error, never other data."""
    import pyarrow.parquet as pq

    with disk_errors(project.parts_folder):
        return pq.read_table(
            part.path(project),
            columns=columns and list(columns),
            page_checksum_verification=True,
            partitioning=None,
        )


def fault(project: Project, part: Part) -> str | None:
    """What is wrong with a part's file in one sentence, or None if every byte is as it was written."""
    path = part.path(project)
    try:
        size = path.stat().st_size
        if size != part.bytes:
            return f"{path} has {size} bytes, {part.bytes} were written."
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError:
        return f"{path} is missing."
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."
    return (
        None
        if digest == part.sha256
        else f"{path} is damaged: its checksum is not the one it was written with."
    )


def fsync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_file(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all, durably."""
    scratch = path.with_name(f"{SCRATCH}{uuid.uuid4().hex}")
    try:
        with scratch.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        scratch.replace(path)
    finally:
        with suppress(OSError):
            scratch.unlink()
    fsync_folder(path.parent)


_PLAIN: Final = frozenset({"notes", "event_key", "event_id_cnty", "save_id", "quote"})
"""Columns that hardly repeat: a dictionary would cost them time and room."""


_LONG: Final = frozenset({"notes"})
"""Columns that are most of a row: what packs them tightest is worth its time."""


_PAGE_ROWS: Final = 10 * 2048
"""Rows of a page: whole vectors of DuckDB, since a page that ends inside one costs a query a third more. Larger pages are no
faster, and every thread that reads notes holds some of them unpacked: one page a column took 500 MB more."""


def _layout(kind: str, schema: pa.Schema) -> dict[str, Any]:
    """How a part is written: what DuckDB reads fastest, and what shows damage."""
    packed = {field.name: "zstd" if field.name in _LONG else "snappy" for field in schema}
    return {
        # The dataset is asked all day: its short columns are packed by what unpacks fastest. History is kept small.
        "compression": packed if kind == "events" else "zstd",
        "write_page_checksum": True, "store_schema": False, "row_group_size": PART_ROWS,
        "use_dictionary": [field.name for field in schema if field.name not in _PLAIN],
        # Keys mostly count up by one: as differences they cost a query that leaves out corrected rows next to nothing.
        "column_encoding": {"event_key": "DELTA_BINARY_PACKED"},
        "data_page_size": 1 << 30, "max_rows_per_page": _PAGE_ROWS,
    }  # fmt: skip


def _verify_rows(path: Path, table: pa.Table) -> None:
    import pyarrow.parquet as pq

    keys = pq.read_table(path, columns=["event_key"], page_checksum_verification=True, partitioning=None)[
        "event_key"
    ]
    if not keys.equals(table["event_key"]):
        raise StoreError(
            f"{path.parent} gave back other rows than were written; all saved work is in the ledger."
        )
