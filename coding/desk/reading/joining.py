"""The one place where Arabic letters get the form that joins them to their neighbours.

Terminals that do not reorder text do not join letters either; the presentation forms of Unicode read joined
everywhere. Each letter stays one code point, so offsets stay true.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_FORMS = (*range(0xFB50, 0xFDFC), *range(0xFE80, 0xFEF5))
_JOINER, _TATWEEL = "\u200d", "\u0640"


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
    drawn: list[str] = []
    for index, letter in enumerate(letters):
        own = forms.get(letter[:1])
        if own is None:
            drawn.append(letter)
            continue
        before = index > 0 and _joins_after(letters[index - 1], forms) and "<final>" in own
        after = "<initial>" in own and index + 1 < len(letters) and _joins_before(letters[index + 1], forms)
        form = (
            "<medial>"
            if before and after
            else "<final>"
            if before
            else "<initial>"
            if after
            else "<isolated>"
        )
        drawn.append(own.get(form, letter[0]) + letter[1:])
    return drawn


def _joins_after(letter: str, forms: dict[str, dict[str, str]]) -> bool:
    return letter[-1:] in (_JOINER, _TATWEEL) or (
        letter[-1:] != "\u200c" and "<initial>" in forms.get(letter[:1], {})
    )


def _joins_before(letter: str, forms: dict[str, dict[str, str]]) -> bool:
    return letter[:1] in (_JOINER, _TATWEEL) or "<final>" in forms.get(letter[:1], {})
