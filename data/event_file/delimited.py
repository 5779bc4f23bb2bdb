"""The one place where delimited text (CSV, TSV, semicolons, pipes) becomes a table of raw text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.event_file import limits
from data.event_file.headers import distinct_names, is_closing_line
from data.event_file.layout import Layout, find_layout, notes_on
from data.event_file.records import CLOSING_WHAT, RawTable, ReadOptions, Reject, Repair
from data.event_file.recount import recount
from data.event_file.staging import Staging
from data.event_file.survey import Survey, blocks, survey
from schema.errors import UnusableInput

if TYPE_CHECKING:
    import pyarrow as pa

_TEXT = 2000
"""Characters kept of a record that does not fit."""


def read_delimited(options: ReadOptions) -> RawTable:
    """Read the text file into a staged table."""
    options.progress("looking over the file", 0.0)
    found = survey(options.path)
    layout = find_layout(options.path, found, options.names)
    if found.doubtful:
        _count_again(options.path, found, layout)
    names = distinct_names(layout.header)
    if len(names) > limits.COLUMNS:
        raise UnusableInput(
            f"{options.path.name} has {len(names):,} columns; a table of events has 25 to 60: this is another kind of table."
        )
    parsed = _parse(options, found, layout, len(names))
    return RawTable(
        names=names,
        relation=parsed.staging.relation(),
        types=("VARCHAR",) * len(names),
        records=parsed.staging.rows + len(parsed.rejects),
        rejects=tuple(parsed.rejects),
        repairs=tuple(_repairs(found, layout, parsed)),
        notes=notes_on(layout),
        spelled=True,
    )


def _repairs(found: Survey, layout: Layout, parsed: _Parsed) -> Iterator[Repair]:
    rows = parsed.staging.rows
    if found.encoding == "cp1252":
        yield Repair("text read as Windows-1252 (it is not UTF-8)", rows)
    elif found.encoding.startswith("utf-16"):
        yield Repair("text read as UTF-16", rows)
    elif found.damaged:
        yield Repair("bytes that are no UTF-8 replaced by U+FFFD", max(1, found.bad_bytes))
    if found.stray_cr and parsed.stray_cr:
        yield Repair("carriage returns inside cells read as blanks", parsed.stray_cr)
    if layout.hxl:
        yield Repair("second header row of HXL tags left out", 1)
    if parsed.blank:
        yield Repair("blank rows left out", parsed.blank)
    if parsed.closing:
        yield Repair(CLOSING_WHAT, parsed.closing)
    if parsed.cut_off:
        yield Repair("last row is cut off: what is missing was read as empty", 1)


# --- parsing ------------------------------------------------------------------------------------


def _count_again(path: Path, found: Survey, layout: Layout) -> None:
    text = CleanText(path, replace(found, open_quote=False))
    recount(found, text, layout.separator, backslash=layout.backslash)


def _parse(options: ReadOptions, found: Survey, layout: Layout, width: int) -> _Parsed:
    """Parse; where a record does not fit, once more on one thread, which alone tells the parser's record numbers."""
    import pyarrow as pa

    try:
        for threads in (True, False):
            parsed = _Parsed(options, found, layout, width, threads=threads)
            if parsed.run():
                return parsed
    except pa.ArrowInvalid as error:
        raise UnusableInput(
            f"{options.path.name} cannot be read as a table: {str(error).splitlines()[0][:200]}."
        ) from error
    raise AssertionError("one thread numbers every record")


@dataclass(frozen=True)
class _Bad:
    """A record that does not fit the header, as the parser handed it over."""

    number: int
    expected: int
    cells: int
    text: str


class _Parsed:
    """One run of the parser over the whole file."""

    def __init__(
        self, options: ReadOptions, found: Survey, layout: Layout, width: int, *, threads: bool
    ) -> None:
        self.options, self.found, self.layout, self.width = options, found, layout, width
        self.threads = threads
        self.first = layout.header_record + 1 + int(layout.hxl)
        """Records before the first row of events."""
        self.rejects: list[Reject] = []
        self.blank = 0
        self.stray_cr = 0
        self.cut_off = False
        self.closing = 0
        self._bad: list[_Bad] = []
        self._passed = 0
        """How many of them stand before the rows that were numbered."""
        self._shift = 0
        """Line breaks inside cells so far: line number minus record number."""
        self._record = self.first
        self.staging: Staging

    def run(self) -> bool:
        """Parse the file; False where it has to be done again on one thread."""
        source: Any = self.options.path
        cleaned: CleanText | None = None
        if self.found.needs_cleaning:
            source = cleaned = CleanText(self.options.path, self.found)
        size, done = max(1, self.found.bytes_read), 0
        with Staging(self.options.folder, self.width) as self.staging:
            for batch in self._open(source):
                if self.threads and self._bad:
                    return False
                done += batch.nbytes
                self.options.progress("reading", min(1.0, done / size))
                self._take(batch)
            if self.threads and self._bad:
                return False
            self._take_bad_records()
        if cleaned is not None:
            self.stray_cr = cleaned.replaced
        self._account()
        return True

    def _open(self, source: Any) -> Any:
        import pyarrow as pa
        import pyarrow.csv as pc

        names = [f"c{i}" for i in range(self.width)]
        return pc.open_csv(
            source,
            read_options=pc.ReadOptions(
                column_names=names,
                skip_rows_after_names=self.first,
                block_size=limits.BLOCK_BYTES,
                use_threads=self.threads,
            ),
            parse_options=pc.ParseOptions(
                delimiter=self.layout.separator,
                double_quote=not self.layout.backslash,
                escape_char="\\" if self.layout.backslash else False,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self._set_aside,
            ),
            convert_options=pc.ConvertOptions(
                strings_can_be_null=False, column_types={name: pa.string() for name in names}
            ),
        )

    def _set_aside(self, row: Any) -> str:
        if len(self._bad) >= limits.REJECTS:
            return "error"
        self._bad.append(_Bad(row.number or 0, row.expected_columns, row.actual_columns, row.text[:_TEXT]))
        return "skip"

    def _take(self, batch: pa.RecordBatch) -> None:
        """Number the rows of a batch by the line they begin on, and put them on disk without the blank ones."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        records = self._record_numbers(batch.num_rows)
        lines = records
        if self.found.lines_inside_cells:
            inside = sum(
                pc.count_substring(column, "\n").to_numpy(zero_copy_only=False) for column in batch.columns
            )
            lines = records + self._shift + np.concatenate([[0], np.cumsum(inside)[:-1]])
            self._shift += int(inside.sum())
        staged = pa.record_batch([pa.array(lines, pa.int64()), *batch.columns], schema=self.staging.schema)
        blank = self._blank_rows(batch)
        if blank is not None:
            self.blank += int(pc.sum(blank).as_py())
            staged = staged.filter(pc.invert(blank))
        self.staging.add(staged)

    def _record_numbers(self, count: int) -> Any:
        import numpy as np

        ahead = [row.number for row in self._bad[self._passed :]]
        numbers = np.arange(self._record + 1, self._record + 1 + count + len(ahead), dtype=np.int64)
        numbers = numbers[~np.isin(numbers, ahead)][:count]
        if count:
            self._record = int(numbers[-1])
            self._passed += sum(number < self._record for number in ahead)
        return numbers

    def _blank_rows(self, batch: pa.RecordBatch) -> Any:
        """A mask of rows without any text; None where there is none, which the first cells tell fast."""
        import pyarrow.compute as pc

        mask = None
        for column in batch.columns:
            empty = (
                pc.equal(pc.utf8_trim_whitespace(column), "") if mask is not None else pc.equal(column, "")
            )
            mask = empty if mask is None else pc.and_(mask, empty)
            if not pc.any(mask).as_py():
                return None
        return mask

    def _take_bad_records(self) -> None:
        for row in self._bad:
            last = row.number >= self.found.records
            cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=self.layout.separator), [])
            if not any(cell.strip() for cell in cells):
                self.blank += 1
            elif row.number > self._record and is_closing_line(cells):
                self.closing += 1
            elif last and row.cells < row.expected:
                self.cut_off = True
                self.staging.add_rows([(row.number + self._shift, cells)])
            else:
                self.rejects.append(Reject(row.number, row.cells, row.expected, row.text))
        if self.found.open_quote:
            self.cut_off = True

    def _account(self) -> None:
        """Accepted and rejected rows have to add up to the records counted apart from the parser."""
        read = self.staging.rows + len(self.rejects) + self.blank + self.closing + self.first
        if read != self.found.records:
            _count_again(self.options.path, self.found, self.layout)
        if read != self.found.records:
            raise UnusableInput(
                f"{self.options.path.name}: {self.found.records:,} rows were counted but {read:,} read; its quotation "
                "marks do not pair up: write the file again with every text cell in quotation marks."
            )


class CleanText(io.RawIOBase):
    """A text file's bytes as clean UTF-8: decoded, without stray carriage returns, with the last quotation mark closed."""

    def __init__(self, path: Path, found: Survey) -> None:
        self._blocks = blocks(path, found.encoding)
        self._found = found
        encoding = "cp1252" if found.encoding == "cp1252" else "utf-8"
        codecs.register_error("eventcoder.c1", _as_control)
        self._decoder = codecs.getincrementaldecoder(encoding)(
            "eventcoder.c1" if encoding == "cp1252" else "replace"
        )
        self._ready = b""
        self._open = False
        self._held = b""
        self._ended = False
        self.replaced = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 at the end."""
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; empty at the end."""
        while (size < 0 or len(self._ready) < size) and not self._ended:
            self._ready += self._next()
        if size < 0:
            size = len(self._ready)
        result, self._ready = self._ready[:size], self._ready[size:]
        return result

    def _next(self) -> bytes:
        block = next(self._blocks, None)
        final = block is None
        if self._found.encoding == "cp1252" or self._found.damaged:
            block = self._decoder.decode(block or b"", final=final).encode("utf-8")
        block = self._held + (block or b"")
        self._held = b""
        if not final and block.endswith(b"\r"):
            block, self._held = block[:-1], b"\r"
        clean = self._without_stray_cr(block) if self._found.stray_cr else block
        if final:
            self._ended = True
            if self._found.open_quote:
                clean += b'"\n'
        return clean

    def _without_stray_cr(self, block: bytes) -> bytes:
        import numpy as np

        if not block:
            return block
        codes = np.frombuffer(block, np.uint8).copy()
        quotes = np.flatnonzero(codes == 34)
        at = np.flatnonzero(codes == 13)
        following = codes[np.minimum(at + 1, len(codes) - 1)]
        lone = at[(following != 10) | (at == len(codes) - 1)]
        outside = lone[(np.searchsorted(quotes, lone) + int(self._open)) % 2 == 0]
        codes[outside] = 32
        self.replaced += len(outside)
        self._open = bool((len(quotes) + self._open) % 2)
        return codes.tobytes()


def _as_control(error: UnicodeError) -> tuple[str, int]:
    """The five bytes Windows-1252 leaves out, as Latin-1 has them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(byte) for byte in error.object[error.start : error.end]), error.end
