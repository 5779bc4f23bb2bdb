"""What stands on the screen for each widget, at 80x24 and at 120x40."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from textual.app import App, ComposeResult

from coding.candidate import Candidate
from coding.desk.candidate_list import CandidateList
from tests.desk_widgets.conftest import ArticleApp, make_article, words
from tests.desk_widgets.hostile import SCRIPTS
from tests.desk_widgets.screens import SIZES, assert_stands
from tests.desk_widgets.test_codebook_help import HelpApp
from tests.desk_widgets.test_event_grid import COLUMNS, ROWS, GridApp, ListRows
from tests.desk_widgets.test_queue import QueueApp

EVIDENCE = tuple(
    words(field, quote)
    for field, quote in [
        ("actor1", "Government forces"),
        ("location", "Hama"),
        ("event_date", "Thursday"),
        ("fatalities", "Dozens"),
        ("sub_event_type", "entered the city"),
        ("notes", "withdrawn"),
    ]
)
ARABIC = "قالت الحكومة إن 12 شخصا قتلوا في مدينة حماة (سوريا) يوم الخميس. "
CHINESE = "政府軍星期四從哈馬撤退。"
MANY_SCRIPTS = make_article(f"{SCRIPTS}\n\n{ARABIC * 3}\n\n{CHINESE * 9}", title="[/] تقرير")
CANDIDATES = [
    Candidate("location", "Hama", "Hama", "Hama, Hama, Syria", why="coded often here", spans=((23, 27),)),
    Candidate("location", "Hamah", "Hamah [b]x[/b]", "a long way off " * 8, why="from the article"),
    Candidate("location", "哈馬", "哈馬哈馬哈馬", "敘利亞", why="typo"),
    *(Candidate("location", f"Place {n}", f"Place {n}") for n in range(4, 12)),
]


class CandidatesApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[CandidateList.Picked | CandidateList.Pointed] = []

    def compose(self) -> ComposeResult:
        yield CandidateList()

    def on_mount(self) -> None:
        self.list.show(CANDIDATES)
        self.list.point(1)

    @property
    def list(self) -> CandidateList:
        return self.query_one(CandidateList)

    def on_candidate_list_picked(self, message: CandidateList.Picked) -> None:
        self.heard.append(message)

    def on_candidate_list_pointed(self, message: CandidateList.Pointed) -> None:
        self.heard.append(message)


@dataclass(frozen=True)
class Seen:
    name: str
    app: Callable[[], App[None]]
    keys: tuple[str, ...] = ()


SEEN = [
    Seen("article", lambda: ArticleApp(make_article(), EVIDENCE), ("w", "W")),
    Seen("article-hop", lambda: ArticleApp(make_article(), EVIDENCE), ("f", "t")),
    Seen("article-search", lambda: ArticleApp(make_article()), ("slash", *"people")),
    Seen("article-scripts", lambda: ArticleApp(MANY_SCRIPTS)),
    Seen("candidates", CandidatesApp),
    Seen("grid", lambda: GridApp(ListRows(COLUMNS, ROWS)), ("right", "s", "shift+down")),
    Seen("grid-filter", lambda: GridApp(ListRows(COLUMNS, ROWS)), ("slash", *"hama")),
    Seen("queue", QueueApp, ("down",)),
    Seen("codebook-value", lambda: HelpApp("sub_event_type", "Armed clash")),
    Seen("codebook-field", lambda: HelpApp("geo_precision", "2")),
]


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("seen", SEEN, ids=lambda seen: seen.name)
async def test_the_screen_is_as_it_was(seen: Seen, size: tuple[int, int]) -> None:
    app = seen.app()
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press(*seen.keys)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert_stands(app, seen.name)


async def test_a_candidate_is_pointed_at_and_picked() -> None:
    app = CandidatesApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.list.pick_current()
        assert app.list.pick(9)
        assert not app.list.pick(10)
        app.list.point(-1)
        assert not app.list.pick_current()
        await pilot.click(CandidateList, offset=(10, 1))
        await pilot.pause()

    heard = [message.candidate.value if message.candidate else None for message in app.heard]
    assert heard == ["Hama", "Hama", "Place 9", None, "Hamah"]
