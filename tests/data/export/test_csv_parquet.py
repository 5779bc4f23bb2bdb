"""CSV and Parquet hold the rows and columns that were asked for, as independent readers see them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from data.export import export_events
from data.export.columns import ACLED_COLUMNS
from data.export.formula import exact_text
from schema.column import HOUSE_COLUMNS
from tests.data.handover import FORMULA, MARKED, rows

if TYPE_CHECKING:
    from data.project import Project


KNOWN = [name for name in ACLED_COLUMNS if name != "timestamp"]
"""The store stamps each row when it is saved; everything else is as it was given."""


def _expected() -> list[tuple[object, ...]]:
    return sorted((tuple(row[name] for name in KNOWN) for row in rows()), key=str)


def _without_stamp(cells: Iterable[list[str]]) -> list[list[str]]:
    return sorted(row[:-1] for row in cells)


def test_parquet_gives_the_31_columns_in_order_with_their_values(project: Project, tmp_path: Path) -> None:
    report = export_events(project, tmp_path / "out.parquet")
    table = pq.read_table(report.path)
    assert report.rows == table.num_rows == len(rows())
    assert tuple(table.column_names) == ACLED_COLUMNS
    assert sorted((tuple(row.values()) for row in table.select(KNOWN).to_pylist()), key=str) == _expected()


def test_csv_is_read_the_same_by_the_csv_module_pandas_and_duckdb(project: Project, tmp_path: Path) -> None:
    path = export_events(project, tmp_path / "out.csv", neutralise=False).path
    with path.open(encoding="utf-8", newline="") as file:
        plain = list(csv.reader(file))
    assert tuple(plain[0]) == ACLED_COLUMNS
    expected = sorted([["" if cell is None else str(cell) for cell in row] for row in _expected()])
    assert _without_stamp(plain[1:]) == expected
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert _without_stamp(frame.values.tolist()) == expected
    loaded = duckdb.sql(f"SELECT * FROM read_csv('{path}', all_varchar=true, header=true)").fetchall()
    assert _without_stamp(["" if cell is None else cell for cell in row] for row in loaded) == expected


def test_pandas_reads_the_csv_with_the_dataset_s_types(project: Project, tmp_path: Path) -> None:
    frame = pd.read_csv(export_events(project, tmp_path / "out.csv").path, parse_dates=["event_date"])
    assert frame["event_date"].dt.year.tolist() == frame["year"].tolist()
    assert frame["fatalities"].sum() == 20
    assert frame["latitude"].between(-90, 90).all()


def test_formula_cells_are_neutralised_counted_noted_and_come_back_exactly(
    project: Project, tmp_path: Path
) -> None:
    report = export_events(project, tmp_path / "out.csv")
    frame = pd.read_csv(report.path, dtype=str, keep_default_na=False)
    cells = [cell for row in frame.values.tolist() for cell in row]
    assert not [
        cell
        for cell in frame["notes"].tolist() + frame["location"].tolist()
        if cell[:1] in "=+-@\t\r\n－＝＋＠" and cell
    ]
    assert f"'{FORMULA}" in cells
    assert f"'{MARKED}" in cells
    assert report.neutralised == 6
    assert "6 cells that look like formulas" in str(report)
    restored = _without_stamp([exact_text(cell) for cell in row] for row in frame.values.tolist())
    assert restored == sorted([["" if cell is None else str(cell) for cell in row] for row in _expected()])


def test_negative_numbers_are_no_formulas(project: Project, tmp_path: Path) -> None:
    frame = pd.read_csv(export_events(project, tmp_path / "out.csv").path)
    assert frame["longitude"].min() == -179.9999


def test_dates_and_codes_can_be_written_as_older_exports_did(project: Project, tmp_path: Path) -> None:
    path = export_events(
        project, tmp_path / "out.csv", date_style="acled", inter_codes="numeric", bom=True
    ).path
    assert path.read_bytes().startswith(b"\xef\xbb\xbfevent_id_cnty,event_date")
    frame = pd.read_csv(path, encoding="utf-8-sig", dtype=str)
    first = frame[frame["fatalities"] == "5"].iloc[0]
    assert (first["event_date"], first["inter1"], first["inter2"], first["interaction"]) == (
        "05 December 2024",
        "2",
        "1",
        "12",
    )
    protest = frame[frame["location"] == "Nairobi"].iloc[0]
    assert (protest["inter1"], protest["inter2"], protest["interaction"]) == ("6", "0", "60")
    strike = frame[frame["civilian_targeting"] == "Civilian targeting"].iloc[0]
    assert (strike["inter1"], strike["inter2"], strike["interaction"]) == ("8", "7", "78")


def test_all_columns_add_the_project_s_own_and_the_house_columns(project: Project, tmp_path: Path) -> None:
    table = pq.read_table(export_events(project, tmp_path / "out.parquet", columns="all").path)
    assert tuple(table.column_names)[:31] == ACLED_COLUMNS
    assert set(HOUSE_COLUMNS) <= set(table.column_names)


def test_a_filter_selects_the_same_rows_as_the_console_and_is_told(project: Project, tmp_path: Path) -> None:
    from data.console import run_sql

    where = "country = 'Syria' AND (fatalities > 0 OR involves('Women (Syria)')) AND km_to(35.1, 36.7) < 200"
    report = export_events(project, tmp_path / "out.parquet", where=where)
    counted = run_sql(project, f"SELECT count(*) AS n FROM events WHERE {where}").to_pylist()[0]["n"]
    assert report.rows == counted == 3
    assert report.filter == where
    assert where in str(report)
    assert pq.read_metadata(report.path).metadata[b"eventcoder_filter"].decode() == where


def test_a_filter_that_matches_nothing_writes_the_header_alone(project: Project, tmp_path: Path) -> None:
    report = export_events(project, tmp_path / "out.csv", where="fatalities > 1000000")
    assert report.rows == 0
    assert report.path.read_text(encoding="utf-8") == ",".join(ACLED_COLUMNS) + "\n"
