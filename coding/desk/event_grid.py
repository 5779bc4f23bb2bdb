"""The one place where events are seen as a grid: sorted, filtered, filled down and pasted into.

The grid changes nothing itself. What a person types, fills or pastes goes out as edits, cell by cell, to be
validated like any typing; what was refused comes back and is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from coding.bulk_edit import CellEdit
from coding.desk.grid_body import GridBody, GridHead
from coding.desk.grid_rows import Condition, GridRow, Order, RowSource, cell_text, read_filter
from coding.desk.plain import plain_line
from coding.desk.typing_line import TypingLine
from schema.errors import UnusableInput

MOST_EDITS = 2_000
"""Cells one paste or fill may change; more is a job for an import."""


class EventGrid(Vertical):
    """A grid of events over a source of rows."""

    DEFAULT_CSS = """
    EventGrid {
        & > #grid-state { height: 1; background: $panel; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="grid.open"),
        Binding("e", "edit", "Edit cell", id="grid.edit"),
        Binding("ctrl+d", "fill", "Fill down", id="grid.fill"),
        Binding("s", "sort", "Sort", id="grid.sort"),
        Binding("slash", "filter", "Filter", id="grid.filter"),
        Binding("equals_sign", "filter_value", "Same value", id="grid.same"),
        Binding("escape", "clear", "All rows", show=False, id="grid.clear"),
        Binding("y", "copy", "Copy", show=False, id="grid.copy"),
    ]

    @dataclass
    class Opened(Message):
        """An event was asked for."""

        key: int

    @dataclass
    class Edited(Message):
        """Cells are to be changed; the desk validates each and calls `settle`."""

        edits: tuple[CellEdit, ...]
        how: Literal["typed", "filled", "pasted"]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self._body = GridBody()
        self._line_is_for: Literal["filter", "cell"] = "filter"
        self._filter = ""

    def compose(self) -> ComposeResult:
        """The names, the rows, a line that says what is shown, a line to type in."""
        yield GridHead(self._body)
        yield self._body
        yield Static(id="grid-state")
        yield TypingLine(compact=True)

    @property
    def body(self) -> GridBody:
        """The rows; they take the focus."""
        return self._body

    def show(self, source: RowSource, order: Order | None = None) -> None:
        """Show the rows of a source."""
        self._filter = ""
        self.body.wrong.clear()
        self.body.ask(source, order, ())

    def settle(self, refused: Mapping[tuple[int, str], str]) -> None:
        """Fetch the rows anew after edits, and mark the cells that were refused with their sentence."""
        self.body.wrong = dict(refused)
        self.body.source.renew()
        self.body.ask_again()

    def focus(self, scroll_visible: bool = True) -> EventGrid:
        """Put the focus on the rows."""
        self.body.focus(scroll_visible)
        return self

    @property
    def current(self) -> GridRow | None:
        """The row under the cursor."""
        return self.body.row_at(self.body.row) if self.body.total else None

    # what the grid shows of itself

    @on(GridBody.Moved)
    def _say_where(self, event: GridBody.Moved) -> None:
        event.stop()
        self.query_one(GridHead).refresh()
        body = self.body
        state = f"{body.row + 1:,} of {body.total:,}" if body.total else "no rows"
        chosen = len(body.chosen)
        parts = [
            state,
            f"{chosen:,} chosen" if chosen > 1 else "",
            f"filter: {self._filter}" if self._filter else "",
        ]
        row = self.current
        if row and body.columns:
            parts.append(body.wrong.get((row.key, body.columns[body.column].name)) or self._whole_cell(row))
        self._say(" · ".join(filter(None, parts)))

    def _whole_cell(self, row: GridRow) -> str:
        column = self.body.columns[self.body.column]
        text = cell_text(row.values[self.body.column])
        return f"{column.label}: {text}" if len(text) > column.width else ""

    # keys

    def action_open(self) -> None:
        """Open the event under the cursor."""
        row = self.current
        if row:
            self.post_message(self.Opened(row.key))

    def action_sort(self) -> None:
        """Sort by the column under the cursor: up, then down, then not at all."""
        self.body.sort_by_cursor()
        self.query_one(GridHead).refresh()

    def action_filter(self) -> None:
        """Type a filter."""
        self._open_line("filter", self._filter)

    def action_filter_value(self) -> None:
        """Only rows with the value under the cursor."""
        row = self.current
        if row is None:
            return
        column = self.body.columns[self.body.column].name
        text = cell_text(row.values[self.body.column]).replace('"', "")
        self._set_filter(f'{self._filter} {column}="{text}"'.strip())

    def action_clear(self) -> None:
        """All rows again; without a filter the key belongs to the screen."""
        if not self._filter:
            raise SkipAction
        self._set_filter("")

    def action_edit(self) -> None:
        """Type into the cell under the cursor."""
        row = self.current
        if row and self.body.columns[self.body.column].can_edit:
            self._open_line("cell", cell_text(row.values[self.body.column]))

    def action_fill(self) -> None:
        """Give the value of the first chosen row to the other chosen ones."""
        body = self.body
        rows = self._rows_from(body.chosen)
        column = body.columns[body.column] if body.columns else None
        if column is None or not column.can_edit or len(rows) < 2:
            return
        text = cell_text(rows[0].values[body.column])
        self._edit(tuple(CellEdit(row.key, column.name, text) for row in rows[1:]), "filled")

    def action_copy(self) -> None:
        """Put the chosen cells of the column into the clipboard, one a line."""
        rows = [self.body.row_at(index) for index in self.body.chosen[:MOST_EDITS]]
        self.app.copy_to_clipboard("\n".join(cell_text(row.values[self.body.column]) for row in rows if row))

    @on(events.Paste)
    def _paste(self, event: events.Paste) -> None:
        """Cells as a spreadsheet copies them go where the cursor stands, to the right and down."""
        if self.query_one(TypingLine).has_focus:
            return
        event.stop()
        self._edit(self._pasted(event.text), "pasted")

    def _pasted(self, text: str) -> tuple[CellEdit, ...]:
        body = self.body
        lines = [line.split("\t") for line in text.replace("\r\n", "\n").rstrip("\n").split("\n")]
        if len(lines) == len(lines[0]) == 1:
            lines *= len(body.chosen)
        edits: list[CellEdit] = []
        first = body.chosen[0]
        for row, cells in zip(self._rows_from(range(first, first + len(lines))), lines, strict=False):
            for column, cell in zip(body.columns[body.column :], cells, strict=False):
                if column.can_edit:
                    edits.append(CellEdit(row.key, column.name, cell.strip()))
        return tuple(edits)

    def _rows_from(self, wanted: range) -> list[GridRow]:
        """The rows, or none and a word about it while some are on their way or they are too many."""
        inside = range(wanted.start, min(wanted.stop, self.body.total))
        if len(inside) > MOST_EDITS:
            self._say(f"At most {MOST_EDITS:,} rows at once; an import changes more.")
            return []
        rows = [self.body.row_at(index) for index in inside]
        if not all(rows):
            self._say("Some of these rows are still on their way: press the key again in a moment.")
            return []
        return [row for row in rows if row]

    def _say(self, words: str) -> None:
        self.query_one("#grid-state", Static).update(plain_line(words), layout=False)

    @on(GridBody.Failed)
    def _say_trouble(self, event: GridBody.Failed) -> None:
        event.stop()
        self._say(event.says)

    def _edit(self, edits: tuple[CellEdit, ...], how: Literal["typed", "filled", "pasted"]) -> None:
        if edits:
            self.post_message(self.Edited(edits, how))

    # the line to type in

    def _open_line(self, purpose: Literal["filter", "cell"], text: str) -> None:
        self._line_is_for = purpose
        hint = "hama country:syria fatalities>=3 -protest" if purpose == "filter" else ""
        self.query_one(TypingLine).open(text, hint)

    @on(Input.Submitted)
    def _take_line(self, event: Input.Submitted) -> None:
        event.stop()
        row = self.current
        if self._line_is_for == "filter" and not self._set_filter(event.value):
            return
        if self._line_is_for == "cell" and row:
            column = self.body.columns[self.body.column].name
            self._edit((CellEdit(row.key, column, event.value),), "typed")
        self._close_line()

    @on(TypingLine.Left)
    def _close_line(self) -> None:
        self.query_one(TypingLine).close()
        self.body.focus()

    def _set_filter(self, typed: str) -> bool:
        try:
            where: tuple[Condition, ...] = read_filter(typed, self.body.columns)
        except UnusableInput as error:
            self._say(str(error))
            return False
        self._filter = typed
        self.body.ask(self.body.source, self.body.order, where)
        return True
