"""A project whose rows are known, made once: an export only reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.data.handover import made_project

if TYPE_CHECKING:
    from data.project import Project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return made_project(tmp_path_factory.mktemp("handover") / "project")
