"""Several complaints about one choice, one line on the form."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coding.desk.form.folding import place_of, standing
from coding.event_state import FOLLOWS, PICKED, TYPED, EventState
from schema.codebook import load_codebook
from schema.rules import Failure, Severity

CODEBOOK = load_codebook()
CROWD = Failure("crowd", Severity.ERROR, ("actor1", "sub_event_type"), "The crowd is meant.")
TYPE = Failure("type", Severity.ERROR, ("inter1", "sub_event_type"), "No protesters.")
RARE = Failure("rare", Severity.WARNING, ("inter1",), "Never seen.")
EMPTY = Failure("empty", Severity.ERROR, ("actor2",), "Fill in actor 2.")
CHOSEN = EventState(
    "d", 1, values={"actor1": "HTS", "inter1": "Rebel group"}, origins={"actor1": PICKED, "inter1": FOLLOWS}
)


def test_the_gravest_and_nearest_to_the_choice_stands_and_the_others_wait_behind() -> None:
    first, second = standing(CODEBOOK, CHOSEN, [RARE, TYPE, CROWD, EMPTY])

    assert (first.failure, first.column, set(first.behind)) == (CROWD, "actor1", {TYPE, RARE})
    assert first.said == "The crowd is meant. (and 2 more: F12)"
    assert (second.failure, second.said) == (EMPTY, "Fill in actor 2.")


def test_what_the_coder_typed_into_a_follower_is_a_choice_of_its_own() -> None:
    typed = replace(CHOSEN, origins={"actor1": PICKED, "inter1": TYPED})

    assert [each.column for each in standing(CODEBOOK, typed, [CROWD, TYPE, RARE])] == ["actor1", "inter1"]


def test_a_warning_with_a_reason_stays_to_be_read_and_lets_the_next_stand() -> None:
    other = Failure("other", Severity.WARNING, ("actor1",), "Is it so?")
    explained = replace(CHOSEN, reasons={"rare": "seen in person"})

    found = standing(CODEBOOK, explained, [RARE, other])

    assert [(each.failure, each.behind) for each in found] == [(RARE, ()), (other, ())]


def test_while_nothing_is_chosen_what_would_come_along_is_not_counted() -> None:
    date = Failure("date", Severity.ERROR, ("event_date",), "Date is empty.")
    precision = Failure("precision", Severity.ERROR, ("time_precision",), "Precision is empty.")

    (found,) = standing(CODEBOOK, CHOSEN, [date, precision])

    assert (found.said, found.behind) == ("Date is empty.", (precision,))


FAILURES = st.lists(
    st.builds(
        Failure,
        st.uuids().map(str),
        st.sampled_from(list(Severity)),
        st.lists(st.sampled_from([column.name for column in CODEBOOK.coded]), min_size=1).map(tuple),
        st.just("Wrong."),
    ),
    unique_by=lambda failure: failure.rule_id,
)


@given(FAILURES)
def test_every_failure_stands_or_waits_behind_one_as_grave(failures: list[Failure]) -> None:
    ranks = list(Severity)

    found = standing(CODEBOOK, CHOSEN, failures)

    told = [failure for each in found for failure in (each.failure, *each.behind)]
    assert sorted(failure.rule_id for failure in told) == sorted(failure.rule_id for failure in failures)
    for each in found:
        assert each.column == place_of(CODEBOOK, each.failure)
        assert all(ranks.index(each.failure.severity) <= ranks.index(other.severity) for other in each.behind)
