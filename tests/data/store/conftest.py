"""Small real projects for the tests of the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.ledger import Ledger
from data.project import Project
from tests.data.store.builders import an_article


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "project", name="test")


@pytest.fixture
def ledger(project: Project) -> Iterator[Ledger]:
    with Ledger.open(project) as ledger:
        yield ledger


@pytest.fixture
def article(ledger: Ledger) -> int:
    return ledger.add_article(an_article())[0]
