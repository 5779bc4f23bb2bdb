"""The one place where damage is repaired: parts that can be made again, and a ledger of which some pages cannot be read."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from typing import TYPE_CHECKING, Any

from data.fold import conform
from data.ledger import Ledger
from data.ledger.cells import encode_evidence, encode_row, to_us
from data.ledger.file import LedgerFile
from data.ledger.revisions import REVISION_COLUMNS, checksum
from data.parts import Part, fault, read_part, write_part
from data.project import Project
from data.records import FIRST_IMPORTED_KEY, Evidence
from data.rows import history_schema
from data.shelf import MANIFEST, live_parts, part_number, swap

if TYPE_CHECKING:
    from pathlib import Path


def set_aside(project: Project, part: Part) -> None:
    """Move a damaged file out of the way, where an expert may still look at it."""
    room = project.folder / "damaged"
    room.mkdir(exist_ok=True)
    for path in (part.path(project), project.events_folder / part.file):
        with contextlib.suppress(FileNotFoundError):
            path.rename(room / path.name)


def drop_part(ledger: Ledger, part: Part) -> None:
    """Take a part of the dataset off the list; the next fold writes its coded events again."""
    with ledger.writing() as db:
        swap(db, [], [part])
        db.execute(
            "UPDATE head SET folded_seq = 0, present = 0 WHERE event_key BETWEEN ? AND ?",
            (part.first_key, part.last_key),
        )


def drop_history(project: Project, ledger: Ledger, damaged: Part | None = None) -> int:
    """Take all history parts off the list, keeping the imported states that can be read; returns how many may be lost."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = live_parts(ledger.db, "history")
    sound = [part for part in parts if part != damaged and fault(project, part) is None]
    kept: list[Part] = []
    tables = []
    for part in sound:
        rows = conform(read_part(project, part), history_schema(project.codebook()))
        tables.append(rows.filter(pc.is_null(rows["seq"])))
    if sum(table.num_rows for table in tables):
        with ledger.writing() as db:
            number = part_number(db)
        kept.append(write_part(project, "history", number, pa.concat_tables(tables)))
    with ledger.writing() as db:
        swap(db, kept, parts)
        db.execute("DELETE FROM counter WHERE name = 'history_seq'")
    return damaged.rows if damaged is not None and damaged.last_key >= FIRST_IMPORTED_KEY else 0


def salvage_ledger(project: Project) -> str:
    """Make a new ledger from what can be read of a damaged one and from the parts; the old file is kept."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S")
    old = project.ledger_path.with_name(f"ledger-damaged-{stamp}.sqlite")
    for suffix in ("", "-wal", "-shm"):
        path = project.ledger_path.with_name(project.ledger_path.name + suffix)
        if path.exists():
            path.rename(old.with_name(old.name + suffix))
    with Ledger.open(project) as ledger:
        copied, unread = _copy_tables(old, ledger) if old.exists() else (0, ["everything"])
        _list_parts(project, ledger)
        restored = _restore_revisions(project, ledger)
        _settle_heads(ledger)
        drop_history(project, ledger)
    told = f"A new ledger was made: {copied:,} rows copied, {restored:,} saves brought back from the Parquet history"
    lost = (
        f"; not all rows could be read of: {', '.join(unread)} (compare with the last backup)"
        if unread
        else ""
    )
    return f"{told}{lost}. The damaged file is kept as {old.name}."


def _copy_tables(old: Path, ledger: LedgerFile) -> tuple[int, list[str]]:
    copied, unread = 0, []
    source = sqlite3.connect(f"{old.absolute().as_uri()}?mode=rw", uri=True)
    source.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        names = [
            row[0]
            for row in source.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"
            )
        ]
        extra = dict(
            source.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
        )
    except sqlite3.DatabaseError:
        return 0, ["everything"]
    with ledger.writing() as db:
        db.execute("PRAGMA defer_foreign_keys = ON")
        ours = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name in names:
            if name.startswith("sqlite_"):
                continue
            if name not in ours:
                db.execute(extra[name])
            count, whole = _copy_table(source, db, name)
            copied += count
            if not whole:
                unread.append(name)
        _drop_loose_rows(db)
    source.close()
    return copied, unread


def _copy_table(source: sqlite3.Connection, db: sqlite3.Connection, name: str) -> tuple[int, bool]:
    """Copy a table forwards as far as it can be read, then backwards from its end."""
    columns = [row[1] for row in db.execute(f'PRAGMA table_info("{name}")')]
    names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" for _ in columns)
    count, whole = 0, True
    for order in ("ASC", "DESC"):
        key = (
            ", ".join(f'"{row[1]}" {order}' for row in db.execute(f'PRAGMA table_info("{name}")') if row[5])
            or f"rowid {order}"
        )
        try:
            for row in source.execute(f'SELECT {names} FROM "{name}" ORDER BY {key}'):
                count += db.execute(
                    f'INSERT OR IGNORE INTO "{name}" ({names}) VALUES ({marks})', row
                ).rowcount
        except (sqlite3.DatabaseError, UnicodeError):
            whole = False
            continue
        break
    return count, whole


def _drop_loose_rows(db: sqlite3.Connection) -> None:
    for table, rowid, _parent, _number in db.execute("PRAGMA foreign_key_check").fetchall():
        if table == "revision":
            db.execute("UPDATE revision SET article_id = NULL WHERE rowid = ?", (rowid,))
        elif rowid is not None:
            db.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,))


def _list_parts(project: Project, ledger: Ledger) -> None:
    """Put live parts that the ledger forgot on its list again, from the manifest beside them."""
    import json

    import pyarrow.compute as pc

    try:
        manifest = json.loads((project.events_folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        manifest = {"files": [], "history": [], "generation": 0}
    known = {row[0] for row in ledger.db.execute("SELECT file FROM part")}
    found = []
    for kind, listed in (("events", manifest["files"]), ("history", manifest["history"])):
        for entry in listed:
            part = Part(kind, entry["file"], entry["rows"], entry["bytes"], entry["sha256"], 0, 0, ())
            if entry["file"] in known or fault(project, part) is not None:
                continue
            rows = read_part(project, part)
            keys = pc.min_max(rows["event_key"]).as_py()
            columns = tuple(rows.column_names)
            found.append(
                Part(kind, part.file, part.rows, part.bytes, part.sha256, keys["min"], keys["max"], columns)
            )
    with ledger.writing() as db:
        swap(db, found, [])
        highest = max((_number_of(path.name) for path in project.parts_folder.glob("*.parquet")), default=0)
        db.execute(
            "INSERT INTO counter VALUES ('part', ?) ON CONFLICT DO UPDATE SET value = max(value, ?)",
            (highest, highest),
        )
        row = db.execute("SELECT value FROM counter WHERE name = 'generation'").fetchone()
        if row[0] <= manifest["generation"]:
            db.execute(
                "UPDATE counter SET value = ? WHERE name = 'generation'", (manifest["generation"] + 1,)
            )


def _number_of(file: str) -> int:
    digits = file.rsplit("-", 1)[-1].split(".", maxsplit=1)[0]
    return int(digits) if digits.isdigit() else 0


def _restore_revisions(project: Project, ledger: Ledger) -> int:
    """Bring back the saves that the history parts hold and the ledger lost."""
    restored = 0
    coded = [c.name for c in project.codebook().columns if c.origin == "coded" or c.own]
    for part in live_parts(ledger.db, "history"):
        rows = read_part(project, part).to_pylist()
        with ledger.writing() as db:
            articles = {row[0] for row in db.execute("SELECT article_id FROM article")}
            for row in rows:
                if row["seq"] is not None:
                    restored += _restore(db, row, coded, articles)
    return restored


def _restore(db: sqlite3.Connection, row: dict[str, Any], coded: list[str], articles: set[int]) -> int:
    cells = {name: row[name] for name in coded if row.get(name) is not None}
    if row["event_key"] >= FIRST_IMPORTED_KEY and row.get("event_id_cnty"):
        cells["event_id_cnty"] = row["event_id_cnty"]
    evidence = tuple(Evidence(**piece) for piece in row["evidence"] or ())
    article = row["article_id"] if row["article_id"] in articles else None
    values = (
        row["event_key"], row["revision"], row["save_id"], row["coder"], to_us(row["saved_at"]), article, row["status"],
        encode_row(cells), encode_evidence(evidence), row["origins"], row["reasons"], row["why"], row["reason"],
        row["merged_into"], row["act"],
    )  # fmt: skip
    return db.execute(
        "INSERT OR IGNORE INTO revision (seq, event_key, revision, save_id, coder, saved_at, article_id, status, cells, "
        "evidence, origins, reasons, why, reason, merged_into, act, crc) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (row["seq"], *values, checksum(values)),
    ).rowcount


def damaged_revisions(db: sqlite3.Connection) -> list[int]:
    """Places of the saves whose text is not what was written."""
    columns = ", ".join(REVISION_COLUMNS[:-1])
    rows = db.execute(f"SELECT seq, crc, {columns} FROM revision ORDER BY seq")
    return [seq for seq, crc, *values in rows if checksum(values) != crc]


def restore_revisions(project: Project, ledger: Ledger, seqs: list[int]) -> int:
    """Replace damaged saves by what the Parquet history holds of them; returns how many."""
    with ledger.writing() as db:
        held = [db.execute("SELECT about FROM revision WHERE seq = ?", (seq,)).fetchone()[0] for seq in seqs]
        kept = db.execute(f"SELECT * FROM revision WHERE seq IN ({', '.join(map(str, seqs))})").fetchall()
        db.execute(f"DELETE FROM revision WHERE seq IN ({', '.join(map(str, seqs))})")
    restored = _restore_revisions(project, ledger)
    with ledger.writing() as db:
        db.executemany("UPDATE revision SET about = ? WHERE seq = ?", zip(held, seqs, strict=True))
        for row in kept:
            db.execute(f"INSERT OR IGNORE INTO revision VALUES ({', '.join('?' for _ in row)})", row)
    return restored


def _settle_heads(ledger: Ledger) -> None:
    """Work out the newest state of every event again; the next fold compares all of them with the parts."""
    with ledger.writing() as db:
        db.execute("DELETE FROM head")
        db.execute(
            "INSERT INTO head (event_key, seq, revision, status, article_id) "
            "SELECT event_key, seq, revision, status, article_id FROM revision AS r "
            "WHERE revision = (SELECT max(revision) FROM revision AS x WHERE x.event_key = r.event_key)"
        )
        coded = [part for part in live_parts(db, "events") if part.first_key < FIRST_IMPORTED_KEY]
        swap(db, [], coded)
        top = db.execute(
            "SELECT max(event_key) FROM revision WHERE event_key >= ?", (FIRST_IMPORTED_KEY,)
        ).fetchone()[0]
        highest = max(top or 0, *(part.last_key for part in live_parts(db, "events")), 0)
        if highest >= FIRST_IMPORTED_KEY:
            db.execute(
                "INSERT INTO counter VALUES ('import', ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
                (highest,),
            )
