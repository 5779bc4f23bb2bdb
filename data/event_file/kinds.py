"""The one place where a file's format is told, by its content first and by its name where content cannot tell."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from schema.errors import UnusableInput


class Kind(StrEnum):
    """The formats events are read from."""

    DELIMITED = "delimited text"
    WORKBOOK = "Excel workbook"
    PARQUET = "Parquet"
    JSON = "JSON"


_BY_SUFFIX = {
    ".csv": Kind.DELIMITED,
    ".tsv": Kind.DELIMITED,
    ".tab": Kind.DELIMITED,
    ".txt": Kind.DELIMITED,
    ".xlsx": Kind.WORKBOOK,
    ".xlsm": Kind.WORKBOOK,
    ".parquet": Kind.PARQUET,
    ".pq": Kind.PARQUET,
    ".json": Kind.JSON,
    ".jsonl": Kind.JSON,
    ".ndjson": Kind.JSON,
    ".geojson": Kind.JSON,
}

_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0",
        "is a workbook of the old Excel format (.xls) or locked by a password: save it as plain .xlsx or CSV",
    ),
    (b"\x1f\x8b", "is compressed with gzip: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd: unpack it first"),
    (b"BZh", "is compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "is compressed with xz: unpack it first"),
    (b"7z\xbc\xaf", "is a 7z archive: unpack it first"),
    (b"Rar!", "is a RAR archive: unpack it first"),
    (b"SQLite format 3\x00", "is an SQLite database: export its table of events as CSV"),
    (b"%PDF", "is a PDF document: export the events as CSV, XLSX or Parquet"),
    (b"\x89PNG", "is a picture: give a table of events"),
    (b"\xff\xd8\xff", "is a picture: give a table of events"),
    (b"GIF8", "is a picture: give a table of events"),
    (b"\x7fELF", "is a program: give a table of events"),
    (b"MZ\x90", "is a program: give a table of events"),
    (b"ARROW1", "is an Arrow (Feather) file: write it as Parquet or CSV"),
    (b"<stata_dta>", "is a Stata file: export it as CSV"),
    (b"$FL2", "is an SPSS file: export it as CSV"),
)


def kind_of(path: Path) -> Kind:
    """The format of the file at `path`; UnusableInput where it is none we read."""
    head = _head(path)
    suffix = path.suffix.lower()
    named = _BY_SUFFIX.get(suffix)
    if head[:4] == b"PK\x03\x04" or head[:4] == b"PK\x05\x06":
        return _archive(path, named)
    if head[:4] == b"PAR1":
        return Kind.PARQUET
    for magic, sentence in _FOREIGN:
        if head.startswith(magic):
            raise UnusableInput(f"{path.name} {sentence}.")
    if named in {Kind.WORKBOOK, Kind.PARQUET}:
        raise UnusableInput(_misnamed(path, named, head))
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:9].lower().startswith((b"<!doctype", b"<html")):
        raise UnusableInput(
            f"{path.name} is a web page, not a table: the download most likely answered with a log-in or error page."
        )
    if text[:5] == b"<?xml":
        raise UnusableInput(f"{path.name} is XML: fetch it as CSV or JSON.")
    if named is Kind.JSON or text[:1] in {b"{", b"["}:
        return Kind.JSON
    return Kind.DELIMITED


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnusableInput(f"{path} is a folder: give one file of events.")
        if not path.exists():
            raise UnusableInput(f"There is no file {path}.")
        if not path.is_file():
            raise UnusableInput(f"{path} is not an ordinary file: write the events to one first.")
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise UnusableInput(f"{path} cannot be read: {os.strerror(error.errno or 0)}.") from error
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise UnusableInput(f"{path.name} is empty: it has no header and no rows.")
    return head


def _archive(path: Path, named: Kind | None) -> Kind:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnusableInput(f"{path.name} is a damaged or cut-off archive: fetch it again.") from error
    if "[Content_Types].xml" in members and any(name.startswith("xl/") for name in members):
        if named in {None, Kind.WORKBOOK}:
            return Kind.WORKBOOK
        raise UnusableInput(f"{path.name} is an Excel workbook by its content: name it .xlsx.")
    raise UnusableInput(f"{path.name} is a zip archive: unpack it and give the table of events inside.")


def _misnamed(path: Path, named: Kind, head: bytes) -> str:
    if b"\x00" not in head:
        like = "JSON" if head.lstrip()[:1] in {b"{", b"["} else "CSV"
        return (
            f"{path.name} is named like {_article(named)} but holds plain text: "
            f"name it .{like.lower()} to have it read as {like}."
        )
    return f"{path.name} is named like {_article(named)} but is none: it is damaged or another format; export it again."


def _article(kind: Kind) -> str:
    return "a Parquet file" if kind is Kind.PARQUET else "an Excel workbook"
