"""The one place where the desk explains itself: how an event is coded, every key, every mark."""

from __future__ import annotations

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
            yield Static(_table(FORM_KEYS))
            yield Static(plain("Everywhere"), classes="head")
            yield Static(_table((key.keys or "palette", key.says) for key in DESK_KEYS))
            yield Static(_table([("ctrl+p", "Every command by name."), ("ctrl+q", "Keep the form and end.")]))
            yield Static(plain("In the article"), classes="head")
            yield Static(_table(_article_keys()))
            yield Static(plain("What stands beside a value"), classes="head")
            yield Static(_table(MEANINGS))
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


def _table(rows: Iterable[tuple[str, str]]) -> Content:
    lines = [Content.assemble(plain(f"{key:<22}", "bold"), plain(f" {says}")) for key, says in rows]
    return Content("\n").join(lines)
