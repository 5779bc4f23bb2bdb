"""Nothing that was acknowledged is lost when processes are killed, and nothing is doubled when many write at once.

`EVENTCODER_KILLS=200 EVENTCODER_SECONDS=30` runs it at the size of the project's bar.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.store_crash import Tally, run
from benchmarks.store_power import NoLoopDevice
from benchmarks.store_power import run as cut_power
from benchmarks.store_writers import run as write_at_once

KILLS = int(os.environ.get("EVENTCODER_KILLS", "6"))
SECONDS = float(os.environ.get("EVENTCODER_SECONDS", "1"))


def assert_sound(tally: Tally) -> None:
    assert (tally.lost, tally.doubled, tally.unreadable, tally.wrong) == (0, 0, 0, 0)


def test_processes_killed_while_they_save_fold_import_and_release_lose_nothing(tmp_path: Path) -> None:
    tally = run(KILLS, tmp_path / "project")

    assert tally.kills >= KILLS
    assert tally.acknowledged
    assert_sound(tally)


def test_eight_concurrent_writers_lose_and_double_nothing(tmp_path: Path) -> None:
    tally = write_at_once(8, SECONDS, tmp_path / "project")

    assert len(tally.acknowledged) > 8
    assert len(set(tally.acknowledged.values())) == len(tally.acknowledged)
    assert_sound(tally)


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    try:
        tally = cut_power(max(1, KILLS // 20), tmp_path)
    except NoLoopDevice as reason:
        pytest.skip(f"no disk to cut the power of: {reason}")

    assert tally.acknowledged
    assert_sound(tally)
