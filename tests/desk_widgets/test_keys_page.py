"""The page of keys tells every key of the desk: it is made from the bindings, and this holds it to them."""

from __future__ import annotations

import os
from pathlib import Path

from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from coding.desk.article_text import ArticleText
from coding.desk.codebook_help import CodebookHelp
from coding.desk.coding_screen import CodingScreen
from coding.desk.event_grid import EventGrid
from coding.desk.grid_body import GridBody
from coding.desk.grid_screen import GridScreen
from coding.desk.own_settings import movable
from coding.desk.queue import QueueScreen
from coding.desk.settings import NEVER_ARRIVE, DeskSettings
from coding.desk.sql_editor import SqlEditor
from coding.desk.sql_screen import SqlScreen
from coding.desk.typing_line import TypingLine

PAGE = Path(__file__).parents[2] / "docs" / "keys.md"
HEAD = """# Keys of the desk

Every key has a name, by which the settings file moves it:

    # ~/.config/eventcoder/settings.toml, or the file that EVENTCODER_SETTINGS names
    theme = "eventcoder-light"    # eventcoder-dark, -light, -contrast, -plain, or one of Textual's own
    measure = 76                  # cells in a row of the article, 40 to 140
    right_to_left = "auto"        # "ours"; "terminal" where the terminal itself turns Hebrew and Arabic
    timings = true                # keep keys and seconds per event on this machine, for you to see

    [keys]
    "article.take" = "enter,t"

Keys that a terminal keeps for itself or sends as another key (ctrl+i is Tab, ctrl+m is Enter) are told when the desk opens.

A filter in the grid and in the queue is words that must stand somewhere in the row, and conditions on a column:
`hama country:syria fatalities>=3 -protest "two words"`; `:` means contains, `=` is the whole value, `-` is without.
"""
PARTS: dict[str, tuple[type[DOMNode], ...]] = {
    "Everywhere": (CodingScreen,),
    "In the article": (ArticleText,),
    "In the grid of events": (GridScreen, EventGrid, GridBody),
    "In the queue": (QueueScreen,),
    "Ask with SQL": (SqlScreen, SqlEditor),
    "In the codebook": (CodebookHelp,),
    "In a line to type in": (TypingLine,),
}
SIGNS = {
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
    "equals_sign": "=",
    "slash": "/",
}


def lines_of(node: type[DOMNode]) -> list[str]:
    by_name: dict[str, tuple[str, list[str]]] = {}
    for key, bindings in BindingsMap(node.BINDINGS).key_to_bindings.items():
        for binding in bindings:
            if isinstance(binding, Binding) and binding.id:
                by_name.setdefault(binding.id, (binding.tooltip or binding.description, []))[1].append(
                    SIGNS.get(key, key)
                )
    return [
        f"| {' '.join(f'`{key}`' for key in keys)} | {says} | {name} |"
        for name, (says, keys) in by_name.items()
    ]


def page() -> str:
    parts = [HEAD]
    for title, nodes in PARTS.items():
        lines = [line for node in nodes for line in lines_of(node)]
        parts.append(
            "\n".join([f"## {title}\n", "| key | does | name |", "| --- | --- | --- |", *lines]) + "\n"
        )
    return "\n".join(parts)


def test_the_page_of_keys_tells_every_key() -> None:
    if os.environ.get("EVENTCODER_NEW_SCREENS"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "make the page anew with EVENTCODER_NEW_SCREENS=1"


def test_every_widget_with_movable_keys_is_on_the_page() -> None:
    assert set(movable()) <= {node for nodes in PARTS.values() for node in nodes}
    assert all(name in HEAD for name in DeskSettings.__dataclass_fields__)


def test_every_key_arrives_in_a_terminal() -> None:
    for nodes in PARTS.values():
        for node in nodes:
            assert not set(BindingsMap(node.BINDINGS).key_to_bindings) & set(NEVER_ARRIVE)


def test_no_two_keys_share_a_name() -> None:
    names = [line.rsplit("|", 2)[1] for nodes in PARTS.values() for node in nodes for line in lines_of(node)]
    assert len(names) == len(set(names))
