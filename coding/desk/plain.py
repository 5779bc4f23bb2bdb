"""The one place where text from articles, codebooks and vocabularies becomes something a widget may show.

Textual reads markup in a bare string and hands control characters on to the terminal. `plain()` does neither:
control characters become visible marks, one for one, and brackets stay brackets.
"""

from __future__ import annotations

from rich.text import Text
from textual.content import Content

from schema.text import safe_text


def plain(text: object, style: str = "") -> Content:
    """The text as content for a widget, shown as written, in one style of ours."""
    return Content.styled(safe_text(str(text)), style) if style else Content(safe_text(str(text)))


def plain_line(text: object, style: str = "") -> Content:
    """The same on one line: line ends and tabs stand as spaces."""
    return plain(one_line(text), style)


def plain_cell(text: object, style: str = "") -> Text:
    """The same for the widgets that take Rich text: trees and tables."""
    return Text(one_line(text), style=style, no_wrap=True, end="")


def one_line(text: object) -> str:
    """Safe text on one line, for the places that paint strips themselves."""
    return safe_text(str(text)).replace("\n", " ").replace("\t", " ")
