"""The one place where undo and redo reach: the typing, the form, then what is saved, which asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from coding.desk.form.sheet_lines import Spot
from coding.desk.taken_back import (
    asked_before_redo,
    asked_before_undo,
    columns_of_change,
    said_of_change,
    said_of_redone,
    said_of_undone,
)
from coding.desk.words_screen import WordsScreen
from schema.errors import EventcoderError

if TYPE_CHECKING:
    from coding.desk.taken_back import Taken
    from coding.event_state import EventState


class HistoryScreen(WordsScreen):
    """What was done can be taken back, and done again."""

    async def action_undo(self) -> None:
        """The typing back, else the last change, else (when pressed again on purpose) the last save."""
        session = self._session
        self.deliberate.pressed("undo", self._keys)
        if self.form.take_typing_back():
            label = session.codebook.column(self.form.column).label
            self.head.news(f"Undone: {label} is as it was before you typed.")
            return
        before = session.work.state
        if session.work.undo():
            self._show_change("Undone", before)
        else:
            await self._undo_save()

    def _show_change(self, done: str, before: EventState) -> None:
        """The cursor goes where something changed: the next key is meant for it."""
        session = self._session
        after = session.work.state
        if changed := columns_of_change(session.codebook, before, after):
            self.form.go(Spot(changed[0]))
        self._after_undo(True, "")
        self.head.news(f"{done}: {said_of_change(session.codebook, before, after)}")

    async def _undo_save(self) -> None:
        """A save is taken back by a second press on purpose; the first says what it will be."""
        session = self._session
        following = await self._look_ahead(session.undo_next)
        if following is None or self.deliberate.confirms(following):
            await self._take_history(session.undo_last, "Nothing to undo.", said_of_undone)
        else:
            self.head.news(asked_before_undo(following))

    async def action_redo(self) -> None:
        """An undone change again, else an undone save."""
        session = self._session
        self.deliberate.pressed("redo", self._keys)
        before = session.work.state
        if session.work.redo():
            self._show_change("Done again", before)
        else:
            await self._redo_save()

    async def _redo_save(self) -> None:
        """A save of this article is brought again at once, one of another by a second press; none by a held key."""
        session = self._session
        if self.deliberate.is_held:
            self.head.news("A held key does no save again: let go, then press ctrl+y.")
            return
        following = await self._look_ahead(session.redo_next)
        stays = following is None or following.article_id in {None, session.article.article_id}
        if stays or following is None or self.deliberate.confirms(following):
            await self._take_history(session.redo_last, "Nothing to do again.", said_of_redone)
        else:
            self.head.news(asked_before_redo(following))

    async def _look_ahead(self, step: Callable[[], Taken | None]) -> Taken | None:
        try:
            return await self.thread.call(step)
        except EventcoderError as error:
            self._tell(error)
            return None

    async def _take_history(
        self, step: Callable[[], Taken | None], otherwise: str, say: Callable[[Taken], str]
    ) -> None:
        session = self._session
        before = session.work
        try:
            taken = await self._lead(step)
        except EventcoderError as error:
            self.head.news(str(error), wrong=True)
            return
        if session.work is before:
            self._show_around()
        else:
            self._show_article()
        self.head.news(otherwise if taken is None else say(taken))
