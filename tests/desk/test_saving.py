"""What stands between the form and the ledger: what is wrong, reasons that are asked for, and what colleagues saved."""

from __future__ import annotations

import datetime

import pytest
from textual.widgets import Static

from coding.bulk_edit import CellEdit
from coding.session import CodingSession
from data.project import Project
from data.vocabulary.actors import Actors
from tests.desk.driving import code_hama, desk_on, events_in, type_hama

THURSDAY = datetime.date(2024, 12, 5)


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
        await type_hama(desk)
        await desk.press("enter")
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


async def test_enter_goes_from_one_reason_to_the_next_and_the_event_is_saved_by_one_more_key(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        await type_hama(desk)
        await desk.press("enter")
        desk.screen.form.go_to("inter1")
        await desk.type("pol", "enter")
        desk.screen.form.go_to("inter2")
        await desk.type("ext", "enter")
        await desk.press("ctrl+s")
        rules: list[str] = []
        while (rule := desk.screen.form.here.rule_id) and rule not in rules:
            rules.append(rule)
            await desk.type("as the article writes it", "enter")
        assert len(rules) >= 2, desk.text
        assert "ctrl+s saves the event" in desk.text
        await desk.press("ctrl+s")
    (event,) = events_in(project)
    assert set(event.reasons) == set(rules)


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
        said = " ".join(desk.text.split())
        assert "Event 1 saved; Brigade of the Orontes is new, proposed for the list of actors." in said
    assert Actors.open(project).get("Brigade of the Orontes") is not None


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


async def test_a_split_tells_that_nothing_was_saved_where_somebody_saved_an_event_meanwhile(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        await type_hama(desk)
        await desk.press("ctrl+s")
        await desk.type("thu", "enter")
        await desk.screen.run_action("split_deaths")
        elsewhere = CodingSession(project, "ben")
        elsewhere.go_to_event(1)
        elsewhere.edit_cells([CellEdit(1, "fatalities", "77")])
        elsewhere.close()
        await desk.type("6", "enter")
        assert "Nothing was saved: ben saved event 1 (revision 2) meanwhile." in desk.text
        assert desk.saved[0].values["fatalities"] == 77
        assert desk.row.get("fatalities") is None


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


@pytest.mark.parametrize(
    ("coder", "asked"), [("ben", "ben saved event 1 since"), ("ann", "You saved event 1 in another window")]
)
@pytest.mark.parametrize(("answer", "deaths"), [("1", 77), ("2", 12)])
async def test_an_event_that_was_saved_elsewhere_is_asked_about(
    project: Project, coder: str, asked: str, answer: str, deaths: int
) -> None:
    async with desk_on(project) as desk:
        await code_hama(desk)
        await desk.press("f9", "enter")
        elsewhere = CodingSession(project, coder)
        elsewhere.go_to_event(1)
        elsewhere.edit_cells([CellEdit(1, "fatalities", "77")])
        elsewhere.close()
        desk.screen.form.go_to("fatalities")
        await desk.type("12", "enter")
        await desk.press("ctrl+s")
        question = str(desk.app.screen.query_one(".question", Static).render())
        assert asked in question
        assert question.endswith("Different:\nFatalities: 77 there, 12 here\nNotes")
        await desk.press(answer)
    (event,) = events_in(project)
    assert event.values["fatalities"] == deaths
