"""Which article a coder is given, who else is at it, and what a mark on it is worth."""

from pathlib import Path

import pytest

from coding.keeping import articles_of
from coding.session import CodingSession
from data.project import Project
from schema.errors import EventcoderError
from tests.coding.sessions import fill, opened, three_reports


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return three_reports(tmp_path)


def code_the_first(session: CodingSession) -> None:
    """An event of the first article, whoever had it before."""
    session.open_article(1)
    fill(session)
    session.submit()


def test_two_coders_at_once_are_given_different_articles(project: Project) -> None:
    ann, ben = opened(project), opened(project, "ben")
    assert (ann.article.article_id, ben.article.article_id) == (1, 2)
    assert ann.no_event()
    assert ann.article.article_id == 3
    assert not ben.next_article(), "the last one is in other hands"
    assert (ann.place.waiting, ben.place.waiting) == (1, 1)


def test_who_comes_when_all_articles_are_in_other_hands_still_sees_one(project: Project) -> None:
    for coder in ("ben", "cem", "dan"):
        opened(project, coder)
    ann = opened(project)
    assert (ann.article.article_id, ann.place.status, ann.place.coder) == (1, "claimed", "ben")
    assert ann.place.waiting == 0


def test_an_article_that_nothing_was_done_with_is_given_back_at_the_end(project: Project) -> None:
    ann = opened(project)
    ann.close()
    assert opened(project, "ben").article.article_id == 1


def test_an_article_with_an_unfinished_event_stays_with_its_coder(project: Project) -> None:
    ann = opened(project)
    ann.set_value("actor1", "HTS: Hayat Tahrir al Sham")
    ann.close()
    assert opened(project, "ben").article.article_id == 2
    again = opened(project)
    assert again.article.article_id == 1
    again.close()
    assert articles_of(project)[0].status == "claimed"


def test_articles_that_were_only_passed_by_wait_for_anybody(project: Project) -> None:
    ann = opened(project)
    assert ann.next_article()
    assert ann.next_article()
    assert [article.status for article in articles_of(project)] == ["new", "new", "claimed"]
    ann.previous_article()
    assert opened(project, "ben").article.article_id == 1


def test_an_article_that_another_desk_of_the_same_coder_begins_on_is_not_given_away(project: Project) -> None:
    one, other = opened(project), opened(project)
    other.set_value("actor1", "HTS: Hayat Tahrir al Sham")
    one.close()
    assert articles_of(project)[0].status == "claimed"
    assert opened(project, "ben").article.article_id == 2


def test_an_article_that_another_coder_has_coded_is_not_marked_as_without_an_event(project: Project) -> None:
    ann, ben = opened(project), opened(project, "ben")
    code_the_first(ben)
    with pytest.raises(EventcoderError, match="ben has coded an event of this article meanwhile"):
        ann.no_event()
    assert articles_of(project)[0].status == "coded"
    assert ann.article.article_id == 1


def test_a_mark_is_not_taken_back_over_what_another_coder_did_since(project: Project) -> None:
    ann = opened(project)
    ann.no_event()
    code_the_first(opened(project, "ben"))
    with pytest.raises(EventcoderError, match="Somebody has worked on “Report 0” since"):
        ann.undo_last()
    assert articles_of(project)[0].status == "coded"
    assert ann.undo_last() is None


def test_a_mark_that_was_taken_back_is_set_again_after_the_article_was_left(project: Project) -> None:
    ann = opened(project)
    ann.no_event()
    ann.undo_last()
    assert ann.article.article_id == 1
    ann.next_article()
    ann.redo_last()
    assert articles_of(project)[0].status == "no_event"


def test_no_event_marks_the_article_and_opens_the_next(project: Project) -> None:
    session = opened(project)
    first = session.article.article_id
    assert session.no_event()
    assert session.article.article_id != first
    assert session.keeping.article(first).status == "no_event"


def test_leaving_an_article_keeps_what_was_begun(project: Project) -> None:
    session = opened(project)
    session.set_value("actor1", "HTS: Hayat Tahrir al Sham")
    assert session.next_article()
    assert "actor1" not in session.work.row
    assert session.previous_article()
    assert session.work.row["actor1"] == "HTS: Hayat Tahrir al Sham"
