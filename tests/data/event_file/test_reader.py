"""Whatever program wrote the file, the events in it are read the same, and what was mended is said."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.event_file import EventFile, read_event_file
from schema.errors import UnusableInput
from tests.data.event_file import vintage_rows as made


def rows_of(events: EventFile) -> list[dict[str, Any]]:
    found = events.connection.execute("SELECT * FROM events ORDER BY event_key")
    names = [entry[0] for entry in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def read(path: Path, **options: Any) -> tuple[list[dict[str, Any]], dict[str, int], EventFile]:
    with read_event_file(path, **options) as events:
        rows = [{key: value for key, value in row.items() if key != "event_key"} for row in rows_of(events)]
        return rows, {repair.what: repair.rows for repair in events.repairs}, events


@pytest.fixture(scope="module")
def canonical(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    path = made.write_csv(tmp_path_factory.mktemp("canonical") / "v4.csv", made.as_v4(made.events()))
    rows, repairs, events = read(path)
    assert (repairs, events.vintage.key) == ({}, "V4")
    return rows


def upper_with_spaces(name: str) -> str:
    return name.upper().replace("_", " ")


LAYOUTS = {
    "tabs": {"separator": "\t"},
    "semicolons": {"separator": ";"},
    "bars": {"separator": "|"},
    "CRLF": {"end": "\r\n"},
    "old Mac": {"end": "\r"},
    "capitals": {"header": str.upper},
    "spaces in the header": {"header": upper_with_spaces},
    "dots in the header": {"header": lambda name: name.title().replace("_", ".")},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_the_text_makes_no_difference(
    tmp_path: Path, canonical: list[dict[str, Any]], layout: str
) -> None:
    rows, repairs, _ = read(
        made.write_csv(tmp_path / "events.csv", made.as_v4(made.events()), **LAYOUTS[layout])
    )

    assert rows == canonical
    assert repairs == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_the_encoding_of_the_text_makes_no_difference(tmp_path: Path, encoding: str) -> None:
    events = made.as_v4(made.events())
    events[5]["notes"] = events[5]["notes"] + " Übergriff in São Tomé"
    rows, _, _ = read(made.write_csv(tmp_path / "events.csv", events, encoding=encoding))

    assert rows[5]["notes"].endswith("Übergriff in São Tomé")
    assert len(rows) == 70


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


def typed(name: str, text: str) -> Any:
    if name == "event_date":
        return dt.datetime.fromisoformat(text)
    if name in {"year", "time_precision", "iso", "geo_precision", "fatalities", "timestamp"}:
        return int(text) or 0.0
    return float(text) if name in {"latitude", "longitude"} else text


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


def json_rows(rows: list[made.Row]) -> list[dict[str, Any]]:
    return [
        {name: typed(name, text) if name != "event_date" else text for name, text in row.items()}
        for row in rows
    ]


def _answer(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"status": 200, "count": len(rows), "data": rows, "filename": "page"}


JSONS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "array.json": json.dumps,
    "indented.json": lambda rows: json.dumps(rows, indent=2),
    "lines.jsonl": lambda rows: "\n".join(map(json.dumps, rows)),
    "lines.json": lambda rows: "\n".join(map(json.dumps, rows)) + "\n",
    "answer.json": lambda rows: json.dumps(
        {"status": 200, "success": True, "messages": [], "count": len(rows), "data": rows}
    ),
    "nested.json": lambda rows: json.dumps(
        {"meta": {"n": 2}, "response": {"ok": True, "data": rows}, "next": None}
    ),
    "nested_twice.json": lambda rows: json.dumps(
        {"d": {"query": {"x": 1}, "r": {"Results": rows, "n": 1}, "e": {}}}
    ),
    "nested_pages.jsonl": lambda rows: "\n".join(
        json.dumps({"response": _answer(page), "page": 1}) for page in (rows[:40], rows[40:])
    ),
    "pages.json": lambda rows: json.dumps([_answer(rows[:40]), _answer(rows[40:]), _answer([])]),
    "pages.jsonl": lambda rows: "\n".join(map(json.dumps, (_answer(rows[:40]), _answer(rows[40:])))),
    "pages_run_together.json": lambda rows: json.dumps(_answer(rows[:40])) + json.dumps(_answer(rows[40:])),
    "arcgis.json": lambda rows: json.dumps(
        {"features": [{"attributes": row, "geometry": {"x": 3.5, "y": 6.6}} for row in rows]}
    ),
    "strings.json": lambda rows: json.dumps(
        {"data": [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]}
    ),
}


@pytest.mark.parametrize("name", JSONS)
def test_json_in_every_wrapping_is_read(tmp_path: Path, canonical: list[dict[str, Any]], name: str) -> None:
    (tmp_path / name).write_text(JSONS[name](json_rows(made.as_v4(made.events()))))
    rows, _, _ = read(tmp_path / name)

    assert rows == canonical


@pytest.mark.parametrize(
    "beside",
    [
        {"geo": {"items": [1, 2]}},
        {"items": ["a", "b"], "origin": {"events": []}},
        {"meta": {"source": {"results": []}, "data": [[1]]}},
    ],
    ids=["numbers", "words", "nothing"],
)
@pytest.mark.parametrize("last", [False, True], ids=["before its columns", "behind them"])
def test_a_list_inside_an_event_is_not_the_table(tmp_path: Path, beside: dict[str, Any], last: bool) -> None:
    rows = made.as_v4(made.events(3))
    lines = [{**row, **beside} if last else {**beside, **row} for row in rows]
    (tmp_path / "one.json").write_text(json.dumps(lines[0]))
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "answer.json").write_text(json.dumps({**beside, "result": lines}))

    for name, count in {"one.json": 1, "lines.jsonl": 3, "answer.json": 3}.items():
        found, _, _ = read(tmp_path / name)
        assert [row["event_id_cnty"] for row in found] == [row["event_id_cnty"] for row in rows[:count]]


def test_a_list_of_objects_behind_the_columns_of_an_event_is_not_the_table(tmp_path: Path) -> None:
    rows = [{**row, "sources": {"items": [{"name": "Wire"}]}} for row in made.as_v4(made.events(3))]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, rows)))

    assert len(read(tmp_path / "lines.jsonl")[0]) == 3


def test_the_answer_without_events_is_told_and_may_come_before_others(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(3))
    (tmp_path / "pages.jsonl").write_text("\n".join(map(json.dumps, (_answer([]), _answer(rows)))))
    (tmp_path / "none.json").write_text(json.dumps(_answer([])))

    assert len(read(tmp_path / "pages.jsonl")[0]) == 3
    with pytest.raises(UnusableInput, match="holds no objects"):
        read_event_file(tmp_path / "none.json")


def test_json_holds_what_is_no_character_and_no_number(tmp_path: Path) -> None:
    rows = json_rows(made.as_v4(made.events(3)))
    rows[0]["notes"] = "half a pair: \ud83d, a control: \x00, a mark: \u202e"
    rows[1]["latitude"] = float("nan")
    rows[2]["tags"] = ["crowd size=no report", "local administrators"]
    (tmp_path / "events.json").write_text(json.dumps(rows))
    found, _, _ = read(tmp_path / "events.json")

    assert found[0]["notes"] == "half a pair: ?, a control: \x00, a mark: \u202e"
    assert (found[1]["latitude"], found[2]["tags"]) == (None, "crowd size=no report; local administrators")


def test_geojson_gives_its_points(tmp_path: Path, canonical: list[dict[str, Any]]) -> None:
    features = []
    for row in json_rows(made.as_v4(made.events())):
        point = [row.pop("longitude"), row.pop("latitude")]
        features.append(
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": point}, "properties": row}
        )
    (tmp_path / "events.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "crs": {"a": 1}, "features": features})
    )
    rows, repairs, _ = read(tmp_path / "events.geojson")

    assert rows == canonical
    assert repairs["coordinates taken from the geometry"] == 70


@pytest.mark.parametrize(
    ("told", "read_as"), [({}, "7"), ({"event_id_cnty": "NIG8"}, "NIG8"), ({"event_id_cnty": None}, None)]
)
def test_the_number_of_a_feature_is_the_events_id_only_where_no_column_tells_it(
    tmp_path: Path, told: dict[str, str | None], read_as: str | None
) -> None:
    row = {name: cell for name, cell in made.as_v4(made.events(1))[0].items() if name != "event_id_cnty"}
    features = [{"type": "Feature", "id": 7, "geometry": None, "properties": told | row}]
    (tmp_path / "events.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    rows, _, _ = read(tmp_path / "events.geojson")

    assert [row["event_id_cnty"] for row in rows] == [read_as]


@pytest.mark.parametrize("style", ["text", "typed", "pandas"])
def test_parquet_of_text_and_of_types_is_read(
    tmp_path: Path, canonical: list[dict[str, Any]], style: str
) -> None:
    rows = made.as_v4(made.events())
    columns: dict[str, Any] = {name: pa.array([row[name] or None for row in rows]) for name in rows[0]}
    if style != "text":
        for name in ("year", "time_precision", "iso", "geo_precision", "fatalities", "timestamp"):
            columns[name] = (
                pa.array([float(row[name]) for row in rows])
                if style == "pandas"
                else pa.array([int(row[name]) for row in rows])
            )
        for name in ("latitude", "longitude"):
            columns[name] = pa.array([float(row[name]) for row in rows])
        days = [dt.datetime.fromisoformat(row["event_date"]) for row in rows]
        columns["event_date"] = pa.array(days, pa.timestamp("ns"))
        columns["event_type"] = columns["event_type"].dictionary_encode()
    pq.write_table(pa.table(columns), tmp_path / "events.parquet")
    found, repairs, _ = read(tmp_path / "events.parquet")

    assert found == canonical
    assert repairs == {}


DAYS: dict[str, Callable[[dt.date], str]] = {
    "2022-01-31": lambda day: day.isoformat(),
    "2022-01-31 00:00:00": lambda day: f"{day} 00:00:00",
    "31 January 2022": lambda day: f"{day.day} {day:%B %Y}",
    "31-January-2022": lambda day: f"{day:%d-%B-%Y}",
    "January 31, 2022": lambda day: f"{day:%B} {day.day}, {day.year}",
    "31-Jan-22": lambda day: f"{day.day}-{day:%b-%y}",
    "31/01/2022": lambda day: f"{day:%d/%m/%Y}",
    "1/31/22": lambda day: f"{day.month}/{day.day}/{day:%y}",
    "31-01-22": lambda day: f"{day:%d-%m-%y}",
    "31.01.2022": lambda day: f"{day:%d.%m.%Y}",
    "2022/01/31 00:00:00+00": lambda day: f"{day:%Y/%m/%d} 00:00:00+00",
    "20220131": lambda day: f"{day:%Y%m%d}",
    "44592 (Excel)": lambda day: str((day - dt.date(1899, 12, 30)).days),
    "1643587200000 (pandas)": lambda day: str((day - dt.date(1970, 1, 1)).days * 86_400_000),
}


@pytest.mark.parametrize("form", DAYS)
def test_dates_in_every_form_seen_are_the_same_days(
    tmp_path: Path, canonical: list[dict[str, Any]], form: str
) -> None:
    rows = [
        row | {"event_date": DAYS[form](dt.date.fromisoformat(row["event_date"]))}
        for row in made.as_v4(made.events())
    ]
    found, _, _ = read(made.write_csv(tmp_path / "events.csv", rows))

    assert [row["event_date"] for row in found] == [row["event_date"] for row in canonical]


def test_days_of_one_file_in_two_forms_share_their_order(
    tmp_path: Path, canonical: list[dict[str, Any]]
) -> None:
    rows = made.as_v4(made.events())
    for number, row in enumerate(rows):
        day = dt.date.fromisoformat(row["event_date"])
        row["event_date"] = f"{day:%d/%m/%Y}" if number % 2 else f"{day.day}/{day.month}/{day:%y}"
    found, _, events = read(made.write_csv(tmp_path / "events.csv", rows))

    assert [row["event_date"] for row in found] == [row["event_date"] for row in canonical]
    assert any("day first" in note for note in events.notes)


def test_days_that_fit_two_orders_are_asked_about_and_never_guessed(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(12))
    for number, row in enumerate(rows):
        row["event_date"], row["year"] = f"{number + 1}/2/2022", "2022"
    path = made.write_csv(tmp_path / "events.csv", rows)
    with pytest.raises(UnusableInput, match=r"day first or month first: say --date-format dd/mm/yyyy"):
        read(path)

    assert read(path, date_format="dd/mm/yyyy")[0][6]["event_date"] == dt.date(2022, 2, 7)
    assert read(path, date_format="%m/%d/%Y")[0][6]["event_date"] == dt.date(2022, 7, 2)


def test_the_year_column_tells_which_part_is_the_year(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(3))
    for row, text in zip(rows, ["19-12-11", "19-11-30", "19-10-9"], strict=True):
        row["event_date"], row["year"] = text, "2019"
    found, _, _ = read(made.write_csv(tmp_path / "events.csv", rows))

    assert [str(row["event_date"]) for row in found] == ["2019-12-11", "2019-11-30", "2019-10-09"]


def test_dates_of_two_orders_in_one_file_are_told_apart_for_the_user(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(4))
    for row, text in zip(rows, ["13/1/2022", "1/13/2022", "2/3/2022", "4/5/2022"], strict=True):
        row["event_date"] = text
    with pytest.raises(
        UnusableInput, match=r"more than one order \('1/13/2022' is not day first, '13/1/2022' is not month"
    ):
        read(made.write_csv(tmp_path / "events.csv", rows))


def test_a_row_of_hxl_tags_is_no_event(tmp_path: Path, canonical: list[dict[str, Any]]) -> None:
    rows = made.as_v4(made.events())
    tags = dict.fromkeys(rows[0], "") | {
        "event_date": "#date+occurred",
        "event_type": "#event+type",
        "actor1": "#group+name",
    }
    path = made.write_csv(tmp_path / "events.csv", [tags, *rows])
    found, repairs, events = read(path)

    assert found == canonical
    assert repairs == {"second header row of HXL tags left out": 1}
    assert events.records == 70


def test_a_pandas_round_trip_is_undone(tmp_path: Path, canonical: list[dict[str, Any]]) -> None:
    rows = made.as_v3(made.events())
    for row in rows:
        for name in ("inter1", "inter2", "interaction", "year", "fatalities"):
            row[name] += ".0"
        for name in ("actor2", "assoc_actor_1", "admin3", "tags", "civilian_targeting"):
            row[name] = row[name] or "nan"
    indexed = [{"": str(number)} | row for number, row in enumerate(rows)]
    found, repairs, events = read(made.write_csv(tmp_path / "events.csv", indexed))

    assert found == canonical
    assert (events.vintage.key, events.extra) == ("V3", ("column_1",))
    assert (
        repairs["whole numbers written as decimals (8.0) or with leading zeros read as whole numbers"] == 70
    )
    assert repairs["empty cells written as a word or mark (nan, NULL, -, 0) read as empty"] == 70
    assert repairs["actor type codes written as labels"] == 70


NUMBERS = {
    "marks between thousands": ("fatalities", "1,234", 1234, "marks between thousands (1,234) taken out"),
    "a round thousand": ("fatalities", "1,000", 1000, "marks between thousands (1,234) taken out"),
    "a decimal comma": (
        "fatalities", "3,0", 3,
        "whole numbers written as decimals (8.0) or with leading zeros read as whole numbers",
    ),
    "a narrow column of Excel": (
        "timestamp", "1.68E+09", 1_680_000_000,
        "whole numbers in scientific notation (1.68E+09), which is rounded, written out",
    ),
    "marks of Excel": ("timestamp", "1,675,102,875", 1_675_102_875, "marks between thousands (1,234) taken out"),
    "points between thousands": (
        "timestamp", "1.675.102.875", 1_675_102_875, "marks between thousands (1,234) taken out",
    ),
    "date and time": (
        "timestamp", "2023-01-30 18:21:15", 1_675_102_875,
        "points in time written as date and time, or in milliseconds, read as seconds since 1970",
    ),
    "date and time of a zone": (
        "timestamp", "2023-01-30T20:21:15+02:00", 1_675_102_875,
        "points in time written as date and time, or in milliseconds, read as seconds since 1970",
    ),
    "milliseconds": (
        "timestamp", "1675102875000", 1_675_102_875,
        "points in time written as date and time, or in milliseconds, read as seconds since 1970",
    ),
    "nanoseconds": (
        "timestamp", "1675102875000000000", 1_675_102_875,
        "points in time written as date and time, or in milliseconds, read as seconds since 1970",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", NUMBERS)
def test_numbers_are_read_however_a_spreadsheet_spelled_them(tmp_path: Path, way: str) -> None:
    column, spelled, meant, what = NUMBERS[way]
    rows = made.as_v4(made.events())
    rows[3][column] = spelled
    found, repairs, events = read(made.write_csv(tmp_path / "events.csv", rows))

    assert found[3][column] == meant
    assert repairs == {what: 1}
    assert column not in events.absent


@pytest.mark.parametrize("spelled", ["3.5", "12,34", "1E-2", "2023-01-30", "many", "1,23,456"])
def test_what_is_no_whole_number_is_not_made_one(tmp_path: Path, spelled: str) -> None:
    rows = made.as_v4(made.events())
    rows[3]["fatalities"] = spelled
    found, _, events = read(made.write_csv(tmp_path / "events.csv", rows))

    assert found[3]["fatalities"] is None
    assert "fatalities" in events.unreadable


@pytest.mark.parametrize("mark", ["-", "--", ".", "\\N", "(null)", "n/a"])
def test_a_mark_for_an_empty_cell_is_an_empty_cell(
    tmp_path: Path, canonical: list[dict[str, Any]], mark: str
) -> None:
    rows = [{name: text or mark for name, text in row.items()} for row in made.as_v4(made.events())]
    found, _, _ = read(made.write_csv(tmp_path / "events.csv", rows))

    assert found == canonical


def test_zeros_in_the_place_of_words_are_empty_cells(tmp_path: Path, canonical: list[dict[str, Any]]) -> None:
    rows = [{name: text or 0 for name, text in row.items()} for row in made.as_v3(made.events())]
    (tmp_path / "events.json").write_text(json.dumps(rows))
    found, repairs, _ = read(tmp_path / "events.json")

    assert found == canonical
    assert repairs["empty cells written as a word or mark (nan, NULL, -, 0) read as empty"] == 70


def test_times_of_parquet_are_days_and_seconds_on_every_machine(
    tmp_path: Path, canonical: list[dict[str, Any]]
) -> None:
    rows = made.as_v4(made.events())
    days = [dt.datetime.fromisoformat(row["event_date"]).replace(tzinfo=dt.UTC) for row in rows]
    moments = [dt.datetime.fromtimestamp(int(row["timestamp"]), dt.UTC) for row in rows]
    table = pa.table({name: [row[name] or None for row in rows] for name in rows[0]})
    for name, values in {"event_date": days, "timestamp": moments}.items():
        table = table.set_column(
            table.column_names.index(name), name, pa.array(values, pa.timestamp("us", "UTC"))
        )
    pq.write_table(table, tmp_path / "events.parquet")
    asked = (
        "import sys; from data.event_file import read_event_file\n"
        "with read_event_file(sys.argv[1]) as events:\n"
        "    print(events.connection.execute('SELECT event_date, timestamp FROM events ORDER BY event_key').fetchall())"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked, str(tmp_path / "events.parquet")],
        env=os.environ | {"TZ": "America/Los_Angeles"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.strip() == str([(row["event_date"], row["timestamp"]) for row in canonical])


def test_a_file_without_a_header_is_refused_as_one(tmp_path: Path) -> None:
    text = made.csv_text(made.as_v1(made.events())).partition("\n")[2]
    (tmp_path / "events.csv").write_text(text)

    with pytest.raises(UnusableInput, match="has no header"):
        read(tmp_path / "events.csv")


def test_old_values_become_todays(tmp_path: Path) -> None:
    rows = made.as_v1(made.events())
    rows[0]["event_type"] = "battle-non-state actors overtake TERRITORY"
    found, repairs, events = read(made.write_csv(tmp_path / "events.csv", rows))

    assert events.vintage.key == "V1"
    assert [row["event_type"] for row in found[:7]] == [
        "Battles", "Protests", "Riots", "Violence against civilians", "Explosions/Remote violence",
        "Strategic developments", "Protests",
    ]  # fmt: skip
    assert [row["sub_event_type"] for row in found[:8]] == [
        "Non-state actor overtakes territory",
        *[None] * 6,
        "Armed clash",
    ]
    assert found[1]["assoc_actor_1"] == "Students (Nigeria); Women (Nigeria)"
    assert (found[1]["inter1"], found[1]["inter2"], found[1]["interaction"]) == (
        "Protesters",
        None,
        "Protesters only",
    )
    assert repairs["old event types written as today's"] == 60
    assert {"sub_event_type", "disorder_type", "tags", "iso"} <= events.absent


def test_labels_of_other_tools_and_regions_of_other_years_become_todays(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(7))
    rows[0] |= {
        "inter1": "State Forces",
        "inter2": "Rebel Forces",
        "interaction": "State Forces-Rebel Forces",
    }
    rows[1] |= {"interaction": "Sole Protesters", "region": "South-Eastern Asia"}
    rows[2] |= {"interaction": "State forces - Rioters", "source_scale": "other-national"}
    rows[3] |= {"civilian_targeting": "Civilians targeted", "disorder_type": "political violence"}
    found, repairs, events = read(made.write_csv(tmp_path / "events.csv", rows))

    assert events.vintage.key == "V4"
    assert [row["interaction"] for row in found[:3]] == [
        "State forces-Rebel group",
        "Protesters only",
        "State forces-Rioters",
    ]
    assert (found[0]["inter2"], found[1]["region"]) == ("Rebel group", "Southeast Asia")
    assert (found[2]["source_scale"], found[3]["civilian_targeting"]) == (
        "Other-National",
        "Civilian targeting",
    )
    assert repairs["capitals and blanks of listed values set as in the codebook"] == 3


def test_text_is_made_ordinary_and_lists_are_separated_alike(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(3))
    rows[0] |= {
        "actor1": " Military Forces of Nigeria (2015-2023)\u00a0",
        "notes": "First line\r\nsecond\u00a0line\there",
    }
    rows[1] |= {"source": "Daily Trust (Nigeria);Vanguard (Nigeria);", "notes": "It\u0092s here"}
    found, repairs, _ = read(made.write_csv(tmp_path / "events.csv", rows))

    assert found[0]["actor1"] == "Military Forces of Nigeria (2015-2023)"
    assert found[0]["notes"] == "First line second line here"
    assert (found[1]["source"], found[1]["notes"]) == (
        "Daily Trust (Nigeria); Vanguard (Nigeria)",
        "It’s here",
    )
    assert sorted(repairs.values()) == [1, 1, 1]


def test_the_size_of_a_crowd_in_the_notes_becomes_a_tag_and_stays_in_the_notes(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(2))
    rows[1] |= {"tags": "", "notes": "On a day. [size=no report] [women targeted: girls]"}
    found, repairs, _ = read(made.write_csv(tmp_path / "events.csv", rows))

    assert found[1]["tags"] == "crowd size=no report; women targeted: girls"
    assert found[1]["notes"] == "On a day. [size=no report] [women targeted: girls]"
    assert repairs == {"remarks in square brackets in the notes ([size=...]) written as tags too": 1}


def test_merged_downloads_lose_their_repeated_rows_and_headers(
    tmp_path: Path, canonical: list[dict[str, Any]]
) -> None:
    text = made.csv_text(made.as_v4(made.events()))
    lines = text.splitlines(keepends=True)
    (tmp_path / "merged.csv").write_text(text + lines[0] + "".join(lines[11:21]))
    found, repairs, _ = read(tmp_path / "merged.csv")

    assert found == canonical
    assert repairs == {
        "repeated header rows left out": 1,
        "rows that repeat another row in every cell left out": 10,
    }


def test_extra_columns_in_any_order_are_kept_apart(tmp_path: Path, canonical: list[dict[str, Any]]) -> None:
    rows = [
        dict(sorted((row | {"countycode": "7", "Notes 2": "x"}).items())) for row in made.as_v4(made.events())
    ]
    found, _, events = read(made.write_csv(tmp_path / "events.csv", rows))

    assert found == canonical
    assert events.extra == ("Notes 2", "countycode")


def test_a_title_over_the_header_and_excels_separator_line_are_passed_over(
    tmp_path: Path, canonical: list[dict[str, Any]]
) -> None:
    text = made.csv_text(made.as_v4(made.events()), separator=";")
    (tmp_path / "excel.csv").write_text("sep=;\n" + text)
    (tmp_path / "title.csv").write_text("Conflict data, downloaded 1 March\n\n" + text)

    assert read(tmp_path / "excel.csv")[0] == canonical
    assert read(tmp_path / "title.csv")[0] == canonical


def test_rows_that_end_with_a_separator_or_begin_with_row_names_fit_their_header(
    tmp_path: Path, canonical: list[dict[str, Any]]
) -> None:
    lines = made.csv_text(made.as_v4(made.events())).splitlines()
    (tmp_path / "ends.csv").write_text("\n".join([lines[0], *(line + ",," for line in lines[1:])]) + "\n")
    (tmp_path / "names.csv").write_text(
        "\n".join([lines[0], *(f"{number},{line}" for number, line in enumerate(lines[1:], start=1))]) + "\n"
    )

    assert read(tmp_path / "ends.csv")[0] == canonical
    assert read(tmp_path / "names.csv")[0] == canonical


def test_duckdb_paints_no_bar_of_its_own(tmp_path: Path) -> None:
    with read_event_file(made.write_csv(tmp_path / "events.csv", made.as_v4(made.events()))) as events:
        assert events.connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [
            (False,)
        ]
