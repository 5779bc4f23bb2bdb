"""The one place where unfinished work is kept, so that a crash costs nothing but the field being typed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from data.ledger.cells import (
    checked_row,
    decode_evidence,
    decode_labels,
    decode_row,
    encode_evidence,
    encode_labels,
    from_us,
)
from data.ledger.file import LedgerFile, now_us, store_errors
from data.records import Draft

_COLUMNS = (
    "draft_id, coder, article_id, event_key, base_revision, cells, evidence, origins, reasons, saved_at"
)


class Drafts(LedgerFile):
    """The drafts of a project."""

    def keep_draft(self, draft: Draft) -> Draft:
        """Keep the newest state of a draft under its draft_id."""
        with self.writing() as db:
            # whoever works on an article that nobody has is at it
            db.execute(
                "UPDATE article SET status = 'claimed', coder = ?, status_at = ? WHERE article_id = ? AND status = 'new'",
                (draft.coder, now_us(), draft.article_id),
            )
            return write_draft(db, draft)

    def drafts(self, coder: str | None = None, article_id: int | None = None) -> list[Draft]:
        """The drafts, newest first, all or of one coder or article."""
        with store_errors(self.path):
            rows = self.db.execute(
                f"SELECT {_COLUMNS} FROM draft WHERE coder = coalesce(?, coder) "
                "AND (? IS NULL OR article_id = ?) ORDER BY saved_at DESC, draft_id",
                (coder, article_id, article_id),
            ).fetchall()
        return [_draft(row) for row in rows]

    def drop_draft(self, draft_id: str) -> None:
        """Forget a draft; nothing happens if it is gone already."""
        with self.writing() as db:
            db.execute("DELETE FROM draft WHERE draft_id = ?", (draft_id,))


def write_draft(db: sqlite3.Connection, draft: Draft) -> Draft:
    """Keep a draft within the caller's transaction."""
    saved_at = now_us()
    db.execute(
        f"INSERT OR REPLACE INTO draft ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            draft.draft_id, draft.coder, draft.article_id, draft.event_key, draft.base_revision,
            checked_row(draft.values), encode_evidence(draft.evidence), encode_labels(draft.origins),
            encode_labels(draft.reasons), saved_at,
        ),
    )  # fmt: skip
    return replace(draft, saved_at=from_us(saved_at))


def _draft(row: tuple[object, ...]) -> Draft:
    draft_id, coder, article_id, event_key, base, cells, evidence, origins, reasons, saved_at = row
    return Draft(
        draft_id, coder, article_id, event_key, base,  # type: ignore[arg-type]
        decode_row(str(cells)), decode_evidence(str(evidence)), decode_labels(str(origins)),
        decode_labels(str(reasons)), from_us(int(str(saved_at))),
    )  # fmt: skip
