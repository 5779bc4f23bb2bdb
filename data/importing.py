"""The one place where a file of events becomes part of a project's dataset: what passes goes in, what does not is kept apart.

Nothing of the file is lost: the original stays beside the dataset byte for byte, and rows with errors are written with
their reasons to a CSV that can be mended and imported again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.event_file.records import Progress, Repair, silent
from data.event_file.sql import count
from schema.conditions import literal, quoted
from schema.errors import StoreError, UnusableInput
from schema.rules import Severity

if TYPE_CHECKING:
    import pyarrow as pa

    from data.append import AppendReport
    from data.check import Judgement
    from data.event_file.reader import EventFile
    from data.project import Project
    from schema.codebook import Codebook

ROOM = "imports"
"""The folder of a project that keeps what was imported."""
TOLD = 1000
"""Rows that were set aside and are named in the report; the file has them all."""
_BATCH = 16_384


@dataclass(frozen=True)
class SetAside:
    """A row that did not pass."""

    row: int
    event_id: str
    rule_id: str
    message: str


@dataclass(frozen=True)
class ImportReport:
    """What became of the rows of a file."""

    file: str
    vintage: str
    vintage_title: str
    import_id: int
    rows: int
    added: int
    changed: int
    unchanged: int
    kept: int
    """Rows whose events people corrected or retracted in the project since; theirs stand."""
    set_aside_count: int
    set_aside: tuple[SetAside, ...]
    """The first thousand reasons."""
    set_aside_path: Path | None
    """A CSV of the rows that did not pass, with their reasons."""
    original_path: Path
    repairs: tuple[Repair, ...]
    notes: tuple[str, ...] = ()
    known_by_content: int = 0
    """Rows without an id among the unchanged: an event with the same content stands in the project."""
    given_ids: int = 0
    """Changed events that had no id and were given one: the file has their content with it."""

    def to_json(self) -> dict[str, Any]:
        """The report as stable JSON."""
        return {
            "file": self.file,
            "vintage": self.vintage,
            "import_id": self.import_id,
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "known_by_content": self.known_by_content,
            "given_ids": self.given_ids,
            "kept": self.kept,
            "set_aside": self.set_aside_count,
            "set_aside_file": str(self.set_aside_path) if self.set_aside_path else None,
            "original": str(self.original_path),
            "repairs": [{"what": repair.what, "rows": repair.rows} for repair in self.repairs],
        }


def import_events(
    project: Project,
    path: Path | str,
    *,
    date_format: str | None = None,
    progress: Progress | None = None,
    coder: str = "import",
) -> ImportReport:
    """Bring a file of events into the dataset of a project; the same ids again update their events.

    Raises:
        UnusableInput: The file cannot be read as events; nothing was imported.
    """
    from data.check import judge
    from data.event_file.reader import read_event_file, with_room

    tell = progress or silent
    path = Path(path)
    codebook = project.codebook()

    def work(roomy: bool) -> ImportReport:
        with read_event_file(
            path, codebook=codebook, date_format=date_format, progress=tell, roomy=roomy
        ) as events:
            judgement = judge(events, codebook, tell, only=(Severity.ERROR,))
            with _Shelf(project) as shelf:
                shelf.keep_original(path)
                sent = _Sent(events, codebook, tell)
                appended = _append(project, sent, path, coder, events)
                sent.note_refusals(appended)
                aside = shelf.set_aside(events, judgement)
                report = _report(events, appended, aside, shelf.named(appended.import_id))
                shelf.keep_report(report, date_format)
                return report

    report = with_room(path, work)
    tell("done", 1.0)
    return report


def original_rows(project: Project, import_id: int) -> pa.Table:
    """The cells of an imported file as they stood in it: its own header, every row, all text."""
    from data.event_file.reader import read_event_file

    folder = project.folder / ROOM / str(import_id)
    said = _read_report(folder, import_id)
    with read_event_file(
        folder / said["kept_as"], codebook=project.codebook(), date_format=said.get("date_format")
    ) as events:
        cells = ", ".join(
            f"CAST(c{position} AS VARCHAR) AS {quoted(name)}" for position, name in enumerate(events.header)
        )
        return events.connection.sql(f"SELECT {cells} FROM raw ORDER BY line").to_arrow_table()


def _read_report(folder: Path, import_id: int) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads((folder / "import.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise UnusableInput(
            f"There is no import {import_id} in {folder.parent}: see `eventcoder status`."
        ) from error
    return said


# --- rows that pass -----------------------------------------------------------------------------


def _append(project: Project, sent: _Sent, path: Path, coder: str, events: EventFile) -> AppendReport:
    from data.append import append_rows

    return append_rows(
        project,
        sent.reader(),
        file=path.name,
        coder=coder,
        token=uuid.uuid4().hex,
        absent=sorted(events.absent),
        progress=sent.appended,
    )


@dataclass
class _Sent:
    """The rows on their way into the dataset, remembered by their lines so that the store's answers find them again."""

    events: EventFile
    codebook: Codebook
    progress: Progress
    lines: list[Any] = field(default_factory=list)

    def reader(self) -> pa.RecordBatchReader:
        """The rows without errors, in the columns of the codebook."""
        import pyarrow as pa

        found = self.events.connection.sql(self._query()).to_arrow_reader(_BATCH)
        schema = found.schema.remove(found.schema.get_field_index("event_key"))
        return pa.RecordBatchReader.from_batches(schema, self._without_lines(found))

    def appended(self, done: int, total: int | None) -> None:
        """The store's progress, told as the import's."""
        whole = total or max(1, self.events.records)
        self.progress("adding the rows", 0.5 + 0.5 * min(1.0, done / whole))

    def note_refusals(self, appended: AppendReport) -> None:
        """Put rows that the gate refused to those that the check refused."""
        import numpy as np
        import pyarrow as pa

        if not appended.refused:
            return
        lines = np.concatenate(self.lines) if self.lines else np.empty(0, np.int64)
        refused = pa.table(
            {
                "line": pa.array([int(lines[refusal.row - 1]) for refusal in appended.refused], pa.int64()),
                "rule_id": pa.array([refusal.rule_id for refusal in appended.refused], pa.string()),
                "severity": pa.array(["error"] * len(appended.refused), pa.string()),
            }
        )
        self.events.connection.register("refused", refused)
        self.events.connection.execute("INSERT INTO failures SELECT line, rule_id, severity FROM refused")
        self.events.connection.unregister("refused")

    def _without_lines(self, found: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        for batch in found:
            position = batch.schema.get_field_index("event_key")
            # A view would keep the whole batch in memory: what comes from the engine is freed together.
            self.lines.append(batch.column(position).to_numpy().copy())
            yield batch.remove_column(position)

    def _query(self) -> str:
        """The rows that pass, with the derived columns that their vintage had not."""
        from schema.relation_judge import derived_columns_sql

        missing = [
            column.name
            for column in self.codebook.columns
            if column.name in self.codebook.derivations and column.name in self.events.absent
        ]
        names = ["event_key", *(column.name for column in self.codebook.columns)]
        passing = (
            "SELECT * FROM events WHERE event_key NOT IN (SELECT line FROM failures WHERE severity = 'error')"
        )
        if not missing:
            return f"SELECT {', '.join(map(quoted, names))} FROM ({passing})"
        derived = derived_columns_sql(self.codebook, f"({passing})", keep=("event_key",), only=missing)
        cells = ", ".join(f"{'derived' if name in missing else 'event'}.{quoted(name)}" for name in names)
        return f"SELECT {cells} FROM ({passing}) AS event JOIN ({derived}) AS derived USING (event_key)"


# --- what is kept beside ------------------------------------------------------------------------


class _Shelf:
    """The folder of one import: laid out under a name of its own, and given its number when the rows are in."""

    def __init__(self, project: Project) -> None:
        self.room = project.folder / ROOM
        self.folder = self.room / f".part-{uuid.uuid4().hex[:12]}"
        self.kept_as = ""
        self.sha256 = ""

    def __enter__(self) -> _Shelf:
        try:
            self.folder.mkdir(parents=True)
        except OSError as error:
            raise StoreError(f"{self.room} cannot be written: {error.strerror}.") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self.folder.name.startswith(".part-"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def keep_original(self, path: Path) -> None:
        """Copy the file as it is."""
        self.kept_as = f"original{path.suffix.lower() or '.csv'}"
        digest = hashlib.sha256()
        try:
            with path.open("rb") as source, (self.folder / self.kept_as).open("wb") as copy:
                while block := source.read(4 << 20):
                    digest.update(block)
                    copy.write(block)
        except OSError as error:
            raise StoreError(
                f"{path.name} could not be kept in {self.room}: {error.strerror}; nothing was imported."
            ) from error
        self.sha256 = digest.hexdigest()

    def set_aside(self, events: EventFile, judgement: Judgement) -> _Aside:
        """Write the rows with errors and their reasons."""
        connection = events.connection
        rows = count(connection, "SELECT count(DISTINCT line) FROM failures WHERE severity = 'error'")
        if not rows:
            return _Aside(0, (), None)
        name = "set-aside.csv"
        self._write_rows(events, judgement, self.folder / name)
        return _Aside(rows, tuple(_reasons(events, judgement)), name)

    def named(self, import_id: int) -> Path:
        """The folder under the import's number."""
        final = self.room / str(import_id)
        self.folder.replace(final)
        self.folder = final
        return final / self.kept_as

    def keep_report(self, report: ImportReport, date_format: str | None) -> None:
        """Write what became of the file beside it."""
        said = report.to_json() | {"kept_as": self.kept_as, "sha256": self.sha256, "date_format": date_format}
        (self.folder / "import.json").write_text(
            json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )

    def _write_rows(self, events: EventFile, judgement: Judgement, path: Path) -> None:
        cells = ", ".join(
            f"CAST(raw.c{position} AS VARCHAR) AS {quoted(name)}"
            for position, name in enumerate(events.header)
        )
        messages = " ".join(
            f"WHEN {literal(rule_id)} THEN {literal(judgement.rules[rule_id].message)}"
            for (rule_id,) in events.connection.execute("SELECT DISTINCT rule_id FROM failures").fetchall()
            if rule_id in judgement.rules
        )
        message = f"CASE rule_id {messages} ELSE rule_id END" if messages else "rule_id"
        taken = {name.casefold() for name in events.header}
        row, rules, why = (
            name if name not in taken else f"eventcoder_{name}" for name in ("row", "rules", "why")
        )
        events.connection.execute(
            f"COPY (SELECT {cells}, f.line AS {row}, f.rules AS {rules}, coalesce(rejected.text || ' ', '') || f.why AS {why} "
            f"FROM (SELECT line, string_agg(rule_id, ' ' ORDER BY rule_id) AS rules, "
            f"string_agg({message}, ' ' ORDER BY rule_id) AS why FROM failures WHERE severity = 'error' GROUP BY line) f "
            "LEFT JOIN raw ON raw.line = f.line LEFT JOIN rejected ON rejected.line = f.line ORDER BY f.line) "
            f"TO {literal(str(path))} (FORMAT csv, HEADER)"
        )


@dataclass(frozen=True)
class _Aside:
    count: int
    reasons: tuple[SetAside, ...]
    name: str | None


def _reasons(events: EventFile, judgement: Judgement) -> Iterator[SetAside]:
    position = events.found.get("event_id_cnty")
    event_id = "NULL" if position is None else f"CAST(raw.c{position} AS VARCHAR)"
    rows = events.connection.execute(
        f"SELECT f.line, {event_id}, f.rule_id FROM (SELECT line, rule_id FROM failures WHERE severity = 'error' "
        f"ORDER BY line, rule_id LIMIT {TOLD}) f LEFT JOIN raw ON raw.line = f.line ORDER BY f.line, f.rule_id"
    ).fetchall()
    for line, name, rule_id in rows:
        message = judgement.rules[rule_id].message if rule_id in judgement.rules else rule_id
        yield SetAside(line, name or "", rule_id, message)


def _report(events: EventFile, appended: AppendReport, aside: _Aside, original: Path) -> ImportReport:
    return ImportReport(
        file=str(events.path),
        vintage=events.vintage.key,
        vintage_title=events.vintage.title,
        import_id=appended.import_id,
        rows=events.records,
        added=appended.added,
        changed=appended.updated,
        unchanged=appended.unchanged,
        kept=appended.kept,
        set_aside_count=aside.count,
        set_aside=aside.reasons,
        set_aside_path=original.parent / aside.name if aside.name else None,
        original_path=original,
        repairs=events.repairs,
        notes=events.notes,
        known_by_content=appended.known_by_content,
        given_ids=appended.given_ids,
    )


def imports(project: Project) -> list[Mapping[str, Any]]:
    """What was imported into the project, oldest first."""
    room = project.folder / ROOM
    folders = (
        sorted((folder for folder in room.glob("[0-9]*")), key=lambda folder: int(folder.name))
        if room.is_dir()
        else []
    )
    return [_read_report(folder, int(folder.name)) for folder in folders]
