"""What a release freezes, what the next one tells, and that it can be built again."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from data.append import append_rows
from data.difference import difference
from data.ledger import Ledger
from data.project import Project
from data.records import FIRST_IMPORTED_KEY
from data.release import rebuild, release
from data.views import connect
from schema.errors import UnusableInput
from tests.data.store.builders import a_row, a_save
from tests.data.store.test_append import rows


def ids(folder: str | Path) -> dict[str, int]:
    with (Path(folder) / "events.csv").open(encoding="utf-8", newline="") as file:
        return {row["event_id_cnty"]: int(row["fatalities"]) for row in csv.DictReader(file)}


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_a_release_gives_ids_that_are_never_used_again(project: Project, ledger: Ledger) -> None:
    for number in (1, 2, 3):
        ledger.save(a_save(number))

    first = release(project, "one")
    ledger.retract(2, "ana", "told twice", "merged_into", 1)
    ledger.save(a_save(4, event_key=3, base_revision=1))
    ledger.save(a_save(5))
    second = release(project, "two")

    assert ids(first.folder) == {"SYR1": 1, "SYR2": 2, "SYR3": 3}
    assert ids(second.folder) == {"SYR1": 1, "SYR3": 4, "SYR4": 5}
    assert (second.added, second.changed, second.retracted, second.new_ids) == (1, 1, 1, 1)
    stones = (Path(second.folder) / "tombstones.csv").read_text().splitlines()
    assert stones == ["event_id_cnty,reason,merged_into,why", "SYR2,merged_into,SYR1,told twice"]
    assert "SYR2: merged into SYR1 (told twice)" in (Path(second.folder) / "CHANGELOG.md").read_text()
    with connect(project) as con:
        found = con.execute("SELECT event_id_cnty, status FROM events ORDER BY ALL").fetchall()
    assert found == [("SYR1", "released"), ("SYR3", "released"), ("SYR4", "released")]
    assert ledger.event(1).status == "released"
    assert ledger.event(1).values["event_id_cnty"] == "SYR1"


def test_a_release_built_again_has_the_same_bytes(project: Project, ledger: Ledger, tmp_path: Path) -> None:
    append_rows(project, rows(project, {"fatalities": 1}, {"fatalities": 2}))
    ledger.save(a_save(1))
    first = Path(release(project, "one").folder)
    before = digests(first)
    ledger.save(a_save(2, event_key=1, base_revision=1))
    ledger.save(
        a_save(
            3, event_key=FIRST_IMPORTED_KEY, base_revision=1, values=ledger.event(FIRST_IMPORTED_KEY).values
        )
    )
    append_rows(project, rows(project, {"fatalities": 1}, {"fatalities": 8}))
    second = Path(release(project).folder)

    assert digests(rebuild(project, "one", tmp_path / "again")) == before
    assert digests(rebuild(project, "r2", tmp_path / "again2")) == digests(second)
    shutil.rmtree(first)
    assert digests(rebuild(project, "one")) == before


def test_the_descriptor_and_the_checksums_hold(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    folder = Path(release(project).folder)

    package = json.loads((folder / "datapackage.json").read_bytes())
    for resource in package["resources"]:
        assert (
            resource["hash"]
            == f"sha256:{hashlib.sha256((folder / resource['path']).read_bytes()).hexdigest()}"
        )
    sums = {line[66:]: line[:64] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert sums == {name: digest for name, digest in digests(folder).items() if name != "SHA256SUMS"}
    held = duckdb.sql(f"SELECT * FROM '{folder}/events.parquet'")
    assert held.columns == [column.name for column in project.codebook().columns]
    assert {
        "codebook.json",
        "rules.csv",
        "actors.csv",
        "places.csv",
        "tombstones.csv",
        "CHANGELOG.md",
    } <= digests(folder).keys()


def test_submitted_events_count_as_approved_until_a_second_person_joins(
    project: Project, ledger: Ledger
) -> None:
    ledger.save(a_save(1))
    assert release(project).rows == 1
    ledger.save(a_save(2, coder="ben"))
    ledger.save(a_save(3, coder="ben"))
    ledger.save(a_save(3, save_id="approval", event_key=2, base_revision=1, status="approved"))
    ledger.save(a_save(4, event_key=1, base_revision=1))

    report = release(project)

    assert (report.rows, report.held_back) == (1, 2)
    assert list(ids(report.folder).values()) == [3]


def test_an_edit_that_waits_for_approval_leaves_the_approved_state_in_the_release(
    project: Project, ledger: Ledger
) -> None:
    ledger.save(a_save(1, status="approved"))
    ledger.save(a_save(2, coder="ben", event_key=1, base_revision=1))

    assert ids(release(project).folder) == {"SYR1": 1}


def test_rows_that_the_schema_refuses_are_in_no_release(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1, values=a_row(fatalities=-1)))
    ledger.save(a_save(2))

    report = release(project)

    assert (report.rows, report.held_back) == (1, 1)
    assert list(ids(report.folder).values()) == [2]


def test_ids_of_coded_events_follow_after_imported_ones(project: Project, ledger: Ledger) -> None:
    append_rows(project, rows(project, {"event_id_cnty": "SYR40"}))
    ledger.save(a_save(3))

    assert ids(release(project).folder) == {"SYR40": 0, "SYR41": 3}


def test_a_difference_tells_added_changed_and_retracted(project: Project, ledger: Ledger) -> None:
    for number in (1, 2):
        ledger.save(a_save(number))
    release(project, "one")
    ledger.save(a_save(3, event_key=1, base_revision=1))
    ledger.retract(2, "ana", "", "duplicate")
    ledger.save(a_save(4))

    found = difference(project, "one", "now")

    assert (found.added, found.changed, found.removed) == (1, 1, 1)
    assert found.columns == {"fatalities": 1}
    assert found.lines()[1:] == [
        "fatalities changed in 1 event", "+ event 3", "~ SYR1 fatalities: 1 → 3", "- SYR2 (duplicate)",
    ]  # fmt: skip
    assert json.loads(json.dumps(found.to_json()))["columns"] == {"fatalities": 1}
    assert difference(project, "now", "now").added == 0
    with pytest.raises(UnusableInput, match="no release of this project"):
        difference(project, "one", "two")


def test_names_of_releases_are_checked(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    release(project, "one")

    for name, sentence in [("../evil", "cannot name"), ("one", "already")]:
        with pytest.raises(UnusableInput, match=sentence):
            release(project, name)
    with pytest.raises(UnusableInput, match="no release"):
        rebuild(project, "three")
