"""The one place where the words of an article and the fields of an event are tied together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from coding.desk.article_pane import ArticlePane
from coding.desk.candidate_list import CandidateList
from coding.desk.desk_screen import DeskScreen
from coding.desk.form.form import EventForm
from coding.event_state import CARRIED
from coding.words_in_article import find_words, words_for

if TYPE_CHECKING:
    from schema.column import Column


class WordsScreen(DeskScreen):
    """The screen with its keys for evidence."""

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
        """Keep the words under the field the cursor is on; an empty field has them typed in, to pick from or to take."""
        session, column = self._session, self.form.column
        was_empty = not self.form.editor.value.strip()
        self.form.commit()
        piece = session.work.add_evidence(column, start, end)
        self.form.post_message(EventForm.Changed(column))
        self.form.go(self.form.here)
        self.focus_form()
        if was_empty and takes_words(session.codebook.column(column)):
            self.form.type_in(piece.quote)

    def _find_words(self) -> None:
        session, column = self._session, self.form.column_for_words
        self.form.commit()
        value, typed = session.work.state.value(column), self.form.typed_for(column)
        wanted = words_for(value, typed, session.codebook)
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

    @on(EventForm.Here)
    def _here(self, event: EventForm.Here) -> None:
        event.stop()
        self.pane.point_to(event.column)

    @on(CandidateList.Pointed)
    def _pointed(self, event: CandidateList.Pointed) -> None:
        event.stop()
        self.pane.preview(event.candidate.spans if event.candidate else (), reveal=event.by_key)

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


def takes_words(column: Column) -> bool:
    """Whether words of an article can be a field's text: names, days, counts; not a code, a label, the note."""
    return not column.values and column.name not in {"notes", "latitude", "longitude", "tags"}
