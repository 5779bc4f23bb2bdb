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
from data.event_file.headers import distinct_names, header_position, is_hxl_row, match_columns, squash
from data.event_file.records import RawTable, ReadOptions, Repair
from data.event_file.sheet_xml import Sheet, Workbook
from data.event_file.staging import Staging
from data.event_file.vintages import load_vintages
from schema.errors import UnusableInput

_FORMULA = re.compile(rb"<(?:x:)?c r=\"([A-Z]{1,3}[0-9]{1,7})\"[^>]*><(?:x:)?f[ />]")
_NO_RESULT = re.compile(
    rb"<(?:x:)?f(?:/>|(?: [^>]*)?/>|[ >][^<]*</(?:x:)?f>)(?:<(?:x:)?v ?/>|<(?:x:)?v></(?:x:)?v>)?</(?:x:)?c>"
)
_HEAD_ROWS = 20
_ID = "event_id_cnty"


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
        relation=f"{staging.relation()} WHERE {rows.wanted()}",
        types=("VARCHAR",) * len(names),
        records=staging.rows - rows.copied,
        repairs=tuple(repairs),
        notes=(*rows.notes(), *notes),
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
    """A table on a sheet: the row its header stands in, the header, and whether that is one of events."""

    sheet: Sheet
    header_row: int
    header: tuple[str | None, ...]
    of_events: bool

    @property
    def name(self) -> str:
        """The name on the tab, in quotes."""
        return repr(self.sheet.name)


def _events_tables(
    book: Workbook, path: Path, known: Collection[str]
) -> tuple[list[_Table], tuple[str, ...]]:
    """The sheets with one header of events, else the first sheet with cells; and what to say of those left out."""
    shown = [found for sheet in book.sheets if not sheet.hidden and (found := _table(book, sheet, known))]
    hidden = [found for sheet in book.sheets if sheet.hidden and (found := _table(book, sheet, known))]
    events = [table for table in shown if table.of_events]
    passed_over = [table.name for table in hidden if table.of_events]
    if passed_over and not events:
        raise UnusableInput(
            f"{path.name} has events on a hidden sheet only ({', '.join(passed_over)}): unhide it in Excel and save."
        )
    if not shown:
        raise UnusableInput(f"{path.name} is empty: no sheet that is shown has a header and rows.")
    first = events[0] if events else shown[0]
    same = [table for table in events if _squashed(table) == _squashed(first)] or [first]
    other = [table.name for table in events if table not in same]
    told = [_left_out(other, "has other columns", "have other columns", "save {} as a file of its own")]
    told.append(_left_out(passed_over, "is hidden", "are hidden", "unhide {} if its events count"))
    return same, tuple(line for line in told if line)


def _table(book: Workbook, sheet: Sheet, known: Collection[str]) -> _Table | None:
    """What the first rows of a sheet say of it; None where they are empty."""
    head = list(islice(book.rows(sheet), _HEAD_ROWS))
    texts = [[cell or "" for cell in row] for _, row in head]
    position = header_position(texts, known)
    filled = next((i for i, row in enumerate(texts) if any(cell.strip() for cell in row)), None)
    at = position if position is not None else filled
    if at is None:
        return None
    return _Table(sheet, head[at][0], tuple(_without_empty_end(head[at][1])), position is not None)


def _left_out(names: Sequence[str], one: str, several: str, advice: str) -> str:
    """One sentence on sheets that were not read; empty where there are none."""
    if not names:
        return ""
    why, it = (f"{one} and was", "it") if len(names) == 1 else (f"{several} and were", "each")
    return f"{', '.join(names)} {why} not read: {advice.format(it)}"


def _squashed(table: _Table) -> tuple[str, ...]:
    return tuple(squash(cell or "") for cell in table.header)


def _without_empty_end(cells: Sequence[str | None]) -> Sequence[str | None]:
    width = max((i for i, cell in enumerate(cells, start=1) if cell and cell.strip()), default=0)
    return cells[:width]


class _Rows:
    """The rows under the headers, with the number Excel shows beside them; those of further sheets are numbered on.

    A sheet that holds half of its rows, or of those before it, once more is a copy of them (cleaned, or a backup):
    that shows when it has been read, so its rows are named by `wanted` for leaving out.
    """

    def __init__(self, book: Workbook, tables: Sequence[_Table], width: int, options: ReadOptions) -> None:
        self.book, self.tables, self.width = book, tables, width
        self.progress = options.progress
        self.blank = 0
        self.hxl = False
        self.copied = 0
        """Rows of sheets that are copies."""
        self._begins: list[str] = []
        self._copies: list[tuple[str, int, int]] = []
        """Tab, and the numbers before its first row and of its last."""
        self._seen: set[int] = set()
        self._id_at = match_columns(
            [cell or "" for cell in tables[0].header], [_ID], load_vintages().aliases
        ).get(_ID)

    def notes(self) -> tuple[str, ...]:
        """Which sheets were read, and which are copies; known once they were."""
        if len(self.book.sheets) == 1:
            return ()
        read = (
            f"sheet {self.tables[0].name} was read"
            if len(self._begins) == 1
            else f"sheets were read as one table, rows numbered on: {', '.join(self._begins)}"
        )
        told = _left_out(
            [name for name, *_ in self._copies],
            "repeats rows of a sheet before it",
            "repeat rows of a sheet before them",
            "save {} as a file of its own if it is the one that counts",
        )
        return (read, told) if told else (read,)

    def wanted(self) -> str:
        """SQL for the rows that are no copies."""
        return " AND ".join(["true", *(f"NOT line BETWEEN {a + 1} AND {b}" for _, a, b in self._copies)])

    def __iter__(self) -> Iterator[tuple[int, list[str | None]]]:
        last = self.tables[0].header_row
        for table in self.tables:
            begin, before, blank = last, last - table.header_row, self.blank
            keys: list[int] = []
            for number, cells in self._rows(table):
                last = number + before
                if len(self.tables) > 1:
                    keys.append(self._key(cells))
                yield last, cells
            if self._is_copy(keys):
                self._copies.append((table.name, begin, last))
                self.copied += len(keys)
                self.blank = blank
                continue
            self._begins.append(f"{table.name} from row {begin + 1:,}")
            self._seen.update(keys)

    def _is_copy(self, keys: list[int]) -> bool:
        shared = sum(key in self._seen for key in keys)
        return shared > 0 and 2 * shared >= min(len(keys), len(self._seen))

    def _key(self, cells: Sequence[str | None]) -> int:
        """What tells a row from others: its id, else all its cells; as a number, for there may be millions."""
        name = cells[self._id_at] if self._id_at is not None and self._id_at < len(cells) else None
        return hash(name.strip() if name and name.strip() else tuple(_without_empty_end(cells)))

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
