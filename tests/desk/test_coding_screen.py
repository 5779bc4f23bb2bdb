"""The desk by its keys: every key does what the help says, and what the screen says is in the ledger."""

from __future__ import annotations

import asyncio
import datetime
import threading
import time
from pathlib import Path

import duckdb
import pytest
from textual.events import Key
from textual.widgets import Input

from coding.desk import desk_screen
from coding.desk.app import EventcoderApp
from coding.desk.codebook_help import CodebookHelp
from coding.desk.desk_keys import DESK_KEYS
from coding.desk.dialogs import ChoiceDialog, EventsDialog, WhyDialog
from coding.desk.grid_screen import GridScreen
from coding.desk.keys_help import KeysHelp
from coding.desk.queue import QueueScreen
from coding.desk.replay import PATIENCE_S
from coding.duplicates import LikelyDuplicate
from coding.event_state import EventState
from coding.keeping import articles_of
from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle, Row
from data.vocabulary.actors import Actors
from schema.row_judge import RowJudge
from tests.desk.driving import Desk, desk_on, events_in

THURSDAY = datetime.date(2024, 12, 5)


async def code_hama(desk: Desk) -> None:
    await type_hama(desk)
    await desk.press("ctrl+s")


async def type_hama(desk: Desk) -> None:
    await desk.type("thu", "enter")
    await desk.type("overt", "enter")
    await desk.type("hts", "enter")
    await desk.type("mil syr", "enter")
    await desk.type("hama", "enter")
    await desk.type("10")


async def test_an_event_is_coded_from_the_keyboard_and_stands_in_the_ledger(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        assert "saved as event 1" in desk.text
    (event,) = events_in(project)
    wanted = {
        "event_date": THURSDAY,
        "time_precision": 1,
        "sub_event_type": "Non-state actor overtakes territory",
        "actor1": "HTS: Hayat Tahrir al Sham",
        "inter1": "Rebel group",
        "actor2": "Military Forces of Syria (2000-2024)",
        "inter2": "State forces",
        "country": "Syria",
        "admin1": "Hama",
        "location": "Hama",
        "geo_precision": 1,
        "fatalities": 10,
        "source": "Orontes Courier",
    }
    assert {name: event.values.get(name) for name in wanted} == wanted
    assert str(event.values["notes"]).startswith("On 5 December 2024, HTS took control of Hama")


async def test_enter_goes_to_the_next_field_that_needs_the_coder_and_tab_to_the_next_field(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        assert desk.column == "event_date"
        await desk.press("tab")
        assert desk.column == "time_precision"
        await desk.press("shift+tab")
        await desk.type("thu", "enter")
        assert desk.column == "sub_event_type"
        await desk.press("down")
        assert desk.column == "actor1"
        await desk.press("up", "ctrl+end")
        assert desk.column == "tags"
        await desk.press("ctrl+home")
        assert desk.column == "event_date"


async def test_the_list_is_used_by_arrows_digits_and_escape(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("terr")
        offered = [candidate.value for candidate in desk.screen.form.candidates.candidates]
        assert len(offered) >= 3
        await desk.press("down", "enter")
        assert desk.row["sub_event_type"] == offered[1]
        await desk.press("up")
        await desk.type("terr", "3")
        assert desk.row["sub_event_type"] == offered[2]
        await desk.type("ht", "escape", "enter")
        assert desk.row["actor1"] == "ht", "escape, then Enter keeps a new name as typed"


async def test_alt_and_a_digit_pick_where_a_digit_is_text(project: Project) -> None:
    async with desk_on(project) as desk:
        first = desk.screen.form.candidates.candidates[0].value
        await desk.press("alt+1")
        assert desk.row["event_date"] == first
        await desk.press("ctrl+home")
        await desk.pilot.press("¡")  # what alt+1 arrives as from most terminals
        assert desk.row["event_date"] == first


async def test_what_is_wrong_stands_beside_its_field_while_it_is_typed_and_blocks_the_save(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("armed clash", "enter")
        await desk.press("ctrl+s")
        assert desk.column == "actor1"
        assert "Not saved" in desk.text, "it stands until the next key, whatever is kept meanwhile"
        assert "Actor 1 is empty" in desk.text
        await desk.press("ctrl+home")
        await desk.type("2030-01-01")
        assert "✖" in desk.text, "the rules judge the text before the field is finished"
        assert desk.row["event_date"] == THURSDAY
    assert events_in(project) == []


async def test_a_warning_asks_for_its_reason_and_then_lets_the_event_pass(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("overt", "enter")
        await desk.type("hts", "enter")
        await desk.type("mil syr", "enter")
        await desk.type("hama", "enter")
        await desk.type("10", "enter")
        desk.screen.form.go_to("inter2")
        await desk.type("ext", "enter")
        await desk.press("ctrl+s")
        rules = []
        while desk.screen.form.here.rule_id:
            rules.append(desk.screen.form.here.rule_id)
            await desk.type("the report says near Hama", "enter")
            await desk.press("ctrl+s")
        assert rules
    (event,) = events_in(project)
    assert set(event.reasons) == set(rules)


async def test_the_draft_is_back_on_the_form_after_a_start(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("hts")  # not finished: closing finishes it
    async with desk_on(project) as desk:
        assert desk.row["event_date"] == THURSDAY
        assert "unfinished event is back" in desk.text
    assert events_in(project) == []


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
        await desk.type("thu", "enter")
        await desk.type("overt", "enter")
        await desk.type("hts", "enter")
        await desk.type("mil syr", "enter")
        await desk.type("hama", "enter")
        await desk.type("10", "f8")
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


async def test_a_refused_save_names_the_first_field_to_mend_until_the_next_key(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.press("ctrl+s")
        assert "fields to mend, first: Date." in desk.text
        assert desk.column == "event_date"
        desk.screen.head.kept("Date")
        await desk.pilot.pause()
        assert "fields to mend, first: Date." in desk.text
        await desk.type("thu", "enter")
        assert "draft kept" in desk.text


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


async def test_f8_on_an_empty_form_says_that_the_article_stays_open(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.press("f8")
        assert "Nothing coded here; the article stays open." in desk.text
        assert desk.session.article.article_id == 2
        assert articles_of(project)[0].status == "claimed"


async def test_words_are_found_for_a_value_kept_shown_and_dropped(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu")
        await desk.press("ctrl+g")
        (piece,) = desk.session.work.state.evidence_of("event_date")
        assert piece.quote == "Thursday"
        assert "words" in desk.text
        await desk.press("ctrl+e")
        assert desk.screen.pane.selection == (piece.start, piece.end)
        await desk.press("ctrl+d")
        assert desk.session.work.state.evidence == ()


async def test_words_chosen_in_the_article_go_into_the_field_the_cursor_came_from(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.press("tab", "f2")
        assert desk.screen.pane.has_focus_within
        await desk.press("right", "shift+right", "enter")
        assert desk.screen.form.editor.has_focus
        (piece,) = desk.session.work.state.evidence_of("time_precision")
        assert piece.quote == desk.session.article.text[piece.start : piece.end] != ""


async def test_undo_takes_back_typing_then_changes_then_the_save(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("arm", "ctrl+z")
        assert desk.screen.form.editor.value == ""
        assert "is as it was before you typed" in desk.text
        await desk.press("ctrl+z")
        assert "event_date" not in desk.row
        assert "Undone: Date is empty again" in desk.text
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


async def test_any_other_key_calls_off_the_undo_of_a_save(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        await desk.press("ctrl+z", "tab", "ctrl+z")
        assert "ctrl+z again takes back event 1" in desk.text
        assert len(desk.saved) == 1
        await desk.press("ctrl+z")
        assert desk.saved == []


async def code_hama_from_the_top(desk: Desk) -> None:
    await desk.press("ctrl+home")
    await code_hama(desk)
    assert len(desk.saved) == 1


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


async def test_an_unfinished_event_is_put_aside_and_opened_again(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.press("f3")
        assert "event_date" not in desk.row
        assert "1 unfinished" in desk.text
        await desk.press("f9", "enter")
        assert desk.row["event_date"] == THURSDAY


async def test_repeat_takes_the_last_events_value_and_the_note_can_follow_again(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        await desk.press("tab", "tab", "ctrl+r")
        assert desk.row["sub_event_type"] == "Non-state actor overtakes territory"
        assert desk.session.work.state.origins["sub_event_type"] == "carried_over"
        desk.screen.form.go_to("actor1")
        await desk.press("ctrl+r")
        desk.screen.form.go_to("notes")
        await desk.press("end")
        await desk.type(" x", "tab")
        assert desk.row["notes"].endswith("x")  # type: ignore[attr-defined]
        await desk.press("ctrl+l")
        assert not desk.row["notes"].endswith("x")  # type: ignore[attr-defined]


async def test_help_names_every_key_and_every_command_is_in_the_palette(project: Project) -> None:
    async with desk_on(project, size=(120, 80)) as desk:
        await desk.press("f1")
        assert isinstance(desk.app.screen, KeysHelp)
        shown = desk.text
        for key in DESK_KEYS:
            assert key.keys in shown
            assert key.says[:40] in shown
        await desk.press("escape")
        commands = [command.title for command in desk.app.get_system_commands(desk.screen)]
        assert {key.name for key in DESK_KEYS} <= set(commands)


async def test_an_article_is_set_aside_with_a_status(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.press("ctrl+x")
        assert isinstance(desk.app.screen, ChoiceDialog)
        await desk.press("2")
        assert articles_of(project)[0].status == "help_needed"
        assert desk.session.article.article_id == 2


async def test_below_a_hundred_columns_article_and_form_take_turns(project: Project) -> None:
    async with desk_on(project, size=(80, 24)) as desk:
        assert desk.screen.pane.display, "a new article is read first"
        assert not desk.screen.form.display
        assert "▶ Article" in desk.text
        await desk.press("f2")
        assert desk.screen.form.display
        assert not desk.screen.pane.display
        assert "▶ Form" in desk.text
        await desk.type("thu", "enter", "f2")
        assert desk.screen.pane.display
    async with desk_on(project, size=(80, 24)) as desk:
        assert desk.screen.form.display, "an unfinished event is gone on with"


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


async def test_the_codebook_explains_a_field_and_gives_a_value(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.press("f12")
        assert isinstance(desk.app.screen, CodebookHelp)
        await desk.press("down", "enter")
        assert desk.row["sub_event_type"] in desk.session.codebook.column("sub_event_type").values


async def test_a_terminal_that_is_too_small_says_so_and_loses_nothing(project: Project) -> None:
    async with desk_on(project, size=(120, 40)) as desk:
        await desk.type("thu", "enter")
        await desk.pilot.resize_terminal(60, 20)
        await desk.pilot.pause()
        assert "60 by 20" in desk.text
        await desk.pilot.resize_terminal(0, 0)
        await desk.pilot.resize_terminal(120, 40)
        await desk.pilot.pause()
        assert "2024-12-05" in desk.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_no_line_of_the_form_is_wider_than_the_screen(project: Project, size: tuple[int, int]) -> None:
    async with desk_on(project, size=size) as desk:
        await desk.type("thu", "enter")
        assert {len(line) for line in desk.text.splitlines()} == {size[0]}


async def test_a_new_name_that_was_kept_as_typed_is_proposed_to_the_vocabulary(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("overt", "enter")
        await desk.type("Brigade of the Orontes", "escape", "enter")
        desk.screen.form.go_to("inter1")
        await desk.type("reb", "enter")
        desk.screen.form.go_to("actor2")
        await desk.type("mil syr", "enter")
        await desk.type("hama", "enter")
        await desk.type("10")
        await desk.press("ctrl+s")
        assert desk.saved == [], "a new name is kept on purpose only"
        await desk.type("named so in the article", "enter")
        await desk.press("ctrl+s")
        assert len(desk.saved) == 1, desk.text
    assert Actors.open(project).get("Brigade of the Orontes") is not None


async def test_the_events_are_mended_in_a_table_and_the_day_is_summed_up(project: Project) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        assert "keys)" in desk.text
        await desk.press("f9", "g")
        assert isinstance(desk.app.screen, GridScreen)
        await desk.press("escape")
        desk.screen.action_my_day()
        await desk.pilot.pause()
        assert "1 event" in desk.text


async def test_a_project_without_articles_says_how_to_add_one_and_no_key_does_harm(tmp_path: Path) -> None:
    async with desk_on(Project.create(tmp_path / "empty")) as desk:
        assert "no articles yet" in desk.text
        assert "eventcoder add" in desk.text
        await desk.press(
            *(key.keys for key in DESK_KEYS if key.keys and key.action != "help"), "a", "enter", "tab"
        )
        await desk.press("f1", "escape")
        assert "no articles yet" in desk.text


async def test_a_draft_does_not_wait_until_the_rules_are_loaded(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading, loaded = threading.Event(), threading.Event()
    make = RowJudge._connect

    def slowly(judge: RowJudge) -> duckdb.DuckDBPyConnection:
        loading.set()
        loaded.wait(PATIENCE_S)
        return make(judge)

    monkeypatch.setattr(RowJudge, "_connect", slowly)
    app = EventcoderApp(project, "ann")
    async with asyncio.timeout(PATIENCE_S), app.run_test(size=(120, 40)) as pilot:
        try:
            await asyncio.to_thread(loading.wait, PATIENCE_S)
            while app.coding.session is None or not app.coding.session.is_open:
                await pilot.pause(0.05)
            await pilot.press("t", "h", "u", "enter")
            while "draft kept: Date" not in str(app.coding.head.said):
                await pilot.pause(0.05)
            with Ledger.open(project) as ledger:
                assert [draft.values["event_date"] for draft in ledger.drafts("ann")] == [THURSDAY]
        finally:
            loaded.set()


async def test_one_total_of_dead_is_split_over_the_events_of_the_article(project: Project) -> None:
    async with desk_on(project) as desk:
        await type_hama(desk)
        await desk.press("ctrl+s")
        for typed in ("-2", "armed", "hts", "mil syr", "hama"):
            await desk.type(typed, "enter")
        await desk.type("0")
        await desk.screen.run_action("split_deaths")
        await desk.type("five")
        assert "5 over 2 events: 3, 2." in desk.text
        assert "0 → 3" in desk.text
        assert "10 → 2" in desk.text
        assert len(events_in(project)) == 1
        await desk.press("enter")
        assert desk.row["fatalities"] == 3
        assert desk.saved[0].values["fatalities"] == 2
        assert "5 dead split into 3, 2; 1 event saved" in desk.text
        assert "split" in str(desk.row["notes"])
        await desk.press("ctrl+s")
        assert "saved as event 2" in desk.text, desk.text
        for _ in range(4):
            await desk.press("ctrl+z")
        assert [event.values["fatalities"] for event in desk.saved] == [10]


async def test_an_event_left_out_gets_no_share_and_one_event_is_no_split(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.screen.run_action("split_deaths")
        assert "A total is split over two events or more" in desk.text
        await type_hama(desk)
        await desk.press("ctrl+s")
        await desk.type("thu", "enter")
        await desk.screen.run_action("split_deaths")
        await desk.type("6", "f2")
        assert "A total is split over two events or more" in desk.text
        await desk.press("enter")
        assert "One total of dead" in desk.text, "nothing to split, the dialog stays"
        await desk.press("escape")
        assert desk.saved[0].values["fatalities"] == 10


async def test_one_wrong_choice_is_told_once_and_the_others_are_in_the_codebook(project: Project) -> None:
    async with desk_on(project) as desk:
        for typed in ("thu", "prot", "hts"):
            await desk.type(typed, "enter")
        assert "(and 2 more" in desk.text
        assert "A protest without protesters" not in desk.text
        await desk.press("shift+tab", "f12")
        assert "Wrong with it now" in desk.text
        assert "A protest without protesters" in desk.text


async def test_a_refused_save_goes_to_the_error_before_the_reason_that_is_asked(project: Project) -> None:
    async with desk_on(project) as desk:
        await type_hama(desk)
        desk.screen.form.go_to("inter1")
        await desk.type("political mil", "enter")
        assert "because" in desk.text
        desk.screen.form.go_to("fatalities")
        await desk.type("perhaps")
        await desk.press("ctrl+s")
        assert desk.column == "fatalities"
        assert desk.screen.form.here.rule_id == ""


async def test_a_reader_at_80_columns_is_told_the_way_to_the_form_and_on(project: Project) -> None:
    async with desk_on(project, size=(80, 24)) as desk:
        keys = desk.text.splitlines()[-1]
        assert "f2 Article/form" in keys
        assert "f6 No event" in keys
        await desk.press("f2")
        assert desk.text.splitlines()[-1].startswith(" ^s Save")


async def test_a_village_that_no_list_knows_is_coded_with_its_coordinates_and_known_from_then_on(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        for typed in ("thu", "overt", "hts", "mil syr", "Qamhanat"):
            await desk.type(typed, "enter")
        assert desk.column == "latitude"
        await desk.type("35.19 36.72")
        assert "7 km from Hama" in desk.text
        await desk.press("enter")
        assert desk.column == "fatalities"
        told = {
            name: desk.row[name]
            for name in ("location", "latitude", "longitude", "country", "admin1", "geo_precision")
        }
        assert told == {
            "location": "Qamhanat", "latitude": 35.19, "longitude": 36.72,
            "country": "Syria", "admin1": "Hama", "geo_precision": 1,
        }  # fmt: skip
        await desk.type("10", "ctrl+s")
        assert "saved as event 1" in desk.text
        desk.screen.form.go_to("location")
        await desk.type("qamh", "enter")
        assert desk.row["longitude"] == 36.72


async def test_no_cursor_blinks_as_that_is_traffic_on_a_slow_link(project: Project) -> None:
    async with desk_on(project) as desk:
        assert [line.cursor_blink for line in desk.app.screen.query(Input)] == [False, False]
