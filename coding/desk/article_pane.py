"""The one place where an article is shown with its title, source and date, read, searched and quoted from.

The quote of a selection is cut from the article as it is stored, never from the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from coding.desk.article_text import ArticleText, Mark
from coding.desk.plain import one_line, plain_line
from coding.desk.reading.cells import crop, has_right_to_left
from coding.desk.reading.passages import Span, index_at
from coding.desk.turning import turned
from coding.desk.typing_line import TypingLine

if TYPE_CHECKING:
    from data.records import Article, Evidence


class ArticlePane(Vertical):
    """An article to read and to choose evidence from."""

    DEFAULT_CSS = """
    ArticlePane {
        & > #article-title { height: auto; max-height: 2; padding: 0 1 0 3; background: $panel; text-style: bold; }
        & > #article-details {
            height: 1; padding: 0 1 0 3; background: $panel; color: $text-muted;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        & > ArticleText { height: 1fr; }
    }
    """

    @dataclass
    class Selected(Message):
        """Words were taken for the current field: code points of the article's text, and the words."""

        start: int
        end: int
        quote: str

    @dataclass
    class FieldWanted(Message):
        """The field that stands on the words under the caret was asked for."""

        field: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id)
        self.article: Article | None = None
        self._says = ""

    def compose(self) -> ComposeResult:
        """The head, the text, the line for a search."""
        yield Static(id="article-title")
        yield Static(id="article-details")
        yield ArticleText(id="article-text")
        yield TypingLine(compact=True)

    @property
    def body(self) -> ArticleText:
        """The text itself; it is what takes the focus."""
        return self.query_one(ArticleText)

    def show(self, article: Article, evidence: Sequence[Evidence] = ()) -> None:
        """Show an article from its beginning, with the words its event stands on."""
        self.article = article
        self._show_head(article)
        self.body.show(article.text)
        self.set_evidence(evidence)
        self._close_search()

    def set_evidence(self, evidence: Iterable[Evidence]) -> None:
        """Show which words of this article are evidence for which field."""
        here = self.article.article_id if self.article else None
        self.body.set_marks(Mark(e.start, e.end, e.field) for e in evidence if e.article_id == here)

    def point_to(self, field: str | None) -> None:
        """Let the words of the field under the cursor stand out."""
        self.body.point_to(field)

    def preview(self, spans: Iterable[Span], *, reveal: bool = False) -> None:
        """Show the words a candidate rests on, scrolling there if wanted, until told otherwise; no spans end it."""
        self.body.preview(spans, reveal=reveal)

    def on_resize(self) -> None:
        """Let the head begin where the text begins."""
        self.call_after_refresh(self._align_head)

    def _align_head(self) -> None:
        if self.article:
            self._show_head(self.article)
        for name in ("#article-title", "#article-details"):
            self.query_one(name).styles.padding = (0, 1, 0, self.body.indent)

    @property
    def selection(self) -> Span:
        """The chosen words as code points of the article's text."""
        return self.body.choice.span

    @property
    def quote(self) -> str:
        """The chosen words as they are stored."""
        start, end = self.selection
        return self.article.text[start:end] if self.article else ""

    def jump(self, field: str) -> bool:
        """Choose the next words that the field stands on; False if it has none here."""
        return self.body.jump(field)

    def jump_to(self, start: int, end: int) -> None:
        """Choose these words and bring them into view."""
        self.body.choose(start, end)

    def focus(self, scroll_visible: bool = True) -> ArticlePane:
        """Put the focus on the text."""
        self.body.focus(scroll_visible)
        return self

    def _show_head(self, article: Article) -> None:
        date = f"{article.published:%A} {article.published.day} {article.published:%B %Y}"
        details = [turned(one_line(article.source)), date, article.language or "", article.url or ""]
        title = self.query_one("#article-title", Static)
        title.update(self._title_of(article))
        title.display = bool(article.title.strip()) and not _begins_with_its_title(article)
        self.query_one("#article-details", Static).update(
            plain_line(" · ".join(filter(None, details))), layout=False
        )

    def _title_of(self, article: Article) -> Content:
        """The title; one that is read from right to left takes one line, wrapped its end would stand first."""
        title = one_line(article.title)
        if has_right_to_left(title):
            title = turned(crop(title, max(self.size.width - self.body.indent - 1, 10)))
        return plain_line(title)

    @on(ArticleText.Taken)
    def _take(self, event: ArticleText.Taken) -> None:
        event.stop()
        if self.article:
            self.post_message(
                self.Selected(event.start, event.end, self.article.text[event.start : event.end])
            )

    @on(ArticleText.Hopping)
    def _say_how_to_hop(self, event: ArticleText.Hopping) -> None:
        event.stop()
        self._say(event.says)

    @on(ArticleText.Moved)
    def _say_which_is_found(self) -> None:
        body = self.body
        if body.found:
            place = index_at(body.found, body.choice.span[0]) + 1
            self._say(f"{place:,} of {len(body.found):,} found: n next, N before, Esc ends")
        elif self._says and not body.is_hopping:
            self._say("")

    def _say(self, words: str) -> None:
        """A word to the reader in place of source and date; none brings them back."""
        self._says = words
        if words:
            self.query_one("#article-details", Static).update(plain_line(words, "$text-accent"), layout=False)
        elif self.article:
            self._show_head(self.article)

    @on(ArticleText.FieldWanted)
    def _want_field(self, event: ArticleText.FieldWanted) -> None:
        event.stop()
        self.post_message(self.FieldWanted(event.field))

    @on(ArticleText.SearchWanted)
    def _open_search(self, event: ArticleText.SearchWanted) -> None:
        event.stop()
        self.query_one(TypingLine).open(placeholder="Search the article: enter keeps, escape gives up")

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        count = self.body.search(event.value)
        if not count:
            self._say("nothing found" if event.value.strip() else "")

    @on(Input.Submitted)
    def _keep_search(self, event: Input.Submitted) -> None:
        event.stop()
        self._close_search()
        self.body.focus()

    @on(TypingLine.Left)
    def _give_up_search(self, event: TypingLine.Left) -> None:
        event.stop()
        self.body.search("")
        self._close_search()
        self.body.focus()

    def _close_search(self) -> None:
        self.query_one(TypingLine).close()
        if not self.body.found:
            self._say("")


def _begins_with_its_title(article: Article) -> bool:
    """Whether the title stands as the first line of the text, where it can be read and taken as evidence."""
    first = article.text.lstrip()[:2_000].partition("\n")[0]
    title = article.title.strip().removesuffix("…").rstrip()
    return bool(title) and one_line(first).strip().startswith(one_line(title))
