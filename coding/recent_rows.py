"""The one place where the rows that teach the type-ahead are read: what people saved lately, else what was imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coding.candidate import Row
from coding.recent import LEARNED

if TYPE_CHECKING:
    from data.ledger import Ledger
    from data.project import Project

MANY, FEW = 3000, 300
"""How many rows are read; below how many of their own the people's rows are joined by imported ones."""

_BROUGHT = ("inter1", "inter2", "latitude", "longitude", "geo_precision")


def recent_rows(project: Project, ledger: Ledger, limit: int = MANY) -> list[Row]:
    """Rows in the order in which they were saved, the oldest first; imported ones stand before what people saved."""
    with ledger.reading() as db:
        last = int(db.execute("SELECT coalesce(max(seq), 0) FROM revision").fetchone()[0])
    saved: list[Row] = [
        dict(revision.values) for revision in ledger.revisions(after_seq=max(0, last - limit))
    ]
    return saved if len(saved) >= FEW else [*_imported(project, limit - len(saved)), *saved]


def _imported(project: Project, limit: int) -> list[Row]:
    """The events that happened last among those that came by import."""
    from data.views import connect

    columns = (*LEARNED, *_BROUGHT)
    with connect(project) as con:
        answer = con.execute(
            f"SELECT {', '.join(columns)} FROM events WHERE origin = 'imported' ORDER BY event_date DESC, event_key LIMIT ?",
            [limit],
        )
        rows = [dict(zip(columns, cells, strict=True)) for cells in answer.fetchall()]
    return rows[::-1]
