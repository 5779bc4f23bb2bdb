"""What a key takes back on the screen, and when it asks first."""

from __future__ import annotations

import datetime

from coding.bulk_edit import CellEdit, apply_edits
from coding.desk.dialogs import EventsDialog, WhyDialog
from coding.keeping import Keeping, articles_of
from data.project import Project
from tests.desk.driving import code_hama, code_hama_from_the_top, desk_on, events_in

THURSDAY = datetime.date(2024, 12, 5)


async def test_undo_takes_back_typing_then_changes_then_the_save(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("arm", "ctrl+z")
        assert desk.screen.form.editor.value == ""
        assert "is as it was before you typed" in desk.text
        await desk.press("ctrl+z")
        assert "event_date" not in desk.row
        assert "Undone: Date is empty again" in desk.text
        assert desk.column == "event_date", "the next key is meant for what changed"
        await desk.press("ctrl+y")
        assert desk.row["event_date"] == THURSDAY
        assert "Done again: Date is “2024-12-05” again" in desk.text
        await desk.press("ctrl+z")
        await code_hama_from_the_top(desk)
        await desk.press("ctrl+z")
        assert "ctrl+z again takes back event 1 (Hama, 2024-12-05), saved " in desk.text
        assert len(desk.saved) == 1
        await desk.press("ctrl+z")
        assert desk.saved == []
        await desk.press("ctrl+y")
        assert len(desk.saved) == 1


async def test_undo_after_no_event_returns_to_that_article_and_leaves_saved_events_alone(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        await desk.type("", "ctrl+z")
        assert "Nothing to undo." in desk.text
        await code_hama(desk)
        await desk.press("f8", "f6")
        assert desk.session.article.article_id == 3
        await desk.press("ctrl+z")
        assert "ctrl+z again takes the mark “no event” off" in desk.text
        assert desk.session.article.article_id == 3
        await desk.press("ctrl+z")
        assert desk.session.article.article_id == 2
        assert articles_of(project)[1].status == "claimed"
        assert "is no longer marked “no event”" in desk.text
        await desk.press("ctrl+z")
        assert desk.session.article.article_id == 2
        await desk.press("ctrl+z")
        assert desk.session.article.article_id == 1, "the save that is taken back is seen"
        assert "Event 1 (Hama, 2024-12-05) is taken back; ctrl+y brings it again." in desk.text
        assert desk.saved == []
        assert articles_of(project)[0].status == "claimed"
        await desk.press("ctrl+y")
        assert len(desk.saved) == 1, "the save of the open article is brought again at once"
        await desk.press("ctrl+y")
        assert "ctrl+y again goes to" in desk.text
        assert desk.session.article.article_id == 1
        await desk.press("ctrl+y")
        assert [article.status for article in articles_of(project)[:2]] == ["coded", "no_event"]
        assert len(events_in(project)) == 1


async def test_a_held_key_takes_no_save_back_and_brings_none_again(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        for typed in ("thu", "armed", "hts", "mil syr", "hama"):
            await desk.type(typed, "enter")
        await desk.type("10", "ctrl+s")
        await desk.type("fought before", "enter", "ctrl+s")
        assert len(desk.saved) == 2
        await desk.press(*["ctrl+z"] * 12)
        assert len(desk.saved) == 2
        assert "ctrl+z again takes back event 2" in desk.text
        for _ in range(3):
            await desk.press("ctrl+z")
        assert desk.saved == []
        await desk.press(*["ctrl+y"] * 12)
        assert len(desk.saved) == 1, "a key brings again one save, not all for being held"
        assert "A held key does no save again" in desk.text


async def test_a_key_that_repeats_after_half_a_second_brings_one_save_again(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        keeping = Keeping(project, "ann")
        for dead in ("3", "4"):
            apply_edits(keeping, [CellEdit(1, "fatalities", dead)])
        keeping.close()
        for _ in range(4):
            await desk.press("ctrl+z")
        assert desk.saved[0].values["fatalities"] == 10
        await desk.press("ctrl+y")
        for gap in (0.5, 0.03, 0.03):
            desk.now += gap - 1.0
            await desk.press("ctrl+y")
        assert desk.saved[0].values["fatalities"] == 3
        await desk.press("ctrl+y")
        assert desk.saved[0].values["fatalities"] == 4


async def test_any_other_key_calls_off_the_undo_of_a_save(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        await desk.press("ctrl+z", "tab", "ctrl+z")
        assert "ctrl+z again takes back event 1" in desk.text
        assert len(desk.saved) == 1
        await desk.press("ctrl+z")
        assert desk.saved == []


async def test_an_event_is_duplicated_edited_and_taken_back(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        await desk.press("f4")
        assert desk.row["location"] == "Hama"
        assert "carried" in desk.text
        await desk.press("f9")
        assert isinstance(desk.app.screen, EventsDialog)
        await desk.press("enter")
        assert desk.session.work.state.event_key == 1
        await desk.press("f9", "r")
        assert isinstance(desk.app.screen, WhyDialog)
        await desk.type("told twice", "enter")
        assert desk.saved == []
    (event,) = events_in(project)
    assert (event.status, event.why) == ("retracted", "told twice")
