"""The one place where a coder's work reaches the ledger and is judged by the rules.

The ledger's connection belongs to the thread that made it; judging may be asked from any, one call at a time.
The desk gives each a thread of its own, so that typing never waits for the disk, nor a draft for the rules.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from data.ledger import Ledger
from data.records import Draft, Save
from schema.errors import EventcoderError, StoreError

if TYPE_CHECKING:
    from coding.event_state import EventState
    from data.project import Project
    from data.records import Article, ArticleSummary, QueuePlace, Revision, Row
    from data.vocabulary import Actors, Places, Sources
    from data.vocabulary.changes import Cells
    from schema.codebook import Codebook
    from schema.row_judge import RowJudge
    from schema.rules import Failure


@dataclass(frozen=True)
class Judgement:
    """What the codebook says about one row: the rules it breaks and the columns that follow from it."""

    failures: tuple[Failure, ...]
    derived: Row


@dataclass(frozen=True)
class Vocabularies:
    """The names a project knows; they may be asked from any thread."""

    places: Places
    actors: Actors
    sources: Sources


class Keeping:
    """One coder's door to the ledger and to the judge."""

    def __init__(self, project: Project, coder: str, *, today: datetime.date | None = None) -> None:
        self.project = project
        self.coder = coder
        self.codebook: Codebook = project.codebook()
        self._today = today
        self._ledger = Ledger.open(project)
        self._judge: RowJudge | None = None
        self._judging = threading.Lock()
        self._actors: Actors | None = None
        self._sources: Sources | None = None
        self._vocabularies: Vocabularies | None = None
        self._judged_by: Mapping[str, Cells] | None = None
        """The project's own actors that the judge knows."""
        self.trouble = ""
        """What went wrong beside a save, in one sentence."""

    def close(self) -> None:
        """Let go of the ledger and the judge."""
        with self._judging:
            if self._judge is not None:
                self._judge.close()
                self._judge = None
        if self._vocabularies is not None:
            self._vocabularies.places.close()
        self._ledger.close()

    # ------------------------------------------------------------ reading

    def place(self, article_id: int) -> QueuePlace:
        """Where an article stands in the queue."""
        return self._ledger.queue_place(article_id, self.coder)

    def beside(self, article_id: int, step: int) -> int | None:
        """The article after (1) or before (-1) one, whatever became of it; none that another coder is at."""
        return self._ledger.beside(article_id, step, self.coder)

    def first_article(self) -> int | None:
        """The project's first article, whoever is at it."""
        return next((article.article_id for article in self._ledger.articles(limit=1)), None)

    def article(self, article_id: int) -> Article:
        """One article with its text; its source's scale is looked up where nobody has said it."""
        article = self._ledger.article(article_id)
        if article.source_scale is None and article.source:
            scale = self._known_sources.scale_of_list(article.source, None)
            return replace(article, source_scale=scale)
        return article

    def event(self, event_key: int) -> Revision:
        """One event as it stands."""
        return self._ledger.event(event_key)

    def events_of(self, article_id: int) -> list[Revision]:
        """The events coded from an article that still stand, by this or another coder."""
        gone = {"retracted", "merged"}
        return [event for event in self._ledger.events_of(article_id) if event.status not in gone]

    def drafts(self, article_id: int | None = None) -> list[Draft]:
        """This coder's unfinished events, the youngest last."""
        drafts = self._ledger.drafts(coder=self.coder, article_id=article_id)
        return sorted(
            drafts, key=lambda draft: draft.saved_at or datetime.datetime.min.replace(tzinfo=datetime.UTC)
        )

    # ------------------------------------------------------------ judging

    def judge(
        self, state: EventState, published: datetime.date | None, changed: Collection[str] | None = None
    ) -> Judgement:
        """What the rules say about the event as it stands; the first call loads the engine."""
        row = dict(state.row)
        with self._judging:
            judge = self._judge_of_today()
            derived = judge.derived(row)
            failures = judge.failures({**derived, **row}, changed=changed, published=published)
        # a text that cannot be read is one failure, not also a missing value
        told = [failure for failure in failures if not set(failure.columns) <= set(state.unread)]
        strangers = (*self._strangers(row, changed), *self._strange_province(row, changed))
        return Judgement((*unread_failures(state), *told, *strangers), derived)

    def _judge_of_today(self) -> RowJudge:
        """The judge, knowing the project's actors as they stand now; who asks holds the lock."""
        actors = self._known_actors
        with suppress(EventcoderError):  # what was known before still judges; saving tells what is wrong
            actors.refresh_if_changed()
        own = actors.known.own
        if self._judge is None or self._judged_by is not own:
            self._judged_by = own
            codebook = self.codebook.with_actors(*actors.types_of_its_own())
            if self._judge is not None:
                self._judge.know(codebook)
            else:
                from schema.row_judge import RowJudge

                self._judge = RowJudge(codebook, today=self._today)
        return self._judge

    def _strangers(self, row: Row, changed: Collection[str] | None) -> Sequence[Failure]:
        """Actors that no vocabulary holds: a slip of the finger, or a new name that is kept on purpose only."""
        from schema.rules import Failure, Severity

        return [
            Failure(
                "VOC-1",
                Severity.WARNING,
                (column,),
                f"{name} is in no list of actors. Pick a name that is, or say why this one is new; it is proposed then.",
            )
            for column in ("actor1", "actor2")
            if (name := row.get(column)) and isinstance(name, str) and self._known_actors.get(name) is None
            if changed is None or column in changed
        ]

    def _strange_province(self, row: Row, changed: Collection[str] | None) -> Sequence[Failure]:
        """A province that no place of the country lies in: mostly one of another country, or a slip of the finger."""
        from schema.rules import Failure, Severity

        name, country = row.get("admin1"), row.get("country")
        asked = changed is None or not {"admin1", "country"}.isdisjoint(changed)
        if not asked or not isinstance(name, str) or not isinstance(country, str):
            return ()
        if self.vocabularies.places.knows_province(name, country):
            return ()
        told = (
            f"{name} is no province of {country} that the gazetteer knows: is it spelled so, and is it there?"
        )
        return [Failure("VOC-2", Severity.HINT, ("admin1",), told)]

    @property
    def vocabularies(self) -> Vocabularies:
        """The names a cell may hold: actors and sources as anybody has left them, places as of this coder's last save."""
        from data.vocabulary import Places

        if self._vocabularies is None:
            places = Places.open(self.project)
            self._vocabularies = Vocabularies(places, self._known_actors, self._known_sources)
        with self._judging, suppress(EventcoderError):  # what was known before is better than nothing
            self._vocabularies.actors.refresh_if_changed()
            self._vocabularies.sources.refresh_if_changed()
        return self._vocabularies

    @property
    def _known_actors(self) -> Actors:
        from data.vocabulary import Actors

        if self._actors is None:
            self._actors = Actors.open(self.project)
        return self._actors

    @property
    def _known_sources(self) -> Sources:
        from data.vocabulary import Sources

        if self._sources is None:
            self._sources = Sources.open(self.project)
        return self._sources

    # ------------------------------------------------------------ writing

    def keep(self, state: EventState) -> None:
        """Keep the event as a draft; it is on the disk when this returns."""
        self._ledger.keep_draft(
            Draft(draft_id=state.draft_id, values=dict(state.values), **self._beside_the_cells(state))
        )

    def drop(self, draft_id: str) -> None:
        """Forget a draft."""
        self._ledger.drop_draft(draft_id)

    def save(self, state: EventState, why: str = "") -> Revision:
        """Save the event for good; the draft goes, and the article counts as coded."""
        revision = self._ledger.save(self._as_save(state, why))
        self._saved(revision)
        return revision

    def save_together(self, states: Sequence[EventState], why: str) -> list[Revision]:
        """Save several events for good, or none: `RevisionConflict` where somebody saved one of them meanwhile."""
        revisions = self._ledger.save_together([self._as_save(state, why) for state in states])
        for revision in revisions:
            self._saved(revision)
        return revisions

    def _as_save(self, state: EventState, why: str) -> Save:
        return Save(save_id=state.draft_id, values=dict(state.row), why=why, **self._beside_the_cells(state))

    def _beside_the_cells(self, state: EventState) -> dict[str, Any]:
        """What a draft and a save hold alike: whose event it is, of which article, on what it rests."""
        return {
            "coder": self.coder,
            "article_id": state.article_id,
            "event_key": state.event_key,
            "base_revision": state.base_revision,
            "evidence": state.evidence,
            "origins": dict(state.origins),
            "reasons": dict(state.reasons),
        }

    def _saved(self, revision: Revision) -> None:
        self._teach(revision.values)
        if revision.article_id is not None:
            self.set_status(revision.article_id, "coded")

    def _teach(self, row: Row) -> None:
        """The event is saved by now: what the vocabularies cannot take is told, never a reason to doubt the save."""
        from data.vocabulary import remember

        try:
            remember(self.project, row, self.coder)
            if self._actors is not None:
                self._actors.refresh()
            if self._sources is not None:
                self._sources.refresh()
            if self._vocabularies is not None:
                self._vocabularies.places.refresh()
        except EventcoderError as error:
            self.trouble = str(error)

    def retract(self, event_key: int, why: str) -> Revision:
        """Take an event out of the dataset; its revisions stay."""
        return self._ledger.retract(event_key, self.coder, why)

    def save_to_undo(self) -> Revision | None:
        """The save that would be taken back next."""
        return self._ledger.next_undo(self.coder)

    def save_to_redo(self) -> Revision | None:
        """The save that would be brought back next."""
        return self._ledger.next_redo(self.coder)

    def undo_save(self) -> Revision | None:
        """Take the coder's last save back."""
        return self._ledger.undo(self.coder)

    def redo_save(self) -> Revision | None:
        """Bring back what was last undone."""
        return self._ledger.redo(self.coder)

    def claim(self, article_id: int) -> None:
        """Take an article that nobody has."""
        self._ledger.claim(article_id, self.coder)

    def claim_next(self, after: int = 0) -> int | None:
        """Take the first article after one that waits for this coder."""
        return self._ledger.claim_next(self.coder, after)

    def pass_on(self, article_id: int, status: str) -> int | None:
        """Say what became of an article, and take the next one that waits."""
        return self._ledger.pass_on(article_id, status, self.coder)

    def release_claim(self, article_id: int) -> None:
        """Give an article back that nothing was done with; a busy ledger is not waited for, the claim only stays then."""
        with suppress(StoreError):
            self._ledger.release_claim(article_id, self.coder, patience_s=2)

    def change_status(self, article_id: int, before: str, status: str) -> bool:
        """Say how far an article is, if it stands as it did before."""
        return self._ledger.change_article_status(article_id, before, status, self.coder)

    def set_status(self, article_id: int, status: str) -> None:
        """Say how far an article is."""
        self._ledger.set_article_status(article_id, status, self.coder)


def articles_of(project: Project) -> list[ArticleSummary]:
    """Every article of a project, read in any thread."""
    with Ledger.open(project) as ledger:
        return list(ledger.articles())


def unread_failures(state: EventState) -> Sequence[Failure]:
    """The fields whose text cannot be used, as failures that block a save."""
    from schema.rules import Failure, Severity

    return [
        Failure("readable", Severity.ERROR, (column,), sentence) for column, sentence in state.unread.items()
    ]
