"""What the desk does with typed text: refused text is replaced, lists stand still, nothing is passed over unseen."""

from __future__ import annotations

from coding.desk.proposals import Proposals
from data.project import Project
from data.vocabulary import Source, Sources
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


async def test_enter_on_an_empty_field_that_is_needed_stays_where_the_article_tells_nothing(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("sub_event_type")
        await desk.press("enter")
        assert desk.column == "sub_event_type"
        assert "Tab passes over" in desk.text
        assert "Sub-event type is empty" not in desk.text
        await desk.press("tab")
        assert desk.column == "actor1"


async def test_enter_on_an_empty_field_shows_what_the_article_tells_before_a_second_one_takes_it(
    project: Project,
) -> None:
    async with desk_on(project) as desk:
        first = desk.screen.form.candidates.candidates[0]
        start, end = first.spans[0]
        await desk.press("enter")
        assert desk.column == "event_date"
        assert desk.row.get("event_date") is None
        assert desk.session.article.text[start:end] in desk.text
        assert "Enter takes it" in desk.text
        await desk.press("enter")
        assert desk.row["event_date"] == first.value
        assert desk.column == "sub_event_type"


async def test_enter_after_enter_never_takes_a_number_that_nobody_looked_at(project: Project) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("fatalities")
        assert desk.screen.form.candidates.candidates[0].spans
        await desk.press("enter")
        assert desk.row.get("fatalities") is None
        await desk.type("0", "enter")
        assert desk.row["fatalities"] == 0


async def test_a_value_that_was_deleted_is_not_replaced_by_enter(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter", "shift+tab", "shift+tab")
        await desk.press("backspace", "enter")
        assert desk.column == "event_date"
        assert desk.row.get("event_date") is None


async def test_the_line_below_the_form_says_whether_actor_2_may_stay_empty(project: Project) -> None:
    async with desk_on(project) as desk:
        await desk.type("thu", "enter")
        await desk.type("overt", "enter")
        desk.screen.form.go_to("actor2")
        await desk.pilot.pause()
        assert "This type needs one." in desk.text
        assert "leaves it empty" not in desk.text
        desk.screen.form.go_to("sub_event_type")
        await desk.type("peaceful protest", "enter")
        desk.screen.form.go_to("actor2")
        await desk.pilot.pause()
        assert "Enter leaves it empty." in desk.text


async def test_a_place_that_nobody_knows_is_told_the_way_out(project: Project) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("location")
        await desk.pilot.pause()
        assert "~name is near it; Esc Enter keeps a new name" in " ".join(desk.text.split())
        await desk.type("qqxzvw")
        assert not desk.screen.form.candidates.candidates
        assert "No such place is known. Type coordinates behind the name" in desk.text
        assert "or Enter for a new place." in desk.text
        await desk.press("enter")
        assert desk.row["location"] == "qqxzvw"


async def test_a_name_typed_whole_brings_along_what_follows_from_it(project: Project) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("actor1")
        await desk.type("HTS: Hayat Tahrir al Sham", "enter")
        assert desk.row["inter1"] == "Rebel group"
        desk.screen.form.go_to("location")
        await desk.type("Hama", "enter")
        assert (desk.row["location"], desk.row["country"]) == ("Hama", "Syria")


async def test_a_list_that_was_closed_comes_again_when_the_text_changes(project: Project) -> None:
    async with desk_on(project) as desk:
        form = desk.screen.form
        form.go_to("actor1")
        await desk.type("ht", "escape")
        assert not form.candidates.candidates
        form.look_again()
        assert not form.candidates.candidates, "it is closed until the coder types on"
        await desk.type("s")
        assert form.candidates.candidates
        await desk.press("enter")
        assert desk.row["actor1"] == "HTS: Hayat Tahrir al Sham"


async def test_a_list_that_is_shown_keeps_its_order_when_more_is_known(project: Project) -> None:
    async with desk_on(project) as desk:
        form = desk.screen.form
        await desk.type("hama")
        form.go_to("location")
        await desk.type("ham")
        shown = form.candidates.candidates
        assert shown
        desk.screen.proposals.learn([{"location": "Hammam", "country": "Syria"}] * 50)
        form.look_again()
        assert form.candidates.candidates == shown


async def test_a_first_list_waits_until_the_article_is_read_and_says_so(project: Project) -> None:
    async with desk_on(project) as desk:
        work, form = desk.session.work, desk.screen.form
        early = Proposals(project)
        early.prepare()
        (line,) = early.find("event_date", "", work)
        assert line.label == "reading the article…"
        form.candidates.show([line])
        await desk.pilot.pause()
        assert "reading the article…" in desk.text
        assert not form.candidates.pick(1)
        early.open()
        early.read(work.article, work.codebook)
        assert early.find("event_date", "", work)[0].spans
        early.close()


async def test_a_source_that_somebody_added_is_offered_with_the_next_article(project: Project) -> None:
    async with desk_on(project) as desk:
        desk.screen.form.go_to("source")
        Sources.open(project).propose(Source("Orontes Gazette", scale="Subnational"), coder="ben")
        await desk.press("f8")
        desk.screen.form.go_to("source")
        await desk.type("orontes gaz")
        assert "Orontes Gazette" in desk.text
