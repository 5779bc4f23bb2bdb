"""An import brings every row that passes into the dataset, keeps the others apart, and loses nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import data
from data.check import check
from data.export import export_events
from data.fold import fold
from data.importing import _Sent, import_events, imports, original_rows
from data.ledger import Ledger
from data.project import Project
from data.records import FIRST_IMPORTED_KEY
from schema.errors import UnusableInput
from tests.data.event_file import vintage_rows as made
from tests.data.store.builders import a_save


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "project")


def exported(project: Project, path: Path, **options: str) -> list[dict[str, str]]:
    export_events(project, path, **options)
    with path.open(newline="", encoding="utf-8") as stream:
        return sorted(csv.DictReader(stream), key=lambda row: row["event_id_cnty"])


def test_a_v4_file_comes_out_again_cell_by_cell(tmp_path: Path, project: Project) -> None:
    rows = made.as_v4(made.events())
    report = import_events(project, made.write_csv(tmp_path / "events.csv", rows))

    assert (report.vintage, report.rows, report.added, report.set_aside_count) == ("V4", 70, 70, 0)
    assert report.repairs == ()
    assert exported(project, tmp_path / "out.csv") == rows


def test_a_v3_file_comes_out_again_but_for_its_repairs(tmp_path: Path, project: Project) -> None:
    rows = made.as_v3(made.events())
    report = import_events(project, made.write_csv(tmp_path / "events.csv", rows))

    assert report.added == 70
    assert {repair.what for repair in report.repairs} == {
        "actor type codes written as labels",
        "interaction codes and old interaction labels written as today's labels",
    }
    coded = {"inter1", "inter2", "interaction"}
    for before, after in zip(rows, exported(project, tmp_path / "out.csv"), strict=True):
        assert {k: v for k, v in before.items() if k not in coded} == {
            k: v for k, v in after.items() if k not in coded
        }
    back = [
        row | {"inter2": row["inter2"] or "0"}
        for row in exported(project, tmp_path / "codes.csv", inter_codes="numeric")
    ]
    assert back == rows


def test_a_cell_that_comes_out_otherwise_is_among_the_listed_repairs(
    tmp_path: Path, project: Project
) -> None:
    rows = made.as_v4(made.events(6))
    spelled = [
        ("9", "7.0"),
        ("6.6000", "3.5"),
        ("6.61234567", "-0.5"),
        ("+6.5", "3.25"),
        ("6.5", "3.25"),
        ("6.5", "3.25"),
    ]
    for row, (latitude, longitude) in zip(rows, spelled, strict=True):
        row["latitude"], row["longitude"] = latitude, longitude
    rows[4]["notes"] = 'On 21 January 2022, two  blanks, "quotes", São Tomé; 3 fatalities.'
    report = import_events(project, made.write_csv(tmp_path / "events.csv", rows))
    out = exported(project, tmp_path / "out.csv")

    changed = [
        (a["event_id_cnty"], name) for a, b in zip(rows, out, strict=True) for name in a if a[name] != b[name]
    ]
    assert changed == [("NIG1000", "latitude"), ("NIG1001", "latitude"), ("NIG1003", "latitude")]
    assert [(one.what.partition(" (")[0], one.rows) for one in report.repairs] == [
        ("decimal numbers spelled otherwise", 3)
    ]


@pytest.mark.parametrize("vintage", ["V1", "V2"])
def test_older_files_are_mapped_to_todays_columns(tmp_path: Path, project: Project, vintage: str) -> None:
    rows = made.as_v1(made.events()) if vintage == "V1" else made.as_v2(made.events())
    report = import_events(project, made.write_csv(tmp_path / "events.csv", rows))

    assert (report.vintage, report.added, report.set_aside_count) == (vintage, 70, 0), report.set_aside[:3]
    with data.connect(project) as con:
        found = con.execute(
            "SELECT count(*), count(DISTINCT region), min(region), count(iso), max(disorder_type) FROM events"
        ).fetchone()
    # Without a sub-event type only the battles of V1 tell theirs.
    disorder = "Political violence" if vintage == "V1" else "Strategic developments"
    assert found == (70, 1, "Western Africa", 70, disorder)


def test_the_same_file_again_changes_nothing_and_a_newer_one_updates_by_id(
    tmp_path: Path, project: Project
) -> None:
    rows = made.as_v4(made.events())
    path = made.write_csv(tmp_path / "events.csv", rows)
    import_events(project, path)
    again = import_events(project, path)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 70)

    newer = [
        row | {"fatalities": "9", "notes": row["notes"].replace("4 fatalities", "9 fatalities")}
        if row["event_id_cnty"] == "NIG1007"
        else row
        for row in rows
    ]
    newer += made.as_v4(made.events(72))[70:]
    report = import_events(project, made.write_csv(tmp_path / "newer.csv", newer))

    assert (report.added, report.changed, report.unchanged) == (2, 1, 69)
    assert [row["fatalities"] for row in exported(project, tmp_path / "out.csv")][7] == "9"


def test_rows_with_errors_are_kept_apart_and_can_be_mended(tmp_path: Path, project: Project) -> None:
    rows = made.as_v4(made.events())
    rows[3] = rows[3] | {"sub_event_type": "Armed clash"}
    rows[5] = rows[5] | {"latitude": "north"}
    text = (
        made.csv_text(rows)
        + "NIG9,only,four,cells,\n"
        + made.csv_text(made.as_v4(made.events(71))[70:]).splitlines()[1]
        + "\n"
    )
    (tmp_path / "events.csv").write_text(text)
    report = import_events(project, tmp_path / "events.csv")

    assert (report.rows, report.added, report.set_aside_count) == (72, 69, 3)
    assert report.added + report.set_aside_count == report.rows
    assert {(one.row, one.event_id) for one in report.set_aside} == {(5, "NIG1003"), (7, "NIG1005"), (72, "")}
    assert report.set_aside_path is not None
    with report.set_aside_path.open(newline="") as stream:
        aside = list(csv.DictReader(stream))
    assert [row["event_id_cnty"] for row in aside] == ["NIG1003", "NIG1005", ""]
    assert "only,four" in aside[2]["why"]

    mended = [
        row | {"sub_event_type": "Attack"}
        if row["event_id_cnty"] == "NIG1003"
        else row | {"latitude": "6.6194"}
        for row in aside[:2]
    ]
    second = import_events(project, made.write_csv(tmp_path / "mended.csv", mended))
    assert (second.added, second.set_aside_count) == (2, 0)


def test_the_lines_that_are_remembered_do_not_hold_the_rows_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    """A view of one column keeps its whole batch, which was three gigabytes for three million rows."""
    seen = []
    noting = _Sent.note_refusals
    monkeypatch.setattr(
        _Sent, "note_refusals", lambda sent, appended: (seen.extend(sent.lines), noting(sent, appended))
    )
    import_events(project, made.write_csv(tmp_path / "events.csv", made.as_v4(made.events())))

    assert [(len(lines), lines.flags.owndata) for lines in seen] == [(70, True)]


def test_imported_events_lie_by_country_and_day(tmp_path: Path, project: Project) -> None:
    rows = made.as_v4(made.events())[::-1]
    import_events(project, made.write_csv(tmp_path / "events.csv", rows))
    with data.connect(project) as con:
        days = [day for (day,) in con.sql("SELECT event_date FROM events ORDER BY event_key").fetchall()]

    assert days == sorted(days)


def test_the_original_is_kept_byte_for_byte_with_its_extra_columns(tmp_path: Path, project: Project) -> None:
    rows = [row | {"countycode": "047"} for row in made.as_v2(made.events())]
    path = made.write_csv(tmp_path / "events.csv", rows, end="\r\n", encoding="utf-8-sig")
    report = import_events(project, path)

    assert report.original_path.read_bytes() == path.read_bytes()
    assert original_rows(project, report.import_id).to_pylist() == rows
    assert [one["import_id"] for one in imports(project)] == [report.import_id]


def test_a_file_that_is_refused_leaves_nothing_behind(tmp_path: Path, project: Project) -> None:
    (tmp_path / "events.csv").write_text("name,age\nx,1\n")
    with pytest.raises(UnusableInput):
        import_events(project, tmp_path / "events.csv")

    assert imports(project) == []
    assert not any((project.folder / "imports").glob("*"))
    with pytest.raises(UnusableInput, match="There is no import 7"):
        original_rows(project, 7)


def test_events_that_were_not_released_yet_have_no_ids_and_are_added(
    tmp_path: Path, project: Project
) -> None:
    rows = [row | {"event_id_cnty": "", "timestamp": ""} for row in made.as_v4(made.events())]
    path = made.write_csv(tmp_path / "events.csv", rows)
    report = import_events(project, path)

    assert check(path).rows_with_errors == 0
    assert (report.added, report.set_aside_count) == (70, 0)
    assert (
        "event_id_cnty is empty in every row: it is given at release, and was not asked for" in report.notes
    )


def without_ids(count: int = 70) -> list[made.Row]:
    return [row | {"event_id_cnty": "", "timestamp": ""} for row in made.as_v4(made.events(count))]


@pytest.mark.parametrize("folded", [False, True], ids=["in the ledger", "in the dataset"])
@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx", "geojson"])
def test_ones_own_export_before_a_release_adds_nothing(
    tmp_path: Path, project: Project, suffix: str, folded: bool
) -> None:
    with Ledger.open(project) as ledger:
        for number in range(1, 4):
            ledger.save(a_save(number))
    if folded:
        fold(project)
    path = tmp_path / f"events.{suffix}"
    export_events(project, path)
    report = import_events(project, path)

    assert (report.rows, report.added, report.changed, report.unchanged) == (3, 0, 0, 3)
    assert report.known_by_content == report.to_json()["known_by_content"] == 3
    with data.connect(project) as con:
        assert con.execute("SELECT count(*), sum(fatalities) FROM events").fetchone() == (3, 6)


def test_rows_without_ids_are_known_by_what_was_coded(tmp_path: Path, project: Project) -> None:
    rows = without_ids()
    import_events(project, made.write_csv(tmp_path / "events.csv", rows))
    rows[7]["fatalities"] = "9"
    rows[7]["notes"] = rows[7]["notes"].replace("4 fatalities", "9 fatalities")
    newer = [row | {"timestamp": "1700000000"} for row in [*rows[::-1], without_ids(71)[70]]]
    report = import_events(project, made.write_csv(tmp_path / "newer.csv", newer))

    assert (report.added, report.unchanged, report.known_by_content) == (2, 69, 69)
    with data.connect(project) as con:
        assert con.execute("SELECT count(*) FROM events").fetchone() == (72,)


def test_events_without_ids_that_come_again_with_ids_are_given_them(tmp_path: Path, project: Project) -> None:
    without = without_ids()
    import_events(project, made.write_csv(tmp_path / "events.csv", [*without, without[4]]))
    rows = made.as_v4(made.events(72))
    path = made.write_csv(tmp_path / "named.csv", rows)
    report = import_events(project, path)

    assert (report.added, report.changed, report.given_ids) == (2, 70, 70)
    assert report.to_json()["given_ids"] == 70
    with data.connect(project) as con:
        told = con.execute("SELECT count(*), count(DISTINCT event_id_cnty), count(event_id_cnty) FROM events")
        assert told.fetchone() == (73, 72, 72)
    again = import_events(project, path)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 72)


def test_an_exact_copy_of_a_row_without_id_is_kept_and_told(tmp_path: Path, project: Project) -> None:
    rows = without_ids(5)
    path = made.write_csv(tmp_path / "events.csv", [*rows, rows[2], rows[2]])
    report = import_events(project, path)

    assert report.added == 7
    (told,) = (note for note in report.notes if "same" in note)
    assert told.startswith("2 rows without an id are the same as another row in every cell")
    assert told in check(path).notes


@pytest.mark.parametrize("column", ["notes", "source"])
def test_rows_that_do_not_tell_incidents_apart_are_never_taken_as_known(
    tmp_path: Path, project: Project, column: str
) -> None:
    rows = without_ids(3)
    import_events(project, made.write_csv(tmp_path / "events.csv", rows))
    thin = [{name: cell for name, cell in row.items() if name != column} for row in rows]
    report = import_events(project, made.write_csv(tmp_path / "thin.csv", thin))

    assert report.known_by_content == 0


def test_a_row_without_an_id_that_a_person_corrected_stays_as_the_person_left_it(
    tmp_path: Path, project: Project
) -> None:
    path = made.write_csv(tmp_path / "events.csv", without_ids())
    import_events(project, path)
    with Ledger.open(project) as ledger:
        for key, change in ((FIRST_IMPORTED_KEY, {"fatalities": 8}), (FIRST_IMPORTED_KEY + 1, {})):
            before = ledger.event(key)
            ledger.save(a_save(key, event_key=key, base_revision=1, values={**before.values, **change}))
    for _ in range(2):
        report = import_events(project, path)
        assert (report.added, report.kept, report.unchanged, report.known_by_content) == (0, 1, 69, 69)
        fold(project)


@pytest.mark.parametrize("folded", [False, True], ids=["in the ledger", "in the dataset"])
def test_ids_that_come_later_leave_corrections_and_retractions_as_people_made_them(
    tmp_path: Path, project: Project, folded: bool
) -> None:
    without = without_ids(6)
    import_events(project, made.write_csv(tmp_path / "events.csv", [*without, without[5]]))
    corrected, retracted, alike = FIRST_IMPORTED_KEY, FIRST_IMPORTED_KEY + 1, FIRST_IMPORTED_KEY + 5
    with Ledger.open(project) as ledger:
        for key, changes in (
            (corrected, {"values": {**ledger.event(corrected).values, "fatalities": 8}}),
            (retracted, {"values": ledger.event(retracted).values, "status": "retracted", "why": "no event"}),
            (alike, {"values": ledger.event(alike).values, "status": "retracted", "why": "told twice"}),
        ):
            ledger.save(a_save(key, event_key=key, base_revision=1, **changes))
    if folded:
        fold(project)
    path = made.write_csv(tmp_path / "named.csv", made.as_v4(made.events(7)))
    report = import_events(project, path)

    assert (report.added, report.changed, report.given_ids, report.kept) == (1, 4, 4, 2)
    for _ in range(2):
        with data.connect(project) as con:
            found = con.execute(
                "SELECT event_key, fatalities, event_id_cnty FROM events ORDER BY 1"
            ).fetchall()
            states = con.execute("SELECT event_key, revision FROM revisions").fetchall()
        assert len(found) == 6
        assert found[0] == (corrected, 8, None)
        assert retracted not in {key for key, *_ in found}
        assert len(states) == len(set(states)), "two states of one event have one number"
        fold(project)
        again = import_events(project, path)
        assert (again.added, again.changed, again.unchanged, again.kept) == (0, 0, 5, 2)


def test_an_event_that_was_given_its_id_before_it_was_corrected_settles_no_other_row(
    tmp_path: Path, project: Project
) -> None:
    import_events(project, made.write_csv(tmp_path / "events.csv", without_ids(2)))
    rows = made.as_v4(made.events(2))
    import_events(project, made.write_csv(tmp_path / "named.csv", rows))
    with Ledger.open(project) as ledger:
        values = {**ledger.event(FIRST_IMPORTED_KEY).values, "fatalities": 8}
        ledger.save(a_save(1, event_key=FIRST_IMPORTED_KEY, base_revision=2, values=values))
    other = rows[0] | {"event_id_cnty": "NIG9999"}
    report = import_events(project, made.write_csv(tmp_path / "more.csv", [*rows, other]))

    assert (report.added, report.unchanged, report.kept) == (1, 1, 1)


def test_rows_with_ids_are_not_compared_by_content(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.same_content._standing", None)
    path = made.write_csv(tmp_path / "events.csv", made.as_v4(made.events()))
    import_events(project, path)

    assert import_events(project, path).unchanged == 70
