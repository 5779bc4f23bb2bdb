"""The one place where the articles of a project are seen as a queue: filtered, counted, one chosen to work on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from coding.desk.grid_body import GridBody, GridHead
from coding.desk.grid_rows import Condition, GridColumn, ListRows, Value, read_filter
from coding.desk.keys_line import KeysLine
from coding.desk.plain import plain_line
from coding.desk.typing_line import TypingLine
from schema.errors import EventcoderError, UnusableInput

if TYPE_CHECKING:
    from data.records import ArticleSummary

FIXED = (
    GridColumn("published", "Published", 10),
    GridColumn("status", "Status", 12),
    GridColumn("events", "Events", 6, is_number=True),
    GridColumn("source", "Source", 18),
)
COLUMNS = (*FIXED, GridColumn("title", "Title"))
NARROWEST_TITLE = 20
STATUSES = {
    "new": "new",
    "claimed": "in work",
    "help_needed": "help needed",
    "coded": "coded",
    "no_event": "no event",
    "out_of_scope": "out of scope",
}
"""What the ledger calls how far an article is, and what coders read."""
IN_WORK = STATUSES["claimed"]


class QueueScreen(ModalScreen[int | None]):
    """The articles; gives back the one that was chosen, or None.

    Args:
        load: Reads the articles of the project; runs in a thread.
        current: The article that is open now.
        status: With which status of articles to begin; empty for all.
    """

    DEFAULT_CSS = """
    QueueScreen {
        & > Static { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
        & > #queue-title { text-style: bold; }
        & > #queue-state { color: $text-muted; }
        & > TypingLine { dock: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="queue.open"),
        Binding("slash", "filter", "Filter", id="queue.filter"),
        Binding("t,tab", "status(1)", "Status", id="queue.status"),
        Binding("T,shift+tab", "status(-1)", "Status before", show=False, id="queue.status_before"),
        Binding("a", "all", "All", id="queue.all"),
        Binding("s", "sort", "Sort", id="queue.sort"),
        Binding("escape,q", "leave", "Close", id="queue.close"),
    ]

    class Loaded(Message):
        """The articles were read."""

        def __init__(self, articles: Sequence[ArticleSummary], source: ListRows, trouble: str) -> None:
            super().__init__()
            self.articles = articles
            self.source = source
            self.trouble = trouble

    def __init__(
        self, load: Callable[[], Sequence[ArticleSummary]], current: int | None = None, status: str = ""
    ) -> None:
        super().__init__()
        self._load = load
        self._current = current
        self._status = status
        self._filter = ""
        self._counts: Counter[str] = Counter()
        self._at_it: dict[int, str] = {}
        self._source = ListRows(COLUMNS, ())
        self._body = GridBody()

    def compose(self) -> ComposeResult:
        """Counts, articles, what is shown of them, keys."""
        yield Static(plain_line("Reading the articles …"), id="queue-title")
        yield GridHead(self._body)
        yield self._body
        yield Static(id="queue-state")
        yield TypingLine(compact=True)
        yield KeysLine()

    def on_mount(self) -> None:
        """Show the screen, then read."""
        self._body.focus()
        self._read()

    @work(thread=True, exclusive=True, group="queue")
    def _read(self) -> None:
        try:
            articles = self._load()
            source = ListRows(COLUMNS, [(article.article_id, _row_of(article)) for article in articles])
            _ = source.folded  # here, so that no filter makes the screen wait for it
            loaded = self.Loaded(articles, source, "")
        except EventcoderError as error:
            loaded = self.Loaded((), ListRows(COLUMNS, ()), str(error))
        self.post_message(loaded)

    @on(Loaded)
    def _show(self, event: Loaded) -> None:
        self._counts = Counter(STATUSES.get(article.status, article.status) for article in event.articles)
        self._at_it = {
            article.article_id: article.coder or "somebody"
            for article in event.articles
            if article.status == "claimed"
        }
        self._source = event.source
        self.on_resize()
        if self._status and not self._counts[self._status]:
            self._status = ""
        self._ask()
        counts = " · ".join(
            f"{self._counts[status]:,} {status}" for status in STATUSES.values() if self._counts[status]
        )
        self.query_one("#queue-title", Static).update(
            plain_line(event.trouble or f"Articles: {counts or 'none yet'}")
        )

    def on_resize(self) -> None:
        """Give the title what the other columns leave."""
        left = self.size.width - sum(column.width + 1 for column in FIXED) - 2
        self._source.columns = (*FIXED, GridColumn("title", "Title", max(left, NARROWEST_TITLE)))
        self._body.show_columns(self._source.columns)

    def _conditions(self) -> tuple[Condition, ...]:
        by_status = (Condition("status", "=", self._status),) if self._status else ()
        return (*by_status, *read_filter(self._filter, COLUMNS))

    def _ask(self) -> None:
        self._body.ask(self._source, self._body.order, self._conditions())
        keys = [row.key for row in self._source.page(0, 1_000_000, self._body.order, self._body.where)]
        if self._current in keys:
            self._body.total = len(keys)
            self._body.go(keys.index(self._current), 4)

    @on(GridBody.Moved)
    def _say_where(self) -> None:
        self.query_one(GridHead).refresh()
        body = self._body
        shown = [
            f"{body.row + 1:,} of {body.total:,}" if body.total else "no article",
            f"status: {self._status}" if self._status else "every status",
            self._said_of_work(),
            f"filter: {self._filter}" if self._filter else "",
        ]
        self.query_one("#queue-state", Static).update(
            plain_line(" · ".join(filter(None, shown))), layout=False
        )

    def _said_of_work(self) -> str:
        """Whose desk has the article under the cursor open."""
        row = self._body.row_at(self._body.row) if self._body.total else None
        coder = self._at_it.get(row.key) if row else None
        return f"in work: {coder} has it open, nothing of it is saved yet" if coder else ""

    def action_open(self) -> None:
        """Work on the article under the cursor."""
        row = self._body.row_at(self._body.row) if self._body.total else None
        if row:
            self.dismiss(row.key)

    def action_leave(self) -> None:
        """Close without choosing; first give a filter up."""
        if self._filter:
            self._filter = ""
            self._ask()
        else:
            self.dismiss(None)

    def action_status(self, step: int) -> None:
        """Only articles of the next status that has any."""
        present = ["", *(status for status in STATUSES.values() if self._counts[status])]
        here = present.index(self._status) if self._status in present else 0
        self._status = present[(here + step) % len(present)]
        self._ask()

    def action_all(self) -> None:
        """Every article."""
        self._status = self._filter = ""
        self._ask()

    def action_sort(self) -> None:
        """Sort by the column under the cursor: up, then down, then not at all."""
        self._body.sort_by_cursor()
        self.query_one(GridHead).refresh()

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one(TypingLine).open(self._filter, "hama source:reuters published>=2024-12-01 -sport")

    @on(Input.Submitted)
    def _take_filter(self, event: Input.Submitted) -> None:
        before, self._filter = self._filter, event.value
        try:
            self._ask()
        except UnusableInput as error:
            self._filter = before
            self.query_one("#queue-state", Static).update(plain_line(error), layout=False)
            return
        self._close_line()

    @on(TypingLine.Left)
    def _close_line(self) -> None:
        self.query_one(TypingLine).close()
        self._body.focus()


def _row_of(article: ArticleSummary) -> dict[str, Value]:
    return {
        "published": article.published,
        "status": STATUSES.get(article.status, article.status),
        "events": article.events,
        "source": article.source,
        "title": article.title,
    }
