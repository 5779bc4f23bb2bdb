"""The one place where the codebook is read beside the form: the field and the value under the cursor, and their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coding.desk.codebook_entries import Entry, field_help, value_help
from coding.desk.plain import plain, plain_line
from schema.codebook import Codebook
from schema.rules import Failure


class CodebookHelp(ModalScreen[str | None]):
    """What the codebook says; gives back a value that was picked, or None.

    Args:
        codebook: The project's codebook.
        field: The field under the cursor.
        value: What stands in it or is pointed at, if anything.
        wrong: What the rules find wrong with it now.
    """

    DEFAULT_CSS = """
    CodebookHelp {
        align: center middle;
        & > Vertical { width: 94%; max-width: 116; height: 94%; max-height: 44; background: $surface; border: round $primary; }
        & #codebook-title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        & OptionList { width: 36; height: 1fr; border: none; border-right: vkey $panel; padding: 0; }
        & VerticalScroll { width: 1fr; height: 1fr; padding: 0 1; }
        & #codebook-keys { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
        &.-narrow OptionList { width: 26; }
        &.-free OptionList { display: none; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  typed as an instance variable by Textual
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q", "leave", "Close", id="codebook.close"),
        Binding("pagedown,space", "scroll(1)", "Further", id="codebook.further", priority=True),
        Binding("pageup", "scroll(-1)", "Back", id="codebook.back", priority=True),
    ]

    def __init__(
        self, codebook: Codebook, field: str, value: str | None = None, wrong: Sequence[Failure] = ()
    ) -> None:
        super().__init__()
        self._wrong = [Entry(failure.severity.capitalize(), failure.message) for failure in wrong]
        self._codebook = codebook
        self._help = field_help(codebook, field)
        self._value = value

    def compose(self) -> ComposeResult:
        """The values at the left, what they mean at the right."""
        with Vertical():
            yield Static(plain_line(f"{self._help.label} ({self._help.field})"), id="codebook-title")
            with Horizontal():
                yield OptionList(*(Option(plain_line(value)) for value in self._help.values), compact=True)
                with VerticalScroll(can_focus=not self._help.values):
                    yield Static(id="codebook-text")
            keys = (
                "Enter takes the value · Space reads on · Esc closes"
                if self._help.values
                else "Space reads on · Esc closes"
            )
            yield Static(plain_line(keys), id="codebook-keys")

    def on_mount(self) -> None:
        """Begin at the value under the cursor."""
        self.set_class(not self._help.values, "-free")
        if self._value in self._help.values:
            self.query_one(OptionList).highlighted = self._help.values.index(self._value)
        self._write(self._value)

    @on(OptionList.OptionHighlighted)
    def _point(self, event: OptionList.OptionHighlighted) -> None:
        self._write(self._help.values[event.option_index])

    @on(OptionList.OptionSelected)
    def _pick(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._help.values[event.option_index])

    def action_leave(self) -> None:
        """Close without picking."""
        self.dismiss(None)

    def action_scroll(self, step: int) -> None:
        """Read on or back."""
        text = self.query_one(VerticalScroll)
        text.scroll_relative(y=step * max(text.size.height - 2, 1), animate=False)

    def _write(self, value: str | None) -> None:
        entries = value_help(self._codebook, self._help.field, value) if value else ()
        parts = [_block(Entry("Wrong with it now", ""), "bold underline")] if self._wrong else []
        parts += [_block(entry, "bold $text-error") for entry in self._wrong]
        parts += [_block(Entry(value, ""), "bold underline")] if value and entries else []
        parts += [_block(entry, "bold $text-primary") for entry in entries]
        parts += [_block(Entry(f"The field: {self._help.label}", ""), "bold underline")]
        parts += [_block(entry, "bold $text-primary") for entry in self._help.entries if entry.text]
        self.query_one("#codebook-text", Static).update(Content("\n\n").join(parts))
        self.query_one(VerticalScroll).scroll_home(animate=False)


def _block(entry: Entry, style: str) -> Content:
    heading = plain_line(entry.heading, style)
    return Content("\n").join([heading, plain(entry.text)]) if entry.text else heading
