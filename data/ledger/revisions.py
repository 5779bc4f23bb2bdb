"""The one place where events are saved: every save is a new revision, nothing is ever overwritten."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from data.ledger.cells import (
    checked_row,
    decode_evidence,
    decode_labels,
    decode_row,
    encode_evidence,
    encode_labels,
    from_us,
)
from data.ledger.drafts import Drafts, write_draft
from data.ledger.file import now_us, store_errors
from data.records import (
    EVENT_STATUSES,
    FIRST_IMPORTED_KEY,
    RETRACTION_REASONS,
    Draft,
    EditedMeanwhile,
    OwnEvent,
    Revision,
    Save,
)
from schema.errors import RevisionConflict, UnusableInput

REVISION_COLUMNS: Final = (
    "event_key", "revision", "save_id", "coder", "saved_at", "article_id", "status", "cells", "evidence", "origins",
    "reasons", "why", "reason", "merged_into", "act", "seq",
)  # fmt: skip
_COLUMNS = ", ".join(REVISION_COLUMNS)
_HEADS = (
    f"SELECT {', '.join(f'revision.{name}' for name in REVISION_COLUMNS)}, public_id.event_id_cnty, public_id.released_seq "
    "FROM head JOIN revision USING (seq) LEFT JOIN public_id USING (event_key)"
)


class Revisions(Drafts):
    """The events of a project and all they ever were."""

    def save(self, save: Save) -> Revision:
        """Save an event; a new one where event_key is None.

        A save_id that was saved before gives the revision it made then. A draft whose draft_id is the save_id is
        dropped in the same transaction. `EditedMeanwhile` says that somebody saved the event since base_revision; this
        work is then kept as a draft named by the save_id. Where several people work, nobody approves what he submitted.
        """
        _check(save)
        imported = self._imported(save.event_key)
        with self.writing() as db:
            known = _by_save_id(db, save.save_id)
            if known is not None:
                return known
            current = self._standing(db, save, imported)
            if current is None or current.revision == save.base_revision:
                return _put(db, save, current)
            draft = write_draft(db, _as_draft(save))
        raise _edited_meanwhile(current, draft)

    def save_together(self, saves: Sequence[Save]) -> list[Revision]:
        """Save several events, each as a revision of its own, in one transaction: all of them or, on any error, none.

        `RevisionConflict` names an event that somebody saved since its base_revision; no drafts are made of the saves.
        """
        for save in saves:
            _check(save)
        imported = [self._imported(save.event_key) for save in saves]
        with self.writing() as db:
            return [
                _by_save_id(db, save.save_id) or self._put_or_refuse(db, save, there)
                for save, there in zip(saves, imported, strict=True)
            ]

    def _put_or_refuse(self, db: sqlite3.Connection, save: Save, imported: Revision | None) -> Revision:
        current = self._standing(db, save, imported)
        if current is not None and current.revision != save.base_revision:
            raise RevisionConflict(
                f"Nothing was saved: {current.coder} saved event {current.event_key} (revision {current.revision}) "
                "meanwhile. Look at it as it is now, and try again."
            )
        return _put(db, save, current)

    def _standing(self, db: sqlite3.Connection, save: Save, imported: Revision | None) -> Revision | None:
        """The event as a save would find it; None for a new one. Raises where this save cannot be."""
        current = _head(db, save.event_key) or imported
        if save.event_key is not None and current is None:
            raise self._no_event(save.event_key)
        _check_approval(db, save)
        return current

    def retract(
        self,
        event_key: int,
        coder: str,
        why: str,
        reason: str = "out_of_scope",
        merged_into: int | None = None,
        *,
        save_id: str | None = None,
        base_revision: int | None = None,
    ) -> Revision:
        """Take an event out of the dataset, with a reason; its history stays."""
        if reason not in RETRACTION_REASONS or (reason == "merged_into") != (merged_into is not None):
            raise UnusableInput(
                f"An event is retracted as {', '.join(RETRACTION_REASONS)}; merged_into names the other event's number."
            )
        current = self.event(event_key)
        if merged_into is not None and self.event(merged_into).event_key == event_key:
            raise UnusableInput(f"Event {event_key} cannot be merged into itself.")
        save = Save(
            save_id or f"retract-{event_key}-{current.revision}-{now_us()}",
            coder, current.article_id, event_key, base_revision or current.revision, current.values,
            current.evidence, current.origins, current.reasons,
            "merged" if reason == "merged_into" else "retracted", why,
        )  # fmt: skip
        return self._append_to(save, act="retract", reason=reason, merged_into=merged_into)

    def event(self, event_key: int) -> Revision:
        """The newest revision of an event, coded or imported."""
        with store_errors(self.path):
            found = _head(self.db, event_key)
        found = found or self._imported(event_key)
        if found is None:
            raise self._no_event(event_key)
        return found

    def events_of(self, article_id: int) -> list[Revision]:
        """The newest revision of every event of an article, retracted ones included, in the order they were coded."""
        with store_errors(self.path):
            rows = self.db.execute(
                f"{_HEADS} WHERE head.article_id = ? ORDER BY head.event_key", (article_id,)
            ).fetchall()
        return [_as_head(row) for row in rows]

    def history(self, event_key: int) -> list[Revision]:
        """Every revision of an event, oldest first; an imported event's first one is the imported row."""
        with store_errors(self.path):
            rows = self.db.execute(
                f"SELECT {_COLUMNS} FROM revision WHERE event_key = ? ORDER BY revision", (event_key,)
            ).fetchall()
        found = [revision_of(row) for row in rows]
        if event_key >= FIRST_IMPORTED_KEY:
            from data.history import imported_revisions

            found = sorted([*imported_revisions(self, event_key), *found], key=lambda r: r.revision)
        if not found:
            raise self._no_event(event_key)
        return found

    def revisions(self, *, after_seq: int = 0, coder: str | None = None) -> Iterator[Revision]:
        """All revisions after a place in the order of saves, oldest first."""
        with store_errors(self.path):
            for row in self.db.execute(
                f"SELECT {_COLUMNS} FROM revision WHERE seq > ? AND coder = coalesce(?, coder) ORDER BY seq",
                (after_seq, coder),
            ):
                yield revision_of(row)

    def _append_to(
        self, save: Save, *, act: str, about: int | None = None, reason: str | None = None,
        merged_into: int | None = None,
    ) -> Revision:  # fmt: skip
        """Append a revision to an event that exists, if nobody saved it since base_revision."""
        imported = self._imported(save.event_key)
        with self.writing() as db:
            known = _by_save_id(db, save.save_id)
            if known is not None:
                return known
            current = _head(db, save.event_key) or imported
            if current is not None and current.revision == save.base_revision:
                return append(db, save, current, act=act, about=about, reason=reason, merged_into=merged_into)
        if current is None:
            raise self._no_event(save.event_key)
        raise _edited_meanwhile(current, _as_draft(save))

    def _imported(self, event_key: int | None) -> Revision | None:
        if event_key is None or event_key < FIRST_IMPORTED_KEY:
            return None
        with store_errors(self.path):
            if _head(self.db, event_key) is not None:
                return None
        from data.history import imported_revisions

        return next(iter(reversed(imported_revisions(self, event_key))), None)

    def _no_event(self, event_key: int | None) -> UnusableInput:
        return UnusableInput(
            f"{self.project.folder} has no event {event_key}; list events with: eventcoder log FOLDER"
        )


def append(
    db: sqlite3.Connection, save: Save, current: Revision | None, *, act: str, about: int | None = None,
    reason: str | None = None, merged_into: int | None = None,
) -> Revision:  # fmt: skip
    """Write the next revision of an event, or the first of a new one, within the caller's transaction."""
    event_key = save.event_key if save.event_key is not None else _next_event(db)
    number = current.revision + 1 if current is not None else 1
    saved_at = now_us()
    values = (
        event_key, number, save.save_id, save.coder, saved_at, save.article_id, save.status, checked_row(save.values),
        encode_evidence(save.evidence), encode_labels(save.origins), encode_labels(save.reasons), save.why, reason,
        merged_into, act,
    )  # fmt: skip
    seq = db.execute(
        "INSERT INTO revision (event_key, revision, save_id, coder, saved_at, article_id, status, cells, evidence, "
        "origins, reasons, why, reason, merged_into, act, about, crc) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (*values, about, checksum(values)),
    ).lastrowid
    db.execute(
        "INSERT INTO head (event_key, seq, revision, status, article_id) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (event_key) DO UPDATE SET seq = excluded.seq, revision = excluded.revision, "
        "status = excluded.status, article_id = excluded.article_id",
        (event_key, seq, number, save.status, save.article_id),
    )
    _note_skew(db, seq or 0, saved_at)
    made = replace(
        _of_save(save), event_key=event_key, revision=number, saved_at=from_us(saved_at), seq=seq or 0
    )
    return replace(made, reason=reason, merged_into=merged_into, act=act)


def _put(db: sqlite3.Connection, save: Save, current: Revision | None) -> Revision:
    db.execute("DELETE FROM draft WHERE draft_id = ?", (save.save_id,))
    return append(db, save, current, act="save")


def checksum(values: Iterable[object]) -> int:
    """What SQLite does not keep: a sign of damage inside a row, over the columns from event_key to act."""
    return zlib.crc32("\x1f".join(map(str, values)).encode("utf-8", "replace"))


def next_key(db: sqlite3.Connection, count: int) -> int:
    """The first of `count` numbers for imported events that were never given before, within the caller's transaction."""
    row = db.execute(
        "INSERT INTO counter VALUES ('import', ?) ON CONFLICT (name) DO UPDATE SET value = value + ? RETURNING value",
        (FIRST_IMPORTED_KEY + count - 1, count),
    ).fetchone()
    return int(row[0]) - count + 1


def _next_event(db: sqlite3.Connection) -> int:
    # Heads are never deleted, so the highest is the last that was given; a counter would cost every save a page.
    row = db.execute("SELECT max(event_key) FROM head WHERE event_key < ?", (FIRST_IMPORTED_KEY,)).fetchone()
    return int(row[0] or 0) + 1


def revision_of(row: tuple[object, ...]) -> Revision:
    """A revision from a row of `_COLUMNS`."""
    key, number, save_id, coder, saved_at, article, status, cells, evidence, origins, reasons, *rest = row
    why, reason, merged_into, act, seq = rest
    return Revision(
        key, number, save_id, coder, from_us(int(str(saved_at))), article, status,  # type: ignore[arg-type]
        decode_row(str(cells)), decode_evidence(str(evidence)), decode_labels(str(origins)), decode_labels(str(reasons)),
        why, reason, merged_into, act, seq,  # type: ignore[arg-type]
    )  # fmt: skip


def revision_at(db: sqlite3.Connection, seq: int) -> Revision:
    """The revision at a place in the order of saves."""
    return revision_of(db.execute(f"SELECT {_COLUMNS} FROM revision WHERE seq = ?", (seq,)).fetchone())


def _note_skew(db: sqlite3.Connection, seq: int, saved_at: int) -> None:
    # The order of saves is seq; a clock that was set back is only remembered.
    previous = db.execute("SELECT saved_at FROM revision WHERE seq = ?", (seq - 1,)).fetchone()
    if previous is not None and previous[0] > saved_at + 1_000_000:
        db.execute("INSERT INTO clock_skew VALUES (?, ?, ?)", (seq, saved_at, previous[0]))


def _by_save_id(db: sqlite3.Connection, save_id: str) -> Revision | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM revision WHERE save_id = ?", (save_id,)).fetchone()
    return revision_of(row) if row else None


def _head(db: sqlite3.Connection, event_key: int | None) -> Revision | None:
    if event_key is None:
        return None
    row = db.execute(f"{_HEADS} WHERE head.event_key = ?", (event_key,)).fetchone()
    return _as_head(row) if row else None


def _as_head(row: tuple[object, ...]) -> Revision:
    """The newest state, `released` where a release froze it, with the id that a release gave."""
    found, public_id, released_seq = revision_of(row[:-2]), row[-2], row[-1]
    if public_id is None:
        return found
    status = "released" if released_seq == found.seq else found.status
    return replace(found, status=status, values={**found.values, "event_id_cnty": str(public_id)})


def _check(save: Save) -> None:
    if save.status not in EVENT_STATUSES:
        raise UnusableInput(
            f"{save.status!r} is no status of an event; use one of {', '.join(EVENT_STATUSES)}."
        )
    if not save.coder.strip():
        raise UnusableInput("A save needs the coder's name; give one with: --coder NAME")


def _check_approval(db: sqlite3.Connection, save: Save) -> None:
    """A second person approves: who submitted the event last, or made it, cannot, once there is anybody else."""
    if save.status != "approved":
        return
    submitted = db.execute(
        "SELECT coder FROM revision WHERE event_key = ? AND status = 'submitted' ORDER BY revision DESC LIMIT 1",
        (save.event_key,),
    ).fetchone()
    author = submitted[0] if submitted else save.coder if save.event_key is None else None
    others = "SELECT EXISTS (SELECT 1 FROM revision WHERE coder <> ?)"
    if author == save.coder and db.execute(others, (save.coder,)).fetchone()[0]:
        raise OwnEvent(
            f"{save.coder} cannot approve an event that {save.coder} submitted: save it as submitted, "
            "and let another person approve it."
        )


def _as_draft(save: Save) -> Draft:
    return Draft(
        save.save_id, save.coder, save.article_id, save.event_key, save.base_revision, save.values, save.evidence,
        save.origins, save.reasons,
    )  # fmt: skip


def _of_save(save: Save) -> Revision:
    return Revision(
        0, 0, save.save_id, save.coder, from_us(0), save.article_id, save.status, dict(save.values), save.evidence,
        dict(save.origins), dict(save.reasons), save.why,
    )  # fmt: skip


def _edited_meanwhile(current: Revision, draft: Draft) -> EditedMeanwhile:
    return EditedMeanwhile(
        f"{current.coder} saved event {current.event_key} (revision {current.revision}) while you were editing it; "
        "theirs stands, yours is kept as a draft: compare the two and save again.",
        current=current,
        draft=draft,
    )
