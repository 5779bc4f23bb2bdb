"""What is found when files are damaged or missing, and what is mended."""

from __future__ import annotations

import json
import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from data.append import append_rows
from data.doctor import DoctorReport, doctor
from data.fold import fold
from data.ledger import Ledger
from data.project import Project
from data.records import FIRST_IMPORTED_KEY, Evidence
from data.views import connect
from schema.errors import StoreError
from tests.data.store.builders import a_save, an_article
from tests.data.store.test_append import rows

FLIPS = int(os.environ.get("EVENTCODER_FLIPS", "6"))
"""Bits flipped in one run; 200 is the size of the project's bar."""


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with coded and imported events, folded, and one save after the fold."""
    project = Project.create(tmp_path_factory.mktemp("pattern") / "project")
    append_rows(project, rows(project, {"fatalities": 11}, {"fatalities": 12}))
    with Ledger.open(project) as ledger:
        article, _ = ledger.add_article(an_article())
        ledger.save(a_save(1, article_id=article, evidence=(Evidence("location", article, 0, 4, "Text"),)))
        ledger.save(a_save(2))
        fold(project)
        ledger.save(a_save(3, event_key=2, base_revision=1))
    return project.folder


@pytest.fixture
def worked(pattern: Path, tmp_path: Path) -> Project:
    """A copy of that project for one test."""
    return Project.open(shutil.copytree(pattern, tmp_path / "project"))


def seen(project: Project) -> list[int]:
    with connect(project) as con:
        return [row[0] for row in con.execute("SELECT fatalities FROM events ORDER BY event_key").fetchall()]


def part(project: Project, kind: str, *, imported: bool = False) -> Path:
    found = sorted(project.parts_folder.glob(f"{kind}-*"))
    return found[0] if imported or kind == "history" else found[-1]


def flip(path: Path, place: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 1
    path.write_bytes(content)


def repaired(project: Project) -> DoctorReport:
    first = doctor(project)
    assert not first.ok
    return doctor(project, repair=True)


def test_a_sound_project_is_found_sound(worked: Project) -> None:
    report = doctor(worked)

    assert report.ok
    assert report.lines()[0].endswith("in good health.")
    assert "2 pieces" not in " ".join(report.lines())
    assert json.loads(json.dumps(report.to_json()))["ok"]
    assert seen(worked) == [1, 3, 11, 12]


@pytest.mark.parametrize("damage", ["flip", "remove"])
@pytest.mark.parametrize("kind", ["events", "history"])
def test_damaged_parts_are_written_again_from_the_ledger(worked: Project, kind: str, damage: str) -> None:
    path = part(worked, kind)
    if damage == "flip":
        flip(path, 0.5)
    else:
        path.unlink()
        (worked.events_folder / path.name).unlink(missing_ok=True)

    report = repaired(worked)

    assert report.ok, report.lines()
    assert seen(worked) == [1, 3, 11, 12]
    with connect(worked) as con:
        assert con.execute("SELECT count(*) FROM revisions").fetchall() == [(5,)]


def test_a_part_that_only_lost_one_name_is_whole(worked: Project) -> None:
    part(worked, "events", imported=True).unlink()

    assert repaired(worked).ok
    assert seen(worked) == [1, 3, 11, 12]


def test_a_damaged_import_is_told_set_aside_and_brought_back_by_importing_again(worked: Project) -> None:
    flip(part(worked, "events", imported=True), 0.5)

    report = repaired(worked)

    assert not report.ok
    assert "2 imported events" in report.findings[0].line()
    assert len(list((worked.folder / "damaged").iterdir())) >= 1
    assert seen(worked) == [1, 3]
    append_rows(worked, rows(worked, {"fatalities": 11}, {"fatalities": 12}))
    assert seen(worked) == [1, 3, 11, 12]


def test_corrections_of_a_lost_import_stay_in_the_dataset(worked: Project) -> None:
    with Ledger.open(worked) as ledger:
        values = {**ledger.event(FIRST_IMPORTED_KEY).values, "fatalities": 15}
        ledger.save(a_save(5, event_key=FIRST_IMPORTED_KEY, base_revision=1, values=values))
    fold(worked)
    assert seen(worked) == [1, 3, 15, 12]
    live = sorted(worked.events_folder.glob("*.parquet"), key=lambda path: path.name)
    for path in live:
        flip(path, 0.5)

    report = repaired(worked)

    assert not report.ok
    assert seen(worked) == [1, 3, 15]


@pytest.mark.parametrize("damage", ["manifest", "stray", "link"])
def test_the_dataset_folder_is_brought_in_line(worked: Project, damage: str) -> None:
    if damage == "manifest":
        (worked.events_folder / "_manifest.json").unlink()
    elif damage == "stray":
        (worked.events_folder / "copy.parquet").write_bytes(b"")
    else:
        next(worked.events_folder.glob("*.parquet")).unlink()

    assert repaired(worked).ok
    assert doctor(worked).findings == ()


def close_all(project: Project) -> None:
    with Ledger.open(project) as ledger:
        ledger.checkpoint()


def test_a_ledger_with_unreadable_pages_is_saved_as_far_as_it_goes(worked: Project) -> None:
    fold(worked)
    close_all(worked)
    content = bytearray(worked.ledger_path.read_bytes())
    pages = len(content) // 4096
    for page in range(3, pages):
        content[page * 4096 : page * 4096 + 64] = bytes(64)
    worked.ledger_path.write_bytes(content)

    report = repaired(worked)

    assert seen(worked) == [1, 3, 11, 12], report.lines()
    assert list(worked.folder.glob("ledger-damaged-*.sqlite"))
    with Ledger.open(worked) as ledger:
        assert ledger.save(a_save(9)).event_key == 3
        assert [r.values["fatalities"] for r in ledger.history(2)] == [2, 3]


@pytest.mark.parametrize("damage", ["garbage", "missing"])
def test_a_lost_ledger_is_made_again_from_the_parts(worked: Project, damage: str) -> None:
    fold(worked)
    close_all(worked)
    if damage == "garbage":
        worked.ledger_path.write_bytes(b"nothing of SQLite" * 1000)
        with pytest.raises(StoreError, match="ledger is damaged"):
            Ledger.open(worked)
    else:
        worked.ledger_path.unlink()

    report = repaired(worked)

    assert report.ok
    assert "everything" in report.findings[0].line()
    assert seen(worked) == [1, 3, 11, 12]


def test_a_flipped_bit_inside_a_save_is_found_and_mended_from_the_history(worked: Project) -> None:
    with Ledger.open(worked) as ledger, ledger.writing() as db:
        db.execute(
            """UPDATE revision SET cells = replace(cells, '"fatalities":1', '"fatalities":5') WHERE seq = 1"""
        )

    report = repaired(worked)

    assert report.ok
    with Ledger.open(worked) as ledger:
        assert ledger.event(1).values["fatalities"] == 1


def test_a_damaged_article_and_wrong_evidence_are_told(worked: Project) -> None:
    with Ledger.open(worked) as ledger, ledger.writing() as db:
        db.execute("UPDATE article_text SET text = 'Test of article 1.'")

    told = " ".join(doctor(worked).lines())

    assert "text of article 1 is damaged" in told
    assert "Evidence of event 1" in told


def told(project: Project) -> tuple[object, ...]:
    """All that a project tells about events."""
    with Ledger.open(project) as ledger, connect(project) as con:
        revisions = list(ledger.revisions())
        articles = [ledger.article(summary.article_id).text for summary in ledger.articles()]
        return revisions, articles, con.execute("SELECT * FROM events ORDER BY event_key").fetchall()


def test_a_flipped_bit_anywhere_is_found_or_changes_nothing(pattern: Path, tmp_path: Path) -> None:
    random_ = random.Random(FLIPS)
    close_all(Project.open(pattern))
    expected = told(Project.open(shutil.copytree(pattern, tmp_path / "whole")))
    for number in range(FLIPS):
        project = Project.open(shutil.copytree(pattern, tmp_path / f"flip{number}"))
        path = random_.choice([*sorted(project.parts_folder.glob("*.parquet")), project.ledger_path])
        content = bytearray(path.read_bytes())
        place = random_.randrange(len(content))
        content[place] ^= 1 << random_.randrange(8)
        path.write_bytes(content)

        if doctor(project).ok:
            assert told(project) == expected, f"{path.name} at byte {place}"
        shutil.rmtree(project.folder)


def test_a_doctor_without_repair_changes_nothing(worked: Project) -> None:
    part(worked, "events").unlink()
    before = sorted(path.name for path in worked.folder.rglob("*"))

    doctor(worked)

    assert sorted(path.name for path in worked.folder.rglob("*")) == before
    assert replace(doctor(worked)).findings
