"""Summaries count what a person counting by hand would count."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from data.reading import read_events
from data.summary import MEASURES, SummaryRequest, compare, summarise, summary
from schema.codebook import load_codebook
from schema.errors import QueryError
from tests.data.handover import made_project, rows

if TYPE_CHECKING:
    from pathlib import Path

    from data.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return made_project(tmp_path_factory.mktemp("summary") / "project")


def _rows(**asked: Any) -> list[tuple[Any, ...]]:
    project = asked.pop("project")
    return [tuple(row.values()) for row in summary(project, **asked).to_pylist()]


def test_events_and_deaths_by_country_and_month(project: Project) -> None:
    assert _rows(project=project) == [
        ("Iraq", dt.date(2024, 12, 1), 1, 0),
        ("Kenya", dt.date(2024, 10, 1), 2, 0),
        ("Kenya", dt.date(2024, 12, 1), 2, 0),
        ("Syria", dt.date(2023, 12, 1), 1, 0),
        ("Syria", dt.date(2024, 10, 1), 1, 3),
        ("Syria", dt.date(2024, 11, 1), 1, 12),
        ("Syria", dt.date(2024, 12, 1), 4, 5),
    ]


@pytest.mark.parametrize(
    ("period", "count"), [("day", 10), ("week", 7), ("month", 4), ("quarter", 2), ("year", 2)]
)
def test_every_calendar_period_counts_every_event_once(project: Project, period: str, count: int) -> None:
    found = _rows(project=project, by=[period], measures=["events"])
    assert len(found) == count
    assert sum(events for _, events in found) == len(rows())


def test_weeks_begin_on_monday(project: Project) -> None:
    assert all(day.weekday() == 0 for day, _ in _rows(project=project, by=["week"], measures=["events"]))


def test_an_actor_is_counted_once_an_event_on_either_side_or_associated(project: Project) -> None:
    found = dict(_rows(project=project, by=["actor"], measures=["events"]))
    assert found["Civilians (Syria)"] == 2
    assert found["Women (Syria)"] == 2
    assert found["Students (Kenya)"] == 4
    by_hand = sum(
        "Military Forces of Syria (2000-2024)"
        in {
            row["actor1"],
            row["actor2"],
            *str(row["assoc_actor_1"]).split("; "),
            *str(row["assoc_actor_2"]).split("; "),
        }
        for row in rows()
    )
    assert found["Military Forces of Syria (2000-2024)"] == by_hand


def test_actors_and_groups_of_disorder_are_crossed_not_laid_side_by_side(project: Project) -> None:
    found = {
        row[:2]: row[2] for row in _rows(project=project, by=["actor", "disorder_group"], measures=["events"])
    }
    assert found["Women (Syria)", "political violence"] == 2
    assert found["Women (Syria)", "organized political violence"] == 2
    assert found["Women (Syria)", "disorder"] == 2
    assert found["Students (Kenya)", "demonstrations"] == found["Students (Kenya)", "disorder"] == 4
    assert all(None not in key for key in found)


@pytest.mark.parametrize(
    ("cells", "actors"),
    [
        (("A", None, None, None), ["A"]),
        (("A", "B", None, None), ["A", "B"]),
        (("A", "A", "A; B", "B; C"), ["A", "B", "C"]),
        ((None, "B", None, "C"), ["B", "C"]),
        (("A", "B", "", "; C;  D; "), [" D", "A", "B", "C"]),
        ((None, None, "C", None), ["C"]),
        ((None, None, None, None), []),
    ],
)
def test_every_name_of_an_event_is_an_actor_once(cells: tuple[str | None, ...], actors: list[str]) -> None:
    from data.ready import actor_rows

    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE events (actor1 VARCHAR, actor2 VARCHAR, assoc_actor_1 VARCHAR, assoc_actor_2 VARCHAR)"
        )
        con.execute("INSERT INTO events VALUES (?, ?, ?, ?)", cells)
        found = con.execute(f"SELECT actor FROM ({actor_rows('SELECT * FROM events')}) ORDER BY 1").fetchall()
    assert [actor for (actor,) in found] == actors


def test_a_pair_of_actors_has_one_order(project: Project) -> None:
    found = dict(_rows(project=project, by=["pair"], measures=["events"]))
    assert found["HTS: Hayat Tahrir al Sham – Military Forces of Syria (2000-2024)"] == 5
    assert found["Protesters (Kenya)"] == 4


def test_disorder_groups_overlap_as_the_field_defines_them(project: Project) -> None:
    found = dict(_rows(project=project, by=["disorder_group"], measures=["events"]))
    assert found == {
        "political violence": 8,
        "organized political violence": 8,
        "demonstrations": 4,
        "disorder": 12,
    }


def test_a_sub_event_type_of_the_project_is_counted_in_the_groups_of_its_disorder_type(
    tmp_path: Path,
) -> None:
    (tmp_path / "ours.toml").write_text(
        """
        [[sub_event_type]]
        name = "Food riot"
        event_type = "Riots"
        disorder_type = "Political violence; Demonstrations"
        [[disorder_group]]
        name = "crowds"
        disorder_types = ["Demonstrations", "Political violence; Demonstrations"]
        event_types = ["Riots"]
        """,
        encoding="utf-8",
    )
    told = [
        ("Riots", "Food riot"),
        ("Riots", "Mob violence"),
        ("Protests", None),
        ("Strategic developments", "Arrests"),
    ]
    with duckdb.connect() as con:
        con.execute("CREATE TABLE events (event_type VARCHAR, sub_event_type VARCHAR)")
        con.executemany("INSERT INTO events VALUES (?, ?)", told)
        request = SummaryRequest(("disorder_group",), ("events",))
        found = summarise(con, request, load_codebook(own=tmp_path)).to_pylist()
    assert {row["disorder_group"]: row["events"] for row in found} == {
        "crowds": 1,
        "demonstrations": 2,
        "disorder": 3,
        "political violence": 2,
    }


def test_a_filter_and_a_span_of_days_narrow_the_count(project: Project) -> None:
    span = {"since": dt.date(2024, 11, 28), "until": dt.date(2024, 12, 5)}
    narrowed = _rows(project=project, by=[], measures=["events"], where="country = 'Syria'", **span)
    assert narrowed == [(3,)]


def test_filled_periods_show_zero_where_nothing_happened(project: Project) -> None:
    found = _rows(
        project=project, by=["country", "month"], measures=["events"], fill=True, where="year = 2024"
    )
    assert len(found) == 3 * 3
    assert ("Kenya", dt.date(2024, 11, 1), 0) in found
    assert sum(events for *_, events in found) == 11
    span = {"since": dt.date(2022, 1, 1), "until": dt.date(2025, 1, 1)}
    yearly = _rows(project=project, by=["year"], measures=["events"], fill=True, **span)
    assert yearly == [(2022, 0), (2023, 1), (2024, 11), (2025, 0)]


def test_periods_in_which_nothing_at_all_happened_are_filled_too(project: Project) -> None:
    span = {"since": dt.date(2019, 1, 20), "until": dt.date(2019, 3, 1), "fill": True}
    assert _rows(project=project, by=["month"], measures=["events", "mean_fatalities"], **span) == [
        (dt.date(2019, 1, 1), 0, None),
        (dt.date(2019, 2, 1), 0, None),
        (dt.date(2019, 3, 1), 0, None),
    ]


def test_a_moving_window_adds_up_the_periods_before(project: Project) -> None:
    found = _rows(project=project, by=["month"], measures=["fatalities"], moving=2, where="year = 2024")
    assert found == [
        (dt.date(2024, 10, 1), 3, 3),
        (dt.date(2024, 11, 1), 12, 15),
        (dt.date(2024, 12, 1), 5, 17),
    ]


def test_a_moving_window_keeps_the_deadliest_event_and_adds_no_maxima(project: Project) -> None:
    found = _rows(project=project, by=["month"], measures=["most_fatalities"], moving=2, where="year = 2024")
    assert [(row[1], row[2]) for row in found] == [(3, 3), (12, 12), (5, 12)]


def test_what_is_named_twice_is_counted_once(project: Project) -> None:
    found = summary(project, by=["country", "country"], measures=["events", "events"])
    assert found.column_names == ["country", "events"]


def test_the_groups_with_the_most_come_first_when_a_top_is_asked(project: Project) -> None:
    assert _rows(project=project, by=["country"], measures=["events"], top=2) == [("Syria", 7), ("Kenya", 4)]


def test_every_measure_gives_a_number(project: Project) -> None:
    (found,) = summary(project, by=[], measures=list(MEASURES)).to_pylist()
    assert found["events"] == 12
    assert found["fatalities"] == 20
    assert found["deadly_events"] == 3
    assert found["civilian_events"] == 2
    assert found["civilian_fatalities"] == 15
    assert found["most_fatalities"] == 12
    assert all(value is not None for value in found.values())


def test_two_periods_are_compared_group_by_group(project: Project) -> None:
    autumn, winter = (
        (dt.date(2024, 10, 1), dt.date(2024, 11, 30)),
        (dt.date(2024, 12, 1), dt.date(2024, 12, 31)),
    )
    found = {row["country"]: row for row in compare(project, autumn, winter, measures=["events"]).to_pylist()}
    assert found["Syria"] == {
        "country": "Syria",
        "events_first": 2,
        "events_second": 4,
        "events_change": 2,
        "events_percent": 100.0,
    }
    assert found["Iraq"]["events_first"] == 0
    assert found["Iraq"]["events_percent"] is None
    most = compare(project, autumn, winter, measures=["events"], top=1).to_pylist()
    assert [row["country"] for row in most] == ["Syria"]
    (whole,) = compare(project, autumn, winter, by=[], measures=["events"]).to_pylist()
    assert (whole["events_first"], whole["events_second"]) == (4, 7)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"by": ["contry"]}, "did you mean 'country'"),
        ({"measures": ["deaths"]}, "There is no measure 'deaths'"),
        ({"measures": []}, "at least one measure"),
        ({"by": ["country"], "fill": True}, "add one of day, week"),
        ({"by": ["month", "year"], "fill": True}, "one calendar period"),
        ({"by": ["month"], "moving": 0}, "at least one period"),
        ({"by": ["month"], "measures": ["places"], "moving": 2}, "leave it out of a moving window"),
        ({"where": "contry = 'x'"}, "no column 'contry'"),
    ],
)
def test_what_cannot_be_counted_is_told_in_a_sentence(
    project: Project, asked: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(QueryError, match=sentence):
        summary(project, **asked)


def test_a_group_without_a_name_stays_a_group() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE TABLE events (admin1 VARCHAR, event_date DATE, year INTEGER, fatalities INTEGER)")
        con.execute("INSERT INTO events VALUES (NULL, '2024-01-01', 2024, 1)")
        request = SummaryRequest(("admin1", "month"), ("fatalities",), fill=True, until=dt.date(2024, 2, 1))
        found = summarise(con, request, load_codebook())
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        (None, dt.date(2024, 1, 1), 1),
        (None, dt.date(2024, 2, 1), 0),
    ]


def test_events_are_read_as_a_frame_or_an_arrow_table(project: Project) -> None:
    frame = read_events(project, where="country = 'Kenya'", columns=["event_date", "country", "fatalities"])
    assert list(frame.columns) == ["event_date", "country", "fatalities"]
    assert len(frame) == 4
    assert str(frame["event_date"].dtype).startswith("datetime64")
    assert read_events(project, kind="arrow").num_rows == 12
    with pytest.raises(QueryError, match="did you mean 'country'"):
        read_events(project, columns=["contry"])


def test_ready_views_are_there_for_typed_queries(project: Project) -> None:
    from data.console import run_sql

    counted = run_sql(
        project, "SELECT disorder_group, count(*) AS n FROM event_groups GROUP BY ALL ORDER BY 1"
    )
    assert counted.column("n").to_pylist() == [4, 12, 8, 8]
    assert run_sql(project, "SELECT sum(events) AS n FROM country_months").to_pylist() == [{"n": 12}]
    assert run_sql(
        project, "SELECT count(*) AS n FROM event_actors WHERE actor = 'Women (Syria)'"
    ).to_pylist() == [{"n": 2}]
    assert run_sql(project, "SELECT events FROM actor_pairs WHERE pair LIKE 'HTS%'").to_pylist() == [
        {"events": 5}
    ]


def test_the_top_groups_over_time_keep_all_their_periods(project: Project) -> None:
    found = _rows(project=project, by=["year", "country"], measures=["events"], top=1)
    assert {country for _, country, _ in found} == {"Syria"}
    assert sum(events for _, _, events in found) == 7
    assert len(found) > 1
    filled = _rows(project=project, by=["month", "country"], measures=["events"], top=2, fill=True)
    assert {country for _, country, _ in filled} == {"Syria", "Kenya"}
    assert len(filled) % 2 == 0
    assert _rows(project=project, by=["country"], measures=["events"], top=1) == [("Syria", 7)]
