"""What the desk's judge lets through to the ledger, and what it holds back."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

import data
from coding.demo import demo_project
from coding.session import CodingSession, NotSubmittable
from data.vocabulary import Actor, Actors, Source, Sources
from schema.row_judge import RowJudge
from schema.rules import Severity
from tests.coding.sessions import HAMA


def _session(tmp_path: Path, **changed: str) -> CodingSession:
    """A session on the demo's first article, its form filled in."""
    session = CodingSession(demo_project(tmp_path / "demo"), "ann", today=datetime.date(2025, 1, 1))
    assert session.resume()
    for column, text in {**HAMA, **changed}.items():
        session.set_value(column, text)
    return session


@pytest.mark.parametrize(
    "wrong",
    [
        {"event_date": "31 feb"},
        {"event_date": "2024-12-20"},
        {"sub_event_type": "Skirmish"},
        {"inter2": ""},
        {"actor2": ""},
        {"fatalities": "-3"},
        {"latitude": "135"},
        {"country": "Atlantis"},
    ],
    ids=lambda wrong: "-".join(f"{column}={text}" for column, text in wrong.items()),
)
def test_a_wrong_value_cannot_be_submitted(tmp_path, wrong):
    session = _session(tmp_path)
    for column, text in wrong.items():
        session.set_value(column, text)

    with pytest.raises(NotSubmittable) as refused:
        session.submit()

    assert refused.value.failures[0].severity is Severity.ERROR
    assert session.events == []


def test_an_actor_in_no_list_is_kept_on_purpose_only(tmp_path):
    """A new name takes a reason once; after the save it is a proposal, and no stranger any more."""
    session = _session(tmp_path, actor1="Orontes Valley Brigade")
    with pytest.raises(NotSubmittable, match="Orontes Valley Brigade is in no list of actors"):
        session.submit()

    session.submit({"VOC-1": "named so in the article"})
    again = _session_again(session, actor1="Orontes Valley Brigade")

    assert "VOC-1" not in {failure.rule_id for failure in again.blocking()}


def test_a_type_that_the_list_of_actors_does_not_give_takes_a_reason(tmp_path):
    session = _session(tmp_path, inter1="Political militia")

    assert "AC-43" in {failure.rule_id for failure in session.blocking()}


def test_the_projects_own_actors_win_over_those_that_ship(tmp_path):
    session = _session(tmp_path, inter1="Political militia")
    Actors.open(session.project).update(
        "HTS: Hayat Tahrir al Sham", {"actor_type": "Political militia"}, coder="ada"
    )
    again = _session_again(session, inter1="Political militia")

    assert "AC-43" not in {failure.rule_id for failure in again.blocking()}


def test_a_name_that_was_given_up_before_the_day_takes_a_reason(tmp_path):
    session = _session(tmp_path)
    Actors.open(session.project).update(
        "HTS: Hayat Tahrir al Sham", {"valid_to": datetime.date(2024, 11, 30)}, coder="ada"
    )
    again = _session_again(session)

    assert "AC-45" in {failure.rule_id for failure in again.blocking()}


def test_an_actor_of_another_hand_is_known_to_the_rules_at_once(tmp_path):
    """The desk stays open while somebody else proposes, corrects, merges and takes back."""
    session = _session(tmp_path, actor1="Orontes Valley Brigade")
    elsewhere = Actors.open(session.project)
    assert "VOC-1" in _broken(session)

    elsewhere.propose(Actor("Orontes Valley Brigade", "Political militia"), coder="ada")
    assert {"VOC-1", "AC-43"} & _broken(session) == {"AC-43"}

    elsewhere.update("Orontes Valley Brigade", {"actor_type": "Rebel group"}, coder="ada")
    assert not {"VOC-1", "AC-43"} & _broken(session)

    elsewhere.reject("Orontes Valley Brigade", coder="ada")
    assert "VOC-1" in _broken(session)

    elsewhere.undo(coder="ada")
    session.submit()


def test_an_actor_that_a_save_proposed_is_known_to_the_rules_of_the_next_event(tmp_path):
    session = _session(tmp_path, actor1="Orontes Valley Brigade")
    session.submit({"VOC-1": "named so in the article"})
    session.new_event()
    for column, text in {**HAMA, "actor1": "Orontes Valley Brigade", "inter1": "Political militia"}.items():
        session.set_value(column, text)

    assert {"VOC-1", "AC-43"} & _broken(session) == {"AC-43"}


def test_a_draft_that_is_kept_lays_no_rules_anew_and_an_actor_of_ones_own_does(tmp_path, monkeypatch):
    """Every field keeps the draft, and nobody waits for names that have not changed."""
    session = _session(tmp_path)
    elsewhere = Actors.open(session.project)
    elsewhere.propose(Actor("Orontes Valley Brigade", "Rebel group"), coder="ada")
    session.judge()
    done: list[str] = []
    for kind, method in ((RowJudge, "know"), (Actors, "refresh")):
        monkeypatch.setattr(kind, method, _noting(getattr(kind, method), method, done))

    for dead in ("1", "2", "3"):
        session.set_value("fatalities", dead)
        session.judge()
    assert done == []

    elsewhere.update("Orontes Valley Brigade", {"actor_type": "Political militia"}, coder="ada")
    done.clear()
    session.judge()
    session.judge()
    assert done == ["refresh", "know"]

    session.submit()
    done.clear()
    session.judge()
    assert "know" not in done, "a name that was used again is no other name"


def test_a_source_of_another_hand_is_known_at_once(tmp_path):
    session = _session(tmp_path)
    known = session.keeping.vocabularies.sources
    assert known.get("Orontes Gazette") is None

    Sources.open(session.project).propose(Source("Orontes Gazette", scale="Subnational"), coder="ada")
    assert session.keeping.vocabularies.sources.get("Orontes Gazette") is not None

    Sources.open(session.project).reject("Orontes Gazette", coder="ada")
    assert session.keeping.vocabularies.sources.get("Orontes Gazette") is None


def test_a_source_that_a_save_proposed_is_known_after_it(tmp_path):
    session = _session(tmp_path, source="Orontes Gazette", source_scale="Subnational")
    known = session.keeping.vocabularies.sources

    session.submit({failure.rule_id: "so printed" for failure in session.blocking()})

    assert known.get("Orontes Gazette") is not None


def _noting(method: Callable[..., object], name: str, done: list[str]) -> Callable[..., object]:
    """The method, which notes that it was called."""

    def noted(*arguments: object) -> object:
        done.append(name)
        return method(*arguments)

    return noted


def _broken(session: CodingSession) -> set[str]:
    """The rules that the event breaks, asked anew."""
    return {failure.rule_id for failure in session.judge().failures}


def _session_again(session: CodingSession, **changed: str) -> CodingSession:
    session.close()
    again = CodingSession(session.project, "ann", today=datetime.date(2025, 1, 1))
    again.open_article(1)
    for column, text in {**HAMA, **changed}.items():
        again.set_value(column, text)
    return again


def test_a_derived_column_cannot_be_set_against_what_it_follows_from(tmp_path):
    """The event type is that of the sub-event type, whatever is put into it."""
    session = _session(tmp_path)
    session.set_value("event_type", "Riots")
    session.submit()
    session.close()

    with data.connect(session.project) as con:
        assert con.sql("SELECT event_type FROM events").fetchall() == [("Battles",)]
