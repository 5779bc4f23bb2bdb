"""The one place where a coder asks the project with SQL on the screen: type, run, look, keep, hand over.

The query runs in a process of its own (`data.console`); this screen only waits for it, and ends it when asked to.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from coding.desk.answer_drawing import coloured, drawings
from coding.desk.answer_rows import AnswerRows
from coding.desk.dialogs import ChoiceDialog, WhyDialog
from coding.desk.event_grid import EventGrid
from coding.desk.keys_line import KeysLine
from coding.desk.plain import plain, plain_line
from coding.desk.sql_editor import SqlEditor
from data.console.completion import CATALOG_SQL, Known
from data.console.limits import Limits
from data.console.saved import History, SavedQuery, parameters_of, save_query, saved_queries, value_of
from data.records import FIRST_IMPORTED_KEY
from schema.errors import EventcoderError, QueryError

if TYPE_CHECKING:
    from data.console.run import Answer, Query
    from data.project import Project

FIRST_QUERY = """SELECT country, date_trunc('month', event_date)::DATE AS month, count(*) AS events
FROM events GROUP BY ALL ORDER BY ALL"""
MOST_ROWS = 1_000_000
SECONDS = 120.0
_CHOICES = 9


class SqlScreen(ModalScreen[list[int] | None]):
    """Ask with SQL; gives back a worklist of events to open one after the other, or None.

    Args:
        project: The project that is asked.
        coder: Whose history of questions is offered.
    """

    DEFAULT_CSS = """
    SqlScreen {
        & > .head { height: 1; padding: 0 1; background: $panel; text-style: bold; }
        & > #sql-words { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & > #sql-state { height: auto; max-height: 3; padding: 0 1; background: $panel; }
        & > EventGrid { height: 1fr; }
        & > #sql-picture { height: 1fr; padding: 0 1; display: none; }
        & #sql-chart { width: auto; height: auto; }
        &.-chart > #sql-picture { display: block; }
        &.-chart > EventGrid { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,ctrl+r", "run", "Run", tooltip="Run the query", id="sql.run", priority=True),
        Binding(
            "f6",
            "switch",
            "Go over",
            tooltip="Go between the query and its answer",
            id="sql.switch",
            priority=True,
        ),
        Binding(
            "f4",
            "chart",
            "Draw",
            tooltip="Draw the answer: map, chart, each series; then its rows again",
            id="sql.chart",
            priority=True,
        ),
        Binding(
            "f7",
            "open_events",
            "Events",
            tooltip="Open the events of the answer one after the other",
            id="sql.worklist",
            priority=True,
        ),
        Binding("f8", "write", "Write", tooltip="Write the answer to a file", id="sql.write", priority=True),
        Binding(
            "f9", "explain", "Plan", tooltip="Show how DuckDB would answer", id="sql.explain", priority=True
        ),
        Binding("f2", "keep", "Keep", tooltip="Keep the query under a name", id="sql.keep", priority=True),
        Binding("f3", "kept", "Kept", tooltip="Choose a kept query", id="sql.kept", priority=True),
        Binding(
            "ctrl+o",
            "history",
            "Past",
            tooltip="Choose a query typed before",
            id="sql.history",
            priority=True,
        ),
        Binding(
            "escape",
            "back",
            "Stop",
            tooltip="Stop the query that runs, or close",
            id="sql.back",
            priority=True,
        ),
    ]

    def __init__(self, project: Project, coder: str) -> None:
        super().__init__()
        self._project = project
        self._history = History(project, coder)
        self._query: Query | None = None
        self._answer: Answer | None = None
        self._drawn = -1
        """Which of the answer's drawings is shown; -1 for its rows."""

    def compose(self) -> ComposeResult:
        """The query, the words that fit, what became of it, the answer."""
        yield Static(plain("Ask with SQL"), classes="head")
        yield SqlEditor((self._history.entries() or [FIRST_QUERY])[-1])
        yield Static(id="sql-words")
        yield Static(id="sql-state")
        yield EventGrid()
        with VerticalScroll(id="sql-picture"):
            yield Static(id="sql-chart")
        yield KeysLine()

    def on_mount(self) -> None:
        """Begin with the query; the project's words come when they are known."""
        self.query_one(SqlEditor).focus()
        self.query_one(
            SqlEditor
        ).select_all()  # typing begins another question, an arrow key goes on with this one
        self._tell("F5 runs the query; it can only read. Tab takes the first word that is proposed.")
        self.run_worker(self._learn_words(), exclusive=False, group="words")

    def on_unmount(self) -> None:
        """End a query that still runs."""
        if self._query is not None:
            self._query.cancel()

    async def _learn_words(self) -> None:
        from data.console import run_sql

        try:
            catalog = await asyncio.to_thread(run_sql, self._project, CATALOG_SQL)
        except EventcoderError:
            return
        self.query_one(SqlEditor).known = Known.of(catalog, self._project.codebook())

    @on(SqlEditor.Proposed)
    def _proposed(self, event: SqlEditor.Proposed) -> None:
        words = "   ".join(
            f"{n} {one.text.rstrip(chr(39))}" for n, one in enumerate(event.found[:_CHOICES], 1)
        )
        self.query_one("#sql-words", Static).update(plain_line(words))

    def _tell(self, sentence: str, *, wrong: bool = False) -> None:
        self.query_one("#sql-state", Static).update(plain(sentence, "bold" if wrong else ""))

    # running

    def action_run(self) -> None:
        """Run what is typed, the keys that are still on their way to the editor included."""
        editor = self.query_one(SqlEditor)
        editor.call_later(lambda: self._start(editor.text))

    def action_explain(self) -> None:
        """Show how DuckDB would answer, without answering."""
        editor = self.query_one(SqlEditor)
        editor.call_later(lambda: self._start(f"EXPLAIN {editor.text}", keep=False))

    def _start(self, sql: str, *, keep: bool = True) -> None:
        if self._query is not None:
            self._tell("A query is running; Esc stops it.", wrong=True)
            return
        self.run_worker(self._run(sql, keep=keep), exclusive=True, group="query")

    async def _run(self, sql: str, *, keep: bool) -> None:
        values = await self._values(sql)
        if values is None:
            return
        if keep:
            self._history.add(sql)
        self._tell("Running; Esc stops it.")
        try:
            self._answer = await self._ask(sql, values)
        except QueryError as error:
            self._tell(str(error), wrong=True)
            return
        self._show(self._answer)

    async def _ask(self, sql: str, values: dict[str, Any]) -> Answer:
        from data.console.run import Query

        self._query = Query()
        try:
            limits = Limits(rows=MOST_ROWS, seconds=SECONDS)
            return await asyncio.to_thread(self._query.ask, self._project, sql, limits, parameters=values)
        finally:
            self._query.close()
            self._query = None

    async def _values(self, sql: str) -> dict[str, Any] | None:
        """A value for each parameter, asked one by one; None when the person turned back."""
        values: dict[str, Any] = {}
        for name in parameters_of(sql):
            typed = await self.app.push_screen_wait(
                WhyDialog(f"Value of ${name}", "a number, a day such as 2024-12-31, or a text")
            )
            if typed is None:
                self._tell("Not run: a parameter has no value.")
                return None
            values[name] = value_of(typed)
        return values

    def _show(self, answer: Answer) -> None:
        self._drawn = -1
        if answer.table.column_names == ["explain_key", "explain_value"]:
            self._tell(f"How DuckDB would answer, in {answer.seconds:.1f} s; F6 goes over to the plan.")
            self._answer = None
            self._picture(plain("\n".join(map(str, answer.table.column("explain_value").to_pylist()))))
            return
        cut = f", the first {MOST_ROWS:,} of more" if answer.truncated else ""
        self._tell(f"{_rows(answer.table.num_rows)}{cut} in {answer.seconds:.1f} s.")
        self.remove_class("-chart")
        self.query_one(EventGrid).show(AnswerRows(answer.table))

    # looking

    def action_switch(self) -> None:
        """Go between the query and its answer."""
        editor = self.query_one(SqlEditor)
        if not editor.has_focus:
            editor.focus()
        elif self.has_class("-chart"):
            self.query_one("#sql-picture").focus()
        else:
            self.query_one(EventGrid).focus()

    def action_chart(self) -> None:
        """Draw the answer; again for its next drawing, and after the last one for its rows."""
        if self._answer is None:
            self._tell("Run a query first; the drawing is of its answer.", wrong=True)
            return
        try:
            found = drawings(self._answer.table, f"Source: {self._project.name}")
        except QueryError as error:
            self._tell(str(error), wrong=True)
            return
        self._drawn += 1
        if self._drawn == len(found):
            self._drawn = -1
            self.remove_class("-chart")
            return
        space = self.query_one("#sql-picture" if self.has_class("-chart") else EventGrid).size
        self._picture(coloured(found[self._drawn](max(space.width - 3, 20), max(space.height, 8))))

    def _picture(self, content: Content) -> None:
        self.query_one("#sql-chart", Static).update(content)
        self.query_one("#sql-picture").scroll_home(animate=False)
        self.add_class("-chart")

    @on(EventGrid.Opened)
    def _opened(self, event: EventGrid.Opened) -> None:
        event.stop()
        if self._answer is not None and "event_key" in self._answer.table.column_names:
            self._leave_with([event.key])

    def action_open_events(self) -> None:
        """Leave with the events of the answer, to be opened one after the other."""
        if self._answer is None or "event_key" not in self._answer.table.column_names:
            self._tell("Only an answer with the column event_key has events to open.", wrong=True)
            return
        keys = self._answer.table.column("event_key").to_pylist()
        self._leave_with(list(dict.fromkeys(key for key in keys if key is not None)))

    def _leave_with(self, keys: list[int]) -> None:
        """Give the events back that have an article to open, and say how many have none."""
        coded = [key for key in keys if key < FIRST_IMPORTED_KEY]
        imported = len(keys) - len(coded)
        if not coded:
            told = "No event of this answer can be opened: imported events have no article."
            self._tell(told if imported else "The answer holds no event to open.", wrong=True)
            return
        if imported:
            self.app.notify(
                f"{imported:,} imported events of the answer are passed over: no article.", markup=False
            )
        self.dismiss(coded)

    # keeping

    def action_write(self) -> None:
        """Write the answer to a file."""
        self.run_worker(self._write(), exclusive=True, group="dialog")

    async def _write(self) -> None:
        if self._answer is None:
            self._tell("Run a query first; then its answer can be written.", wrong=True)
            return
        name = await self.app.push_screen_wait(
            WhyDialog("Write the answer to which file? (.csv, .json or .parquet)")
        )
        if name is not None:
            try:
                path, note = await asyncio.to_thread(_written, self._answer, name)
            except EventcoderError as error:
                self._tell(str(error), wrong=True)
                return
            self._tell(f"{_rows(self._answer.table.num_rows)} written to {path}. {note}".strip())

    def action_keep(self) -> None:
        """Keep the query under a name."""
        self.run_worker(self._keep(), exclusive=True, group="dialog")

    async def _keep(self) -> None:
        name = await self.app.push_screen_wait(WhyDialog("Keep this query under which name?"))
        if name is None:
            return
        if any(query.name == name for query in saved_queries(self._project)):
            question = f"There is a kept query '{name}' already."
            answer = await self.app.push_screen_wait(ChoiceDialog(question, ["Replace it", "Leave it"]))
            if answer != 0:
                self._tell(f"'{name}' is left as it was.")
                return
        try:
            path = save_query(self._project, SavedQuery(name, self.query_one(SqlEditor).text))
        except EventcoderError as error:
            self._tell(str(error), wrong=True)
            return
        self._tell(f"Kept in {path}")

    def action_kept(self) -> None:
        """Choose one of the kept queries."""
        kept = saved_queries(self._project)
        told = [f"{query.name}  {query.description or query.sql}" for query in kept]
        self.run_worker(
            self._choose("Kept queries", told, [query.sql for query in kept]), exclusive=True, group="dialog"
        )

    def action_history(self) -> None:
        """Choose one of the questions typed before."""
        typed = self._history.entries()[::-1]
        self.run_worker(self._choose("Typed before", typed, typed), exclusive=True, group="dialog")

    async def _choose(self, question: str, told: list[str], texts: list[str]) -> None:
        if not texts:
            self._tell("There are none yet.")
            return
        chosen = await self.app.push_screen_wait(ChoiceDialog(question, told))
        if chosen is not None:
            self.query_one(SqlEditor).text = texts[chosen]
            self._tell("F5 runs the query.")

    def action_back(self) -> None:
        """Stop the query that runs, or leave."""
        if self._query is not None:
            self._query.cancel()
        else:
            self.dismiss(None)


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _written(answer: Answer, name: str) -> tuple[Path, str]:
    from data.console.formats import write
    from data.export.formula import note_of
    from data.export.whole_file import whole_file

    path = Path(name).expanduser().absolute()
    kind = {".csv": "csv", ".json": "json", ".parquet": "parquet"}.get(path.suffix.casefold())
    if kind is None:
        raise QueryError("The name must end in .csv, .json or .parquet.")
    with whole_file(path, overwrite=False) as draft, draft.open("wb") as stream:
        neutralised = write(answer.table, kind, stream)
    return path, note_of(neutralised)
