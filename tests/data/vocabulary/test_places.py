"""What the gazetteer and a project's confirmed places answer while a name is typed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from data.project import Project
from data.vocabulary import Place, Places, remember
from data.vocabulary.gazetteer import build, cache_folder, world_file
from schema.errors import UnusableInput


@pytest.fixture(scope="module")
def world():
    places = Places.open(None)
    yield places
    places.close()


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "project")


def test_hama_is_found_with_all_its_areas(world):
    assert world.search("hama", country="Syria")[0].fills == {
        "location": "Hama", "country": "Syria", "admin1": "Hama", "admin2": "Hama", "admin3": "Hama",
        "latitude": 35.1318, "longitude": 36.7578, "geo_precision": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "country", "name"),
    [
        ("ham", "Syria", "Hama"),
        ("ḩamāh", "Syria", "Hama"),
        ("deir ez-zor", "Syria", "Deir ez Zor"),
        ("zor", "Syria", "Deir ez Zor"),
        ("idlib", "Syria", "Idleb"),
        ("san'a", "Yemen", "Sanaa"),
        ("ale", None, "Aleppo"),
        ("par", "France", "Paris"),
        ("york", "United States", "New York City"),
        ("sarqib", "Syria", "Saraqab"),
        ("kharkv", "Ukraine", "Kharkiv"),
        ("hama, syria", None, "Hama"),
        ("حماة", "Syria", "Hama"),
        ("Харьков", None, "Kharkiv"),
        ("дамаск", "Syria", "Damascus"),
        ("北京", None, "Beijing"),
        ("ရန်ကုန်", "Myanmar", "Yangon"),
    ],
)
def test_typed_letters_find_the_place_meant(world, typed, country, name):
    found = world.search(typed, country=country)
    assert name in [place.name for place in found][:4]
    assert len(found) <= 9


def test_a_country_is_kept_to(world):
    assert {place.country for place in world.search("san", country="Yemen")} == {"Yemen"}


def test_nothing_typed_and_nothing_confirmed_gives_nothing(world):
    assert world.search("", country="Syria") == []
    assert world.search("   ", country=None) == []
    assert world.search("hama", country="Atlantis") == []


def test_names_and_areas_are_plain_letters(world):
    for typed in ("al", "s", "m", "ka"):
        for country in ("Syria", "Iraq", "Yemen", "Poland", "Turkey"):
            for place in world.search(typed, country=country):
                assert place.name.isascii(), place
                assert place.admin1 is None or place.admin1.isascii(), place


def test_an_id_leads_back_to_its_place(world):
    place = world.search("hama", country="Syria")[0]
    assert place.place_id == "gn:170017"
    assert world.get("gn:170017") == place
    assert world.get("gn:1") is None


@pytest.mark.parametrize(
    ("point", "name", "km"),
    [((35.13, 36.76), "Hama", 1), ((35.19, 36.72), "Hama", 10), ((64.15, -21.9), "Reykjavik", 5)],
)
def test_the_place_nearest_to_a_point_is_found(world, point, name, km):
    place, away = world.nearest(*point)
    assert place.name == name
    assert 0 <= away < km


def test_nothing_is_near_in_the_middle_of_an_ocean(world):
    assert world.nearest(-45.0, -120.0) is None


def test_a_confirmed_place_comes_first_and_fills_what_the_coder_knew(project, world):
    places = Places.open(project)
    places.confirm(
        project, Place("", "Hamra Hill", "Syria", "Hama", "Hama", "Hama", 35.2, 36.8, 2), coder="ada"
    )
    first = places.search("ham", country="Syria")[0]
    assert (first.name, first.admin3, first.geo_precision) == ("Hamra Hill", "Hama", 2)
    assert first.provenance == "confirmed in this project"
    assert "Hamra Hill" not in [place.name for place in world.search("ham", country="Syria")]
    places.close()


def test_confirming_a_place_of_the_gazetteer_does_not_show_it_twice(project):
    places = Places.open(project)
    hama = places.search("hama", country="Syria")[0]
    places.confirm(project, hama, coder="ada")
    assert [place.name for place in places.search("hama", country="Syria")].count("Hama") == 1
    assert places.search("hama", country="Syria")[0].place_id == "Syria / Hama / Hama / Hama / Hama"
    places.close()


def test_a_submitted_row_teaches_its_place_and_its_use(project):
    row = {
        "country": "Syria", "location": "Khan Shaykun", "admin1": "Idleb", "admin2": "Al Mara", "admin3": "Khan Shaykun",
        "latitude": 35.44, "longitude": 36.65, "geo_precision": 1, "actor1": "HTS: Hayat Tahrir al Sham",
    }  # fmt: skip
    remember(project, row, "ada")
    remember(project, row, "ada")
    places = Places.open(project)
    assert [place.name for place in places.search("", country="Syria")] == ["Khan Shaykun"]
    assert places.search("kh", country="Syria")[0].admin3 == "Khan Shaykun"
    places.close()


def test_what_is_used_most_comes_first(project):
    places = Places.open(project)
    for name, uses in (("Kafr One", 1), ("Kafr Two", 3), ("Kafr Three", 2)):
        for _ in range(uses):
            remember(
                project, {"country": "Syria", "location": name, "latitude": 35.0, "longitude": 36.0}, "ada"
            )
    places.refresh()
    assert [place.name for place in places.search("kafr", country="Syria")][:3] == [
        "Kafr Two",
        "Kafr Three",
        "Kafr One",
    ]
    places.close()


def test_merged_places_answer_under_the_name_that_stays(project):
    places = Places.open(project)
    one = places.confirm(
        project, Place("", "Tal Rifat", "Syria", "Aleppo", None, None, 36.47, 37.09), coder="ada"
    )
    two = places.confirm(
        project, Place("", "Tall Refaat", "Syria", "Aleppo", None, None, 36.47, 37.09), coder="ada"
    )
    places.merge(one.place_id, two.place_id, coder="bea")
    assert places.search("tal rif", country="Syria")[0].name == "Tall Refaat"
    places.undo(coder="bea")
    assert places.search("tal rif", country="Syria")[0].name == "Tal Rifat"
    places.close()


def test_the_gazetteer_is_built_once_for_processes_that_start_together(tmp_path):
    """Four processes ask for a file that is not there; one builds a small one, all read it whole."""
    script = (
        "import sys; sys.path.insert(0, '.')\n"
        "from data.vocabulary import gazetteer\n"
        "from pathlib import Path\n"
        "def world():\n"
        "    Path(sys.argv[1], f'built-{__import__(\"os\").getpid()}').touch()\n"
        "    code = gazetteer._country_codes()['SY'][1]\n"
        "    return [gazetteer.Spot(1, code, 'Hama', None, 'Hama', None, None, 35.1, 36.7, 1, 10, ())]\n"
        "gazetteer._world = world\n"
        "from data.vocabulary.world import World\n"
        "found = World(gazetteer.build(Path(sys.argv[1]))).beginning('ha', 'Syria', 9)\n"
        "assert [place for place, _rank in found] == [1], found\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(4)]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    assert len(list(tmp_path.glob("built-*"))) == 1
    assert [path.name for path in tmp_path.glob("places-*.sqlite")] == [world_file(tmp_path).name]
    assert list(tmp_path.glob(".places*")) == []


def test_the_cache_folder_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("EVENTCODER_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"


def test_a_built_gazetteer_is_not_built_again():
    assert build().stat().st_mtime_ns == build().stat().st_mtime_ns


def test_a_place_coded_by_mistake_is_taken_out_by_name_and_comes_back_by_undo(project: Project) -> None:
    known = Places(project, [])
    for country in ("Mexico", "El Salvador"):
        known.confirm(project, Place("", "El Botijon", country, None, None, None, 13.5, -88.5, 2))
    known.confirm(project, Place("", "San Luis", "Tonga", None, None, None, -20.0, -175.0, 2))

    known.reject("San Luis", coder="ann")
    assert known.search("san luis") == []
    with pytest.raises(UnusableInput, match=r"2 places are called .El Botijon.; name one whole: .*Mexico / "):
        known.reject("El Botijon", coder="ann")
    known.reject("Mexico / - / - / - / El Botijon", coder="ann")
    assert [place.country for place in known.search("el botijon")] == ["El Salvador"]
    with pytest.raises(UnusableInput, match="no place 'Nowhere' of its own"):
        known.reject("Nowhere", coder="ann")
    known.undo(coder="ann")
    assert len(known.search("el botijon")) == 2
