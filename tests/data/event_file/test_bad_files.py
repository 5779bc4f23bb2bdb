"""What cannot be read as events is refused in one sentence that says what it is and what to do."""

from __future__ import annotations

import errno
import gzip
import json
import os
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.check import check
from data.event_file import limits, read_event_file, staging
from schema.errors import StoreError, UnusableInput
from tests.data.event_file import vintage_rows as made

EVENTS = made.as_v4(made.events(40))


def refusal(path: Path) -> str:
    with pytest.raises(UnusableInput) as raised, read_event_file(path):
        pass
    sentence = str(raised.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert len(sentence) < 400
    return sentence


HEADERS = {
    "one row per actor": (
        "event_id_cnty,event_date,year,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
        "interaction,country,location,notes"
    ),
    "one row per actor (the long form": (
        "event_id_cnty,event_date,year,event_type,sub_event_type,type_of_actor,actor,inter_type,"
        "inter,country,notes"
    ),
    "weekly counts": (
        "WEEK,REGION,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES,"
        "POPULATION_EXPOSURE,DISORDER_TYPE,ID,CENTROID_LATITUDE,CENTROID_LONGITUDE"
    ),
    "monthly counts of HDX": "location_code,admin1_name,event_type,events,fatalities,reference_period_start,reference_period_end",
    "GDELT": "GLOBALEVENTID,SQLDATE,MonthYear,Year,FractionDate,Actor1Code,Actor1Name,EventCode,EventRootCode,GoldsteinScale",
    "UCDP GED": (
        "id,relid,year,active_year,type_of_violence,conflict_new_id,dyad_new_id,dyad_name,"
        "side_a,side_b,country,latitude,longitude,deaths_a,best,high,low"
    ),
    "GTD": "eventid,iyear,imonth,iday,country,country_txt,region,latitude,longitude,attacktype1,gname,nkill",
    "POLECAT": "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tQuad Code\tContexts\tActor Name\tCountry",
    "SCAD": "eventid,ccode,id,countryname,startdate,enddate,duration,etype,escalation,actor1,actor2,npart,ndeath,repress",
    "not a table of events": "name,age,town,street",
    "deleted events": "event_id_cnty,deleted_timestamp",
    "forecasts of events": "country,admin1,month,year,total_forecast,battles_forecast,timestamp",
    "ICEWS": "Event ID,Event Date,Source Name,Source Sectors,Event Text,CAMEO Code,Intensity,Country",
}


@pytest.mark.parametrize("what", HEADERS)
def test_tables_that_only_look_like_events_are_refused_by_name(tmp_path: Path, what: str) -> None:
    separator = "\t" if "\t" in HEADERS[what] else ","
    cells = separator.join("1" for _ in HEADERS[what].split(separator))
    (tmp_path / "table.csv").write_text(f"{HEADERS[what]}\n{cells}\n")

    assert what in refusal(tmp_path / "table.csv")


def test_gdelt_without_a_header_is_known_by_its_columns(tmp_path: Path) -> None:
    row = ["1012345678", "20200501", "202005", "2020", "2020.33", *["x"] * 53]
    (tmp_path / "20200501.export.csv").write_text(("\t".join(row) + "\n") * 3)

    assert "GDELT rows (no header" in refusal(tmp_path / "20200501.export.csv")


def test_a_table_filled_up_with_gdelt_rows_is_refused_and_a_few_are_errors(tmp_path: Path) -> None:
    rows = [row | {"event_id_cnty": "GDELT", "inter1": ""} for row in EVENTS]

    assert "GDELT" in refusal(made.write_csv(tmp_path / "most.csv", EVENTS[:10] + rows))
    with read_event_file(made.write_csv(tmp_path / "few.csv", EVENTS + rows[:10])) as events:
        assert events.records == 50


def parquet(path: Path) -> bytes:
    pq.write_table(pa.Table.from_pylist(EVENTS), path)
    return path.read_bytes()


def workbook(path: Path) -> bytes:
    book = openpyxl.Workbook()
    for row in [list(EVENTS[0]), *(list(row.values()) for row in EVENTS)]:
        book.active.append(row)
    book.save(path)
    return path.read_bytes()


def test_cut_off_and_misnamed_files_are_refused(tmp_path: Path) -> None:
    whole = parquet(tmp_path / "whole.parquet")
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) * 2 // 3])
    (tmp_path / "flipped.parquet").write_bytes(whole[:-200] + bytes(200 - 8) + whole[-8:])
    book = workbook(tmp_path / "whole.xlsx")
    (tmp_path / "cut.xlsx").write_bytes(book[: len(book) // 2])
    text = made.csv_text(EVENTS)
    (tmp_path / "renamed.xlsx").write_text(text)
    (tmp_path / "renamed.parquet").write_text(text)
    (tmp_path / "renamed.csv").write_bytes(book)
    (tmp_path / "events.csv.gz").write_bytes(gzip.compress(text.encode()))

    middle = len(whole) // 3
    (tmp_path / "page.parquet").write_bytes(whole[:middle] + b"\xff" * 300 + whole[middle + 300 :])

    assert "pages cannot be read" in refusal(tmp_path / "page.parquet")
    assert "damaged or cut-off Parquet" in refusal(tmp_path / "cut.parquet")
    assert "damaged" in refusal(tmp_path / "flipped.parquet")
    assert "cut-off archive" in refusal(tmp_path / "cut.xlsx")
    assert "name it .csv" in refusal(tmp_path / "renamed.xlsx")
    assert "name it .csv" in refusal(tmp_path / "renamed.parquet")
    assert "name it .xlsx" in refusal(tmp_path / "renamed.csv")
    assert "unpack it first" in refusal(tmp_path / "events.csv.gz")


def test_what_is_no_table_at_all_is_refused(tmp_path: Path) -> None:
    for name, content in {
        "empty.csv": b"",
        "blank.csv": b"\xef\xbb\xbf\r\n \n",
        "header.csv": made.csv_text(EVENTS).splitlines()[0].encode(),
        "page.csv": b"<!DOCTYPE html><html><body>Log in</body></html>",
        "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "noise.csv": bytes(range(256)) * 50,
        "old.xls": b"\xd0\xcf\x11\xe0" + bytes(600),
        "number.json": b"17",
        "list.json": b"[1, 2, 3]",
        "broken.json": b'[{"event_date": "2022-01-01", "actor1" ' + b"x" * 500,
        "deep.json": b"[" * 100_000,
        "giant.json": b'[{"event_date": "2022-01-01", "fatalities": ' + b"9" * 9000 + b"}]",
        "answer.xml": b'<?xml version="1.0"?><data><row><event_date>2022-01-01</event_date></row></data>',
        "refused.json": b'{"status": 403, "success": false, "error": {"message": "Access denied"}}',
        "nothing.json": b'{"status": 200, "data": []}',
        "columns.json": json.dumps({name: {"0": "a", "1": "b"} for name in made.V3_HEADER}).encode(),
    }.items():
        (tmp_path / name).write_bytes(content)
        refusal(tmp_path / name)
    assert "There is no file" in refusal(tmp_path / "nowhere.csv")
    assert "is a folder" in refusal(tmp_path)


def test_nul_bytes_are_refused_with_their_line(tmp_path: Path) -> None:
    text = made.csv_text(EVENTS).encode().splitlines(keepends=True)
    text[6] = text[6].replace(b"Ikorodu", b"Iko\x00rodu", 1)
    (tmp_path / "events.csv").write_bytes(b"".join(text))

    assert "NUL byte in line 7" in refusal(tmp_path / "events.csv")


def test_a_line_without_end_costs_one_block_of_memory(tmp_path: Path) -> None:
    with (tmp_path / "events.csv").open("wb") as stream:
        stream.write(made.csv_text(EVENTS).encode() + b'NIG1,"')
        for _ in range(64):
            stream.write(b"x" * (1 << 20))
    tracemalloc.start()
    sentence = refusal(tmp_path / "events.csv")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "line 42 runs on for more than 2 MB" in sentence
    assert peak < 8 * limits.BLOCK_BYTES


def test_ten_thousand_columns_are_another_kind_of_table(tmp_path: Path) -> None:
    names = [*made.V3_HEADER, *(f"gene{number}" for number in range(10_000))]
    (tmp_path / "wide.csv").write_text(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    pq.write_table(pa.table({name: ["1"] for name in names}), tmp_path / "wide.parquet")
    (tmp_path / "wide.json").write_text(json.dumps([dict.fromkeys(names, 1)]))

    for suffix in ("csv", "parquet", "json"):
        assert "10,031 columns" in refusal(tmp_path / f"wide.{suffix}").replace(
            "501 fields", "10,031 columns"
        ).replace("10,031 fields", "10,031 columns")


def test_formulas_are_never_worked_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(EVENTS[0]))
    book.active.append(list(EVENTS[0].values()))
    book.active["C2"] = "=YEAR(B2)"
    book.save(tmp_path / "formulas.xlsx")

    assert "cell C2 of sheet1 holds a formula without a stored result" in refusal(tmp_path / "formulas.xlsx")

    stored = tmp_path / "stored.xlsx"
    with (
        zipfile.ZipFile(tmp_path / "formulas.xlsx") as old,
        zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            content = old.read(member)
            if member == "xl/worksheets/sheet1.xml":
                content = (
                    content.replace(b"<f>YEAR(B2)</f><v></v>", b"<f>YEAR(B2)</f><v>2022</v>")
                    .replace(b"<f>YEAR(B2)</f><v />", b"<f>YEAR(B2)</f><v>2022</v>")
                    .replace(b"<f>YEAR(B2)</f><v/>", b"<f>YEAR(B2)</f><v>2022</v>")
                )
            new.writestr(member, content)
    with read_event_file(stored) as events:
        assert {repair.what: repair.rows for repair in events.repairs} == {
            "formulas: the result stored in the workbook was taken": 1
        }
        assert events.connection.execute("SELECT year FROM events").fetchone() == (2022,)


def test_a_workbook_that_unpacks_without_bound_is_refused_unread(tmp_path: Path) -> None:
    workbook(tmp_path / "good.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "good.xlsx") as old,
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            content = old.read(member)
            if member == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData>", b"<sheetData>" + b" " * (60 << 20))
            new.writestr(member, content)

    assert "would unpack to" in refusal(tmp_path / "bomb.xlsx")


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    workbook(tmp_path / "good.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "good.xlsx") as old,
        zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            content = old.read(member)
            if member == "xl/worksheets/sheet1.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            new.writestr(member, content)

    assert "XML entities" in refusal(tmp_path / "bomb.xlsx")


def test_a_small_parquet_file_of_giant_cells_is_refused_without_building_them(tmp_path: Path) -> None:
    giant = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * 3_000_000]))
    columns = {name: pa.array([EVENTS[0][name]] * 20_000) for name in EVENTS[0]} | {"notes": giant}
    pq.write_table(pa.table(columns), tmp_path / "bomb.parquet", row_group_size=20_000)
    assert (tmp_path / "bomb.parquet").stat().st_size < 1_000_000

    assert "cell of 3.0 MB" in refusal(tmp_path / "bomb.parquet")


def test_a_full_disk_while_reading_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(staging.Staging, "add", full)
    with pytest.raises(
        StoreError, match=r"events.csv could not be laid out in .*: No space left on device; make room"
    ):
        read_event_file(made.write_csv(tmp_path / "events.csv", EVENTS))


def test_hostile_names_and_values_are_only_text(tmp_path: Path) -> None:
    rows = [row | {'a"b); --': "1", "{}%s": "2"} for row in made.as_v4(made.events(10))]
    rows[0]["event_type"] = "x'); DROP VIEW raw; --"
    rows[1]["inter1"] = "'"
    rows[2]["event_date"] = "' OR 1=1"
    rows[3]["notes"] = "\x1b]52;c;eA==\x07 \u202e"
    names = ["ev'en[ts]*?.csv", "{0}%s.csv"]
    for name in names:
        report = check(made.write_csv(tmp_path / name, rows), out=tmp_path / f"{name}.out.csv")
        assert (report.rows, report.rows_with_errors) == (10, 3), report.to_json()["rules"]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    pq.write_table(pa.table(columns), tmp_path / "ev'en[ts]*?.parquet")
    assert check(tmp_path / "ev'en[ts]*?.parquet").rows_with_errors == 3


@pytest.mark.parametrize("name", ["digits.json", "digits.jsonl"])
def test_a_number_of_thousands_of_digits_is_no_reason_to_stop(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(f'{{"event_id_cnty": "SYR1", "fatalities": {"9" * 5000}}}\n', encoding="utf-8")

    assert "lacks" in refusal(path)
