"""What the desk does with typed text: refused text is replaced, lists stand still, nothing is passed over unseen."""

from __future__ import annotations

from data.project import Project
from tests.desk.driving import desk_on


async def test_typing_after_a_refusal_replaces_the_refused_text(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("tomorrow", "enter")
        assert desk.column == "event_date"
        await desk.type("tue")
        assert desk.screen.form.editor.value == "tue"
        await desk.press("enter")
        assert str(desk.row["event_date"]) == "2024-12-03"


async def test_enter_stays_on_a_refused_text_and_says_why_again(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("tomorrow", "enter", "enter")
        assert desk.column == "event_date"
        assert "tomorrow" in desk.text
        await desk.type("thu", "enter")
        assert desk.column == "sub_event_type"


async def test_a_refused_text_is_replaced_when_its_field_is_entered_again(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("tomorrow", "tab", "shift+tab")
        await desk.type("thu")
        assert desk.screen.form.editor.value == "thu"


async def test_a_field_being_edited_shows_only_what_is_said_of_its_typed_text(project: Project) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("fatalities")
        await desk.press("tab", "shift+tab")
        assert "Fatalities is empty" in desk.text
        await desk.type("-3")
        assert "Fatalities is empty" not in desk.text
        assert "below zero" in desk.text
        await desk.press("enter")
        assert desk.text.count("below zero") == 2  # beside the field and in the line below the form
        assert "Fatalities is empty" not in desk.text


async def test_an_empty_field_is_not_called_empty_while_letters_are_typed_into_it(project: Project) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("inter1")
        await desk.press("tab", "shift+tab")
        assert "Type of actor 1 is empty" in desk.text
        await desk.type("reb")
        assert "Type of actor 1 is empty" not in desk.text
