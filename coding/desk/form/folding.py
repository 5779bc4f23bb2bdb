"""The one place where several complaints about one choice become one that stands and the number of the others.

A wrong actor breaks a rule on the actor, one on its type, one on both: the coder made one choice and mends one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coding.event_state import BY_THE_CODER
from coding.stops import FOLLOWERS
from schema.rules import Severity

if TYPE_CHECKING:
    from coding.event_state import EventState
    from coding.form_work import FormWork
    from schema.codebook import Codebook
    from schema.rules import Failure

_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_CHOSEN_BY = {
    follower: chosen
    for chosen, followers in FOLLOWERS.items()
    if chosen != "sub_event_type"
    for follower in followers
}
"""A column that a choice brings along, to the column that is chosen."""


@dataclass(frozen=True)
class Standing:
    """A failure that is shown, and those of the same choice that wait behind it."""

    failure: Failure
    column: str
    """The field it stands beside."""
    behind: tuple[Failure, ...] = ()
    chosen: bool = True
    """False while nothing is chosen: what would come along with the choice is missing then too, and not worth a word."""

    @property
    def said(self) -> str:
        """The sentence, and how many more there are."""
        many = len(self.behind) if self.chosen else 0
        return f"{self.failure.message} (and {many} more: F12)" if many else self.failure.message


def place_of(codebook: Codebook, failure: Failure) -> str:
    """The first of its columns that a coder fills, as the rule lists them."""
    coded = [column.name for column in codebook.coded]
    return next((column for column in failure.columns if column in coded), coded[0])


def choice_of(state: EventState, column: str) -> str:
    """The field whose choice a column follows from; itself where the coder filled it."""
    return column if state.origins.get(column) in BY_THE_CODER else _CHOSEN_BY.get(column, column)


def standing(codebook: Codebook, state: EventState, failures: Sequence[Failure]) -> list[Standing]:
    """One failure for each wrong choice, the gravest and nearest to the choice; warnings with a reason stay to be read."""
    by_choice: dict[str, list[Failure]] = {}
    for failure in failures:
        by_choice.setdefault(choice_of(state, place_of(codebook, failure)), []).append(failure)
    found: list[Standing] = []
    for choice, of_one in by_choice.items():
        found += _standing_of(codebook, state, choice, of_one)
    return found


def standing_in_order(work: FormWork, failures: Sequence[Failure]) -> list[Standing]:
    """What stands between an event and its save or is worth a look: errors first, each kind in the order of the form."""
    order = [column.name for column in work.codebook.coded]
    found = standing(work.codebook, work.state, failures)
    return sorted(found, key=lambda each: (_RANK[each.failure.severity], order.index(each.column)))


def wrong_with(work: FormWork, column: str, failures: Sequence[Failure]) -> list[Failure]:
    """Everything that is wrong with the choice a field belongs to, also what is folded."""
    choice = choice_of(work.state, column)
    return [each for each in failures if choice_of(work.state, place_of(work.codebook, each)) == choice]


def _standing_of(
    codebook: Codebook, state: EventState, choice: str, failures: Collection[Failure]
) -> list[Standing]:
    explained = [
        failure
        for failure in failures
        if failure.severity is Severity.WARNING and state.reasons.get(failure.rule_id)
    ]
    open_ones = sorted(
        (failure for failure in failures if failure not in explained),
        key=lambda failure: (_RANK[failure.severity], place_of(codebook, failure) != choice),
    )
    found = [Standing(failure, place_of(codebook, failure)) for failure in explained]
    if open_ones:
        first, *behind = open_ones
        chosen = state.value(choice) is not None
        found.append(Standing(first, place_of(codebook, first), tuple(behind), chosen))
    return found
