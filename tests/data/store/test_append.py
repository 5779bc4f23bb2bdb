"""What becomes of imported rows, imported again, and corrected by people."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from data.append import append_rows
from data.fold import fold
from data.history import log
from data.ledger import Ledger
from data.project import Project
from data.records import FIRST_IMPORTED_KEY
from data.rows import dataset_schema
from data.views import connect
from schema.errors import UnusableInput
from tests.data.store.builders import a_row, a_save


def rows(project: Project, *changes: dict[str, Any]) -> pa.Table:
    schema = dataset_schema(project.codebook())
    derived = {
        "year": 2024, "event_type": "Battles", "disorder_type": "Political violence", "iso": 760,
        "interaction": "State forces-Rebel group", "region": "Middle East", "timestamp": 1733500000,
    }  # fmt: skip
    data = [a_row(**(derived | {"event_id_cnty": f"SYR{n}"} | change)) for n, change in enumerate(changes, 1)]
    columns = [f for f in schema if f.name in data[0]]
    return pa.table({f.name: pa.array([row.get(f.name) for row in data], f.type) for f in columns})


def seen(project: Project, **options: Any) -> dict[str, int]:
    with connect(project, **options) as con:
        return dict(con.execute("SELECT event_id_cnty, fatalities FROM events ORDER BY ALL").fetchall())


def test_imported_rows_are_added_updated_and_left_alone_by_their_ids(project: Project) -> None:
    first = append_rows(
        project, rows(project, {"fatalities": 1}, {"fatalities": 2}, {"fatalities": 3}), file="a.csv"
    )
    again = append_rows(
        project, rows(project, {"fatalities": 1}, {"fatalities": 20}, {"fatalities": 3}, {"fatalities": 4})
    )

    assert (first.added, first.updated, first.unchanged) == (3, 0, 0)
    assert (again.added, again.updated, again.unchanged, again.kept) == (1, 1, 2, 0)
    assert seen(project) == {"SYR1": 1, "SYR2": 20, "SYR3": 3, "SYR4": 4}
    with Ledger.open(project) as ledger:
        assert [(r.revision, r.values["fatalities"]) for r in ledger.history(FIRST_IMPORTED_KEY + 1)] == [
            (1, 2),
            (2, 20),
        ]


def test_the_same_import_token_changes_nothing(project: Project) -> None:
    first = append_rows(project, rows(project, {"fatalities": 1}), token="t")

    assert append_rows(project, rows(project, {"fatalities": 9}), token="t") == first
    assert seen(project) == {"SYR1": 1}


def test_rows_that_break_a_rule_are_told_by_their_number(project: Project) -> None:
    report = append_rows(project, rows(project, {"fatalities": 1}, {"fatalities": -2}, {"fatalities": 3}))

    assert (report.added, report.refused_count) == (2, 1)
    assert {refusal.row for refusal in report.refused} == {2}
    assert seen(project) == {"SYR1": 1, "SYR3": 3}


def test_rows_that_share_an_id_stay_out(project: Project) -> None:
    table = rows(project, {"fatalities": 1, "event_id_cnty": "SYR2"}, {"fatalities": 2})

    report = append_rows(project, table)
    unjudged = append_rows(project, table, gate=False)

    assert (unjudged.added, unjudged.refused_count, unjudged.refused[0].row) == (0, 2, 1)
    assert (report.added, report.refused_count, report.refused[0].row) == (0, 2, 1)


def test_a_corrected_imported_row_is_an_ordinary_revision_that_a_new_import_keeps(project: Project) -> None:
    append_rows(project, rows(project, {"fatalities": 1}, {"fatalities": 2}))
    key = FIRST_IMPORTED_KEY
    before = dt.datetime.now(dt.UTC)
    with Ledger.open(project) as ledger:
        original = ledger.event(key)
        assert (original.revision, original.coder, original.article_id) == (1, "import", None)
        made = ledger.save(
            a_save(1, event_key=key, base_revision=1, values={**original.values, "fatalities": 7})
        )
        assert made.revision == 2

    for _ in range(2):
        assert seen(project) == {"SYR1": 7, "SYR2": 2}
        assert seen(project, as_of=before) == {"SYR1": 1, "SYR2": 2}
        report = append_rows(project, rows(project, {"fatalities": 5}, {"fatalities": 2}))
        assert (report.kept, report.unchanged) == (1, 1)
        with connect(project) as con:
            revisions = con.execute(
                "SELECT revision, fatalities FROM revisions WHERE event_key = ? ORDER BY ALL", [key]
            )
            assert revisions.fetchall() == [(1, 1), (2, 7)]
        fold(project)

    with Ledger.open(project) as ledger:
        assert [r.values["fatalities"] for r in ledger.history(key)] == [1, 7]
        ledger.undo("ana")
        assert ledger.event(key).values["fatalities"] == 1
    assert [change.columns for change in log(project, key)][1] == {"fatalities": (1, 7)}


def test_a_corrected_imported_row_without_an_id_reaches_the_dataset(project: Project) -> None:
    append_rows(project, rows(project, {"fatalities": 1, "event_id_cnty": None}), absent=["event_id_cnty"])
    with Ledger.open(project) as ledger:
        values = {**ledger.event(FIRST_IMPORTED_KEY).values, "fatalities": 7}
        ledger.save(a_save(1, event_key=FIRST_IMPORTED_KEY, base_revision=1, values=values))

    assert fold(project).refused == ()
    with connect(project) as con:
        assert con.execute("SELECT fatalities FROM events").fetchall() == [(7,)]


def test_a_retracted_imported_row_leaves_the_dataset(project: Project) -> None:
    append_rows(project, rows(project, {"fatalities": 1}, {"fatalities": 2}))
    with Ledger.open(project) as ledger:
        ledger.retract(FIRST_IMPORTED_KEY, "ana", "not ours")

    for _ in range(2):
        assert seen(project) == {"SYR2": 2}
        fold(project)


def test_as_of_shows_imports_of_that_time(project: Project) -> None:
    moments = [dt.datetime.now(dt.UTC)]
    for table in ({"fatalities": 1}, {"fatalities": 2}):
        append_rows(project, rows(project, table))
        moments.append(dt.datetime.now(dt.UTC))

    assert [seen(project, as_of=moment) for moment in moments] == [{}, {"SYR1": 1}, {"SYR1": 2}]


def test_a_wrong_type_is_one_sentence(project: Project) -> None:
    with pytest.raises(UnusableInput, match="another type"):
        append_rows(project, pa.table({"fatalities": ["many"]}))


def test_rows_arrive_from_a_stream_and_are_sorted_for_the_queries_people_ask(project: Project) -> None:
    table = rows(project, {"event_date": dt.date(2024, 3, 1)}, {"event_date": dt.date(2024, 1, 1)})
    append_rows(project, pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=1)))

    with connect(project) as con:
        assert con.execute("SELECT event_id_cnty FROM events ORDER BY event_key").fetchall() == [
            ("SYR2",),
            ("SYR1",),
        ]


def test_many_small_imports_leave_few_files_and_every_row(project: Project) -> None:
    for week in range(6):
        append_rows(project, rows(project, {"event_id_cnty": f"SYR{week}", "fatalities": week}))
    append_rows(
        project,
        rows(
            project, {"event_id_cnty": "SYR5", "fatalities": 50}, {"event_id_cnty": "SYR6", "fatalities": 6}
        ),
    )

    assert seen(project) == {"SYR0": 0, "SYR1": 1, "SYR2": 2, "SYR3": 3, "SYR4": 4, "SYR5": 50, "SYR6": 6}
    assert len(list(project.events_folder.glob("*.parquet"))) <= 3
    with Ledger.open(project) as ledger:
        past = [
            (state.revision, state.values["fatalities"]) for state in ledger.history(FIRST_IMPORTED_KEY + 5)
        ]
    assert past == [(1, 5), (2, 50)]
