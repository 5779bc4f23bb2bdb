"""The one place where Excel workbooks become a table of raw text: the stored values, never a formula worked out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from data.event_file import limits
from data.event_file.headers import distinct_names, header_position, is_hxl_row, squash
from data.event_file.records import RawTable, ReadOptions, Repair
from data.event_file.sheet_xml import Sheet, Workbook
from data.event_file.staging import Staging
from schema.errors import UnusableInput

_FORMULA = re.compile(rb"<(?:x:)?c r=\"([A-Z]{1,3}[0-9]{1,7})\"[^>]*><(?:x:)?f[ />]")
_NO_RESULT = re.compile(
    rb"<(?:x:)?f(?:/>|(?: [^>]*)?/>|[ >][^<]*</(?:x:)?f>)(?:<(?:x:)?v ?/>|<(?:x:)?v></(?:x:)?v>)?</(?:x:)?c>"
)
_HEAD_ROWS = 20


def read_workbook(options: ReadOptions) -> RawTable:
    """Read the sheet of events into a staged table."""
    options.progress("looking over the file", 0.0)
    formulas = _inspect(options.path)
    with _whole(options.path), Workbook(options.path) as book:
        tables, notes = _events_tables(book, options.path, options.names)
        names = distinct_names(tables[0].header)
        if len(names) > limits.COLUMNS:
            raise UnusableInput(
                f"{options.path.name} has {len(names):,} columns; a table of events has 25 to 60: "
                "this is another kind of table."
            )
        rows = _Rows(book, tables, len(names), options)
        with Staging(options.folder, len(names)) as staging:
            staging.add_rows(rows)
    repairs = []
    if formulas:
        repairs.append(Repair("formulas: the result stored in the workbook was taken", formulas))
    if rows.hxl:
        repairs.append(Repair("second header row of HXL tags left out", 1))
    if rows.blank:
        repairs.append(Repair("blank rows left out", rows.blank))
    return RawTable(
        names=names,
        relation=staging.relation(),
        types=("VARCHAR",) * len(names),
        records=staging.rows,
        repairs=tuple(repairs),
        notes=(*notes, *rows.notes()),
    )


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Damage that shows while reading, as one sentence."""
    from lxml.etree import XMLSyntaxError

    try:
        yield
    except (
        XMLSyntaxError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        IndexError,
        ValueError,
    ) as error:
        if isinstance(error, UnusableInput):
            raise
        raise UnusableInput(
            f"{path.name} is a damaged workbook: open it in Excel and save it again, or export CSV."
        ) from error


# --- what the archive holds ---------------------------------------------------------------------


def _inspect(path: Path) -> int:
    """Refuse archives that would unpack without bound or hold formulas without results; the number of formula cells."""
    formulas = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                _refuse_bomb(path, member)
                if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                    formulas += _formulas(path, archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, UnusableInput):
            raise
        raise UnusableInput(
            f"{path.name} is a damaged or protected workbook: open it in Excel and save it again, without a password."
        ) from error
    return formulas


def _refuse_bomb(path: Path, member: zipfile.ZipInfo) -> None:
    strings = member.filename.endswith("sharedStrings.xml")
    bound = limits.SHARED_STRING_BYTES if strings else limits.SHEET_BYTES
    ratio = member.file_size / max(1, member.compress_size)
    if member.file_size > bound or (ratio > limits.SHEET_RATIO and member.file_size > 50 << 20):
        raise UnusableInput(
            f"{path.name} would unpack to {member.file_size / 1e9:.1f} GB from {member.compress_size / 1e6:.1f} MB: "
            "this is no ordinary workbook; export the events as CSV or Parquet."
        )


def _formulas(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    count, tail = 0, b""
    with archive.open(member) as stream:
        while block := stream.read(1 << 20):
            text = tail + block
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise UnusableInput(
                    f"{path.name} declares XML entities, which no workbook needs: export it again."
                )
            cut = text.rfind(b"</c>") + 4
            whole, tail = (text[:cut], text[cut:]) if cut > 3 else (b"", text)
            if len(tail) > limits.RECORD_BYTES:
                raise UnusableInput(f"{path.name} has a cell of more than 2 MB: this is no table of events.")
            if b"<f" not in whole and b":f" not in whole:
                continue
            found = _FORMULA.findall(whole)
            count += len(found)
            if found and _NO_RESULT.search(whole):
                raise UnusableInput(
                    f"{path.name}: cell {found[0].decode()} of {Path(member.filename).stem} holds a formula without a stored "
                    "result: open it in Excel, paste the columns as values, and save."
                )
    return count


# --- sheets and rows ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """A table on a sheet: the row its header stands in, and the header."""

    sheet: Sheet
    header_row: int
    header: tuple[str | None, ...]


def _events_tables(
    book: Workbook, path: Path, known: Collection[str]
) -> tuple[list[_Table], tuple[str, ...]]:
    """The sheets that go on under one header of events, else the first sheet with cells; and what to say of it."""
    events: list[_Table] = []
    fallback: _Table | None = None
    for sheet in book.sheets:
        head = list(islice(book.rows(sheet), _HEAD_ROWS))
        texts = [[cell or "" for cell in row] for _, row in head]
        position = header_position(texts, known)
        filled = next((i for i, row in enumerate(texts) if any(cell.strip() for cell in row)), None)
        at = position if position is not None else filled
        if at is None:
            continue
        table = _Table(sheet, head[at][0], tuple(_without_empty_end(head[at][1])))
        if position is not None:
            events.append(table)
        fallback = fallback or table
    if fallback is None:
        raise UnusableInput(f"{path.name} is empty: no sheet has a header and rows.")
    first = events[0] if events else fallback
    same = [table for table in events if _squashed(table) == _squashed(first)] or [first]
    other = [repr(table.sheet.name) for table in events if table not in same]
    if len(book.sheets) == 1:
        return same, ()
    told = [f"sheet {first.sheet.name!r} was read"] if len(same) == 1 else []
    if other:
        told.append(
            f"{', '.join(other)} has other columns and was not read: save it as a file of its own"
            if len(other) == 1
            else f"{', '.join(other)} have other columns and were not read: save each as a file of its own"
        )
    return same, tuple(told)


def _squashed(table: _Table) -> tuple[str, ...]:
    return tuple(squash(cell or "") for cell in table.header)


def _without_empty_end(cells: Sequence[str | None]) -> Sequence[str | None]:
    width = max((i for i, cell in enumerate(cells, start=1) if cell and cell.strip()), default=0)
    return cells[:width]


class _Rows:
    """The rows under the headers, with the number Excel shows beside them; those of further sheets are numbered on."""

    def __init__(self, book: Workbook, tables: Sequence[_Table], width: int, options: ReadOptions) -> None:
        self.book, self.tables, self.width = book, tables, width
        self.progress = options.progress
        self.blank = 0
        self.hxl = False
        self._begins: list[str] = []

    def notes(self) -> tuple[str, ...]:
        """Which sheets were read after another; known once they are."""
        if len(self.tables) == 1:
            return ()
        return (f"sheets were read as one table, rows numbered on: {', '.join(self._begins)}",)

    def __iter__(self) -> Iterator[tuple[int, list[str | None]]]:
        last = self.tables[0].header_row
        for table in self.tables:
            before = last - table.header_row
            self._begins.append(f"{table.sheet.name!r} from row {last + 1:,}")
            for number, cells in self._rows(table):
                last = number + before
                yield last, cells

    def _rows(self, table: _Table) -> Iterator[tuple[int, list[str | None]]]:
        blanks_before_text = 0
        for number, row in self.book.rows(table.sheet):
            if number <= table.header_row:
                continue
            cells = row[: self.width]
            if number == table.header_row + 1 and is_hxl_row(cells):
                self.hxl = True
                continue
            if not any(cell and cell.strip() for cell in cells):
                blanks_before_text += 1
                continue
            # Blank rows under the table are no rows; those between rows are told.
            self.blank, blanks_before_text = self.blank + blanks_before_text, 0
            if number % 1000 == 0:
                self.progress("reading", min(1.0, number / 1_048_576))
            yield number, cells
