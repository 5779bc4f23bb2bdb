"""The one place where words of an article are chosen: a chosen passage, moved and extended by word, sentence, paragraph.

There is always a choice while the text has a word: the word under the caret. Extending keeps the passage where
it began; moving starts a new one.
"""

from __future__ import annotations

from coding.desk.reading.passages import Passages, Span, index_at


class Choice:
    """The chosen passage of one text."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._anchor: Span = (0, 0)
        self._head: Span = (0, 0)
        self.is_extending = False
        """Whether plain moves extend too, until let go."""
        self.home()

    @property
    def span(self) -> Span:
        """The chosen passage as code points of the text."""
        return min(self._anchor[0], self._head[0]), max(self._anchor[1], self._head[1])

    @property
    def head(self) -> Span:
        """The end of the choice that moves."""
        return self._head

    @property
    def is_single(self) -> bool:
        """Whether the choice is one word or nothing that was extended."""
        return self._anchor == self._head

    def home(self) -> None:
        """Choose the first word."""
        self.put(self._passages.first_word or (0, 0))

    def put(self, span: Span, *, extend: bool = False) -> None:
        """Choose the passage, or extend the choice to cover it."""
        self._head = span
        if not (extend or self.is_extending):
            self._anchor = span

    def put_exactly(self, span: Span) -> None:
        """Choose the passage whatever was begun before."""
        self.is_extending = False
        self.put(span)

    def put_at(self, offset: int, *, extend: bool = False) -> None:
        """Choose the word at the offset."""
        word = self._passages.word_at(offset)
        if word:
            self.put(word, extend=extend)

    def by_word(self, step: int, *, extend: bool = False) -> None:
        """Move by words."""
        words = self._passages.words
        if not words:
            return
        edge = self._head[0] if step < 0 or self.is_single else max(self._head[1] - 1, self._head[0])
        index = index_at(words, edge) + step
        if step < 0 and self._head[0] > words[index_at(words, edge)][0]:
            index += 1
        self.put(words[min(max(index, 0), len(words) - 1)], extend=extend)

    def by_sentence(self, step: int, *, extend: bool = False) -> None:
        """Move to the first word of the sentence so many further."""
        self._by(self._passages.sentences, step, extend=extend)

    def by_paragraph(self, step: int, *, extend: bool = False) -> None:
        """Move to the first word of the paragraph so many further."""
        self._by(self._passages.paragraphs, step, extend=extend)

    def _by(self, passages: list[Span], step: int, *, extend: bool) -> None:
        if not passages:
            return
        index = index_at(passages, self._head[0])
        first = self._first_word(passages[index])
        if step < 0 and self._head[0] > first[0]:
            step += 1
        index = min(max(index + step, 0), len(passages) - 1)
        self.put(passages[index] if extend else self._first_word(passages[index]), extend=extend)

    def _first_word(self, passage: Span) -> Span:
        words = self._passages.words
        if not words:
            return passage
        index = index_at(words, passage[0])
        for word in words[index : index + 2]:
            if passage[0] <= word[0] < passage[1]:
                return word
        return passage

    def grow_by_sentence(self) -> None:
        """Choose the whole sentence; choose the next one too where it is chosen already."""
        sentences = self._passages.sentences
        if not sentences:
            return
        start, end = self.span
        first, last = index_at(sentences, start), index_at(sentences, max(end - 1, start))
        whole = sentences[first][0], sentences[last][1]
        if (start, end) == whole and last + 1 < len(sentences):
            last += 1
        self._anchor, self._head = sentences[first], sentences[last]

    def shrink_by_sentence(self) -> None:
        """Give the last sentence of the choice back."""
        sentences = self._passages.sentences
        if not sentences:
            return
        start, end = self.span
        first, last = index_at(sentences, start), index_at(sentences, max(end - 1, start))
        self._anchor, self._head = sentences[first], sentences[max(last - 1, first)]

    def move_end(self, step: int) -> None:
        """Take characters into the choice at its end, or give them back."""
        start, end = self.span
        self._anchor = self._head = (start, min(max(end + step, start + 1), len(self._passages.text)))

    def move_start(self, step: int) -> None:
        """Take characters into the choice at its start, or give them back."""
        start, end = self.span
        self._anchor = self._head = (min(max(start + step, 0), max(end - 1, 0)), end)

    def let_go(self) -> bool:
        """Shrink to the word that moves; False if there was nothing to let go."""
        held = self.is_extending or not self.is_single
        self.is_extending = False
        self._anchor = self._head
        return held
