"""The one place where it is told which sub-event types a rule is about, from the names and facts that its SQL asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema.codebook import Codebook, SubEventType
    from schema.rules import Rule

_NAMES = re.compile(r"(<>|NOT IN|=|IN)\s*(\(\s*'[^)]*\)|'(?:[^']|'')*')")
_TEXT = re.compile(r"'((?:[^']|'')*)'")
_FACT = re.compile(r"sub\.([a-z_0-9]+) (=|<>) '([^']*)'")
_LIST = re.compile(r"len\(sub\.([a-z_0-9]+)\) = 0 (AND|OR)")


def is_about(rule: Rule, entry: SubEventType, codebook: Codebook) -> bool:
    """Whether the rule speaks of this sub-event type: by its name, its event type, or a fact that it has.

    A rule whose SQL asks for no type at all is about none in particular, and the answer is no.
    """
    return _by_name(rule, entry, codebook) and _by_fact(rule, entry)


def _by_name(rule: Rule, entry: SubEventType, codebook: Codebook) -> bool:
    types = {kind.name for kind in codebook.event_types} | {sub.name for sub in codebook.sub_event_types}
    wanted: set[str] = set()
    unwanted: set[str] = set()
    for operator, listed in _NAMES.findall(rule.sql):
        (unwanted if operator in {"<>", "NOT IN"} else wanted).update(types & set(_TEXT.findall(listed)))
    own = {entry.name, entry.event_type}
    if unwanted & own:
        return False
    return bool(wanted & own) if wanted else bool(unwanted) or "sub." in rule.sql


def _by_fact(rule: Rule, entry: SubEventType) -> bool:
    told = [
        (field, operator, value)
        for field, operator, value in _FACT.findall(rule.sql)
        if field != "event_type"
    ]
    if any(
        (str(getattr(entry, field, "")) == value) is not (operator == "=") for field, operator, value in told
    ):
        return False
    return all(bool(getattr(entry, field, ())) is (word == "OR") for field, word in _LIST.findall(rule.sql))
