"""What a vocabulary file may do: change entries by their key, add new ones on purpose, and nothing in silence."""

from __future__ import annotations

import csv

import pytest

from data.project import Project
from data.vocabulary import Actors, Place, Places, Sources
from data.vocabulary.changes import ACTORS, history
from data.vocabulary.exchange import read_vocabulary, write_vocabulary
from schema.errors import UnusableInput


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "project")


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(file, rows):
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.mark.parametrize("kind", ["actor", "source"])
def test_a_file_that_was_written_changes_nothing_when_it_is_read(project, tmp_path, kind):
    file = tmp_path / "all.csv"
    count = write_vocabulary(project, kind, file)
    report = read_vocabulary(project, kind, file, coder="ada")
    assert (report.updated, report.added, report.unchanged, report.refused) == (0, 0, count, ())
    assert history(project) == []


def test_places_survive_the_way_out_and_back(project, tmp_path):
    places = Places.open(project)
    places.confirm(project, Place("", "Hamra Hill", "Syria", "Hama", None, None, 35.2, 36.8, 2), coder="ada")
    places.close()
    file = tmp_path / "places.csv"
    assert write_vocabulary(project, "place", file) == 1
    assert read_vocabulary(project, "place", file, coder="ada").unchanged == 1
    mended = write(file, [{**rows_of(file)[0], "admin2": "As Salamiyeh", "aliases": "Tal Hamra"}])
    assert read_vocabulary(project, "place", mended, coder="ada").updated == 1
    places = Places.open(project)
    assert places.search("tal ham", country="Syria")[0].admin2 == "As Salamiyeh"
    places.close()


def test_an_update_by_key_touches_only_the_columns_of_the_file(project, tmp_path):
    file = write(tmp_path / "close.csv", [{"name": "Al Shabaab", "valid_to": "2025-06-30"}])
    report = read_vocabulary(project, "actor", file, coder="ada")
    assert (report.updated, report.added) == (1, 0)
    actor = Actors.open(project).get("Al Shabaab")
    assert str(actor.valid_to) == "2025-06-30"
    assert actor.actor_type == "Rebel group"
    assert "Al-Shabaab" in actor.aliases
    Actors.open(project).undo(coder="ada")
    assert Actors.open(project).get("Al Shabaab").valid_to is None


def test_an_unknown_key_is_refused_unless_new_entries_are_asked_for(project, tmp_path):
    file = write(
        tmp_path / "new.csv", [{"name": "New Front", "actor_type": "Rebel group", "country": "Syria"}]
    )
    report = read_vocabulary(project, "actor", file, coder="ada")
    assert report.added == 0
    assert report.refused[0][0] == 2
    assert "there is no actor 'New Front'" in report.refused[0][1]
    assert read_vocabulary(project, "actor", file, coder="ada", add_new=True).added == 1
    assert Actors.open(project).get("New Front").country == "Syria"
    assert [change.act for change in history(project, ACTORS)] == ["import"]


def test_good_rows_are_kept_and_bad_ones_listed_by_line(project, tmp_path):
    file = write(
        tmp_path / "mixed.csv",
        [
            {"name": "Reuters", "scale": "Regional"},
            {"name": "AFP", "scale": "Galactic"},
            {"name": "Reuters", "scale": "National"},
            {"name": "AP", "scale": "International"},
        ],
    )
    report = read_vocabulary(project, "source", file, coder="ada")
    assert (report.updated, report.unchanged) == (1, 1)
    assert [line for line, _sentence in report.refused] == [3, 4]
    assert Sources.open(project).scale_of("Reuters", "Syria") == "Regional"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title\nA\n", "no column 'name'"),
        ("name,colour\nA,red\n", "none of the actor vocabulary: colour"),
        ("name\n\ud83d", "cannot be read"),
    ],
)
def test_a_file_that_is_no_vocabulary_is_refused_whole(project, tmp_path, text, sentence):
    file = tmp_path / "bad.csv"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(UnusableInput, match=sentence):
        read_vocabulary(project, "actor", file, coder="ada")


def test_a_missing_file_and_an_unknown_kind_are_told(project, tmp_path):
    with pytest.raises(UnusableInput, match="cannot be read"):
        read_vocabulary(project, "actor", tmp_path / "none.csv", coder="ada")
    with pytest.raises(UnusableInput, match="no vocabulary"):
        write_vocabulary(project, "weather", tmp_path / "none.csv")


def test_the_file_of_the_notes_closes_a_name(project, tmp_path):
    """docs/vocabularies.md shows these two lines."""
    file = tmp_path / "close.csv"
    file.write_text("name,valid_to\nAl Shabaab,2026-10-31\n", encoding="utf-8")
    assert read_vocabulary(project, "actor", file, coder="ada").updated == 1
    cleared = tmp_path / "open.csv"
    cleared.write_text("name,valid_to\nAl Shabaab,\n", encoding="utf-8")
    assert read_vocabulary(project, "actor", cleared, coder="ada").updated == 1
    assert Actors.open(project).get("Al Shabaab").valid_to is None
