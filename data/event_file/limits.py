"""The one place where the bounds stand that keep a hostile or damaged file from taking the machine."""

from __future__ import annotations

RECORD_BYTES = 2_000_000
"""One row of text; the longest real one has 5,000 characters, an unclosed quotation mark makes it endless."""
COLUMNS = 500
"""Real exports have 25 to 60 columns."""
BLOCK_BYTES = 4 << 20
"""Text read at a time; more than twice a record, so that no record outgrows a block."""
HEAD_BYTES = 256 << 10
"""Text in which separator and header are looked for."""
ROWS = 100_000_000
"""The world's largest event dataset has 3 million rows."""
SHEET_BYTES = 4 << 30
"""Unpacked size of a workbook's largest member; a full sheet of events has 1 to 2 GB."""
SHARED_STRING_BYTES = 400 << 20
"""Unpacked size of a workbook's shared strings, which have to stand in memory."""
SHEET_RATIO = 200
"""Unpacked to packed size of a member; real sheets reach 40."""
JSON_OBJECT_BYTES = 4 << 20
"""One event in JSON."""
UNCOMPRESSED_RATIO = 5_000
"""Declared unpacked size of a Parquet file to its size on disk."""
REJECTS = 200_000
"""Rows with the wrong number of cells; a file with more is laid out in another way than its header says."""
