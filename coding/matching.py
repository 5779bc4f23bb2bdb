"""The one place where what was typed is compared with a name: beginnings of any word, initials, and typos last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from schema.text import fold

EXACT, INITIALS, OPENING, FIRST_WORD, IN_ORDER, ANY_ORDER, SOME_INITIALS, TYPO = (
    10.0,
    6.0,
    5.0,
    4.0,
    3.5,
    3.0,
    2.5,
    1.0,
)
"""How well a name answers to what was typed; more is better, and a whole word beats its beginning by a half."""

_LITTLE_WORDS = frozenset({"of", "the", "and", "or", "to", "for", "de", "la", "el", "al", "with"})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Name:
    """A name made ready to be compared."""

    folded: str
    words: tuple[str, ...]
    initials: tuple[str, ...]
    """With and without little words: `mfs` and `mfos` for Military Forces of Syria."""


@lru_cache(maxsize=60_000)
def prepared(name: str) -> Name:
    """The parts of a name; years in it are no words anybody types."""
    folded = fold(name)
    words = tuple(_WORD.findall(folded))
    lettered = [word for word in words if not word.isdigit()]
    short = "".join(word[0] for word in lettered if word not in _LITTLE_WORDS)
    return Name(folded, words, tuple(dict.fromkeys((short, "".join(word[0] for word in lettered)))))


def match(typed: str, name: str, aliases: Iterable[str] = ()) -> float | None:
    """How well a name, or one of its aliases, answers to what was typed; None where it does not.

    >>> match("ac", "Armed clash") == INITIALS
    True
    >>> match("nairobi", "Mombasa") is None
    True
    """
    folded = fold(typed)
    tokens = tuple(_WORD.findall(folded))
    if not tokens:
        return None
    own = _match_one(folded, tokens, prepared(name))
    others = [
        found - 0.5 for alias in aliases if (found := _match_one(folded, tokens, prepared(alias))) is not None
    ]
    return max([found for found in (own, *others) if found is not None], default=None)


def _match_one(folded: str, tokens: Sequence[str], name: Name) -> float | None:
    if name.folded == folded:
        return EXACT
    solid = tokens[0] if len(tokens) == 1 else ""
    if len(solid) > 1 and solid in name.initials:
        return INITIALS
    whole = 0.5 if tokens[-1] in name.words else 0.0
    if name.folded.startswith(folded):
        return OPENING + whole
    found = _places_of(tokens, name.words)
    if found is not None:
        in_order = found == sorted(found)
        return (FIRST_WORD if found[0] == 0 and in_order else IN_ORDER if in_order else ANY_ORDER) + whole
    if len(solid) > 1 and any(letters.startswith(solid) for letters in name.initials):
        return SOME_INITIALS
    return None


def _places_of(tokens: Sequence[str], words: Sequence[str]) -> list[int] | None:
    """For each token the first unused word it begins; None where one begins no word."""
    used: list[int] = []
    for token in tokens:
        after = used[-1] + 1 if used else 0
        order = (*range(after, len(words)), *range(after))
        place = next((n for n in order if n not in used and words[n].startswith(token)), None)
        if place is None:
            return None
        used.append(place)
    return used


def typos(typed: str, names: Sequence[str], limit: int) -> list[tuple[str, float]]:
    """Names that differ from what was typed by slips of the finger, the likeliest first, scored below TYPO."""
    folded = fold(typed)
    if len(folded) < 3 or not names:
        return []
    from rapidfuzz import fuzz, process

    found = process.extract(
        folded,
        {n: fold(name) for n, name in enumerate(names)},
        scorer=fuzz.partial_ratio,
        score_cutoff=72,
        limit=limit,
    )
    return [(names[key], TYPO * score / 100) for _, score, key in found]
