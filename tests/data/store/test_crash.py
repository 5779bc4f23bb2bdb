"""Nothing that was acknowledged is lost when processes are killed, and nothing is doubled when many write at once.

`EVENTCODER_KILLS=200 EVENTCODER_SECONDS=30` runs it at the size of the project's bar.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.store_crash import Tally, check, prepared, run, start

KILLS = int(os.environ.get("EVENTCODER_KILLS", "8"))
SECONDS = float(os.environ.get("EVENTCODER_SECONDS", "2"))


def assert_sound(tally: Tally) -> None:
    assert (tally.lost, tally.doubled, tally.unreadable, tally.wrong) == (0, 0, 0, 0)


def test_processes_killed_while_they_save_fold_import_and_release_lose_nothing(tmp_path: Path) -> None:
    tally = run(KILLS, tmp_path / "project")

    assert tally.kills >= KILLS
    assert tally.acknowledged
    assert_sound(tally)


@pytest.mark.parametrize("writers", [8])
def test_concurrent_writers_lose_and_double_nothing(tmp_path: Path, writers: int) -> None:
    project, tally = prepared(tmp_path / "project"), Tally()
    workers = [start("write", project, f"writer{number}", SECONDS) for number in range(writers)]
    workers.append(start("fold", project, "folder", SECONDS))
    for worker in workers:
        for line in worker.communicate()[0].decode().splitlines():
            tally.heard(line)
        assert worker.returncode == 0

    check(project, tally)

    assert len(tally.acknowledged) > writers
    assert_sound(tally)
