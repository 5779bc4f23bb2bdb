"""The one place where the coder's screen is laid out, opens its project, and keeps and judges what is typed."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen

from coding.desk.article_pane import ArticlePane
from coding.desk.deliberate import Deliberate
from coding.desk.desk_keys import DESK_KEYS
from coding.desk.event_strip import EventStrip
from coding.desk.form.form import EventForm
from coding.desk.head_line import HeadLine
from coding.desk.keys_line import KeysLine
from coding.desk.newest import Newest
from coding.desk.pane_tabs import PaneTabs
from coding.desk.proposals import Proposals
from coding.desk.session_thread import Answer, SessionThread
from coding.desk.told_already import ASKED_ABOUT, like, notice, place_and_day, told_by
from coding.desk.too_small import TooSmall
from coding.event_state import EventState
from coding.refusals import DeskFault
from coding.timings import Stopwatch
from data.records import OPEN_STATUSES
from schema.errors import EventcoderError

if TYPE_CHECKING:
    from coding.candidate import Candidate
    from coding.duplicates import LikelyDuplicate
    from coding.session import CodingSession
    from data.project import Project
    from data.records import Article, QueuePlace


WIDE = 100
"""Columns from which article and form stand side by side."""


MOST_WAITING_S = 1.0
"""How long a save waits to hear whether its event is coded already; in a project of millions that may take longer."""

NEED_NO_ARTICLE = frozenset({"help", "my_day", "ask_sql"})


class DeskScreen(Screen[None]):
    """The article on one side, the event's form on the other."""

    HORIZONTAL_BREAKPOINTS = [(WIDE, "-wide")]  # noqa: RUF012  typed as an instance variable by Textual

    DEFAULT_CSS = """
    DeskScreen {
        layers: base above;
        & #panes { height: 1fr; }
        & ArticlePane { width: 100%; }
        & EventForm { width: 1fr; }
        &.-wide ArticlePane { width: 42%; }
        &.-wide PaneTabs { display: none; }
        &.-wide EventForm { border-left: vkey $panel; }
    }
    """

    class Ready(Message):
        """The project is open, everything that takes time is loaded."""

    def __init__(
        self, project: Project, coder: str, troubles: Sequence[str] = (), *, timings: bool = True
    ) -> None:
        super().__init__()
        self._troubles = troubles
        self.project = project
        self.coder = coder
        self.thread = SessionThread("session")
        self._judging = SessionThread("judge")
        """Of its own: loading the rules takes seconds on a slow machine, and no draft waits for that."""
        self.session: CodingSession | None = None
        self.proposals = Proposals(project)
        self._keeper: Newest[tuple[EventState, str]] = Newest(self._keep)
        self._judge: Newest[EventState] = Newest(self._judge_state)
        self._leading = 0
        self._turn = 0
        """Counts saves and goings elsewhere: a verdict from before one is not shown after it."""
        self._opened = False
        self._reading = False
        self._told_about: tuple[object, ...] = ()
        """Place and day that were asked about last."""
        self.saves = 0
        self._keys = 0
        """Keys pressed on this screen: two that must come in a row are told apart by it."""
        self.deliberate = Deliberate()
        self.stopwatch = Stopwatch(project.folder / ".work", coder, is_on=timings)
        self.asked: list[int] = []
        """Events of an answer that are still to be opened."""
        self.told: list[LikelyDuplicate] = []
        """Events of the dataset that may be the one of this article, the likeliest first."""

    @property
    def keys_shown_first(self) -> tuple[str, ...]:
        """What a reader does next comes before the keys of the text: to the form, or on to the next article."""
        return ("switch", "no_event") if self.pane.has_focus_within else ()

    def compose(self) -> ComposeResult:
        """Top line, the two panes, the events, the keys."""
        # said before the first frame: a class that comes later would style every widget a second time
        self.set_class(self.app.size.width >= WIDE, "-wide")
        yield HeadLine(id="head")
        yield PaneTabs(id="tabs")
        with Horizontal(id="panes"):
            yield ArticlePane(id="article")
            yield EventForm(find=self._candidates, id="form")
        yield EventStrip(id="events")
        yield KeysLine()
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
        quiet = all(worker.is_finished for worker in self.workers if worker.node is self)
        return self._opened and quiet and self._keeper.is_idle and self._judge.is_idle

    # ------------------------------------------------------------ opening

    def on_mount(self) -> None:
        """Paint first, open the project after that."""
        self._show_panes(self.app.size.width)
        self.head.where(f"{self.project.name} · opening …")
        self.call_after_refresh(self._open)

    @work(exclusive=True, group="open")
    async def _open(self) -> None:
        try:
            await self._open_session()
        except Exception as error:  # noqa: BLE001  a worker's border
            self._tell(error)
        finally:
            self._opened = True
            self.refresh_bindings()
            self.post_message(self.Ready())

    async def _open_session(self) -> None:
        session = await self.thread.call(open_session, self.project, self.coder)
        self.session = session
        found = await self.thread.call(session.resume)
        if not found:
            self.head.where(f"{self.project.name} · no articles yet")
            self.head.news("Add one: eventcoder add DIR FILE")
            return
        self._show_article()
        if session.work.touched or session.drafts:
            self.head.news("Your unfinished event is back on the form.")
        if self._troubles:
            self.head.news(self._troubles[0], wrong=True)
        await asyncio.to_thread(self.proposals.prepare)
        self.form.look_again()
        await asyncio.to_thread(self.proposals.open)
        await asyncio.to_thread(self.proposals.look_back)
        await self._read_article()

    @work(exclusive=True, group="read")
    async def _read_in_background(self) -> None:
        await self._painted()
        await self._read_article()

    async def _painted(self) -> None:
        """Wait for the next frame: what reads a long article in a thread would keep it waiting for its turns."""
        painted = asyncio.Event()
        self.call_after_refresh(painted.set)
        with suppress(TimeoutError):  # a screen under another one is not painted
            await asyncio.wait_for(painted.wait(), 0.5)

    async def _read_article(self) -> None:
        """Find what the article names, then offer it."""
        session = self._session
        await asyncio.to_thread(self.proposals.read, session.article, session.codebook)
        self.form.look_again()

    def _show_article(self) -> None:
        session = self._session
        self.pane.show(session.article, session.work.state.evidence)
        fresh = not session.work.started and not session.events
        self._show_event()
        if not self.has_class("-wide") and fresh:
            self.focus_article()
        self._read_in_background()
        self._ask_told(None)

    def _show_event(self) -> None:
        """Put the session's event on the form; the rules are asked at once, in the background."""
        session = self._session
        self.form.show(session.work, {}, [])
        self.pane.set_evidence(session.work.state.evidence)
        self._show_around()
        self.focus_form()
        self._ask(session.work.state)

    def _show_around(self) -> None:
        session = self._session
        self.head.where(f"{self.project.name} · {self.coder} · {said_of_place(session.place, self.coder)}")
        state = session.work.state
        unfinished = sum(draft.draft_id != state.draft_id for draft in session.drafts)
        strip = self.query_one(EventStrip)
        strip.show(session.events, state, unfinished)
        strip.ask(notice(self.told[0]) if self.told else "")

    @property
    def _session(self) -> CodingSession:
        if self.session is None:
            raise EventcoderError("The project is still being opened; try again in a moment.")
        return self.session

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before an article is open nothing works that is about one."""
        del parameters
        if action in NEED_NO_ARTICLE or not any(key.action == action for key in DESK_KEYS):
            return True
        return self.session is not None and self.session.is_open

    # ------------------------------------------------------------ coded already?

    def _ask_told(self, state: EventState | None) -> None:
        """Ask, without waiting, whether the article (or the event on the form) stands in the dataset already."""
        self.told = []
        self._told_about = place_and_day(state) if state is not None else ()
        self._look_for_told(self._session.article, state)

    async def _told_before_saving(self) -> None:
        """However fast a coder saves, the answer is waited for, a moment at most; then the rules speak of it."""
        state = self._session.work.state
        if state.event_key is None and (about := place_and_day(state)) and about != self._told_about:
            self._ask_told(state)
        loop = asyncio.get_running_loop()
        latest = loop.time() + MOST_WAITING_S
        while self._looks_for_told and loop.time() < latest:
            await asyncio.sleep(0.005)

    @property
    def _looks_for_told(self) -> bool:
        return any(worker.group == "told" and not worker.is_finished for worker in self.workers)

    @work(exclusive=True, group="told")
    async def _look_for_told(self, article: Article, state: EventState | None) -> None:
        try:
            if state is None:
                await self._painted()
                found = await asyncio.to_thread(told_by, self.project, article)
            else:
                found = await asyncio.to_thread(like, self.project, state, state.row)
            if self._session.article.article_id == article.article_id:
                own = {event.event_key for event in self._session.events}
                self.told = [each for each in found if each.event_key not in own]
                await self.thread.call(self._session.compare_with, [each.event_key for each in self.told])
                self._show_around()
        except Exception as error:  # noqa: BLE001  a worker's border
            self._tell(error)

    # ------------------------------------------------------------ keeping and judging, in the background

    @on(EventForm.Changed)
    def _changed(self, event: EventForm.Changed) -> None:
        event.stop()
        session = self._session
        self.pane.set_evidence(session.work.state.evidence)
        if session.work.touched and not self._leading:
            self._keep_soon(event.column)
        self._ask(session.work.state)
        state = session.work.state
        may_ask = event.column in ASKED_ABOUT and session.work.touched and state.event_key is None
        # until day and place stand, the question that the article itself raised stays
        if may_ask and place_and_day(state):
            self._ask_told(state)

    @on(EventForm.Typing)
    def _typing(self, event: EventForm.Typing) -> None:
        event.stop()
        self._ask(event.state)

    def _keep_soon(self, column: str) -> None:
        """Keep the event as it stands; the head line says so once its field is on the disk."""
        session = self._session
        self._keeper.give((session.work.state, session.codebook.column(column).label))
        self._go_on_in_background()

    def _ask(self, state: EventState) -> None:
        self._judge.give(state)
        self._go_on_in_background()

    def _go_on_in_background(self) -> None:
        if self._leading:
            return
        for newest in (self._keeper, self._judge):
            if newest.is_waiting and not newest.is_at_work:
                self._work_off(newest)

    def _tell(self, error: Exception) -> None:
        """One sentence about what went wrong."""
        sentence = error if isinstance(error, EventcoderError) else self.fault(error)
        self.head.news(str(sentence), wrong=True)

    def fault(self, fault: Exception) -> DeskFault:
        """Keep what happened in a file, for whoever mends it, and say so; an article's text stays out of the terminal."""
        log = self.project.work_file("desk-faults.log")
        with log.open("a", encoding="utf-8") as lines:
            lines.writelines(traceback.format_exception(fault))
        return DeskFault(
            f"This is our mistake, not yours ({type(fault).__name__}); what was kept stands. See {log}"
        )

    async def _lead(self, step: Callable[..., Answer], *arguments: object) -> Answer:
        """Save or go elsewhere: what is on the form is in these hands alone, a late draft must not come after it."""
        self._keeper.forget()
        self._judge.forget()
        self._leading += 1
        self._turn += 1
        try:
            return await self.thread.call(step, *arguments)
        except EventcoderError:
            raise
        except Exception as fault:
            raise self.fault(fault) from fault
        finally:
            self._leading -= 1
            self._go_on_in_background()

    async def _dare(self, step: Callable[..., object], *arguments: object) -> bool:
        """Lead, and say in the head line why it could not be done; False then, or where the step itself says so."""
        try:
            return await self._lead(step, *arguments) is not False
        except EventcoderError as error:
            self._tell(error)
            return False

    @work(group="keep")
    async def _work_off(self, newest: Newest[tuple[EventState, str]] | Newest[EventState]) -> None:
        try:
            await newest.work_off()
        except Exception as error:  # noqa: BLE001  a worker's border
            self._tell(error)

    async def _keep(self, state_and_field: tuple[EventState, str]) -> None:
        state, field = state_and_field
        await self.thread.call(self._session.keeping.keep, state)
        self.head.kept(field)

    async def _judge_state(self, state: EventState) -> None:
        session, turn = self._session, self._turn
        verdict = await self._judging.call(session.judge_state, state)
        if turn == self._turn and not self._judge.is_waiting:
            self.form.judged(verdict.derived, session.judgement_order(verdict.failures))

    # ------------------------------------------------------------ moving the keyboard

    def action_switch(self) -> None:
        """From the form to the article, or back."""
        if self.pane.has_focus_within:
            self.focus_form()
        else:
            self.focus_article()

    def focus_article(self) -> None:
        """The keyboard goes to the article."""
        self._bring_forward(article=True)
        self.pane.focus()

    def focus_form(self) -> None:
        """The keyboard goes to the form."""
        self._bring_forward(article=False)
        self.form.editor.focus()

    def _bring_forward(self, *, article: bool) -> None:
        """The pane that a narrow screen shows; a wide one shows both."""
        self._reading = article
        self.query_one(PaneTabs).show(reading=article)
        self._show_panes(self.app.size.width)

    def _show_panes(self, width: int) -> None:
        self.pane.display = self._reading or width >= WIDE
        self.form.display = not self._reading or width >= WIDE

    @on(PaneTabs.Clicked)
    def _tabs_clicked(self, event: PaneTabs.Clicked) -> None:
        event.stop()
        self.action_switch()

    @on(EventForm.Left)
    def _left_form(self, event: EventForm.Left) -> None:
        event.stop()
        self.action_switch()

    # ------------------------------------------------------------ around

    def _candidates(self, column: str, typed: str) -> Sequence[Candidate]:
        if self.session is None or not self.session.is_open:
            return []
        return self.proposals.find(column, typed, self.session.work)

    def count_key(self) -> None:
        """A key was pressed: it cost the field under the cursor, or the reading of the article."""
        self._keys += 1
        self.head.key_pressed()
        self.stopwatch.key("article" if self.pane.has_focus_within else self.form.column)

    def on_resize(self, event: events.Resize) -> None:
        """One pane or two; say so where the terminal is too small."""
        self._show_panes(event.size.width)
        self.query_one(TooSmall).measure(event.size.width, event.size.height)

    def keep_and_close(self) -> None:
        """Before the program ends, however it ends: finish the field, keep the event, let the project go."""
        if self.session is None:
            return
        session, self.session = self.session, None
        if session.is_open:
            self.form.commit()
        self._judging.end()
        self.thread.call_and_wait(session.close, timeout_s=5.0)
        self.thread.end()
        self.proposals.close()


def said_of_place(place: QueuePlace, coder: str) -> str:
    """Where the article stands in the queue, in words."""
    stands = "" if place.status in OPEN_STATUSES else f" ({place.status.replace('_', ' ')})"
    if place.status == "claimed" and place.coder != coder:
        stands = f" ({place.coder} is at it)"
    return f"article {place.number:,} of {place.of:,}{stands}, {place.waiting:,} open"


def open_session(project: Project, coder: str) -> CodingSession:
    """A session of the thread that calls; what it needs is loaded there, while the first frame is painted."""
    from coding.session import CodingSession

    return CodingSession(project, coder)
