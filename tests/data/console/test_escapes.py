"""No text that people type reads a file, writes one, changes a setting, or keeps the machine busy."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.console import Limits, ask, run_sql
from schema.errors import QueryError
from tests.data.console.attempts import ESCAPES, EXHAUSTING, THROUGH_THE_CONSOLE

if TYPE_CHECKING:
    from data.project import Project


def _state(folder: Path) -> dict[str, str]:
    """Every file below `folder`, with its content's hash; the ledger's own scratch files aside."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".work" not in path.parts and path.suffix not in (".sqlite-wal", ".sqlite-shm")
    }


def _spelled(sql: str, outside: Path, project: Project) -> str:
    return sql.format(
        secret=outside / "secret.txt",
        out=outside / "written",
        folder=outside,
        events=project.events_folder,
        project=project.folder,
    )


def test_there_are_at_least_sixty_ways_out_to_refuse() -> None:
    assert len(ESCAPES) >= 120
    assert len(THROUGH_THE_CONSOLE) >= 70
    assert len(EXHAUSTING) >= 10


@pytest.mark.parametrize(
    "name", ESCAPES if os.environ.get("EVENTCODER_ALL_ATTEMPTS") else THROUGH_THE_CONSOLE
)
def test_a_way_out_is_refused_with_one_sentence_and_leaves_no_trace(
    name: str, outside: Path, project: Project
) -> None:
    before = _state(outside)
    with pytest.raises(QueryError) as refusal:
        run_sql(project, _spelled(ESCAPES[name], outside, project), timeout_s=10)
    sentence = str(refusal.value)
    assert "canary" not in sentence
    assert "\n" not in sentence
    assert "ended without an answer" not in sentence
    assert _state(outside) == before


@pytest.mark.parametrize("name", EXHAUSTING)
def test_a_query_without_end_is_ended(name: str, project: Project) -> None:
    limits = Limits(seconds=0.5, memory_mib=400, address_space_mib=2500, answer_mib=20)
    with pytest.raises(QueryError, match=r"longer than|memory|larger than|cannot be answered"):
        ask(project, EXHAUSTING[name], limits)


def test_after_all_that_the_next_question_is_answered(project: Project) -> None:
    assert run_sql(project, "SELECT count(*) AS n FROM events").to_pylist() == [{"n": 12}]
