"""The one place where the tables of the ledger are laid out, with their version and the steps from older ones."""

from __future__ import annotations

from typing import Final

LEDGER_FORMAT: Final = 1

TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE article (
    article_id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL, source TEXT NOT NULL, published TEXT NOT NULL,
    url TEXT, language TEXT, source_scale TEXT,
    status TEXT NOT NULL DEFAULT 'new', coder TEXT, status_at INTEGER,
    added_at INTEGER NOT NULL, digest BLOB NOT NULL UNIQUE
);
CREATE INDEX article_by_status ON article(status, article_id);
CREATE TABLE article_text (article_id INTEGER PRIMARY KEY REFERENCES article, text TEXT NOT NULL);
CREATE TABLE article_log (
    article_id INTEGER NOT NULL REFERENCES article, status TEXT NOT NULL, coder TEXT NOT NULL, at INTEGER NOT NULL
);

CREATE TABLE draft (
    draft_id TEXT PRIMARY KEY, coder TEXT NOT NULL, article_id INTEGER, event_key INTEGER, base_revision INTEGER,
    cells TEXT NOT NULL, evidence TEXT NOT NULL, origins TEXT NOT NULL, reasons TEXT NOT NULL, saved_at INTEGER NOT NULL
);
CREATE INDEX draft_by_coder ON draft(coder, saved_at);

CREATE TABLE revision (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event_key INTEGER NOT NULL, revision INTEGER NOT NULL, save_id TEXT NOT NULL UNIQUE,
    coder TEXT NOT NULL, saved_at INTEGER NOT NULL, article_id INTEGER REFERENCES article,
    status TEXT NOT NULL, cells TEXT NOT NULL, evidence TEXT NOT NULL, origins TEXT NOT NULL, reasons TEXT NOT NULL,
    why TEXT NOT NULL, reason TEXT, merged_into INTEGER, act TEXT NOT NULL, about INTEGER, crc INTEGER NOT NULL,
    UNIQUE (event_key, revision)
);
CREATE INDEX revision_by_coder ON revision(coder, seq);

CREATE TABLE head (
    event_key INTEGER PRIMARY KEY, seq INTEGER NOT NULL, revision INTEGER NOT NULL, status TEXT NOT NULL,
    article_id INTEGER, folded_seq INTEGER NOT NULL DEFAULT 0, refused_seq INTEGER NOT NULL DEFAULT 0,
    present INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX head_by_article ON head(article_id) WHERE article_id IS NOT NULL;
CREATE INDEX head_unfolded ON head(event_key) WHERE seq <> folded_seq;
CREATE TABLE refusal (
    event_key INTEGER NOT NULL, seq INTEGER NOT NULL, rule_id TEXT NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (event_key, rule_id)
) WITHOUT ROWID;

CREATE TABLE part (
    part_id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, file TEXT NOT NULL UNIQUE,
    rows INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
    first_key INTEGER NOT NULL, last_key INTEGER NOT NULL, columns TEXT NOT NULL, added_at INTEGER NOT NULL,
    generation INTEGER NOT NULL, replaced INTEGER
);
CREATE INDEX part_live ON part(kind, first_key) WHERE replaced IS NULL;
CREATE TABLE import (
    import_id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, file TEXT NOT NULL, coder TEXT NOT NULL,
    at INTEGER NOT NULL, added INTEGER NOT NULL, updated INTEGER NOT NULL, unchanged INTEGER NOT NULL,
    kept INTEGER NOT NULL, refused INTEGER NOT NULL
);
CREATE TABLE import_refusal (
    import_id INTEGER NOT NULL REFERENCES import, row INTEGER NOT NULL, rule_id TEXT NOT NULL, message TEXT NOT NULL
);

CREATE TABLE release (
    release_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, seq INTEGER NOT NULL,
    submitted_counts INTEGER NOT NULL, sha256 TEXT NOT NULL DEFAULT '', state TEXT NOT NULL
);
CREATE TABLE public_id (
    event_key INTEGER PRIMARY KEY, event_id_cnty TEXT NOT NULL UNIQUE, release_id INTEGER NOT NULL REFERENCES release,
    released_seq INTEGER NOT NULL
);
CREATE TABLE tombstone (
    event_key INTEGER NOT NULL, event_id_cnty TEXT NOT NULL, release_id INTEGER NOT NULL REFERENCES release,
    reason TEXT NOT NULL, merged_into TEXT, why TEXT NOT NULL, PRIMARY KEY (release_id, event_key)
) WITHOUT ROWID;
CREATE TABLE release_refusal (
    release_id INTEGER NOT NULL REFERENCES release, seq INTEGER NOT NULL, PRIMARY KEY (release_id, seq)
) WITHOUT ROWID;
CREATE TABLE release_file (
    release_id INTEGER NOT NULL REFERENCES release, name TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (release_id, name)
) WITHOUT ROWID;
CREATE TABLE clock_skew (seq INTEGER NOT NULL, stamped INTEGER NOT NULL, previous INTEGER NOT NULL);
"""

STEPS: Final[dict[int, str]] = {}
"""From format n to n + 1: the SQL that migrates a ledger, run in one transaction after a backup."""
