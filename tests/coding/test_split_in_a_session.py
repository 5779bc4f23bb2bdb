"""A total of dead split over coded events: saved together or not at all, undone one by one."""

from pathlib import Path

import pytest

from coding.session import CodingSession
from coding.split_deaths import parts_of, shares, split
from data.project import Project
from data.records import Revision
from schema.errors import RevisionConflict
from tests.coding.sessions import fill, opened, three_reports


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return three_reports(tmp_path)


def coded(project: Project, *deaths: str) -> CodingSession:
    """A session whose first article has an event for each number of dead, a day apart."""
    session = opened(project)
    for number, dead in enumerate(deaths):
        fill(session, event_date=f"2024-12-0{5 - number}", fatalities=dead)
        session.submit()
    return session


def deaths(session: CodingSession) -> list[object]:
    session.refresh_events()
    return [event.values["fatalities"] for event in session.events]


def test_a_split_is_one_save_of_all_and_each_is_undone_in_its_turn(project: Project) -> None:
    session = coded(project, "1", "2")

    split(session, shares("20", parts_of(session), session.codebook))

    assert deaths(session) == [10, 10]
    session.undo_last()
    session.undo_last()
    assert deaths(session) == [1, 2]


@pytest.mark.parametrize("theirs", [1, 2])
def test_of_a_split_nothing_is_saved_where_somebody_saved_one_of_the_events_since_it_was_shown(
    project: Project, theirs: int
) -> None:
    session = coded(project, "1", "2")
    session.set_value("event_date", "2024-12-03")
    found = shares("30", parts_of(session), session.codebook)
    meanwhile = opened(project, "ben")
    meanwhile.go_to_event(theirs)
    meanwhile.set_value("fatalities", "77")
    meanwhile.submit()

    with pytest.raises(
        RevisionConflict, match=rf"Nothing was saved: ben saved event {theirs} \(revision 2\)"
    ):
        split(session, found)

    assert [event.values["fatalities"] for event in session.events].count(77) == 1, "theirs is seen"
    assert deaths(session) == [[77, 2], [1, 77]][theirs - 1]
    assert session.work.row.get("fatalities") is None
    assert len(session.keeping.drafts(1)) == 1, "the form's own"
    assert isinstance(following := session.undo_next(), Revision)
    assert following.event_key == 2
    split(session, shares("30", parts_of(session), session.codebook))
    assert deaths(session) == [10, 10], "what is shown now can be split"
