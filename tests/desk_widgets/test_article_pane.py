"""The article pane: reading, choosing words by key, handing them over with true offsets."""

from __future__ import annotations

import pytest

from coding.desk.article_pane import ArticlePane
from data.records import Article
from tests.desk_widgets.conftest import TEXT, ArticleApp, words


async def quote_after(article: Article, *keys: str) -> str:
    app = ArticleApp(article)
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.press(*keys)
        return app.pane.quote


@pytest.mark.parametrize(
    ("keys", "quote"),
    [
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
    ],
)
async def test_keys_choose_words_as_they_stand_in_the_article(
    article: Article, keys: list[str], quote: str
) -> None:
    assert await quote_after(article, *keys) == quote


async def test_enter_hands_over_code_points_and_the_stored_words(article: Article) -> None:
    app = ArticleApp(article)
    async with app.run_test() as pilot:
        await pilot.press("right", "shift+right", "enter")
        (heard,) = app.heard

        assert heard == ArticlePane.Selected(11, 22, "forces left")
        assert TEXT[11:22] == "forces left"


async def test_a_search_goes_to_the_first_place_and_n_to_the_next(article: Article) -> None:
    assert await quote_after(article, "slash", *"said", "enter") == "said"
    assert await quote_after(article, "slash", *"PEOPLE", "enter", "n") == "people"
    app = ArticleApp(article)
    async with app.run_test() as pilot:
        await pilot.press("slash", *"people", "enter")
        first = app.pane.selection
        await pilot.press("n")
        second = app.pane.selection
        await pilot.press("n")

        assert first < second
        assert app.pane.selection == first
        await pilot.press("N")
        assert app.pane.selection == second


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
