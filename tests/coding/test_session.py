"""The coder's day without a screen: what is typed, kept, judged, saved, taken back."""

import datetime
from pathlib import Path

import pytest

from coding.acts import Marked
from coding.bulk_edit import CellEdit
from coding.candidate import Candidate
from coding.demo import demo_project
from coding.keeping import articles_of
from coding.refusals import NotSubmittable
from coding.session import CodingSession
from data.ledger import Ledger
from data.project import Project
from data.records import EditedMeanwhile, NewArticle, Revision
from schema.errors import EventcoderError
from schema.rules import Severity
from tests.coding.sessions import HAMA, PUBLISHED, TEXT, fill, opened, three_reports


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return three_reports(tmp_path)


def test_a_new_event_begins_with_what_the_article_says(project: Project) -> None:
    session = opened(project)
    row = session.work.row
    assert row["source"] == "Orontes Courier"
    assert row["source_scale"] == "National"
    assert set(row) == {"source", "source_scale"}, "a day or a number nobody looked at must not stand"
    assert session.work.state.origins["source"] == "derived"
    assert not session.work.touched


def test_dates_are_read_as_people_say_them_and_the_precision_follows(project: Project) -> None:
    session = opened(project)
    session.set_value("event_date", "thu")
    assert session.work.row["event_date"] == datetime.date(2024, 12, 5)
    assert session.work.state.origins["event_date"] == "typed"
    session.set_value("event_date", "2-4 dec")
    assert session.work.row["event_date"] == datetime.date(2024, 12, 3)
    assert session.work.row["time_precision"] == 2
    assert session.work.state.origins["time_precision"] == "derived"


def test_a_precision_that_the_coder_typed_is_not_overwritten_by_a_date(project: Project) -> None:
    session = opened(project)
    session.set_value("time_precision", "3")
    session.set_value("event_date", "thu")
    assert session.work.row["time_precision"] == 3


def test_a_text_that_cannot_be_read_stays_on_the_form_and_blocks_the_save(project: Project) -> None:
    session = opened(project)
    fill(session)
    shown = session.set_value("fatalities", "xyz?")
    assert [failure.rule_id for failure in shown] == ["readable"]
    assert session.work.text("fatalities") == "xyz?"
    assert "fatalities" not in session.work.row
    with pytest.raises(NotSubmittable):
        session.submit()
    session.set_value("fatalities", "3")
    assert session.submit().values["fatalities"] == 3


def test_a_text_that_cannot_be_read_is_still_told_after_going_to_another_article_and_back(
    project: Project,
) -> None:
    session = opened(project)
    session.set_value("event_date", "31 feb")
    session.set_value("sub_event_type", "no such type")
    unread = dict(session.work.state.unread)
    session.set_value("event_date", "thu")
    session.undo()
    session.next_article()
    session.previous_article()
    assert dict(session.work.state.unread) == unread
    assert set(unread) == {"event_date", "sub_event_type"}
    assert "event_date" not in session.work.row
    assert session.work.text("event_date") == "31 feb"
    session.set_value("event_date", "thu")
    assert set(session.work.state.unread) == {"sub_event_type"}


def test_a_province_of_no_place_of_the_country_is_told_and_blocks_nothing(project: Project) -> None:
    session = opened(project)
    fill(session)
    assert "VOC-2" not in {failure.rule_id for failure in session.failures}
    told = session.set_value("admin1", "Guerrero")
    assert [failure.rule_id for failure in told if failure.severity is Severity.HINT] == ["VOC-2"]
    assert session.submit().values["admin1"] == "Guerrero"


def test_the_scale_of_a_source_is_asked_once(project: Project) -> None:
    with Ledger.open(project) as ledger:
        for number in range(2):
            ledger.add_article(
                NewArticle(f"Wire {number}", "Orontes Wire", PUBLISHED, f"{TEXT} wire {number}")
            )
    session = opened(project)
    session.open_article(4)
    assert "source_scale" not in session.work.row
    fill(session, source_scale="Subnational")
    session.submit()
    assert session.next_article()
    assert session.work.row["source_scale"] == "Subnational"


def test_a_whole_event_is_saved_with_what_follows_from_it(project: Project) -> None:
    session = opened(project)
    fill(session)
    assert session.derived["event_type"] == "Battles"
    assert session.derived["interaction"] == "State forces-Rebel group"
    revision = session.submit()
    assert revision.revision == 1
    assert revision.values["event_date"] == datetime.date(2024, 12, 5)
    assert revision.status == "submitted"
    assert articles_of(project)[0].status == "coded"
    assert [event.event_key for event in session.events] == [revision.event_key]
    assert not session.work.touched
    assert session.keeping.drafts() == []


def test_an_error_blocks_and_a_warning_passes_with_a_reason(project: Project) -> None:
    session = opened(project)
    fill(session, geo_precision="2", inter2="")
    with pytest.raises(NotSubmittable) as refused:
        session.submit()
    assert refused.value.failures[0].severity is Severity.ERROR
    assert session.events == []
    session.set_value("inter2", "State forces")
    warnings = {f.rule_id for f in session.blocking()}
    assert all(f.severity is Severity.WARNING for f in session.blocking())
    session.submit(dict.fromkeys(warnings, "as the report words it"))
    assert set(session.events[0].reasons) == warnings


def test_the_draft_is_there_after_the_program_was_killed(project: Project) -> None:
    session = opened(project)
    session.set_value("event_date", "thu")
    session.set_value("actor1", "HTS: Hayat Tahrir al Sham")
    session.add_evidence("actor1", 12, 15)
    session.set_value("fatalities", "xyz?")
    del session  # nothing was closed, as after kill -9

    again = opened(project)
    assert again.work.row["event_date"] == datetime.date(2024, 12, 5)
    assert again.work.row["actor1"] == "HTS: Hayat Tahrir al Sham"
    assert again.work.state.evidence[0].quote == "HTS"
    assert again.work.text("fatalities") == "xyz?"


def test_another_coder_does_not_get_my_draft(project: Project) -> None:
    opened(project).set_value("actor1", "HTS: Hayat Tahrir al Sham")
    assert "actor1" not in opened(project, "ben").work.row


def test_the_note_follows_the_fields_until_the_coder_edits_it(project: Project) -> None:
    session = opened(project)
    fill(session)
    assert "5 December 2024" in session.work.text("notes")
    session.set_value("event_date", "wed")
    assert "4 December 2024" in session.work.text("notes")
    session.set_value("notes", "On 4 December 2024, HTS took Hama.")
    session.set_value("event_date", "thu")
    assert session.work.text("notes") == "On 4 December 2024, HTS took Hama."
    session.work.follow_note()
    assert "5 December 2024" in session.work.text("notes")


def test_picking_a_candidate_fills_what_it_brings_and_one_undo_takes_all_back(project: Project) -> None:
    session = opened(project)
    hama = Candidate(
        "location",
        "Hama",
        "Hama",
        fills={"country": "Syria", "latitude": 35.1318, "longitude": 36.7578, "admin1": "Hama"},
    )
    session.set_value("country", "Lebanon")
    session.pick(hama)
    assert session.work.row["country"] == "Syria"
    assert session.work.state.origins["location"] == "picked"
    assert session.work.state.origins["latitude"] == "derived"
    assert session.undo()
    assert session.work.row["country"] == "Lebanon"
    assert "latitude" not in session.work.row
    assert session.redo()
    assert session.work.row["latitude"] == 35.1318


MILITIA = Candidate(
    "actor1",
    "Unidentified Clan Militia (Syria)",
    "Unidentified Clan Militia (Syria)",
    fills={"inter1": "Identity militia"},
)


def test_what_followed_from_a_value_goes_with_it_where_the_new_one_brings_nothing(project: Project) -> None:
    session = opened(project)
    session.pick(MILITIA)
    session.set_value("actor1", "Shield of the Orontes")
    assert "inter1" not in session.work.row
    session.undo()
    assert session.work.row["inter1"] == "Identity militia"
    session.set_value("actor1", "")
    assert "inter1" not in session.work.row


def test_what_followed_is_kept_where_the_value_is_confirmed_or_the_coder_gave_it(project: Project) -> None:
    session = opened(project)
    session.pick(MILITIA)
    session.pick(MILITIA)
    session.work.set_value("actor1", MILITIA.value)
    assert session.work.row["inter1"] == "Identity militia"
    session.set_value("inter1", "Rebel group")
    session.set_value("actor1", "Shield of the Orontes")
    assert session.work.row["inter1"] == "Rebel group"


def test_a_new_place_does_not_stand_where_the_replaced_one_stood(project: Project) -> None:
    session = opened(project)
    session.pick(Candidate("location", "Hama", "Hama", fills={"latitude": 35.1318, "longitude": 36.7578}))
    session.set_value("location", "Tell Nowhere")
    assert session.work.row.get("latitude") is None


def test_no_deaths_follow_only_from_a_type_that_excludes_them(project: Project) -> None:
    session = opened(project)
    session.set_value("sub_event_type", "Peaceful protest")
    assert session.work.row["fatalities"] == 0
    session.set_value("sub_event_type", "Armed clash")
    assert "fatalities" not in session.work.row


def test_the_precision_of_a_day_goes_when_the_day_cannot_be_read_any_more(project: Project) -> None:
    session = opened(project)
    session.set_value("event_date", "2-4 dec")
    session.set_value("event_date", "31 feb")
    assert "time_precision" not in session.work.row


def test_evidence_is_quoted_from_the_stored_text(project: Project) -> None:
    session = opened(project)
    session.add_evidence("location", 21, 25)
    session.add_evidence("location", 21, 25)
    assert [piece.quote for piece in session.work.state.evidence_of("location")] == ["Hama"]
    session.work.drop_evidence("location")
    assert session.work.state.evidence == ()


def test_another_value_does_not_keep_the_words_of_the_one_it_replaces(project: Project) -> None:
    session = opened(project)
    session.pick(Candidate("location", "Hama", "Hama", fills={"country": "Syria"}))
    session.add_evidence("location", 21, 25)
    session.add_evidence("country", 61, 66)
    session.add_evidence("actor1", 12, 15)
    homs = Candidate("location", "Homs", "Homs", fills={"country": "Lebanon"})
    session.pick(homs)
    assert [piece.field for piece in session.work.state.evidence] == ["actor1"]
    session.undo()
    assert session.work.row["location"] == "Hama"
    assert [piece.field for piece in session.work.state.evidence] == ["location", "country", "actor1"]
    session.set_value("location", "")
    assert session.work.state.evidence_of("location") == ()


def test_a_value_keeps_its_words_when_it_is_confirmed_or_a_place_of_the_same_country(
    project: Project,
) -> None:
    session = opened(project)
    session.pick(Candidate("location", "Hama", "Hama", fills={"country": "Syria"}))
    session.add_evidence("country", 61, 66)
    session.pick(Candidate("location", "Homs", "Homs", fills={"country": "Syria"}))
    assert len(session.work.state.evidence_of("country")) == 1


def test_words_taken_first_stay_when_they_become_a_value(project: Project) -> None:
    session = opened(project)
    session.add_evidence("location", 21, 25)
    session.add_evidence("actor1", 12, 15)
    session.set_value("actor1", "hts")
    session.pick(Candidate("location", "Hama", "Hama"))
    session.pick(Candidate("actor1", "HTS: Hayat Tahrir al Sham", "HTS: Hayat Tahrir al Sham"))
    assert [piece.field for piece in session.work.state.evidence] == ["location", "actor1"]
    session.add_evidence("location", 12, 15)
    assert len(session.work.state.evidence_of("location")) == 2, "several places for one value"


def test_words_under_a_text_that_cannot_be_read_stay_when_it_is_mended(project: Project) -> None:
    session = opened(project)
    session.add_evidence("event_date", 29, 37)
    session.set_value("event_date", "on that thursday")
    assert "event_date" in session.work.state.unread
    session.set_value("event_date", "thu")
    assert [piece.quote for piece in session.work.state.evidence] == ["Thursday"]


def test_words_taken_before_the_coder_corrects_what_was_filled_in_stay(project: Project) -> None:
    session = opened(project)
    session.set_value("sub_event_type", "Peaceful protest")
    assert session.work.state.value("fatalities") == 0
    session.add_evidence("fatalities", 0, 8)
    session.set_value("fatalities", "2")
    assert len(session.work.state.evidence_of("fatalities")) == 1


def test_a_list_that_grows_keeps_the_words_of_its_names(project: Project) -> None:
    session = opened(project)
    session.set_value("assoc_actor_1", "Labor Group (Syria)")
    session.add_evidence("assoc_actor_1", 0, 8)
    session.set_value("assoc_actor_1", "Labor Group (Syria); Farmers (Syria)")
    assert len(session.work.state.evidence) == 1
    session.set_value("assoc_actor_1", "Teachers (Syria)")
    assert session.work.state.evidence == ()


def test_the_words_of_the_note_stay_when_the_note_follows_the_fields(project: Project) -> None:
    session = opened(project)
    fill(session)
    session.add_evidence("notes", 0, 37)
    session.set_value("event_date", "wed")
    assert len(session.work.state.evidence_of("notes")) == 1


def test_a_coded_event_is_edited_into_its_next_revision(project: Project) -> None:
    session = opened(project)
    fill(session)
    first = session.submit()
    session.edit(first.event_key)
    assert session.work.row["fatalities"] == 10
    session.set_value("fatalities", "5")
    second = session.submit()
    assert (second.event_key, second.revision) == (first.event_key, 2)
    assert len(session.events) == 1


def test_an_event_is_taken_back_with_a_reason_only(project: Project) -> None:
    session = opened(project)
    fill(session)
    key = session.submit().event_key
    with pytest.raises(EventcoderError):
        session.retract(key, "  ")
    session.retract(key, "another day's report")
    assert session.events == []


def test_a_duplicate_carries_all_but_the_note(project: Project) -> None:
    session = opened(project)
    fill(session)
    session.submit()
    assert session.duplicate_event()
    assert session.work.row["location"] == "Hama"
    assert session.work.state.origins["location"] == "carried_over"
    assert session.work.state.event_key is None
    session.work.confirm("location")
    assert session.work.state.origins["location"] == "picked"


def test_an_event_like_one_of_another_article_is_not_saved_without_a_word(project: Project) -> None:
    session = opened(project)
    fill(session)
    key = session.submit().event_key
    session.next_article()
    fill(session, actor1=HAMA["actor2"], inter1="State forces", actor2=HAMA["actor1"], inter2="Rebel group")
    session.compare_with([key])
    with pytest.raises(NotSubmittable, match="Event 1 has the same day, place, actors"):
        session.submit()
    session.work.give_reason(f"different:{key}", "yes")
    assert "DU-1" not in {failure.rule_id for failure in session.failures}
    session.work.undo()
    session.set_value("event_date", "wed")
    assert "DU-1" not in {failure.rule_id for failure in session.failures}


def test_what_the_settings_name_is_carried_over_and_marked(project: Project) -> None:
    settings = project.folder / "eventcoder.toml"
    settings.write_text(settings.read_text() + '\n[desk]\ncarry_over = ["country", "location"]\n')
    session = opened(Project.open(project.folder))
    fill(session)
    session.submit()
    assert session.work.row["country"] == "Syria"
    assert session.work.state.origins["location"] == "carried_over"
    assert "actor1" not in session.work.row
    assert not session.work.touched


def test_a_save_that_came_too_late_asks_and_can_go_over_or_give_way(project: Project) -> None:
    ann = opened(project)
    fill(ann)
    key = ann.submit().event_key
    ben = opened(project, "ben")
    ben.open_article(ann.article.article_id)
    ann.edit(key)
    ben.edit(key)
    ben.set_value("fatalities", "3")
    ben.submit()
    ann.set_value("fatalities", "7")
    with pytest.raises(EditedMeanwhile) as late:
        ann.submit()
    assert late.value.difference["fatalities"] == (3, 7)
    over = ann.save_over(late.value.current)
    assert (over.revision, over.values["fatalities"]) == (3, 7)
    ann.take_theirs(over)
    assert ann.work.row["fatalities"] == 7


def test_cells_changed_in_the_table_are_undone_before_what_was_done_earlier(project: Project) -> None:
    session = opened(project)
    fill(session)
    key = session.submit().event_key
    assert session.next_article()
    marked = session.article.article_id
    session.no_event()
    outcome = session.edit_cells([CellEdit(key, "fatalities", "3")])
    assert (len(outcome.saved), outcome.refused) == (1, {})
    undone = session.undo_last()
    assert isinstance(undone, Revision)
    assert undone.event_key == key
    assert session.keeping.event(key).values["fatalities"] == 10
    back = session.undo_last()
    assert isinstance(back, Marked)
    assert back.article_id == marked


def test_an_article_added_to_an_event_is_taken_off_it_again(project: Project) -> None:
    session = opened(project)
    fill(session)
    key = session.submit().event_key
    assert session.next_article()
    session.attach(key)
    session.undo_last()
    assert session.keeping.event(key).values["source"] == "Orontes Courier"
    assert articles_of(project)[1].status == "claimed"
    session.redo_last()
    assert articles_of(project)[1].status == "coded"


def test_an_untouched_event_leaves_no_draft(project: Project) -> None:
    session = opened(project)
    session.next_article()
    session.close()
    assert opened(project).keeping.drafts() == []


def test_an_event_put_aside_stays_a_draft_beside_the_new_one(project: Project) -> None:
    session = opened(project)
    session.set_value("actor1", "HTS: Hayat Tahrir al Sham")
    session.leave()
    session.new_event()
    assert "actor1" not in session.work.row
    assert len(session.keeping.drafts()) == 1


def test_none_typed_as_a_tag_is_no_tag(tmp_path: Path) -> None:
    session = CodingSession(demo_project(tmp_path / "demo"), "ann")
    assert session.resume()

    session.set_value("tags", "None")

    assert session.work.row.get("tags") is None
