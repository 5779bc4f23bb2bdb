"""The one place where rows become JSON: lines, and GeoJSON as RFC 7946 says."""

from __future__ import annotations

import json
from pathlib import Path

from data.export.columns import LIST_COLUMNS
from data.export.csv_file import one_thread
from data.export.request import ExportReport, Job
from data.scalar import copied
from schema.conditions import literal, quoted
from schema.errors import ExportError

_LINES = 8192


def write_lines(job: Job, draft: Path) -> ExportReport:
    """One JSON object a line, the same cells as in CSV, null for what is not known."""
    with one_thread(job.con):
        rows = copied(job.con, f"COPY ({job.selection.sql}) TO {literal(str(draft))} (FORMAT json)")
    return job.report(rows)


def write_geojson(job: Job, draft: Path) -> ExportReport:
    """A FeatureCollection of points in WGS 84; lists are arrays, the id is the event's."""
    refuse_without_places(job)
    rows = 0
    about = {"filter": job.selection.filter.text, "rows": job.request.rows}
    with one_thread(job.con), draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            f'{{"type":"FeatureCollection","eventcoder":{json.dumps(about, ensure_ascii=False)},"features":[\n'
        )
        # A reader hands the rows on as they come; a result would hold them all.
        for batch in job.con.sql(_features(job)).to_arrow_reader(_LINES):
            if batch.num_rows:
                file.write((",\n" if rows else "") + ",\n".join(batch.column(0).to_pylist()))
                rows += batch.num_rows
        file.write("\n]}\n")
    return job.report(rows)


def refuse_without_places(job: Job) -> None:
    """ExportError where the rows have no coordinates."""
    if not {"latitude", "longitude"} <= set(job.selection.columns):
        raise ExportError(
            f"{job.request.format} needs coordinates, and rows of '{job.request.rows}' have none; choose CSV or Parquet."
        )


def _features(job: Job) -> str:
    """A SELECT with one column: each row's Feature as text."""
    selection = job.selection
    cells = []
    for name in selection.columns:
        column = quoted(name)
        if name in LIST_COLUMNS:
            column = f"CASE WHEN {column} IS NULL THEN NULL ELSE string_split({column}, '; ') END"
        if name not in ("latitude", "longitude"):
            cells.append(f"{quoted(name)} := {column}")
    identity = {
        "events": "coalesce(event_id_cnty, _key::VARCHAR)",
        "ged": "coalesce(relid, id::VARCHAR)",
    }.get(job.request.rows, "event_id_cnty")
    rows = selection.plus("_key", "event_key") if job.request.rows == "events" else selection
    point = "{'type': 'Point', 'coordinates': [longitude, latitude]}"
    geometry = f"CASE WHEN longitude IS NULL OR latitude IS NULL THEN NULL ELSE {point} END"
    members = f"'type': 'Feature', 'id': {identity}, 'geometry': {geometry}, 'properties': struct_pack({', '.join(cells)})"
    return f"SELECT to_json({{{members}}})::VARCHAR FROM ({rows.sql})"
