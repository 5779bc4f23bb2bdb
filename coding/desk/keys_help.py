"""The one place where the desk explains itself: how an event is coded, every key, every mark."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from coding.desk.article_keys import ARTICLE_KEYS
from coding.desk.desk_keys import DESK_KEYS
from coding.desk.form.marks import MEANINGS
from coding.desk.plain import plain

HOW = (
    "Read the article on the left, fill the form on the right; where the screen is narrow F2 shows one or the other.",
    "Type a few letters of a value and press Enter: the first line of the list is taken, and the cursor goes to the",
    "next field that still needs you. A number picks another line (alt+number in dates, numbers and tags). Tab goes through",
    "every field. ctrl+s saves; what is wrong stands beside its field, and the cursor goes there.",
    "Every finished field is kept: whatever happens, the form is as you left it when you start again.",
)

FORM_KEYS = (
    ("Enter", "take what is typed or pointed at, go to the next field that needs you"),
    ("Tab, Down", "next field; Down also goes into the list while you type"),
    ("Shift+Tab, Up", "field before"),
    ("1-9, alt+1-9", "pick from the list"),
    ("Esc", "close the list, so that Enter keeps what you typed; without one, go to the article"),
    ("ctrl+Home, ctrl+End", "first field, last field"),
)


KEY_CELLS = 23
"""The cells of the column with the keys."""


class KeysHelp(ModalScreen[None]):
    """The help; escape or F1 closes it."""

    DEFAULT_CSS = """
    KeysHelp {
        align: center middle;
        & > VerticalScroll {
            width: 94%; max-width: 110; height: 94%; border: round $primary; background: $surface; padding: 0 2;
        }
        & .head { text-style: bold; color: $primary; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q", "dismiss(None)", "Close the help")]

    def compose(self) -> ComposeResult:
        """How, then keys, then marks."""
        with VerticalScroll():
            yield Static(plain("How an event is coded"), classes="head")
            yield Static(plain(" ".join(HOW)))
            yield Static(plain("In the form"), classes="head")
            yield KeyTable(FORM_KEYS)
            yield Static(plain("Everywhere"), classes="head")
            yield KeyTable((key.keys or "palette", key.says) for key in DESK_KEYS)
            yield KeyTable([("ctrl+p", "Every command by name."), ("ctrl+q", "Keep the form and end.")])
            yield Static(plain("In the article"), classes="head")
            yield KeyTable(_article_keys())
            yield Static(plain("What stands beside a value"), classes="head")
            yield KeyTable(MEANINGS)
            yield Static(plain("Esc closes this help."), classes="head")


def _article_keys() -> Iterable[tuple[str, str]]:
    for binding in ARTICLE_KEYS:
        if isinstance(binding, Binding):
            yield ", ".join(_SIGNS.get(key, key) for key in binding.key.split(",")), binding.description


_SIGNS = {
    "right_parenthesis": ")",
    "left_parenthesis": "(",
    "right_curly_bracket": "}",
    "left_curly_bracket": "{",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "full_stop": ".",
    "comma": ",",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "slash": "/",
}


class KeyTable(Static):
    """A line a key; what is too long goes on under its own beginning."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        super().__init__(markup=False)
        self._rows = tuple(rows)

    def on_resize(self) -> None:
        """Break the lines for the new width."""
        self.update(_lines(self._rows, self.size.width))

    def on_mount(self) -> None:
        """Be as high as the lines are, about."""
        self.update(_lines(self._rows, self.app.size.width))


def _lines(rows: Iterable[tuple[str, str]], width: int) -> Content:
    lines: list[Content] = []
    for key, says in rows:
        first, *more = textwrap.wrap(says, max(width - KEY_CELLS, 20)) or [""]
        lines.append(Content.assemble(plain(f"{key:<{KEY_CELLS - 1}}", "bold"), plain(f" {first}")))
        lines += [plain(" " * KEY_CELLS + line) for line in more]
    return Content("\n").join(lines)
