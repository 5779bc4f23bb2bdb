"""What the ledger promises about articles, drafts and saves."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from dataclasses import replace

import pytest

from data.ledger import Ledger
from data.project import Project
from data.records import Draft, EditedMeanwhile, Evidence, QueuePlace
from schema.errors import RevisionConflict, StoreError, UnusableInput
from tests.data.store.builders import a_row, a_save, an_article


def test_an_article_is_kept_once(ledger: Ledger) -> None:
    first = ledger.add_article(an_article())

    assert first == (1, True)
    assert ledger.add_article(an_article()) == (1, False)
    assert ledger.add_article(replace(an_article(), source="Other")) == (2, True)
    assert ledger.article(1).text == "Text of article 1."
    assert ledger.article(1).published == dt.date(2024, 12, 6)


def test_half_a_surrogate_in_an_article_keeps_every_offset(ledger: Ledger) -> None:
    number, _ = ledger.add_article(replace(an_article(), text="a\ud800b😀"))

    assert ledger.article(number).text == "a\ufffdb😀"


def test_article_statuses_are_logged_with_coder_and_counted(ledger: Ledger, article: int) -> None:
    ledger.set_article_status(article, "no_event", "ana")

    assert [a.article_id for a in ledger.articles("no_event")] == [article]
    assert ledger.articles("new") == []
    assert ledger.article_counts()["no_event"] == 1
    assert ledger.articles()[0].coder == "ana"
    with pytest.raises(UnusableInput, match="no status"):
        ledger.set_article_status(article, "lost", "ana")
    with pytest.raises(UnusableInput, match="no article 99"):
        ledger.set_article_status(99, "new", "ana")


def test_a_claimed_article_goes_to_one_coder(ledger: Ledger) -> None:
    ledger.add_articles([an_article(1), an_article(2)])

    assert (ledger.claim_next("ana"), ledger.claim_next("ben")) == (1, 2)
    assert ledger.claim_next("ana") == 1
    assert ledger.claim_next("ana", after=1) is None
    assert ledger.claim_next("cem") is None
    ledger.claim(2, "ana")
    assert [a.coder for a in ledger.articles()] == ["ana", "ben"], "what is taken stays with whoever has it"


def test_passing_an_article_on_takes_the_next_that_waits_in_the_same_breath(ledger: Ledger) -> None:
    ledger.add_articles([an_article(n) for n in range(4)])
    ledger.claim(1, "ana")
    ledger.claim(2, "ben")

    assert ledger.pass_on(1, "no_event", "ana") == 3
    assert [a.status for a in ledger.articles()] == ["no_event", "claimed", "claimed", "new"]
    with pytest.raises(UnusableInput, match="no article 99"):
        ledger.pass_on(99, "no_event", "ana")
    assert [a.status for a in ledger.articles()][3] == "new", "what failed claimed nothing"


def test_the_place_in_the_queue_counts_what_waits_for_this_coder(ledger: Ledger) -> None:
    ledger.add_articles([an_article(n) for n in range(4)])
    ledger.claim(1, "ana")
    ledger.claim(2, "ben")

    assert ledger.queue_place(3, "ana") == QueuePlace(3, 4, 3, "new", None)
    assert ledger.queue_place(2, "ana") == QueuePlace(2, 4, 3, "claimed", "ben")
    with pytest.raises(UnusableInput, match="no article 99"):
        ledger.queue_place(99, "ana")


def test_the_article_beside_is_none_that_another_coder_is_at(ledger: Ledger) -> None:
    ledger.add_articles([an_article(n) for n in range(4)])
    ledger.claim(2, "ben")

    assert (ledger.beside(1, 1, "ana"), ledger.beside(3, -1, "ana")) == (3, 1)
    assert (ledger.beside(1, 1, "ben"), ledger.beside(3, -1, "ben")) == (2, 2)
    assert (ledger.beside(4, 1, "ana"), ledger.beside(1, -1, "ana")) == (None, None)


def test_a_claim_is_given_back_by_its_coder_only_and_only_while_nothing_came_of_it(ledger: Ledger) -> None:
    ledger.add_articles([an_article(1), an_article(2)])
    ledger.claim(1, "ana")
    ledger.release_claim(1, "ben")
    assert ledger.article(1).status == "claimed"
    ledger.release_claim(1, "ana")
    assert ledger.article(1).status == "new"
    ledger.set_article_status(2, "coded", "ana")
    ledger.release_claim(2, "ana")
    assert ledger.article(2).status == "coded"


def test_articles_page_by_number_and_count_their_events(ledger: Ledger) -> None:
    ledger.add_articles([an_article(n) for n in range(5)])
    ledger.save(a_save(article_id=3))

    page = ledger.articles(after=2, limit=2)

    assert [(a.article_id, a.events) for a in page] == [(3, 1), (4, 0)]


def test_a_draft_is_kept_under_its_name_and_dropped(ledger: Ledger, article: int) -> None:
    evidence = (Evidence("location", article, 0, 4, "Text"),)
    draft = Draft("d1", "ana", article, None, None, a_row(), evidence, {"location": "picked"}, {"R1": "sure"})
    ledger.keep_draft(replace(draft, values={}))

    kept = ledger.keep_draft(draft)

    assert ledger.drafts("ana") == [kept]
    assert replace(kept, saved_at=None) == draft
    assert ledger.drafts("ben") == []
    assert ledger.drafts(article_id=article) == [kept]
    ledger.drop_draft("d1")
    ledger.drop_draft("d1")
    assert ledger.drafts() == []


def test_a_save_reads_back_as_it_was_given(project: Project, ledger: Ledger, article: int) -> None:
    evidence = (Evidence("location", article, 0, 4, "Te😀t"),)
    values = a_row(notes='quote " and \x1b', tags=None, latitude=35.1)

    made = ledger.save(
        a_save(
            article_id=article, values=values, evidence=evidence, origins={"location": "picked"}, why="first"
        )
    )

    with Ledger.open(project) as fresh:
        assert fresh.event(made.event_key) == made
        assert fresh.events_of(article) == [made]
    assert made.values == values
    assert made.evidence == evidence
    assert made.revision == 1


def test_the_same_save_again_gives_the_first_revision(ledger: Ledger) -> None:
    first = ledger.save(a_save())

    again = ledger.save(a_save(values=a_row(fatalities=99)))

    assert again == first
    assert len(ledger.history(first.event_key)) == 1


def test_a_save_drops_the_draft_of_its_name(ledger: Ledger) -> None:
    ledger.keep_draft(Draft("save-1", "ana", None, None, None, {}))

    ledger.save(a_save(1))

    assert ledger.drafts() == []


def test_two_who_edit_the_same_revision_both_keep_their_work(ledger: Ledger) -> None:
    made = ledger.save(a_save())
    bens = ledger.save(a_save(2, coder="ben", event_key=made.event_key, base_revision=1))

    with pytest.raises(EditedMeanwhile, match="ben saved event 1") as caught:
        ledger.save(a_save(3, event_key=made.event_key, base_revision=1))

    assert caught.value.current == bens
    assert caught.value.difference == {"fatalities": (2, 3)}
    assert [d.values["fatalities"] for d in ledger.drafts("ana")] == [3]
    assert ledger.event(made.event_key) == bens

    ledger.save(a_save(3, event_key=made.event_key, base_revision=2))

    assert ledger.drafts() == []
    assert [r.coder for r in ledger.history(made.event_key)] == ["ana", "ben", "ana"]


def test_a_retracted_event_keeps_reason_and_history(ledger: Ledger, article: int) -> None:
    first = ledger.save(a_save(1, article_id=article))
    other = ledger.save(a_save(2, article_id=article))

    gone = ledger.retract(first.event_key, "ana", "told twice", "merged_into", other.event_key)

    assert (gone.status, gone.reason, gone.merged_into, gone.why) == (
        "merged",
        "merged_into",
        2,
        "told twice",
    )
    assert gone.values == first.values
    assert ledger.articles()[0].events == 1
    with pytest.raises(UnusableInput, match="into itself"):
        ledger.retract(2, "ana", "", "merged_into", 2)
    with pytest.raises(UnusableInput, match="retracted as"):
        ledger.retract(2, "ana", "", "boring")


def test_undo_and_redo_walk_back_and_forth_across_restarts(project: Project, ledger: Ledger) -> None:
    ledger.save(a_save(1))
    ledger.save(a_save(2, event_key=1, base_revision=1))

    def fatalities(event_key: int = 1) -> tuple[object, str]:
        with Ledger.open(project) as fresh:
            event = fresh.event(event_key)
            return event.values["fatalities"], event.status

    for act, expected in [
        ("undo", (1, "submitted")), ("undo", (1, "retracted")), ("undo", None), ("redo", (1, "submitted")),
        ("redo", (2, "submitted")), ("redo", None), ("undo", (1, "submitted")), ("redo", (2, "submitted")),
    ]:  # fmt: skip
        with Ledger.open(project) as fresh:
            made = getattr(fresh, act)("ana")
        assert (made is None) == (expected is None)
        assert expected is None or fatalities() == expected

    assert [r.act for r in ledger.history(1)] == [
        "save",
        "save",
        "undo",
        "undo",
        "redo",
        "redo",
        "undo",
        "redo",
    ]


def test_several_events_are_saved_together_each_to_be_undone_alone(ledger: Ledger) -> None:
    for number in (1, 2):
        ledger.save(a_save(number))
    ledger.keep_draft(Draft("save-4", "ana", None, 2, 1, {}))

    made = ledger.save_together(
        [a_save(3, event_key=1, base_revision=1), a_save(4, event_key=2, base_revision=1)]
    )

    assert [(each.event_key, each.revision) for each in made] == [(1, 2), (2, 2)]
    assert [ledger.event(key) for key in (1, 2)] == made
    assert ledger.drafts() == []
    assert [undone.event_key for _ in made if (undone := ledger.undo("ana"))] == [2, 1]
    assert [ledger.event(key).values["fatalities"] for key in (1, 2)] == [1, 2]


def test_of_events_saved_together_none_is_saved_where_one_was_edited_meanwhile(ledger: Ledger) -> None:
    for number in (1, 2):
        ledger.save(a_save(number))
    bens = ledger.save(a_save(7, coder="ben", event_key=2, base_revision=1))

    with pytest.raises(
        RevisionConflict, match=r"Nothing was saved: ben saved event 2 \(revision 2\) meanwhile"
    ):
        ledger.save_together(
            [a_save(3, event_key=1, base_revision=1), a_save(4, event_key=2, base_revision=1)]
        )

    assert ledger.event(1).revision == 1
    assert ledger.event(2) == bens
    assert ledger.drafts() == [], "what was meant for several at once is no draft of any"


def test_events_saved_together_again_are_not_saved_twice(ledger: Ledger) -> None:
    ledger.save(a_save(1))
    twice = [a_save(3, event_key=1, base_revision=1)]

    assert ledger.save_together(twice) == ledger.save_together(twice)
    assert ledger.event(1).revision == 2


def test_a_new_save_ends_what_can_be_redone(ledger: Ledger) -> None:
    ledger.save(a_save(1))
    ledger.undo("ana")
    ledger.save(a_save(2))

    assert ledger.redo("ana") is None


def test_undo_does_not_touch_what_another_coder_saved_since(ledger: Ledger) -> None:
    ledger.save(a_save(1))
    ledger.save(a_save(2, coder="ben", event_key=1, base_revision=1))

    with pytest.raises(EditedMeanwhile, match="ben saved event 1 after you"):
        ledger.undo("ana")

    assert ledger.event(1).coder == "ben"


def test_unknown_numbers_and_statuses_get_one_sentence(ledger: Ledger) -> None:
    for wrong in (
        lambda: ledger.event(7),
        lambda: ledger.history(7),
        lambda: ledger.save(a_save(event_key=7, base_revision=1)),
        lambda: ledger.article(7),
        lambda: ledger.save(a_save(status="done")),
        lambda: ledger.save(a_save(coder=" ")),
    ):
        with pytest.raises(UnusableInput, match=r"^[^\n]+$"):
            wrong()
    with pytest.raises(StoreError, match="cannot be kept"):
        ledger.save(a_save(values={"fatalities": float("nan")}))
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        ledger.save(a_save(article_id=99))


def test_nobody_approves_what_he_submitted_once_a_second_person_works(ledger: Ledger) -> None:
    ledger.save(a_save(1))
    ledger.save(a_save(2, event_key=1, base_revision=1, status="approved"))
    ledger.save(a_save(3, coder="ben"))

    for save in (a_save(4, coder="ben", event_key=2, base_revision=1, status="approved"),
                 a_save(5, status="approved")):  # fmt: skip
        with pytest.raises(UnusableInput, match="let another person approve it"):
            ledger.save(save)
    assert ledger.event(2).status == "submitted"
    approved = ledger.save(a_save(6, event_key=2, base_revision=1, status="approved"))

    assert (approved.coder, approved.status) == ("ana", "approved")


def test_a_failed_save_leaves_nothing_behind(ledger: Ledger) -> None:
    with pytest.raises(StoreError):
        ledger.save(a_save(article_id=99))

    assert ledger.save(a_save()).event_key == 1


def test_a_clock_set_back_changes_no_order_and_is_remembered(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.save(a_save(1))
    monkeypatch.setattr("data.ledger.revisions.now_us", lambda: 1_000_000)

    ledger.save(a_save(2, event_key=1, base_revision=1))

    assert [r.values["fatalities"] for r in ledger.history(1)] == [1, 2]
    assert ledger.db.execute("SELECT count(*) FROM clock_skew").fetchone() == (1,)


def test_threads_with_their_own_ledgers_lose_and_double_nothing(project: Project) -> None:
    def work(name: str) -> None:
        with Ledger.open(project) as mine:
            for number in range(20):
                mine.save(a_save(save_id=f"{name}-{number}", coder=name))

    threads = [threading.Thread(target=work, args=(f"coder{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with Ledger.open(project) as ledger:
        assert len({r.save_id for r in ledger.revisions()}) == 80
        assert [r.event_key for r in ledger.revisions()] == list(range(1, 81))


def test_every_commit_is_synchronous(ledger: Ledger) -> None:
    assert ledger.db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert ledger.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert isinstance(ledger.db, sqlite3.Connection)
