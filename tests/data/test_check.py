"""A check reads what people have, tells its vintage and repairs, and calls sound rows sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.check import check
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
    assert all(list(rule) == ["id", "severity", "rows", "examples"] for rule in said["rules"])
    unreadable = next(rule for rule in said["rules"] if rule["id"] == "READ-fatalities")
    assert unreadable["examples"] == [{"row": 5, "event_id": "NIG1003", "value": "minus one"}]
    json.dumps(said)
