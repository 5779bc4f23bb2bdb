"""Which field needs the coder next."""

import datetime

from coding.candidate import Value
from coding.stops import STOPS, following, next_stop
from schema.codebook import load_codebook

CODEBOOK = load_codebook()
FOLLOWING: dict[str, Value] = {
    column.name: "x"
    for column in CODEBOOK.coded
    if column.name == "inter2" or (column.required and column.name not in STOPS)
}
"""What follows from the stops: precision, types, coordinates, scale, notes."""
CLASH: dict[str, Value] = {
    **FOLLOWING,
    "event_date": datetime.date(2024, 12, 5),
    "sub_event_type": "Armed clash",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "actor2": "Military Forces of Syria (2000-2024)",
    "location": "Hama",
    "fatalities": 10,
}


def stops(row: dict[str, Value]) -> list[str]:
    """The stops an expert is led over when every one is answered."""
    done: dict[str, Value] = dict(FOLLOWING)
    path: list[str] = []
    at: str | None = None
    while (at := next_stop(CODEBOOK, done, at)) is not None:
        path.append(at)
        done[at] = row.get(at)
        if len(path) > 20:
            break
    return path


def test_a_clash_needs_six_decisions() -> None:
    assert stops(CLASH) == ["event_date", "sub_event_type", "actor1", "actor2", "location", "fatalities"]


def test_a_peaceful_protest_needs_a_crowd_and_no_opponent() -> None:
    protest: dict[str, Value] = {
        **CLASH,
        "sub_event_type": "Peaceful protest",
        "tags": "crowd size=no report",
    }

    assert stops(protest) == ["event_date", "sub_event_type", "actor1", "location", "fatalities", "tags"]


def test_deaths_that_the_kind_of_event_excludes_are_filled_and_passed_over() -> None:
    row: dict[str, Value] = {
        "event_date": CLASH["event_date"],
        "sub_event_type": "Peaceful protest",
        "actor1": "Protesters (Kenya)",
    }

    assert following(CODEBOOK, row) == {"fatalities": 0}
    place: dict[str, Value] = {"location": "Kisumu", "country": "Kenya", "latitude": -0.1, "longitude": 34.75}
    assert next_stop(CODEBOOK, {**row, **following(CODEBOOK, row), **place}, "location") == "tags"
    assert following(CODEBOOK, CLASH) == {}
    assert following(CODEBOOK, {}) == {}


def test_an_optional_opponent_left_empty_is_not_asked_for_again() -> None:
    strike: dict[str, Value] = {**CLASH, "sub_event_type": "Air/drone strike", "actor2": None}

    assert next_stop(CODEBOOK, strike, "actor1") == "actor2"
    assert next_stop(CODEBOOK, strike, "fatalities") is None


def test_a_required_opponent_left_empty_is_asked_for_again() -> None:
    assert next_stop(CODEBOOK, {**CLASH, "actor2": None}, "fatalities") == "actor2"


def test_a_carried_value_is_a_stop_until_it_is_confirmed() -> None:
    origins = {"location": "carried_over", "actor1": "picked"}

    assert next_stop(CODEBOOK, CLASH, None, origins) == "location"
    assert next_stop(CODEBOOK, CLASH, "fatalities", origins) == "location"
    assert next_stop(CODEBOOK, CLASH, None, {"location": "picked"}) is None


def test_a_required_field_that_did_not_follow_is_the_last_stop() -> None:
    """The scale of a source that nobody knows is asked for before the event can be saved."""
    assert next_stop(CODEBOOK, {**CLASH, "source_scale": None}, "fatalities") == "source_scale"
    assert next_stop(CODEBOOK, CLASH, "fatalities") is None


def test_the_type_of_a_new_actor_is_the_next_stop_after_its_name() -> None:
    assert next_stop(CODEBOOK, {**CLASH, "inter1": None}, "actor1") == "inter1"
    assert next_stop(CODEBOOK, {**CLASH, "inter2": None}, "fatalities") == "inter2"
    assert next_stop(CODEBOOK, {**CLASH, "actor2": None, "inter2": None}, "actor1") == "actor2"


NEW_PLACE: dict[str, Value] = {
    **{
        name: value
        for name, value in CLASH.items()
        if name not in ("country", "latitude", "longitude", "geo_precision")
    },
    "location": "Qamhanat",
    "fatalities": None,
}


def test_a_place_that_no_list_knows_is_asked_for_right_after_its_name_and_once() -> None:
    row, path, at = dict(NEW_PLACE), [], "location"
    while (at := next_stop(CODEBOOK, row, at) or "") and at != "fatalities":
        path.append(at)
        row[at] = None if at == "admin1" else "x"

    assert path == ["latitude", "longitude", "country", "admin1", "geo_precision"]


def test_what_follows_from_the_coordinates_is_not_asked_for() -> None:
    row = {
        **NEW_PLACE,
        "latitude": 35.19,
        "longitude": 36.72,
        "country": "Syria",
        "admin1": "Hama",
        "geo_precision": 1,
    }

    assert next_stop(CODEBOOK, row, "latitude") == "fatalities"


def test_a_known_place_without_a_province_is_asked_for_nothing_more() -> None:
    assert next_stop(CODEBOOK, {**CLASH, "fatalities": None}, "location") == "fatalities"
