"""What stands in an article, found so that it can be proposed first."""

import datetime
import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.candidate import Candidate, Value
from coding.candidates import candidates
from coding.mentions import Mentions, read_mentions
from data.project import Project
from data.records import Article
from data.vocabulary.actors import Actors
from data.vocabulary.places import Place, Places
from schema.codebook import load_codebook

CODEBOOK = load_codebook()
SAMPLES = [
    json.loads(line)
    for line in (files("coding") / "samples" / "articles.jsonl").read_text("utf-8").splitlines()
]


def article(text: str, published: str = "2024-12-06", title: str = "") -> Article:
    day = datetime.date.fromisoformat(published)
    now = datetime.datetime(2024, 12, 6, tzinfo=datetime.UTC)
    return Article(1, title, "Orontes Courier", day, text, None, "en", None, "new", now)


def sample(number: int) -> Article:
    told = SAMPLES[number]
    return article(told["text"], told["published"], told["title"])


def words(told: Article, mentions: Mentions, name: str) -> list[str]:
    return [told.text[start:end] for start, end in mentions.spans[name]]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The five towns of the articles as a project confirmed them; no world gazetteer."""
    project = Project.create(tmp_path / "project")
    known = Places(project, [])
    for name, country in (
        ("Hama", "Syria"),
        ("Homs", "Syria"),
        ("Kisumu", "Kenya"),
        ("Jos", "Nigeria"),
        ("Nyala", "Sudan"),
    ):
        known.confirm(project, Place(f"{country} / {name}", name, country, admin1=name))
    return known


@pytest.mark.parametrize(
    ("number", "days"),
    [
        (0, ["2024-12-05", "2024-12-06", "2024-11-28"]),
        (1, ["2024-09-17", "2024-09-13"]),
        (2, ["2024-10-14", "2024-10-15"]),
        (3, ["2024-08-21", "2024-08-22"]),
    ],
)
def test_days_are_found_with_the_day_of_the_event_first(number: int, days: list[str]) -> None:
    assert [f"{reading.date}" for reading, _ in read_mentions(sample(number), CODEBOOK).dates] == days


@pytest.mark.parametrize(("number", "deaths"), [(0, [100]), (1, []), (2, [14]), (3, [1]), (4, [])])
def test_deaths_are_found_with_their_words(number: int, deaths: list[int]) -> None:
    assert [reading.number for reading, _ in read_mentions(sample(number), CODEBOOK).deaths] == deaths


@pytest.mark.parametrize(("number", "crowd"), [(1, "around 300"), (3, "several dozen")])
def test_a_crowd_is_found_in_the_words_of_the_report(number: int, crowd: str) -> None:
    assert read_mentions(sample(number), CODEBOOK).crowds[0][0] == crowd


def test_a_crowd_at_the_beginning_of_a_sentence_and_a_weekend_are_found() -> None:
    mentions = read_mentions(article("Several hundred people rallied at the weekend."), CODEBOOK)

    assert mentions.crowds[0][0] == "several hundred"
    assert (mentions.dates[0][0].wording, mentions.dates[0][0].precision) == ("weekend of", 2)


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Kenyan police spoke in Nairobi.", ["Kenya"]),
        ("The Sudanese army and the Malian junta.", ["Sudan", "Mali"]),
        ("Nigerian troops entered Niger.", ["Nigeria", "Niger"]),
        ("South Sudan is not meant by Sudan alone.", ["South Sudan", "Sudan"]),
        ("Nothing is named here.", []),
    ],
)
def test_countries_are_found_by_their_name_and_their_people(text: str, countries: list[str]) -> None:
    assert list(read_mentions(article(text), CODEBOOK).countries) == countries


@pytest.mark.parametrize(("number", "place"), [(0, "Hama"), (1, "Kisumu"), (2, "Nyala"), (3, "Jos")])
def test_the_place_of_the_event_is_named_first(places: Places, number: int, place: str) -> None:
    told = sample(number)

    mentions = read_mentions(told, CODEBOOK, places)

    assert mentions.places[0].name == place
    assert set(words(told, mentions, place)) == {place}
    assert mentions.countries[0] == mentions.places[0].country


def test_an_article_without_an_event_names_no_place_and_no_actor(places: Places) -> None:
    mentions = read_mentions(sample(4), CODEBOOK, places)

    assert (mentions.places, mentions.actors, mentions.deaths, mentions.crowds) == ((), {}, (), ())


def test_people_without_a_name_are_found_by_what_they_are_called(places: Places) -> None:
    told = sample(1)

    mentions = read_mentions(told, CODEBOOK, places)

    assert mentions.actors["Protesters (Kenya)"] == "Protesters"
    assert words(told, mentions, "Protesters (Kenya)")[0] == "march"


def first(field: str, told: Article, mentions: Mentions, row: dict[str, Value] | None = None) -> Candidate:
    return candidates(field, "", row or {}, codebook=CODEBOOK, article=told, mentions=mentions)[0]


def test_what_the_article_names_is_proposed_first_with_its_words(places: Places) -> None:
    told = sample(0)
    mentions = read_mentions(told, CODEBOOK, places)

    day, place = first("event_date", told, mentions), first("location", told, mentions)

    assert day.value == datetime.date(2024, 12, 5)
    assert told.text[slice(*day.spans[0])] == "Thursday"
    assert (place.value, place.fills["country"]) == ("Hama", "Syria")
    assert told.text[slice(*place.spans[0])] == "Hama"


def test_deaths_and_crowds_are_proposed_first() -> None:
    strike, march = sample(2), sample(1)

    assert first("fatalities", strike, read_mentions(strike, CODEBOOK)).value == 14
    told = article("Kenyan police killed 3 people.")
    assert first("fatalities", told, read_mentions(told, CODEBOOK)).why == "the article names 3."
    row: dict[str, Value] = {"sub_event_type": "Protest with intervention"}
    assert first("tags", march, read_mentions(march, CODEBOOK), row).value == "crowd size=around 300"


def test_an_article_in_capitals_gives_its_days_and_deaths() -> None:
    mentions = read_mentions(
        article("GUERRILLAS KILLED 5 PEOPLE ON 30 NOVEMBER IN SAN MIGUEL.", "2024-12-06"), CODEBOOK
    )

    assert [f"{reading.date}" for reading, _ in mentions.dates] == ["2024-11-30"]
    assert [reading.number for reading, _ in mentions.deaths] == [5]


@settings(max_examples=60)
@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_can_be_read_and_every_span_lies_in_it(text: str, title: str) -> None:
    told = article(text, title=title)

    mentions = read_mentions(told, CODEBOOK)

    found = [*mentions.dates, *mentions.deaths, *mentions.crowds, *mentions.spans.items()]
    assert all(0 <= start < end <= len(text) for _, spans in found for start, end in spans)


def test_a_word_inside_a_longer_name_is_no_place(tmp_path: Path) -> None:
    known = Places(Project.create(tmp_path / "project"), [])
    for name in ("Street", "Odinga", "Kisumu", "Jos", "Nakuru", "Nyeri", "North Kivu"):
        known.confirm(Project.open(tmp_path / "project"), Place(f"x / {name}", name, "Kenya", admin1=name))
    told = article(
        "Kenyan teachers marched on Oginga Odinga Street. In Kisumu nobody came. The Governor of Nakuru spoke, "
        "and Hotel Jos was shut. Northern Nyeri and North Kivu were calm."
    )
    found = {place.name for place in read_mentions(told, CODEBOOK, known, None).places}
    assert found == {"Kisumu", "Nakuru", "Nyeri", "North Kivu"}


CAPITALS = (
    "GUERRILLAS OF THE FARABUNDO MARTI NATIONAL LIBERATION FRONT [FMLN] ATTACKED A POST IN KISUMU ON FRIDAY MORNING, "
    "REPORTED THE NATION'S TURBO RADIO. PRESIDENT ODINGA SAID THE ATTACK NEAR LA UNION AND IN SAN LUIS DE LA REINA "
    "LEFT FIVE SOLDIERS DEAD IN KENYA. THE KENYAN POLICE PROMISED REINFORCEMENT; THE REUNION IN MARKET STREET WAS OFF."
)


@pytest.fixture
def towns(tmp_path: Path) -> Places:
    """Towns, and hamlets that are called like ordinary words, people and parts of roads."""
    project = Project.create(tmp_path / "project")
    known = Places(project, [])
    names = (
        "Kisumu",
        "La Union",
        "San Luis de la Reina",
        "Post",
        "Morning",
        "Radio",
        "Odinga",
        "Market",
        "San Luis",
    )
    for name in names:
        known.confirm(project, Place(f"Kenya / {name}", name, "Kenya", admin1=name))
    return known


def test_an_article_in_capitals_gives_its_places_and_no_hamlets_called_like_words(towns: Places) -> None:
    told = article(CAPITALS)

    mentions = read_mentions(told, CODEBOOK, towns, Actors.open(None))

    assert {place.name for place in mentions.places} == {"Kisumu", "La Union", "San Luis de la Reina"}
    assert mentions.countries == ("Kenya",)
    assert words(told, mentions, "San Luis de la Reina") == ["SAN LUIS DE LA REINA"]
    assert "FMLN: Farabundo Marti National Liberation Front" not in mentions.actors  # at home elsewhere
    assert any(name.startswith("Police Forces of Kenya") for name in mentions.actors)


def test_an_article_in_capitals_gives_the_groups_it_names() -> None:
    told = article(
        "SALVADORAN GUERRILLAS OF THE FARABUNDO MARTI NATIONAL LIBERATION FRONT ATTACKED.", "1989-12-06"
    )

    mentions = read_mentions(told, CODEBOOK, None, Actors.open(None))

    name = "FMLN: Farabundo Marti National Liberation Front"
    assert mentions.countries == ("El Salvador",)
    assert words(told, mentions, name) == ["FARABUNDO MARTI NATIONAL LIBERATION FRONT"]


def test_a_line_in_capitals_does_not_spoil_a_mixed_article(towns: Places) -> None:
    told = article("READ MORE IN THE MORNING POST\nKenyan police spoke in Kisumu. He heard Radio HTS.")

    mentions = read_mentions(told, CODEBOOK, towns)

    assert [place.name for place in mentions.places] == ["Kisumu", "Radio"]


def test_a_small_town_abroad_is_not_read_into_an_article_that_names_no_country(tmp_path: Path) -> None:
    class Abroad(Places):
        def search(self, typed: str, **_: object) -> list[Place]:  # type: ignore[override]
            sizes = {"Benavides": 1_500, "Nairobi": 2_750_000}
            return [Place("gn:1", typed, "Kenya", population=sizes[typed])] if typed in sizes else []

    known = Abroad(Project.create(tmp_path / "project"), [])

    def found(text: str) -> list[str]:
        return [place.name for place in read_mentions(article(text), CODEBOOK, known).places]

    assert found("Benavides spoke.") == []
    assert found("Nairobi was calm.") == ["Nairobi"]


def test_where_no_country_is_named_the_one_with_most_of_the_places_is_meant(tmp_path: Path) -> None:
    known = Places(project := Project.create(tmp_path / "project"), [])
    for name, country in (
        ("San Miguel", "El Salvador"), ("Usulutan", "El Salvador"), ("San Rafael", "Argentina"), ("Ponce", "Puerto Rico"),
    ):  # fmt: skip
        known.confirm(project, Place("", name, country))

    mentions = read_mentions(
        article("CLASHES IN SAN MIGUEL, USULUTAN, SAN RAFAEL AND BY COLONEL PONCE."), CODEBOOK, known
    )

    assert [place.name for place in mentions.places] == ["San Miguel", "Usulutan"]
    assert mentions.countries == ("El Salvador",)
