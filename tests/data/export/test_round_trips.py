"""Every format gives the same values to a reader that is not ours."""

from __future__ import annotations

import csv
import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import geopandas
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
import shapely
from frictionless import Package

from data.export import export_events, formats
from data.export.columns import ACLED_COLUMNS, LIST_COLUMNS
from schema.errors import ExportError
from tests.data.handover import ARTICLE, FORMULA, MARKED, NASTY, TITLE, rows

if TYPE_CHECKING:
    from data.export.request import Rows
    from data.project import Project

KNOWN = [name for name in ACLED_COLUMNS if name != "timestamp"]


def _sorted(records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return sorted((tuple(record[name] for name in KNOWN) for record in records), key=str)


def _expected() -> list[tuple[Any, ...]]:
    return _sorted(rows())


def test_jsonl_is_read_back_line_by_line(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.jsonl").path
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for record in records:
        record["event_date"] = dt.date.fromisoformat(record["event_date"])
    assert tuple(records[0]) == ACLED_COLUMNS
    assert _sorted(records) == _expected()


def test_xlsx_has_typed_cells_that_no_spreadsheet_runs(project: Project, tmp_path: Path) -> None:
    report = export_events(project, tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(report.path)
    sheet = book["events"]
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[0] == ACLED_COLUMNS
    records = [dict(zip(ACLED_COLUMNS, row, strict=True)) for row in cells[1:]]
    for record in records:
        assert isinstance(record["event_date"], dt.datetime)
        record["event_date"] = record["event_date"].date()
    assert _sorted(records) == _expected()
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"n", "s", "d", "inlineStr"}
    quoted = [cell.value for row in sheet.iter_rows() for cell in row if cell.quotePrefix]
    assert FORMULA in quoted
    assert MARKED in quoted
    assert report.neutralised == len(quoted) == 6
    assert sheet.freeze_panes == "A2"


def test_xlsx_carries_the_codebook_and_what_was_asked(project: Project, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        export_events(project, tmp_path / "out.xlsx", where="country = 'Syria'").path
    )
    columns = {row[0]: row for row in book["codebook"].iter_rows(min_row=2, values_only=True)}
    assert tuple(columns) == ACLED_COLUMNS
    assert "Date" in str(columns["event_date"][1])
    about = dict(book["about"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert about["filter"] == "country = 'Syria'"
    assert about["rows"] == "7"


def test_a_workbook_opens_whatever_the_filter_holds(project: Project, tmp_path: Path) -> None:
    hostile = "notes <> '\x1b]0;x\x07' AND notes <> '=cmd|'"
    out = tmp_path / "events.xlsx"
    export_events(project, out, where=hostile)
    (found,) = [row[1] for row in openpyxl.load_workbook(out)["about"].values if row[0] == "filter"]
    assert found == hostile.replace("\x1b", "\ufffd").replace("\x07", "\ufffd")


def test_geojson_is_what_rfc_7946_says(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.geojson").path
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    assert len(collection["features"]) == len(rows())
    assert len({feature["id"] for feature in collection["features"]}) == len(rows())
    for feature in collection["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90
        assert not {"latitude", "longitude"} & set(feature["properties"])
        for name in LIST_COLUMNS:
            assert feature["properties"][name] is None or isinstance(feature["properties"][name], list)


def test_geojson_gives_geopandas_the_same_values(project: Project, tmp_path: Path) -> None:
    frame = geopandas.read_file(export_events(project, tmp_path / "out.geojson").path)
    assert frame.crs.to_epsg() == 4326
    collection = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    records = []
    for feature in collection["features"]:
        longitude, latitude = feature["geometry"]["coordinates"]
        record = {**feature["properties"], "longitude": longitude, "latitude": latitude}
        record |= {name: "; ".join(record[name]) if record[name] else None for name in LIST_COLUMNS}
        records.append(record | {"event_date": dt.date.fromisoformat(record["event_date"])})
    assert _sorted(records) == _expected()
    assert sorted(zip(frame.geometry.x, frame.geometry.y, strict=True)) == sorted(
        (r["longitude"], r["latitude"]) for r in rows()
    )
    assert sorted(frame["notes"]) == sorted(r["notes"] for r in rows())


def test_geoparquet_is_what_the_specification_says(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.geoparquet").path
    note = json.loads(pq.read_metadata(path).metadata[b"geo"])
    column = note["columns"]["geometry"]
    assert (note["version"], note["primary_column"], column["encoding"]) == ("1.1.0", "geometry", "WKB")
    assert column["geometry_types"] == ["Point"]
    assert "crs" not in column
    assert column["bbox"] == [-179.9999, -54.8, 43.1189, 36.335]
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    table = pq.read_table(path)
    assert not table.schema.field("geometry").type.num_fields
    for point, box in zip(
        table.column("geometry").to_pylist(), table.column("bbox").to_pylist(), strict=True
    ):
        shape = shapely.from_wkb(point)
        assert (shape.x, shape.y, shape.x, shape.y) == (box["xmin"], box["ymin"], box["xmax"], box["ymax"])


def test_geoparquet_gives_geopandas_the_same_values(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.geoparquet").path
    frame = geopandas.read_parquet(path)
    assert frame.crs.to_authority() == ("OGC", "CRS84")
    assert list(frame.geometry.x) == list(frame["longitude"])
    assert len(geopandas.read_parquet(path, bbox=(40, 30, 50, 40))) == 1
    assert _sorted(pq.read_table(path).to_pylist()) == _expected()


def test_hxl_has_its_hashtags_on_the_second_line(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.hxl.csv").path
    with path.open(encoding="utf-8", newline="") as file:
        header, tags, *body = list(csv.reader(file))
    assert tuple(header) == ACLED_COLUMNS
    tag_of = dict(zip(header, tags, strict=True))
    assert tag_of["event_date"] == "#date+occurred"
    assert tag_of["fatalities"] == "#affected+killed"
    assert tag_of["latitude"] == "#geo+lat"
    assert tag_of["country"] == "#country+name"
    assert all(tag.startswith("#") for tag in tags), "every column of ours has a tag"
    assert len(set(tags)) == len(tags)
    assert len(body) == len(rows())


def test_stata_reads_back_the_same_values(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.dta").path
    frame = pd.read_stata(path)
    records = [
        {name: None if value == "" else value for name, value in record.items()}
        | {"event_date": record["event_date"].date()}
        for record in frame.to_dict("records")
    ]
    assert _sorted(records) == _expected()
    _, about = pyreadstat.read_dta(path)
    assert about.column_names_to_labels["event_date"] == "Date"


def test_spss_reads_back_the_same_values(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.sav").path
    frame, about = pyreadstat.read_sav(path)
    assert about.column_names_to_labels["event_date"] == "Date"
    records = [
        {name: None if value == "" else value for name, value in record.items()}
        for record in frame.to_dict("records")
    ]
    for record in records:
        for name in ("year", "time_precision", "iso", "geo_precision", "fatalities"):
            record[name] = int(record[name])
    assert _sorted(records) == _expected()


def test_a_data_package_is_valid_and_reads_back_the_same_values(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.zip", columns="all").path
    with zipfile.ZipFile(path) as package_file:
        assert sorted(package_file.namelist()) == ["datapackage.json", "events.csv"]
        package_file.extractall(tmp_path / "package")
    package = Package(tmp_path / "package" / "datapackage.json")
    report = package.validate()
    assert report.valid, report.flatten(["title", "note"])
    records = package.get_resource("events").read_rows()
    as_plain = [
        {**record, "latitude": float(record["latitude"]), "longitude": float(record["longitude"])}
        for record in records
    ]
    assert _sorted(as_plain) == _expected()


def test_parts_of_parquet_are_read_as_one_table(project: Project, tmp_path: Path) -> None:
    report = export_events(project, tmp_path / "parts", partition_by=("country", "year"))
    assert report.rows == len(rows())
    assert (tmp_path / "parts" / "country=Syria" / "year=2023").is_dir()
    asked = f"SELECT * REPLACE (year::INTEGER AS year) FROM read_parquet('{tmp_path}/parts/**/*.parquet')"
    by_duckdb = duckdb.sql(asked).to_arrow_table().to_pylist()
    by_pyarrow = pq.read_table(tmp_path / "parts").to_pylist()
    frame = pd.read_parquet(tmp_path / "parts").astype({"country": object, "year": int})
    by_pandas = frame.astype(object).where(frame.notna(), None).to_dict("records")
    for records in (by_duckdb, by_pyarrow):
        assert _sorted(records) == _expected()
    names = ("country", "year", "location", "notes", "fatalities")
    told = sorted(tuple(record[name] for name in names) for record in by_pandas)
    assert told == sorted(tuple(record[name] for name in names) for record in rows())
    with pytest.raises(ExportError, match="stays as it is"):
        export_events(project, tmp_path / "parts", partition_by=("country",), overwrite=True)
    with pytest.raises(ExportError, match="no such column"):
        export_events(project, tmp_path / "other", partition_by=("contry",))


@pytest.mark.parametrize(
    ("name", "asked", "option"),
    [
        ("x.geojson", {"bom": True}, "--bom"),
        ("x.xlsx", {"date_style": "acled"}, "--date-style"),
        ("x.parquet", {"neutralise": False}, "--exact"),
        ("x.csv", {"partition_by": ("country",)}, "--partition-by"),
        ("x.csv", {"rows": "evidence", "columns": "all"}, "--columns"),
        ("x.csv", {"rows": "ged", "inter_codes": "numeric"}, "--inter-codes"),
    ],
)
def test_an_option_that_would_do_nothing_is_told(
    project: Project, tmp_path: Path, name: str, asked: dict[str, Any], option: str
) -> None:
    with pytest.raises(ExportError, match=f"{option}.* leave it out of this export"):
        export_events(project, tmp_path / name, **asked)
    assert list(tmp_path.iterdir()) == []


def test_one_row_an_actor_repeats_the_event(project: Project, tmp_path: Path) -> None:
    report = export_events(
        project, tmp_path / "out.csv", rows="actors", inter_codes="numeric", neutralise=False
    )
    frame = pd.read_csv(report.path, dtype=str, keep_default_na=False)
    assert report.rows == len(frame) == sum(1 if row["actor2"] is None else 2 for row in rows())
    assert not {"actor2", "assoc_actor_2", "inter2"} & set(frame.columns)
    assert len(frame.columns) == 28
    strike = frame[(frame["sub_event_type"] == "Air/drone strike") & (frame["fatalities"] == "12")]
    assert sorted(zip(strike["actor1"], strike["inter1"], strike["interaction"], strict=True)) == [
        ("Civilians (Syria)", "7", "78"),
        ("Military Forces of Russia (2000-)", "8", "78"),
    ]
    assert set(strike["assoc_actor_1"]) == {"", "Women (Syria)"}


def test_ged_rows_have_49_columns_and_say_what_is_lost(project: Project, tmp_path: Path) -> None:
    report = export_events(project, tmp_path / "out.csv", rows="ged")
    frame = pd.read_csv(report.path)
    assert len(frame.columns) == 49 + 3
    assert report.rows == len(frame) == 3
    assert any("left out" in note for note in report.notes)
    assert "deaths are not told apart by side" in str(report)
    battle = frame[frame["type_of_violence"] == 1].iloc[0]
    assert (battle["side_a"], battle["side_b"]) == ("Government of Syria", "HTS: Hayat Tahrir al Sham")
    assert (battle["date_start"], battle["date_prec"], battle["where_prec"]) == ("2024-12-05", 1, 1)
    assert (battle["best"], battle["deaths_unknown"], battle["deaths_civilians"]) == (5, 5, 0)
    strike = frame[frame["type_of_violence"] == 3].iloc[0]
    assert (strike["side_a"], strike["side_b"]) == ("Government of Russia", "Civilians")
    assert strike["deaths_civilians"] == strike["best"]
    assert (frame["low"] <= frame["best"]).all()
    assert (frame["best"] <= frame["high"]).all()
    assert battle["priogrid_gid"] == 180434  # row 250 from the south, column 433 from the west


def test_the_crosswalk_says_which_article_tells_which_event(project: Project, tmp_path: Path) -> None:
    report = export_events(
        project, tmp_path / "out.csv", rows="articles", where="fatalities > 0", neutralise=False
    )
    frame = pd.read_csv(report.path)
    assert report.rows == len(frame) == 3
    assert set(frame["title"]) == {TITLE}
    assert set(frame["url"]) == {"https://example.org/1"}


def test_the_evidence_table_points_at_the_words(project: Project, tmp_path: Path) -> None:
    frame = pd.read_csv(export_events(project, tmp_path / "out.csv", rows="evidence").path)
    (record,) = frame.to_dict("records")
    assert (record["field"], record["quote"]) == ("location", "Hama")
    assert ARTICLE[record["start_offset"] : record["end_offset"]] == "Hama"


@pytest.mark.parametrize("name", ["out.geojson", "out.geoparquet"])
def test_rows_without_coordinates_are_no_map(project: Project, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match="needs coordinates"):
        export_events(project, tmp_path / name, rows="evidence")
    assert list(tmp_path.iterdir()) == []


SUFFIXES = ["csv", "hxl.csv", "parquet", "xlsx", "jsonl", "geojson", "geoparquet", "dta", "sav", "zip"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_rows_make_a_whole_file_too(project: Project, tmp_path: Path, suffix: str) -> None:
    report = export_events(project, tmp_path / f"out.{suffix}", where="country = 'Nowhere'")
    assert report.rows == 0
    assert sorted(tmp_path.iterdir()) == [report.path]


@pytest.mark.parametrize("kind", ["actors", "ged", "articles", "evidence"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind_of_rows_fits_every_format_or_is_refused_in_a_sentence(
    project: Project, tmp_path: Path, suffix: str, kind: Rows
) -> None:
    path = tmp_path / f"out.{suffix}"
    if suffix in ("geojson", "geoparquet") and kind in ("articles", "evidence"):
        with pytest.raises(ExportError, match="needs coordinates"):
            export_events(project, path, rows=kind)
        return
    rivals = export_events(project, tmp_path / "same.parquet", rows=kind)
    assert export_events(project, path, rows=kind, overwrite=True).rows == rivals.rows > 0


def test_a_ged_row_on_a_map_has_the_id_of_its_event(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.geojson", rows="ged").path
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert [feature["id"] for feature in features] == [
        str(feature["properties"]["relid"] or feature["properties"]["id"]) for feature in features
    ]


def test_every_format_is_tried_above() -> None:
    assert set(formats()) == {
        "csv",
        "hxl",
        "parquet",
        "xlsx",
        "jsonl",
        "geojson",
        "geoparquet",
        "stata",
        "spss",
        "datapackage",
    }


def test_line_breaks_quotes_and_scripts_survive_everywhere() -> None:
    assert NASTY in [row["notes"] for row in rows()]
