"""The one place where a process works on a project until it is killed: saves, edits, folds, imports, releases.

Every acknowledged save is written to its own pipe before the next begins, so whoever started it knows what must be there.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

from data.ledger import Ledger
from data.project import Project
from data.records import EditedMeanwhile, Save

SHARED_EVENTS = 4
"""Events that all writers edit, so that they meet."""


def a_row(number: int) -> dict[str, Any]:
    """A row that the ACLED codebook accepts."""
    return {
        "event_date": dt.date(2024, 12, 5), "time_precision": 1, "sub_event_type": "Non-state actor overtakes territory",
        "actor1": "Hayat Tahrir al-Sham", "inter1": "Rebel group", "actor2": "Military Forces of Syria (2000-2024)",
        "inter2": "State forces", "country": "Syria", "admin1": "Hama", "location": "Hama", "latitude": 35.1318,
        "longitude": 36.7578, "geo_precision": 1, "source": "Wire", "source_scale": "International",
        "notes": f"On 5 December 2024, Hayat Tahrir al-Sham took over Hama city (Hama), report {number}.",
        "fatalities": number,
    }  # fmt: skip


def imported_table(project: Project, first: int, count: int, fatalities: int) -> Any:
    """Rows of a published file, ids from `first`."""
    import pyarrow as pa

    from data.derive import derive
    from data.rows import dataset_schema

    rows = [a_row(fatalities) | {"event_id_cnty": f"SYR{first + n}", "timestamp": 1} for n in range(count)]
    schema = dataset_schema(project.codebook())
    table = pa.table(
        {f.name: pa.array([row.get(f.name) for row in rows], f.type) for f in schema}, schema=schema
    )
    return derive(table, project.codebook()).drop_columns(["event_key", "revision", "status", "saved_at"])


def acknowledge(kind: str, name: str, number: int, revision: int = 0) -> None:
    """Tell the parent; the pipe is the screen on which `saved` appears."""
    os.write(1, f"{kind} {name} {number} {revision}\n".encode())


def write(project: Project, name: str, pause_s: float, until: float) -> None:
    """Save new events and edit shared ones."""
    random_ = random.Random(name)
    with Ledger.open(project) as ledger:
        number = 0
        while time.monotonic() < until:
            number += 1
            save_id = f"{name}-{number}"
            key, base = None, None
            if random_.random() < 0.3:
                key = random_.randint(1, SHARED_EVENTS)
                base = ledger.event(key).revision
            try:
                made = ledger.save(Save(save_id, name, None, key, base, a_row(number)))
            except EditedMeanwhile as met:
                acknowledge("conflict", save_id, met.current.event_key, met.current.revision)
                continue
            acknowledge("saved", save_id, made.event_key, made.revision)
            time.sleep(pause_s)


def work_as_a_coder(project: Project, name: str, every_s: float, until: float) -> None:
    """Judge and save an event every few seconds, as one of many; the time each save took is told with it."""
    from schema.row_judge import RowJudge

    random_ = random.Random(name)
    with Ledger.open(project) as ledger, RowJudge(project.codebook()) as judge:
        judge.failures(a_row(0))
        acknowledge("ready", name, *_weight())
        time.sleep(random_.random() * every_s)
        number = 0
        while time.monotonic() < until:
            number += 1
            row = a_row(number)
            judge.failures(row)
            started = time.perf_counter()
            made = ledger.save(Save(f"{name}-{number}", name, None, None, None, row))
            acknowledge("took", name, int((time.perf_counter() - started) * 1e6))
            acknowledge("saved", f"{name}-{number}", made.event_key, made.revision)
            time.sleep(every_s * (0.5 + random_.random()))
        acknowledge("weighs", name, *_weight())


def _weight() -> tuple[int, int]:
    """This process's memory in KiB and its open files."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024, len(list(Path("/proc/self/fd").iterdir()))


def fold_on(project: Project, pause_s: float, until: float) -> None:
    """Fold again and again."""
    from data.fold import fold

    while time.monotonic() < until:
        acknowledge("folded", "fold", fold(project).folded)
        time.sleep(pause_s)


def import_on(project: Project, name: str, until: float) -> None:
    """Import the same ids again and again, each time with another number."""
    from data.append import append_rows

    turn = int(name.rsplit("-", 1)[-1]) * 1000
    while time.monotonic() < until:
        turn += 1
        report = append_rows(
            project, imported_table(project, 1, 50, turn), token=f"{name}-{turn}", gate=False
        )
        acknowledge("imported", f"{name}-{turn}", turn, report.import_id)


def release_on(project: Project, name: str, until: float) -> None:
    """Release again and again."""
    from data.release import release

    turn = 0
    while time.monotonic() < until:
        turn += 1
        acknowledge("released", release(project).name, turn)


def main(arguments: list[str]) -> None:
    """ROLE FOLDER NAME SECONDS PAUSE."""
    role, folder, name, seconds, pause = arguments
    project = Project.open(Path(folder))
    until = time.monotonic() + float(seconds)
    if role == "write":
        write(project, name, float(pause), until)
    elif role == "code":
        work_as_a_coder(project, name, float(pause), until)
    elif role == "fold":
        fold_on(project, float(pause), until)
    elif role == "import":
        import_on(project, name, until)
    elif role == "release":
        release_on(project, name, until)


if __name__ == "__main__":
    main(sys.argv[1:])
