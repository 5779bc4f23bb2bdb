"""The one place where a request for an export is carried out, whatever its format."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from data.export.request import Columns, DateStyle, ExportReport, ExportRequest, InterCodes, format_of
from data.export.whole_file import whole_file
from schema.errors import EventcoderError, ExportError

if TYPE_CHECKING:
    import duckdb

    from data.export.selection import Selection
    from data.project import Project


class Writer(Protocol):
    """What every format's module offers."""

    def __call__(
        self, con: duckdb.DuckDBPyConnection, selection: Selection, request: ExportRequest, draft: Path
    ) -> ExportReport:
        """Write the rows to `draft` and tell how many they were."""


_WRITERS = {
    "csv": "data.export.csv_file",
    "parquet": "data.export.parquet_file",
}


def export_events(
    project: Project,
    out_path: Path | str,
    *,
    where: str | None = None,
    overwrite: bool = False,
    format: str | None = None,  # noqa: A002
    date_style: DateStyle = "iso",
    inter_codes: InterCodes = "text",
    columns: Columns = "acled",
    neutralise: bool = True,
    bom: bool = False,
) -> ExportReport:
    """Write the events to a file in the format its name tells; all of it, or nothing.

    Raises:
        ExportError: the path cannot be written, is there already, or does not fit the format.
        QueryError: `where` is not a filter.
    """
    path = Path(out_path).expanduser().absolute()
    request = ExportRequest(
        out_path=path,
        format=format_of(path, format),
        where=where,
        overwrite=overwrite,
        date_style=date_style,
        inter_codes=inter_codes,
        columns=columns,
        neutralise=neutralise,
        bom=bom,
    )
    return carry_out(project, request)


def carry_out(project: Project, request: ExportRequest) -> ExportReport:
    """Write one file; a failure leaves no trace of it."""
    import duckdb

    from data import views
    from data.export.selection import select

    write: Writer = importlib.import_module(_WRITERS[request.format]).write
    with whole_file(request.out_path, overwrite=request.overwrite) as draft, views.connect(project) as con:
        selection = select(con, request)
        try:
            return write(con, selection, request, draft)
        except EventcoderError:
            raise
        except duckdb.Error as error:
            raise ExportError(f"{request.out_path} cannot be written: {_reason(error, draft)}.") from error


def _reason(error: Exception, draft: Path) -> str:
    first = str(error).splitlines()[0].split(": ", 1)[-1].rstrip(".")
    return first.replace(str(draft), "the file")
