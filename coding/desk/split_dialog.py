"""The one place where one total of dead is split over several events: what each gets is seen before anything is saved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from coding.bulk_edit import BulkEdit
from coding.desk.dialogs import FRAME
from coding.desk.event_strip import summary_of
from coding.desk.plain import plain, plain_line
from coding.desk.typing_line import TypingLine
from coding.split_deaths import Part, Share, in_order, shares
from schema.codebook import Codebook
from schema.values import UnusableValue


class SplitDialog(ModalScreen[list[Share] | None]):
    """A total, the events it is split over, and what each gets; None where nothing shall change.

    Args:
        parts: The events of the article, the one on the form among them.
        codebook: Reads the total: a number or one of its words.
    """

    DEFAULT_CSS = FRAME.format(name="SplitDialog")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back"),
        Binding("up", "point(-1)", show=False, priority=True),
        Binding("down", "point(1)", show=False, priority=True),
        Binding("f2", "take", "In or out", priority=True),
    ]

    def __init__(self, parts: Sequence[Part], codebook: Codebook) -> None:
        super().__init__()
        self._parts = in_order(parts)
        self._codebook = codebook
        self._out: set[int] = set()
        """Places of the events that are left out."""

    def compose(self) -> ComposeResult:
        """The total, one line an event, the sum in words, the keys."""
        with Vertical():
            yield Static(plain("One total of dead over several events"), classes="question")
            yield TypingLine(placeholder="the total: 10, dozens", classes="-open")
            yield OptionList(*self._lines())
            yield Static(classes="told")
            yield Static(
                plain("Up/Down, F2: leave an event out   Enter: save   Esc: nothing changes"),
                classes="keys",
            )

    def on_mount(self) -> None:
        """The total is typed at once; the list is pointed at from the line."""
        events = self.query_one(OptionList)
        events.can_focus = False
        events.highlighted = 0
        self.query_one(TypingLine).focus()
        self._show()

    @property
    def _chosen(self) -> list[Part]:
        return [part for place, part in enumerate(self._parts) if place not in self._out]

    def _shares(self) -> list[Share]:
        """What each chosen event gets; UnusableValue where the total cannot be read or there is nothing to split."""
        if len(self._chosen) < 2:
            raise UnusableValue(
                "a total is split over two events or more: save the others first, or take them in."
            )
        return shares(self.query_one(TypingLine).value, self._chosen, self._codebook)

    def _lines(self, found: Sequence[Share] = ()) -> list[Content]:
        gets = {id(share.part): share.number for share in found}
        lines: list[Content] = []
        for place, part in enumerate(self._parts):
            mark = " " if place in self._out else "x"
            name = "on the form" if part.key is None else f"event {part.key}"
            now = "none yet" if part.now is None else str(part.now)
            then = f" → {gets[id(part)]}" if id(part) in gets else ""
            lines.append(plain_line(f"[{mark}] {now:>8}{then:<8}  {name}  {summary_of(part.row)}"))
        return lines

    def _show(self) -> None:
        found: list[Share] = []
        try:
            found = self._shares()
            numbers = [share.number for share in found]
            told = f"{sum(numbers)} over {len(numbers)} events: {', '.join(map(str, numbers))}."
        except UnusableValue as unusable:
            told = str(unusable)
        events = self.query_one(OptionList)
        for place, line in enumerate(self._lines(found)):
            events.replace_option_prompt_at_index(place, line)
        self.query_one(".told", Static).update(plain(f"{told[:1].upper()}{told[1:]}"))

    def action_point(self, step: int) -> None:
        """Point at the next event or the one before."""
        events = self.query_one(OptionList)
        events.highlighted = ((events.highlighted or 0) + step) % len(self._parts)

    def action_take(self) -> None:
        """Leave the event pointed at out, or take it in again."""
        self._out ^= {self.query_one(OptionList).highlighted or 0}
        self._show()

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_take()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show()

    @on(Input.Submitted)
    def _done(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self.dismiss(self._shares())
        except UnusableValue:
            self._show()
            self.app.bell()

    @on(TypingLine.Left)
    def _left(self, event: TypingLine.Left) -> None:
        event.stop()
        self.dismiss(None)


def said_of_split(found: Sequence[Share], outcome: BulkEdit) -> str:
    """What became of the shares, for the top line."""
    if outcome.refused:
        (key, _), sentence = next(iter(outcome.refused.items()))
        return f"Nothing was split, as event {key} cannot be saved so: {sentence}"
    numbers = ", ".join(str(share.number) for share in found)
    saved = len(outcome.saved)
    parts = [f"{sum(share.number for share in found)} dead split into {numbers}"]
    parts += (
        [f"{saved} event{'' if saved == 1 else 's'} saved, ctrl+z takes them back one by one"]
        if saved
        else []
    )
    parts += ["the form's share is to be saved"] if any(share.part.key is None for share in found) else []
    return f"{'; '.join(parts)}."
