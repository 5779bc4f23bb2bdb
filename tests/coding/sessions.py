"""A project of three reports, a session on it, and the fall of Hama as a coder types it, field by field."""

import datetime
from pathlib import Path

from coding.session import CodingSession
from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle

TEXT = "Fighters of HTS took Hama on Thursday.\n\nThe army of Syria left. Dozens were killed."
PUBLISHED = datetime.date(2024, 12, 6)

HAMA = {
    "event_date": "thu",
    "sub_event_type": "Non-state actor overtakes territory",
    "actor1": "HTS: Hayat Tahrir al Sham",
    "inter1": "Rebel group",
    "actor2": "Military Forces of Syria (2000-2024)",
    "inter2": "State forces",
    "country": "Syria",
    "admin1": "Hama",
    "admin2": "Hama",
    "admin3": "Hama",
    "location": "Hama",
    "latitude": "35.1318",
    "longitude": "36.7578",
    "geo_precision": "1",
    "fatalities": "10",
}


def three_reports(tmp_path: Path) -> Project:
    project = Project.create(tmp_path / "syria")
    with Ledger.open(project) as ledger:
        for number in range(3):
            ledger.add_article(
                NewArticle(
                    f"Report {number}",
                    "Orontes Courier",
                    PUBLISHED,
                    f"{TEXT} {number}",
                    source_scale="National",
                )
            )
    return project


def opened(project: Project, coder: str = "ann") -> CodingSession:
    session = CodingSession(project, coder, today=datetime.date(2025, 1, 1))
    assert session.resume()
    return session


def fill(session: CodingSession, **changed: str) -> None:
    for column, text in {**HAMA, **changed}.items():
        session.set_value(column, text)
