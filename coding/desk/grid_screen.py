"""The one place where a project's events are seen and mended as a grid: the article's, the day's, all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static

from coding.desk.event_grid import EventGrid
from coding.desk.event_rows import Connection, EventRows, columns_of
from coding.desk.grid_rows import Condition, GridColumn, Narrowed, Order
from coding.desk.keys_line import KeysLine
from coding.desk.plain import plain_line
from schema.errors import EventcoderError

if TYPE_CHECKING:
    from coding.bulk_edit import BulkEdit, CellEdit
    from data.project import Project

OF_THE_HOUSE = (
    GridColumn("status", "Status", 10, can_edit=False),
    GridColumn("coder", "Coder", 10, can_edit=False),
    GridColumn("saved_at", "Saved", 19, can_edit=False),
    GridColumn("article_id", "Article", 7, is_number=True, can_edit=False),
)
"""What stands beside the columns of the codebook; a filter can name them."""


class GridScreen(ModalScreen[int | None]):
    """The grid; gives back the event that was opened, or None.

    Args:
        project: The project.
        coder: Whose day is shown.
        article_id: The article that is open, if one is.
        apply: Changes the cells, one revision an event, and says what was refused.
    """

    DEFAULT_CSS = """
    GridScreen {
        & > #grid-title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        & > EventGrid { height: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t,tab", "scope(1)", "Article/day/all", id="grid.scope"),
        Binding("q,escape", "leave", "Close", id="grid.close"),
    ]

    def __init__(
        self,
        project: Project,
        coder: str,
        article_id: int | None,
        apply: Callable[[Sequence[CellEdit]], Awaitable[BulkEdit]],
    ) -> None:
        super().__init__()
        self._project = project
        self._apply = apply
        self._rows = EventRows(self._connect, (*columns_of(project.codebook()), *OF_THE_HOUSE))
        today = dt.datetime.now(dt.UTC).date().isoformat()
        mine = (Condition("saved_at", ":", today), Condition("coder", "=", coder))
        self._scopes: list[tuple[str, tuple[Condition, ...]]] = [
            ("My events of today", mine),
            ("All events", ()),
        ]
        if article_id is not None:
            here = Condition("article_id", "=", str(article_id))
            self._scopes.insert(0, ("Events of this article", (here,)))
        self._scope = 0

    def _connect(self) -> Connection:
        from data.views import connect

        connection: Connection = connect(self._project)
        return connection

    def compose(self) -> ComposeResult:
        """Which events, the events, the keys."""
        yield Static(id="grid-title")
        yield EventGrid()
        yield KeysLine()

    def on_mount(self) -> None:
        """Begin with the article's events."""
        self._show()

    def on_unmount(self) -> None:
        """Let the project's files go."""
        self._rows.close()

    @property
    def grid(self) -> EventGrid:
        """The grid."""
        return self.query_one(EventGrid)

    def _show(self) -> None:
        _, always = self._scopes[self._scope]
        self.grid.show(Narrowed(self._rows, always), Order("event_date", descending=True))
        self.grid.focus()
        self._say("")

    def _say(self, news: str) -> None:
        title, _ = self._scopes[self._scope]
        self.query_one("#grid-title", Static).update(
            plain_line(f"{title}{' · ' if news else ''}{news}"), layout=False
        )

    def action_scope(self, step: int) -> None:
        """The article's events, the day's, all."""
        self._scope = (self._scope + step) % len(self._scopes)
        self._show()

    def action_leave(self) -> None:
        """Close without opening an event."""
        self.dismiss(None)

    @on(EventGrid.Opened)
    def _open(self, event: EventGrid.Opened) -> None:
        self.dismiss(event.key)

    @on(EventGrid.Edited)
    def _change(self, event: EventGrid.Edited) -> None:
        self._say("saving …")
        self._change_cells(event.edits)

    @work(group="edits")
    async def _change_cells(self, edits: Sequence[CellEdit]) -> None:
        try:
            outcome = await self._apply(edits)
        except EventcoderError as error:
            self._say(str(error))
            return
        self._say(outcome.said())
        self.grid.settle(outcome.refused)
