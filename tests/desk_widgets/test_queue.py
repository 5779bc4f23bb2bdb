"""The queue: articles by status, filtered, one chosen to work on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from textual.app import App

from coding.desk.queue import QueueScreen
from data.records import ArticleSummary
from schema.errors import StoreError


def article(number: int, title: str, source: str, status: str, events: int = 0) -> ArticleSummary:
    added = dt.datetime(2024, 12, 7, tzinfo=dt.UTC)
    published = dt.date(2024, 12, number)
    return ArticleSummary(number, title, source, published, None, "en", None, status, added, events)


ARTICLES = (
    article(1, "Hama falls", "The Paper", "coded", 2),
    article(2, "March in Córdoba", "Diario", "new"),
    article(3, "Football [/] \x1b[2J", "The Paper", "no_event"),
    article(4, "Clash near Hama", "Wire", "new"),
)


class QueueApp(App[None]):
    def __init__(self, articles: Sequence[ArticleSummary] = ARTICLES, **options: object) -> None:
        super().__init__()
        self.articles = articles
        self.options = options
        self.chosen: list[int | None] = []

    def on_mount(self) -> None:
        self.push_screen(QueueScreen(lambda: self.articles, **self.options), self.chosen.append)  # type: ignore[arg-type]


async def chosen_after(*keys: str, **options: object) -> list[int | None]:
    app = QueueApp(**options)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
    return app.chosen


@pytest.mark.parametrize(
    ("keys", "options", "chosen"),
    [
        (["enter"], {}, 1),
        (["down", "enter"], {}, 2),
        (["enter"], {"current": 4}, 4),
        (["enter"], {"status": "new"}, 2),
        (["enter"], {"status": "new", "current": 4}, 4),
        (["t", "down", "enter"], {}, 4),
        (["t", "t", "enter"], {}, 1),
        (["T", "enter"], {}, 3),
        (["t", "a", "enter"], {}, 1),
        (["slash", *"cordoba", "enter", "enter"], {}, 2),
        (["slash", *"source:wire", "enter", "enter"], {}, 4),
        (["slash", *"wire", "enter", "escape", "enter"], {}, 1),
        (["slash", *"town:x", "enter", "escape", "enter"], {}, 1),
        (["s", "s", "enter"], {}, 4),
        (["escape"], {}, None),
    ],
)
async def test_keys_choose_an_article(
    keys: list[str], options: dict[str, object], chosen: int | None
) -> None:
    assert await chosen_after(*keys, **options) == [chosen]


async def test_the_queue_says_how_much_is_left_and_shows_titles_as_they_are_written() -> None:
    app = QueueApp()
    async with app.run_test(size=(100, 24)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        screen = app.screen
        assert str(screen.query_one("#queue-title").render()) == "Articles: 2 new · 1 coded · 1 no event"
        body = screen.query_one("GridBody")
        assert "Football [/] \ufffd[2J" in body.render_line(2).text


async def test_an_empty_project_and_a_trouble_are_told() -> None:
    def fail() -> Sequence[ArticleSummary]:
        raise StoreError("the ledger cannot be read")

    for load, told in ((lambda: (), "Articles: none yet"), (fail, "the ledger cannot be read")):
        app: App[None] = App()
        async with app.run_test() as pilot:
            await app.push_screen(QueueScreen(load))
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert str(app.screen.query_one("#queue-title").render()) == told
            await pilot.press("enter", "t", "s")


async def test_an_article_that_somebody_has_open_says_who() -> None:
    opened = replace(article(5, "Strike at the port", "Wire", "claimed"), coder="ada")
    app = QueueApp((*ARTICLES, opened), current=5)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        state = str(app.screen.query_one("#queue-state").render())
        title = str(app.screen.query_one("#queue-title").render())
        assert "in work: ada has it open" in state
        assert "1 in work" in title
        assert "claimed" not in state + title
