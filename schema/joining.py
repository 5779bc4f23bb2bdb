"""The one place where Arabic letters get the form that joins them to their neighbours.

Terminals that do not reorder text do not join letters either; the presentation forms of Unicode read joined
everywhere. Each letter stays one code point, so offsets stay true.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_FORMS = (*range(0xFB50, 0xFDFC), *range(0xFE80, 0xFEF5))
_APART, _JOINER, _TATWEEL = "\u200c", "\u200d", "\u0640"
_NAMES = {
    (True, True): "<medial>",
    (True, False): "<final>",
    (False, True): "<initial>",
    (False, False): "<isolated>",
}


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Letter to form to presentation letter, as the Unicode character database tells it."""
    table: dict[str, dict[str, str]] = {}
    for code in _FORMS:
        form, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if form in ("<isolated>", "<initial>", "<medial>", "<final>") and len(letters) == 1:
            table.setdefault(chr(int(letters[0], 16)), {})[form] = chr(code)
    return table


def joined(letters: list[str]) -> list[str]:
    """The letters, in the order in which they are spoken, each in the form its neighbours ask for."""
    forms = _forms()
    own = [forms.get(letter[:1]) for letter in letters]
    if not any(own):
        return letters
    after = [_joins_after(letter, form) for letter, form in zip(letters, own, strict=True)]
    before = [_joins_before(letter, form) for letter, form in zip(letters, own, strict=True)]
    drawn = letters.copy()
    for index, form in enumerate(own):
        if form is not None:
            from_right = index > 0 and after[index - 1] and "<final>" in form
            to_left = index + 1 < len(letters) and before[index + 1] and "<initial>" in form
            drawn[index] = form.get(_NAMES[from_right, to_left], letters[index][0]) + letters[index][1:]
    return drawn


def _joins_after(letter: str, form: dict[str, str] | None) -> bool:
    if form is None:
        return letter[-1:] in (_JOINER, _TATWEEL)
    return "<initial>" in form and letter[-1] != _APART


def _joins_before(letter: str, form: dict[str, str] | None) -> bool:
    return letter[:1] in (_JOINER, _TATWEEL) if form is None else "<final>" in form
