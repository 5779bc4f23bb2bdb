"""The one place where the desk asks one question at a time: why, which event, which status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from coding.desk.plain import plain, plain_line
from coding.desk.typing_line import TypingLine

FRAME = """
{name} {{
    align: center middle;
    & > Vertical {{
        width: 90%; max-width: 96; height: auto; max-height: 90%;
        border: round $primary; background: $surface; padding: 0 1;
    }}
    & .question {{ text-style: bold; margin-bottom: 1; }}
    & .keys {{ color: $foreground 60%; margin-top: 1; }}
    & OptionList {{ height: auto; max-height: 16; background: $surface; border: none; padding: 0; }}
    & OptionList:focus {{ border: none; }}
    & TypingLine {{ dock: none; background: $surface-lighten-1; }}
}}
"""


class WhyDialog(ModalScreen[str | None]):
    """A question that is answered in a few words; escape answers nothing."""

    DEFAULT_CSS = FRAME.format(name="WhyDialog")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Back")]

    def __init__(self, question: str, hint: str = "a few words") -> None:
        super().__init__()
        self._question = question
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The question, a line for the answer, the keys."""
        with Vertical():
            yield Static(plain(self._question), classes="question")
            yield TypingLine(placeholder=self._hint, classes="-open")
            yield Static(plain("Enter: done   Esc: back, nothing changes"), classes="keys")

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        if answer := " ".join(event.value.split()):
            self.dismiss(answer)

    @on(TypingLine.Left)
    def _left(self, event: TypingLine.Left) -> None:
        event.stop()
        self.dismiss(None)


class ChoiceDialog(ModalScreen[int | None]):
    """One of a few answers, by number, by letter keys or Enter."""

    DEFAULT_CSS = FRAME.format(name="ChoiceDialog")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Back"),
        *(Binding(str(n), f"pick({n})", show=False) for n in range(1, 10)),
    ]

    def __init__(self, question: str, answers: Sequence[str]) -> None:
        super().__init__()
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        """The question and the numbered answers."""
        with Vertical():
            yield Static(plain(self._question), classes="question")
            yield OptionList(*(plain_line(f"{n} {answer}") for n, answer in enumerate(self._answers, 1)))
            yield Static(
                plain("A number, or the arrows and Enter   Esc: back, nothing changes"), classes="keys"
            )

    def action_pick(self, number: int) -> None:
        """Answer by number."""
        if number <= len(self._answers):
            self.dismiss(number - 1)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_index)


@dataclass(frozen=True)
class EventChoice:
    """What the coder wants with one of the article's events."""

    act: Literal["edit", "retract", "draft", "new", "grid"]
    which: int | str | None = None


class EventsDialog(ModalScreen[EventChoice | None]):
    """The events of the article: coded ones and unfinished ones."""

    DEFAULT_CSS = FRAME.format(name="EventsDialog")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f9", "dismiss(None)", "Back"),
        Binding("delete,r", "retract", "Take back"),
        Binding("n", "new", "New event"),
        Binding("g,t", "grid", "Table"),
    ]

    def __init__(self, coded: Sequence[tuple[int, str]], unfinished: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._coded = coded
        self._unfinished = unfinished

    def compose(self) -> ComposeResult:
        """One line an event, what the keys do below."""
        with Vertical():
            yield Static(plain("Events of this article"), classes="question")
            yield OptionList(
                *(Option(plain_line(f"event {key}  {text}"), id=f"e{key}") for key, text in self._coded),
                *(Option(plain_line(f"unfinished  {text}"), id=f"d{key}") for key, text in self._unfinished),
            )
            if not self._coded and not self._unfinished:
                yield Static(
                    plain("None yet: what is on the form becomes the first one when you save it (ctrl+s).")
                )
            yield Static(
                plain("Enter: open   r: take back, with a reason   n: new   g: as a table   Esc: back"),
                classes="keys",
            )

    def _current(self) -> str:
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return ""
        return options.get_option_at_index(options.highlighted).id or ""

    def action_retract(self) -> None:
        """Take the event under the pointer back."""
        if (current := self._current()).startswith("e"):
            self.dismiss(EventChoice("retract", int(current[1:])))

    def action_grid(self) -> None:
        """The events as a table, of this article, of the day, of all."""
        self.dismiss(EventChoice("grid"))

    def action_new(self) -> None:
        """Another event."""
        self.dismiss(EventChoice("new"))

    @on(OptionList.OptionSelected)
    def _opened(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        chosen = event.option_id or ""
        key = chosen[1:]
        self.dismiss(EventChoice("edit", int(key)) if chosen.startswith("e") else EventChoice("draft", key))
