"""A place told by its coordinates."""

from pathlib import Path

import pytest

from coding.coordinates import read_named, read_pair, spot_at
from data.project import Project
from data.vocabulary.places import Place, Places


@pytest.mark.parametrize(
    ("typed", "pair"),
    [
        ("35.19 36.72", (35.19, 36.72)),
        ("35.19, 36.72", (35.19, 36.72)),
        ("35.19;36.72", (35.19, 36.72)),
        ("-1.5 30", (-1.5, 30.0)),
        ("1.5S 30.25E", (-1.5, 30.25)),
        ("34.6° N, 58.4° W", (34.6, -58.4)),
        ("34.6N,58W", (34.6, -58.0)),
        ("35.19,36.72", (35.19, 36.72)),
        ("35.19/36.72", (35.19, 36.72)),
        ("35, 36", (35.0, 36.0)),
        ("35,19 36,72", (35.19, 36.72)),
        ("-1,5; 30,25", (-1.5, 30.25)),
        ("35,19, 36,72", (35.19, 36.72)),
        ("9,05", None),
        ("9/05", None),
        ("9,05,30", None),
        ("35,19.5", None),
        ("35,19 36.72", None),
        ("35.19", None),
        ("95 10", None),
        ("35.19 190", None),
        ("Hama", None),
        ("", None),
    ],
)
def test_two_coordinates_are_read_as_people_write_them(typed: str, pair: tuple[float, float] | None) -> None:
    assert read_pair(typed) == pair


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Qamhanat 35.19 36.72", "Qamhanat"),
        ("Tell Asfar, 35.30, 36.70", "Tell Asfar"),
        ("Sana'a Camp 2 (15.35 44.2)", "Sana'a Camp 2"),
        ("Qamhanat 35,19 36,72", "Qamhanat"),
        ("Km 4,5 35.19 36.72", "Km 4,5"),
        ("Hama", None),
        ("Camp 9,05", None),
        ("35.19 36.72", None),
        ("Road 66", None),
    ],
)
def test_a_name_may_have_its_coordinates_behind_it(typed: str, name: str | None) -> None:
    found = read_named(typed)

    assert (found[0] if found else None) == name


@pytest.fixture
def places(tmp_path: Path) -> Places:
    project = Project.create(tmp_path / "project")
    known = Places(project, [])
    for name, latitude, longitude in (("Hama", 35.13, 36.76), ("Homs", 34.73, 36.71)):
        known.confirm(project, Place("", name, "Syria", name, "District", None, latitude, longitude))
    return known


def test_the_nearest_known_place_tells_country_and_provinces(places: Places) -> None:
    spot = spot_at((35.19, 36.72), places)

    assert spot.fills == {
        "country": "Syria", "admin1": "Hama", "admin2": "District", "admin3": None,
        "latitude": 35.19, "longitude": 36.72, "geo_precision": 1,
    }  # fmt: skip
    assert spot.why == "8 km from Hama"


def test_far_from_everything_only_the_point_is_known(places: Places) -> None:
    assert spot_at((0.0, 0.0), places).fills == {"latitude": 0.0, "longitude": 0.0, "geo_precision": 1}


@pytest.mark.parametrize("text", ["a" * 100_000, "a," * 50_000, "1.5 " * 30_000, " " * 100_000 + "1.5"])
def test_a_page_pasted_into_the_field_is_no_place(text: str) -> None:
    assert read_named(text) is None
    assert read_pair(text) is None
