"""The one place where the Unicode bidirectional algorithm gives every letter its level (UAX 9, rules P to I).

Controls that embed, override or isolate never get here: `safe_text` has made visible marks of them, so the rules
X1 to X8 have nothing to do. Even levels read from left to right, odd ones from right to left.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_bidi_class = lru_cache(maxsize=4096)(unicodedata.bidirectional)

_BRACKETS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⧼⧽⸢⸣⸤⸥⸦⸧⸨⸩"
    "〈〉《》「」『』【】〔〕〖〗〘〙〚〛（）［］｛｝｟｠｢｣"
)
_CLOSING_OF = dict(zip(_BRACKETS[::2], _BRACKETS[1::2], strict=True))
_CLOSING = frozenset(_CLOSING_OF.values())
_OTHERS = ("<>", "«»", "‹›", "≤≥", "≪≫")
MIRRORED = _CLOSING_OF | {close: begin for begin, close in _CLOSING_OF.items()}
for _pair in _OTHERS:
    MIRRORED |= {_pair[0]: _pair[1], _pair[1]: _pair[0]}

_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_AS_RIGHT = frozenset({"R", "EN", "AN"})
_IGNORED = frozenset({"BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_MOST_OPEN = 63


def base_level(text: str, start: int, end: int) -> int:
    """The direction of a paragraph: that of its first letter that has one (P2, P3)."""
    for letter in text[start:end]:
        match _bidi_class(letter):
            case "L":
                return 0
            case "R" | "AL":
                return 1
    return 0


def levels(text: str, base: int) -> list[int]:
    """The level of every code point of a piece of one paragraph."""
    classes = [_bidi_class(letter) or "L" for letter in text]
    edge = "R" if base else "L"
    _take_class_of_the_letter_before(classes, edge)
    _resolve_numbers(classes, edge)
    _resolve_brackets(text, classes, edge)
    _resolve_neutrals(classes, edge)
    return [_level(kind, base) for kind in classes]


def _level(kind: str, base: int) -> int:
    if base:
        return base if kind == "R" else base + 1
    return 0 if kind == "L" else 1 if kind == "R" else 2


def _take_class_of_the_letter_before(classes: list[str], edge: str) -> None:
    """Marks, and what the algorithm has removed by now, go with the letter they stand on (W1, X9)."""
    before = edge
    for index, kind in enumerate(classes):
        if kind == "NSM" or kind in _IGNORED:
            classes[index] = before
        else:
            before = kind


def _resolve_numbers(classes: list[str], edge: str) -> None:
    """European and Arabic numbers with their separators and signs (W2 to W7)."""
    strong = edge
    for index, kind in enumerate(classes):
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            classes[index] = "AN"
    for index, kind in enumerate(classes):
        if kind == "AL":
            classes[index] = "R"
    _resolve_separators(classes)
    strong = edge
    for index, kind in enumerate(classes):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            classes[index] = "L"


def _resolve_separators(classes: list[str]) -> None:
    if not {"ES", "CS", "ET"}.intersection(classes):
        return
    for index, kind in enumerate(classes):
        if kind in ("ES", "CS") and 0 < index < len(classes) - 1:
            before = classes[index - 1]
            if before == classes[index + 1] and (before == "EN" or (kind == "CS" and before == "AN")):
                classes[index] = before
    _resolve_terminators(classes)
    for index, kind in enumerate(classes):
        if kind in ("ES", "ET", "CS"):
            classes[index] = "ON"


def _resolve_terminators(classes: list[str]) -> None:
    """Signs beside a European number, such as per cent and currencies, go with it (W5)."""
    index = 0
    while "ET" in classes[index:]:
        index = classes.index("ET", index)
        stop = index
        while stop < len(classes) and classes[stop] == "ET":
            stop += 1
        if "EN" in (classes[index - 1] if index else "", classes[stop] if stop < len(classes) else ""):
            classes[index:stop] = ["EN"] * (stop - index)
        index = stop


def _strong(kind: str) -> str:
    return "R" if kind in _AS_RIGHT else kind


def _resolve_brackets(text: str, classes: list[str], edge: str) -> None:
    """A pair of brackets reads as what stands in it, or as what stands before it (N0)."""
    for begin, close in _pairs(text, classes):
        inside = {_strong(kind) for kind in classes[begin + 1 : close]} & {"L", "R"}
        if edge in inside:
            chosen = edge
        elif inside:
            other = next(iter(inside))
            before = next((_strong(k) for k in reversed(classes[:begin]) if _strong(k) in ("L", "R")), edge)
            chosen = other if before == other else edge
        else:
            continue
        for place in (begin, close):
            classes[place] = chosen
            following = place + 1
            while following < len(text) and _bidi_class(text[following]) == "NSM":
                classes[following] = chosen
                following += 1


def _pairs(text: str, classes: list[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for index, written in enumerate(text):
        if classes[index] != "ON":
            continue
        letter = unicodedata.normalize("NFC", written)  # the angle brackets of mathematics are those of CJK
        if letter in _CLOSING_OF:
            if len(opened) == _MOST_OPEN:
                return sorted(found)
            opened.append((_CLOSING_OF[letter], index))
        elif letter in _CLOSING:
            for depth in range(len(opened) - 1, -1, -1):
                if opened[depth][0] == letter:
                    found.append((opened[depth][1], index))
                    del opened[depth:]
                    break
    return sorted(found)


def _resolve_neutrals(classes: list[str], edge: str) -> None:
    """Spaces and punctuation read as what stands on both sides, else as the paragraph (N1, N2)."""
    index = 0
    while index < len(classes):
        if classes[index] not in _NEUTRAL:
            index += 1
            continue
        stop = index
        while stop < len(classes) and classes[stop] in _NEUTRAL:
            stop += 1
        before = _strong(classes[index - 1]) if index else edge
        after = _strong(classes[stop]) if stop < len(classes) else edge
        classes[index:stop] = [before if before == after else edge] * (stop - index)
        index = stop
