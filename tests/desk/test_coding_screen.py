"""The desk by its keys: every key does what the help says, and what the screen says is in the ledger."""

from __future__ import annotations

import asyncio
import datetime
import threading

import duckdb
import pytest
from textual.widgets import Input

from coding.desk.app import EventcoderApp
from coding.desk.codebook_help import CodebookHelp
from coding.desk.desk_keys import DESK_KEYS
from coding.desk.grid_screen import GridScreen
from coding.desk.keys_help import KeysHelp
from coding.desk.replay import PATIENCE_S
from data.ledger import Ledger
from data.project import Project
from schema.row_judge import RowJudge
from tests.desk.driving import code_hama, desk_on, events_in

THURSDAY = datetime.date(2024, 12, 5)


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


async def test_the_draft_is_back_on_the_form_after_a_start(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("hts")  # not finished: closing finishes it
    async with desk_on(project) as desk:
        assert desk.row["event_date"] == THURSDAY
        assert "unfinished event is back" in desk.text
    assert events_in(project) == []


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


async def test_one_wrong_choice_is_told_once_and_the_others_are_in_the_codebook(project: Project) -> None:
    async with desk_on(project) as desk:
        for typed in ("thu", "prot", "hts"):
            await desk.type(typed, "enter")
        assert "(and 2 more" in desk.text
        assert "A protest without protesters" not in desk.text
        await desk.press("shift+tab", "f12")
        assert "Wrong with it now" in desk.text
        assert "A protest without protesters" in desk.text


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


async def test_a_decimal_comma_in_a_coordinate_is_told_and_never_becomes_another_place(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        for typed in ("thu", "overt", "hts", "mil syr", "Qamhanat"):
            await desk.type(typed, "enter")
        await desk.type("9,05", "enter")
        assert desk.row.get("latitude") is None
        assert desk.row.get("country") is None
        assert "'9,05' is not a number" in desk.text


async def test_no_cursor_blinks_as_that_is_traffic_on_a_slow_link(project: Project) -> None:
    async with desk_on(project) as desk:
        assert [line.cursor_blink for line in desk.app.screen.query(Input)] == [False, False]


async def test_coordinates_behind_the_name_of_a_place_pick_no_line_of_the_list(project: Project) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("location")
        await desk.type("hama 1")
        assert desk.screen.form.editor.value == "hama 1"
        await desk.press("backspace", "backspace", "1")
        assert desk.row["location"] == "Hama"


async def test_enter_does_not_take_a_place_that_is_only_like_what_is_typed(project: Project) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("location")
        await desk.type("El Botijon")
        await desk.press("enter")
        assert desk.row["location"] == "El Botijon"
        assert "country" not in desk.row
        desk.screen.form.go_to("location")
        await desk.press("ctrl+u")
        await desk.type("Damascsu")
        await desk.press("enter")
        assert desk.row["location"] == "Damascus", "one letter is a slip of the finger"


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_sentence_longer_than_the_top_line_is_told_to_its_end_and_gives_the_room_back(
    project: Project, size: tuple[int, int]
) -> None:
    mistake = (
        "codebook/own.toml: the rule 'OUR-1' has 'why', which a rule does not have; it can have columns, " * 2
    )
    async with desk_on(project, size=size) as desk:
        rows = desk.text.splitlines()
        desk.screen.head.news(f"{mistake}reason or sql.", wrong=True)
        await desk.pilot.pause()
        assert "reason or sql." in desk.text
        assert desk.text.splitlines()[-1] == rows[-1], "the line of keys stays"
        await desk.type("thu", "enter")
        desk.screen.head.news("told shortly")
        await desk.pilot.pause()
        assert desk.text.splitlines()[0].endswith("told shortly ")
        assert desk.screen.head.size.height == 1
