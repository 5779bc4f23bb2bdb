"""A backup holds one moment of a project that people work on, and gives it back."""

from __future__ import annotations

import shutil
import threading
import zipfile
from pathlib import Path

import pytest

from data.backup import backup, restore
from data.doctor import doctor
from data.fold import fold
from data.ledger import Ledger
from data.project import Project
from data.release import release
from data.views import connect
from schema.errors import EventcoderError
from tests.data.store.builders import a_save


def test_a_backup_taken_while_people_save_gives_back_one_moment(project: Project, tmp_path: Path) -> None:
    done = threading.Event()

    def work() -> None:
        with Ledger.open(project) as ledger:
            number = 0
            while not done.is_set():
                number += 1
                ledger.save(a_save(number))
            fold(project)

    with Ledger.open(project) as ledger:
        for number in range(3):
            ledger.save(a_save(save_id=f"first-{number}", values=a_save(number).values))
        release(project)
        writer = threading.Thread(target=work)
        writer.start()
        report = backup(project, tmp_path / "copy.zip")
        done.set()
        writer.join()

    again = restore(tmp_path / "copy.zip", tmp_path / "again")

    assert report.revisions >= 3
    assert doctor(again).ok
    with Ledger.open(again) as ledger, connect(again) as con:
        saves = [revision.save_id for revision in ledger.revisions()]
        assert len(saves) == report.revisions
        assert con.execute("SELECT count(*) FROM events").fetchall() == [(report.revisions,)]
    assert (again.releases_folder / "r1" / "events.csv").exists()


def test_wrong_files_and_places_get_one_sentence(project: Project, tmp_path: Path) -> None:
    (tmp_path / "there.zip").write_bytes(b"x")
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("eventcoder.toml", "format = 1")
        archive.writestr("../evil.txt", "x")
    for wrong in (
        lambda: backup(project, tmp_path / "there.zip"),
        lambda: backup(project, tmp_path / "nowhere" / "copy.zip"),
        lambda: restore(tmp_path / "there.zip", tmp_path / "new"),
        lambda: restore(tmp_path / "missing.zip", tmp_path / "new"),
        lambda: restore(tmp_path / "evil.zip", tmp_path / "new"),
        lambda: restore(tmp_path / "there.zip", project.folder),
    ):
        with pytest.raises(EventcoderError, match=r"^[^\n]+$"):
            wrong()
    assert not (tmp_path / "evil.txt").exists()
    assert not (tmp_path / "new").exists()


def test_a_backup_larger_than_the_disk_is_not_begun(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.zip"
    backup(project, kept)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(
        EventcoderError, match=r"needs .* MB and the disk has 0 MB free; nothing was unpacked"
    ):
        restore(kept, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    monkeypatch.undo()
    assert restore(kept, tmp_path / "new" / "folder" / "again").name == project.name
