"""Workbooks: typed cells, several sheets, hidden ones, copies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.event_file import read_event_file
from schema.errors import UnusableInput
from tests.data.event_file import vintage_rows as made
from tests.data.event_file.reading import read, typed


def write_xlsx(
    path: Path, rows: list[made.Row], change: Callable[[str, str], Any] = lambda _, text: text
) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([change(name, text) or None for name, text in row.items()])
    book.save(path)
    return path


def test_a_workbook_with_real_dates_and_numbers_is_read(
    tmp_path: Path, canonical: list[dict[str, Any]]
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["Some words about the data"])
    sheet = book.create_sheet("Events")
    sheet.append(["Downloaded on 1 March"])
    sheet.append([name.upper() for name in made.V3_HEADER])
    for row in made.as_v4(made.events()):
        sheet.append([typed(name, text) if text else None for name, text in row.items()])
    book.save(tmp_path / "events.xlsx")

    rows, _, events = read(tmp_path / "events.xlsx")

    assert rows == canonical
    assert "sheet 'Events' was read" in events.notes


def test_sheets_that_go_on_under_the_same_header_are_one_table(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(9))
    book = openpyxl.Workbook()
    book.active.append(["column", "meaning"])
    for title, part in {"2021": rows[:4], "2022": rows[4:7], "2023": rows[7:]}.items():
        sheet = book.create_sheet(title)
        sheet.append([name.upper() if title == "2022" else name for name in rows[0]])
        for row in part:
            sheet.append([text or None for text in row.values()])
    other = book.create_sheet("Old")
    other.append([name for name in rows[0] if name != "tags"])
    other.append([text for name, text in rows[0].items() if name != "tags"])
    book.save(tmp_path / "years.xlsx")

    with read_event_file(tmp_path / "years.xlsx") as events:
        found = events.connection.execute("SELECT event_key, event_id_cnty FROM events ORDER BY 1").fetchall()
        assert found == [(line, row["event_id_cnty"]) for line, row in enumerate(rows, start=2)]
        assert (
            "sheets were read as one table, rows numbered on: '2021' from row 2, '2022' from row 6, '2023' from row 9"
            in events.notes
        )
        assert "'Old' has other columns and was not read: save it as a file of its own" in events.notes


def write_sheets(path: Path, sheets: dict[str, list[made.Row]], **states: str) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append([text or None for text in row.values()])
        sheet.sheet_state = states.get(title, "visible")
    book.save(path)
    return path


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read_and_told(tmp_path: Path, state: str) -> None:
    rows = made.as_v4(made.events(6))
    path = write_sheets(tmp_path / "events.xlsx", {"Old": rows[:2], "Events": rows[2:]}, Old=state)
    found, _, events = read(path)

    assert [row["event_id_cnty"] for row in found] == [row["event_id_cnty"] for row in rows[2:]]
    assert events.notes == (
        "sheet 'Events' was read", "'Old' is hidden and was not read: unhide it if its events count",
    )  # fmt: skip


def test_a_workbook_whose_events_are_hidden_is_refused_with_what_to_do(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(2))
    path = write_sheets(
        tmp_path / "events.xlsx", {"Start": [{"Read me": "Some words"}], "Data": rows}, Data="hidden"
    )
    with pytest.raises(UnusableInput, match="on a hidden sheet only \\('Data'\\): unhide it"):
        read_event_file(path)


@pytest.mark.parametrize("named", [True, False], ids=["with ids", "without ids"])
def test_a_sheet_that_repeats_the_rows_of_another_is_not_read_and_told(tmp_path: Path, named: bool) -> None:
    rows = [row if named else row | {"event_id_cnty": ""} for row in made.as_v4(made.events(9))]
    clean = [dict(row) for row in rows[:6]]
    clean[4]["notes"] += " Corrected."
    path = write_sheets(
        tmp_path / "events.xlsx", {"Clean": clean, "Raw": rows[:6], "Later": rows[6:], "Backup": rows[6:]}
    )
    found, repairs, events = read(path)

    assert [row["notes"] for row in found] == [row["notes"] for row in (*clean, *rows[6:])]
    assert (events.records, repairs) == (9, {})
    one_table, copies = events.notes[:2]
    assert one_table.endswith("rows numbered on: 'Clean' from row 2, 'Later' from row 14")
    assert copies.startswith(
        "'Raw', 'Backup' repeat rows of a sheet before them and were not read: save each"
    )


def test_sheets_that_share_a_few_rows_are_one_table(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(9))
    found, repairs, events = read(
        write_sheets(tmp_path / "events.xlsx", {"2021": rows[:5], "2022": rows[4:]})
    )

    assert [row["event_id_cnty"] for row in found] == [row["event_id_cnty"] for row in rows]
    assert list(repairs.values()) == [1]
    assert "'2022' from row 7" in events.notes[0]
