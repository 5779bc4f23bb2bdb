"""The one place where work is kept: articles, drafts, saves and every revision, in one SQLite file."""

from __future__ import annotations

from data.ledger.articles import Articles
from data.ledger.undo import Undo


class Ledger(Articles, Undo):
    """The ledger of a project: `with Ledger.open(project) as ledger: …`, one for each thread."""


__all__ = ["Ledger"]
