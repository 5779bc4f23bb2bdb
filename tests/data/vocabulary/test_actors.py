"""What the actors of a project know: which names hold on a day, who follows whom, what a type is in which country."""

from __future__ import annotations

import datetime as dt

import pytest

from data.project import Project
from data.vocabulary import Actor, Actors
from data.vocabulary.changes import ACTORS, history
from schema.errors import UnusableInput

HAMA_DAY = dt.date(2024, 12, 5)


@pytest.fixture(scope="module")
def seed() -> Actors:
    return Actors.open(None)


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "project")


def names(found):
    return [actor.name for actor in found]


def test_a_regime_that_ended_closes_its_name_for_later_days_only(seed):
    before = names(seed.search("mil", on=dt.date(2024, 12, 7), country="Syria"))
    after = names(seed.search("mil", on=dt.date(2024, 12, 8), country="Syria"))
    assert before[0] == "Military Forces of Syria (2000-2024)"
    assert after[0] == "Military Forces of Syria (2024-)"
    assert "Military Forces of Syria (2000-2024)" not in after


def test_the_successor_of_a_closed_regime_is_found_by_the_day(seed):
    later = seed.successor_on("Military Forces of Syria (2000-2024)", dt.date(2025, 3, 1))
    assert later is not None
    assert later.name == "Military Forces of Syria (2024-)"
    earlier = seed.successor_on("Military Forces of Syria (2024-)", HAMA_DAY)
    assert earlier is not None
    assert earlier.name == "Military Forces of Syria (2000-2024)"


def test_the_fall_of_hama_needs_three_letters_for_each_side(seed):
    first = seed.search("hts", on=HAMA_DAY, country="Syria")[0]
    assert (first.name, first.actor_type_in("Syria")) == ("HTS: Hayat Tahrir al Sham", "Rebel group")
    second = seed.search("mil", on=HAMA_DAY, country="Syria")[0]
    assert second.actor_type_in("Syria") == "State forces"


def test_state_forces_abroad_are_external_forces(seed):
    russia = seed.get("Military Forces of Russia (2000-)")
    assert russia is not None
    assert russia.actor_type_in("Russia") == "State forces"
    assert russia.actor_type_in("Syria") == "External/Other forces"


def test_forces_of_a_de_facto_state_are_state_forces_in_the_parent_country(seed):
    somaliland = seed.get("Military Forces of Somaliland (2024-)")
    assert somaliland is not None
    assert somaliland.actor_type_in("Somalia") == "State forces"
    assert somaliland.actor_type_in("Ethiopia") == "External/Other forces"


def test_the_police_of_a_state_are_at_home_in_its_territories(seed):
    france = seed.get("Police Forces of France (2017-)")
    assert france is not None
    assert france.actor_type_in("New Caledonia") == "State forces"


def test_people_find_actors_by_the_words_of_the_news(seed):
    assert (
        names(seed.search("syrian army", on=HAMA_DAY, country="Syria"))[0]
        == "Military Forces of Syria (2000-2024)"
    )
    assert (
        names(seed.search("idf", on=HAMA_DAY, country="Palestine"))[0] == "Military Forces of Israel (2022-)"
    )
    assert (
        names(seed.search("usa", on=HAMA_DAY, country="Syria"))[0]
        == "Military Forces of the United States (2021-2025)"
    )
    assert (
        names(seed.search("junta", on=HAMA_DAY, country="Myanmar"))[0] == "Military Forces of Myanmar (2021-)"
    )
    assert (
        names(seed.search("taliban", on=HAMA_DAY, country="Afghanistan"))[0]
        == "Military Forces of Afghanistan (2021-)"
    )
    assert names(seed.search("taliban", on=dt.date(2020, 5, 1), country="Afghanistan"))[0] == "Taliban"
    assert "Islamic State (Syria)" in names(seed.search("isis", on=HAMA_DAY, country="Syria"))
    assert names(seed.search("houthis", on=HAMA_DAY, country="Yemen"))[0].startswith(
        "Military Forces of Yemen (2016-)"
    )


def test_another_countrys_forces_are_found_by_its_name(seed):
    assert (
        names(seed.search("russia", on=HAMA_DAY, country="Syria"))[0] == "Military Forces of Russia (2000-)"
    )


def test_words_are_found_in_any_order(seed):
    assert "Military Forces of Syria (2000-2024)" in names(seed.search("forces syria", on=HAMA_DAY))


def test_initials_stand_for_the_forces_of_a_state(seed):
    assert (
        names(seed.search("mfs", on=HAMA_DAY, country="Syria"))[0] == "Military Forces of Syria (2000-2024)"
    )
    assert names(seed.search("pfk", on=HAMA_DAY, country="Kenya"))[0] == "Police Forces of Kenya (2022-)"


def test_a_slip_of_the_finger_still_finds_the_name(seed):
    assert (
        names(seed.search("milirary", on=HAMA_DAY, country="Syria"))[0]
        == "Military Forces of Syria (2000-2024)"
    )
    assert names(seed.search("protestrs", on=HAMA_DAY, country="France"))[0] == "Protesters (France)"
    assert names(seed.search("hayat thrir", on=HAMA_DAY, country="Syria"))[0] == "HTS: Hayat Tahrir al Sham"


def test_nothing_is_found_where_nothing_is_like_it(seed):
    assert seed.search("qqqqxxzz", on=HAMA_DAY, country="Syria") == []


def test_names_meant_for_associates_come_first_when_asked_for(seed):
    assert {actor.role for actor in seed.search("", on=HAMA_DAY, country="Syria", role="associate")} <= {
        "associate",
        "both",
    }
    assert names(seed.search("wom", on=HAMA_DAY, country="Iran", role="associate"))[0] == "Women (Iran)"


def test_a_proposed_actor_is_usable_at_once_and_waits_for_approval(project):
    actors = Actors.open(project)
    actors.propose(Actor("Saraya Test Brigade", "Rebel group", country="Syria"), coder="ada")
    assert names(actors.search("saraya test", on=HAMA_DAY, country="Syria")) == ["Saraya Test Brigade"]
    assert names(actors.proposals()) == ["Saraya Test Brigade"]
    Actors.open(project).approve("Saraya Test Brigade", coder="bea")
    again = Actors.open(project)
    assert again.proposals() == []
    assert [(change.act, change.coder) for change in history(project, ACTORS)] == [
        ("approve", "bea"),
        ("propose", "ada"),
    ]


def test_a_name_that_exists_is_not_proposed_again(project):
    with pytest.raises(UnusableInput, match="pick it from the list"):
        Actors.open(project).propose(Actor("HTS: Hayat Tahrir al Sham", "Rebel group"), coder="ada")


def test_two_people_who_propose_one_name_at_once_make_one_entry(project):
    first, second = Actors.open(project), Actors.open(project)
    first.propose(Actor("Test Front", "Rebel group"), coder="ada")
    with pytest.raises(UnusableInput, match="somebody else added it"):
        second.propose(Actor("Test Front", "Political militia"), coder="bea")
    second.refresh()
    assert second.get("Test Front").actor_type == "Rebel group"


def test_closing_a_seed_actor_keeps_the_seed_and_hides_later_days(project):
    actors = Actors.open(project)
    actors.update("Al Shabaab", {"valid_to": dt.date(2025, 6, 30)}, coder="ada")
    assert "Al Shabaab" in names(actors.search("al shab", on=dt.date(2025, 6, 30), country="Somalia"))
    assert "Al Shabaab" not in names(actors.search("al shab", on=dt.date(2025, 7, 1), country="Somalia"))
    assert "Al Shabaab" in names(
        Actors.open(None).search("al shab", on=dt.date(2025, 7, 1), country="Somalia")
    )


def test_a_merged_name_answers_as_alias_and_undo_brings_it_back(project):
    actors = Actors.open(project)
    actors.propose(Actor("Hayat Tahrir Front", "Rebel group", country="Syria"), coder="ada")
    actors.merge("Hayat Tahrir Front", "HTS: Hayat Tahrir al Sham", coder="bea")
    assert names(actors.search("hayat tahrir front", on=HAMA_DAY, country="Syria")) == [
        "HTS: Hayat Tahrir al Sham"
    ]
    merged = actors.get("Hayat Tahrir Front")
    assert merged is not None
    assert merged.name == "HTS: Hayat Tahrir al Sham"
    assert "merged" in {row["state"] for row in actors.rows()}
    undone = actors.undo(coder="bea")
    assert undone.act == "merge"
    assert names(actors.search("hayat tahrir front", on=HAMA_DAY, country="Syria"))[0] == "Hayat Tahrir Front"
    standing = actors.get("HTS: Hayat Tahrir al Sham")
    assert standing is not None
    assert "Hayat Tahrir Front" not in standing.aliases


def test_a_change_on_which_a_newer_one_stands_is_not_undone(project):
    actors = Actors.open(project)
    actors.propose(Actor("Test Front", "Rebel group"), coder="ada")
    first = history(project, ACTORS)[0].change_id
    actors.update("Test Front", {"aliases": "TF"}, coder="ada")
    with pytest.raises(UnusableInput, match="undo the newer change first"):
        actors.undo(coder="ada", change_id=first)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"actor_type": "Rebels"}, "no actor type"),
        ({"country": "Atlantis"}, "no country"),
        ({"valid_from": "soon"}, "no day"),
        ({"valid_from": "2024-05-01", "valid_to": "2023-05-01"}, "before it begins"),
        ({"name": "A; B"}, "no semicolon"),
        ({"name": "A\x1b[31mB"}, "control signs"),
        ({"name": "A\nB"}, "line breaks"),
        ({"name": "A" * 500}, "too long"),
    ],
)
def test_an_unusable_entry_is_refused_with_one_sentence(project, values, sentence):
    with pytest.raises(UnusableInput, match=sentence):
        Actors.open(project).update("Al Shabaab", values, coder="ada")
