"""The one place where a request for an export is carried out, whatever its format."""

from __future__ import annotations

import errno
import importlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from data.export.request import (
    Columns,
    DateStyle,
    ExportReport,
    ExportRequest,
    InterCodes,
    Job,
    Rows,
    format_of,
    refuse_idle_options,
)
from data.export.whole_file import whole_file, whole_folder, why
from schema.errors import EventcoderError, ExportError

if TYPE_CHECKING:
    from data.project import Project


_MEMORY = "800MiB"
"""DuckDB's share, so that an export of millions of rows stays under 1 GiB; sorts beyond it spill into the project."""


class Writer(Protocol):
    """What every format offers."""

    def __call__(self, job: Job, draft: Path) -> ExportReport:
        """Write the rows to `draft` and tell how many they were."""


_WRITERS = {
    "csv": "csv_file:write",
    "hxl": "csv_file:write_hxl",
    "parquet": "parquet_file:write",
    "geoparquet": "geoparquet_file:write",
    "xlsx": "xlsx_file:write",
    "jsonl": "json_file:write_lines",
    "geojson": "json_file:write_geojson",
    "stata": "stata_file:write",
    "spss": "spss_file:write",
    "datapackage": "package_file:write",
}


def export_events(
    project: Project,
    out_path: Path | str,
    *,
    where: str | None = None,
    overwrite: bool = False,
    format: str | None = None,  # noqa: A002
    rows: Rows = "events",
    date_style: DateStyle = "iso",
    inter_codes: InterCodes = "text",
    columns: Columns = "acled",
    neutralise: bool = True,
    bom: bool = False,
    partition_by: tuple[str, ...] = (),
) -> ExportReport:
    """Write the events to a file in the format its name tells; all of it, or nothing.

    Raises:
        ExportError: the path cannot be written, is there already, or does not fit the format.
        QueryError: `where` is not a filter.
    """
    path = Path(out_path).expanduser().absolute()
    request = ExportRequest(
        out_path=path,
        format=format or _format_of(path, in_parts=bool(partition_by)),
        where=where,
        overwrite=overwrite,
        rows=rows,
        date_style=date_style,
        inter_codes=inter_codes,
        columns=columns,
        neutralise=neutralise,
        bom=bom,
        partition_by=partition_by,
    )
    return carry_out(project, request)


def _format_of(path: Path, *, in_parts: bool) -> str:
    """The format that the name tells; a folder of parts needs no ending."""
    return "parquet" if in_parts and not path.suffix else format_of(path)


def carry_out(project: Project, request: ExportRequest) -> ExportReport:
    """Write one file; a failure leaves no trace of it."""
    import duckdb

    from data import views
    from data.export.selection import select
    from data.words import unknown_actors

    refuse_idle_options(request)
    module, function = _WRITERS[request.format].split(":")
    write: Writer = getattr(importlib.import_module(f"data.export.{module}"), function)
    whole = whole_folder if request.partition_by else whole_file
    with (
        whole(request.out_path, overwrite=request.overwrite) as draft,
        views.spill_folder(project) as spill,
        views.connect(project, config=_limits(spill)) as con,
    ):
        codebook = project.codebook()
        selection = select(con, request, codebook)
        try:
            with selection.filter.judging():
                report = write(Job(con, selection, request, codebook), draft)
            if report.rows == 0 and request.where:
                report = replace(report, notes=(*report.notes, *unknown_actors(con, request.where)))
            return report
        except EventcoderError:
            raise
        except duckdb.Error as error:
            raise ExportError(f"{request.out_path} cannot be written: {_reason(error, draft)}.") from error


def _limits(spill: str) -> dict[str, str]:
    """Memory that an export may take; what it has read is not kept in it, since every row is read once."""
    return {"memory_limit": _MEMORY, "temp_directory": spill, "enable_external_file_cache": "false"}


def _reason(error: Exception, draft: Path) -> str:
    """DuckDB's reason without its error class and without the draft's name."""
    if "No space left on device" in str(error):
        return why(OSError(errno.ENOSPC, ""))
    first = str(error).splitlines()[0].split(": ", 1)[-1].rstrip(".")
    if str(draft) in first:
        first = first.rsplit(": ", 1)[-1]
    return first.replace(str(draft), "the file")
