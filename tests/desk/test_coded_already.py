"""The question whether an event stands in the dataset already."""

from __future__ import annotations

import time

import pytest
from textual.events import Key

from coding.desk import desk_screen
from coding.desk.replay import PATIENCE_S
from coding.duplicates import LikelyDuplicate
from coding.event_state import EventState
from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle, Row
from tests.desk.driving import code_hama, desk_on, events_in


@pytest.fixture
def told_twice(project: Project) -> Project:
    """The first article coded, and a second one of the same event that is the only one left open."""
    with Ledger.open(project) as ledger:
        told = ledger.article(1)
        for number in range(2, 6):
            ledger.set_article_status(number, "no_event", "ann")
        again = NewArticle(
            "Hama falls", "Second Post", told.published, f"{told.text} Again.", source_scale="National"
        )
        ledger.add_article(again)
    return project


async def test_a_copy_is_saved_with_a_reason_or_after_a_deciding_field_is_changed(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        await desk.press("f4", "ctrl+s")
        assert len(desk.saved) == 1
        assert "Event 1 has the same day, place, actors and event type" in desk.text
        assert desk.screen.form.here.rule_id == "DU-1"
        await desk.type("a second attack at night", "ctrl+s")
        assert len(desk.saved) == 2
        assert desk.saved[1].reasons == {"DU-1": "a second attack at night"}
        await desk.press("f4")
        await desk.type("wed", "enter", "ctrl+s")
        assert len(desk.saved) == 3, desk.text


async def test_an_article_that_tells_a_coded_event_is_added_to_it_in_one_key(told_twice: Project) -> None:
    async with desk_on(told_twice) as desk:
        await code_hama(desk)
        await desk.press("f8")
        assert desk.session.article.article_id == 6
        assert (
            "F5 adds this article to event 1 · ctrl+f it is another one — Coded already? Event 1" in desk.text
        )
        await desk.press("f5")
    (event,) = events_in(told_twice)
    assert event.revision == 2
    assert event.values["source"] == "Orontes Courier; Second Post"
    with Ledger.open(told_twice) as ledger:
        assert ledger.article(6).status == "coded"


async def test_after_f5_the_form_is_empty_and_no_draft_is_left(told_twice: Project) -> None:
    async with desk_on(told_twice) as desk:
        await code_hama(desk)
        await desk.press("f8")
        await desk.type("thu", "enter")
        await desk.type("overt", "enter")
        desk.screen.form.go_to("location")
        await desk.type("hama")
        await desk.press("f5")
        assert "Added to event 1 as a further source." in desk.text
        assert desk.screen.form.editor.value == ""
        assert "event_date" not in desk.row
        assert "✖" not in desk.text
        assert "Coded already?" not in desk.text
        await desk.press("tab", "tab")
    with Ledger.open(told_twice) as ledger:
        assert ledger.drafts("ann") == []


async def test_an_event_like_a_coded_one_is_asked_about_until_the_coder_says_it_is_another(
    told_twice: Project,
) -> None:
    async with desk_on(told_twice) as desk:
        await code_hama(desk)
        await desk.press("f8")
        await desk.press("ctrl+f")
        assert "Coded already?" not in desk.text
        assert desk.session.work.state.reasons == {"different:1": "yes"}
        await desk.type("thu", "enter")
        desk.screen.form.go_to("location")
        await desk.type("hama", "enter")
        assert "Coded already?" not in desk.text, "the answer is remembered"
        await desk.press("f3")
        await desk.type("thu", "enter")
        desk.screen.form.go_to("location")
        await desk.type("hama", "enter")
        assert "Coded already? Event 1" in desk.text, "another event has not been asked about"


async def test_a_save_faster_than_the_answer_whether_it_is_coded_already_waits_for_it(
    told_twice: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = desk_screen.like

    def slowly(project: Project, state: EventState, row: Row) -> list[LikelyDuplicate]:
        time.sleep(0.3)
        return looked(project, state, row)

    monkeypatch.setattr(desk_screen, "told_by", lambda _project, _article: [])
    async with desk_on(told_twice) as desk:
        await code_hama(desk)
        await desk.press("f8")
        assert "Coded already?" not in desk.text
        await desk.type("thu", "enter")
        await desk.type("overt", "enter")
        await desk.type("hts", "enter")
        await desk.type("mil syr", "enter")
        desk.screen.form.go_to("fatalities")
        await desk.type("10", "enter")
        monkeypatch.setattr(desk_screen, "like", slowly)
        monkeypatch.setattr(
            desk_screen, "MOST_WAITING_S", PATIENCE_S
        )  # a busy test machine is slower than any desk
        desk.screen.form.go_to("location")
        await desk.type("hama")
        desk.screen.form.wants_key(Key("1", "1"))
        await desk.press("ctrl+s")
        assert "Not saved" in desk.text
        assert "Coded already? Event 1" in desk.text
    assert len(events_in(told_twice)) == 1
