"""A terminal that gets the changed cells only shows what one shows that gets every frame whole."""

from __future__ import annotations

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from coding.desk.changed_cells import ChangedCells

WIDTH, HEIGHT = 24, 4
CONSOLE = Console(force_terminal=True, color_system="truecolor", width=WIDTH, height=HEIGHT)
STYLES = [Style(), Style(bold=True), Style(color="#ff0000"), Style(bgcolor="#004400", reverse=True)]
SIGNS = "ab  c│“▏漢字é"


def strip_of(texts: list[tuple[str, int]], width: int) -> Strip:
    segments = [Segment(text, STYLES[number]) for text, number in texts]
    return Strip(segments).adjust_cell_length(width, STYLES[0])


strips = st.lists(st.tuples(st.text(SIGNS, max_size=9), st.integers(0, len(STYLES) - 1)), max_size=4)


@st.composite
def layouts(draw: st.DrawFn) -> CompositorUpdate:
    """Rows of a region, each of one or two pieces."""
    x, y = draw(st.integers(0, WIDTH - 2)), draw(st.integers(0, HEIGHT - 1))
    width, height = draw(st.integers(1, WIDTH - x)), draw(st.integers(1, HEIGHT - y))
    cut = draw(st.integers(0, width))
    rows = [[strip_of(draw(strips), part) for part in (cut, width - cut) if part] for _ in range(height)]
    return LayoutUpdate(rows, Region(x, y, width, height))


@st.composite
def chops(draw: st.DrawFn) -> CompositorUpdate:
    """A screen cut into pieces, of which a span of each row is written."""
    cut = draw(st.integers(1, WIDTH - 1))
    lines = [
        {0: strip_of(draw(strips), cut), cut: strip_of(draw(strips), WIDTH - cut)} for _ in range(HEIGHT)
    ]
    spans = [(y, *draw(st.sampled_from([(0, cut), (cut, WIDTH), (0, WIDTH)]))) for y in range(HEIGHT)]
    return ChopsUpdate(lines, spans, [[cut, WIDTH]] * HEIGHT)


def cells(screen: pyte.Screen) -> list[list[pyte.screens.Char]]:
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@settings(deadline=None)
@given(st.lists(st.one_of(layouts(), chops()), min_size=1, max_size=6))
def test_what_is_left_out_stands_there_already(frames: list[CompositorUpdate]) -> None:
    shown = ChangedCells()
    whole, thin = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    whole_stream, thin_stream = pyte.Stream(whole), pyte.Stream(thin)
    for frame in frames:
        whole_stream.feed(frame.render_segments(CONSOLE))
        thin_stream.feed(shown.sequences(frame, CONSOLE))
        assert cells(thin) == cells(whole)


def test_a_frame_that_stands_there_already_costs_nothing_and_one_letter_little() -> None:
    shown = ChangedCells()

    def frame(text: str) -> LayoutUpdate:
        return LayoutUpdate([[strip_of([(text, 2)], WIDTH)]] * HEIGHT, Region(0, 0, WIDTH, HEIGHT))

    first = shown.sequences(frame("the same"), CONSOLE)
    assert shown.sequences(frame("the same"), CONSOLE) == ""
    changed = shown.sequences(frame("the sane"), CONSOLE)
    assert changed.count("n") == HEIGHT
    assert "the" not in changed
    shown.forget()
    assert shown.sequences(frame("the same"), CONSOLE) == first
