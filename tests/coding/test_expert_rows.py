"""The rows that experts code from the sample articles, with the notes drafted for them, under every rule."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coding.candidate import Row
from coding.note import draft_note, note_disagreements
from schema.codebook import load_codebook
from schema.row_judge import RowJudge
from schema.rules import Severity

ARTICLES = Path(__file__).parents[2] / "benchmarks" / "articles.jsonl"
CODEBOOK = load_codebook()


def told() -> Iterator[tuple[dict[str, Any], Row]]:
    for line in ARTICLES.read_text("utf-8").splitlines():
        article = json.loads(line)
        for event in article["events"]:
            row = {name: value for name, value in event.items() if name != "evidence"}
            row |= {"source": article["source"], "source_scale": article["source_scale"]}
            row["event_date"] = datetime.date.fromisoformat(row["event_date"])
            yield article, row


ROWS = list(told())


@pytest.fixture(scope="module")
def judge() -> Iterator[RowJudge]:
    with RowJudge(CODEBOOK, today=datetime.date(2025, 1, 1)) as judge:
        yield judge


def test_there_are_at_least_thirty_events() -> None:
    assert len(ROWS) >= 30


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_an_expert_row_with_its_drafted_note_breaks_no_rule(judge: RowJudge, number: int) -> None:
    article, row = ROWS[number]
    coded = {column.name: row[column.name] for column in CODEBOOK.coded if column.name in row}
    coded["notes"] = draft_note({**coded, "event_type": row["event_type"]}, CODEBOOK)

    failures = judge.failures(coded, published=datetime.date.fromisoformat(article["published"]))

    assert [each for each in failures if each.severity is not Severity.HINT] == []
    assert note_disagreements(coded, CODEBOOK) == []


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_the_derived_columns_of_an_expert_row_are_those_of_the_codebook(judge: RowJudge, number: int) -> None:
    _, row = ROWS[number]
    coded = {column.name: row[column.name] for column in CODEBOOK.coded if column.name in row}

    derived = judge.derived(coded)

    names = ("year", "disorder_type", "event_type", "interaction", "civilian_targeting", "iso", "region")
    assert {name: derived.get(name) for name in names} == {name: row.get(name) for name in names}


def test_the_evidence_of_every_event_stands_in_its_article() -> None:
    for article, _ in ROWS:
        for event in article["events"]:
            assert all(words in article["text"] for words in event.get("evidence", {}).values())
