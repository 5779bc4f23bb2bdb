"""Which article comes next, who is at it, and what becomes of the one that is left."""

from __future__ import annotations

from pathlib import Path

from coding.desk.desk_keys import DESK_KEYS
from coding.desk.dialogs import ChoiceDialog
from coding.desk.queue import QueueScreen
from coding.keeping import articles_of
from data.ledger import Ledger
from data.project import Project
from tests.desk.driving import desk_on, events_in, type_hama


async def test_next_previous_and_no_event_lead_through_the_queue(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.press("f6")
        assert desk.session.article.article_id == 2
        await desk.press("f8")
        assert desk.session.article.article_id == 3
        await desk.press("f7")
        assert desk.session.article.article_id == 2
        assert articles_of(project)[0].status == "no_event"
        await desk.type("thu", "enter")
        await desk.press("f8")
        assert desk.session.article.article_id == 2, "what was begun is saved first, and it cannot be"
        await desk.press("f6")
        assert desk.session.article.article_id == 2, (
            "an article with a begun event is not marked as without one"
        )


async def test_the_top_line_says_who_else_is_at_the_article(project: Project) -> None:
    with Ledger.open(project) as ledger:
        ledger.claim(2, "ben")
    async with desk_on(project) as desk:
        await desk.press("f8")
        assert desk.session.article.article_id == 3, "nobody is given what another coder is at"
        await desk.press("ctrl+o", "up", "enter")
        assert "article 2 of 5 (ben is at it)" in desk.text


async def test_an_article_that_is_not_open_says_so_in_the_top_line(project: Project) -> None:
    with Ledger.open(project) as ledger:
        for article in list(ledger.articles())[:-1]:
            ledger.set_article_status(article.article_id, "out_of_scope", "ann")
    async with desk_on(project) as desk:
        number = len(articles_of(project))
        assert f"article {number} of {number}, 1 open" in desk.text
        await desk.press("f6")
        assert f"article {number} of {number} (no event), 0 open" in desk.text
        assert "That was the last article." in desk.text
        await desk.type("thu", "enter")
        assert "(no event)" in desk.text
        await desk.press("ctrl+home", "ctrl+u", "enter")
        await desk.press("f7")
        assert "(out of scope)" in desk.text


async def test_f8_saves_and_goes_to_the_next_article_in_one_key(project: Project) -> None:
    async with desk_on(project) as desk:
        await type_hama(desk)
        await desk.press("f8")
        assert desk.session.article.article_id == 2
    assert len(events_in(project)) == 1


async def test_f8_saves_an_event_that_an_earlier_sitting_left_as_a_draft(project: Project) -> None:
    async with desk_on(project) as desk:
        await type_hama(desk)
    async with desk_on(project) as desk:
        assert not desk.session.work.touched
        await desk.press("f8")
        assert "saved as event 1" in desk.text
        assert desk.session.article.article_id == 2
    assert len(events_in(project)) == 1
    with Ledger.open(project) as ledger:
        assert ledger.drafts("ann") == []


async def test_f8_stays_and_says_why_where_a_draft_brought_back_cannot_be_saved(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
    async with desk_on(project) as desk:
        await desk.press("f8")
        assert "Not saved" in desk.text
        assert desk.session.article.article_id == 1


async def test_f8_on_an_empty_form_says_that_the_article_stays_open(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.press("f8")
        assert "Nothing coded here; the article stays open." in desk.text
        assert desk.session.article.article_id == 2
        assert articles_of(project)[0].status == "new"


async def test_an_article_is_set_aside_with_a_status(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.press("ctrl+x")
        assert isinstance(desk.app.screen, ChoiceDialog)
        await desk.press("2")
        assert articles_of(project)[0].status == "help_needed"
        assert desk.session.article.article_id == 2


async def test_an_article_is_chosen_from_the_queue(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.press("ctrl+o")
        assert isinstance(desk.app.screen, QueueScreen)
        await desk.pilot.pause(0.5)
        await desk.press("down", "down", "enter")
        assert desk.session.article.article_id == 3
    with Ledger.open(project) as ledger:
        assert [draft.article_id for draft in ledger.drafts("ann")] == [1], "what was begun is kept"


async def test_a_project_without_articles_says_how_to_add_one_and_no_key_does_harm(tmp_path: Path) -> None:
    async with desk_on(Project.create(tmp_path / "empty")) as desk:
        assert "no articles yet" in desk.text
        assert "eventcoder add" in desk.text
        await desk.press(
            *(key.keys for key in DESK_KEYS if key.keys and key.action != "help"), "a", "enter", "tab"
        )
        await desk.press("f1", "escape")
        assert "no articles yet" in desk.text
