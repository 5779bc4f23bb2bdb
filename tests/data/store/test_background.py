"""A fold in the background ends with the saves in the dataset, or says why not."""

from __future__ import annotations

import time

import pytest

from data import background
from data.background import LOG, fold_in_background, fold_is_due
from data.ledger import Ledger
from data.project import Project
from data.status import status
from tests.data.store.builders import a_save


def settled(project: Project, log_says: str = "") -> None:
    """Wait for the fold that was started, as long as a loaded machine may need."""
    log = project.work_file(LOG)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if log_says and log_says in log.read_text():
            return
        if not log_says and list(project.events_folder.glob("*.parquet")):
            return
        time.sleep(0.1)
    pytest.fail(f"the fold did not end: {log.read_text()}")


def test_a_fold_in_the_background_brings_the_saves_into_the_dataset(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))

    fold_in_background(project)

    settled(project)
    assert status(project).unfolded == 0


def test_a_fold_that_cannot_be_leaves_a_sentence(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    settings = project.folder / "eventcoder.toml"
    settings.write_text(settings.read_text().replace("format = 1", "format = 99"))

    fold_in_background(project)

    settled(project, log_says="newer eventcoder")
    assert ledger.event(1).revision == 1


def test_a_fold_is_due_after_many_saves(
    project: Project, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "FOLD_AFTER", 2)
    ledger.save(a_save(1))
    assert not fold_is_due(project)
    ledger.save(a_save(2))
    assert fold_is_due(project)
