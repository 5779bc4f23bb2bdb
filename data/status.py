"""The one place where it is said how far a project is: articles, events, what waits, and what is held back and why."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from data.fold import Refused
from data.ledger import Ledger
from data.project import Project
from data.records import EVENT_STATUSES, FIRST_IMPORTED_KEY
from data.shelf import live_parts
from schema.text import counted


@dataclass(frozen=True)
class ProjectStatus:
    """How far a project is."""

    name: str
    folder: str
    articles: dict[str, int]
    """Articles in each status."""
    events: dict[str, int]
    """Coded events in each status."""
    imported: int
    """Events that imports brought and that stand in the dataset."""
    corrected: int
    """Imported events that people corrected or retracted."""
    unfolded: int
    """Saved events that the Parquet files do not tell yet; every query does."""
    held_back: tuple[Refused, ...]
    drafts: int
    coders: int
    dataset_rows: int
    dataset_bytes: int
    parts: int
    releases: tuple[str, ...]
    clock_skews: int
    """How often the clock of the machine had been set back between two saves."""

    def lines(self) -> list[str]:
        """The status for people."""
        told = [
            f"{self.name} ({self.folder})",
            _counted("Articles", self.articles),
            _counted("Events", self.events),
        ]
        if self.imported:
            told.append(
                f"Imported events: {self.imported:,}, of which {self.corrected:,} corrected by coders"
            )
        told.append(
            f"Dataset: {counted(self.dataset_rows, 'row')} in {counted(self.parts, 'Parquet file')} "
            f"({self.dataset_bytes / 1e6:,.1f} MB)"
            + (
                f"; {counted(self.unfolded, 'saved event')} not in it yet: eventcoder sync"
                if self.unfolded
                else ""
            )
        )
        told += [f"Held back: event {r.event_key} ({r.rule_id}): {r.message}" for r in self.held_back]
        if self.drafts:
            told.append(f"Drafts: {self.drafts}")
        if self.releases:
            told.append(f"Releases: {', '.join(self.releases)}")
        if self.clock_skews:
            told.append(
                f"The clock of this machine was set back {counted(self.clock_skews, 'time')} between saves; check it."
            )
        return told

    def to_json(self) -> dict[str, Any]:
        """The status for programs."""
        return {**vars(self), "held_back": [vars(r) for r in self.held_back], "releases": list(self.releases)}


def status(project: Project) -> ProjectStatus:
    """How far the project is now."""
    with Ledger.open_to_read(project) as ledger, ledger.reading() as db:
        parts = live_parts(db, "events")
        imported = sum(part.rows for part in parts if part.first_key >= FIRST_IMPORTED_KEY)
        return ProjectStatus(
            name=project.name,
            folder=str(project.folder),
            articles=ledger.article_counts(),
            events=_events(db),
            imported=imported,
            corrected=_count(db, "head WHERE event_key >= ?", FIRST_IMPORTED_KEY),
            unfolded=_count(db, "head WHERE seq <> folded_seq AND refused_seq <> seq"),
            held_back=tuple(
                Refused(*row) for row in db.execute("SELECT event_key, rule_id, message FROM refusal")
            ),
            drafts=_count(db, "draft"),
            coders=db.execute("SELECT count(DISTINCT coder) FROM revision").fetchone()[0],
            dataset_rows=sum(part.rows for part in parts),
            dataset_bytes=sum(part.bytes for part in parts),
            parts=len(parts),
            releases=tuple(
                row[0]
                for row in db.execute("SELECT name FROM release WHERE state = 'done' ORDER BY release_id")
            ),
            clock_skews=_count(db, "clock_skew"),
        )


def _events(db: sqlite3.Connection) -> dict[str, int]:
    found = dict(
        db.execute(
            "SELECT CASE WHEN public_id.released_seq = head.seq THEN 'released' ELSE status END AS now, count(*) "
            "FROM head LEFT JOIN public_id USING (event_key) WHERE event_key < ? GROUP BY now",
            (FIRST_IMPORTED_KEY,),
        ).fetchall()
    )
    return {name: found.get(name, 0) for name in EVENT_STATUSES}


def _count(db: sqlite3.Connection, table: str, *parameters: object) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}", parameters).fetchone()[0])


def _counted(what: str, counts: dict[str, int]) -> str:
    told = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items() if count)
    return f"{what}: {sum(counts.values()):,}" + (f" ({told})" if told else "")
