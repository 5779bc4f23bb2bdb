"""A project whose rows are known, made once: the console cannot change it, and a test says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.data.handover import made_project

if TYPE_CHECKING:
    from data.project import Project


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder beside the project with a file that no query may read."""
    folder = tmp_path_factory.mktemp("outside")
    for name in ("secret.txt", "secret.txt.csv"):
        (folder / name).write_text("canary-4711\n")
    return folder


@pytest.fixture(scope="session")
def project(outside: Path) -> Project:
    return made_project(outside / "project")
