"""A filter that asks for what cannot be compared is told in the same sentence wherever it is used."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.export import export_events
from data.reading import read_events
from data.report.html import write_report
from data.summary import compare, summary, why_nothing
from schema.errors import QueryError
from tests.data.handover import made_project

if TYPE_CHECKING:
    from data.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return made_project(tmp_path_factory.mktemp("filters") / "project")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fatalities = 'x'", "'x' is no whole number, in the filter: fatalities = 'x'"),
        ("event_date > '2024-13-01'", "'2024-13-01' is no day; write a day as '2024-12-31', in the filter"),
        ("event_date = 'March'", "'March' is no day"),
        ("country = 5", "country holds texts such as '"),
        ("km_to('a', 'b') < 3", "'a' is no number"),
        ("km_to(35.13) < 50", r"km_to is written like this: km_to\(35.13, 36.75\) <= 50"),
        ("km_to(95, 36) < 3", "km_to takes a latitude up to 90"),
        (
            "within_box(36, 35, 34, 38)",
            "within_box takes south, west, north, east in degrees, south not above north",
        ),
        ("within_box(34, 35, 36, 380)", "within_box takes south, west"),
    ],
)
def test_a_value_that_cannot_be_compared_is_one_sentence_wherever_the_filter_is_used(
    tmp_path: Path, project: Project, text: str, said: str
) -> None:
    for use in (
        lambda: summary(project, where=text),
        lambda: read_events(project, where=text),
        lambda: export_events(project, tmp_path / "out.csv", where=text),
        lambda: write_report(project, tmp_path / "out.html", where=text),
    ):
        with pytest.raises(QueryError, match=said) as caught:
            use()
        assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_no_event_has_is_told_with_what_is_near(project: Project) -> None:
    (told,) = why_nothing(project, "involves('Rioters (Keny)')")
    assert told.startswith("No event has an actor called 'Rioters (Keny)'; ")


def test_a_period_that_ends_before_it_begins_is_told(project: Project) -> None:
    late, early = dt.date(2024, 12, 31), dt.date(2024, 1, 1)
    with pytest.raises(QueryError, match=r"The period ends .2024-01-01. before it begins"):
        summary(project, since=late, until=early)
    with pytest.raises(QueryError, match=r"The period ends .2024-01-01. before it begins"):
        compare(project, (early, late), (late, early))
