"""The one place where reading and coding meet: what is saved, which event, which article comes next."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import BindingType

from coding.desk.desk_keys import desk_bindings
from coding.desk.event_strip import summary_of
from coding.desk.form.folding import standing_in_order, wrong_with
from coding.desk.form.form import EventForm
from coding.desk.history_screen import HistoryScreen
from coding.event_state import PICKED
from coding.refusals import NotSubmittable
from coding.twins import DIFFERENT
from data.records import EditedMeanwhile
from schema.errors import EventcoderError
from schema.rules import Severity
from schema.values import parse_value

if TYPE_CHECKING:
    from coding.desk.dialogs import EventChoice
    from data.records import Row


class CodingScreen(HistoryScreen):
    """The coder's screen with all its keys."""

    BINDINGS: ClassVar[list[BindingType]] = desk_bindings()

    # ------------------------------------------------------------ saving and going on

    async def action_save(self) -> None:
        """Save the event and begin the next one of this article."""
        if await self._save():
            self._show_event()

    async def action_next_article(self) -> None:
        """Save what was begun, then the next article."""
        session = self._session
        self.form.commit()
        said = "Nothing coded here; the article stays open." if session.waits else ""
        if session.unsaved:
            if not await self._save():
                return
            said = self.head.said
        await self._go_to_article(session.next_article, "That was the last article.", said)

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

    async def _go_to_article(self, step: Callable[[], bool], otherwise: str, said: str = "") -> None:
        """Go there and say what became of the article that was left."""
        if await self._dare(step):
            self.stopwatch.drop()
            self.head.news(said)
            self._show_article()
        else:
            self._show_event()
            self.head.news(f"{said} {otherwise}".strip())

    async def _save(self) -> bool:
        """Save the event; where it cannot be, say why beside the field and go there."""
        session = self._session
        self.form.commit()
        await self._told_before_saving()
        try:
            revision = await self._lead(session.submit)
        except NotSubmittable as refused:
            self._show_refusal(refused)
            return False
        except EditedMeanwhile as conflict:
            self._ask_whose(conflict)
            return False
        except EventcoderError as error:
            self.head.news(str(error), wrong=True)
            return False
        self.proposals.learn([revision.values])
        self.proposals.refresh()
        self._propose_new(revision.event_key, revision.values)
        self.saves += 1
        self.told = []
        number = len(session.events)
        again = f", revision {revision.revision}" if revision.revision > 1 else ""
        cost = self.stopwatch.saved(session.article.article_id, revision.event_key, revision.saved_at)
        told = f", {cost.keys} keys" if cost.keys else ""
        self.head.news(f"saved as event {revision.event_key}{again} ({number} of this article{told}).")
        return True

    def _ask_whose(self, conflict: EditedMeanwhile) -> None:
        """Somebody saved the event since it was opened: whose values hold is a person's choice."""
        from coding.desk.dialogs import ChoiceDialog

        session, theirs = self._session, conflict.current
        changed = "\n".join(self._told_apart(conflict)) or "nothing"
        who = "You" if theirs.coder == self.coder else theirs.coder
        where = " in another window" if theirs.coder == self.coder else ""
        question = (
            f"{who} saved event {theirs.event_key}{where} since you opened it here. Different:\n{changed}"
        )

        async def chosen(number: int | None) -> None:
            if number is None:
                self.focus_form()
                return
            if not await self._dare((session.take_theirs, session.save_over)[number], theirs):
                return
            self._show_event()
            self.head.news(
                "What was saved is on the form."
                if number == 0
                else "What stood here is saved over it; both are in the history."
            )

        answers = ["Take what was saved", "Save what stands here over it"]
        self.app.push_screen(ChoiceDialog(question, answers), chosen)

    def _told_apart(self, conflict: EditedMeanwhile) -> list[str]:
        """The fields that differ, one a line, by the names the form gives them; short values with them, and first."""
        short, long = [], []
        for name, values in conflict.difference.items():
            label = self._session.codebook.column(name).label
            there, here = ("empty" if value is None else str(value) for value in values)
            if len(there + here) > 60:
                long.append(label)
            else:
                short.append(f"{label}: {there} there, {here} here")
        return short + long

    @work(group="propose")
    async def _propose_new(self, event_key: int, row: Row) -> None:
        """A name that was kept as typed becomes a proposal to the vocabulary."""
        try:
            names = await asyncio.to_thread(self.proposals.propose_new, row, self.coder)
        except Exception as error:  # noqa: BLE001  a worker's border
            self._tell(error)
            return
        if names:
            are = f"{names[0]} is" if len(names) == 1 else f"{', '.join(names)} are"
            self.head.news(f"Event {event_key} saved; {are} new, proposed for the list of actors.")

    def _show_refusal(self, refused: NotSubmittable) -> None:
        session = self._session
        self._keep_soon(self.form.column)  # the field that was finished by asking to save
        self.form.judged(session.derived, session.failures)
        self.form.show_all_failures()
        standing = standing_in_order(session.work, session.failures)
        errors = [each for each in standing if each.failure.severity is Severity.ERROR]
        first = (errors[0].failure, errors[0].column) if errors else (refused.failures[0], "")
        self.form.go_to_failure(*first)
        self.focus_form()
        label = session.codebook.column(self.form.column).label
        if errors:
            many = f"{len(errors)} fields" if len(errors) > 1 else "1 field"
            self.head.news(f"Not saved: {many} to mend, first: {label}.", wrong=True)
        else:
            self.head.news(f"Not saved: say why this is right, or change it: {label}.", wrong=True)

    async def action_new_event(self) -> None:
        """Another event of this article; the one on the form stays as a draft."""
        session = self._session
        self.form.commit()
        if not await self._dare(session.leave):
            return
        await self._dare(session.new_event)
        self._show_event()

    async def action_duplicate(self) -> None:
        """An event like this one."""
        self.form.commit()
        if await self._dare(self._session.duplicate_event):
            self._show_event()
            self.head.news("A copy; its values are marked “carried” until you confirm or change them.")
        else:
            self.head.news("There is no event to copy yet.")

    async def action_attach(self) -> None:
        """The article tells the event of the notice: a further source of it."""
        session = self._session
        if not self.told:
            self.head.news("No event of the dataset looks like this one.")
            return
        event_key = self.told[0].event_key
        try:
            await self._lead(session.attach, event_key)
        except EventcoderError as error:
            self.head.news(str(error), wrong=True)
            return
        self.saves += 1
        self.workers.cancel_group(self, "told")
        self.told = []
        said = f"Added to event {event_key} as a further source."
        await self._go_to_article(session.next_article, "That was the last article.", said)

    def action_different(self) -> None:
        """The event of the notice is another one."""
        if not self.told:
            self.head.news("There is no such question now.")
            return
        key = self.told.pop(0).event_key
        self._session.work.give_reason(f"{DIFFERENT}{key}", "yes")
        self.form.post_message(EventForm.Changed(self.form.column))
        self._show_around()

    def action_events(self) -> None:
        """The events of this article."""
        from coding.desk.dialogs import EventsDialog

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
        elif choice.act == "grid":
            self.action_grid()
        elif choice.act == "retract":
            self._ask_why(choice.which)
        else:
            session = self._session
            open_it = session.edit if choice.act == "edit" else session.open_draft
            if not await self._dare(open_it, choice.which):
                return
            self._show_event()

    def _ask_why(self, event_key: int | str | None) -> None:
        from coding.desk.dialogs import WhyDialog

        async def retract(why: str | None) -> None:
            if why:
                if not await self._dare(self._session.retract, event_key, why):
                    return
                self._show_event()
                self.head.news(f"Event {event_key} is taken back; its history stays.")

        self.app.push_screen(WhyDialog(f"Why is event {event_key} taken back?"), retract)

    def action_grid(self) -> None:
        """The events as a table."""
        from coding.desk.grid_screen import GridScreen

        session = self._session
        self.form.commit()

        async def closed(event_key: int | None) -> None:
            if event_key is None:
                await self._dare(session.refresh_events)
                self._show_around()
                self.focus_form()
            else:
                if not await self._dare(session.go_to_event, event_key):
                    return
                self._show_article()

        apply = partial(self.thread.call, session.edit_cells)
        self.app.push_screen(GridScreen(self.project, self.coder, session.article.article_id, apply), closed)

    def action_ask_sql(self) -> None:
        """Ask with SQL; the events of an answer may become a worklist."""
        from coding.desk.sql_screen import SqlScreen

        if self.session is not None and self.session.is_open:
            self.form.commit()

        async def closed(keys: list[int] | None) -> None:
            if keys:
                self.asked = keys
                await self.action_next_asked()

        self.app.push_screen(SqlScreen(self.project, self.coder), closed)

    async def action_next_asked(self) -> None:
        """Open the next event of the answer."""
        if not self.asked:
            self.head.news("No event of an answer is left; ask again with: Ask with SQL.")
            return
        event_key = self.asked.pop(0)
        if await self._dare(self._session.go_to_event, event_key):
            self._show_article()
            self.head.news(
                f"Event {event_key}; {len(self.asked)} more of the answer (palette: Next of the answer)."
            )

    def action_my_day(self) -> None:
        """What the day's events cost."""
        from coding.timings import summary

        midnight = dt.datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        self.head.news(" ".join(summary(self.stopwatch.kept(), midnight)))

    def action_split_deaths(self) -> None:
        """One total of dead over several events of the article."""
        from coding.desk.split_dialog import SplitDialog, said_of_split
        from coding.split_deaths import Share, parts_of, split

        session = self._session
        self.form.commit()
        parts = parts_of(session)
        if len(parts) < 2:
            self.head.news("A total is split over two events or more of this article: save the others first.")
            return

        async def chosen(found: list[Share] | None) -> None:
            if found is None:
                self.focus_form()
                return
            try:
                outcome = await self._lead(split, session, found)
                said, wrong = said_of_split(found, outcome), bool(outcome.refused)
            except EventcoderError as error:
                said, wrong = str(error), True
            self._show_around()
            self._after_undo(True, "")
            self.focus_form()
            self.head.news(said, wrong=wrong)

        self.app.push_screen(SplitDialog(parts, session.codebook), chosen)

    def action_set_aside(self) -> None:
        """The article cannot be coded now, or not at all."""
        from coding.desk.dialogs import ChoiceDialog

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
        from coding.desk.dialogs import ChoiceDialog

        async def chosen(number: int | None) -> None:
            if number == 0:
                await self._dare(self._session.give_up_draft)
                self._show_event()

        self.app.push_screen(
            ChoiceDialog("Throw away what is on the form?", ["Yes, throw it away", "No"]), chosen
        )

    def action_queue(self) -> None:
        """All articles: filter, choose."""
        from coding.desk.queue import QueueScreen
        from coding.keeping import articles_of

        session = self._session
        self.form.commit()
        here = session.article.article_id if session.is_open else None

        async def chosen(article_id: int | None) -> None:
            if article_id is None:
                self.focus_form()
                return
            if not await self._dare(session.leave):
                return
            if not await self._dare(session.open_article, article_id):
                return
            self._show_article()

        # the queue reads in a thread of its own, and a ledger belongs to one thread
        self.app.push_screen(QueueScreen(partial(articles_of, self.project), here), chosen)

    def action_codebook(self) -> None:
        """What the codebook says about the field under the cursor and its value."""
        from coding.desk.codebook_help import CodebookHelp

        session, column = self._session, self.form.column
        self.form.commit()
        value = session.work.state.value(column)

        def chosen(picked: str | None) -> None:
            if picked is not None:
                session.work.set_value(column, parse_value(session.codebook.column(column), picked), PICKED)
                self._after_undo(True, "")

        self.app.push_screen(
            CodebookHelp(
                session.codebook,
                column,
                None if value is None else str(value),
                wrong_with(session.work, column, self.form.failures),
            ),
            chosen,
        )

    def action_help(self) -> None:
        """How it works, and every key."""
        from coding.desk.keys_help import KeysHelp

        self.app.push_screen(KeysHelp())
