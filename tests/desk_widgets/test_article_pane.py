"""The article pane: reading, choosing words by key, handing them over with true offsets."""

from __future__ import annotations

import pytest
from textual.binding import Binding

from coding.desk.article_keys import ARTICLE_KEYS
from coding.desk.article_pane import ArticlePane
from data.records import Article
from tests.desk_widgets.conftest import TEXT, ArticleApp, make_article, words
from tests.desk_widgets.hostile import HOSTILE

KEYS: list[tuple[list[str], str]] = [
    ([], "Government"),
    (["right"], "forces"),
    (["w", "w", "b"], "forces"),
    (["l", "h", "h"], "Government"),
    (["right", "shift+right", "shift+right"], "forces left Hama"),
    (["right", "W", "W", "B"], "forces left"),
    (["s"], "Government forces left Hama on Thursday."),
    (["s", "s"], TEXT[: TEXT.index("\n")]),
    (["s", "s", "S"], "Government forces left Hama on Thursday."),
    (["right_parenthesis"], "Dozens"),
    (["right_parenthesis", "right_parenthesis"], "Fighters"),
    (["right_curly_bracket"], "Fighters"),
    (["right_curly_bracket", "w", "left_curly_bracket"], "Fighters"),
    (["G"], "civilians"),
    (["G", "g"], "Government"),
    (["end"], "of"),
    (["v", "w", "w"], "Government forces left"),
    (["v", "w", "w", "escape"], "left"),
    (["full_stop", "comma", "comma"], "Governmen"),
    (["greater_than_sign"], "overnment"),
    (["down"], "people"),
    (["right_curly_bracket", "w", "w", "w", "w", "w", "w", "w", "w"], "1,200"),
    (["f", "h", "a", "m"], "Hama"),
    (["f", "c", "i", "v"], "civilians"),
    (["f", "p", "2"], "people"),
    (["f", "p", "e", "1", "l"], "were"),
    (["f", "1"], "1,200"),
    (["f", "z", "w"], "forces"),
    (["f", "g", "escape", "w"], "forces"),
    (["f", "right"], "forces"),
    (["F", "t", "1"], "Government forces left Hama on Thursday"),
    (["slash", *"said", "enter"], "said"),
    (["slash", *"PEOPLE", "enter", "n"], "people"),
]
"""Keys from the beginning of the article, and the words that are chosen then."""


async def test_keys_choose_words_as_they_stand_in_the_article(article: Article) -> None:
    app = ArticleApp(article)
    chosen = []
    async with app.run_test(size=(60, 24)) as pilot:
        for keys, _ in KEYS:
            app.pane.show(article)
            app.pane.focus()
            await pilot.press(*keys)
            chosen.append((keys, app.pane.quote))

    assert chosen == KEYS


async def test_enter_hands_over_code_points_and_the_stored_words(article: Article) -> None:
    app = ArticleApp(article)
    async with app.run_test() as pilot:
        await pilot.press("right", "shift+right", "enter")
        (heard,) = app.heard

        assert heard == ArticlePane.Selected(11, 22, "forces left")
        assert TEXT[11:22] == "forces left"


async def test_a_search_goes_to_the_first_place_and_n_to_the_next(article: Article) -> None:
    app = ArticleApp(article)
    async with app.run_test() as pilot:
        await pilot.press("slash", *"people", "enter")
        first = app.pane.selection
        details = app.pane.query_one("#article-details")
        assert str(details.render()).startswith("1 of 2 found")
        await pilot.press("n")
        assert str(details.render()).startswith("2 of 2 found")
        second = app.pane.selection
        await pilot.press("n")

        assert first < second
        assert app.pane.selection == first
        await pilot.press("N")
        assert app.pane.selection == second
        await pilot.press("escape")
        assert str(details.render()).startswith("The Paper")
        await pilot.press("slash", *"zzz")
        assert str(details.render()) == "nothing found"
        await pilot.press("escape")
        assert str(details.render()).startswith("The Paper")


async def test_evidence_is_stepped_through_and_names_its_field(article: Article) -> None:
    app = ArticleApp(article, (words("event_date", "Thursday"), words("location", "Hama")))
    async with app.run_test() as pilot:
        await pilot.press("right_square_bracket")
        assert app.pane.quote == "Hama"
        await pilot.press("right_square_bracket", "o")
        assert app.heard == [ArticlePane.FieldWanted("event_date")]
        assert app.pane.jump("location")
        assert app.pane.quote == "Hama"
        assert not app.pane.jump("fatalities")


async def test_words_are_chosen_with_the_mouse(article: Article) -> None:
    app = ArticleApp(article)
    async with app.run_test(size=(60, 24)) as pilot:
        body = app.pane.body
        await pilot.mouse_down(body, offset=(3 + 12, 0))
        await pilot.hover(body, offset=(3 + 26, 0))
        await pilot.mouse_up(body, offset=(3 + 26, 0))
        assert app.pane.quote == "forces left Hama"
        await pilot.click(body, offset=(4, 1))
        assert app.pane.quote == "people"
        await pilot.click(body, offset=(4, 1), times=3)
        assert app.pane.quote == "Dozens of people were killed, U.S. officials said."


async def test_a_selection_in_right_to_left_text_keeps_the_order_of_the_article() -> None:
    text = "قالت الحكومة إن 12 شخصا قتلوا"
    app = ArticleApp(make_article(text))
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.press("left", "shift+left")
        assert app.pane.quote == "الحكومة إن"
        line = app.pane.body.render_line(0).text
        assert line.rstrip().endswith("ﺖﻟﺎﻗ")
        await pilot.press("right", "right", "enter")
        assert app.heard == [ArticlePane.Selected(0, 4, "قالت")]


async def test_the_head_says_title_source_date_and_language_as_written() -> None:
    app = ArticleApp(make_article(title="[b]Army[/] \x1b[2J leaves", source="The [Paper]"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert str(app.pane.query_one("#article-title").render()) == "[b]Army[/] \ufffd[2J leaves"
        assert (
            str(app.pane.query_one("#article-details").render())
            == "The [Paper] · Friday 6 December 2024 · en"
        )


async def test_no_text_breaks_the_pane() -> None:
    keys = [binding.key.split(",")[0] for binding in ARTICLE_KEYS if isinstance(binding, Binding)]
    app = ArticleApp(make_article(""))
    async with app.run_test(size=(40, 12)) as pilot:
        for text in ("", " \n\n ", "...", "x" * 30_000, HOSTILE, "a\nb"):
            await pilot.resize_terminal(40, 12)
            app.pane.show(make_article(text))
            app.pane.focus()
            await pilot.press(*(keys if text in ("", HOSTILE) else ["w", "s"]), "escape")
            app.pane.focus()
            await pilot.resize_terminal(3, 3)
            await pilot.press("down", "s")
            await pilot.resize_terminal(90, 30)
            await pilot.press("G", "pageup")

            painted = "".join(app.pane.body.render_line(y).text for y in range(20))
            start, end = app.pane.selection
            assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in painted)
            assert 0 <= start <= end <= len(text)


async def test_the_words_of_the_current_field_stand_out(article: Article) -> None:
    app = ArticleApp(article, (words("event_date", "Thursday"), words("location", "Hama")))
    async with app.run_test(size=(90, 24)) as pilot:
        await pilot.pause()
        app.pane.point_to("location")
        await pilot.pause()
        bold = [part.text for part in app.pane.body.render_line(0) if part.style and part.style.bold]
        assert bold == ["Hama"]
        app.pane.point_to(None)
        await pilot.pause()
        assert not [part for part in app.pane.body.render_line(0) if part.style and part.style.bold]


@pytest.mark.parametrize(
    ("title", "text", "shown"),
    [
        ("Hama falls", "Hama falls\n\nThe army left.", False),
        ("Hama falls to rebels …", "Hama falls to rebels after days of war\nThe army left.", False),
        ("Hama falls", "The army left Hama.", True),
        ("", "The army left Hama.", False),
    ],
)
async def test_a_title_that_the_text_begins_with_stands_once(title: str, text: str, shown: bool) -> None:
    app = ArticleApp(make_article(text, title=title))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.pane.query_one("#article-title").display is shown
