"""The one place where the form's type-ahead meets the vocabularies: opened after the first frame, asked at every key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from coding.candidate import Candidate
from coding.keeping import Vocabularies

if TYPE_CHECKING:
    from coding.candidate import Value
    from coding.form_work import FormWork
    from coding.mentions import Mentions
    from coding.recent import Recent
    from data.project import Project
    from data.records import Article
    from schema.codebook import Codebook

TOLD = frozenset(
    {
        "event_date",
        "actor1",
        "assoc_actor_1",
        "actor2",
        "assoc_actor_2",
        "country",
        "location",
        "fatalities",
        "tags",
    }
)
"""Columns whose first list waits for what the article names, so that it stands still once it is there."""


class Proposals:
    """What can be proposed for a field; before the vocabularies are open, what the codebook alone knows."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._recent: Recent | None = None
        self._known: Vocabularies | None = None
        self._mentions: Mentions | None = None
        self._read: int | None = None
        self._wanted: int | None = None
        self._gave_up = False

    def prepare(self) -> None:
        """Load what ranks candidates; in a thread, so that the first key does not wait for it."""
        import coding.candidates  # noqa: F401
        from coding.recent import Recent

        self._recent = Recent()

    def look_back(self) -> None:
        """Learn from the project's last rows; in a thread, as a large dataset takes a moment."""
        from coding.recent import Recent
        from coding.recent_rows import recent_rows
        from data.ledger import Ledger

        with Ledger.open(self._project) as ledger:
            self._recent = Recent(recent_rows(self._project, ledger))

    def open(self) -> None:
        """Open the vocabularies; the very first time on a machine the gazetteer is built, which takes some seconds."""
        from data.vocabulary.actors import Actors
        from data.vocabulary.places import Places
        from data.vocabulary.sources import Sources

        project = self._project
        with self._or_give_up():
            self._known = Vocabularies(Places.open(project), Actors.open(project), Sources.open(project))

    @contextmanager
    def _or_give_up(self) -> Iterator[None]:
        """Where reading fails, lists do without it instead of waiting for it."""
        self._gave_up = False
        done = False
        try:
            yield
            done = True
        finally:
            self._gave_up = not done

    def close(self) -> None:
        """Let the gazetteer go."""
        if self._known is not None:
            self._known.places.close()
            self._known = None

    def propose_new(self, row: Mapping[str, Value], coder: str) -> list[str]:
        """The actors of a saved row that no vocabulary knew: the save has proposed them. Runs in any thread."""
        if self._known is None:
            return []
        names = [row.get(column) for column in ("actor1", "actor2")]
        new = [name for name in names if isinstance(name, str) and self._known.actors.get(name) is None]
        self._known.actors.refresh()
        self._known.sources.refresh()
        return new

    def refresh(self) -> None:
        """Know the places that were confirmed by a save."""
        if self._known is not None:
            self._known.places.refresh()

    @property
    def reads_articles(self) -> bool:
        """Whether the project wants what an article names to be proposed first."""
        return bool(self._project.settings.get("desk", {}).get("mentions", True))

    def is_reading(self, article: Article) -> bool:
        """Whether what the article names is still to be known."""
        return self.reads_articles and not self._gave_up and self._read != article.article_id

    def read(self, article: Article, codebook: Codebook) -> None:
        """Know the names that others added, and find what the article names; proposals for it stand first from then on."""
        if self._known is None or self._read == article.article_id:
            return
        with self._or_give_up():
            self._known.actors.refresh_if_changed()
            self._known.sources.refresh_if_changed()
        if not self.reads_articles:
            return
        from coding.mentions import read_mentions

        self._wanted = article.article_id
        with self._or_give_up():
            found = read_mentions(article, codebook, self._known.places, self._known.actors)
        if (
            self._wanted == article.article_id
        ):  # an article that was left meanwhile must not push out the next one
            self._mentions, self._read = found, article.article_id

    def learn(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Remember coded rows, the oldest first."""
        for row in rows:
            if self._recent is not None:
                self._recent.learn(row)

    def find(self, column: str, typed: str, work: FormWork) -> list[Candidate]:
        """What fits the typed text, best first."""
        if column in TOLD and not typed.strip() and self.is_reading(work.article):
            return [Candidate(column, None, "reading the article…", can_be_taken=False)]
        if self._recent is None:
            return []
        from coding.candidates import candidates

        known = self._known
        return candidates(
            column,
            typed,
            work.row,
            codebook=work.codebook,
            article=work.article,
            places=known.places if known else None,
            actors=known.actors if known else None,
            sources=known.sources if known else None,
            recent=self._recent,
            mentions=self._mentions if self._read == work.article.article_id else None,
        )
