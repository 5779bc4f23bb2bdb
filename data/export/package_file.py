"""The one place where rows become a Data Package: a zip with the CSV and a description of each of its columns."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.export.csv_file import copy_rows
from data.export.request import ExportReport, Job

if TYPE_CHECKING:
    from schema.column import Column

_TYPES = {"BIGINT": "integer", "INTEGER": "integer", "SMALLINT": "integer", "TINYINT": "integer", "HUGEINT": "integer",
          "DOUBLE": "number", "FLOAT": "number", "DATE": "date", "BOOLEAN": "boolean"}  # fmt: skip
_NAME = "events.csv"


def write(job: Job, draft: Path) -> ExportReport:
    """Write `events.csv` and `datapackage.json` into one zip; cells stay exact, a package is read by programs."""
    from dataclasses import replace

    exact = replace(job, request=replace(job.request, neutralise=False, date_style="iso"))
    rows_file = draft.with_name(f"{draft.name}.csv")
    try:
        rows, _ = copy_rows(exact, rows_file)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
            package.writestr(
                "datapackage.json", json.dumps(_description(exact, rows), indent=2, ensure_ascii=False)
            )
            package.write(rows_file, _NAME)
    finally:
        rows_file.unlink(missing_ok=True)
    return job.report(rows)


def _description(job: Job, rows: int) -> dict[str, Any]:
    known = {column.name: column for column in job.codebook.columns}
    fields = [
        _field(name, kind, known.get(name))
        for name, kind in zip(job.selection.columns, job.selection.types, strict=True)
    ]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if "event_key" in job.selection.columns and job.request.rows == "events":
        schema["primaryKey"] = ["event_key"]
    which = (
        f"Events where {job.selection.filter.text}"
        if job.selection.filter.text
        else "Every event of the project"
    )
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "events",
        "title": f"Events coded with the codebook {job.codebook.title or job.codebook.name}",
        "description": f"{which}; {rows} rows of kind '{job.request.rows}'.",
        "resources": [
            {
                "name": "events",
                "path": _NAME,
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
                "schema": schema,
            }
        ],
    }


def _field(name: str, kind: str, column: Column | None) -> dict[str, Any]:
    found = "datetime" if kind.startswith("TIMESTAMP") else _TYPES.get(kind, "string")
    described: dict[str, Any] = {"name": name, "type": found}
    if column is None:
        return described
    constraints: dict[str, Any] = {}
    if column.minimum is not None and found in ("integer", "number"):
        constraints["minimum"] = _number(column.minimum, found)
    if column.maximum is not None and found in ("integer", "number"):
        constraints["maximum"] = _number(column.maximum, found)
    if column.kind == "enum" and column.values and found == "string":
        constraints["enum"] = list(column.values)
    described |= {"title": column.label, "description": column.description}
    return described | ({"constraints": constraints} if constraints else {})


def _number(value: float, found: str) -> float | int:
    return int(value) if found == "integer" else value
