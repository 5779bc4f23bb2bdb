"""No row is lost between the file and the verdict: accepted and refused rows are the records, counted apart."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.check import CELLS_RULE, check
from data.event_file import read_event_file
from data.event_file.survey import survey
from schema.errors import UnusableInput
from tests.data.event_file import vintage_rows as made

EVENTS = made.as_v4(made.events(30))


def lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def test_rows_with_too_many_or_too_few_cells_are_listed_with_their_line(tmp_path: Path) -> None:
    lines = lines_of(made.csv_text(EVENTS))
    lines[4] = lines[4].replace("\n", ",one,two\n")
    lines[9] = "NIG7,2022-01-01,2022\n"
    (tmp_path / "events.csv").write_text("".join(lines))
    report = check(tmp_path / "events.csv")

    (cells,) = (rule for rule in report.rules if rule.id == CELLS_RULE)
    assert (report.rows, cells.rows, report.rows_with_errors) == (30, 2, 2)
    assert [example.row for example in cells.examples] == [5, 10]
    assert cells.examples[1].value == "3 cells, 31 expected: NIG7,2022-01-01,2022"


def test_a_row_number_is_the_line_a_row_begins_on(tmp_path: Path) -> None:
    rows = [dict(row) for row in EVENTS]
    rows[1]["notes"] = "one\ntwo\r\nthree"
    rows[5]["fatalities"] = "x"
    text = made.csv_text(rows)
    (tmp_path / "events.csv").write_bytes(text.replace("NIG1003", "\n\nNIG1003").encode())
    report = check(tmp_path / "events.csv")

    (unreadable,) = (rule for rule in report.rules if rule.id == "READ-fatalities")
    assert unreadable.examples[0].row == 1 + 6 + 2 + 2
    assert (tmp_path / "events.csv").read_bytes().split(b"\n")[10].startswith(b"NIG1005")


def test_the_last_row_counts_with_and_without_its_line_end(tmp_path: Path) -> None:
    text = made.csv_text(EVENTS)
    for name, content in {
        "with": text,
        "without": text.rstrip("\n"),
        "blank": text + "\n\n",
        "commas": text + "," * 30 + "\n",
    }.items():
        (tmp_path / name).write_text(content)
        with read_event_file(tmp_path / name) as events:
            assert (events.records, events.rejects) == (30, ()), name


def test_a_last_row_cut_off_in_the_middle_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text = made.csv_text(EVENTS)
    for cut in (20, 60, 250, 330):
        (tmp_path / "events.csv").write_text("".join(lines_of(text)[:-1]) + lines_of(text)[-1][:cut])
        with read_event_file(tmp_path / "events.csv") as events:
            assert (events.records, events.rejects) == (30, ()), cut
            assert "last row is cut off: what is missing was read as empty" in {
                one.what for one in events.repairs
            }
            last = events.connection.execute(
                "SELECT event_id_cnty, timestamp FROM events ORDER BY event_key DESC"
            ).fetchone()
            assert last == ("NIG1029", None)


@pytest.mark.parametrize(
    ("closing", "lines"),
    [
        ("Source: ACLED\n", 1),
        ("\nTotal: 312\n", 1),
        ("Total,312\n", 1),
        ("Source: ACLED\nDownloaded from acleddata.com on 3 May\n", 2),
        ("Source: ACLED" + "," * 30 + "\n" + "," * 30 + "\nTotal,30" + "," * 29, 2),
    ],
)
def test_a_remark_under_the_table_is_told_and_no_row(tmp_path: Path, closing: str, lines: int) -> None:
    (tmp_path / "events.csv").write_text(made.csv_text(EVENTS) + closing)
    report = check(tmp_path / "events.csv")

    assert (report.rows, report.rows_with_errors) == (30, 0)
    told = {repair.what: repair.rows for repair in report.repairs}
    assert told["remarks and totals under the table (Source: …) left out"] == lines
    assert "last row is cut off: what is missing was read as empty" not in told


def test_a_remark_between_rows_is_a_row_that_does_not_fit(tmp_path: Path) -> None:
    lines = lines_of(made.csv_text(EVENTS))
    (tmp_path / "events.csv").write_text("".join([*lines[:9], "Source: ACLED\n", *lines[9:]]))
    report = check(tmp_path / "events.csv")

    assert (report.rows, report.rows_with_errors) == (31, 1)


def test_an_unclosed_quotation_mark_never_swallows_rows(tmp_path: Path) -> None:
    quoted = made.csv_text(EVENTS)
    plain = made.csv_text([row | {"notes": "No comma here"} for row in EVENTS])
    for name, text in {"quoted.csv": quoted, "plain.csv": plain}.items():
        (tmp_path / name).write_text(text.replace("NIG1004,", 'NIG1004,"', 1))

    with read_event_file(tmp_path / "quoted.csv") as events:
        assert (events.records, [reject.line for reject in events.rejects]) == (30, [6])
    with pytest.raises(
        UnusableInput, match=r"quotation mark in line 6 is never closed, so the 2\d lines after it"
    ):
        read_event_file(tmp_path / "plain.csv")


@pytest.mark.parametrize("marks", [1, 2, 3])
def test_a_quotation_mark_inside_an_unquoted_cell_is_only_a_character(tmp_path: Path, marks: int) -> None:
    lines = lines_of(made.csv_text([row | {"notes": "A pipe of ten inches"} for row in EVENTS]))
    for number in range(marks):
        lines[4 + number] = lines[4 + number].replace("ten inches", '10" wide')
    (tmp_path / "events.csv").write_text("".join(lines))
    with read_event_file(tmp_path / "events.csv") as events:
        notes = events.connection.execute("SELECT notes FROM events ORDER BY event_key").fetchall()

    assert (events.records, events.rejects) == (30, ())
    assert [text for (text,) in notes].count('A pipe of 10" wide') == marks


def test_quotation_marks_escaped_by_backslashes_are_read(tmp_path: Path) -> None:
    rows = [row | {"notes": f'He said "no", then left, number {number}'} for number, row in enumerate(EVENTS)]
    stream = io.StringIO()
    writer = csv.writer(
        stream, quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\", lineterminator="\n"
    )
    writer.writerows([list(rows[0]), *(row.values() for row in rows)])
    (tmp_path / "events.csv").write_text(stream.getvalue())
    with read_event_file(tmp_path / "events.csv") as events:
        notes = events.connection.execute("SELECT notes FROM events ORDER BY event_key LIMIT 1").fetchall()

    assert notes == [('He said "no", then left, number 0',)]
    assert events.records == 30


def test_the_order_of_rows_is_the_files_and_each_verdict_is_on_its_row(tmp_path: Path) -> None:
    rows = made.as_v4(made.events(3000))
    for number in range(0, 3000, 37):
        rows[number] = rows[number] | {"fatalities": f"bad {number}"}
    report = check(made.write_csv(tmp_path / "events.csv", rows), out=tmp_path / "failures.csv")

    assert report.rows_with_errors == len(range(0, 3000, 37))
    with (tmp_path / "failures.csv").open(newline="") as stream:
        found = [row for row in csv.DictReader(stream) if row["rule"] == "READ-fatalities"]
    assert [(int(row["row"]), row["event_id"], row["value"]) for row in found] == [
        (number + 2, f"NIG{1000 + number}", f"bad {number}") for number in range(0, 3000, 37)
    ]


def test_a_lone_carriage_return_in_a_cell_is_no_line_end(tmp_path: Path) -> None:
    text = (
        made.csv_text(EVENTS)
        .replace("report number 3", "report\rnumber 3")
        .replace("Ikorodu,,", "Iko\rrodu,,", 1)
    )
    (tmp_path / "events.csv").write_bytes(text.encode())
    with read_event_file(tmp_path / "events.csv") as events:
        assert (events.records, events.rejects) == (30, ())
        notes = events.connection.execute(
            "SELECT notes FROM events ORDER BY event_key LIMIT 1 OFFSET 3"
        ).fetchone()
        assert notes is not None
        assert "report number 3" in notes[0]


def test_quoted_words_for_nothing_are_nothing_and_quoted_blanks_too(tmp_path: Path) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(EVENTS[0])
    for row in EVENTS:
        writer.writerow((row | {"admin3": "NULL", "assoc_actor_2": ""}).values())
    (tmp_path / "events.csv").write_text(stream.getvalue())
    with read_event_file(tmp_path / "events.csv") as events:
        found = events.connection.execute(
            "SELECT count(admin3), count(assoc_actor_2), count(*) FROM events"
        ).fetchone()
    assert found == (0, 0, 30)


CELLS = st.text(st.sampled_from(list("ab,;\"'\n\r\t \\é\u2028")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=6), end=st.sampled_from(["\n", "\r\n"]))
def test_any_cell_a_csv_writer_can_write_is_read_back_whole(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], end: str
) -> None:
    rows = [row | {"notes": "begin" + cell + "end"} for row, cell in zip(EVENTS, cells, strict=False)]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    path = tmp_path_factory.mktemp("cells") / "events.csv"
    path.write_bytes(stream.getvalue().encode())
    with read_event_file(path) as events:
        position = events.found["notes"]
        found = events.connection.execute(f"SELECT c{position} FROM raw ORDER BY line").fetchall()

    assert [text for (text,) in found] == [row["notes"] for row in rows]
    assert survey(path).records == len(rows) + 1
