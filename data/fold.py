"""The one place where saved events go from the ledger into the Parquet dataset, through the gate of the schema.

A fold reads what is unfolded, writes the parts concerned anew beside the old ones, and makes them live in one ledger
transaction. The ledger keeps every revision; a crash at any moment leaves the dataset as it was before or after.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from data.derive import derive
from data.ledger import Ledger
from data.ledger.revisions import REVISION_COLUMNS, revision_of
from data.locks import Lock
from data.parts import PART_ROWS, Part, disk_errors, read_part, write_part
from data.project import Project
from data.records import FIRST_IMPORTED_KEY, LIVE_STATUSES, Revision
from data.rows import dataset_schema, history_schema, key_set, never_empty, typed_rows
from data.shelf import live_parts, owner, part_number, settle, swap
from schema.text import counted

if TYPE_CHECKING:
    import pyarrow as pa

    from schema.codebook import Codebook

BATCH: Final = 50_000
"""Events folded in one step; what bounds the memory together with the rows of a part."""
_ABSORB: Final = 4
"""A new part swallows the last one while that is at most this many times larger, so that few small parts stay."""


@dataclass(frozen=True)
class Refused:
    """A saved event that may not enter the dataset; it stays in the ledger until it is mended."""

    event_key: int
    rule_id: str
    message: str


@dataclass(frozen=True)
class FoldReport:
    """What a fold did."""

    folded: int
    """Events whose newest state the dataset now tells."""
    refused: tuple[Refused, ...] = ()
    parts: int = 0
    """Parquet parts written."""
    busy: bool = False
    """Another program was folding, so this one did nothing."""

    def lines(self) -> list[str]:
        """The report for people."""
        if self.busy:
            return ["Another program is bringing the dataset up to date; nothing to do here."]
        told = [
            f"{counted(self.folded, 'event')} brought into the dataset, {counted(self.parts, 'Parquet file')} written."
        ]
        told += [f"Event {r.event_key} is held back ({r.rule_id}): {r.message}" for r in self.refused]
        return told

    def to_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "folded": self.folded, "parts": self.parts, "busy": self.busy,
            "refused": [vars(r) for r in self.refused],
        }  # fmt: skip


@dataclass
class _Step:
    """One batch on its way into the dataset."""

    pending: list[Revision]
    accepted: pa.Table
    refused: list[Refused]
    gone: set[int]
    """Keys that no longer stand in the dataset."""
    new: list[Part] = field(default_factory=list)
    old: list[Part] = field(default_factory=list)
    superseded: list[pa.Table] = field(default_factory=list)
    """Imported rows that people corrected; the history keeps them."""


def fold(
    project: Project, *, wait: bool = True, progress: Callable[[int, int], None] | None = None
) -> FoldReport:
    """Bring the dataset up to the last save; with wait=False, give way to another program that is at it.

    `progress` is told after each file: events brought in, of how many.
    """
    lock = fold_lock(project)
    try:
        if not wait:
            with lock.held_if_free() as free:
                return _fold(project, progress) if free else FoldReport(0, busy=True)
        with lock.held():
            return _fold(project, progress)
    finally:
        lock.close()


def fold_lock(project: Project) -> Lock:
    """The lock under which parts are written: folds, imports and repairs take turns."""
    with disk_errors(project.folder):
        project.work_file("readers").mkdir(parents=True, exist_ok=True)
        return Lock(project.work_file("fold.lock"))


def _fold(project: Project, progress: Callable[[int, int], None] | None) -> FoldReport:
    codebook = project.codebook()
    folded, parts, done = 0, 0, 0
    with Ledger.open(project) as ledger:
        with ledger.writing() as db:
            db.execute("UPDATE head SET refused_seq = 0 WHERE refused_seq <> 0")
        total = ledger.db.execute("SELECT count(*) FROM head WHERE seq <> folded_seq").fetchone()[0]

        def brought(count: int) -> None:
            nonlocal done
            done = min(done + count, total)
            if progress is not None:
                progress(done, total)

        while True:
            step = _next_step(ledger, codebook)
            if step is None:
                break
            _write_step(project, ledger, step, codebook, brought)
            folded += len(step.pending) - len({r.event_key for r in step.refused})
            parts += len(step.new)
        parts += fold_history(project, ledger, codebook)
        settle(project, ledger.db)
        ledger.checkpoint()
        refused = tuple(
            Refused(*row) for row in ledger.db.execute("SELECT event_key, rule_id, message FROM refusal")
        )
    return FoldReport(folded, refused, parts)


def _next_step(ledger: Ledger, codebook: Codebook) -> _Step | None:
    columns = ", ".join(f"revision.{name}" for name in REVISION_COLUMNS)
    with ledger.reading() as db:
        rows = db.execute(
            f"SELECT {columns}, head.present FROM head JOIN revision USING (seq) "
            "WHERE head.seq <> head.folded_seq AND head.refused_seq <> head.seq ORDER BY head.event_key LIMIT ?",
            (BATCH,),
        ).fetchall()
        ids = public_ids(db, [row[0] for row in rows])
    if not rows:
        return None
    pending = [with_public_status(revision_of(row[:-1]), ids) for row in rows]
    present = {row[0] for row in rows if row[-1] or row[0] >= FIRST_IMPORTED_KEY}
    live = [revision for revision in pending if revision.status in LIVE_STATUSES]
    names = {key: name for key, (name, _seq) in ids.items()}
    accepted, refused = _through_gate(live, codebook, names)
    standing = {revision.event_key for revision in live}
    return _Step(pending, accepted, refused, {key for key in present if key not in standing})


def _through_gate(
    live: Sequence[Revision], codebook: Codebook, names: dict[int, str]
) -> tuple[pa.Table, list[Refused]]:
    import pyarrow.compute as pc

    from schema.gate import accept

    typed = typed_rows(live, codebook, names)
    refused = [
        Refused(m.event_key, f"type-{m.column}", f"{m.column} cannot hold {m.value!r}; edit the event.")
        for m in typed.misfits
    ]
    table = derive(typed.table, codebook)
    table = table.filter(
        pc.invert(pc.is_in(table["event_key"], value_set=key_set({r.event_key for r in refused})))
    )
    for imported in (False, True):
        origin = "imported" if imported else "coded"
        rows = table.filter(pc.equal(table["origin"], origin))
        if rows.num_rows:
            keys = rows["event_key"].to_pylist()
            # The id is the import's or the release's affair: who corrects a row cannot give it one.
            _accepted, broken = accept(rows, codebook, imported=imported, absent=("event_id_cnty",))
            refused += [Refused(keys[row], rule_id, message) for row, rule_id, message in broken]
    held = key_set({r.event_key for r in refused})
    return table.filter(pc.invert(pc.is_in(table["event_key"], value_set=held))).cast(
        dataset_schema(codebook)
    ), refused


def _write_step(
    project: Project, ledger: Ledger, step: _Step, codebook: Codebook, brought: Callable[[int], None]
) -> None:
    if step.accepted.num_rows or step.gone:
        _write_parts(project, ledger, step, codebook, brought)
    if step.superseded:
        history = _widened(step.superseded, codebook)
        step.new.append(write_part(project, "history", _number(ledger), history))
    refused = {r.event_key for r in step.refused}
    arrived = set(step.accepted["event_key"].to_pylist())
    with ledger.writing() as db:
        swap(db, step.new, step.old)
        db.executemany("DELETE FROM refusal WHERE event_key = ?", [(r.event_key,) for r in step.pending])
        for revision in step.pending:
            if revision.event_key in refused:
                db.execute(
                    "UPDATE head SET refused_seq = ? WHERE event_key = ?", (revision.seq, revision.event_key)
                )
            else:
                db.execute(
                    "UPDATE head SET folded_seq = ?, present = ? WHERE event_key = ?",
                    (revision.seq, revision.event_key in arrived, revision.event_key),
                )
        seqs = {revision.event_key: revision.seq for revision in step.pending}
        db.executemany(
            "INSERT OR REPLACE INTO refusal VALUES (?, ?, ?, ?)",
            [(r.event_key, seqs[r.event_key], r.rule_id, r.message) for r in step.refused],
        )


def _write_parts(
    project: Project, ledger: Ledger, step: _Step, codebook: Codebook, brought: Callable[[int], None]
) -> None:
    parts = live_parts(ledger.db, "events")
    imported = [part for part in parts if part.first_key >= FIRST_IMPORTED_KEY]
    coded = [part for part in parts if part.first_key < FIRST_IMPORTED_KEY]
    groups: dict[Part | None, set[int]] = defaultdict(set)
    for key in {*step.accepted["event_key"].to_pylist(), *step.gone}:
        groups[_home(imported if key >= FIRST_IMPORTED_KEY else coded, key)].add(key)
    for part, keys in groups.items():
        if part is not None:
            _rewrite(project, ledger, step, codebook, part, keys)
            brought(len(keys))
    homeless = groups.get(None, set())
    _append(project, ledger, step, codebook, {key for key in homeless if key < FIRST_IMPORTED_KEY}, coded)
    # Corrected events of an import whose part was lost.
    rows = _rows_of(step.accepted, {key for key in homeless if key >= FIRST_IMPORTED_KEY})
    step.new += _written(project, ledger, codebook, rows, imported=True)
    brought(len(homeless))


def _home(parts: Sequence[Part], key: int) -> Part | None:
    """The part to write anew for this key; None where no part holds it or may take it in."""
    comes_last = bool(parts) and key < FIRST_IMPORTED_KEY and key > parts[-1].last_key
    if not parts or comes_last:
        return None
    return owner(parts, key) or parts[0]


def _rewrite(
    project: Project, ledger: Ledger, step: _Step, codebook: Codebook, part: Part, keys: set[int]
) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc

    before = conform(read_part(project, part), dataset_schema(codebook))
    changed = pc.is_in(before["event_key"], value_set=key_set(keys))
    replaced = before.filter(changed)
    came_by_import = replaced.filter(pc.is_null(replaced["coder"]))
    if came_by_import.num_rows:
        step.superseded.append(came_by_import)
    after = pa.concat_tables([before.filter(pc.invert(changed)), _rows_of(step.accepted, keys)])
    step.old.append(part)
    step.new += _written(project, ledger, codebook, after, imported=part.first_key >= FIRST_IMPORTED_KEY)


def _append(
    project: Project, ledger: Ledger, step: _Step, codebook: Codebook, keys: set[int], parts: Sequence[Part]
) -> None:
    import pyarrow as pa

    rows = _rows_of(step.accepted, keys)
    if not rows.num_rows:
        return
    coded = list(parts)
    while coded and coded[-1] not in step.old and absorbs(rows.num_rows, coded[-1]):
        last = coded.pop()
        rows = pa.concat_tables([conform(read_part(project, last), dataset_schema(codebook)), rows])
        step.old.append(last)
    step.new += _written(project, ledger, codebook, rows, imported=False)


def absorbs(count: int, last: Part) -> bool:
    """Whether a new part of so many rows takes in the last one."""
    return last.rows <= min(_ABSORB * count, PART_ROWS - count)


def _written(
    project: Project, ledger: Ledger, codebook: Codebook, rows: pa.Table, *, imported: bool
) -> list[Part]:
    """The rows as parts that each own a stretch of keys, sorted inside for the queries people ask."""
    rows = rows.sort_by("event_key")
    made = []
    for start in range(0, rows.num_rows, PART_ROWS):
        piece = rows.slice(start, PART_ROWS)
        if not imported:
            piece = piece.sort_by(
                [("country", "ascending"), ("event_date", "ascending"), ("event_key", "ascending")]
            )
        made.append(write_part(project, "events", _number(ledger), piece, never_empty(codebook)))
    return made


def fold_history(project: Project, ledger: Ledger, codebook: Codebook) -> int:
    """Copy the revisions that are not there yet into history parts; returns how many parts were written."""
    written = 0
    columns = ", ".join(REVISION_COLUMNS)
    while True:
        with ledger.reading() as db:
            done = history_seq(db)
            rows = db.execute(
                f"SELECT {columns} FROM revision WHERE seq > ? ORDER BY seq LIMIT ?", (done, BATCH)
            ).fetchall()
            parts = live_parts(db, "history")
        if not rows:
            return written
        _write_history(project, ledger, [revision_of(row) for row in rows], codebook, parts)
        written += 1


def _write_history(
    project: Project, ledger: Ledger, revisions: list[Revision], codebook: Codebook, parts: list[Part]
) -> None:
    import pyarrow as pa

    rows = derive(typed_rows(revisions, codebook, {}, history=True).table, codebook)
    old: list[Part] = []
    parts = sorted(parts, key=lambda part: part.part_id)
    while parts and absorbs(rows.num_rows, parts[-1]):
        last = parts.pop()
        rows = pa.concat_tables([conform(read_part(project, last), history_schema(codebook)), rows])
        old.append(last)
    new = write_part(project, "history", _number(ledger), rows)
    with ledger.writing() as db:
        swap(db, [new], old)
        db.execute("INSERT OR REPLACE INTO counter VALUES ('history_seq', ?)", (revisions[-1].seq,))


def history_seq(db: sqlite3.Connection) -> int:
    """Up to which place in the order of saves the history parts reach."""
    row = db.execute("SELECT value FROM counter WHERE name = 'history_seq'").fetchone()
    return int(row[0]) if row else 0


def public_ids(db: sqlite3.Connection, keys: Iterable[int]) -> dict[int, tuple[str, int]]:
    """The ids that releases gave to these events, and the revision they froze last."""
    found = {}
    for key in keys:
        row = db.execute(
            "SELECT event_id_cnty, released_seq FROM public_id WHERE event_key = ?", (key,)
        ).fetchone()
        if row:
            found[key] = (row[0], row[1])
    return found


def with_public_status(revision: Revision, ids: dict[int, tuple[str, int]]) -> Revision:
    """The revision as `released` where a release froze exactly this state."""
    known = ids.get(revision.event_key)
    return replace(revision, status="released") if known and known[1] == revision.seq else revision


def conform(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with exactly these columns; columns added to the codebook since are empty."""
    import pyarrow as pa

    columns = [
        table[f.name].cast(f.type) if f.name in table.column_names else pa.nulls(table.num_rows, f.type)
        for f in schema
    ]
    return pa.table(columns, schema=schema)


def _widened(tables: list[pa.Table], codebook: Codebook) -> pa.Table:
    import pyarrow as pa

    return conform(pa.concat_tables(tables), history_schema(codebook))


def _rows_of(table: pa.Table, keys: set[int]) -> pa.Table:
    import pyarrow.compute as pc

    return table.filter(pc.is_in(table["event_key"], value_set=key_set(keys)))


def _number(ledger: Ledger) -> int:
    with ledger.writing() as db:
        return part_number(db)
