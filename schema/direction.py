"""The one place where the Unicode bidirectional algorithm gives every letter its level (UAX 9, rules P to I).

Controls that embed, override or isolate never get here: `safe_text` has made visible marks of them, so the rules
X1 to X8 have nothing to do. Even levels read from left to right, odd ones from right to left.

A text becomes a string of the same length with one sign for the class of each letter, and each rule a replacement
in it: a thousand letters take less than a millisecond.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

_SIGNS = {
    "L": "L",
    "R": "R",
    "AL": "A",
    "EN": "E",
    "AN": "N",
    "ES": "S",
    "ET": "T",
    "CS": "C",
    "NSM": "M",
    "B": "O",
    "S": "O",
    "WS": "O",
    "ON": "O",
    "": "L",
}
"""One sign a class; white space and other neutrals are treated alike, what the algorithm has removed goes as a mark."""

_BRACKETS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⧼⧽⸢⸣⸤⸥⸦⸧⸨⸩"
    "〈〉《》「」『』【】〔〕〖〗〘〙〚〛（）［］｛｝｟｠｢｣"
)
_CLOSING_OF = dict(zip(_BRACKETS[::2], _BRACKETS[1::2], strict=True))
_CLOSING = frozenset(_CLOSING_OF.values())
_A_BRACKET = re.compile("[" + re.escape("".join(_BRACKETS)) + "\u2329\u232a]")
_OTHERS = ("<>", "«»", "‹›", "≤≥", "≪≫")
MIRRORED = _CLOSING_OF | {close: begin for begin, close in _CLOSING_OF.items()}
for _pair in _OTHERS:
    MIRRORED |= {_pair[0]: _pair[1], _pair[1]: _pair[0]}

_MOST_OPEN = 63

_WITH_MARKS = re.compile("(.)M+")
_AFTER_AN_ARABIC_LETTER = re.compile("A[^LRA]*E[^LRA]*")
_BETWEEN_NUMBERS = re.compile("(?<=E)[SC](?=E)|(?<=N)C(?=N)")
_BESIDE_A_NUMBER = re.compile("(?<=E)T+|T+(?=E)")
_SEPARATORS = str.maketrans("STC", "OOO")
_AFTER_A_LATIN_LETTER = re.compile("L[^LR]*E[^LR]*")
_NEUTRALS = re.compile("O+")
_TO_RIGHT, _TO_LEFT = (str.maketrans("LREN", each) for each in ("\x00\x01\x02\x02", "\x02\x01\x02\x02"))


@lru_cache(maxsize=4096)
def _sign_of(letter: str) -> str:
    return _SIGNS.get(unicodedata.bidirectional(letter), "M")


def base_level(text: str, start: int, end: int) -> int:
    """The direction of a paragraph: that of its first letter that has one (P2, P3)."""
    for letter in text[start:end]:
        match unicodedata.bidirectional(letter):
            case "L":
                return 0
            case "R" | "AL":
                return 1
    return 0


def levels(text: str, base: int) -> bytes:
    """The level of every code point of a piece of one paragraph."""
    edge = "R" if base else "L"
    # the edge stands before the text for what looks back, and is taken away at the end
    signs = edge + "".join(map(_sign_of, text))
    signs = _WITH_MARKS.sub(_like_the_letter_before, signs)  # W1, X9
    signs = _AFTER_AN_ARABIC_LETTER.sub(_numbers_arabic, signs)  # W2
    signs = signs.replace("A", "R")  # W3
    signs = _BETWEEN_NUMBERS.sub(_like_its_neighbour, signs)  # W4
    signs = _BESIDE_A_NUMBER.sub(_all_numbers, signs)  # W5
    signs = signs.translate(_SEPARATORS)  # W6
    signs = _AFTER_A_LATIN_LETTER.sub(_numbers_latin, signs)  # W7
    if _A_BRACKET.search(text) is not None:
        signs = edge + _with_brackets(text, signs[1:], edge)  # N0
    signs = _resolved_neutrals(signs, edge)  # N1, N2
    return signs[1:].translate(_TO_LEFT if base else _TO_RIGHT).encode("latin-1")  # I1, I2


def runs_in_order(row_levels: bytes) -> list[tuple[int, int, int]]:
    """The runs of one level as (level, first, last), from the left of the screen to the right.

    From the highest level down to the lowest odd one, each stretch of that level or higher is turned round (L2).
    """
    runs: list[tuple[int, int, int]] = []
    place = 0
    for level, same in groupby(row_levels):
        stop = place + sum(1 for _ in same)
        runs.append((level, place, stop))
        place = stop
    for level in range(max(row_levels, default=0), 0, -1):
        index = 0
        while index < len(runs):
            stop = index
            while stop < len(runs) and runs[stop][0] >= level:
                stop += 1
            runs[index:stop] = reversed(runs[index:stop])
            index = max(stop, index + 1)
    return runs


def _like_the_letter_before(match: re.Match[str]) -> str:
    return match[1] * len(match[0])


def _numbers_arabic(match: re.Match[str]) -> str:
    return match[0].replace("E", "N")


def _numbers_latin(match: re.Match[str]) -> str:
    return match[0].replace("E", "L")


def _like_its_neighbour(match: re.Match[str]) -> str:
    return match.string[match.start() - 1]


def _all_numbers(match: re.Match[str]) -> str:
    return "E" * len(match[0])


def _resolved_neutrals(signs: str, edge: str) -> str:
    """Spaces and punctuation read as what stands on both sides, else as the paragraph; a number counts as right to left."""

    def resolved(match: re.Match[str]) -> str:
        before = "L" if signs[match.start() - 1] == "L" else "R"
        after = edge if match.end() == len(signs) else "L" if signs[match.end()] == "L" else "R"
        return (before if before == after else edge) * len(match[0])

    return _NEUTRALS.sub(resolved, signs)


def _strong(sign: str) -> str:
    return "R" if sign in "REN" else sign


def _with_brackets(text: str, signs: str, edge: str) -> str:
    """A pair of brackets reads as what stands in it, or as what stands before it."""
    classes = list(signs)
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
            while following < len(text) and unicodedata.bidirectional(text[following]) == "NSM":
                classes[following] = chosen
                following += 1
    return "".join(classes)


def _pairs(text: str, classes: list[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for index, written in enumerate(text):
        if classes[index] != "O":
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
