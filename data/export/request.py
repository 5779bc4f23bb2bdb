"""The one place where it is said what an export is asked to be, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from schema.errors import ExportError

if TYPE_CHECKING:
    import duckdb

    from data.export.selection import Selection
    from schema.codebook import Codebook

DateStyle = Literal["iso", "acled"]
InterCodes = Literal["text", "numeric"]
Columns = Literal["acled", "all"]
Rows = Literal["events", "actors", "ged", "articles", "evidence"]

SUFFIXES = {
    ".csv": "csv",
    ".hxl.csv": "hxl",
    ".parquet": "parquet",
    ".geo.parquet": "geoparquet",
    ".geoparquet": "geoparquet",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".geojson": "geojson",
    ".dta": "stata",
    ".sav": "spss",
    ".zip": "datapackage",
}
"""What a file's name tells of its format; the longest fitting ending counts."""


@dataclass(frozen=True)
class ExportRequest:
    """What to write and how; each format reads the options that concern it."""

    out_path: Path
    format: str
    where: str | None = None
    overwrite: bool = False
    rows: Rows = "events"
    """`events`, one row an event; `actors`, one row an actor of an event (ACLED's monadic export); `ged`, UCDP
    GED-like; `articles`, which article tells which event; `evidence`, the words each value rests on."""
    date_style: DateStyle = "iso"
    """`iso` writes 2024-12-05, `acled` 05 December 2024 as ACLED's own CSV tool does (CSV and HXL)."""
    inter_codes: InterCodes = "text"
    """`numeric` writes the codes 1-8 and two-digit interactions of exports before late 2024."""
    columns: Columns = "acled"
    """`acled` the 31 columns of a current export, `all` also the project's own and the house columns."""
    neutralise: bool = True
    """CSV: put an apostrophe before text that spreadsheet programs would run as a formula; `exact_text` takes it away."""
    bom: bool = False
    """CSV: begin with a byte-order mark, by which spreadsheet programs know UTF-8."""
    partition_by: tuple[str, ...] = ()
    """Parquet: write a folder with one part for each value of these columns (Hive names, country=Syria/)."""


@dataclass(frozen=True)
class Job:
    """One export on its way: the open store, what was selected, and what was asked."""

    con: duckdb.DuckDBPyConnection
    selection: Selection
    request: ExportRequest
    codebook: Codebook

    def report(self, rows: int, *, neutralised: int = 0, notes: tuple[str, ...] = ()) -> ExportReport:
        """What was written, with what the selection had to leave out."""
        said = (*self.selection.notes, *notes)
        request, condition = self.request, self.selection.filter.text
        return ExportReport(
            rows, request.out_path, condition, request.format, neutralised, said, request.rows
        )


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
    notes: tuple[str, ...] = field(default=())
    """Sentences about what the format could not carry."""
    kind: Rows = "events"

    def __str__(self) -> str:
        noun = {
            "events": "event",
            "ged": "event",
            "articles": "article of an event",
            "actors": "actor row",
        }.get(self.kind, "row")
        which = f" where {self.filter}" if self.filter else ""
        plural = "" if self.rows == 1 else "s"
        many = noun.replace(" of an", f"{plural} of an") if " of an" in noun else noun + plural
        return "\n".join([f"{self.rows:,} {many}{which} written to {self.path}", *self.notes])


def refuse_idle_options(request: ExportRequest) -> None:
    """Say which option the format or the kind of rows would pass over; nothing that was asked for is silently left out."""
    kind = format_of(request.out_path, request.format)
    text_only = ("csv", "hxl")
    idle = (
        (request.bom and kind not in text_only, "A byte order mark", "--bom", "CSV"),
        (
            request.date_style != "iso" and kind not in text_only,
            "The ACLED way of writing days",
            "--date-style",
            "CSV",
        ),
        (
            not request.neutralise and kind not in (*text_only, "datapackage"),
            "Writing texts exactly",
            "--exact",
            "CSV, the others do so anyway",
        ),
        (bool(request.partition_by) and kind != "parquet", "A folder of parts", "--partition-by", "Parquet"),
        (
            request.columns != "acled" and request.rows != "events",
            "Every column",
            "--columns",
            "rows that are events",
        ),
        (
            request.inter_codes != "text" and request.rows not in ("events", "actors"),
            "Numeric types of actors",
            "--inter-codes",
            "rows that are events or actors",
        ),
    )
    for asked, what, option, where in idle:
        if asked:
            raise ExportError(f"{what} ({option}) is for {where}; leave it out of this export.")


def formats() -> tuple[str, ...]:
    """The names of the formats, for `--format` and for sentences."""
    return tuple(dict.fromkeys(SUFFIXES.values()))


def format_of(out_path: Path, named: str | None = None) -> str:
    """The format that was named, or the one the file's name tells."""
    if named is not None:
        if named not in formats():
            raise ExportError(f"There is no export format '{named}'; choose one of {', '.join(formats())}.")
        return named
    for suffix, found in sorted(SUFFIXES.items(), key=lambda item: -len(item[0])):
        if out_path.name.casefold().endswith(suffix):
            return found
    raise ExportError(
        f"{out_path.name} does not tell its format; end the name in one of {', '.join(SUFFIXES)}, or name a format."
    )
