"""The one place where the files of a release are written: rows, tombstones, codebook, changes, descriptor, checksums.

Everything is taken from the ledger's record of the release and the history, nothing from the clock.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data.difference import Difference, compare
from data.ledger import Ledger
from data.ledger.cells import from_us
from data.project import Project
from data.release_record import ReleaseRecord, lay_release, opened, records
from schema.conditions import literal, quoted

if TYPE_CHECKING:
    import duckdb

    from schema.codebook import Codebook
    from schema.column import Column

SUMS: Final = "SHA256SUMS"
_FIELD_TYPES: Final = {"integer": "integer", "decimal": "number", "date": "date"}


def frozen_files(project: Project) -> dict[str, bytes]:
    """What a release keeps of the codebook and the vocabularies as they are now: file name to compressed content."""
    from data.vocabulary import actor_rows, place_rows

    codebook = project.codebook()
    files = {
        "codebook.json": json.dumps(_codebook(codebook), indent=1, ensure_ascii=False).encode() + b"\n",
        "rules.csv": _csv(
            ("rule", "severity", "imported_severity", "columns", "message", "reason", "condition"),
            (
                (
                    r.id,
                    r.severity or "",
                    r.imported_severity or "",
                    "; ".join(r.columns),
                    r.message,
                    r.reason,
                    r.sql,
                )
                for r in codebook.rules
            ),
        ),
        "actors.csv": _dict_csv(actor_rows(project)),
        "places.csv": _dict_csv(place_rows(project)),
    }
    return {name: zlib.compress(content) for name, content in files.items()}


def write_files(project: Project, record: ReleaseRecord, folder: Path) -> None:
    """Write all files of a release into an empty folder and force them to the disk."""
    with Ledger.open_to_read(project) as ledger, opened(project) as (con, taken):
        db = ledger.db
        earlier = [other for other in records(db) if other.release_id < record.release_id]
        nothing = ReleaseRecord(0, "nothing", from_us(0), 0, submitted_counts=False, state="done")
        before = earlier[-1] if earlier else nothing
        lay_release(con, taken, db, before, "before")
        lay_release(con, taken, db, record, "after")
        columns = [column.name for column in taken.codebook.columns]
        _write_rows(con, columns, folder)
        changes = compare(con, db, before, record, columns)
        stones = db.execute(
            "SELECT event_key, event_id_cnty, reason, merged_into, why FROM tombstone "
            "WHERE release_id <= ? ORDER BY event_id_cnty",
            (record.release_id,),
        ).fetchall()
        back = {
            row[0] for row in con.execute("SELECT event_key FROM after WHERE coder IS NOT NULL").fetchall()
        }
        stones = [row[1:] for row in stones if row[0] not in back]
        for name, content in db.execute(
            "SELECT name, content FROM release_file WHERE release_id = ?", (record.release_id,)
        ):
            (folder / Path(name).name).write_bytes(zlib.decompress(content))
    (folder / "tombstones.csv").write_bytes(_csv(("event_id_cnty", "reason", "merged_into", "why"), stones))
    (folder / "CHANGELOG.md").write_text(_changelog(project, record, changes, stones), encoding="utf-8")
    told = {
        "release": record.name, "rows": changes.rows_after, "added": changes.added, "changed": changes.changed,
        "retracted": changes.removed, "columns": changes.columns,
    }  # fmt: skip
    (folder / "changes.json").write_bytes(json.dumps(told, indent=1).encode() + b"\n")
    _write_descriptor(project, record, taken.codebook, folder)
    _write_sums(folder)


def _write_rows(con: duckdb.DuckDBPyConnection, columns: Sequence[str], folder: Path) -> None:
    rows = (
        f"SELECT {', '.join(quoted(name) for name in columns)} FROM after ORDER BY event_id_cnty, event_key"
    )
    parquet, table = literal(str(folder / "events.parquet")), literal(str(folder / "events.csv"))
    con.execute(f"COPY ({rows}) TO {parquet} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")
    con.execute(f"COPY ({rows}) TO {table} (FORMAT csv, HEADER true)")


def _changelog(
    project: Project, record: ReleaseRecord, changes: Difference, stones: Sequence[tuple[Any, ...]]
) -> str:
    told = [f"# {project.name}, release {record.name}", ""]
    told += [f"{changes.rows_after:,} events, frozen on {record.at:%d %B %Y}.", ""]
    if changes.before == "nothing":
        told += ["The first release.", ""]
    else:
        moved = f"{changes.added:,} events added, {changes.changed:,} changed, {changes.removed:,} retracted"
        told += [f"Since release {changes.before}: {moved}.", ""]
    if changes.columns:
        told += [
            "## Changed by column",
            "",
            *(f"- {name}: {count:,} events" for name, count in changes.columns.items()),
            "",
        ]
    if changes.retractions:
        told += ["## Retracted", ""]
        for gone in changes.retractions:
            into = f" {gone.merged_into}" if gone.merged_into else ""
            told.append(
                f"- {gone.event}: {gone.reason.replace('_', ' ')}{into}"
                + (f" ({gone.why})" if gone.why else "")
            )
        told.append("")
    told.append(
        f"Ids are never used again; `tombstones.csv` lists the {len(stones):,} that were retracted so far."
    )
    return "\n".join(told) + "\n"


def _write_descriptor(project: Project, record: ReleaseRecord, codebook: Codebook, folder: Path) -> None:
    fields = [_field(column) for column in codebook.columns]
    schemas = {
        "events.csv": {"fields": fields, "primaryKey": "event_id_cnty", "missingValues": [""]},
        "events.parquet": {"fields": fields, "primaryKey": "event_id_cnty"},
    }
    resources = []
    for path in sorted(folder.iterdir()):
        resource: dict[str, Any] = {
            "name": path.name.lower().replace(".", "-"), "path": path.name, "format": path.suffix[1:],
            "bytes": path.stat().st_size, "hash": f"sha256:{_digest(path)}",
        }  # fmt: skip
        if path.suffix == ".csv":
            resource |= {"profile": "tabular-data-resource", "encoding": "utf-8", "mediatype": "text/csv"}
        if path.name in schemas:
            resource["schema"] = schemas[path.name]
        resources.append(resource)
    descriptor = {
        "profile": "data-package", "name": _package_name(project.name), "title": project.name, "version": record.name,
        "created": record.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "codebook": codebook.name, "resources": resources,
    }  # fmt: skip
    (folder / "datapackage.json").write_bytes(
        json.dumps(descriptor, indent=1, ensure_ascii=False).encode() + b"\n"
    )


def _field(column: Column) -> dict[str, Any]:
    bounds = {"minimum": column.minimum, "maximum": column.maximum, "enum": list(column.values) or None}
    constraints = {name: value for name, value in bounds.items() if value is not None}
    if column.required:
        constraints["required"] = True
    found = {
        "name": column.name, "type": _FIELD_TYPES.get(column.kind, "string"), "title": column.label,
        "description": column.description,
    }  # fmt: skip
    return found | ({"constraints": constraints} if constraints else {})


def _write_sums(folder: Path) -> None:
    lines = [f"{_digest(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / SUMS).write_text("".join(lines), encoding="ascii")
    for path in folder.iterdir():
        with path.open("rb") as handle:
            os.fsync(handle.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _package_name(name: str) -> str:
    return (
        "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in name.lower()).strip("-")
        or "events"
    )


def _codebook(codebook: Codebook) -> dict[str, Any]:
    columns = [
        {
            "name": c.name, "kind": c.kind, "required": c.required, "origin": c.origin, "label": c.label,
            "description": c.description, "values": list(c.values), "minimum": c.minimum, "maximum": c.maximum, "hxl": c.hxl,
        }
        for c in codebook.columns
    ]  # fmt: skip
    return {
        "name": codebook.name, "title": codebook.title, "columns": columns, "derivations": dict(codebook.derivations),
        "sub_event_types": [
            {"name": s.name, "event_type": s.event_type, "disorder_type": s.disorder_type, "definition": s.definition}
            for s in codebook.sub_event_types
        ],
    }  # fmt: skip


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _dict_csv(rows: Sequence[dict[str, Any]]) -> bytes:
    header = list(rows[0]) if rows else ["name"]
    return _csv(header, (["" if row.get(name) is None else row[name] for name in header] for row in rows))
