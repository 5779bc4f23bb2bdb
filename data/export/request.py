"""The one place where it is said what an export is asked to be, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from schema.errors import ExportError

DateStyle = Literal["iso", "acled"]
InterCodes = Literal["text", "numeric"]
Columns = Literal["acled", "all"]

_SUFFIXES = {
    ".csv": "csv",
    ".parquet": "parquet",
}


@dataclass(frozen=True)
class ExportRequest:
    """What to write and how; each format reads the options that concern it."""

    out_path: Path
    format: str
    where: str | None = None
    overwrite: bool = False
    date_style: DateStyle = "iso"
    """`iso` writes 2024-12-05, `acled` 05 December 2024 as ACLED's own CSV tool does (CSV and XLSX only)."""
    inter_codes: InterCodes = "text"
    """`numeric` writes the codes 1-8 and two-digit interactions of exports before late 2024."""
    columns: Columns = "acled"
    """`acled` the 31 columns of a current export, `all` also the project's own and the house columns."""
    neutralise: bool = True
    """CSV: put an apostrophe before text that spreadsheet programs would run as a formula; `exact_text` takes it away."""
    bom: bool = False
    """CSV: begin with a byte-order mark, by which spreadsheet programs know UTF-8."""


@dataclass(frozen=True)
class ExportReport:
    """What was written."""

    rows: int
    path: Path
    filter: str
    """The condition that was used; empty for every event."""
    format: str
    neutralised: int = 0
    """Cells that got an apostrophe so that no spreadsheet program runs them."""
    notes: tuple[str, ...] = ()
    """Sentences about what the format could not carry."""

    def __str__(self) -> str:
        which = f" where {self.filter}" if self.filter else ""
        lines = [f"{self.rows:,} event{'' if self.rows == 1 else 's'}{which} written to {self.path}"]
        return "\n".join([*lines, *self.notes])


def formats() -> tuple[str, ...]:
    """The names of the formats, for `--format` and for sentences."""
    return tuple(dict.fromkeys(_SUFFIXES.values()))


def format_of(out_path: Path, named: str | None = None) -> str:
    """The format that was named, or the one the file's name tells."""
    if named is not None:
        if named not in formats():
            raise ExportError(f"There is no export format '{named}'; choose one of {', '.join(formats())}.")
        return named
    for suffix, found in sorted(_SUFFIXES.items(), key=lambda item: -len(item[0])):
        if out_path.name.casefold().endswith(suffix):
            return found
    raise ExportError(
        f"{out_path.name} does not tell its format; end the name in one of {', '.join(_SUFFIXES)}, or name a format."
    )
