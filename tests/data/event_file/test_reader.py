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

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.event_file import read_event_file
from schema.errors import UnusableInput
from tests.data.event_file import vintage_rows as made
from tests.data.event_file.reading import read


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
