"""The one place where reading and coding meet: the article on one side, the event's form on the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Footer

from coding.desk.article_pane import ArticlePane
from coding.desk.candidate_list import CandidateList
from coding.desk.desk_keys import desk_bindings
from coding.desk.dialogs import ChoiceDialog, EventChoice, EventsDialog, WhyDialog
from coding.desk.event_strip import EventStrip, summary_of
from coding.desk.form.form import EventForm
from coding.desk.head_line import HeadLine
from coding.desk.keys_help import KeysHelp
from coding.desk.proposals import Proposals
from coding.desk.session_thread import Answer, SessionThread
from coding.desk.too_small import TooSmall
from coding.event_state import CARRIED, EventState
from coding.session import CodingSession, NotSubmittable
from coding.words_in_article import find_words, words_for
from schema.errors import EventcoderError
from schema.rules import Severity

if TYPE_CHECKING:
    from coding.candidate import Candidate
    from data.project import Project
    from data.records import Revision


class CodingScreen(Screen[None]):
    """The coder's screen."""

    BINDINGS: ClassVar[list[BindingType]] = desk_bindings()
    HORIZONTAL_BREAKPOINTS = [(100, "-wide")]  # noqa: RUF012  typed as an instance variable by Textual

    DEFAULT_CSS = """
    CodingScreen {
        layers: base above;
        & #panes { height: 1fr; }
        & ArticlePane { width: 100%; display: none; }
        & EventForm { width: 1fr; }
        &.-reading ArticlePane { display: block; }
        &.-reading EventForm { display: none; }
        &.-wide ArticlePane { display: block; width: 45%; }
        &.-wide EventForm { display: block; border-left: vkey $panel; }
    }
    """

    def __init__(self, project: Project, coder: str) -> None:
        super().__init__()
        self.project = project
        self.coder = coder
        self.thread = SessionThread()
        self.session: CodingSession | None = None
        self.proposals = Proposals(project)
        self._to_keep: EventState | None = None
        self._to_judge: EventState | None = None
        self._busy = False
        self._leading = 0
        self._opened = False
        self.saves = 0
        self._reading = 0

    def compose(self) -> ComposeResult:
        """Top line, the two panes, the events, the keys."""
        yield HeadLine(id="head")
        with Horizontal(id="panes"):
            yield ArticlePane(id="article")
            yield EventForm(find=self._candidates, id="form")
        yield EventStrip(id="events")
        yield Footer(compact=True)
        yield TooSmall(id="too-small")

    @property
    def form(self) -> EventForm:
        """The form."""
        return self.query_one(EventForm)

    @property
    def pane(self) -> ArticlePane:
        """The article."""
        return self.query_one(ArticlePane)

    @property
    def head(self) -> HeadLine:
        """The top line."""
        return self.query_one(HeadLine)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being opened, kept or judged."""
        return (
            self._opened
            and not self._busy
            and not self._reading
            and self._to_keep is None
            and self._to_judge is None
        )

    # ------------------------------------------------------------ opening

    def on_mount(self) -> None:
        """Paint first, open the project after that."""
        self.head.where(f"{self.project.name} · opening …")
        self._open()

    @work(exclusive=True, group="open")
    async def _open(self) -> None:
        try:
            await self._open_session()
        except EventcoderError as error:
            self.head.news(str(error), wrong=True)
        finally:
            self._opened = True

    async def _open_session(self) -> None:
        session = await self.thread.call(CodingSession, self.project, self.coder)
        self.session = session
        found = await self.thread.call(session.resume)
        if not found:
            self.head.where(f"{self.project.name} · no articles yet")
            self.head.news("Add one: eventcoder add DIR FILE")
            return
        self._show_article()
        if session.work.touched or session.drafts:
            self.head.news("Your unfinished event is back on the form.")
        self.proposals.learn(await self.thread.call(session.keeping.recent_rows))
        await asyncio.to_thread(self.proposals.open)
        await self._read_article()

    @work(exclusive=True, group="read")
    async def _read_in_background(self) -> None:
        await self._read_article()

    async def _read_article(self) -> None:
        """Find what the article names, then offer it."""
        session = self._session
        self._reading += 1
        try:
            await asyncio.to_thread(self.proposals.read, session.article, session.codebook)
            self.form.look_again()
        finally:
            self._reading -= 1

    def _show_article(self) -> None:
        session = self._session
        self.pane.show(session.article, session.work.state.evidence)
        self._show_event()
        self._read_in_background()

    def _show_event(self) -> None:
        """Put the session's event on the form; the rules are asked at once, in the background."""
        session = self._session
        self.form.show(session.work, {}, [])
        self.pane.set_evidence(session.work.state.evidence)
        self._show_around()
        if not self.has_class("-reading"):
            self.form.editor.focus()
        self._ask(session.work.state)

    def _show_around(self) -> None:
        session = self._session
        waiting = sum(article.status in {"new", "claimed"} for article in session.articles)
        place = f"article {session.position + 1} of {len(session.articles)}, {waiting} open"
        self.head.where(f"{self.project.name} · {self.coder} · {place}")
        state = session.work.state
        unfinished = sum(draft.draft_id != state.draft_id for draft in session.drafts)
        self.query_one(EventStrip).show(session.events, state, unfinished)

    @property
    def _session(self) -> CodingSession:
        if self.session is None:
            raise EventcoderError("The project is still being opened; try again in a moment.")
        return self.session

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing of the desk works before an article is open."""
        del parameters
        if action in {"save", "next_article", "no_event", "words", "duplicate", "events", "new_event"}:
            return self.session is not None and self.session.is_open
        return True

    # ------------------------------------------------------------ keeping and judging, in the background

    @on(EventForm.Changed)
    def _changed(self, event: EventForm.Changed) -> None:
        event.stop()
        session = self._session
        self.pane.set_evidence(session.work.state.evidence)
        if session.work.touched and not self._leading:
            self._to_keep = session.work.state
        self._ask(session.work.state)

    @on(EventForm.Typing)
    def _typing(self, event: EventForm.Typing) -> None:
        event.stop()
        self._ask(event.state)

    def _ask(self, state: EventState) -> None:
        self._to_judge = state
        if not self._busy and not self._leading:
            self._busy = True
            self._work_off()

    async def _lead(self, step: Callable[..., Answer], *arguments: object) -> Answer:
        """Save or go elsewhere: what is on the form is in these hands alone, a late draft must not come after it."""
        self._to_keep = self._to_judge = None
        self._leading += 1
        try:
            return await self.thread.call(step, *arguments)
        finally:
            self._leading -= 1

    @work(group="keep")
    async def _work_off(self) -> None:
        """Keep and judge the newest state, until there is no newer one."""
        session = self._session
        try:
            while self._to_keep is not None or self._to_judge is not None:
                keep, self._to_keep = self._to_keep, None
                judge, self._to_judge = self._to_judge, None
                if keep is not None:
                    await self.thread.call(session.keeping.keep, keep)
                    self.head.news("draft kept")
                if judge is not None:
                    verdict = await self.thread.call(session.judge_state, judge)
                    if self._to_judge is None:
                        self.form.judged(verdict.derived, session.judgement_order(verdict.failures))
        except EventcoderError as error:
            self.head.news(str(error), wrong=True)
        finally:
            self._busy = False

    # ------------------------------------------------------------ saving and going on

    async def action_save(self) -> None:
        """Save the event and begin the next one of this article."""
        if await self._save():
            self._show_event()

    async def action_next_article(self) -> None:
        """Save what was begun, then the next article."""
        session = self._session
        self.form.commit()
        if session.work.touched and not await self._save():
            return
        await self._go_to_article(session.next_article, "That was the last article.")

    async def action_previous_article(self) -> None:
        """The article before; what was begun stays as a draft."""
        self.form.commit()
        await self._go_to_article(self._session.previous_article, "This is the first article.")

    async def action_no_event(self) -> None:
        """Mark the article and go on."""
        session = self._session
        if session.events or session.work.touched:
            self.head.news("This article has an event; take it back first (F9).", wrong=True)
            return
        await self._go_to_article(session.no_event, "That was the last article.")

    async def _go_to_article(self, step: Callable[[], bool], otherwise: str) -> None:
        if await self._lead(step):
            self.head.news("")
            self._show_article()
        else:
            self._show_around()
            self.head.news(otherwise)

    async def _save(self) -> bool:
        """Save the event; where it cannot be, say why beside the field and go there."""
        session = self._session
        self.form.commit()
        try:
            revision = await self._lead(session.submit)
        except NotSubmittable as refused:
            self._show_refusal(refused)
            return False
        except EventcoderError as error:
            self.head.news(str(error), wrong=True)
            return False
        self.proposals.learn([revision.values])
        self.saves += 1
        number = len(session.events)
        again = f", revision {revision.revision}" if revision.revision > 1 else ""
        self.head.news(f"saved as event {revision.event_key}{again} ({number} of this article)")
        return True

    def _show_refusal(self, refused: NotSubmittable) -> None:
        session = self._session
        self.form.judged(session.derived, session.failures)
        self.form.show_all_failures()
        errors = [failure for failure in refused.failures if failure.severity is Severity.ERROR]
        self.form.go_to_failure(refused.failures[0])
        self.focus_form()
        if errors:
            many = f"{len(errors)} fields have" if len(errors) > 1 else "One field has"
            self.head.news(f"Not saved: {many} to be mended.", wrong=True)
        else:
            self.head.news("Not saved: say why the marked value is right.", wrong=True)

    async def action_new_event(self) -> None:
        """Another event of this article; the one on the form stays as a draft."""
        session = self._session
        self.form.commit()
        await self._lead(session.leave)
        await self._lead(session.new_event)
        self._show_event()

    async def action_duplicate(self) -> None:
        """An event like this one."""
        self.form.commit()
        if await self._lead(self._session.duplicate_event):
            self._show_event()
            self.head.news("A copy; its values are marked “carried” until you confirm or change them.")
        else:
            self.head.news("There is no event to copy yet.")

    def action_events(self) -> None:
        """The events of this article."""
        session = self._session
        self.form.commit()
        here = session.work.state
        coded = [(event.event_key, summary_of(event.values)) for event in session.events]
        drafts = [d for d in session.drafts if d.draft_id != here.draft_id]
        unfinished = [(draft.draft_id, summary_of(draft.values)) for draft in drafts]
        self.app.push_screen(EventsDialog(coded, unfinished), self._event_chosen)

    async def _event_chosen(self, choice: EventChoice | None) -> None:
        if choice is None:
            self.focus_form()
        elif choice.act == "new":
            await self.action_new_event()
        elif choice.act == "retract":
            self._ask_why(choice.which)
        else:
            session = self._session
            open_it = session.edit if choice.act == "edit" else session.open_draft
            await self._lead(open_it, choice.which)
            self._show_event()

    def _ask_why(self, event_key: int | str | None) -> None:
        async def retract(why: str | None) -> None:
            if why:
                await self._lead(self._session.retract, event_key, why)
                self._show_event()
                self.head.news(f"Event {event_key} is taken back; its history stays.")

        self.app.push_screen(WhyDialog(f"Why is event {event_key} taken back?"), retract)

    def action_set_aside(self) -> None:
        """The article cannot be coded now, or not at all."""
        statuses = {"It is out of this project's scope": "out_of_scope", "I need help with it": "help_needed"}

        async def chosen(number: int | None) -> None:
            if number is not None:
                status = list(statuses.values())[number]
                await self._go_to_article(
                    partial(self._session.close_article, status), "That was the last article."
                )

        self.app.push_screen(ChoiceDialog("Set this article aside:", list(statuses)), chosen)

    def action_discard(self) -> None:
        """Throw the event on the form away, after asking."""

        async def chosen(number: int | None) -> None:
            if number == 0:
                await self._lead(self._session.give_up_draft)
                self._show_event()

        self.app.push_screen(
            ChoiceDialog("Throw away what is on the form?", ["Yes, throw it away", "No"]), chosen
        )

    def action_help(self) -> None:
        """How it works, and every key."""
        self.app.push_screen(KeysHelp())

    # ------------------------------------------------------------ words

    def action_words(self) -> None:
        """Keep words under the field: the selected ones, else the next place where its value is found."""
        if self.pane.has_focus_within:
            self._take_words(*self.pane.selection)
        else:
            self._find_words()

    @on(ArticlePane.Selected)
    def _selected(self, event: ArticlePane.Selected) -> None:
        event.stop()
        self._take_words(event.start, event.end)

    def _take_words(self, start: int, end: int) -> None:
        session, column = self._session, self.form.column
        self.form.commit()
        session.work.add_evidence(column, start, end)
        self.form.post_message(EventForm.Changed(column))
        self.form.go(self.form.here)
        self.focus_form()

    def _find_words(self) -> None:
        session, column = self._session, self.form.column
        self.form.commit()
        wanted = words_for(session.work.state.value(column), self.form.typed_for(column))
        spans = find_words(session.article.text, wanted)
        if not spans:
            self.head.news("The article has no such words; select them (F2), then Enter.")
            return
        had = session.work.state.evidence_of(column)
        taken = [(piece.start, piece.end) for piece in had]
        following = spans.index(taken[-1]) + 1 if taken and taken[-1] in spans else 0
        start, end = spans[following % len(spans)]
        if taken and taken[-1] in spans:
            session.work.drop_evidence(column)
        session.work.add_evidence(column, start, end)
        self.pane.jump_to(start, end)
        self.form.post_message(EventForm.Changed(column))
        self.form.go(self.form.here)

    def action_field_words(self) -> None:
        """Show the field's words."""
        if not self.pane.jump(self.form.column):
            self.head.news("This field stands on no words yet.")
        elif not self.has_class("-wide"):
            self.action_switch()

    @on(ArticlePane.FieldWanted)
    def _field_wanted(self, event: ArticlePane.FieldWanted) -> None:
        event.stop()
        self.form.go_to(event.field)
        self.focus_form()

    @on(CandidateList.Pointed)
    def _pointed(self, event: CandidateList.Pointed) -> None:
        event.stop()
        self.pane.preview(event.candidate.spans if event.candidate else ())

    # ------------------------------------------------------------ moving the keyboard

    def action_switch(self) -> None:
        """From the form to the article, or back."""
        if self.pane.has_focus_within:
            self.focus_form()
        else:
            self.add_class("-reading")
            self.pane.focus()

    def focus_form(self) -> None:
        """The keyboard goes to the form."""
        self.remove_class("-reading")
        self.form.editor.focus()

    @on(EventForm.Left)
    def _left_form(self, event: EventForm.Left) -> None:
        event.stop()
        self.action_switch()

    # ------------------------------------------------------------ undo

    async def action_undo(self) -> None:
        """The typing back, else the last change, else the last save."""
        session = self._session
        if self.form.take_typing_back():
            return
        if session.work.undo():
            self._after_undo(True, "")
        else:
            await self._take_history(
                session.undo_save, "Nothing to undo.", "is as it was before your last save"
            )

    async def action_redo(self) -> None:
        """An undone change again, else an undone save."""
        session = self._session
        if session.work.redo():
            self._after_undo(True, "")
        else:
            await self._take_history(
                session.redo_save, "Nothing to do again.", "is again as you had saved it"
            )

    async def _take_history(self, step: Callable[[], Revision | None], otherwise: str, done: str) -> None:
        try:
            revision = await self._lead(step)
        except EventcoderError as error:
            self.head.news(str(error), wrong=True)
            return
        self._show_around()
        self.head.news(otherwise if revision is None else f"Event {revision.event_key} {done}.")

    def action_repeat(self) -> None:
        """The last saved event's value into this field."""
        row = self._session.last_row()
        column = self.form.column
        if row is None or row.get(column) is None:
            self.head.news("The last event has no value here.")
            return
        self._session.work.set_value(column, row[column], CARRIED)
        self._after_undo(True, "")

    def action_follow_note(self) -> None:
        """The note from the fields again."""
        self._after_undo(self._session.work.follow_note(), "The note follows the fields already.")

    def action_drop_words(self) -> None:
        """Take the field's words away."""
        self._after_undo(self._session.work.drop_evidence(self.form.column), "This field stands on no words.")

    def _after_undo(self, done: bool, otherwise: str) -> None:
        if not done:
            self.head.news(otherwise)
            return
        self.form.go(self.form.here)
        self.form.post_message(EventForm.Changed(self.form.column))

    # ------------------------------------------------------------ around

    def _candidates(self, column: str, typed: str) -> Sequence[Candidate]:
        if self.session is None or not self.session.is_open:
            return []
        return self.proposals.find(column, typed, self.session.work)

    def on_resize(self, event: events.Resize) -> None:
        """Say so where the terminal is too small."""
        self.query_one(TooSmall).measure(event.size.width, event.size.height)

    def keep_and_close(self) -> None:
        """Before the program ends, however it ends: finish the field, keep the event, let the project go."""
        if self.session is None:
            return
        session, self.session = self.session, None
        if session.is_open:
            self.form.commit()
        self.thread.call_and_wait(session.close, timeout_s=5.0)
        self.thread.end()
        self.proposals.close()
