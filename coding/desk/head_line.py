"""The one place where the top line of the desk is written: project, article, what was just kept.

A sentence that is longer than the line takes as many as it needs: what to do stands at its end.
"""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from coding.desk.plain import plain_line


class HeadLine(Static):
    """Where the coder is at the left, what just happened at the right; what is longer than the line, alone and in full."""

    DEFAULT_CSS = """
    HeadLine {
        height: 1;
        padding: 0 1;
        background: $primary-muted;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &.-long { height: auto; max-height: 8; text-wrap: wrap; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id, markup=False)
        self._where = ""
        self._news = ""
        self._wrong = False
        self._read = False

    def where(self, text: str) -> None:
        """Say where the coder is."""
        self._where = text
        self._write()

    def news(self, text: str, *, wrong: bool = False) -> None:
        """Say what just happened; what went wrong stays until the next key, whatever else is told."""
        if self._wrong and not self._read and not wrong:
            return
        self._news, self._wrong, self._read = text, wrong, False
        self._write()

    @property
    def said(self) -> str:
        """What stands here now."""
        return self._news

    def kept(self, field: str) -> None:
        """Say that the draft is kept up to this field, where nothing stands that the coder has not read yet."""
        if self._read or not self._news:
            self.news(f"draft kept: {field}")

    def key_pressed(self) -> None:
        """The coder goes on: what stands here has been read."""
        self._read = True

    def on_resize(self) -> None:
        """Divide the line anew."""
        self._write()

    def _write(self) -> None:
        room = self.content_size.width
        news = plain_line(self._news, "bold reverse" if self._wrong else "bold")
        where = plain_line(self._where)
        is_long, was_long = 0 < room < news.cell_length, self.has_class("-long")
        self.set_class(is_long, "-long")
        if is_long:
            self.update(news)
            return
        gap = room - news.cell_length - where.cell_length
        if gap < 2:
            where = where.truncate(max(0, room - news.cell_length - 2), ellipsis=True)
            gap = max(1, room - news.cell_length - where.cell_length)
        self.update(Content.assemble(where, Content(" " * gap), news), layout=was_long)
