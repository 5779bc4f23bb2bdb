"""The one place where a coder's day is led: which article, which event, what is saved, what comes next.

No screen here; the desk draws this and forwards keys to it. `work` changes memory only;
every other method touches the ledger or the judge and belongs to the thread the session was made in.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coding.acts import Acts, Marked
from coding.bulk_edit import BulkEdit, CellEdit, apply_edits, apply_together
from coding.duplicates import with_further_source
from coding.event_state import FOLLOWS, TYPED, EventState
from coding.form_work import FormWork, Typed, state_of_draft, state_of_revision
from coding.keeping import Judgement, Keeping
from coding.refusals import MarkStays, NothingOpen, NotSubmittable
from coding.twins import twin_failures
from data.records import OPEN_STATUSES
from schema.errors import EventcoderError
from schema.rules import Severity

if TYPE_CHECKING:
    from coding.candidate import Candidate, Value
    from data.project import Project
    from data.records import Article, Draft, QueuePlace, Revision, Row
    from schema.rules import Failure

NO_ARTICLE = "No article is open; add one with: eventcoder add DIR FILE"


class CodingSession:
    """One coder at one project."""

    def __init__(self, project: Project, coder: str, *, today: datetime.date | None = None) -> None:
        self.project = project
        self.coder = coder
        self.keeping = Keeping(project, coder, today=today)
        self.codebook = self.keeping.codebook
        self.events: list[Revision] = []
        self.drafts: list[Draft] = []
        self._judgement = Judgement((), {})
        self._judged: EventState | None = None
        self.last_saved: Revision | None = None
        self._acts = Acts()
        self._likely: list[Revision] = []
        self._work: FormWork | None = None
        self._place: QueuePlace | None = None

    def close(self) -> None:
        """Keep what is under work, give back what was not begun, and let go of the project."""
        self._leave_article()
        self.keeping.close()

    # ------------------------------------------------------------ what is open

    @property
    def work(self) -> FormWork:
        """The event under work."""
        if self._work is None:
            raise NothingOpen(NO_ARTICLE)
        return self._work

    @property
    def article(self) -> Article:
        """The article that is open."""
        return self.work.article

    @property
    def is_open(self) -> bool:
        """Whether an article is open."""
        return self._work is not None

    @property
    def judgement(self) -> Judgement:
        """What the rules say of the event as it stands; judged now if it changed since."""
        return self._judgement if self._judged is self.work.state else self.judge()

    @property
    def row(self) -> Row:
        """The event under work, with the columns that follow from it."""
        return {**self.judgement.derived, **self.work.row}

    @property
    def derived(self) -> Row:
        """The columns nobody types."""
        return self.judgement.derived

    @property
    def failures(self) -> list[Failure]:
        """What the rules find, errors first."""
        return self.judgement_order(self.judgement.failures)

    @staticmethod
    def judgement_order(failures: Sequence[Failure]) -> list[Failure]:
        """Errors before warnings before hints."""
        ranks = list(Severity)
        return sorted(failures, key=lambda failure: ranks.index(failure.severity))

    @property
    def unsaved(self) -> bool:
        """Whether something stands on the form that no save holds: done in this sitting, or brought back from a draft."""
        state = self.work.state
        restored = any(draft.draft_id == state.draft_id for draft in self.drafts)
        return self.work.touched or (restored and not state.same_content(self.work.blank()))

    @property
    def waits(self) -> bool:
        """Whether the open article still waits for somebody."""
        return self.place.status in OPEN_STATUSES

    @property
    def place(self) -> QueuePlace:
        """Where the open article stands in the queue, as it was read last."""
        if self._place is None:
            raise NothingOpen(NO_ARTICLE)
        return self._place

    # ------------------------------------------------------------ articles

    def resume(self) -> bool:
        """Open what was under work when the program ended, else the first open article; False on an empty project."""
        for draft in reversed(self.keeping.drafts()):
            if draft.article_id is not None:
                self.open_article(draft.article_id, draft)
                return True
        waiting = self.keeping.claim_next()
        return self._open_if_any(waiting or self.keeping.beside(0, 1) or self.keeping.first_article())

    def open_article(self, article_id: int | None, draft: Draft | None = None) -> None:
        """Open an article: its unfinished event if there is one, else a new one."""
        if article_id is None:
            raise NothingOpen("That event was not coded from an article of this project.")
        if self._work is None or article_id != self.article.article_id:
            self._leave_article()
        article = self.keeping.article(article_id)
        self.drafts = self.keeping.drafts(article_id)
        self.events = self.keeping.events_of(article_id)
        self._likely = []
        chosen = draft or (self.drafts[-1] if self.drafts else None)
        self._work = FormWork(self.codebook, article, state_of_draft(chosen) if chosen else None)
        if article.status == "new":
            self.keeping.claim(article_id)
        self.refresh_place()

    def refresh_place(self) -> None:
        """Read again where the article stands: other people add and code articles too."""
        self._place = self.keeping.place(self.article.article_id)

    def next_article(self) -> bool:
        """Keep the event under work and open the next article that waits, else the next one; False at the end."""
        self.leave()
        here = self.article.article_id
        return self._open_if_any(self.keeping.claim_next(here) or self.keeping.beside(here, 1))

    def previous_article(self) -> bool:
        """Keep the event under work and open the article before; False at the beginning."""
        self.leave()
        return self._open_if_any(self.keeping.beside(self.article.article_id, -1))

    def _open_if_any(self, article_id: int | None) -> bool:
        if article_id is not None:
            self.open_article(article_id)
        elif self.is_open:
            self.refresh_place()
        return article_id is not None

    def leave(self) -> None:
        """Keep the event under work if the coder began it."""
        if self._work is not None and self._work.touched:
            self.keep()
            self.drafts = self.keeping.drafts(self.article.article_id)

    def _leave_article(self) -> None:
        """Keep what was begun; an article that nothing was begun on goes back to the queue."""
        if self._work is None:
            return
        self.leave()
        if not self.drafts and not self.events:
            self.keeping.release_claim(self.article.article_id)

    def no_event(self) -> bool:
        """Say that the article tells no event, and go to the next; False when none waits."""
        return self.close_article("no_event")

    def close_article(self, status: str) -> bool:
        """Give the article a status and go to the next; the untouched form is left behind."""
        self.leave()
        here = self.article.article_id
        following = self.keeping.pass_on(here, status) or self.keeping.beside(here, 1)
        self._marked(status)
        return self._open_if_any(following)

    def _marked(self, status: str, event_key: int | None = None) -> None:
        article = self.article
        self._acts.did(Marked(article.article_id, article.title, status, self.place.status, event_key))

    # ------------------------------------------------------------ fields

    def set_value(self, column: str, value: Value, origin: str = TYPED) -> list[Failure]:
        """Set a field (a text is read as people type it), keep the draft, and say what the rules find now."""
        if isinstance(value, str) and origin == TYPED:
            self.work.type_text(column, value)
        else:
            self.work.set_value(column, value, origin)
        return self._changed(column)

    def type_text(self, column: str, text: str) -> Typed:
        """Take a typed text and say how it was understood."""
        typed = self.work.type_text(column, text)
        self._changed(column)
        return typed

    def pick(self, candidate: Candidate, *, evidence: bool = False) -> list[Failure]:
        """Take a candidate with everything it fills."""
        self.work.pick(candidate, evidence=evidence)
        return self._changed(candidate.field)

    def add_evidence(self, column: str, start: int, end: int) -> list[Failure]:
        """Keep words of the article under a field."""
        self.work.add_evidence(column, start, end)
        return self._changed(column)

    def undo(self) -> bool:
        """One change back."""
        return self.work.undo() and self._kept()

    def redo(self) -> bool:
        """One undone change again."""
        return self.work.redo() and self._kept()

    def _changed(self, column: str) -> list[Failure]:
        self._kept()
        return [failure for failure in self.failures if column in failure.columns]

    def _kept(self) -> bool:
        self.keep()
        return True

    def keep(self) -> None:
        """Keep the event under work as a draft."""
        self.keeping.keep(self.work.state)

    def judge(self) -> Judgement:
        """Judge the event as it stands."""
        state = self.work.state
        self._judgement, self._judged = self.judge_state(state), state
        return self._judgement

    def judge_state(self, state: EventState) -> Judgement:
        """Judge any state of the open article's event."""
        judgement = self.keeping.judge(state, self.article.published)
        coded = {event.event_key: event for event in (*self._likely, *self.events)}
        twins = twin_failures(self.codebook, state, coded.values())
        return replace(judgement, failures=(*judgement.failures, *twins))

    def compare_with(self, event_keys: Sequence[int]) -> None:
        """Take coded events of other articles that may be the one on the form: none is saved twice without a word."""
        found = [self.keeping.event(key) for key in event_keys]
        self._likely = [event for event in found if event.status not in {"retracted", "merged"}]
        self._judged = None

    # ------------------------------------------------------------ events

    def blocking(self) -> list[Failure]:
        """What stands between the event and the dataset: errors, and warnings without a reason."""
        reasons = self.work.state.reasons
        found = [
            failure
            for failure in self.failures
            if failure.severity is Severity.ERROR
            or (failure.severity is Severity.WARNING and not reasons.get(failure.rule_id))
        ]
        return self.judgement_order(sorted(found, key=self._place_on_form))

    def _place_on_form(self, failure: Failure) -> int:
        coded = [column.name for column in self.codebook.coded]
        return next((coded.index(column) for column in failure.columns if column in coded), 0)

    def submit(self, reasons: Mapping[str, str] | None = None, why: str = "") -> Revision:
        """Save the event; raises NotSubmittable with what has to be mended or explained first."""
        for rule_id, reason in (reasons or {}).items():
            self.work.give_reason(rule_id, reason)
        self.judge()  # anew: the lists of names may have changed since the last key
        if blocking := self.blocking():
            raise NotSubmittable(blocking)
        revision = self.keeping.save(self.work.state, why)
        self.last_saved = revision
        self._acts.did(None)
        self.drafts = self.keeping.drafts(self.article.article_id)
        self.events = self.keeping.events_of(self.article.article_id)
        self.refresh_place()
        self.new_event()
        return revision

    def new_event(self, like: Row | None = None) -> None:
        """Begin another event of the same article; an unfinished one stays as a draft."""
        self.work.begin(self.work.like(like) if like else self.work.with_carried(self._carried()))

    def _carried(self) -> Row:
        """What the project's settings carry over from the event saved last: `carry_over` under `[desk]`, none by default."""
        wanted = self.project.settings.get("desk", {}).get("carry_over", ())
        row = self.last_saved.values if self.last_saved else {}
        return {name: row[name] for name in wanted if row.get(name) is not None}

    def save_over(self, current: Revision) -> Revision:
        """Save the form over a revision that somebody else saved meanwhile; both stay in the history."""
        self.work.begin(replace(self.work.state, base_revision=current.revision))
        return self.submit(why=f"saved over revision {current.revision} of {current.coder}")

    def take_theirs(self, current: Revision) -> None:
        """Put the revision that somebody else saved meanwhile on the form; one's own goes."""
        self.keeping.drop(self.work.state.draft_id)
        self.work.begin(state_of_revision(current))
        self.refresh_events()

    def duplicate_event(self) -> bool:
        """Begin an event with the cells of the one on the form, or of the last saved one; False without either."""
        source = self.work.row if self.work.started else self.last_row()
        if source is None:
            return False
        self.leave()
        if not self.work.started and not self.events and self.last_saved:
            self.compare_with([self.last_saved.event_key])
        self.new_event(source)
        self.keep()
        self.drafts = self.keeping.drafts(self.article.article_id)
        return True

    def last_row(self) -> Row | None:
        """The cells of the event saved last: of this article, else before it."""
        if self.events:
            return self.events[-1].values
        return self.last_saved.values if self.last_saved else None

    def edit_cells(self, edits: Iterable[CellEdit], together: str = "") -> BulkEdit:
        """Change cells of coded events; each event that was saved is one act, to be undone like any other.

        `together` says why they belong together: then all events are saved or, where one cannot be, none.
        """
        outcome = (
            apply_together(self.keeping, edits, why=together)
            if together
            else apply_edits(self.keeping, edits)
        )
        for _ in outcome.saved:
            self._acts.did(None)
        return outcome

    def edit(self, event_key: int) -> None:
        """Open a coded event again; saving it makes its next revision."""
        self.leave()
        event = next(event for event in self.events if event.event_key == event_key)
        self.work.begin(state_of_revision(event))

    def retract(self, event_key: int, why: str) -> Revision:
        """Take an event out of the dataset, with a reason."""
        if not why.strip():
            raise EventcoderError("Say in a few words why the event is taken back.")
        revision = self.keeping.retract(event_key, why.strip())
        self._acts.did(None)
        self.events = self.keeping.events_of(self.article.article_id)
        if self.work.state.event_key == event_key:
            self.keeping.drop(self.work.state.draft_id)
            self.new_event()
        return revision

    def refresh_events(self) -> None:
        """Read the article's events again: a table, or another coder, may have changed them."""
        self.events = self.keeping.events_of(self.article.article_id)

    def go_to_event(self, event_key: int) -> None:
        """Open a coded event wherever it was coded."""
        self.leave()
        self.open_article(self.keeping.event(event_key).article_id)
        self.edit(event_key)

    def undo_next(self) -> Revision | Marked | None:
        """What `undo_last` would take back; nothing changes."""
        return self._acts.last or self.keeping.save_to_undo()

    def redo_next(self) -> Revision | Marked | None:
        """What `redo_last` would bring back; nothing changes."""
        return self._acts.last_undone or self.keeping.save_to_redo()

    def undo_last(self) -> Revision | Marked | None:
        """Take back this coder's last save (across restarts) or mark, and open its article; None where there is none."""
        act = self._acts.last
        try:
            taken = self._again(act, self.keeping.undo_save, (act.status, act.before) if act else None)
        except MarkStays:
            self._acts.forget_last()
            raise
        if taken is not None:
            self._acts.took_back()
        return taken

    def redo_last(self) -> Revision | Marked | None:
        """Bring back what was undone last, and open its article; None where there is nothing."""
        act = self._acts.last_undone
        try:
            taken = self._again(act, self.keeping.redo_save, (act.before, act.status) if act else None)
        except MarkStays:
            self._acts.forget_last_undone()
            raise
        if taken is not None:
            self._acts.brought_again()
        return taken

    def _again(
        self, act: Marked | None, history: Callable[[], Revision | None], marks: tuple[str, str] | None
    ) -> Revision | Marked | None:
        self.leave()
        revision = history() if act is None or act.event_key is not None else None
        if act is None and revision is None:
            return None
        article_id = act.article_id if act else revision.article_id if revision else None
        if act is not None and marks is not None:
            if not self.keeping.change_status(act.article_id, *marks):
                raise MarkStays(f"Somebody has worked on “{act.title}” since; its mark stays as it is now.")
        elif article_id is not None:
            self._mend_status(article_id)
        if article_id is not None and article_id != self.article.article_id:
            self.open_article(article_id)
        self.refresh_events()
        self.refresh_place()
        return act or revision

    def _mend_status(self, article_id: int) -> None:
        """An article is coded as long as an event of it stands."""
        status, has_events = self.keeping.article(article_id).status, bool(self.keeping.events_of(article_id))
        if status == "coded" and not has_events:
            self.keeping.set_status(article_id, "claimed")
        elif status in OPEN_STATUSES and has_events:
            self.keeping.set_status(article_id, "coded")

    def attach(self, event_key: int) -> Revision:
        """Add the open article to a coded event as a further source; what is on the form is given up for it."""
        event = self.keeping.event(event_key)
        state = state_of_revision(event)
        for column, value in self._with_this_source(event.values).items():
            if value != event.values.get(column):
                state = state.with_value(column, value, FOLLOWS)
        revision = self.keeping.save(state, f"also told by {self.article.source}")
        self.keeping.drop(self.work.state.draft_id)
        self.work.begin(self.work.blank())
        self.drafts = self.keeping.drafts(self.article.article_id)
        self.keeping.set_status(self.article.article_id, "coded")
        self._marked("coded", event_key)
        self.refresh_place()
        return revision

    def _with_this_source(self, row: Row) -> Row:
        article = self.article
        return with_further_source(row, article.source, article.source_scale, self.codebook)

    def open_draft(self, draft_id: str) -> None:
        """Go on with an unfinished event of this article."""
        self.leave()
        draft = next(draft for draft in self.drafts if draft.draft_id == draft_id)
        self.work.begin(state_of_draft(draft))

    def give_up_draft(self) -> None:
        """Forget the event under work and begin a new one."""
        self.keeping.drop(self.work.state.draft_id)
        self.new_event()
