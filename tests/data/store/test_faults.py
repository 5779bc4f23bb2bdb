"""When disks fill, folders vanish or formats are newer: one sentence, and nothing acknowledged that is not kept."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.fold import fold
from data.ledger import Ledger, tables
from data.ledger import file as ledger_file
from data.locks import Lock
from data.project import Project, file_system, refuse_network
from data.release import rebuild
from data.views import connect
from schema.errors import EventcoderError, ProjectError, StoreError
from tests.data.store.builders import a_row, a_save

ROOT = os.geteuid() == 0 and Path("/bin/mount").exists()
SENTENCE = r"^[^\n]{20,400}$"


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 4 MB."""
    folder = Path(tempfile.mkdtemp())
    done = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if done.returncode:
        folder.rmdir()
        pytest.skip("this machine does not let a test mount a file system")
    yield folder
    subprocess.run(["/bin/umount", "-l", str(folder)], check=False)
    folder.rmdir()


@pytest.mark.skipif(not ROOT, reason="only root may mount a small disk")
def test_a_full_disk_loses_nothing_and_the_next_save_works_when_there_is_room(small_disk: Path) -> None:
    project = Project.create(small_disk / "project")
    kept: list[int] = []

    def fill(ledger: Ledger) -> None:
        while True:
            ledger.save(a_save(len(kept), values=a_row(notes="x" * 3000, fatalities=len(kept))))
            kept.append(len(kept))

    with Ledger.open(project) as ledger:
        with pytest.raises(StoreError, match="disk is full; nothing was saved"):
            fill(ledger)
        with pytest.raises(StoreError, match=SENTENCE):
            fold(project)
        assert [r.values["fatalities"] for r in ledger.revisions()] == kept
        subprocess.run(["/bin/mount", "-o", "remount,size=40m", str(small_disk)], check=True)
        ledger.save(a_save(99_999))
    with Ledger.open(project) as ledger:
        assert len(list(ledger.revisions())) == len(kept) + 1
    assert fold(project).folded == len(kept) + 1


@pytest.mark.skipif(not ROOT, reason="only root may mount a disk for reading")
def test_a_read_only_disk_can_be_read_and_says_why_it_cannot_be_written(small_disk: Path) -> None:
    project = Project.create(small_disk / "project")
    with Ledger.open(project) as ledger:
        ledger.save(a_save(1))
    fold(project)
    subprocess.run(["/bin/mount", "-o", "remount,ro", str(small_disk)], check=True)

    with connect(project) as con:
        assert con.execute("SELECT fatalities FROM events").fetchall() == [(1,)]
    with Ledger.open_to_read(project) as ledger:
        assert ledger.event(1).values["fatalities"] == 1
        with pytest.raises(StoreError, match="open for reading only; nothing was saved"):
            ledger.save(a_save(2))
    for act in (lambda: Ledger.open(project), lambda: fold(project)):
        with pytest.raises(EventcoderError, match=SENTENCE):
            act()


@pytest.mark.parametrize("way", ["removed", "moved", "replaced"])
def test_a_folder_that_is_gone_acknowledges_nothing(project: Project, ledger: Ledger, way: str) -> None:
    ledger.save(a_save(1))
    if way == "removed":
        shutil.rmtree(project.folder)
    else:
        project.folder.rename(project.folder.with_name("elsewhere"))
        if way == "replaced":
            Project.create(project.folder)

    with pytest.raises(StoreError, match="removed or replaced while it was open; nothing was saved"):
        ledger.save(a_save(2))


def test_a_damaged_ledger_is_told_in_one_sentence(project: Project) -> None:
    project.ledger_path.write_bytes(b"not SQLite" * 500)

    with pytest.raises(StoreError, match="damaged; stop working and run: eventcoder doctor"):
        Ledger.open(project)


def test_folders_that_are_no_projects_get_one_sentence(tmp_path: Path, project: Project) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "eventcoder.toml").write_bytes(b"\xff\xfe = [")
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "eventcoder.toml").write_text("name = 'x'")
    (tmp_path / "file").write_text("x")
    for wrong in ("missing", "odd", "bare", "file", "."):
        with pytest.raises(ProjectError, match=SENTENCE):
            Project.open(tmp_path / wrong)
    for taken in (project.folder, tmp_path / "odd", tmp_path / "file"):
        with pytest.raises(ProjectError, match=SENTENCE):
            Project.create(taken)


def test_newer_formats_are_refused(project: Project) -> None:
    with Ledger.open(project) as ledger:
        ledger.db.execute("PRAGMA user_version = 99")
    with pytest.raises(ProjectError, match="newer eventcoder"):
        Ledger.open(project)
    with pytest.raises(ProjectError, match="newer eventcoder"):
        Ledger.open_to_read(project)

    settings = project.folder / "eventcoder.toml"
    settings.write_text(settings.read_text().replace("format = 1", "format = 99"))
    with pytest.raises(ProjectError, match="newer eventcoder"):
        Project.open(project.folder)


def test_an_older_ledger_is_migrated_after_a_backup(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(project) as ledger:
        ledger.save(a_save(1))
    now = tables.LEDGER_FORMAT
    monkeypatch.setattr(ledger_file, "LEDGER_FORMAT", now + 1)
    monkeypatch.setitem(tables.STEPS, now, "CREATE TABLE added (x INTEGER);\nINSERT INTO added VALUES (7)")

    with Ledger.open(project) as ledger:
        assert ledger.db.execute("SELECT x FROM added").fetchall() == [(7,)]
        assert ledger.event(1).values["fatalities"] == 1

    copy = sqlite3.connect(project.folder / f"ledger-format-{now}.sqlite")
    assert copy.execute("SELECT count(*) FROM revision").fetchone() == (1,)
    assert copy.execute("PRAGMA user_version").fetchone() == (now,)
    copy.close()


def test_a_failed_migration_leaves_the_ledger_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger.open(project) as ledger:
        ledger.save(a_save(1))
    now = tables.LEDGER_FORMAT
    with monkeypatch.context() as patch:
        patch.setattr(ledger_file, "LEDGER_FORMAT", now + 1)
        patch.setitem(tables.STEPS, now, "CREATE TABLE added (x INTEGER);\nINSERT INTO nowhere VALUES (7)")
        with pytest.raises(StoreError, match=SENTENCE):
            Ledger.open(project)

    with Ledger.open(project) as ledger:
        assert ledger.event(1).revision == 1
        assert ledger.db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'added'").fetchone() == (0,)


def test_a_network_file_system_is_refused_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = f"/dev/sda / ext4 rw 0 0\nserver:/home {tmp_path}/my\\040share nfs4 rw 0 0\n"

    assert file_system(tmp_path / "my share" / "project", mounts) == "nfs4"
    assert file_system(tmp_path / "my shared", mounts) == "ext4"
    monkeypatch.setattr("data.project.file_system", lambda folder: "nfs4")
    with pytest.raises(ProjectError, match="network file system"):
        refuse_network(tmp_path)


def test_a_lock_of_a_dead_process_holds_nobody_up(project: Project) -> None:
    path = project.work_file("write.lock")
    program = (
        f"import fcntl, os, time; handle = os.open({str(path)!r}, os.O_RDWR); fcntl.flock(handle, fcntl.LOCK_EX); "
        "os.ftruncate(handle, 0); os.pwrite(handle, str(os.getpid()).encode(), 0); "
        "print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    lock = Lock(project.work_file("write.lock"))

    with pytest.raises(StoreError, match=rf"process {holder.pid}\b.* busy"), lock.held(patience_s=0.05):
        pass
    holder.kill()
    holder.communicate()

    with lock.held(patience_s=2), Ledger.open_to_read(project) as ledger:
        assert list(ledger.revisions()) == []
    lock.close()


def test_a_second_fold_gives_way_when_asked_to(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    lock = Lock(project.work_file("fold.lock"))
    with lock.held():
        assert fold(project, wait=False).busy
    assert fold(project, wait=False).folded == 1
    lock.close()


def test_every_failing_call_of_a_fold_leaves_the_state_before_or_after(
    project: Project, ledger: Ledger
) -> None:
    """Each link, rename, fsync and unlink of a fold is made to fail once."""
    ledger.save(a_save(1))
    calls = 0
    for failing in range(100):
        patch = pytest.MonkeyPatch()
        count = 0

        def broken(real: object, failing: int = failing) -> object:
            def call(*arguments: object, **options: object) -> object:
                nonlocal count
                count += 1
                if count - 1 == failing:
                    raise OSError(5, "Input/output error")
                return real(*arguments, **options)  # type: ignore[operator]

            return call

        for name in ("link", "fsync", "replace", "unlink"):
            patch.setattr(os, name, broken(getattr(os, name)))
        ledger.save(a_save(100 + failing, event_key=1, base_revision=ledger.event(1).revision))
        try:
            fold(project)
        except StoreError as error:
            assert "\n" not in str(error)
        finally:
            patch.undo()
        with connect(project) as con:
            assert con.execute("SELECT fatalities FROM events").fetchall() == [(100 + failing,)]
        calls = count
        if count <= failing:
            break
    assert calls > 5
    fold(project)
    assert len(list(project.events_folder.glob("*.parquet"))) == 1


def test_a_long_reader_holds_up_no_save_when_the_log_is_large(
    project: Project, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "CHECKPOINT_BYTES", 50_000)
    with Ledger.open(project) as writer, Ledger.open(project) as reader, reading_for_long(reader):
        started = time.monotonic()
        for number in range(30):
            writer.save(a_save(number))
        # A save that waited for the reader would have waited a minute.
        assert time.monotonic() - started < 50
    assert len(list(ledger.revisions())) == 30


@contextmanager
def reading_for_long(reader: Ledger) -> Iterator[None]:
    with reader.reading() as db:
        db.execute("SELECT count(*) FROM revision").fetchone()
        yield


def test_a_ledger_from_a_stranger_names_no_files_elsewhere(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    fold(project)
    with ledger.writing() as db:
        db.execute("UPDATE part SET file = '../../elsewhere.parquet' WHERE kind = 'events'")
        db.execute("INSERT INTO release VALUES (1, '../../elsewhere', 0, 0, 1, '', 'building')")

    with pytest.raises(StoreError, match="which no part is called"):
        connect(project)
    with pytest.raises(StoreError, match="which no release is called"):
        rebuild(project, "r1")
