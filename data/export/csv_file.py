"""The one place where events become CSV: UTF-8, LF, quoted only where needed, empty cells for what is not known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from data.export.formula import neutral_sql, risky_columns
from data.export.request import ExportReport, ExportRequest
from data.export.selection import Selection, literal

if TYPE_CHECKING:
    import duckdb

BOM = "\ufeff"


def write(
    con: duckdb.DuckDBPyConnection, selection: Selection, request: ExportRequest, draft: Path
) -> ExportReport:
    """Write one CSV file by DuckDB's own writer."""
    risky = risky_columns(con, selection) if request.neutralise else {}
    expressions = [
        _cell(name, kind, text, risky=name in risky, request=request)
        for name, kind, text in zip(selection.columns, selection.types, selection.expressions, strict=True)
    ]
    options = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULL ''"
    row = con.execute(
        f"COPY ({selection.with_expressions(expressions)}) TO {literal(str(draft))} ({options})"
    ).fetchone()
    if request.bom:
        _put_bom_before(draft)
    cells = sum(risky.values())
    return ExportReport(
        int(row[0]) if row else 0, request.out_path, selection.filter.text, "csv", cells, _notes(cells)
    )


def _cell(name: str, kind: str, text: str, *, risky: bool, request: ExportRequest) -> str:
    if kind == "DATE" and request.date_style == "acled":
        return f"strftime({text}, '%d %B %Y')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({text}, '%Y-%m-%dT%H:%M:%SZ')"
    return neutral_sql(text) if risky else text


def _put_bom_before(draft: Path) -> None:
    """Copy the file behind a mark; DuckDB's writer has no option for it."""
    import shutil

    marked = draft.with_name(f"{draft.name}.bom")
    try:
        with draft.open("rb") as source, marked.open("wb") as target:
            target.write(BOM.encode())
            shutil.copyfileobj(source, target, 1 << 20)
        marked.replace(draft)
    finally:
        marked.unlink(missing_ok=True)


def _notes(cells: int) -> tuple[str, ...]:
    if not cells:
        return ()
    few = (
        "1 cell that looks like a formula has"
        if cells == 1
        else f"{cells:,} cells that look like formulas have"
    )
    return (
        f"{few} an apostrophe before it; write without (neutralise=False, --exact) for programs that are no spreadsheet.",
    )
