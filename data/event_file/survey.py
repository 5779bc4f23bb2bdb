"""The one place where a text file's bytes are walked once: its encoding, its records, what would break a parser.

The records are counted here by quotation marks and line ends alone, apart from any parser, so that a parser that
loses one is found out. Memory is one block, whatever the file's size or the length of its lines.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.event_file import limits
from schema.errors import UnusableInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

_QUOTE, _LF, _CR = 34, 10, 13


@dataclass
class Survey:
    """What one walk over the bytes found."""

    name: str
    encoding: str = "utf-8"
    bom: bool = False
    damaged: bool = False
    """UTF-8 but for some bytes, which are shown as U+FFFD."""
    records: int = 0
    """All of them: header and blank lines included."""
    line_ends: int = 0
    cr_ends_lines: bool = False
    """Old Mac files: no LF at all."""
    stray_cr: int = 0
    """CRs outside quotation marks in a file whose lines end with LF."""
    open_quote: bool = False
    doubtful: bool = False
    """Quotation marks that do not pair up or rows without end: to be counted again with more care."""
    bytes_read: int = 0
    inside_quotes: bool = field(default=False, repr=False)
    bytes_since_end: int = field(default=0, repr=False)
    bytes_since_line: int = field(default=0, repr=False)
    multibyte: int = field(default=0, repr=False)
    bad_bytes: int = field(default=0, repr=False)

    @property
    def lines_inside_cells(self) -> bool:
        """Whether some cell holds a line break, so that lines and records are not the same."""
        return self.line_ends >= self.records

    @property
    def needs_cleaning(self) -> bool:
        """Whether the bytes have to be rewritten before a parser may see them."""
        return self.encoding != "utf-8" or self.damaged or self.stray_cr > 0 or self.open_quote


def survey(path: Path) -> Survey:
    """Walk over the file; UnusableInput where it is not text or one line has no end."""
    found = Survey(name=path.name)
    with path.open("rb") as stream:
        head = stream.read(limits.HEAD_BYTES)
    tell_unicode(found, head)
    found.cr_ends_lines = _LF not in head and _CR in head if found.encoding == "utf-8" else False
    decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")("strict")
    for block in blocks(path, found.encoding):
        decoder = _take_encoding(found, block, decoder)
        _take_records(found, block)
    _finish(found, decoder)
    return found


def blocks(path: Path, encoding: str) -> Iterator[bytes]:
    """The file in blocks; UTF-16 comes as UTF-8."""
    with path.open("rb") as stream:
        if not encoding.startswith("utf-16"):
            while block := stream.read(limits.BLOCK_BYTES):
                yield block
            return
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        while block := stream.read(limits.BLOCK_BYTES):
            if text := decoder.decode(block).replace("\ufeff", ""):
                yield text.encode("utf-8", "replace")
        if text := decoder.decode(b"", final=True):
            yield text.encode("utf-8", "replace")


def tell_unicode(found: Survey, head: bytes) -> None:
    """Set the encoding where the first bytes give away UTF-16, or UTF-8 by its mark."""
    if head.startswith(codecs.BOM_UTF8):
        found.bom = True
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found.bom, found.encoding = True, "utf-16"
    elif head[1:2000:2].count(0) > 0.8 * len(head[1:2000:2]) > 4:
        found.encoding = "utf-16-le"
    elif head[0:2000:2].count(0) > 0.8 * len(head[0:2000:2]) > 4:
        found.encoding = "utf-16-be"


def _take_encoding(
    found: Survey, block: bytes, decoder: codecs.IncrementalDecoder
) -> codecs.IncrementalDecoder:
    if (at := block.find(0)) >= 0:
        line = found.line_ends + block.count(b"\n", 0, at) + 1
        raise UnusableInput(
            f"{found.name} holds a NUL byte in line {line:,}: it is damaged or not text; export it again."
        )
    if block.isascii() and not decoder.getstate()[0]:
        return decoder
    try:
        text = decoder.decode(block)
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        text = decoder.decode(block)
    found.multibyte += max(0, len(block) - len(text))
    found.bad_bytes += (
        max(0, text.count("\ufffd") - block.count(b"\xef\xbf\xbd")) if decoder.errors == "replace" else 0
    )
    return decoder


def _take_records(found: Survey, block: bytes) -> None:
    import numpy as np

    codes = np.frombuffer(block, np.uint8)
    end = _CR if found.cr_ends_lines else _LF
    ends = np.flatnonzero(codes == end)
    outside = ends
    if found.inside_quotes or b'"' in block:
        quotes = np.flatnonzero(codes == _QUOTE)
        outside = ends[_closed(ends, quotes, already_open=found.inside_quotes)]
    else:
        quotes = np.empty(0, np.int64)
    if not found.cr_ends_lines and b"\r" in block:
        _take_carriage_returns(found, codes, quotes)
    _take_lengths(found, ends, outside, len(block))
    found.line_ends += len(ends)
    found.records += len(outside)
    found.inside_quotes = bool((len(quotes) + found.inside_quotes) % 2)
    found.bytes_read += len(block)


def _closed(positions: NDArray[Any], quotes: NDArray[Any], *, already_open: bool) -> NDArray[Any]:
    """Which positions stand outside quotation marks: those with an even number of marks before them."""
    import numpy as np

    before = np.searchsorted(quotes, positions) + int(already_open)
    outside: NDArray[Any] = before % 2 == 0
    return outside


def _take_carriage_returns(found: Survey, codes: NDArray[Any], quotes: NDArray[Any]) -> None:
    import numpy as np

    at = np.flatnonzero(codes == _CR)
    following = codes[np.minimum(at + 1, len(codes) - 1)]
    # A CR that ends the block may belong to a CRLF; calling it stray only costs a cleaning pass.
    lone = at[(following != _LF) | (at == len(codes) - 1)]
    if len(lone):
        found.stray_cr += int(_closed(lone, quotes, already_open=found.inside_quotes).sum())


def _take_lengths(found: Survey, ends: NDArray[Any], outside: NDArray[Any], size: int) -> None:
    """Refuse a line without end at once; a row without end may be quotation marks read too simply, see recount."""
    longest, line, found.bytes_since_line = _longest(ends, found.bytes_since_line, size)
    if longest > limits.RECORD_BYTES:
        raise UnusableInput(
            f"{found.name}: line {found.line_ends + line:,} runs on for more than {limits.RECORD_BYTES // 1_000_000} MB: "
            "this is not a table of events."
        )
    longest, _, found.bytes_since_end = _longest(outside, found.bytes_since_end, size)
    found.doubtful = found.doubtful or longest > limits.RECORD_BYTES


def _longest(ends: NDArray[Any], before: int, size: int) -> tuple[int, int, int]:
    """The longest span up to an end or the block's, which one it is (from 1), and what is left after the last end."""
    import numpy as np

    if len(ends) == 0:
        return before + size, 1, before + size
    spans = np.diff(ends, prepend=-1 - before)
    left = size - int(ends[-1]) - 1
    if left > int(spans.max()):
        return left, len(spans) + 1, left
    return int(spans.max()), int(spans.argmax()) + 1, left


def _finish(found: Survey, decoder: codecs.IncrementalDecoder) -> None:
    if found.bytes_since_end > 0:
        found.records += 1
    found.open_quote = found.inside_quotes
    found.doubtful = found.doubtful or found.open_quote
    cut_inside_a_character = bool(decoder.getstate()[0])
    if found.encoding != "utf-8":
        return
    if found.bad_bytes and found.multibyte < 10 * found.bad_bytes:
        found.encoding = "cp1252"
    elif found.bad_bytes or cut_inside_a_character:
        found.damaged = True
