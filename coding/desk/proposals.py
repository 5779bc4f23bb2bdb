"""The one place where the form's type-ahead meets the vocabularies: opened after the first frame, asked at every key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coding.candidate import Candidate, Value
    from coding.form_work import FormWork
    from coding.mentions import Mentions
    from coding.recent import Recent
    from data.project import Project
    from data.records import Article
    from data.vocabulary.actors import Actors
    from data.vocabulary.places import Places
    from data.vocabulary.sources import Sources
    from schema.codebook import Codebook


@dataclass(frozen=True)
class Vocabularies:
    """The names a project knows; they may be asked from any thread."""

    places: Places
    actors: Actors
    sources: Sources


class Proposals:
    """What can be proposed for a field; before the vocabularies are open, what the codebook alone knows."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._recent: Recent | None = None
        self._known: Vocabularies | None = None
        self._mentions: Mentions | None = None
        self._read: int | None = None

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
        self._known = Vocabularies(Places.open(project), Actors.open(project), Sources.open(project))

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
        return new

    def refresh(self) -> None:
        """Know the places that were confirmed by a save."""
        if self._known is not None:
            self._known.places.refresh()

    @property
    def reads_articles(self) -> bool:
        """Whether the project wants what an article names to be proposed first."""
        return bool(self._project.settings.get("desk", {}).get("mentions", True))

    def read(self, article: Article, codebook: Codebook) -> None:
        """Find what the article names; proposals for it stand first from then on."""
        if self._known is None or not self.reads_articles or self._read == article.article_id:
            return
        from coding.mentions import read_mentions

        self._mentions = read_mentions(article, codebook, self._known.places, self._known.actors)
        self._read = article.article_id

    def learn(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Remember coded rows, the oldest first."""
        for row in rows:
            if self._recent is not None:
                self._recent.learn(row)

    def find(self, column: str, typed: str, work: FormWork) -> list[Candidate]:
        """What fits the typed text, best first."""
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
