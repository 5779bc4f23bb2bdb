"""The one place where articles are kept and their statuses change."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3

from data.ledger.cells import from_us
from data.ledger.file import LedgerFile, now_us, store_errors
from data.locks import PATIENCE_S
from data.records import ARTICLE_STATUSES, OPEN_STATUSES, Article, ArticleSummary, NewArticle, QueuePlace
from schema.errors import StoreError, UnusableInput

_SUMMARY = """
    SELECT article_id, title, source, published, url, language, source_scale, status, added_at,
        (SELECT count(*) FROM head WHERE head.article_id = article.article_id
            AND head.status NOT IN ('retracted', 'merged')), coder
    FROM article
"""

_FIRST_WAITING = """
    SELECT min(article_id) FROM (
        SELECT min(article_id) AS article_id FROM article WHERE status = 'new' AND article_id > :after
        UNION ALL
        SELECT min(article_id) FROM article WHERE status = 'claimed' AND coder = :coder AND article_id > :after
    )
"""


class Articles(LedgerFile):
    """The articles of a project."""

    def add_article(self, article: NewArticle) -> tuple[int, bool]:
        """Keep an article; the same text from the same source and day again gives the one that is there."""
        with self.writing() as db:
            return _add(db, article)

    def add_articles(self, articles: list[NewArticle]) -> list[tuple[int, bool]]:
        """Keep many articles in one transaction, answers in their order."""
        with self.writing() as db:
            return [_add(db, article) for article in articles]

    def article(self, article_id: int) -> Article:
        """One article with its text."""
        with store_errors(self.path):
            row = self.db.execute(
                "SELECT article_id, title, source, published, text, url, language, source_scale, status, added_at "
                "FROM article JOIN article_text USING (article_id) WHERE article_id = ?",
                (article_id,),
            ).fetchone()
        if row is None:
            raise UnusableInput(
                f"{self.project.folder} has no article {article_id}; list them with: eventcoder status"
            )
        number, title, source, published, text, url, language, scale, status, added_at = row
        day = dt.date.fromisoformat(published)
        return Article(number, title, source, day, text, url, language, scale, status, from_us(added_at))

    def articles(
        self, status: str | None = None, *, after: int = 0, limit: int | None = None
    ) -> list[ArticleSummary]:
        """The articles in the order they came, all or of one status; `after` and `limit` page through many."""
        where, parameters = "WHERE article_id > ?", [after]
        if status is not None:
            where, parameters = "WHERE status = ? AND article_id > ?", [_known(status), after]  # type: ignore[list-item]
        with store_errors(self.path):
            rows = self.db.execute(
                f"{_SUMMARY} {where} ORDER BY article_id LIMIT ?",
                (*parameters, -1 if limit is None else limit),
            ).fetchall()
        return [_summary(row) for row in rows]

    def article_counts(self) -> dict[str, int]:
        """How many articles stand in each status; every status is named."""
        with store_errors(self.path):
            found = dict(self.db.execute("SELECT status, count(*) FROM article GROUP BY status"))
        return {status: found.get(status, 0) for status in ARTICLE_STATUSES}

    def queue_place(self, article_id: int, coder: str) -> QueuePlace:
        """Where an article stands in the queue, and how many wait for this coder."""
        with store_errors(self.path):
            row = self.db.execute(
                "SELECT (SELECT count(*) FROM article WHERE article_id <= a.article_id), (SELECT count(*) FROM article), "
                "(SELECT count(*) FROM article WHERE status = 'new') + "
                "(SELECT count(*) FROM article WHERE status = 'claimed' AND coder = ?), status, coder "
                "FROM article AS a WHERE article_id = ?",
                (coder, article_id),
            ).fetchone()
        if row is None:
            raise UnusableInput(f"{self.project.folder} has no article {article_id}.")
        return QueuePlace(*row)

    def beside(self, article_id: int, step: int, coder: str) -> int | None:
        """The article after (step 1) or before (step -1) one, passing over those another coder has claimed."""
        side, end = ("article_id > ?", "ASC") if step > 0 else ("article_id < ?", "DESC")
        with store_errors(self.path):
            row = self.db.execute(
                f"SELECT article_id FROM article WHERE {side} AND NOT (status = 'claimed' AND coder <> ?) "
                f"ORDER BY article_id {end} LIMIT 1",
                (article_id, coder),
            ).fetchone()
        return None if row is None else int(row[0])

    def claim(self, article_id: int, coder: str) -> None:
        """Take a new article, so that nobody else is given it; one that is not new stays with whoever has it."""
        with self.writing() as db:
            if _standing(db, article_id)[0] == "new":
                _set_status(db, article_id, "claimed", coder)

    def claim_next(self, coder: str, after: int = 0) -> int | None:
        """Give the coder the first article after one that is new or theirs; nobody else is given it."""
        with self.writing() as db:
            return _claim_next(db, coder, after)

    def pass_on(self, article_id: int, status: str, coder: str) -> int | None:
        """Give an article a status and the coder the next one that waits, both or neither.

        Raises UnusableInput where it is to be without an event and somebody coded one of it meanwhile.
        """
        with self.writing() as db:
            if status == "no_event" and (who := _coder_of_an_event(db, article_id)):
                raise UnusableInput(
                    f"{who} has coded an event of this article meanwhile: it is not marked “no event”."
                )
            self._mark(db, article_id, status, coder)
            return _claim_next(db, coder, article_id)

    def release_claim(self, article_id: int, coder: str, *, patience_s: float = PATIENCE_S) -> None:
        """Give an article back that the coder claimed and of which no draft is kept."""
        with self.writing(patience_s) as db:
            kept = db.execute("SELECT 1 FROM draft WHERE coder = ? AND article_id = ?", (coder, article_id))
            if _standing(db, article_id) == ("claimed", coder) and kept.fetchone() is None:
                _set_status(db, article_id, "new", coder)

    def change_article_status(self, article_id: int, before: str, status: str, coder: str) -> bool:
        """Give an article another status if it stands as it did before; False where somebody did something with it."""
        with self.writing() as db:
            now, who = _standing(db, article_id)
            both_open = {now, before} <= set(OPEN_STATUSES)
            if (now != before and not both_open) or (now == "claimed" and who != coder):
                return False
            self._mark(db, article_id, status, coder)
            return True

    def set_article_status(self, article_id: int, status: str, coder: str) -> None:
        """Say what became of an article; every change is kept with coder and time."""
        with self.writing() as db:
            self._mark(db, article_id, status, coder)

    def _mark(self, db: sqlite3.Connection, article_id: int, status: str, coder: str) -> None:
        if not _set_status(db, article_id, _known(status), coder):
            raise UnusableInput(f"{self.project.folder} has no article {article_id}.")


def _add(db: sqlite3.Connection, article: NewArticle) -> tuple[int, bool]:
    text, title, source = (_storable(t) for t in (article.text, article.title, article.source))
    digest = _digest(source, article.published.isoformat(), text)
    known = db.execute("SELECT article_id FROM article WHERE digest = ?", (digest,)).fetchone()
    if known is not None:
        return int(known[0]), False
    values = (
        title,
        source,
        article.published.isoformat(),
        article.url,
        article.language,
        article.source_scale,
    )
    cursor = db.execute(
        "INSERT INTO article (title, source, published, url, language, source_scale, added_at, digest) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, now_us(), digest),
    )
    article_id = cursor.lastrowid
    if article_id is None:
        raise StoreError("The ledger gave an article no number; nothing was saved.")
    db.execute("INSERT INTO article_text VALUES (?, ?)", (article_id, text))
    return article_id, True


def damaged_articles(db: sqlite3.Connection) -> list[int]:
    """Articles whose text, source or day is not what was read in."""
    rows = db.execute(
        "SELECT article_id, source, published, text, digest FROM article JOIN article_text USING (article_id)"
    )
    return [
        number
        for number, source, published, text, digest in rows
        if _digest(source, published, text) != digest
    ]


def _digest(source: str, published: str, text: str) -> bytes:
    return hashlib.sha256("\x1f".join((source, published, text)).encode()).digest()


def _claim_next(db: sqlite3.Connection, coder: str, after: int) -> int | None:
    (found,) = db.execute(_FIRST_WAITING, {"coder": coder, "after": after}).fetchone()
    if found is not None and _standing(db, found)[0] == "new":
        _set_status(db, found, "claimed", coder)
    return None if found is None else int(found)


def _coder_of_an_event(db: sqlite3.Connection, article_id: int) -> str | None:
    row = db.execute(
        "SELECT revision.coder FROM head JOIN revision USING (seq) WHERE head.article_id = ? "
        "AND head.status NOT IN ('retracted', 'merged') LIMIT 1",
        (article_id,),
    ).fetchone()
    return None if row is None else str(row[0])


def _standing(db: sqlite3.Connection, article_id: int) -> tuple[str, str | None]:
    """An article's status and who set it last; an empty status where there is no such article."""
    row = db.execute("SELECT status, coder FROM article WHERE article_id = ?", (article_id,)).fetchone()
    return ("", None) if row is None else (str(row[0]), row[1])


def _set_status(db: sqlite3.Connection, article_id: int, status: str, coder: str) -> bool:
    at = now_us()
    changed = db.execute(
        "UPDATE article SET status = ?, coder = ?, status_at = ? WHERE article_id = ?",
        (status, coder, at, article_id),
    ).rowcount
    if changed:
        db.execute("INSERT INTO article_log VALUES (?, ?, ?, ?)", (article_id, status, coder, at))
    return bool(changed)


def _summary(row: tuple[object, ...]) -> ArticleSummary:
    number, title, source, published, url, language, scale, status, added_at, events, coder = row
    return ArticleSummary(
        number, title, source, dt.date.fromisoformat(str(published)), url, language, scale, status,  # type: ignore[arg-type]
        from_us(int(str(added_at))), events, coder,  # type: ignore[arg-type]
    )  # fmt: skip


def _storable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8; the replacement keeps every offset into the text.
        return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)
    return text


def _known(status: str) -> str:
    if status not in ARTICLE_STATUSES:
        raise UnusableInput(
            f"{status!r} is no status of an article; use one of {', '.join(ARTICLE_STATUSES)}."
        )
    return status
