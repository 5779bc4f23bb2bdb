"""What the notes for analysts say is tried: the notebook from end to end, every code block, every table and word."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from data.export.request import SUFFIXES
from data.ready import VIEWS as READY_VIEWS
from data.summary import PERIODS, SPECIAL
from data.views import VIEWS
from data.words import WORDS
from tests.data.handover import made_project, rows

if TYPE_CHECKING:
    from data.project import Project

DOCS = Path(__file__).parents[2] / "docs"
NOTES = (DOCS / "analysts.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    from data.fold import fold

    made = made_project(tmp_path_factory.mktemp("notes") / "project")
    fold(made)
    return made


def _blocks(language: str, project: Project) -> list[str]:
    return [
        text.replace("PROJECT", str(project.folder))
        for text in re.findall(rf"```{language}\n(.*?)```", NOTES, re.DOTALL)
    ]


def test_the_notebook_runs_from_end_to_end(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EVENTCODER_PROJECT", str(project.folder))
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((DOCS / "analysis.ipynb").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
            assert cell["outputs"] == []
    assert len(names["frame"]) == len(rows())  # type: ignore[arg-type]
    assert len(names["deadly"]) == 3  # type: ignore[arg-type]


def test_every_python_block_of_the_notes_runs(
    project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = _blocks("python", project)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, {})
    assert (tmp_path / "out.parquet").exists()


def test_plain_duckdb_reads_the_dataset_as_the_notes_say(project: Project) -> None:
    (block,) = _blocks("sql", project)
    assert dict(duckdb.sql(block.strip().rstrip(";")).fetchall()) == {"Syria": 7, "Kenya": 4, "Iraq": 1}


def test_every_table_word_period_and_ending_is_in_the_notes() -> None:
    for name in (*VIEWS, *READY_VIEWS, *WORDS, *PERIODS, *SPECIAL):
        assert f"`{name}" in NOTES, name
    for suffix in {*SUFFIXES} - {".ndjson", ".geo.parquet"}:
        assert f"`{suffix}`" in NOTES, suffix
