"""A check reads what people have, tells its vintage and repairs, and calls sound rows sound."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.check import check
from data.event_file import reader
from schema.codebook import load_codebook
from schema.errors import UnusableInput
from tests.data.event_file import vintage_rows as made

SOUND = {
    "V1": lambda: made.as_v1(made.events()),
    "V2": lambda: made.as_v2(made.events()),
    "V3": lambda: made.as_v3(made.events()),
    "V4": lambda: made.as_v4(made.events()),
}


@pytest.mark.parametrize("vintage", SOUND)
def test_sound_rows_of_every_vintage_have_no_errors(tmp_path: Path, vintage: str) -> None:
    report = check(made.write_csv(tmp_path / "events.csv", SOUND[vintage]()))

    assert report.vintage == vintage
    assert (report.rows, report.rows_with_errors) == (70, 0), report.to_json()["rules"]


def test_what_old_exports_coded_otherwise_is_no_error(tmp_path: Path) -> None:
    rows = made.as_v1(made.events())
    crushed, turned, weekly = rows[3], rows[10], rows[17]
    crushed |= {
        "actor1": "Police Forces of Nigeria (2015-2023)",
        "inter1": "1",
        "actor2": "Protesters (Nigeria)",
    }
    crushed |= {"inter2": "6", "interaction": "16"}
    turned |= {"actor1": "Civilians (Nigeria)", "inter1": "7", "actor2": "Militia (Students)", "inter2": "3"}
    weekly["event_id_cnty"] = "8188RTA"
    report = check(made.write_csv(tmp_path / "events.csv", rows))

    assert (report.vintage, report.rows_with_errors, report.rows_with_warnings) == ("V1", 0, 0)


def test_an_event_without_notes_is_warned_about_and_kept(tmp_path: Path) -> None:
    rows = made.as_v1(made.events())
    rows[0]["notes"] = ""
    report = check(made.write_csv(tmp_path / "events.csv", rows))

    assert [(rule.id, str(rule.severity), rule.rows) for rule in report.rules] == [
        ("REQ-notes", "warning", 1)
    ]


def test_a_time_of_saving_that_cannot_be_read_does_not_spoil_the_row(tmp_path: Path) -> None:
    rows = made.as_v4(made.events())
    rows[0]["timestamp"] = "last Tuesday"
    report = check(made.write_csv(tmp_path / "events.csv", rows))

    assert [(rule.id, str(rule.severity), rule.rows) for rule in report.rules] == [
        ("READ-timestamp", "warning", 1)
    ]


def test_the_misspelled_pulls_of_2022_have_no_errors(tmp_path: Path) -> None:
    report = check(made.write_csv(tmp_path / "events.csv", made.as_v3(made.events(), misspelled=True)))

    assert (report.vintage, report.rows_with_errors) == ("V3", 0), report.to_json()["rules"]
    assert {repair.what: repair.rows for repair in report.repairs}[
        "misspelled disorder type (Demostrations) corrected"
    ] == 30


def test_the_json_has_the_documented_keys(tmp_path: Path) -> None:
    rows = made.as_v4(made.events())
    rows[3]["fatalities"] = "minus one"
    rows[4]["event_date"] = "0025-01-01"
    said = check(made.write_csv(tmp_path / "events.csv", rows)).to_json()

    assert list(said) == [
        "file",
        "vintage",
        "rows",
        "rows_with_errors",
        "rows_with_warnings",
        "repairs",
        "rules",
    ]
    assert said["rows_with_errors"] == 2
    assert "REQ-fatalities" not in {rule["id"] for rule in said["rules"]}
    assert all(list(rule) == ["id", "severity", "rows", "examples"] for rule in said["rules"])
    unreadable = next(rule for rule in said["rules"] if rule["id"] == "READ-fatalities")
    assert unreadable["examples"] == [{"row": 5, "event_id": "NIG1003", "value": "minus one"}]
    json.dumps(said)


def test_the_json_on_the_manual_page_has_the_keys_of_a_report(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "checking.md").read_text(encoding="utf-8")
    shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
    rows = made.as_v4(made.events())
    rows[0]["notes"] = ""
    said = check(made.write_csv(tmp_path / "events.csv", rows)).to_json()

    assert shown.keys() == said.keys()
    assert shown["rules"][0].keys() == said["rules"][0].keys()
    assert shown["rules"][0]["examples"][0].keys() == said["rules"][0]["examples"][0].keys()


def test_a_projects_own_column_and_rule_are_checked_and_its_extra_values_pass(tmp_path: Path) -> None:
    own = tmp_path / "codebook"
    own.mkdir()
    (own / "own.toml").write_text(
        '[[column]]\nname = "witness"\nkind = "enum"\nvalues = ["yes", "no"]\n\n'
        '[[rule]]\nid = "OWN-1"\nseverity = "error"\nimported = "error"\ncolumns = ["witness", "fatalities"]\n'
        'message = "Deaths need a witness."\nreason = "House rule."\n'
        "sql = \"fatalities = 0 OR witness = 'yes'\"\n"
        '[[rule.passing]]\nfatalities = 0\n[[rule.failing]]\nfatalities = 4\nwitness = "no"\n'
    )
    rows = [row | {"Witness": "YES"} for row in made.as_v4(made.events())]
    rows[0]["Witness"] = "no"
    report = check(made.write_csv(tmp_path / "events.csv", rows), load_codebook(own=own))

    assert [
        (rule.id, rule.rows, rule.examples[0].value) for rule in report.rules if rule.severity == "error"
    ] == [("OWN-1", 1, "witness=no, fatalities=4")]
    assert ("capitals and blanks of listed values set as in the codebook", 69) in {
        (repair.what, repair.rows) for repair in report.repairs
    }


def test_all_failures_are_written_as_parquet_and_csv(tmp_path: Path) -> None:
    rows = made.as_v4(made.events())
    rows[3]["fatalities"], rows[4]["country"] = "x", ""
    path = made.write_csv(tmp_path / "events.csv", rows)
    check(path, out=tmp_path / "failures.parquet")
    found = pq.read_table(tmp_path / "failures.parquet").to_pylist()

    assert list(found[0]) == ["row", "event_id", "rule", "severity", "columns", "value", "message"]
    assert {(row["row"], row["rule"], row["value"]) for row in found} >= {
        (5, "READ-fatalities", "x"),
        (6, "REQ-country", ""),
    }
    with pytest.raises(UnusableInput, match=r"written as .parquet or .csv"):
        check(path, out=tmp_path / "failures.txt")


def test_a_file_whose_pages_need_more_memory_is_read_with_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MEMORY", "3MB")
    monkeypatch.setattr(reader, "STAGED_MEMORY", "3MB")
    report = check(made.write_csv(tmp_path / "events.csv", made.as_v4(made.events(2000))))

    assert (report.rows, report.rows_with_errors) == (2000, 0)
