"""The one place where a release is frozen: ids that are never used again, tombstones, files, checksums, descriptor.

What a release holds is first written into the ledger in one transaction; its files follow from that record and the
history alone, so building them again gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.cut import GONE_STATUSES
from data.fold import fold, fold_lock
from data.ledger import Ledger
from data.ledger.cells import decode_row, from_us
from data.ledger.file import now_us
from data.parts import disk_errors, fsync_folder
from data.project import Project
from data.records import FIRST_IMPORTED_KEY
from data.release_files import SUMS, frozen_files, write_files
from data.release_record import RELEASE_NAME, ReleaseRecord, lay_release, opened, record_of, records
from schema.errors import UnusableInput
from schema.text import counted

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class ReleaseReport:
    """What was released."""

    name: str
    folder: str
    rows: int
    added: int
    changed: int
    retracted: int
    new_ids: int
    held_back: int
    """Saved events that the schema refuses or that wait for approval."""

    def lines(self) -> list[str]:
        """The report for people."""
        moved = f"{self.added:,} added, {self.changed:,} changed, {self.retracted:,} retracted since the release before"
        told = [
            f"Release {self.name}: {counted(self.rows, 'event')} in {self.folder}",
            f"{moved}; {counted(self.new_ids, 'new id')}.",
        ]
        if self.held_back:
            told.append(
                f"{counted(self.held_back, 'event')} not in it: not approved yet (eventcoder approve), "
                "or held back (see eventcoder status)."
            )
        return told

    def to_json(self) -> dict[str, Any]:
        """The report for programs."""
        return dict(vars(self))


def release(project: Project, name: str | None = None) -> ReleaseReport:
    """Freeze the approved events as a release; one that was interrupted is finished first."""
    if name is not None and not RELEASE_NAME.fullmatch(name):
        raise UnusableInput(
            f"{name!r} cannot name a release; use letters, digits, dots and dashes, for example: 2026-11"
        )
    fold(project)
    lock = fold_lock(project)
    try:
        with lock.held(), Ledger.open(project) as ledger:
            made = _unfinished(ledger.db, name) or _record(project, ledger, name)
    finally:
        lock.close()
    fold(project)
    with Ledger.open(project) as ledger:
        folder = build(project, made)
        digest = hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()
        with ledger.writing() as db:
            db.execute(
                "UPDATE release SET state = 'done', sha256 = ? WHERE release_id = ?",
                (digest, made.release_id),
            )
            new_ids = db.execute(
                "SELECT count(*) FROM public_id WHERE release_id = ?", (made.release_id,)
            ).fetchone()[0]
            waiting = _waiting(db, made)
    told = json.loads((folder / "changes.json").read_bytes())
    return ReleaseReport(
        made.name,
        str(folder),
        told["rows"],
        told["added"],
        told["changed"],
        told["retracted"],
        new_ids,
        waiting,
    )


def build(project: Project, record: ReleaseRecord, folder: Path | None = None) -> Path:
    """Write the files of a release, whole or not at all; a folder that is there already is written anew."""
    target = folder or project.releases_folder / record.name
    scratch = target.with_name(f".building-{target.name}")
    with disk_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            write_files(project, record, scratch)
            shutil.rmtree(target, ignore_errors=True)
            scratch.rename(target)
            fsync_folder(target.parent)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return target


def rebuild(project: Project, name: str, folder: Path | None = None) -> Path:
    """Build the files of an existing release again, the same bytes."""
    with Ledger.open_to_read(project) as ledger:
        record = record_of(ledger.db, name)
    return build(project, record, folder)


def _unfinished(db: sqlite3.Connection, name: str | None) -> ReleaseRecord | None:
    """A release whose files an earlier run did not finish: it is finished before another may be made."""
    found = next((record for record in records(db) if record.state == "building"), None)
    if found is not None and name not in {None, found.name}:
        raise UnusableInput(
            f"Release {found.name} was interrupted; finish it first with: eventcoder release (with that name)."
        )
    return found


def _record(project: Project, ledger: Ledger, name: str | None) -> ReleaseRecord:
    """Decide what is released and give ids, in one transaction."""
    number = ledger.db.execute("SELECT coalesce(max(release_id), 0) + 1 FROM release").fetchone()[0]
    name = name or f"r{number}"
    if ledger.db.execute("SELECT 1 FROM release WHERE name = ?", (name,)).fetchone():
        raise UnusableInput(f"{project.folder} has a release {name} already; give the new one another name.")
    last_import = ledger.db.execute("SELECT coalesce(max(at), 0) FROM import").fetchone()[0]
    seq = ledger.db.execute("SELECT coalesce(max(seq), 0) FROM revision").fetchone()[0]
    at = max(now_us(), last_import)
    record = ReleaseRecord(number, name, from_us(at), seq, _submitted_counts(project, ledger.db))
    with opened(project) as (con, taken):
        lay_release(con, taken, ledger.db, record, "eligible")
        eligible = con.execute(
            "SELECT event_key, country, event_id_cnty, revision FROM eligible "
            "WHERE coder IS NOT NULL OR event_id_cnty IS NULL ORDER BY event_key"
        ).fetchall()
        highest = _highest_numbers(con)
    frozen = frozen_files(project)
    with ledger.writing() as db:
        db.execute(
            "INSERT INTO release (release_id, name, at, seq, submitted_counts, state) VALUES (?, ?, ?, ?, ?, 'building')",
            (number, name, at, seq, record.submitted_counts),
        )
        db.execute(
            "INSERT INTO release_refusal SELECT DISTINCT ?, seq FROM refusal WHERE seq <= ?", (number, seq)
        )
        db.executemany(
            "INSERT INTO release_file VALUES (?, ?, ?)", [(number, *file) for file in frozen.items()]
        )
        _give_ids(project, db, record, eligible, highest)
        _lay_tombstones(db, record)
    return replace(record, state="building")


def _submitted_counts(project: Project, db: sqlite3.Connection) -> bool:
    setting = project.settings.get("release", {}).get("submitted_counts_as_approved", False)
    if isinstance(setting, bool):
        return setting
    # On until a second person joins.
    return bool(db.execute("SELECT count(DISTINCT coder) <= 1 FROM revision").fetchone()[0])


def _highest_numbers(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The highest number that stands behind each prefix in the rows that imports brought."""
    pattern = "'^([A-Z]{3})([0-9]{1,15})$'"
    rows = con.execute(
        f"SELECT regexp_extract(event_id_cnty, {pattern}, 1) AS prefix, "
        f"max(CAST(regexp_extract(event_id_cnty, {pattern}, 2) AS BIGINT)) FROM revisions "
        f"WHERE regexp_matches(event_id_cnty, {pattern}) GROUP BY prefix"
    ).fetchall()
    return dict(rows)


def _give_ids(
    project: Project, db: sqlite3.Connection, record: ReleaseRecord, eligible: Sequence[tuple[Any, ...]],
    highest: dict[str, int],
) -> None:  # fmt: skip
    prefixes = {country.name: country.prefix or country.iso3 for country in project.codebook().countries}
    for event_key, country, imported_id, revision in eligible:
        row = db.execute(
            "SELECT seq FROM revision WHERE event_key = ? AND revision = ?", (event_key, revision)
        ).fetchone()
        seq = row[0] if row else 0
        if db.execute("SELECT 1 FROM public_id WHERE event_key = ?", (event_key,)).fetchone() is None:
            name = imported_id or _next_id(db, prefixes.get(country) or "XXX", highest)
            db.execute("INSERT INTO public_id VALUES (?, ?, ?, ?)", (event_key, name, record.release_id, seq))
        else:
            db.execute("UPDATE public_id SET released_seq = ? WHERE event_key = ?", (seq, event_key))
        # The Parquet rows of newly released states are written anew with their id and status.
        db.execute(
            "UPDATE head SET folded_seq = 0 WHERE event_key = ? AND seq = ? AND folded_seq = seq",
            (event_key, seq),
        )


def _next_id(db: sqlite3.Connection, prefix: str, highest: dict[str, int]) -> str:
    row = db.execute(
        "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value + 1, excluded.value) "
        "RETURNING value",
        (f"id {prefix}", highest.get(prefix, 0) + 1),
    ).fetchone()
    return f"{prefix}{row[0]}"


def _lay_tombstones(db: sqlite3.Connection, record: ReleaseRecord) -> None:
    """Every released event that was retracted since gets a stone with the reason, once."""
    gone = ", ".join(f"'{status}'" for status in GONE_STATUSES)
    rows = db.execute(
        "SELECT head.event_key, revision.reason, other.event_id_cnty, revision.why, revision.cells, public_id.event_id_cnty "
        "FROM head JOIN revision USING (seq) LEFT JOIN public_id ON public_id.event_key = head.event_key "
        "LEFT JOIN public_id AS other ON other.event_key = revision.merged_into "
        f"WHERE head.status IN ({gone}) AND (public_id.event_key IS NOT NULL OR head.event_key >= ?) "
        "AND NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.event_key = head.event_key)",
        (FIRST_IMPORTED_KEY,),
    ).fetchall()
    for event_key, reason, merged_into, why, cells, public_id in rows:
        name = public_id or decode_row(cells).get("event_id_cnty")
        if name:
            db.execute(
                "INSERT INTO tombstone VALUES (?, ?, ?, ?, ?, ?)",
                (event_key, name, record.release_id, reason or "out_of_scope", merged_into, why),
            )


def _waiting(db: sqlite3.Connection, record: ReleaseRecord) -> int:
    """Saved events that stand in no release: not approved yet, or held back by the schema."""
    statuses = ", ".join(f"'{status}'" for status in (*record.statuses, *GONE_STATUSES))
    row = db.execute(
        f"SELECT count(*) FROM head WHERE seq <= ? AND (status NOT IN ({statuses}) OR seq IN (SELECT seq FROM refusal))",
        (record.seq,),
    ).fetchone()
    return int(row[0])
