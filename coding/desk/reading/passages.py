"""The one place where a text is cut into paragraphs, sentences and words, for moving and selecting by them.

Every passage is a pair of code points of the text as it is stored; nothing here changes a text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, cached_property

Span = tuple[int, int]

_PUNCTUATION = (
    "\u2000-\u200b\u200e-\u2018\u201a-\u206f\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20"
    "\uff3b-\uff40\uff5b-\uff65\u060c\u061b\u061d-\u061f\u066a-\u066d\u06d4\u0964\u0965\u104a\u104b\u1361-\u1368"
    "\u17d4-\u17da\u055a-\u055f\u0589\u05be\u05c0\u05c3\u05f3\u05f4\u0f0b-\u0f14\ufffd"
)
_UNSPACED = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Ideographs: no spaces stand between words, so each is one step."""
_LETTER = f"(?:(?![{_PUNCTUATION}{_UNSPACED}])[\\w\u0300-\U000e0fff])"
_JOINED = "(?:[.,](?=\\d)(?<=\\d.)|['’.\\-‑](?=[^\\W\\d]))"
_WORD_ASCII = re.compile(r"\w+(?:(?:[.,](?=\d)(?<=\d.)|['.\-](?=[^\W\d]))\w+)*", re.ASCII)

_CLOSING = "[\"'”’»)\\]」』]*"
_SENTENCE_END = re.compile(f"[.!?…؟۔।॥။።]+{_CLOSING}(?=\\s)|[。！？｡]+{_CLOSING}")
_SHORTENED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Maj|Capt|Sgt|Cpl|Brig|Adm|Gov|Sen|Rep|Rev|Hon|Pres|No|Nos|vs|etc|e\.g|i\.e|approx|ca|cf|al"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mt|Ft|Inc|Ltd|Co|Corp)|(?:\b|\.)[A-Z])\.$"
)
_HARD_WRAPPED_WIDTH = range(45, 101)


@cache
def _word_of_any_script() -> re.Pattern[str]:
    # It takes 10 ms to compile, which no start of the desk has to wait for.
    return re.compile(f"[{_UNSPACED}][\ufe00-\ufe0f]*|{_LETTER}+(?:{_JOINED}{_LETTER}+)*")


class Passages:
    """One text and where its paragraphs, sentences and words lie; each is found when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def paragraphs(self) -> list[Span]:
        """Runs of text between line ends; between blank lines where the text was wrapped by hand."""
        return _between_blank_lines(self.text) if is_wrapped_by_hand(self.text) else _lines(self.text)

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentences in order, without the space around them; none crosses a paragraph."""
        found: list[Span] = []
        for start, end in self.paragraphs:
            found.extend(_sentences_between(self.text, start, end))
        return found

    @cached_property
    def words(self) -> list[Span]:
        """Words and numbers in order, without punctuation."""
        return [match.span() for match in self._word.finditer(self.text)]

    @property
    def first_word(self) -> Span | None:
        """The first word, found without looking for the others."""
        match = self._word.search(self.text)
        return match.span() if match else None

    @property
    def _word(self) -> re.Pattern[str]:
        return _WORD_ASCII if self.text.isascii() else _word_of_any_script()

    def find_all(self) -> None:
        """Find what moving asks for; may run in a thread, a key that comes first finds it itself."""
        _ = self.words, self.sentences

    def word_at(self, offset: int) -> Span | None:
        """The word that covers the offset; else the one before it, else the first."""
        return around(self.words, offset)

    def sentence_at(self, offset: int) -> Span | None:
        """The sentence that covers the offset; else the one before it, else the first."""
        return around(self.sentences, offset)

    def paragraph_at(self, offset: int) -> Span | None:
        """The paragraph that covers the offset; else the one before it, else the first."""
        return around(self.paragraphs, offset)


def around(passages: Sequence[Span], offset: int) -> Span | None:
    """The passage that covers the offset; else the one before it, else the first; None without any."""
    return passages[index_at(passages, offset)] if passages else None


def index_at(passages: Sequence[Span], offset: int) -> int:
    """The position in order of the passage at the offset, as `around` chooses it."""
    return max(bisect_right(passages, offset, key=_start) - 1, 0)


def is_wrapped_by_hand(text: str) -> bool:
    """Whether single line ends only break lines (agency copy at 70 columns), and blank lines part paragraphs."""
    head = text[:20_000]
    blocks = [block.splitlines() for block in re.split(r"\n[ \t]*\n", head.strip())]
    broken = [line for block in blocks for line in block[:-1]]
    if len(broken) < 2 or len(broken) < len(blocks) or max(map(len, broken)) not in _HARD_WRAPPED_WIDTH:
        return False
    return sum(len(line) for line in broken) / len(broken) > 0.7 * max(map(len, broken))


def _start(span: Span) -> int:
    return span[0]


def _lines(text: str) -> list[Span]:
    return [match.span() for match in re.finditer(r"[^\s](?:[^\n]*[^\s])?", text)]


def _between_blank_lines(text: str) -> list[Span]:
    return [match.span() for match in re.finditer(r"[^\s](?:(?:[^\n]|\n(?![ \t]*(?:\n|$)))*[^\s])?", text)]


def _sentences_between(text: str, start: int, end: int) -> list[Span]:
    found: list[Span] = []
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        if not _ends_sentence(text, match, end):
            continue
        found.append((begin, match.end()))
        begin = match.end()
        while begin < end and text[begin].isspace():
            begin += 1
    if begin < end:
        found.append((begin, end))
    return found


def _ends_sentence(text: str, match: re.Match[str], end: int) -> bool:
    """A full stop after a title, a month or an initial, or before a small letter, ends nothing."""
    following = text[match.end() : min(match.end() + 8, end)].lstrip()
    if following[:1].islower():
        return False
    return (
        match[0][0] != "." or _SHORTENED.search(text[max(match.start() - 8, 0) : match.start() + 1]) is None
    )
