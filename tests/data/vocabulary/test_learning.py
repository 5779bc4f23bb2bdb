"""What a submitted row teaches the vocabularies: names nobody knew become proposals, known ones are left alone."""

from __future__ import annotations

import pytest

from data.project import Project
from data.vocabulary import Actors, Sources, remember, strangers
from data.vocabulary.changes import history

ROW = {
    "country": "Syria", "location": "Hama", "latitude": 35.13, "longitude": 36.75,
    "actor1": "Saraya Test Brigade", "inter1": "Rebel group", "assoc_actor_1": "Friends of Test; Women (Syria)",
    "actor2": "Military Forces of Syria (2000-2024)", "inter2": "State forces",
    "source": "Hama Voice", "source_scale": "Subnational",
}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "project")


def test_names_no_vocabulary_holds_become_proposals_with_what_the_row_says(project):
    assert strangers(project, ROW) == [
        ("actor1", "Saraya Test Brigade"), ("assoc_actor_1", "Friends of Test"), ("source", "Hama Voice"),
    ]  # fmt: skip
    remember(project, ROW, "ada")
    proposed = {actor.name: actor for actor in Actors.open(project).proposals()}
    assert set(proposed) == {"Saraya Test Brigade", "Friends of Test"}
    brigade = proposed["Saraya Test Brigade"]
    assert (brigade.actor_type, brigade.country, brigade.role) == ("Rebel group", "Syria", "main")
    assert brigade.provenance == "coded by ada"
    assert proposed["Friends of Test"].role == "associate"
    assert Sources.open(project).scale_of("Hama Voice", "Syria") == "Subnational"
    assert strangers(project, ROW) == []


def test_the_same_row_again_changes_nothing_but_its_use(project):
    remember(project, ROW, "ada")
    before = len(history(project))
    remember(project, ROW, "bea")
    assert len(history(project)) == before


def test_a_rejected_name_is_not_proposed_again(project):
    remember(project, ROW, "ada")
    Actors.open(project).reject("Friends of Test", coder="bea")
    remember(project, ROW, "ada")
    assert "Friends of Test" not in {actor.name for actor in Actors.open(project).proposals()}


def test_a_force_from_abroad_is_proposed_without_a_home(project):
    remember(project, {**ROW, "actor1": "Fleet of Nowhere", "inter1": "External/Other forces"}, "ada")
    fleet = Actors.open(project).get("Fleet of Nowhere")
    assert fleet is not None
    assert fleet.country is None


def test_a_row_without_a_country_or_with_a_strange_scale_teaches_what_it_can(project):
    remember(project, {"actor1": "X"}, "ada")
    assert history(project) == []
    remember(project, {"country": "Syria", "source": "Odd Paper", "source_scale": "Galactic"}, "ada")
    assert Sources.open(project).get("Odd Paper") is None
