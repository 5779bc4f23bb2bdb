"""The one place where it is looked up what articles call the people, forces and acts that a row names by a rule.

`Protesters (Kenya)` stands in no article; `demonstrators` and `marched` do. The words are the codebook's data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from schema.wording import called_in


def people(codebook: str = "acled") -> Mapping[str, tuple[str, ...]]:
    """Beginnings of names that a rule gives, and what articles call those people, the usual words first."""
    return called_in(codebook).people


def spoken(codebook: str = "acled") -> Mapping[str, tuple[str, ...]]:
    """What coders type, and articles write, for a sub-event type."""
    return called_in(codebook).acts


def called(name: str) -> tuple[str, ...]:
    """What an article may call an actor, the full name first: also its abbreviation, its full form, its rule's words.

    >>> called("HTS: Hayat Tahrir al Sham")
    ('HTS: Hayat Tahrir al Sham', 'Hayat Tahrir al Sham', 'HTS')
    """
    bare = re.sub(r" \([^()]*\)", "", name).strip()
    short, _, full = bare.partition(": ")
    parts = (full, short) if full else (bare.split(" - ")[0],)
    by_rule = next((words for kind, words in people().items() if bare.startswith(kind)), ())
    return tuple(dict.fromkeys((*((name,) if name == bare else ()), bare, *parts, *by_rule)))
