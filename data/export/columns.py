"""The one place where the column order of a current ACLED export is taken from its codebook."""

from __future__ import annotations

from schema.codebook import load_codebook

_COLUMNS = tuple(column for column in load_codebook("acled").columns if not column.optional)

ACLED_COLUMNS: tuple[str, ...] = tuple(column.name for column in _COLUMNS)
"""The 31 columns of a current export, in order."""

LIST_COLUMNS: tuple[str, ...] = tuple(column.name for column in _COLUMNS if column.kind == "list")
"""Columns that hold several values joined by '; '."""
