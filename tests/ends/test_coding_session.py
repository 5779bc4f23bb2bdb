"""The walking path in a pseudo-terminal: article, form, row, ledger, Parquet, SQL, CSV; keys only."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from coding.cli import COMMANDS
from coding.demo import demo_project
from data.project import Project
from schema.codebook import load_codebook

pytestmark = pytest.mark.xdist_group("terminal")

FALL_OF_HAMA = {
    "event_date": "2024-12-05",
    "year": 2024,
    "time_precision": 1,
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Non-state actor overtakes territory",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "assoc_actor_1": None,
    "inter1": "Rebel group",
    "actor2": "Military Forces of Syria (2000-2024)",
    "assoc_actor_2": None,
    "inter2": "State forces",
    "interaction": "State forces-Rebel group",
    "civilian_targeting": None,
    "iso": 760,
    "region": "Middle East",
    "country": "Syria",
    "admin1": "Hama",
    "admin2": "Hama",
    "admin3": "Hama",
    "location": "Hama",
    "latitude": 35.1318,
    "longitude": 36.7578,
    "geo_precision": 1,
    "source": "Orontes Courier",
    "source_scale": "International",
    "fatalities": 10,
    "tags": None,
}
"""Event A of the sample article, as a coder who knows the codebook codes it; the notes are drafted from it."""


def _answer(*arguments: object) -> str:
    """What one command prints, run as a process of its own."""
    program = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r}); import tui; tui.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _show_the_form(terminal) -> None:
    """A small terminal shows the article first, its form on the other tab."""
    terminal.wait_for("article 1 of 5")
    if "Date *" not in terminal.screen:
        terminal.press("f2")
        terminal.wait_for("Date *")


def _code_the_fall_of_hama(terminal) -> None:
    """Type each field until the wanted value leads the list, then take it."""
    _show_the_form(terminal)
    for typed, offered in [
        ("thu", "Thursday 5 December 2024"),
        ("overt", "1 Non-state actor overtakes"),
        ("hts", "1 HTS: Hayat Tahrir al Sham"),
        ("mil syr", "1 Military Forces of Syria"),
        ("hama", "1 Hama"),
    ]:
        terminal.press(*typed)
        terminal.wait_for(offered)
        terminal.press("enter")
    terminal.wait_for("Type a number")
    terminal.press("1", "0", "enter")
    terminal.wait_for("36.7578")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_an_article_is_coded_from_the_keyboard_and_comes_out_as_sql_csv_and_parquet(
    open_terminal, tmp_path, size
):
    folder = demo_project(tmp_path / "demo").folder
    terminal = open_terminal("code", str(folder), "--coder", "maria", size=size)

    _code_the_fall_of_hama(terminal)
    terminal.press("ctrl+s")
    terminal.wait_for("saved as event 1")
    terminal.press("ctrl+q")
    assert terminal.end() == 0

    (row,) = json.loads(_answer("sql", folder, "FROM events", "--format", "json"))
    assert {column: row[column] for column in FALL_OF_HAMA} == FALL_OF_HAMA
    assert row["notes"].startswith("On 5 December 2024, HTS took control of Hama")
    assert row["coder"] == "maria"
    _same_31_values_everywhere(folder, tmp_path, row)


def _same_31_values_everywhere(folder: Path, out: Path, row: dict[str, object]) -> None:
    """CSV, Parquet and the dataset itself, read by other programs, hold the values that SQL answers."""
    names = [column.name for column in load_codebook().columns]
    assert len(names) == 31
    _answer("sync", folder)
    _answer("export", folder, out / "events.csv")
    _answer("export", folder, out / "events.parquet")
    expected = {name: "" if row[name] is None else str(row[name]) for name in names}

    with (out / "events.csv").open(newline="", encoding="utf-8") as lines:
        assert list(csv.DictReader(lines)) == [expected]
    frame = pd.read_parquet(out / "events.parquet")
    assert list(frame.columns) == names
    dataset = pd.read_parquet(Project.open(folder).events_folder)
    for read in (frame, dataset):
        values = read.astype(object).where(read.notna(), None).iloc[0]
        assert {
            name: "" if values[name] is None else str(values[name])[: len(expected[name])] for name in names
        } == expected
    parts = f"{Project.open(folder).events_folder}/*.parquet"
    with duckdb.connect() as plain:
        found = plain.sql(f"SELECT actor1, fatalities FROM read_parquet('{parts}')").fetchall()
    assert found == [(row["actor1"], row["fatalities"])]


def test_errors_block_saving_and_say_why(open_terminal, tmp_path):
    folder = demo_project(tmp_path / "demo").folder
    terminal = open_terminal("code", str(folder), size=(120, 40))
    _show_the_form(terminal)

    terminal.press("ctrl+s")
    terminal.wait_for("Not saved")

    assert json.loads(_answer("sql", folder, "FROM events", "--format", "json")) == []


def test_a_terminal_too_small_is_one_sentence(open_terminal, tmp_path):
    folder = demo_project(tmp_path / "demo").folder
    terminal = open_terminal("code", str(folder), size=(50, 10))

    assert terminal.end() == 2
    assert "50x10" in terminal.raw + terminal.screen


def test_the_demo_without_a_terminal_codes_an_article_and_prints_it(tmp_path):
    printed = _answer("demo", tmp_path / "demo", "--coder", "maria")

    assert "Non-state actor overtakes territory" in printed
    assert ".parquet" in printed
    assert "Syria" in printed.split("eventcoder sql")[1]
    assert "event_id_cnty,event_date,year" in printed


def test_commands_are_the_contract():
    contract = "demo new add code check import sql export release diff status doctor serve"

    assert set(contract.split()) <= set(COMMANDS)
