"""What the tests of the desk's widgets share: an article, its evidence, an application around one widget."""

from __future__ import annotations

import datetime as dt

import pytest
from textual.app import App, ComposeResult

from coding.desk.article_pane import ArticlePane
from data.records import Article, Evidence

TEXT = (
    "Government forces left Hama on Thursday. Dozens of people were killed, U.S. officials said.\n\n"
    "Fighters entered the city at noon. “We saw 1,200 people leave,” a resident said.\n\n"
    "The army said it had withdrawn to protect civilians."
)


def make_article(text: str = TEXT, title: str = "Army leaves Hama", source: str = "The Paper") -> Article:
    """An article with that text."""
    added = dt.datetime(2024, 12, 7, tzinfo=dt.UTC)
    return Article(1, title, source, dt.date(2024, 12, 6), text, None, "en", None, "new", added)


def words(field: str, quote: str, text: str = TEXT) -> Evidence:
    """Evidence for the first place where the words stand."""
    start = text.index(quote)
    return Evidence(field, 1, start, start + len(quote), quote)


class ArticleApp(App[None]):
    """One article pane, and what it said."""

    def __init__(self, article: Article, evidence: tuple[Evidence, ...] = ()) -> None:
        super().__init__()
        self.article = article
        self.evidence = evidence
        self.heard: list[ArticlePane.Selected | ArticlePane.FieldWanted] = []

    def compose(self) -> ComposeResult:
        yield ArticlePane()

    def on_mount(self) -> None:
        self.pane.show(self.article, self.evidence)
        self.pane.focus()

    @property
    def pane(self) -> ArticlePane:
        return self.query_one(ArticlePane)

    def on_article_pane_selected(self, message: ArticlePane.Selected) -> None:
        self.heard.append(message)

    def on_article_pane_field_wanted(self, message: ArticlePane.FieldWanted) -> None:
        self.heard.append(message)


@pytest.fixture
def article() -> Article:
    return make_article()
