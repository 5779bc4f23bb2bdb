"""Submitted events are approved by another person, and then stand in the next release."""

from __future__ import annotations

import pytest

from data.approval import approve
from data.fold import fold
from data.ledger import Ledger
from data.project import Project
from data.release import release
from schema.errors import QueryError, UnusableInput
from tests.data.store.builders import a_row, a_save


@pytest.fixture
def two_people(project: Project, ledger: Ledger) -> Project:
    """Events 1 and 3 of ana, 2 of ben; 1 and 2 are in the Parquet files, 3 is not yet."""
    ledger.save(a_save(1))
    ledger.save(a_save(3, coder="ben", save_id="bens"))
    fold(project)
    ledger.save(a_save(2, values=a_row(fatalities=40)))
    return project


def test_what_another_person_submitted_is_approved_and_released(two_people: Project, ledger: Ledger) -> None:
    assert release(two_people).rows == 0

    report = approve(two_people, "ben")

    assert (report.approved, report.own) == ((1, 3), (2,))
    assert "Approved: 2 events (1, 3)." in report.lines()
    assert "since you submitted them: 1 event (2)." in report.lines()[1]
    assert ledger.event(1).status == "approved"
    assert release(two_people).rows == 2
    assert approve(two_people, "ben").approved == ()


def test_a_filter_and_numbers_choose_which(two_people: Project, ledger: Ledger) -> None:
    assert approve(two_people, "cem", where="fatalities = 40").approved == (3,)
    assert approve(two_people, "cem", [2]).approved == (2,)
    assert ledger.event(1).status == "submitted"
    with pytest.raises(QueryError):
        approve(two_people, "cem", where="fatalitis = 40")
    with pytest.raises(UnusableInput, match="Event 2 is approved, not submitted; nothing was approved"):
        approve(two_people, "cem", [1, 2])
    assert ledger.event(1).status == "submitted"
    with pytest.raises(UnusableInput, match="99"):
        approve(two_people, "cem", [99])


def test_a_change_after_the_approval_waits_again(two_people: Project, ledger: Ledger) -> None:
    approve(two_people, "ben", [1])
    ledger.save(a_save(7, save_id="later", event_key=1, base_revision=2))
    assert ledger.event(1).status == "submitted"
