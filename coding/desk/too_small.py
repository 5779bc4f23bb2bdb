"""The one place where a terminal too small to work in is told so."""

from __future__ import annotations

from textual.widgets import Static

from coding.desk.plain import plain

SMALLEST = (80, 24)


class TooSmall(Static):
    """One sentence instead of a form that cannot be read."""

    DEFAULT_CSS = """
    TooSmall {
        layer: above; width: 100%; height: 100%; display: none; background: $background;
        content-align: center middle; text-align: center; padding: 0 1;
        &.-needed { display: block; }
    }
    """

    def measure(self, width: int, height: int) -> None:
        """Cover the screen where it is too small."""
        columns, rows = SMALLEST
        self.set_class(width < columns or height < rows, "-needed")
        self.update(
            plain(
                f"This terminal is {width} by {height}; the desk needs {columns} by {rows}. Make it larger: nothing is lost."
            )
        )
