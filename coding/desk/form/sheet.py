"""The one place where the form's lines are painted: one widget, however many fields the codebook has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from coding.desk.form.sheet_lines import LABEL_WIDTH, Line, SheetWidths, Spot
from coding.desk.painted_rows import PaintedRows


class FormSheet(PaintedRows, can_focus=False):
    """The fields of one event as lines; the editor lies over the line that has the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "form--heading",
        "form--rule",
        "form--label",
        "form--label-here",
        "form--value",
        "form--mark",
        "form--follows",
        "form--proposed",
        "form--evidence",
        "form--error",
        "form--warning",
        "form--hint",
    }

    DEFAULT_CSS = """
    FormSheet {
        width: 1fr;
        height: 1fr;
        background: $background;
        scrollbar-size-vertical: 1;
        & > .form--heading { color: $primary; text-style: bold; }
        & > .form--rule { color: $foreground 35%; }
        & > .form--label { color: $foreground 75%; }
        & > .form--label-here { color: $foreground; text-style: bold; }
        & > .form--value { color: $foreground; }
        & > .form--mark { color: $foreground 55%; }
        & > .form--follows { color: $foreground 55%; text-style: italic; }
        & > .form--proposed { color: $warning; text-style: italic; }
        & > .form--evidence { color: $success; }
        & > .form--error { color: $error; text-style: bold; }
        & > .form--warning { color: $warning; }
        & > .form--hint { color: $foreground 60%; }
    }
    """

    @dataclass
    class Clicked(Message):
        """A line was clicked."""

        spot: Spot

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self._lines: list[Line] = []
        self._here = Spot("")

    def show(self, lines: list[Line], here: Spot) -> None:
        """Paint these lines with the cursor at this spot."""
        before, here_before = self._lines, self._here
        self._lines, self._here = lines, here
        size = Size(self.widths.width, len(lines))
        if size != self.virtual_size:
            self.virtual_size = size
            self.forget_rows()
            self.refresh()
            return
        top = self.scroll_offset.y
        for number, (old, new) in enumerate(zip(before, lines, strict=True)):
            if old != new or (here != here_before and new.spot in {here, here_before}):
                self.forget_rows((number,))
                if 0 <= number - top < self.size.height:
                    self.refresh(Region(0, number - top, self.size.width, 1))

    @property
    def lines(self) -> list[Line]:
        """What is painted."""
        return self._lines

    @property
    def widths(self) -> SheetWidths:
        """How a line is divided at the present size."""
        return SheetWidths(max(20, self.scrollable_content_region.width or self.size.width))

    def line_of(self, spot: Spot) -> int | None:
        """The first line of a spot."""
        return next((y for y, line in enumerate(self._lines) if _begins(line, spot)), None)

    def height_of(self, spot: Spot) -> int:
        """How many lines the spot takes, with what is wrong with it."""
        if spot.rule_id:
            return 1
        return sum(line.spot.column == spot.column for line in self._lines)

    def reveal(self, spot: Spot) -> None:
        """Scroll so that the spot, what is wrong with it and its neighbours can be seen."""
        y = self.line_of(spot)
        if y is None:
            return
        last = max((n for n, line in enumerate(self._lines) if line.spot.column == spot.column), default=y)
        top = max(0, y - 2)
        self.scroll_to_region(
            Region(0, top, 1, min(last + 2, len(self._lines)) - top), animate=False, force=True
        )

    def paint_row(self, index: int) -> Strip:
        """One line as the terminal gets it."""
        ground = self.rich_style
        if index >= len(self._lines):
            return Strip.blank(self.size.width, ground)
        segments = [Segment(text, ground + style) for text, style in self._parts(self._lines[index])]
        return Strip(segments).adjust_cell_length(self.size.width, ground)

    def _parts(self, line: Line) -> list[tuple[str, Style]]:
        style = self.get_component_rich_style
        if line.kind == "heading":
            return self._heading(line)
        if line.kind == "follows":
            return [("  ", Style()), (line.text, style("form--follows"))]
        if line.kind in {"field", "more"}:
            return self._field(line)
        if line.kind == "failure":
            return [(f"    {line.label} ", style(line.style)), (line.text, style(line.style))]
        return [
            (set_cell_size(f"    {line.label}", self.widths.value_at), style(line.style)),
            (line.text or "…", style("form--value")),
        ]

    def _heading(self, line: Line) -> list[tuple[str, Style]]:
        style = self.get_component_rich_style
        room = self.widths.width - cell_len(line.label) - cell_len(line.text) - 4
        parts = [(f"{line.label} ", style("form--heading")), ("─" * max(1, room), style("form--rule"))]
        return [*parts, (f" {line.text} ", style("form--follows"))] if line.text else parts

    def _field(self, line: Line) -> list[tuple[str, Style]]:
        style, widths = self.get_component_rich_style, self.widths
        here = line.spot == self._here
        label = set_cell_size(
            f"{'▸' if here and line.label else ' '} {line.label}"[: LABEL_WIDTH + 2], widths.value_at
        )
        text = line.text
        if cell_len(text) > widths.value:
            text = set_cell_size(text, widths.value - 1) + "…"
        mark = line.mark.word if widths.mark_width > 1 else line.mark.letter
        value_style = style("form--error") if line.mark.word == "unread" else style("form--value")
        if line.mark.style in {"form--proposed", "form--follows"}:
            value_style = style("form--value") + Style(italic=True)
        return [
            (label, style("form--label-here" if here else "form--label")),
            (set_cell_size(text, widths.value), value_style),
            (" ", Style()),
            (set_cell_size(mark, widths.mark_width), style(line.mark.style or "form--mark")),
        ]

    def on_click(self, event: events.Click) -> None:
        """The cursor goes where the mouse points."""
        number = event.y + self.scroll_offset.y
        if number < len(self._lines) and self._lines[number].spot.column:
            self.post_message(self.Clicked(self._lines[number].spot))


def _begins(line: Line, spot: Spot) -> bool:
    return line.spot == spot and line.kind in {"field", "reason"}
