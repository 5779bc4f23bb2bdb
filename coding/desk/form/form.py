"""The one place where keys become changes of the event's fields: moving, typing, picking, taking words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget

from coding.desk.candidate_list import MOST, CandidateList
from coding.desk.form.editor import FieldEditor
from coding.desk.form.folding import place_of
from coding.desk.form.hint import NOTHING_FITS, FieldHint, nothing_left, unexplained
from coding.desk.form.pick_keys import number_goes_on, pick_key
from coding.desk.form.sheet import FormSheet
from coding.desk.form.sheet_lines import Spot, sheet_lines
from coding.stops import is_needed, next_stop
from coding.words_in_article import around
from schema.rules import Severity

if TYPE_CHECKING:
    from coding.candidate import Candidate
    from coding.event_state import EventState
    from coding.form_work import FormWork
    from data.records import Row
    from schema.rules import Failure

TYPED_DIGITS = frozenset(
    {"event_date", "fatalities", "latitude", "longitude", "notes", "tags", "time_precision", "geo_precision"}
)
"""Columns whose values begin with digits: there a digit is text, and alt+digit picks."""

READ_AS_TYPED = TYPED_DIGITS - {"tags", "latitude"}
"""Columns whose text is read, not chosen: there Enter takes what is typed. Two coordinates in one field are a choice."""

NOTE_ROWS = 4


class EventForm(Widget):
    """The event under work as a form."""

    DEFAULT_CSS = """
    EventForm {
        layout: vertical;
        layers: base editor list;
        & CandidateList { position: absolute; layer: list; }
        & FieldHint { dock: bottom; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "Take and go on", show=False, id="form.enter"),
        Binding("down", "down", "Next field", show=False, id="form.down"),
        Binding("up", "up", "Field before", show=False, id="form.up"),
        Binding("tab", "move(1)", "Next field", show=False, id="form.next"),
        Binding("shift+tab", "move(-1)", "Field before", show=False, id="form.previous"),
        Binding("ctrl+home", "edge(0)", "First field", show=False, id="form.first"),
        Binding("ctrl+end", "edge(-1)", "Last field", show=False, id="form.last"),
        Binding("escape", "escape", "Close the list, or leave the form", show=False, id="form.escape"),
    ]

    @dataclass
    class Changed(Message):
        """A finished field changed the event: it has to be kept and judged."""

        column: str

    @dataclass
    class Typing(Message):
        """The event as it would be with the text that is being typed: it has to be judged."""

        state: EventState

    @dataclass
    class Here(Message):
        """The cursor stands on another field."""

        column: str

    @dataclass
    class Left(Message):
        """Escape was pressed with nothing to close."""

    def __init__(self, *, find: Callable[[str, str], Sequence[Candidate]], id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self._find = find
        self.work: FormWork | None = None
        self.here = Spot("")
        self.failures: list[Failure] = []
        self.derived: Row = {}
        self._seen: set[str] = set()
        self._all_shown = False
        self._preview: EventState | None = None
        self._unjudged = self._unreadable = False
        self._typed: dict[str, str] = {}
        self._list_closed = False
        self._finished = ""

    def compose(self) -> ComposeResult:
        """The sheet, the editor over it, the list over both, the hint below."""
        yield FormSheet(id="sheet")
        yield FieldEditor(self, id="editor")
        yield CandidateList(id="candidates")
        yield FieldHint(id="hint")

    @property
    def sheet(self) -> FormSheet:
        """The painted lines."""
        return self.query_one(FormSheet)

    @property
    def editor(self) -> FieldEditor:
        """The line that is typed."""
        return self.query_one(FieldEditor)

    @property
    def candidates(self) -> CandidateList:
        """The list under the field."""
        return self.query_one(CandidateList)

    @property
    def column(self) -> str:
        """The column the cursor is on."""
        return self.here.column

    # ------------------------------------------------------------ showing

    def show(self, work: FormWork, derived: Row, failures: list[Failure], *, at: str = "") -> None:
        """Put an event on the form, the cursor on its first field or on the named one."""
        self.work = work
        self.derived, self.failures = derived, failures
        self._seen = {column.name for column in work.codebook.coded} if work.state.event_key else set()
        self._all_shown = False
        self._typed = {}
        self._finished = ""
        self.here = Spot("")
        self.go(Spot(at or work.codebook.coded[0].name))

    def judged(self, derived: Row, failures: list[Failure]) -> None:
        """Take what the rules say now."""
        self.derived, self.failures = derived, failures
        self._unjudged = self._unjudged and self._unreadable
        self._paint()
        self.sheet.reveal(self.here)
        self._place()

    def show_all_failures(self) -> None:
        """From now on also what is wrong with fields nobody was at yet."""
        self._all_shown = True
        self._paint()

    def _paint(self) -> None:
        if self.work is None:
            return
        lines = sheet_lines(
            self.work,
            self.derived,
            self._shown_failures(),
            self.sheet.widths,
            expanded=lambda column: NOTE_ROWS if column == self.column == "notes" else 0,
        )
        self.sheet.show(lines, self.here)
        self.call_after_refresh(self._place)
        self._place()

    def _shown_failures(self) -> list[Failure]:
        if self.work is None:
            return []
        codebook = self.work.codebook
        shown = self._seen | set(self.work.state.values)
        placed = [(place_of(codebook, failure), failure) for failure in self.failures]
        return [
            failure
            for place, failure in placed
            if (self._all_shown or place in shown)
            # what was said of the text before says nothing of the one being typed
            and not (self._unjudged and place == self.column)
        ]

    def _place(self) -> None:
        """Lay the editor over its line and the list under it."""
        y = self.sheet.line_of(self.here)
        widths = self.sheet.widths
        if y is None:
            return
        y -= self.sheet.scroll_offset.y
        rows = self.sheet.size.height
        self.editor.display = 0 <= y < rows
        self.editor.styles.width = widths.value
        self.editor.styles.offset = Offset(widths.value_at, y)
        count = self.candidates.lines
        below = y + self.sheet.height_of(self.here)
        top = below if below + count <= rows or y < count else y - count
        left = widths.value_at - 3 if widths.width >= 60 else 0
        self.candidates.styles.offset = Offset(left, top)
        self.candidates.styles.width = max(20, widths.width - left)

    def on_resize(self) -> None:
        """Divide the lines anew."""
        self._paint()
        self.sheet.reveal(self.here)

    # ------------------------------------------------------------ moving

    def go(self, spot: Spot) -> None:
        """Put the cursor on a spot."""
        if self.work is None:
            return
        if self.column and self.column != spot.column:
            self._seen.add(self.column)
        if spot.column != self.column:
            self.post_message(self.Here(spot.column))
        self.here = spot
        self._preview = None
        self._unjudged = self._unreadable = False
        self._list_closed = False
        text = self.work.state.reasons.get(spot.rule_id, "") if spot.rule_id else self.work.text(spot.column)
        self.editor.load(text)
        self._list("" if not text else None)
        self._paint()
        self.sheet.reveal(spot)
        self._place()
        self._hint()

    def go_to(self, column: str) -> None:
        """Finish the field under the cursor and put the cursor on another."""
        self.commit()
        self.go(Spot(column))

    def action_move(self, step: int) -> None:
        """Finish the field and go to its neighbour."""
        self.commit()
        spots = [line.spot for line in self.sheet.lines if line.kind in {"field", "reason"}]
        here = spots.index(self.here) if self.here in spots else 0
        self.go(spots[(here + step) % len(spots)])

    def action_down(self) -> None:
        """Down the list while one is being typed for, else to the next field."""
        if self._choosing:
            self.candidates.point(1)
        else:
            self.action_move(1)

    def action_up(self) -> None:
        """Up the list while one is being typed for, else to the field before."""
        if self._choosing and self.candidates.current is not None:
            self.candidates.point(-1)
        else:
            self.action_move(-1)

    def action_edge(self, end: int) -> None:
        """Finish the field and go to the first or the last."""
        if self.work is not None:
            self.go_to(self.work.codebook.coded[end].name)

    def action_escape(self) -> None:
        """Close the list, so that Enter keeps what is typed; with nothing typed, leave the form."""
        if self.candidates.candidates:
            self._list_closed = True
            self._list(None)
        elif not self._edited:
            self.post_message(self.Left())
        if self._edited:
            self.query_one(FieldHint).say("Enter keeps this as you typed it; ctrl+z takes the typing back.")

    def take_typing_back(self) -> bool:
        """Put the field back as it was before it was typed into; False where nothing was typed."""
        if not self._edited:
            return False
        self.go(self.here)
        if self.work is not None:
            self.post_message(self.Typing(self.work.state))
        return True

    def action_enter(self) -> None:
        """Take what is chosen or typed and go on to the next field that needs the coder."""
        if self.work is None:
            return
        candidate = self._chosen()
        if candidate is not None:
            self.take(candidate)
        elif not self._edited and self._refused:
            self._stay(self.work.state.unread[self.column])
        elif self._needs_a_value:
            if (first := self._first_told) is not None:
                self.candidates.point(1)
                told = around(self.work.article.text, first.spans[0])
                self.query_one(FieldHint).say(f"“{told}” Enter takes it; or type, or pick another line.")
            else:
                self.commit()
                self._stay("Type it or pick a line; Tab passes over.")
        elif not self._edited:
            if self.work.confirm(self.column):
                self.post_message(self.Changed(self.column))
            self._go_on()
        elif self.commit():
            self._go_on()

    @property
    def _refused(self) -> bool:
        return self.work is not None and not self.here.rule_id and self.column in self.work.state.unread

    @property
    def _needs_a_value(self) -> bool:
        """Whether the field is empty and the event cannot be saved without it."""
        if self.work is None or self.here.rule_id or self.editor.value.strip():
            return False
        return is_needed(self.work.codebook, self.work.row, self.column)

    @property
    def _first_told(self) -> Candidate | None:
        """The first line of the list under an untouched field, where the article tells it."""
        first = next(iter(self.candidates.candidates), None)
        return first if first is not None and first.spans and not self._edited else None

    def _stay(self, why: str) -> None:
        """Say why Enter does not go on; typing replaces what stands."""
        self.editor.load(self.editor.value)
        self.query_one(FieldHint).say(why, wrong=True)

    def _go_on(self, *changed: str) -> None:
        """To the next open field, else to what is wrong in columns not just changed; from one reason to the next."""
        if self.work is None:
            return
        stop = next_stop(self.work.codebook, self.work.row, self.column, self.work.state.origins)
        if stop is not None:
            self.go(Spot(stop))
            return
        wrong = (failure for failure in self.failures if failure.severity is Severity.ERROR)
        asked = unexplained(self.failures, self.work.state.reasons) if self.here.rule_id else None
        untouched = (failure for failure in wrong if not {self.column, *changed} & set(failure.columns))
        elsewhere = next(untouched, asked)
        if elsewhere is not None:
            self.go_to_failure(elsewhere)
            return
        self.go(self.here)
        self.query_one(FieldHint).say(nothing_left(self.failures, self.work.state.reasons))

    # ------------------------------------------------------------ typing

    @property
    def _edited(self) -> bool:
        if self.work is None:
            return False
        before = (
            self.work.state.reasons.get(self.here.rule_id, "")
            if self.here.rule_id
            else self.work.text(self.column)
        )
        return self.editor.value.strip() != before

    @property
    def _nothing_fits(self) -> bool:
        return all(candidate.is_a_guess for candidate in self.candidates.candidates)

    @property
    def _choosing(self) -> bool:
        return bool(self.candidates.candidates) and self._edited

    def text_changed(self, text: str) -> None:
        """The coder typed: show what fits, and judge the event as it would be."""
        if self.work is None or self.here.rule_id:
            return
        self._list_closed = False
        self._list(text)
        self._preview, typed, _reading = self.work.reading(self.column, text)
        hint = self.query_one(FieldHint)
        if typed.said and (not self.candidates.candidates or self.column in READ_AS_TYPED):
            hint.say(typed.said, wrong=not typed.usable)
        elif self.column in NOTHING_FITS and self._edited and text.strip() and self._nothing_fits:
            hint.say(NOTHING_FITS[self.column])
        else:
            self._hint()
        self._unjudged, self._unreadable = self._edited, not typed.usable
        if typed.usable:
            self.post_message(self.Typing(self._preview))
        if self._unjudged and any(
            line.spot.column == self.column for line in self.sheet.lines if line.kind == "failure"
        ):
            self._paint()

    def type_in(self, text: str) -> None:
        """Put text into the field as if it had been typed."""
        self.editor.load(" ".join(text.split()), select=False)
        self.text_changed(self.editor.value)

    def wants_key(self, event: events.Key) -> bool:
        """Pick keys: a digit where a digit cannot be text, alt+digit everywhere."""
        digit, with_alt = pick_key(event)
        if not 1 <= digit <= len(self.candidates.candidates):
            return with_alt  # a pick key that comes before its list is no text
        before = self.editor.value[: self.editor.cursor_position]
        if not with_alt and (self.column in TYPED_DIGITS or number_goes_on(before)):
            return False
        self.take(self.candidates.candidates[digit - 1])
        return True

    def text_focused(self, focused: bool) -> None:
        """The list shows only while the form has the keyboard."""
        self.candidates.visible = focused

    def commit(self) -> bool:
        """Finish the field under the cursor; False where its text cannot be used."""
        if self.work is None or not self._edited:
            return True
        self._seen.add(self.column)
        if self.here.rule_id:
            self.work.give_reason(self.here.rule_id, self.editor.value)
            self.post_message(self.Changed(self.column))
            return True
        self._finished = self.column
        self._typed[self.column] = self.editor.value.strip()
        typed = self.work.type_text(self.column, self.editor.value)
        self.post_message(self.Changed(self.column))
        self.editor.load(self.work.text(self.column))
        self._unjudged = False
        self._paint()
        return typed.usable

    def take(self, candidate: Candidate) -> None:
        """Take a candidate and go on."""
        if self.work is None:
            return
        self._seen.add(self.column)
        self._finished = candidate.field
        self._typed[candidate.field] = self.editor.value.strip() if self._edited else ""
        self.work.pick(candidate)
        self.post_message(self.Changed(candidate.field))
        self._go_on(*candidate.fills)

    @property
    def column_for_words(self) -> str:
        """The field that words of the article are meant for: this one, or the one just finished if this is empty."""
        if self.work is None or self.editor.value.strip() or self.work.text(self.column):
            return self.column
        return self._finished or self.column

    def typed_for(self, column: str) -> str:
        """What the coder typed to get a field's value, before it became that value."""
        return self._typed.get(column, "")

    # ------------------------------------------------------------ the list and the hint

    def _list(self, typed: str | None) -> None:
        found: Sequence[Candidate] = ()
        if typed is not None and not self._list_closed and not self.here.rule_id:
            found = self._find(self.column, typed)[:MOST]
        self.candidates.show(found)
        if found and typed and self.column not in READ_AS_TYPED and not found[0].is_a_guess:
            whole = (n for n, candidate in enumerate(found) if candidate.label == typed.strip())
            self.candidates.point(next(whole, 0) + 1, by_key=False)
        else:
            self.post_message(CandidateList.Pointed(None))
        self._place()

    def look_again(self) -> None:
        """More is known now: fill an empty list. One that is read from stands still until the next key."""
        if self.work is not None and not self._list_closed and not self.candidates.candidates:
            self._list(self.editor.value if self._edited else ("" if not self.editor.value else None))

    def _chosen(self) -> Candidate | None:
        current = self.candidates.current
        return self.candidates.candidates[current] if current is not None else None

    def _hint(self) -> None:
        if self.work is not None:
            self.query_one(FieldHint).show(self.work, self.here)

    @on(CandidateList.Picked)
    def _picked_by_mouse(self, event: CandidateList.Picked) -> None:
        event.stop()
        self.take(event.candidate)

    @on(FormSheet.Clicked)
    def _clicked(self, event: FormSheet.Clicked) -> None:
        event.stop()
        self.commit()
        self.go(event.spot)
        self.editor.focus()

    def go_to_failure(self, failure: Failure, column: str = "") -> None:
        """Put the cursor where a failure has to be mended (in `column`, if given), or where its reason is asked for."""
        for line in self.sheet.lines:
            if (
                line.kind == "reason"
                and line.spot.rule_id == failure.rule_id
                and failure.severity is Severity.WARNING
            ):
                self.go(line.spot)
                return
        if self.work is not None:
            self.go(Spot(column or place_of(self.work.codebook, failure)))
