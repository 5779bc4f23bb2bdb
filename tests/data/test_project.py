"""A folder that is no project is told in one sentence that goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.project import Project
from schema.errors import ProjectError


def test_a_misspelt_project_is_told_the_one_beside_it(tmp_path: Path) -> None:
    Project.create(tmp_path / "salvador")
    with pytest.raises(ProjectError, match=r"salvadr; did you mean .*salvador\?$"):
        Project.open(tmp_path / "salvadr")
    with pytest.raises(ProjectError, match=r"sudan; make a project with: eventcoder new .*sudan$"):
        Project.open(tmp_path / "sudan")
