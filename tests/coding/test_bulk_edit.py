"""Cells of coded events changed in a table."""

import datetime
from pathlib import Path

import pytest

from coding.bulk_edit import CellEdit, apply_edits
from coding.demo import demo_project
from coding.keeping import Keeping
from data.ledger import Ledger
from data.records import Evidence, Save
from data.vocabulary import Place
from tests.data.store.builders import a_row

ROW = a_row(
    actor1="HTS: Hayat Tahrir al Sham",
    source="Orontes Courier",
    notes="On 5 December 2024, HTS took control of Hama. 10 fatalities.",
    fatalities=10,
)
FOLLOWED = (
    "time_precision",
    "inter1",
    "inter2",
    "country",
    "latitude",
    "longitude",
    "geo_precision",
    "source_scale",
)


@pytest.fixture
def keeping(tmp_path: Path):
    """A project with one event whose type, scale and place followed from what was picked."""
    project = demo_project(tmp_path / "demo")
    origins = {name: "derived" if name in FOLLOWED else "picked" for name in ROW}
    evidence = (Evidence("source", 1, 0, 3, "The"),)
    with Ledger.open(project) as ledger:
        ledger.save(Save("s1", "ann", 1, None, None, ROW, origins=origins, evidence=evidence))
    opened = Keeping(project, "ann", today=datetime.date(2025, 1, 1))
    yield opened
    opened.close()


def test_another_source_keeps_the_scale_that_followed_from_the_old_one(keeping):
    done = apply_edits(keeping, [CellEdit(1, "source", "The Papers")])

    assert not done.refused
    event = keeping.event(1)
    assert (event.values["source"], event.values["source_scale"]) == ("The Papers", "International")
    assert event.evidence == ()


def test_another_place_brings_its_provinces_and_coordinates_as_on_the_form(keeping):
    done = apply_edits(keeping, [CellEdit(1, "location", "homs")])

    assert not done.refused
    told = keeping.event(1).values
    assert (told["location"], told["admin1"], told["country"], told["geo_precision"]) == (
        "Homs",
        "Homs",
        "Syria",
        1,
    )
    assert (round(told["latitude"]), round(told["longitude"])) == (35, 37)


def test_a_place_that_no_list_knows_is_refused_with_what_to_do_and_taken_with_its_coordinates(keeping):
    done = apply_edits(keeping, [CellEdit(1, "location", "Qamhanat")])

    assert not done.saved
    assert "Qamhanat 35.19 36.72" in done.refused[1, "location"]
    assert keeping.event(1).values["location"] == "Hama"

    assert not apply_edits(keeping, [CellEdit(1, "location", "Qamhanat 35.19 36.72")]).refused
    told = keeping.event(1).values
    assert (told["location"], told["latitude"], told["admin1"]) == ("Qamhanat", 35.19, "Hama")


def test_a_name_of_several_places_is_picked_on_the_form(keeping):
    for admin1 in ("Idleb", "Aleppo"):
        keeping.vocabularies.places.confirm(
            keeping.project, Place("", "Qamhanat", "Syria", admin1, None, None, 36.0, 37.0)
        )

    done = apply_edits(keeping, [CellEdit(1, "location", "Qamhanat")])

    assert (
        "Several places in Syria are called Qamhanat (Aleppo, Syria; Idleb, Syria)"
        in done.refused[1, "location"]
    )


def test_a_pasted_row_tells_its_place_itself(keeping):
    cells = {"location": "Elsewhere", "latitude": "35.5", "longitude": "36.5"}

    done = apply_edits(keeping, [CellEdit(1, column, text) for column, text in cells.items()])

    assert "Country is empty" in " ".join(done.refused.values())
    cells |= {"country": "Syria", "admin1": "Idleb", "geo_precision": "2"}
    assert not apply_edits(keeping, [CellEdit(1, column, text) for column, text in cells.items()]).refused
    assert keeping.event(1).values["location"] == "Elsewhere"


def test_another_actor_brings_its_type(keeping):
    done = apply_edits(keeping, [CellEdit(1, "actor2", "Police Forces of Syria (2000-2024)")])

    assert not done.refused
    assert keeping.event(1).values["inter2"] == "State forces"

    done = apply_edits(keeping, [CellEdit(1, "actor1", "Civilians (Syria)")])
    assert done.refused, "civilians take no city: the rules judge the type that came along"
