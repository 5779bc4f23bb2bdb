"""Cells of coded events changed in a table."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest

from coding.bulk_edit import apply_edits
from coding.demo import demo_project
from coding.keeping import Keeping
from data.ledger import Ledger
from data.records import Evidence, Save

ROW = {
    "event_date": datetime.date(2024, 12, 5),
    "time_precision": 1,
    "sub_event_type": "Non-state actor overtakes territory",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "inter1": "Rebel group",
    "actor2": "Military Forces of Syria (2000-2024)",
    "inter2": "State forces",
    "country": "Syria",
    "admin1": "Hama",
    "location": "Hama",
    "latitude": 35.1318,
    "longitude": 36.7578,
    "geo_precision": 1,
    "source": "Orontes Courier",
    "source_scale": "International",
    "notes": "On 5 December 2024, HTS took control of Hama. 10 fatalities.",
    "fatalities": 10,
}
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


@dataclass(frozen=True)
class Cell:
    key: int
    column: str
    text: str


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
    done = apply_edits(keeping, [Cell(1, "source", "The Papers")])

    assert not done.refused
    event = keeping.event(1)
    assert (event.values["source"], event.values["source_scale"]) == ("The Papers", "International")
    assert event.evidence == ()


def test_another_place_without_its_coordinates_is_refused_and_the_event_stands(keeping):
    done = apply_edits(keeping, [Cell(1, "location", "Homs")])

    assert not done.saved
    assert "empty" in done.refused[1, "location"]
    assert keeping.event(1).values["location"] == "Hama"
