"""Rows that are painted once: forgotten when they change, through the filters of the terminal."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.strip import Strip

from coding.desk.painted_rows import KEPT, PaintedRows


class Numbers(PaintedRows):
    """Every row shows its number."""

    DEFAULT_CSS = "Numbers { color: red; background: blue; scrollbar-size-vertical: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[int] = []

    def on_mount(self) -> None:
        self.virtual_size = Size(10, 5_000)

    def paint_row(self, index: int) -> Strip:
        self.painted.append(index)
        return Strip([Segment(f"{index}", self.rich_style)]).adjust_cell_length(
            self.size.width, self.rich_style
        )


class NumbersApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Numbers()


async def test_a_row_is_painted_once_until_it_is_forgotten() -> None:
    app = NumbersApp()
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        numbers = app.query_one(Numbers)
        whole = Region(0, 0, 20, 6)
        numbers.render_lines(whole)
        numbers.painted.clear()
        assert [strip.text.strip() for strip in numbers.render_lines(whole)] == list("012345")
        assert numbers.painted == []
        numbers.forget_rows((2, 3))
        numbers.render_lines(whole)
        assert numbers.painted == [2, 3]
        numbers.scroll_to(y=100, animate=False)
        await pilot.pause()
        assert numbers.render_lines(whole)[0].text.strip() == "100"
        assert [strip.text for strip in numbers.render_lines(Region(1, 0, 2, 1))] == ["00"]


async def test_no_more_rows_are_kept_than_said() -> None:
    app = NumbersApp()
    async with app.run_test(size=(20, 6)):
        numbers = app.query_one(Numbers)
        for row in range(KEPT + 10):
            numbers.render_line(row)
        assert len(numbers._painted) <= KEPT


async def test_without_colour_no_row_brings_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = NumbersApp()
    async with app.run_test(size=(20, 6)) as pilot:
        await pilot.pause()
        [strip] = app.query_one(Numbers).render_lines(Region(0, 0, 20, 1))
        for segment in strip:
            colours = (segment.style.color, segment.style.bgcolor) if segment.style else ()
            assert all(len(set(colour.get_truecolor())) == 1 for colour in colours if colour)
