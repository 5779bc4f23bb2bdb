"""What the sources of a project know: names while they are typed, sites, and the scale by the country of the event."""

from __future__ import annotations

import csv

import pytest

from data.project import Project
from data.vocabulary import Source, Sources, remember
from data.vocabulary.sources import scales_in_order
from schema.errors import UnusableInput
from schema.vocabulary import FOLDER, country_names, seed_sources


@pytest.fixture(scope="module")
def seed() -> Sources:
    return Sources.open(None)


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "project")


def names(found):
    return [source.name for source in found]


@pytest.mark.parametrize(
    ("name", "country", "scale"),
    [
        ("Reuters", "Syria", "International"),
        ("Daily Trust", "Nigeria", "National"),
        ("Daily Trust", "Niger", "Regional"),
        ("Daily Trust", "Syria", "International"),
        ("SNHR", "Syria", "Local partner-Other"),
        ("Syrian Observatory for Human Rights", "Syria", "Other"),
        ("Sangai Express", "India", "Subnational"),
        ("Nobody's Gazette", "India", None),
    ],
)
def test_the_scale_belongs_to_the_source_and_the_country(seed, name, country, scale):
    assert seed.scale_of(name, country) == scale


@pytest.mark.parametrize(
    ("cell", "scale"),
    [
        ("Reuters", "International"),
        ("Reuters; Daily Trust", "National-International"),
        ("SNHR; Enab Baladi", "Local partner-Other"),
        ("Nobody's Gazette", None),
        ("", None),
    ],
)
def test_the_scale_of_several_sources_is_two_of_theirs_in_the_codebooks_order(seed, cell, scale):
    assert seed.scale_of_list(cell, "Nigeria" if "Trust" in cell else "Syria") == scale


def test_sources_of_the_country_and_international_ones_come_before_others(seed):
    found = seed.search("al", country="Yemen")
    assert {source.country for source in found[:5]} <= {"Yemen", None}
    assert names(seed.search("reu", country="Yemen"))[0] == "Reuters"
    assert names(seed.search("reutrs", country=None))[0] == "Reuters"


def test_an_address_leads_to_its_source(seed):
    assert seed.of_url("https://www.aljazeera.com/news/2024/12/6/hama").name == "Al Jazeera"
    assert seed.of_url("https://edition.cnn.com/x").name == "CNN"
    assert seed.of_url("http://www.bbc.co.uk/news").name == "BBC News"
    assert seed.of_url("https://example.invalid/") is None
    assert seed.of_url("not an address") is None


def test_sources_in_use_come_first_in_their_country(project):
    sources = Sources.open(project)
    before = names(sources.search("al", country="Yemen"))
    remember(project, {"country": "Yemen", "source": "Al Sahwa; Reuters"}, "ada")
    sources.refresh()
    assert before[0] != "Al Sahwa"
    assert names(sources.search("al", country="Yemen"))[0] == "Al Sahwa"
    assert set(names(sources.search("", country="Yemen"))[:2]) == {"Al Sahwa", "Reuters"}


def test_a_source_is_proposed_approved_merged_and_brought_back(project):
    sources = Sources.open(project)
    sources.propose(Source("Hama Voice", "hamavoice.example", "Subnational", "Syria"), coder="ada")
    assert names(sources.proposals()) == ["Hama Voice"]
    assert sources.of_url("https://hamavoice.example/1").name == "Hama Voice"
    sources.approve("Hama Voice", coder="bea")
    assert sources.proposals() == []
    sources.merge("Hama Voice", "Enab Baladi", coder="bea")
    assert sources.get("Hama Voice").name == "Enab Baladi"
    assert sources.scale_of("Hama Voice", "Syria") == "National"
    sources.undo(coder="bea")
    assert sources.scale_of("Hama Voice", "Syria") == "Subnational"


def test_unusable_sources_are_refused_with_one_sentence(project):
    sources = Sources.open(project)
    with pytest.raises(UnusableInput, match="no source scale"):
        sources.propose(Source("A", scale="Galactic"), coder="ada")
    with pytest.raises(UnusableInput, match="no country"):
        sources.propose(Source("A", country="Atlantis"), coder="ada")
    with pytest.raises(UnusableInput, match="pick it from the list"):
        sources.propose(Source("Reuters"), coder="ada")


def test_the_seed_of_sources_is_consistent():
    found = seed_sources()
    assert len(found) > 2000
    assert len({source.name for source in found}) == len(found)
    domains = [source.domain for source in found if source.domain]
    assert len(set(domains)) == len(domains)
    for source in found:
        assert all(part in scales_in_order() for part in source.scale.split("-")), source
        assert source.country is None or source.country in country_names(), source
        assert source.scale not in ("National", "Subnational") or source.country, source
        assert source.name.isascii()
        assert ";" not in source.name
    with (FOLDER / "sources.csv").open(encoding="utf-8", newline="") as handle:
        assert sum(1 for _ in csv.reader(handle)) == len(found) + 1
