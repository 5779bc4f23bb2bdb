"""What the form proposes at each field."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.called import spoken
from coding.candidate import Candidate, Value
from coding.candidates import candidates
from coding.recent import Recent
from data.project import Project
from data.records import Article
from data.vocabulary.actors import Actors
from data.vocabulary.places import Places
from schema.codebook import load_codebook

CODEBOOK = load_codebook()
NOW = datetime.datetime(2024, 12, 6, tzinfo=datetime.UTC)
ARTICLE = Article(
    article_id=1,
    title="Hama",
    source="Orontes Courier",
    published=datetime.date(2024, 12, 6),
    text="Fighters entered Hama on Thursday.",
    url=None,
    language="en",
    source_scale="International",
    status="new",
    added_at=NOW,
)
HAMA: dict[str, Value] = {
    "sub_event_type": "Armed clash",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "inter1": "Rebel group",
    "actor2": "Military Forces of Syria (2000-2024)",
    "inter2": "State forces",
    "country": "Syria",
    "admin1": "Hama",
    "location": "Hama",
    "latitude": 35.13,
    "longitude": 36.75,
    "geo_precision": 1,
    "source": "Orontes Courier",
    "source_scale": "International",
}
KISUMU: dict[str, Value] = {
    "sub_event_type": "Peaceful protest",
    "actor1": "Protesters (Kenya)",
    "inter1": "Protesters",
    "country": "Kenya",
    "admin1": "Kisumu",
    "location": "Kisumu",
    "latitude": -0.1,
    "longitude": 34.75,
    "geo_precision": 1,
    "source": "Lakeside Standard",
    "source_scale": "Subnational",
    "tags": "crowd size=around 300",
}
RECENT = Recent([HAMA, KISUMU])


def find(
    field: str, typed: str = "", row: dict[str, Value] | None = None, recent: Recent = RECENT
) -> list[Candidate]:
    return candidates(field, typed, row or {}, codebook=CODEBOOK, article=ARTICLE, recent=recent)


def values(found: list[Candidate]) -> list[Value]:
    return [candidate.value for candidate in found]


def test_an_empty_date_lists_the_days_back_from_the_article() -> None:
    found = find("event_date")

    assert values(found) == [ARTICLE.published - datetime.timedelta(days=back) for back in range(9)]
    assert found[1].label == "Thursday 5 December 2024"
    assert found[0].fills == {"time_precision": 1}


def test_a_typed_date_is_one_candidate_with_its_precision() -> None:
    (found,) = find("event_date", "last week")

    assert (found.value, found.fills) == (datetime.date(2024, 11, 28), {"time_precision": 2})
    assert find("event_date", "soon") == []


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("ac", "Armed clash"),
        ("pp", "Peaceful protest"),
        ("pwi", "Protest with intervention"),
        ("air", "Air/drone strike"),
        ("ied", "Remote explosive/landmine/IED"),
        ("mob", "Mob violence"),
        ("tear gas", "Protest with intervention"),
        ("kidnap", "Abduction/forced disappearance"),
        ("att", "Attack"),
    ],
)
def test_a_sub_event_type_is_found_by_initials_words_and_what_coders_call_it(typed: str, first: str) -> None:
    assert find("sub_event_type", typed)[0].value == first


def test_an_empty_sub_event_type_begins_with_what_was_coded_lately() -> None:
    assert set(values(find("sub_event_type"))[:2]) == {"Armed clash", "Peaceful protest"}


def test_a_vague_day_is_offered_from_its_first_letters_on() -> None:
    found = find("event_date", "wee")

    assert datetime.date(2024, 11, 30) in values(found)
    assert all(candidate.fills["time_precision"] == 2 for candidate in found)


def test_a_crowd_without_a_number_is_offered_from_its_first_letters_on() -> None:
    row: dict[str, Value] = {"sub_event_type": "Peaceful protest"}

    assert find("tags", "sev", row)[0].value == "crowd size=several dozen"
    assert find("tags", "a few", row)[0].value == "crowd size=a few"


def test_every_spoken_word_belongs_to_a_sub_event_type_of_the_codebook() -> None:
    assert set(spoken()) <= {entry.name for entry in CODEBOOK.sub_event_types}


def test_an_actor_coded_before_is_found_by_two_letters_and_fills_its_type() -> None:
    found = find("actor1", "ht", {"sub_event_type": "Armed clash"})

    assert found[0].value == "HTS: Hayat Tahrir al Sham"
    assert found[0].fills == {"inter1": "Rebel group"}


def test_the_usual_opponent_comes_first_with_nothing_typed() -> None:
    row: dict[str, Value] = {"sub_event_type": "Armed clash", "actor1": "HTS: Hayat Tahrir al Sham"}

    assert find("actor2", "", row)[0].value == "Military Forces of Syria (2000-2024)"


def test_a_name_whose_years_do_not_cover_the_day_is_not_proposed() -> None:
    row: dict[str, Value] = {"event_date": datetime.date(2025, 2, 1), "actor1": "HTS: Hayat Tahrir al Sham"}

    assert "Military Forces of Syria (2000-2024)" not in values(find("actor2", "", row))


def test_a_name_coded_before_is_not_proposed_outside_the_days_the_list_of_actors_gives_it() -> None:
    actors = Actors.open(None)

    def found(day: datetime.date, typed: str) -> list[Value]:
        row: dict[str, Value] = {"event_date": day, "country": "Syria"}
        return values(
            candidates("actor1", typed, row, codebook=CODEBOOK, article=ARTICLE, recent=RECENT, actors=actors)
        )

    for typed in ("", "hts"):
        assert "HTS: Hayat Tahrir al Sham" in found(datetime.date(2024, 12, 5), typed)
        assert "HTS: Hayat Tahrir al Sham" not in found(datetime.date(1990, 1, 3), typed)


def test_the_country_of_a_named_actor_leads_the_other_side() -> None:
    row: dict[str, Value] = {"actor1": "FMLN: Farabundo Marti National Liberation Front"}
    found = candidates(
        "actor2", "civ", row, codebook=CODEBOOK, article=ARTICLE, recent=RECENT, actors=Actors.open(None)
    )

    assert found[0].value == "Civilians (El Salvador)"


def test_who_was_coded_before_elsewhere_comes_last_where_the_country_stands_and_nothing_is_typed() -> None:
    found = values(
        candidates(
            "actor1",
            "",
            {"country": "Colombia"},
            codebook=CODEBOOK,
            article=ARTICLE,
            recent=Recent([HAMA] * 5),
            actors=Actors.open(None),
        )
    )

    assert str(found[0]).endswith("(Colombia)") or " of Colombia " in str(found[0])
    assert "HTS: Hayat Tahrir al Sham" not in found[:5]


def test_people_without_a_name_are_found_by_rule_in_any_country() -> None:
    found = find("actor1", "pro ind", {"sub_event_type": "Peaceful protest"})

    assert found[0].value == "Protesters (India)"
    assert found[0].fills == {"inter1": "Protesters"}


def test_the_forces_of_a_state_are_external_in_another_country() -> None:
    at_home = find("actor2", "mil syr", {"country": "Syria"})[0]
    abroad = find("actor2", "mil syr", {"country": "Lebanon"})[0]

    assert (at_home.fills["inter2"], abroad.fills["inter2"]) == ("State forces", "External/Other forces")


def test_a_place_fills_its_provinces_and_turns_foreign_forces_external() -> None:
    row: dict[str, Value] = {"actor1": "Military Forces of Russia (2000-)", "inter1": "State forces"}

    found = find("location", "ham", row)[0]

    assert found.value == "Hama"
    assert found.fills["country"] == "Syria"
    assert found.fills["latitude"] == 35.13
    assert found.fills["inter1"] == "External/Other forces"


def test_a_tilde_before_a_place_says_near_it_and_two_say_around_it() -> None:
    assert find("location", "ham")[0].fills["geo_precision"] == 1
    assert find("location", "~ham")[0].fills["geo_precision"] == 2
    assert find("location", "~")[0].fills["geo_precision"] == 2
    assert find("location", "~~ham")[0].fills["geo_precision"] == 3


def test_places_of_the_country_an_actor_names_come_first() -> None:
    assert find("location", "", {"actor1": "Protesters (Kenya)"})[0].value == "Kisumu"
    assert find("location", "", {"actor1": "Military Forces of Syria (2000-2024)"})[0].value == "Hama"


def test_a_country_turns_foreign_forces_external_and_its_own_into_state_forces() -> None:
    row: dict[str, Value] = {"actor1": "Military Forces of Russia (2000-)", "inter1": "State forces"}

    assert find("country", "syr", row)[0].fills == {"inter1": "External/Other forces"}
    assert find("country", "russ", {**row, "inter1": "External/Other forces"})[0].fills == {
        "inter1": "State forces"
    }
    assert find("country", "russ", row)[0].fills == {}


def test_provinces_are_offered_and_forgiven_a_slip_of_the_finger() -> None:
    places = Places.open()
    salvador: dict[str, Value] = {"country": "El Salvador"}

    def offered(typed: str) -> list[Value]:
        return values(candidates("admin1", typed, row=salvador, codebook=CODEBOOK, places=places))

    assert offered("us") == ["Usulutan"]
    assert len(offered("")) == 9
    assert "Usulutan" in offered("usulatan")
    assert offered("guerr") == []


def test_provinces_are_those_coded_in_the_country() -> None:
    assert values(find("admin1", "", {"country": "Kenya"}))[0] == "Kisumu"
    assert values(find("admin1", "ha")) == ["Hama"]


def test_a_slip_of_the_finger_still_finds_a_place() -> None:
    found = find("location", "kisuum")

    assert found[0].value == "Kisumu"
    assert found[0].why == "a typo of"


def test_deaths_are_read_with_their_rule_and_the_other_reading_is_offered() -> None:
    found = find("fatalities", "several", {"country": "Syria"})

    assert values(found) == [10, 3]
    assert "'several' is coded as 10" in found[0].why
    assert values(find("fatalities")) == list(range(9))
    assert 12 in values(find("fatalities", "doz"))


def test_protests_are_offered_a_crowd_size() -> None:
    row: dict[str, Value] = {"sub_event_type": "Peaceful protest"}

    assert "crowd size=no report" in values(find("tags", "", row))
    assert find("tags", "300", row)[0].value == "crowd size=around 300"
    assert find("tags", "", {"sub_event_type": "Armed clash"}) == [] or "crowd size=no report" not in values(
        find("tags", "", {"sub_event_type": "Armed clash"})
    )


def test_a_list_keeps_its_finished_items() -> None:
    found = find("assoc_actor_1", "Teachers (Kenya); wom", {"country": "Kenya"})

    assert found[0].value == "Teachers (Kenya); Women (Kenya)"
    assert found[0].label == "Women (Kenya)"


def test_a_second_source_gives_the_joint_scale() -> None:
    found = find("source", "Orontes Courier; lake", {"country": "Kenya"})

    assert found[0].value == "Orontes Courier; Lakeside Standard"
    assert found[0].fills == {"source_scale": "Subnational-International"}


def test_closed_lists_show_what_their_values_mean() -> None:
    found = find("time_precision")

    assert values(found) == [1, 2, 3]
    assert all(candidate.detail for candidate in found)
    assert find("inter1", "re")[0].value == "Rebel group"


def test_the_note_is_offered_once_for_each_label_it_can_open_with() -> None:
    row: dict[str, Value] = {**HAMA, "sub_event_type": "Looting/property destruction"}

    assert [candidate.detail for candidate in find("notes", "", row)] == list(
        CODEBOOK.note_labels["Looting/property destruction"]
    )


@given(
    field=st.sampled_from([column.name for column in CODEBOOK.coded]),
    typed=st.text(max_size=12),
    row=st.sampled_from([{}, HAMA, KISUMU]),
)
def test_whatever_is_typed_gives_at_most_nine_candidates_for_that_field(
    field: str, typed: str, row: dict[str, Value]
) -> None:
    found = find(field, typed, row)

    assert len(found) <= 9
    assert all(candidate.field == field and candidate.value is not None for candidate in found)
    assert [candidate.score for candidate in found] == sorted((c.score for c in found), reverse=True)


def test_a_day_is_explained_in_words_that_fit_the_list() -> None:
    typed = ("", "thu", "-3", "last week", "5 nov", "last month")
    found = [
        each
        for text in typed
        for each in candidates("event_date", text, {}, codebook=CODEBOOK, article=ARTICLE)
    ]
    assert max(len(each.why) for each in found) <= 18
    assert [each.why for each in found[:3]] == ["day of the article", "the day before", "2 days before"]


def test_an_actor_of_another_country_stands_behind_those_of_the_event(tmp_path: Path) -> None:
    actors = Actors.open(Project.create(tmp_path / "project"))
    row: dict[str, Value] = {"country": "Kenya", "sub_event_type": "Peaceful protest"}
    for field in ("actor2", "assoc_actor_1"):
        found = candidates(field, "teachers", row, codebook=CODEBOOK, article=ARTICLE, actors=actors)
        names = [each.label for each in found]
        assert names[:2] == ["Teachers (Kenya)", "KNUT: Kenya National Union of Teachers"], field
        assert names.index("Teachers (Kenya)") < names.index("Teachers' College of Chile")


@pytest.mark.parametrize(
    ("field", "typed", "first"),
    [
        ("country", "Colmbia", "Colombia"),
        ("country", "Zimbawe", "Zimbabwe"),
        ("sub_event_type", "Peacful protest", "Peaceful protest"),
        ("inter1", "Rebell group", "Rebel group"),
        ("source_scale", "Internatoinal", "International"),
    ],
)
def test_a_slip_of_the_finger_still_finds_a_value_of_a_closed_list(
    field: str, typed: str, first: str
) -> None:
    found = find(field, typed)

    assert found[0].value == first
    assert found[0].why == "a typo of"


@pytest.mark.parametrize("typed", ["none", "No", "unknown", "crowd size=none"])
def test_a_crowd_that_nobody_counted_is_tagged_as_not_reported(typed: str) -> None:
    row: dict[str, Value] = {"sub_event_type": "Peaceful protest"}

    assert values(find("tags", typed, row))[0] == "crowd size=no report"
    assert not any("none" in str(value) for value in values(find("tags", typed, row)))


def test_a_typed_number_claims_nothing_about_the_article() -> None:
    assert find("fatalities", "4")[0].why == "coded as 4."
    assert find("fatalities", "fourteen")[0].why == "coded as 14."
