"""What the status of a project tells."""

from __future__ import annotations

import json

from data.ledger import Ledger
from data.project import Project
from data.records import Draft
from data.status import status
from tests.data.store.builders import a_save, an_article


def test_the_status_counts_what_there_is(project: Project, ledger: Ledger) -> None:
    article, _ = ledger.add_article(an_article())
    ledger.save(a_save(1, article_id=article))
    ledger.save(a_save(2, status="returned"))
    ledger.keep_draft(Draft("d", "ana", article, None, None, {}))

    found = status(project)

    assert found.articles["claimed"] == 1, "whoever keeps a draft of an article is at it"
    assert (found.events["submitted"], found.events["returned"]) == (1, 1)
    assert (found.drafts, found.unfolded, found.coders) == (1, 2, 1)
    assert found.lines()[1:3] == ["Articles: 1 (1 claimed)", "Events: 2 (1 submitted, 1 returned)"]
    assert json.loads(json.dumps(found.to_json()))["unfolded"] == 2
