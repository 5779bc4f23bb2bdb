"""The layout of an article: passages, rows, cells, reading order; offsets never change."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from coding.desk.plain import one_line
from coding.desk.reading.cells import crop, takes_one_cell_each, width_of
from coding.desk.reading.choice import Choice
from coding.desk.reading.finding import find, folded
from coding.desk.reading.hopping import Hop
from coding.desk.reading.order import MOST_MARKS, ReadingOrder
from coding.desk.reading.passages import Passages
from coding.desk.reading.wrapping import SLICE, wrap
from coding.desk.turning import turned
from schema.text import safe_text

ANY_TEXT = st.text(
    st.one_of(st.sampled_from("ab .,\n\t'אב جب٣12é\u0301哈馬👩\u200d️🏽ก็မြ(]-"), st.characters()), max_size=300
)
HEBREW, ARABIC, CHINESE = "שלום לכולם 12 אנשים", "قالت الحكومة إن 12 شخصا", "政府軍星期四從哈馬撤退"


def texts_of(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]


@given(ANY_TEXT, st.integers(2, 40))
@example("00 \u0300", 2)
def test_rows_show_every_letter_once_and_fit_the_width(text: str, width: int) -> None:
    shown, passages = one_line(text), Passages(safe_text(text))
    rows = wrap(shown, passages.paragraphs, width)
    spans = [rows[i] for i in range(len(rows))]
    covered = [offset for start, end in spans for offset in range(start, end)]

    assert covered == sorted(set(covered))
    assert all(shown[i].isspace() for i in set(range(len(text))) - set(covered))
    assert all(width_of(shown[start:end].rstrip()) <= width for start, end in spans)


@given(ANY_TEXT)
def test_every_offset_is_on_the_row_that_shows_it(text: str) -> None:
    shown = one_line(text)
    rows = wrap(shown, Passages(safe_text(text)).paragraphs, 12)
    for index in range(len(rows)):
        start, end = rows[index]
        assert all(rows.row_of(offset) == index for offset in range(start, end))


@given(ANY_TEXT)
def test_the_pieces_of_a_row_stand_for_each_letter_once_whatever_the_order(text: str) -> None:
    shown, passages = one_line(text), Passages(safe_text(text))
    order = ReadingOrder(shown, passages)
    for start, end in passages.paragraphs:
        pieces = order.pieces(start, end)
        assert sorted(i for piece in pieces for i in range(piece.start, piece.end)) == list(range(start, end))
        assert all(len(piece.drawn) <= MOST_MARKS for piece in pieces)


@given(ANY_TEXT)
def test_passages_are_in_order_and_inside_one_another(text: str) -> None:
    passages = Passages(text)
    for spans in (passages.paragraphs, passages.sentences, passages.words):
        assert all(a < b for a, b in spans)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


@given(st.characters(exclude_categories=["Cc", "Cs"]))
def test_quick_answers_about_cells_agree_with_the_screen(letter: str) -> None:
    assert not takes_one_cell_each(letter) or cell_len(letter) == 1


def test_a_paragraph_of_a_hundred_thousand_letters_is_wrapped_like_a_short_one() -> None:
    text = "word " * 20_000
    rows = wrap(text, Passages(text).paragraphs, 54)

    assert len(text) > 20 * SLICE
    assert {text[slice(*rows[i])] for i in range(len(rows) - 1)} == {("word " * 11).rstrip()}


def test_wide_and_marked_letters_are_measured_in_cells() -> None:
    rows = wrap(CHINESE, [(0, len(CHINESE))], 8)
    assert CHINESE[slice(*rows[0])] == "政府軍星"
    marked = "e\u0301" * 10
    assert wrap(marked, [(0, 20)], 5)[0] == (0, 10)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Gen. Ali left on Dec. 5. Two died.", ["Gen. Ali left on Dec. 5.", "Two died."]),
        ("The U.S. Army said so. “We left.” He ran.", ["The U.S. Army said so.", "“We left.”", "He ran."]),
        ("It cost 3.5 million. no new sentence", ["It cost 3.5 million. no new sentence"]),
        ("政府軍撤退了。七人死亡。", ["政府軍撤退了。", "七人死亡。"]),
        ("كم عددهم؟ لا أحد يعرف.", ["كم عددهم؟", "لا أحد يعرف."]),
        ("One\n\nTwo", ["One", "Two"]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]) -> None:
    assert texts_of(text, Passages(text).sentences) == sentences


def test_words_keep_what_belongs_together() -> None:
    text = "al-Assad's 1,200 men, U.S. and 3.5 — (HTS)"
    assert texts_of(text, Passages(text).words) == ["al-Assad's", "1,200", "men", "U.S", "and", "3.5", "HTS"]
    assert texts_of("哈馬 မြန်မာ", Passages("哈馬 မြန်မာ").words) == ["哈", "馬", "မြန်မာ"]


def test_lines_broken_by_hand_are_one_paragraph() -> None:
    line = "The army said on Thursday that it had left the city in the night and"
    text = "\n".join([line, line, line, "gone."]) + "\n\n" + "\n".join([line, line, "so."])
    assert len(Passages(text).paragraphs) == 2
    assert len(Passages("One line.\nAnother line.\nA third.").paragraphs) == 3


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        (HEBREW, "םישנא 12 םלוכל םולש"),
        ("He said שלום עולם today", "He said םלוע םולש today"),
        ("שלום (NATO) שלום", "םולש (NATO) םולש"),
        ("abc (אב)", "abc (בא)"),
    ],
)
def test_right_to_left_text_is_drawn_in_reading_order(text: str, drawn: str) -> None:
    order = ReadingOrder(text, Passages(text))
    assert "".join(piece.drawn for piece in order.pieces(0, len(text))) == drawn


def test_arabic_letters_are_joined_and_keep_their_offsets() -> None:
    order = ReadingOrder("سلام", Passages("سلام"))
    assert [(p.drawn, p.start) for p in order.pieces(0, 4)] == [("ﻡ", 3), ("ﺎ", 2), ("ﻠ", 1), ("ﺳ", 0)]


def test_a_terminal_that_turns_text_itself_gets_it_as_spoken() -> None:
    order = ReadingOrder(ARABIC, Passages(ARABIC), turns=False)
    assert "".join(piece.drawn for piece in order.pieces(0, len(ARABIC))) == ARABIC


@given(ANY_TEXT)
def test_folding_for_a_search_keeps_the_length(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_a_search_overlooks_case_accents_and_line_ends() -> None:
    text = "São Paulo,\nSAO  PAULO, Sa\u0303o\nPaulo"
    assert texts_of(text, find(text, "são paulo")) == ["São Paulo", "SAO  PAULO", "Sa\u0303o\nPaulo"]
    assert texts_of(text, find(text, "sao")) == ["São", "SAO", "Sa\u0303o"]
    assert find(text, "  ") == []
    assert find("a.c abc", "a.c") == [(0, 3)]


def test_cropping_counts_cells() -> None:
    assert crop("abcdef", 4) == "abc…"
    assert crop(CHINESE, 5) == "政府…"
    assert crop("abc", 3) == "abc"
    assert crop("abc", 0) == ""


MOVES: list[Callable[[Choice], object]] = [
    *(partial(Choice.by_word, step=step, extend=extend) for step in (-1, 1, 3) for extend in (False, True)),
    *(partial(Choice.by_sentence, step=step) for step in (-1, 1)),
    *(partial(Choice.by_paragraph, step=step) for step in (-1, 1)),
    *(partial(Choice.put_at, offset=offset) for offset in (0, 5, 400)),
    *(partial(move, step=step) for move in (Choice.move_start, Choice.move_end) for step in (-1, 1)),
    Choice.grow_by_sentence,
    Choice.shrink_by_sentence,
    Choice.let_go,
    Choice.home,
]


@given(ANY_TEXT, st.lists(st.sampled_from(MOVES), max_size=20))
def test_whatever_is_pressed_the_choice_lies_inside_the_text(
    text: str, moves: list[Callable[[Choice], object]]
) -> None:
    choice = Choice(Passages(safe_text(text)))
    for move in moves:
        move(choice)
        start, end = choice.span
        assert 0 <= start <= end <= len(text)
        assert start < end or not choice._passages.words


def test_going_back_word_by_word_passes_the_same_words() -> None:
    choice = Choice(Passages("One two, three. Four five"))
    there = [choice.span]
    for _ in range(4):
        choice.by_word(1)
        there.append(choice.span)
    back = [choice.span]
    for _ in range(4):
        choice.by_word(-1)
        back.append(choice.span)
    assert back == there[::-1]
    assert len(set(there)) == 5


def test_a_hop_numbers_the_words_that_tell_something_first() -> None:
    text = "The army went to the town on Thursday, then to Tadef"
    hop = Hop(text, Passages(text).words)
    assert hop.labels == {}
    assert hop.type("t") is None
    assert [text[start] for start in hop.labels] == ["T", "t", "T", "t", "T", "t", "t", "t"][
        : len(hop.labels)
    ]
    picked = hop.type("3")
    assert picked is not None
    assert text[slice(*picked)] == "Thursday"
    hop = Hop(text, Passages(text).words)
    hop.type("t")
    assert hop.type("a") == (text.index("Tadef"), len(text))
    hop.type("x")
    assert hop.is_over


def test_a_row_of_chinese_does_not_begin_with_a_full_stop() -> None:
    text = CHINESE + "。"
    rows = wrap(text, [(0, len(text))], 2 * len(CHINESE))
    assert [text[slice(*rows[i])] for i in range(len(rows))] == [CHINESE[:-1], CHINESE[-1] + "。"]


def test_pictures_are_drawn_in_the_cells_every_terminal_gives_them() -> None:
    family, heart, thumb = "👩\u200d👩\u200d👧", "❤\ufe0f", "👍\U0001f3fd"
    for text, drawn in ((family, "👩"), (heart, "❤ "), (thumb, "👍"), ("क्\u200dष", "क्\u200dष")):
        pieces = ReadingOrder(text, Passages(text)).pieces(0, len(text))
        assert "".join(piece.drawn for piece in pieces) == drawn
        assert pieces[0].start == 0
        assert pieces[-1].end == len(text)
        assert width_of(drawn) == sum(piece.cells for piece in pieces)


ONE_CELL_EACH = st.text(st.sampled_from("אבגדדرسشصةـ،؟ab12٣٤ .,:%-()«»"), min_size=1, max_size=60)


@given(ONE_CELL_EACH)
def test_a_row_of_a_cell_a_letter_is_drawn_alike_the_short_way_and_the_long_one(text: str) -> None:
    order = ReadingOrder(text, Passages(text))
    row = order.drawn_row(0, len(text))
    assert row is not None
    pieces = order.pieces(0, len(text))
    assert row[0] == "".join(piece.drawn for piece in pieces)
    assert list(row[1]) == [piece.start for piece in pieces]


def test_a_row_with_marks_or_wide_letters_goes_the_long_way() -> None:
    for text in ("سَلام", "哈馬", "e\u0301"):
        assert ReadingOrder(text, Passages(text)).drawn_row(0, len(text)) is None


def test_one_line_with_blanks_around_it_is_turned_too() -> None:
    assert turned(" אבג ") == " גבא "
    assert turned("abc ") == "abc "
