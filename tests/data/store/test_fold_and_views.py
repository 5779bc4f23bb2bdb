"""What a fold brings into the dataset, and what the views show before and after."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.fold import FoldReport, fold
from data.ledger import Ledger
from data.parts import Part
from data.project import Project
from data.records import Evidence
from data.views import VIEWS, connect
from schema.errors import StoreError
from tests.data.store.builders import a_row, a_save, an_article


def ask(project: Project, sql: str, **options: Any) -> list[tuple[Any, ...]]:
    with connect(project, **options) as con:
        return list(con.execute(sql).fetchall())


def fatalities(project: Project) -> dict[int, int]:
    return dict(ask(project, "SELECT event_key, fatalities FROM events ORDER BY ALL"))


def test_an_empty_project_has_every_view_with_its_columns(project: Project) -> None:
    for view in VIEWS:
        assert ask(project, f"SELECT count(*) FROM {view}")[0][0] >= 0
    assert ask(project, "SELECT event_date, actor1, event_key, origin FROM events") == []


def test_the_views_show_the_last_save_before_and_after_a_fold(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    ledger.save(a_save(2))

    assert fatalities(project) == {1: 1, 2: 2}
    assert fold(project).folded == 2
    assert fatalities(project) == {1: 1, 2: 2}

    ledger.save(a_save(3, event_key=1, base_revision=1))
    ledger.save(a_save(4))

    assert fatalities(project) == {1: 3, 2: 2, 3: 4}
    assert fold(project).folded == 2
    assert fatalities(project) == {1: 3, 2: 2, 3: 4}
    assert fold(project) == FoldReport(0)


def test_derived_columns_follow_in_the_tail_and_in_the_parts(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1, values=a_row(year=1999, event_type="Protests")))
    sql = "SELECT year, event_type, disorder_type, interaction, iso, region, civilian_targeting, event_id_cnty FROM events"

    before = ask(project, sql)
    fold(project)

    assert before == [
        (2024, "Battles", "Political violence", "State forces-Rebel group", 760, "Middle East", None, None)
    ]
    assert ask(project, sql) == before


def test_retracted_events_leave_the_dataset_and_stay_in_the_revisions(
    project: Project, ledger: Ledger
) -> None:
    ledger.save(a_save(1))
    ledger.save(a_save(2))
    fold(project)
    ledger.retract(1, "ana", "not ours")

    for _ in range(2):
        assert fatalities(project) == {2: 2}
        assert ask(project, "SELECT status FROM revisions WHERE event_key = 1 ORDER BY revision") == [
            ("submitted",), ("retracted",),
        ]  # fmt: skip
        assert ask(project, "SELECT event_key, status FROM codings ORDER BY ALL") == [
            (1, "retracted"),
            (2, "submitted"),
        ]
        fold(project)


def test_drafts_and_returned_events_are_codings_but_not_in_the_dataset(
    project: Project, ledger: Ledger
) -> None:
    ledger.save(a_save(1, status="returned"))
    ledger.save(a_save(2, status="approved"))

    for _ in range(2):
        assert fatalities(project) == {2: 2}
        assert ask(project, "SELECT count(*) FROM codings") == [(2,)]
        fold(project)


def test_any_program_reads_the_dataset_folder(project: Project, ledger: Ledger) -> None:
    for number in range(1, 4):
        ledger.save(a_save(number))
        fold(project)
    ledger.save(a_save(9, event_key=2, base_revision=1))
    ledger.retract(3, "ana", "")
    fold(project)

    assert sorted(pd.read_parquet(project.events_folder)["fatalities"]) == [1, 9]
    found = duckdb.sql(
        f"SELECT event_key, fatalities FROM read_parquet('{project.events_folder}/*.parquet') ORDER BY ALL"
    ).fetchall()

    assert found == [(1, 1), (2, 9)]
    manifest = json.loads((project.events_folder / "_manifest.json").read_bytes())
    assert sum(file["rows"] for file in manifest["files"]) == 2
    for file in manifest["files"]:
        path = project.events_folder / file["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
        assert path.stat().st_size == file["bytes"]
        assert pq.read_table(path, page_checksum_verification=True).num_rows == file["rows"]


def test_a_fold_tells_how_far_it_is(project: Project, ledger: Ledger) -> None:
    told: list[tuple[int, int]] = []
    for number in range(1, 4):
        ledger.save(a_save(number))
    fold(project)
    ledger.save(a_save(9, event_key=2, base_revision=1))
    ledger.save(a_save(4))

    fold(project, progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]


def test_repeated_folds_leave_few_parts(project: Project, ledger: Ledger) -> None:
    for number in range(1, 7):
        ledger.save(a_save(number))
        fold(project)

    assert len(list(project.events_folder.glob("*.parquet"))) <= 3
    assert fatalities(project) == {n: n for n in range(1, 7)}


def test_a_fold_of_old_and_new_events_together_doubles_none(project: Project, ledger: Ledger) -> None:
    for number in range(1, 7):
        ledger.save(a_save(number))
    fold(project)
    ledger.save(a_save(7))
    fold(project)
    ledger.save(a_save(10, event_key=1, base_revision=1))
    ledger.save(a_save(8))
    fold(project)

    expected = [(1, 10), *((n, n) for n in range(2, 9))]
    assert ask(project, "SELECT event_key, fatalities FROM events ORDER BY ALL") == expected


def test_a_row_that_breaks_a_rule_is_held_back_with_its_reason_until_it_is_mended(
    project: Project, ledger: Ledger
) -> None:
    ledger.save(a_save(1, values=a_row(fatalities=-1)))
    ledger.save(a_save(2))

    report = fold(project)

    assert [(r.event_key, "fatalities" in r.rule_id) for r in report.refused] == [(1, True)]
    assert fatalities(project) == {2: 2}
    assert ledger.event(1).values["fatalities"] == -1
    assert fold(project).refused == report.refused

    ledger.save(a_save(3, event_key=1, base_revision=1))

    assert fold(project).refused == ()
    assert fatalities(project) == {1: 3, 2: 2}


def test_a_value_its_column_cannot_hold_is_held_back(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1, values=a_row(fatalities="many")))

    assert [r.rule_id for r in fold(project).refused] == ["type-fatalities"]
    assert fatalities(project) == {}


def test_a_refused_correction_leaves_the_accepted_state_in_the_dataset(
    project: Project, ledger: Ledger
) -> None:
    ledger.save(a_save(1))
    fold(project)
    ledger.save(a_save(2, event_key=1, base_revision=1, values=a_row(fatalities=-5)))

    fold(project)

    assert fatalities(project) == {1: 1}


def test_a_save_during_a_fold_is_not_lost(
    project: Project, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    import data.fold as module
    from data.parts import write_part as write

    ledger.save(a_save(1))

    def save_then_write(*arguments: Any) -> Any:
        monkeypatch.setattr(module, "write_part", write)
        with Ledger.open(project) as other:
            other.save(a_save(2, event_key=1, base_revision=1))
        return write(*arguments)

    monkeypatch.setattr(module, "write_part", save_then_write)
    fold(project)

    assert fatalities(project) == {1: 2}
    fold(project)
    assert fatalities(project) == {1: 2}


def test_a_reader_keeps_its_picture_while_parts_are_replaced(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    fold(project)
    con = connect(project)
    for number in (2, 3):
        ledger.save(a_save(number, event_key=1, base_revision=number - 1))
        fold(project)

    assert con.execute("SELECT fatalities FROM events").fetchall() == [(1,)]
    assert con.execute("SELECT count(*) FROM revisions").fetchall() == [(1,)]
    con.close()
    del con
    ledger.save(a_save(8))
    fold(project)

    live = {path.name for path in project.events_folder.glob("*.parquet")}
    assert {path.name for path in project.parts_folder.glob("events-*")} == live


def test_evidence_and_articles_are_tables_too(project: Project, ledger: Ledger) -> None:
    article, _ = ledger.add_article(an_article())
    ledger.save(a_save(1, article_id=article, evidence=(Evidence("location", article, 0, 4, "Text"),)))
    sql = "SELECT event_key, field, start_offset, end_offset, quote, title FROM evidence JOIN articles USING (article_id)"

    for _ in range(2):
        assert ask(project, sql) == [(1, "location", 0, 4, "Text", "Title 1")]
        fold(project)


def test_the_dataset_can_be_seen_as_of_any_moment(project: Project, ledger: Ledger) -> None:
    moments = [dt.datetime.now(dt.UTC)]
    ledger.save(a_save(1))
    moments.append(dt.datetime.now(dt.UTC))
    fold(project)
    ledger.save(a_save(2, event_key=1, base_revision=1))
    ledger.save(a_save(3))
    moments.append(dt.datetime.now(dt.UTC))
    fold(project)
    ledger.retract(1, "ana", "")
    moments.append(dt.datetime.now(dt.UTC))

    for _ in range(2):
        seen = [
            ask(project, "SELECT event_key, fatalities FROM events ORDER BY ALL", as_of=moment)
            for moment in moments
        ]
        assert seen == [[], [(1, 1)], [(1, 2), (2, 3)], [(2, 3)]]
        fold(project)


def test_a_missing_part_is_told_in_one_sentence(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    fold(project)
    next(project.parts_folder.glob("events-*")).unlink()

    with pytest.raises(StoreError, match=r"is missing; see what can be mended with: eventcoder doctor"):
        connect(project)


def test_columns_that_every_row_fills_are_declared_so_and_others_are_not(
    project: Project, ledger: Ledger
) -> None:
    ledger.save(a_save(1))
    fold(project)
    (part,) = project.events_folder.glob("*.parquet")

    empty_may_be = {field.name: field.nullable for field in pq.read_schema(part)}
    assert not empty_may_be["country"]
    assert not empty_may_be["event_key"]
    assert empty_may_be["admin3"], "no rule demands it, whatever stands in these rows"
    ledger.save(a_save(2))
    fold(project)
    with connect(project) as con:
        assert con.execute("SELECT count(*) FROM events WHERE country IS NOT NULL").fetchall() == [(2,)]


def test_a_part_lies_in_its_project_whatever_the_ledger_says(project: Project) -> None:
    for file in ("/etc/other.parquet", "../../other.parquet"):
        part = Part("events", file, 1, 1, "", 1, 1, ())
        assert part.path(project) == project.parts_folder / "other.parquet"
