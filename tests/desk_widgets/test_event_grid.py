"""The grid of events: pages from a source, sorting, filtering, filling down, pasting; it changes nothing itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import duckdb
import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from coding.bulk_edit import CellEdit
from coding.desk.event_grid import EventGrid
from coding.desk.event_rows import EventRows
from coding.desk.grid_body import KEPT, PAGE, GridBody
from coding.desk.grid_rows import (
    Condition,
    GridColumn,
    GridRow,
    ListRows,
    Order,
    RowSource,
    Value,
    read_filter,
)
from schema.errors import UnusableInput
from tests.desk_widgets.screens import standing_on

COLUMNS = (
    GridColumn("event_date", "Date", 10),
    GridColumn("actor1", "Actor 1", 20),
    GridColumn("location", "Location", 12),
    GridColumn("fatalities", "Deaths", 6, is_number=True),
    GridColumn("region", "Region", 10, can_edit=False),
)
ROWS: list[tuple[int, dict[str, Value]]] = [
    (
        11,
        {
            "event_date": dt.date(2024, 12, 5),
            "actor1": "Army",
            "location": "Hama",
            "fatalities": 12,
            "region": "ME",
        },
    ),
    (
        12,
        {
            "event_date": dt.date(2024, 12, 6),
            "actor1": "Rebels",
            "location": "Homs",
            "fatalities": 0,
            "region": "ME",
        },
    ),
    (
        13,
        {
            "event_date": dt.date(2024, 12, 4),
            "actor1": "Émeutiers [b]",
            "location": "Hama",
            "fatalities": None,
        },
    ),
    (14, {"event_date": None, "actor1": None, "location": "Idlib", "fatalities": 3, "region": "ME"}),
]


class GridApp(App[None]):
    def __init__(self, source: RowSource) -> None:
        super().__init__()
        self.source = source
        self.heard: list[EventGrid.Opened | EventGrid.Edited] = []

    def compose(self) -> ComposeResult:
        yield EventGrid()

    def on_mount(self) -> None:
        self.grid.show(self.source)
        self.grid.focus()

    @property
    def grid(self) -> EventGrid:
        return self.query_one(EventGrid)

    def on_event_grid_opened(self, message: EventGrid.Opened) -> None:
        self.heard.append(message)

    def on_event_grid_edited(self, message: EventGrid.Edited) -> None:
        self.heard.append(message)


async def settled(pilot: Pilot[None], app: GridApp) -> None:
    await app.workers.wait_for_complete()
    await pilot.pause()


def keys_shown(body: GridBody) -> list[int]:
    rows = (body.row_at(index) for index in range(body.total))
    return [row.key for row in rows if row]


async def keys_after(source: RowSource, *keys: str) -> list[int]:
    app = GridApp(source)
    async with app.run_test() as pilot:
        await settled(pilot, app)
        await pilot.press(*keys)
        await settled(pilot, app)
        return keys_shown(app.grid.body)


class DuckConnection:
    """A DuckDB with a table of events, as `data.connect` would give it."""

    def __init__(self, rows: int) -> None:
        self._connection = duckdb.connect()
        self._connection.execute(
            "CREATE TABLE events AS SELECT i AS event_key, DATE '2024-01-01' + (i % 300)::INT AS event_date, "
            "'Actor ' || i AS actor1, 'Pláce ' || (i % 7) AS location, (i * 7) % 11 AS fatalities, 'ME' AS region "
            f"FROM range({rows}) t(i)"
        )

    def execute(self, query: str, values: Sequence[object]) -> duckdb.DuckDBPyConnection:
        return self._connection.execute(query, values)

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def many() -> Iterator[EventRows]:
    source = EventRows(lambda: DuckConnection(5_000), COLUMNS)
    yield source
    source.close()


@pytest.fixture
def few() -> ListRows:
    return ListRows(COLUMNS, ROWS)


async def test_a_key_sorts_up_then_down_then_not_at_all(few: ListRows) -> None:
    assert await keys_after(few) == [11, 12, 13, 14]
    assert await keys_after(few, "s") == [13, 11, 12, 14]
    assert await keys_after(few, "s", "s") == [12, 11, 13, 14]
    assert await keys_after(few, "s", "s", "s") == [11, 12, 13, 14]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("hama", [11, 13]),
        ("emeut", [13]),
        ("-hama", [12, 14]),
        ("location:ho", [12]),
        ("location=Hama fatalities>3", [11]),
        ("fatalities>=3", [11, 14]),
        ("fatalities!=0 location!=idlib", [11, 13]),
        ("event_date>=2024-12-05", [11, 12]),
        ('"army"', [11]),
        ("[b]", [13]),
    ],
)
async def test_a_filter_keeps_the_rows_it_describes(few: ListRows, typed: str, keys: list[int]) -> None:
    where = read_filter(typed, COLUMNS)
    assert [row.key for row in few.page(0, 10, None, where)] == keys
    assert few.count(where) == len(keys)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "place",
        "location:3",
        "-3",
        "fatalities>=10",
        "fatalities<3 location=place\xa02",
        "event_date<2024-01-03",
    ],
)
@pytest.mark.parametrize("order", [None, Order("fatalities"), Order("location", descending=True)])
def test_the_dataset_and_a_list_answer_alike(many: EventRows, typed: str, order: Order | None) -> None:
    everything = many.page(0, 10_000, None, ())
    rows = [(r.key, dict(zip([c.name for c in COLUMNS], r.values, strict=True))) for r in everything]
    like = ListRows(COLUMNS, rows)
    where = read_filter(typed.replace("\xa0", " "), COLUMNS)

    assert many.count(where) == like.count(where)
    assert many.page(0, 50, order, where) == like.page(0, 50, order, where)
    assert many.page(100, 50, order, where) == like.page(100, 50, order, where)


def test_an_unknown_column_in_a_filter_is_named() -> None:
    with pytest.raises(UnusableInput, match="no column 'town'"):
        read_filter("town:hama", COLUMNS)


async def test_a_typed_filter_is_shown_and_escape_ends_it(few: ListRows) -> None:
    assert await keys_after(few, "slash", *"hama", "enter") == [11, 13]
    assert await keys_after(few, "slash", *"hama", "enter", "escape") == [11, 12, 13, 14]
    assert await keys_after(few, "right", "right", "equals_sign") == [11, 13]
    assert await keys_after(few, "slash", *"hama", "escape") == [11, 12, 13, 14]


async def test_enter_opens_the_event_under_the_cursor(few: ListRows) -> None:
    app = GridApp(few)
    async with app.run_test() as pilot:
        await settled(pilot, app)
        await pilot.press("down", "enter")
        assert app.heard == [EventGrid.Opened(12)]


async def test_filling_down_asks_for_the_value_of_the_first_chosen_row(few: ListRows) -> None:
    app = GridApp(few)
    async with app.run_test() as pilot:
        await settled(pilot, app)
        await pilot.press("right", "right", "shift+down", "shift+down", "ctrl+d")
        edits = (CellEdit(12, "location", "Hama"), CellEdit(13, "location", "Hama"))
        assert app.heard == [EventGrid.Edited(edits, "filled")]


async def test_pasted_cells_go_right_and_down_and_never_into_derived_columns(few: ListRows) -> None:
    app = GridApp(few)
    async with app.run_test() as pilot:
        await settled(pilot, app)
        await pilot.press("right", "right", "right")
        app.grid.body.post_message(events.Paste("4\tnowhere\r\n5\tnowhere\r\n"))
        await pilot.pause()
        edits = (CellEdit(11, "fatalities", "4"), CellEdit(12, "fatalities", "5"))
        assert app.heard == [EventGrid.Edited(edits, "pasted")]


async def test_one_pasted_cell_fills_every_chosen_row(few: ListRows) -> None:
    app = GridApp(few)
    async with app.run_test() as pilot:
        await settled(pilot, app)
        await pilot.press("right", "shift+down")
        app.grid.body.post_message(events.Paste("Police"))
        await pilot.pause()
        edits = (CellEdit(11, "actor1", "Police"), CellEdit(12, "actor1", "Police"))
        assert app.heard == [EventGrid.Edited(edits, "pasted")]


async def test_a_typed_cell_goes_out_as_an_edit_and_a_refusal_is_told(few: ListRows) -> None:
    app = GridApp(few)
    async with app.run_test() as pilot:
        await settled(pilot, app)
        await pilot.press("end", "left", "e", "backspace", "backspace", "x", "enter")
        assert app.heard == [EventGrid.Edited((CellEdit(11, "fatalities", "x"),), "typed")]
        app.grid.settle({(11, "fatalities"): "'x' is not a number"})
        await settled(pilot, app)
        assert "'x' is not a number" in str(app.grid.query_one("#grid-state").render())


async def test_derived_cells_cannot_be_typed_into(few: ListRows) -> None:
    app = GridApp(few)
    async with app.run_test() as pilot:
        await settled(pilot, app)
        await pilot.press("end", "e", *"zz", "enter")
        assert app.heard == [EventGrid.Opened(11)]


async def test_paging_through_many_rows_keeps_few_pages(many: EventRows) -> None:
    app = GridApp(many)
    async with app.run_test() as pilot:
        await settled(pilot, app)
        body = app.grid.body
        assert body.total == 5_000
        await pilot.press("G")
        await settled(pilot, app)
        last = body.row_at(4_999)
        assert last is not None
        assert last.key == 4_999
        for row in range(0, 5_000, PAGE):
            body.go(row, 0)
            await settled(pilot, app)
        assert len(body._pages) <= KEPT


async def test_hostile_cells_are_painted_as_marks(few: ListRows) -> None:
    hostile = ListRows(
        COLUMNS, [(1, {"actor1": "a\x1b]52;c;AAAA\x1b\\\x9b2J\u202e[@click=app.quit]x[/]\nb"})]
    )
    app = GridApp(hostile)
    async with app.run_test(size=(100, 20)) as pilot:
        await settled(pilot, app)
        painted = "".join(app.grid.body.render_line(y).text for y in range(3))
        assert "\ufffd]52" in painted
        assert not any(
            ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 or letter == "\u202e" for letter in painted
        )


def test_conditions_name_only_columns_of_the_grid() -> None:
    assert read_filter('actor1:"two words" x', COLUMNS) == (
        Condition("actor1", ":", "two words"),
        Condition(None, ":", "x"),
    )


class BrokenRows(ListRows):
    def page(self, *_: object) -> list[GridRow]:
        raise OSError("the disk is gone [/]")


async def test_a_source_that_fails_is_told_and_the_desk_goes_on() -> None:
    app = GridApp(BrokenRows(COLUMNS, ROWS))
    async with app.run_test(size=(100, 20)) as pilot:
        await settled(pilot, app)
        assert "The rows cannot be read: the disk is gone [/]" in standing_on(app)
        await pilot.press("down", "enter", "G")


async def test_more_rows_than_a_person_mends_are_not_filled(many: EventRows) -> None:
    app = GridApp(many)
    async with app.run_test(size=(100, 20)) as pilot:
        await settled(pilot, app)
        app.grid.body.go(3_000, 1, choose=True)
        await settled(pilot, app)
        await pilot.press("ctrl+d")
        assert app.heard == []
        assert "At most 2,000 rows" in standing_on(app)


def test_a_closed_source_has_no_rows(many: EventRows) -> None:
    assert many.count(()) == 5_000
    many.close()
    assert many.count(()) == 0
    assert many.page(0, 10, None, ()) == []
