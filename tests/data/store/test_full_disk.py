"""Wherever a disk fills up, within a few kilobytes of any step: what was acknowledged is there, the rest gets one sentence."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.doctor import doctor
from data.export.write import export_events
from data.fold import fold
from data.ledger import Ledger
from data.project import Project
from data.views import connect
from schema.errors import EventcoderError
from tests.data.store.builders import a_row, a_save

PAGE = 4096
STEPS = range(50)
SENTENCE = re.compile(r"[^\n]{20,400}")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own of 8 MB."""
    folder = Path(tempfile.mkdtemp())
    try:
        done = subprocess.run(
            ["/bin/mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)],
            check=False,
            capture_output=True,
        )
    except FileNotFoundError:
        done = None
    if done is None or done.returncode:
        folder.rmdir()
        pytest.skip("this machine does not let a test mount a file system")
    yield folder
    subprocess.run(["/bin/umount", "-l", str(folder)], check=False)
    folder.rmdir()


def leave_free(disk: Path, pages: int) -> None:
    """Fill the disk up to this many pages of 4 KiB."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    free = os.statvfs(disk)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(free.f_bavail * free.f_frsize - pages * PAGE, 1))


def counted(project: Project, expected: int) -> None:
    """The dataset can be asked, and tells every acknowledged event."""
    with connect(project) as con:
        assert con.execute("SELECT count(*) FROM events").fetchall() == [(expected,)]


def tried(act: object, *arguments: object) -> bool:
    """Whether it was done; if not, one sentence says why."""
    try:
        act(*arguments)  # type: ignore[operator]
    except EventcoderError as error:
        assert SENTENCE.fullmatch(str(error)), error
        assert "full" in str(error) or "No space left" in str(error), error
        return False
    return True


def test_saves_at_every_step_are_kept_or_refused_and_go_on_when_there_is_room(small_disk: Path) -> None:
    project = Project.create(small_disk / "project")
    kept: list[int] = []
    with Ledger.open(project) as ledger:
        for step in STEPS:
            leave_free(small_disk, step)
            save = a_save(step, values=a_row(notes="x" * 3000, fatalities=step))
            if tried(ledger.save, save):
                kept.append(step)
            with Ledger.open_to_read(project) as reader:
                assert [r.values["fatalities"] for r in reader.revisions()] == kept
        assert 0 < len(kept) < len(STEPS), "some steps must have room and some must have none"
        (small_disk / "ballast").unlink()
        ledger.save(a_save(1000))
    assert fold(project).folded == len(kept) + 1
    assert doctor(project).ok


def test_folds_and_exports_at_every_step_leave_the_state_before_or_after(small_disk: Path) -> None:
    project = Project.create(small_disk / "project")
    out = small_disk / "events.parquet"
    folded: list[bool] = []
    read: list[bool] = []
    exported: list[bool] = []
    for step in STEPS[::3]:
        (small_disk / "ballast").unlink(missing_ok=True)
        with Ledger.open(project) as ledger:
            ledger.save(a_save(step, values=a_row(fatalities=step)))
        leave_free(small_disk, 2 * step)
        folded.append(tried(fold, project))
        read.append(tried(lambda expected=step // 3 + 1: counted(project, expected)))
        exported.append(tried(lambda: export_events(project, out, overwrite=True)))
        left = {path.name for path in small_disk.iterdir()}
        assert left <= {"project", "ballast", out.name}, "no half-written file stays"
    (small_disk / "ballast").unlink()
    for outcomes in (folded, read, exported):
        assert set(outcomes) == {True, False}, "some steps must have room and some must have none"
    fold(project)
    assert doctor(project).ok
