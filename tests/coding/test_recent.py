"""What a project coded lately, as a guide to what comes next."""

from hypothesis import given
from hypothesis import strategies as st

from coding.recent import Recent

NAIROBI = {
    "sub_event_type": "Peaceful protest",
    "actor1": "Protesters (Kenya)",
    "inter1": "Protesters",
    "country": "Kenya",
    "admin1": "Nairobi",
    "location": "Nairobi",
    "latitude": -1.28,
    "longitude": 36.82,
    "geo_precision": 1,
    "source": "Lakeside Standard; Daily Nation",
}
KISUMU = {**NAIROBI, "location": "Kisumu", "admin1": "Kisumu"}
HAMA = {
    **NAIROBI,
    "sub_event_type": "Armed clash",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "country": "Syria",
    "location": "Hama",
}


def test_the_value_used_last_is_likelier_than_one_used_once_before() -> None:
    recent = Recent([NAIROBI, KISUMU])

    assert recent.likeliest("location", {}) == ["Kisumu", "Nairobi"]


def test_a_value_used_often_is_likelier_than_the_last_one() -> None:
    recent = Recent([NAIROBI, NAIROBI, NAIROBI, KISUMU])

    assert recent.likeliest("location", {})[0] == "Nairobi"


def test_the_company_of_the_row_decides_before_recency() -> None:
    recent = Recent([HAMA, NAIROBI, NAIROBI])

    assert recent.likeliest("location", {"country": "Syria"})[0] == "Hama"
    assert recent.likeliest("actor1", {"sub_event_type": "Armed clash"})[0] == "HTS: Hayat Tahrir al Sham"


def test_a_place_brings_what_it_filled_when_it_was_used_last() -> None:
    brought = Recent([NAIROBI, HAMA]).brings("location", "Nairobi")

    assert brought == {
        name: NAIROBI[name] for name in ("country", "admin1", "latitude", "longitude", "geo_precision")
    }


def test_places_of_the_same_name_are_kept_apart_by_country() -> None:
    recent = Recent(
        [
            {**NAIROBI, "location": "Tripoli", "country": "Lebanon"},
            {**NAIROBI, "location": "Tripoli", "country": "Libya"},
        ]
    )

    assert recent.brings("location", "Tripoli", "Lebanon")["country"] == "Lebanon"
    assert recent.brings("location", "Tripoli")["country"] == "Libya"
    assert recent.brings("location", "Tripoli", "Syria") == {}


def test_the_items_of_a_list_are_remembered_one_by_one() -> None:
    assert set(Recent([NAIROBI]).values("source")) == {"Lakeside Standard", "Daily Nation"}


def test_values_are_found_by_the_letter_any_word_begins_with() -> None:
    assert Recent([HAMA]).beginning_with("actor1", "t") == ["HTS: Hayat Tahrir al Sham"]
    assert Recent([HAMA]).beginning_with("actor1", "tahr") == ["HTS: Hayat Tahrir al Sham"]
    assert Recent([HAMA]).beginning_with("actor1", "z") == []
    assert Recent([HAMA, NAIROBI, HAMA]).beginning_with("location", "") == []


def test_nothing_is_likely_before_anything_was_coded() -> None:
    assert Recent().likeliest("actor1", NAIROBI) == []
    assert Recent().likelihood("actor1", "Protesters (Kenya)", NAIROBI) == 0


@given(st.lists(st.sampled_from([NAIROBI, KISUMU, HAMA]), max_size=30))
def test_likelihood_lies_between_nothing_and_one(rows: list[dict[str, object]]) -> None:
    recent = Recent(rows)  # type: ignore[arg-type]

    for row in rows:
        assert 0 < recent.likelihood("location", str(row["location"]), {}) < 1
