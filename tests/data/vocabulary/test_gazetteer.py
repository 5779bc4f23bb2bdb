"""What adding a GeoNames country file gives: finer places with the names of the areas they lie in."""

from __future__ import annotations

import zipfile

import pytest

from data.vocabulary import Places, gazetteer
from data.vocabulary.gazetteer import Spot, add, added_files
from data.vocabulary.world import World
from schema.errors import StoreError, UnusableInput


def row(
    number, name, kind, code, *areas, others="", latitude=35.1, longitude=36.7, population=0, country="SY"
):
    codes = [*areas, "", "", "", ""][:4]
    return "\t".join(
        [str(number), name, name, others, str(latitude), str(longitude), kind, code, country, "", *codes, str(population),
         "", "300", "Asia/Damascus", "2020-01-01"]
    )  # fmt: skip


@pytest.fixture
def country_file(tmp_path):
    lines = [
        row(1, "Ḩamāh", "A", "ADM1", "10"),
        row(2, "Ḩamāh District", "A", "ADM2", "10", "01"),
        row(3, "Ḩirbnafsah Nahiyah", "A", "ADM3", "10", "01", "05"),
        row(
            4,
            "Kafr Nāşiḩ",
            "P",
            "PPL",
            "10",
            "01",
            "05",
            others="Kafr Nasih,Kafr Naseh,كفر ناصح",
            population=900,
        ),
        row(5, "Camp Alpha", "L", "MILB", "10", "01"),
        row(6, "Some Hill", "T", "HLL", "10", "01"),
    ]
    file = tmp_path / "SY.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_country_file_brings_villages_with_their_three_areas(country_file, tmp_path):
    added = add(country_file, tmp_path / "cache")
    assert (added.countries, added.places) == (("Syria",), 5)
    world = World(added.file)
    [(number, _rank)] = world.beginning("kafr na", "Syria", 9)
    [place] = world.places([number])
    assert (place.name, place.admin1, place.admin2, place.admin3) == (
        "Kafr Nasih", "Hama", "Hamah District", "Hirbnafsah Nahiyah",
    )  # fmt: skip
    assert world.beginning("kafr naseh", "Syria", 9)
    assert world.beginning("some hill", "Syria", 9) == []
    assert world.places([5])[0].geo_precision == 1
    assert world.places([1])[0].geo_precision == 3
    world.close()


def test_a_zipped_file_added_again_replaces_what_it_gave_before(country_file, tmp_path):
    cache = tmp_path / "cache"
    zipped = tmp_path / "SY.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(country_file, "SY.txt")
        archive.writestr("readme.txt", "not a row")
    add(country_file, cache)
    again = add(zipped, cache)
    assert again.places == 5
    assert added_files(cache) == [again.file]


def test_added_places_come_before_the_worlds_of_the_same_number(country_file, tmp_path, monkeypatch):
    file = tmp_path / "SY.txt"
    file.write_text(row(170017, "Hama Again", "P", "PPL", "10", population=460602) + "\n", encoding="utf-8")
    added = World(add(file, tmp_path / "cache").file)
    world = Places.open(None)
    places = Places(None, [added, *world._worlds])
    found = places.search("ham", country="Syria")
    assert [place.name for place in found if place.place_id == "gn:170017"] == ["Hama Again"]
    places.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"id,name\n1,Hama\n", "line 1: this is no GeoNames row"),
        (b"", "holds no places"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_file_that_is_no_gazetteer_is_refused_and_leaves_nothing(tmp_path, content, sentence):
    file = tmp_path / "XX.txt"
    file.write_bytes(content)
    with pytest.raises(UnusableInput, match=sentence):
        add(file, tmp_path / "cache")
    assert added_files(tmp_path / "cache") == []


def test_a_missing_file_is_told_by_name(tmp_path):
    with pytest.raises(UnusableInput, match=r"none\.zip cannot be read"):
        add(tmp_path / "none.zip", tmp_path / "cache")


def test_a_place_is_found_by_each_later_word_of_its_name():
    spot = Spot(1, 1, "Ras al Ayn", None, None, None, None, 0.0, 0.0, 1, 1000, ("Serekaniye",))
    keys = [key for _country, key, _rank, _place in sorted(spot.names(), key=lambda name: name[2])]
    assert keys[0] == "ras al ayn"
    assert set(keys) == {"ras al ayn", "serekaniye", "al ayn", "ayn"}


def test_a_damaged_file_is_told_by_its_name_and_built_again(country_file, tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    cache.mkdir()
    monkeypatch.setenv("EVENTCODER_CACHE", str(cache))
    monkeypatch.setattr(gazetteer, "_world", lambda: gazetteer._dump(country_file))
    gazetteer.world_file().write_bytes(b"not a database at all" * 500)
    (cache / f".{gazetteer.world_file().name}.12345").write_bytes(b"left by a killed program")
    with pytest.raises(StoreError, match="is damaged"):
        World(gazetteer.world_file())
    places = Places.open(None)
    assert [place.name for place in places.search("kafr", country="Syria")] == ["Kafr Nasih"]
    places.close()
    assert sorted(path.name for path in cache.glob(".*")) == []


def test_a_cache_folder_that_cannot_be_made_is_told(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("EVENTCODER_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(StoreError, match="set EVENTCODER_CACHE"):
        gazetteer.build()
