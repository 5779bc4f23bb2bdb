"""The rows that teach the type-ahead what is likely."""

import csv
import datetime
import json
from pathlib import Path

from coding.recent import Recent
from coding.recent_rows import recent_rows
from data.importing import import_events
from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle, Save

ARTICLES = Path(__file__).parents[2] / "benchmarks" / "articles.jsonl"
EVENTS = [event for line in ARTICLES.read_text("utf-8").splitlines() for event in json.loads(line)["events"]][
    :4
]


def exported(folder: Path) -> Path:
    """Four events as another tool exports them."""
    path = folder / "export.csv"
    rows = [
        {
            "event_id_cnty": f"SUD{number}",
            **{name: value for name, value in event.items() if name != "evidence"},
            "source": "Nile Dispatch",
            "source_scale": "National",
            "notes": f"On 1 October 2024, event {number} happened in {event['location']}.",
            "timestamp": 1728000000 + number,
        }
        for number, event in enumerate(EVENTS, 1)
    ]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_imported_events_teach_a_project_in_which_nobody_coded_yet(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project")
    report = import_events(project, exported(tmp_path))
    assert report.added == 4

    with Ledger.open(project) as ledger:
        recent = Recent(recent_rows(project, ledger))

    assert set(recent.values("location")) == {event["location"] for event in EVENTS}
    assert recent.brings("location", EVENTS[0]["location"])["admin1"] == EVENTS[0]["admin1"]


def test_what_people_saved_stands_after_what_was_imported(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project")
    import_events(project, exported(tmp_path))
    day = datetime.date(2024, 12, 6)
    with Ledger.open(project) as ledger:
        number, _ = ledger.add_article(NewArticle("Hama", "Orontes Courier", day, "HTS took Hama."))
        values = {"event_date": day, "sub_event_type": "Armed clash", "country": "Syria", "location": "Hama"}
        ledger.save(Save("one", "ann", number, None, None, values))

        rows = recent_rows(project, ledger)

    assert len(rows) == 5
    assert rows[-1]["location"] == "Hama"


def test_a_new_project_knows_nothing(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "project")
    with Ledger.open(project) as ledger:
        assert recent_rows(project, ledger) == []
