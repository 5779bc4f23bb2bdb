"""The one place where a widget that paints whole rows keeps them and hands them to the screen.

Textual's own way wraps each row in border, padding and outline and pads it under the scrollbar, where it is cut again;
our rows have none of that and end where the scrollbar begins. On a page of text that is a third of the time of a frame.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

KEPT = 1_000
"""Painted rows kept; a row takes about 4 kB."""


class PaintedRows(ScrollView):
    """A scrolling widget without border and padding, painted row by row; a row is painted once until it is forgotten."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self._painted: dict[int, Strip] = {}
        self._painted_width = 0

    def paint_row(self, index: int) -> Strip:
        """One row of what is shown, counted from its beginning, as wide as `size`."""
        raise NotImplementedError

    def is_final(self, index: int) -> bool:
        """Whether the row is what it will stay; one that waits for its content is painted again."""
        del index
        return True

    def forget_rows(self, rows: Iterable[int] | None = None) -> None:
        """Paint these rows anew when they are shown next; all of them without an argument."""
        if rows is None:
            self._painted.clear()
            return
        for row in rows:
            self._painted.pop(row, None)

    def notify_style_update(self) -> None:
        """Another theme: paint everything anew."""
        super().notify_style_update()
        self._painted.clear()

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        return self._row(y + self.scroll_offset.y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a part of the widget, through the filters of the terminal (no colour, for one)."""
        width, top = self.size.width, self.scroll_offset.y
        if width != self._painted_width:
            self._painted.clear()
            self._painted_width = width
        strips = [self._row(top + y) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        left, right = crop.column_span
        if left or right < width:
            strips = [strip.crop(left, right) for strip in strips]
        return strips

    def _row(self, index: int) -> Strip:
        strip = self._painted.get(index)
        if strip is None:
            strip = self.paint_row(index)
            if self.is_final(index):
                if len(self._painted) >= KEPT:
                    self._painted.clear()
                self._painted[index] = strip
        return strip
