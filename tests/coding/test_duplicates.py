"""Whether an event was coded already."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from coding.candidate import Value
from coding.duplicates import (
    LIKELY,
    find_duplicates,
    find_told_already,
    likely_duplicates,
    told_already,
    with_further_source,
)
from data.ledger import Ledger
from data.project import Project
from data.records import Article, NewArticle, Save
from schema.codebook import load_codebook

HAMA: dict[str, Value] = {
    "event_date": datetime.date(2024, 12, 5),
    "time_precision": 1,
    "event_type": "Battles",
    "sub_event_type": "Non-state actor overtakes territory",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "actor2": "Military Forces of Syria (2000-2024)",
    "country": "Syria",
    "admin2": "Hama",
    "location": "Hama",
    "latitude": 35.1318,
    "longitude": 36.7578,
    "fatalities": 10,
    "source": "Orontes Courier",
}
COLUMNS = ("event_key", *(name for name in HAMA if name != "time_precision"), "article_id")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE events (event_key BIGINT, event_date DATE, event_type VARCHAR, sub_event_type VARCHAR,"
            " actor1 VARCHAR, actor2 VARCHAR, country VARCHAR, admin2 VARCHAR, location VARCHAR, latitude DOUBLE,"
            " longitude DOUBLE, fatalities BIGINT, source VARCHAR, article_id BIGINT)"
        )
        yield connection


def add(con: duckdb.DuckDBPyConnection, key: int, **changed: Value) -> None:
    row = {**HAMA, **changed, "event_key": key, "article_id": 1}
    con.execute(
        f"INSERT INTO events VALUES ({', '.join('?' * len(COLUMNS))})", [row[name] for name in COLUMNS]
    )


def test_the_same_event_from_another_source_is_found_with_every_reason(
    con: duckdb.DuckDBPyConnection,
) -> None:
    add(con, 7, source="Levant Wire")

    (found,) = likely_duplicates(con, HAMA)

    assert found.event_key == 7
    assert (
        found.why == "the same day, the same place, the same actors, both Non-state actor overtakes territory"
    )
    assert found.summary == (
        "5 December 2024, Non-state actor overtakes territory,"
        " HTS: Hayat Tahrir al Sham / Military Forces of Syria (2000-2024), Hama, 10 dead, Levant Wire"
    )


def test_day_and_place_alone_are_enough_and_necessary(con: duckdb.DuckDBPyConnection) -> None:
    add(con, 7)
    day_and_place = {name: HAMA[name] for name in ("event_date", "time_precision", "location", "country")}

    assert [each.event_key for each in likely_duplicates(con, day_and_place)] == [7]
    assert likely_duplicates(con, {**day_and_place, "location": None}) == []
    assert likely_duplicates(con, {**day_and_place, "event_date": None}) == []


def test_the_order_of_the_actors_does_not_matter(con: duckdb.DuckDBPyConnection) -> None:
    add(con, 7, actor1=HAMA["actor2"], actor2=HAMA["actor1"])

    assert "the same actors" in likely_duplicates(con, HAMA)[0].why


def test_a_neighbouring_village_a_day_later_needs_the_same_actors(con: duckdb.DuckDBPyConnection) -> None:
    nearby: dict[str, Value] = {
        "location": "Qamhana",
        "latitude": 35.21,
        "longitude": 36.73,
        "event_date": datetime.date(2024, 12, 6),
    }
    add(con, 7, **nearby)
    add(
        con,
        8,
        **nearby,
        actor1="Rioters (Syria)",
        actor2=None,
        sub_event_type="Mob violence",
        event_type="Riots",
    )

    (found,) = likely_duplicates(con, HAMA)

    assert found.event_key == 7
    assert "9 km away in Qamhana" in found.why
    assert "a day apart" in found.why


@pytest.mark.parametrize(
    "changed",
    [
        {"event_date": datetime.date(2024, 12, 9)},
        {"location": "Aleppo", "latitude": 36.2, "longitude": 37.16},
        {"country": "Lebanon"},
        {
            "actor1": "Protesters (Syria)",
            "actor2": None,
            "sub_event_type": "Peaceful protest",
            "event_type": "Protests",
        },
    ],
)
def test_another_day_place_country_or_kind_is_another_event(
    con: duckdb.DuckDBPyConnection, changed: dict[str, Value]
) -> None:
    add(con, 7, **changed)

    assert likely_duplicates(con, HAMA) == []


def test_an_uncertain_day_looks_further_around(con: duckdb.DuckDBPyConnection) -> None:
    add(con, 7, event_date=datetime.date(2024, 12, 2))

    assert likely_duplicates(con, HAMA) == []
    assert likely_duplicates(con, {**HAMA, "time_precision": 2})[0].why.startswith("3 days apart")


def test_the_event_itself_and_those_called_different_are_left_out(con: duckdb.DuckDBPyConnection) -> None:
    for key in (7, 8, 9):
        add(con, key)

    assert [each.event_key for each in likely_duplicates(con, HAMA, own=7, different=[9])] == [8]


def test_the_likeliest_comes_first_and_five_are_enough(con: duckdb.DuckDBPyConnection) -> None:
    add(con, 1, actor1="Opposition Rebels (Syria)")
    for key in range(2, 9):
        add(con, key)

    found = likely_duplicates(con, HAMA)

    assert len(found) == 5
    assert 1 not in [each.event_key for each in found]
    assert all(each.score >= LIKELY for each in found)


def test_a_further_source_is_named_once_and_its_scale_joined() -> None:
    codebook = load_codebook()

    joined = with_further_source(
        {**HAMA, "source_scale": "International"}, "Levant Wire", "National", codebook
    )

    assert (joined["source"], joined["source_scale"]) == (
        "Orontes Courier; Levant Wire",
        "National-International",
    )
    assert with_further_source(joined, "Levant Wire", "National", codebook) == joined


def article(text: str, *, published: str = "2024-12-06", number: int = 99) -> Article:
    now = datetime.datetime(2024, 12, 6, tzinfo=datetime.UTC)
    day = datetime.date.fromisoformat(published)
    return Article(number, "", "Levant Wire", day, text, None, "en", None, "new", now)


def test_an_article_that_names_place_day_and_actors_of_an_event_tells_it_already(
    con: duckdb.DuckDBPyConnection,
) -> None:
    add(con, 7)

    (found,) = told_already(con, article("Hayat Tahrir al Sham took Hama from the army on Thursday."))

    assert found.event_key == 7
    assert (
        found.why == "Hama is named, Thursday is named, HTS is named, the military forces of Syria is named"
    )


@pytest.mark.parametrize(
    "told",
    [
        article("Nothing happened in Hamadan on Thursday, said HTS and the army."),
        article("Hama is a city."),
        article("HTS took Hama from the army on Thursday.", published="2025-03-01"),
        article("HTS took Hama from the army on Thursday.", number=1),
    ],
)
def test_another_place_a_bare_name_a_later_month_and_its_own_article_tell_no_event_again(
    con: duckdb.DuckDBPyConnection, told: Article
) -> None:
    add(con, 7)

    assert told_already(con, told) == []


def test_a_project_answers_from_the_last_save_on(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project")
    with Ledger.open(project) as ledger:
        number, _ = ledger.add_article(
            NewArticle(
                "Hama",
                "Orontes Courier",
                datetime.date(2024, 12, 6),
                "HTS took Hama.",
                None,
                "en",
                "International",
            )
        )
        saved = ledger.save(Save("one", "ann", number, None, None, {**HAMA, "time_precision": 1}))

    assert [each.event_key for each in find_duplicates(project, HAMA)] == [saved.event_key]
    again = article("HTS drove the army out of Hama on Thursday.")
    assert [each.event_key for each in find_told_already(project, again)] == [saved.event_key]
