"""The one place where the rows of a grid are painted; only the rows and columns on the screen are ever made.

Pages come from a source in a thread; until one is there its rows show dots. The pages around the screen are
fetched ahead, so that paging does not wait.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import get_current_worker

from coding.desk.grid_rows import Condition, GridColumn, GridRow, ListRows, Order, RowSource, cell_text
from coding.desk.painted_rows import PaintedRows
from coding.desk.plain import one_line
from coding.desk.reading.cells import crop, width_of
from coding.desk.turning import turned

PAGE = 256
"""Rows fetched at once."""
KEPT = 32
"""Pages kept; a page of twenty columns takes about 60 kB."""


def _key(keys: str, action: str, description: str, name: str, *, show: bool = False) -> BindingType:
    return Binding(keys, action, description, show=show, id=f"grid.{name}")


class GridBody(PaintedRows, can_focus=True):
    """Rows and a cell cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--cursor",
        "grid--chosen",
        "grid--row",
        "grid--wrong",
        "grid--fixed",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        _key("down,j", "move(1, 0)", "Down", "down"),
        _key("up,k", "move(-1, 0)", "Up", "up"),
        _key("right,l", "move(0, 1)", "Right", "right"),
        _key("left,h", "move(0, -1)", "Left", "left"),
        _key("shift+down,J", "move(1, 0, True)", "Choose down", "choose_down"),
        _key("shift+up,K", "move(-1, 0, True)", "Choose up", "choose_up"),
        _key("pagedown,space", "page(1)", "Page down", "page_down"),
        _key("pageup", "page(-1)", "Page up", "page_up"),
        _key("g,ctrl+home", "edge(False)", "First row", "first"),
        _key("G,ctrl+end", "edge(True)", "Last row", "last"),
        _key("home", "side(False)", "First column", "first_column"),
        _key("end", "side(True)", "Last column", "last_column"),
    ]
    DEFAULT_CSS = """
    GridBody {
        background: $surface; color: $foreground; height: 1fr; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
        & > .grid--row { background: $panel; }
        & > .grid--chosen { background: $secondary; color: auto 95%; }
        & > .grid--cursor { background: $primary; color: auto 95%; text-style: bold; }
        & > .grid--wrong { color: $text-error; text-style: underline; }
        & > .grid--fixed { text-style: bold; }
    }
    """

    class Moved(Message):
        """The cursor stands on another cell, or the columns on the screen changed."""

    class Failed(Message):
        """The source could not answer."""

        def __init__(self, says: str) -> None:
            super().__init__()
            self.says = says

    class Fetched(Message):
        """A page came from the source."""

        def __init__(self, generation: int, number: int, rows: list[GridRow], total: int | None) -> None:
            super().__init__()
            self.generation = generation
            self.number = number
            self.rows = rows
            self.total = total

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self.source: RowSource = ListRows((), ())
        self.columns: tuple[GridColumn, ...] = ()
        self.order: Order | None = None
        self.where: tuple[Condition, ...] = ()
        self.total = 0
        self.row = 0
        self.column = 0
        self.first_chosen = 0
        self.wrong: dict[tuple[int, str], str] = {}
        self._generation = 0
        self._pages: OrderedDict[int, list[GridRow]] = OrderedDict()
        self._wanted: set[int] = set()
        self._base: Style | None = None

    # what is shown

    def ask(self, source: RowSource, order: Order | None, where: tuple[Condition, ...]) -> None:
        """Show other rows, or the same in another order, from the first one."""
        self.source, self.order, self.where = source, order, where
        self.columns = tuple(source.columns)
        self.row = self.first_chosen = 0
        self.column = min(self.column, max(len(self.columns) - 1, 0))
        self.ask_again()
        self.scroll_to(y=0, animate=False)

    def show_columns(self, columns: Sequence[GridColumn]) -> None:
        """Give the columns other widths."""
        self.columns = tuple(columns)
        self.forget_rows()
        self._measure()
        self.refresh()

    def ask_again(self) -> None:
        """Fetch everything anew."""
        self._generation += 1
        self._pages.clear()
        self._wanted.clear()
        self.forget_rows()
        self._want(self.row // PAGE, count=True)
        self.refresh()

    def sort_by_cursor(self) -> None:
        """Sort by the column under the cursor: up, then down, then not at all."""
        if not self.columns:
            return
        name = self.columns[self.column].name
        if self.order is None or self.order.column != name:
            order: Order | None = Order(name)
        else:
            order = None if self.order.descending else Order(name, descending=True)
        self.ask(self.source, order, self.where)

    def row_at(self, index: int) -> GridRow | None:
        """The row there; None while its page is on its way."""
        page = self._pages.get(index // PAGE)
        if page is not None:
            self._pages.move_to_end(index // PAGE)
        if page is None:
            if 0 <= index < self.total:
                self._want(index // PAGE)
            return None
        return page[index % PAGE] if index % PAGE < len(page) else None

    @property
    def chosen(self) -> range:
        """The rows that are chosen: the cursor's own, and those extended over."""
        return range(min(self.row, self.first_chosen), max(self.row, self.first_chosen) + 1)

    # pages

    def _want(self, number: int, *, count: bool = False) -> None:
        if number in self._wanted or number < 0:
            return
        self._wanted.add(number)
        generation, source, order, where = self._generation, self.source, self.order, self.where

        def fetch() -> None:
            worker = get_current_worker()
            try:
                total = source.count(where) if count else None
                rows = source.page(number * PAGE, PAGE, order, where)
            except Exception as error:  # noqa: BLE001  a worker's border: a source that fails must not end the desk
                self.post_message(self.Failed(f"The rows cannot be read: {error}"))
                return
            if not worker.is_cancelled:
                self.post_message(self.Fetched(generation, number, rows, total))

        self.run_worker(fetch, thread=True, group="pages", description="A page of the grid")

    def on_grid_body_fetched(self, event: Fetched) -> None:
        """Keep the page, show it where it is on the screen."""
        event.stop()
        if event.generation != self._generation:
            return
        self._wanted.discard(event.number)
        self._pages[event.number] = event.rows
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        if event.total is not None:
            self.total = event.total
            self.row = min(self.row, max(self.total - 1, 0))
            self.first_chosen = min(self.first_chosen, max(self.total - 1, 0))
        self._measure()
        first = event.number * PAGE
        self.forget_rows(range(first, first + PAGE))
        top = self.scroll_offset.y
        if first < top + self.size.height and top < first + PAGE:
            self.refresh()
        self.post_message(self.Moved())

    def _fetch_around(self) -> None:
        """The pages before and after the screen, so that the next key finds them there."""
        for index in (self.row - PAGE // 2, self.row + PAGE // 2):
            if 0 <= index < self.total and index // PAGE not in self._pages:
                self._want(index // PAGE)

    def _measure(self) -> None:
        self.virtual_size = Size(sum(column.width + 1 for column in self.columns), self.total)

    def notify_style_update(self) -> None:
        """Another theme: paint everything anew."""
        super().notify_style_update()
        self._base = None

    # painting

    def paint_row(self, index: int) -> Strip:
        """One row of the grid."""
        if index >= self.total:
            return Strip.blank(self.size.width, self._base_style)
        return self.sideways(self._row_strip(index), self._base_style)

    def is_final(self, index: int) -> bool:
        """Whether the row has come."""
        return index < self.total and index // PAGE in self._pages

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """Other columns are on the screen now."""
        self.forget_rows()
        super().watch_scroll_x(old_value, new_value)

    @property
    def _base_style(self) -> Style:
        """The style of an empty cell; working it out for each row would take a sixth of the time of a page."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def sideways(self, strip: Strip, style: Style) -> Strip:
        """What is seen of a whole row: its first column always, then the columns that were moved to."""
        left, width = self.scroll_offset.x, self.size.width
        if not left:
            return strip if strip.cell_length == width else strip.crop_extend(0, width, style)
        fixed = self._fixed_cells
        return Strip.join([strip.crop(0, fixed), strip.crop_extend(left + fixed, left + width, style)])

    @property
    def _fixed_cells(self) -> int:
        return self.columns[0].width + 1 if self.columns else 0

    def _row_strip(self, index: int) -> Strip:
        row = self.row_at(index)
        base = self._base_style
        if index in self.chosen:
            base += self._style("row")
        runs: list[tuple[str, Style]] = []
        used, end = 0, self.scroll_offset.x + self.size.width
        for position, column in enumerate(self.columns):
            if used >= end:
                break
            seen = column if used + column.width <= end else replace(column, width=end - used)
            text = fitted(cell_text(row.values[position]) if row else "·", seen)
            style = self._cell_style(row, index, position)
            runs += [(text + " ", base)] if style is None else [(text, base + style), (" ", base)]
            used += seen.width + 1
        if used > end:
            runs[-1] = (runs[-1][0][:-1], runs[-1][1])
        elif used < end:
            runs.append((" " * (end - used), self._base_style))
        same = groupby(runs, key=itemgetter(1))
        return Strip([Segment("".join(text for text, _ in run), style) for style, run in same], end)

    def _cell_style(self, row: GridRow | None, index: int, position: int) -> Style | None:
        """What the cell has on top of its row; None for most cells, which then are sent as one."""
        if position and position != self.column and not self.wrong:
            return None
        style = self._style("fixed") if position == 0 else Style()
        if row and (row.key, self.columns[position].name) in self.wrong:
            style += self._style("wrong")
        if position == self.column and index in self.chosen:
            style += self._style("cursor" if index == self.row else "chosen")
        return style

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"grid--{name}", partial=True)

    # moving

    def action_move(self, rows: int, columns: int, choose: bool = False) -> None:
        """Move the cursor by cells; choosing keeps the rows it passes."""
        self.go(self.row + rows, self.column + columns, choose=choose)

    def action_page(self, step: int) -> None:
        """A screenful up or down."""
        height = max(self.size.height - 1, 1)
        self.scroll_to(y=max(self.scroll_offset.y + step * height, 0), animate=False)
        self.go(self.row + step * height, self.column)

    def action_edge(self, at_end: bool) -> None:
        """To the first or last row."""
        self.go(self.total - 1 if at_end else 0, self.column)

    def action_side(self, at_end: bool) -> None:
        """To the first or last column."""
        self.go(self.row, len(self.columns) - 1 if at_end else 0)

    def go(self, row: int, column: int, *, choose: bool = False) -> None:
        """Put the cursor on a cell and bring it into view."""
        before = self.chosen
        self.row = min(max(row, 0), max(self.total - 1, 0))
        self.column = min(max(column, 0), max(len(self.columns) - 1, 0))
        if not choose:
            self.first_chosen = self.row
        self._repaint_rows(before)
        self._repaint_rows(self.chosen)
        self._keep_in_view()
        self._fetch_around()
        self.post_message(self.Moved())

    def _repaint_rows(self, rows: Sequence[int]) -> None:
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        for row in range(max(rows[0], top), min(rows[-1] + 1, bottom)):
            self.refresh_line(row)
        self.forget_rows(rows)

    def _keep_in_view(self) -> None:
        left = sum(column.width + 1 for column in self.columns[: self.column])
        width = self.columns[self.column].width if self.columns else 0
        fixed = min(self._fixed_cells, left)
        cell = Region(left - fixed, self.row, width + fixed, 1)
        self.scroll_to_region(cell, animate=False, force=True, immediate=True)

    def cell_under(self, event: events.MouseEvent) -> tuple[int, int]:
        """The row and column under the pointer."""
        x, row = event.x, event.y + self.scroll_offset.y
        if x >= self._fixed_cells:
            x += self.scroll_offset.x
        for position, column in enumerate(self.columns):
            x -= column.width + 1
            if x < 0:
                return row, position
        return row, max(len(self.columns) - 1, 0)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor where the pointer is; with shift choose up to there."""
        row, column = self.cell_under(event)
        if row < self.total:
            self.go(row, column, choose=event.shift)


class GridHead(Widget):
    """The names of the columns, above the rows, moving sideways with them."""

    DEFAULT_CSS = """
    GridHead { height: 1; background: $panel; color: $text-primary; text-style: bold; }
    """

    def __init__(self, body: GridBody) -> None:
        super().__init__()
        self._body = body

    def render_line(self, y: int) -> Strip:
        """The names, with an arrow at the one the rows are sorted by."""
        style = self.rich_style
        segments = [
            Segment(fitted(self._label(column), column) + " ", style) for column in self._body.columns
        ]
        return self._body.sideways(Strip(segments), style)

    def _label(self, column: GridColumn) -> str:
        order = self._body.order
        arrow = ("↓" if order.descending else "↑") if order and order.column == column.name else ""
        return arrow + one_line(column.label)


def fitted(text: str, column: GridColumn) -> str:
    """The text in exactly the cells of the column, numbers at its right."""
    if text.isascii() and len(text) <= column.width:
        return text.rjust(column.width) if column.is_number else text.ljust(column.width)
    text = turned(crop(text, column.width))
    room = " " * (column.width - width_of(text))
    return room + text if column.is_number else text + room
