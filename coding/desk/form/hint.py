"""The one place where the line under the form tells what the field under the cursor wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.widgets import Static

from coding.desk.form.marks import mark_of
from coding.desk.plain import plain_line
from coding.stops import is_needed
from schema.rules import Severity

if TYPE_CHECKING:
    from coding.desk.form.sheet_lines import Spot
    from coding.form_work import FormWork
    from schema.rules import Failure

HOW = {
    "event_date": "Type it as you say it: thu, -1, 5 dec, 2-4 dec, last week.",
    "fatalities": "Type a number or the report's word: 12, dozens, 2 to 5. One total of several events: "
    "ctrl+p, Split deaths.",
    "notes": "Follows the fields until you edit it; ctrl+l lets it follow again.",
    "location": "Type any word of the name: country, provinces, coordinates follow. ~name is near it; "
    "Esc Enter keeps a new name as typed.",
    "latitude": "Both at once: 35.19 36.72. What is open of the place follows from what is known near there.",
    "actor1": "Type any word of the name; its type follows. Esc then Enter keeps a new name as typed.",
    "actor2": "Type any word of the name; its type follows.",
    "assoc_actor_1": "Several names are joined by a semicolon.",
    "assoc_actor_2": "Several names are joined by a semicolon.",
}


NOTHING_FITS = {
    "location": "No such place is known. Type coordinates behind the name (Qamhanat 35.19 36.72), ~ and a town "
    "for near it, or Enter for a new place."
}
"""The way out of a list without a line."""


class FieldHint(Static):
    """Two lines: what the field is, and how to fill it."""

    DEFAULT_CSS = """
    FieldHint {
        height: 2;
        padding: 0 1;
        color: $foreground 70%;
        background: $surface;
        &.-wrong { color: $error; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id, markup=False)
        self._text = ""

    def say(self, text: str, *, wrong: bool = False) -> None:
        """One sentence about what was just typed or pressed."""
        self._text = text
        self.set_class(wrong, "-wrong")
        self.update(plain_line(fitting(text, *self.size)), layout=False)

    def on_resize(self) -> None:
        """As much as there is room for now."""
        self.update(plain_line(fitting(self._text, *self.size)), layout=False)

    def show(self, work: FormWork, spot: Spot) -> None:
        """What the field under the cursor wants."""
        if spot.rule_id:
            self.say(
                "Say in a few words why this is right here; Enter keeps the reason and the warning lets the event pass."
            )
            return
        column = work.codebook.column(spot.column)
        if spot.column == "notes" and not work.note_follows and (told := _note_disagrees(work)):
            self.say(told, wrong=True)
            return
        meaning = _meaning(work, spot.column)
        words = work.state.evidence_of(spot.column)
        quoted = f"“{words[0].quote}”" if words else ""
        mark = mark_of(work.state, spot.column).word
        proposed = "Proposed, not yet looked at: Enter confirms." if mark == "check" else ""
        how = f"{HOW.get(spot.column, '')} {_may_stay_empty(work, spot.column)}".strip()
        self.say(" ".join(filter(None, (quoted, proposed, how, meaning or column.description))))


def unexplained(failures: Sequence[Failure], reasons: Mapping[str, str]) -> Failure | None:
    """The first warning that waits for its reason."""
    return next(
        (each for each in failures if each.severity is Severity.WARNING and not reasons.get(each.rule_id)),
        None,
    )


def nothing_left(failures: Sequence[Failure], reasons: Mapping[str, str]) -> str:
    """What ctrl+s will do now that no field is open."""
    if unexplained(failures, reasons):
        return "Nothing open is left: ctrl+s asks for the reason of what is marked ▲, then it saves."
    return "Nothing open is left: ctrl+s saves the event."


def fitting(text: str, width: int, lines: int) -> str:
    """As many whole sentences as fit into that many lines; of the first one its beginning, whatever its length."""
    if width <= 0 or lines <= 0:
        return text  # not laid out yet
    while len(rows := wrap(text, width)) > lines and (end := text.rfind(". ", 0, -1)) > 0:
        text = text[: end + 1]
    if len(rows) > lines:
        rows[lines - 1 :] = [f"{rows[lines - 1][: width - 2].rstrip()} …"]
    return " ".join(rows)


def _may_stay_empty(work: FormWork, name: str) -> str:
    """Whether an event of this type may be without a second actor."""
    if name != "actor2" or work.text(name):
        return ""
    if is_needed(work.codebook, work.row, name):
        return "This type needs one."
    return "Enter leaves it empty."


def _note_disagrees(work: FormWork) -> str:
    """What a note that the coder wrote says otherwise than the fields; empty where both agree."""
    from coding.note import note_disagreements

    return " ".join(note_disagreements(work.row, work.codebook))


def _meaning(work: FormWork, name: str) -> str:
    column = work.codebook.column(name)
    text = work.text(name)
    if column.meanings and text in column.values:
        return f"{text}: {column.meanings[column.values.index(text)]}."
    return ""
