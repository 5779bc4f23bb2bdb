"""A demo project of its own for each test of the desk."""

import shutil
from pathlib import Path

import pytest

from coding.demo import demo_project
from data.project import Project


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "demo"
    demo_project(folder)
    return folder


@pytest.fixture
def project(demo_template: Path, tmp_path: Path) -> Project:
    shutil.copytree(demo_template, tmp_path / "demo")
    return Project.open(tmp_path / "demo")
