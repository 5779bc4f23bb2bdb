"""Kills processes that save, fold, import and release, at random moments, and counts what was lost: `--kills 200`.

Lost means: acknowledged, and a fresh process cannot read it back. The bar is 0 of all acknowledged saves.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Figure, arguments, report
from benchmarks.store_worker import SHARED_EVENTS, a_row
from data.doctor import doctor
from data.ledger import Ledger
from data.project import Project
from data.records import Save
from data.views import connect
from schema.errors import EventcoderError

WORKER = Path(__file__).with_name("store_worker.py")


@dataclass
class Tally:
    """What was promised and what was found."""

    kills: int = 0
    acknowledged: dict[str, tuple[int, int]] = field(default_factory=dict)
    """save_id to (event_key, revision)."""
    conflicts: int = 0
    imports: dict[str, int] = field(default_factory=dict)
    folds: int = 0
    releases: int = 0
    lost: int = 0
    doubled: int = 0
    unreadable: int = 0
    wrong: int = 0
    slowest_open_s: float = 0.0

    def heard(self, line: str) -> None:
        """Take one acknowledgement; a line cut off by the kill was never seen."""
        kind, name, number, revision = line.split()
        if kind == "saved":
            self.acknowledged[name] = (int(number), int(revision))
        elif kind == "conflict":
            self.conflicts += 1
        elif kind == "imported":
            self.imports[name] = int(number)
        elif kind == "folded":
            self.folds += 1
        else:
            self.releases += 1


def start(
    role: str, project: Project, name: str, seconds: float, pause: float = 0.0
) -> subprocess.Popen[bytes]:
    """A process that works until it is killed or its time is over."""
    command = [sys.executable, str(WORKER), role, str(project.folder), name, str(seconds), str(pause)]
    environment = {"PYTHONPATH": str(WORKER.parent.parent), "PATH": "/usr/bin:/bin"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)


def prepared(folder: Path) -> Project:
    """A project with the events that all writers edit."""
    project = Project.create(folder)
    with Ledger.open(project) as ledger:
        for number in range(SHARED_EVENTS):
            ledger.save(Save(f"shared-{number}", "first", None, None, None, a_row(number)))
    return project


def kill_round(project: Project, tally: Tally, number: int, random_: random.Random, roles: list[str]) -> None:
    """Let processes work, kill each at its own moment, and collect what they acknowledged."""
    workers = [start(role, project, f"{role}{place}-{number}", 60) for place, role in enumerate(roles)]
    for worker in workers:
        first = worker.stdout.readline().decode() if worker.stdout else ""
        if first.endswith("\n"):
            tally.heard(first)
        time.sleep(random_.random() * 0.3)
        worker.send_signal(signal.SIGKILL)
        tally.kills += 1
        rest, _ = worker.communicate()
        for line in rest.decode().splitlines(keepends=True):
            if line.endswith("\n"):
                tally.heard(line)


def check(project: Project, tally: Tally, *, deep: bool = False) -> None:
    """Open the project as anybody would, and look for everything that was acknowledged."""
    started = time.monotonic()
    try:
        again = Project.open(project.folder)
        with Ledger.open(again) as ledger:
            tally.slowest_open_s = max(tally.slowest_open_s, time.monotonic() - started)
            there = Counter(revision.save_id for revision in ledger.revisions())
            places = {r.save_id: (r.event_key, r.revision) for r in ledger.revisions()}
        with connect(again) as con:
            shown = con.execute("SELECT event_key, revision FROM events WHERE origin = 'coded'").fetchall()
            doubled = con.execute("SELECT count(*) - count(DISTINCT event_key) FROM events").fetchall()[0][0]
            imported = con.execute(
                "SELECT DISTINCT fatalities FROM events WHERE origin = 'imported'"
            ).fetchall()
    except (EventcoderError, OSError):
        tally.unreadable += 1
        return
    tally.lost += sum(1 for save_id, place in tally.acknowledged.items() if places.get(save_id) != place)
    tally.doubled += sum(count - 1 for count in there.values()) + doubled
    newest: dict[int, int] = {}
    for key, revision in places.values():
        newest[key] = max(newest.get(key, 0), revision)
    tally.wrong += len(set(newest.items()) ^ set(shown))
    tally.wrong += len(imported) > 1
    if deep:
        tally.wrong += not doctor(again, repair=True).ok


def run(kills: int, folder: Path, seed: int = 1) -> Tally:
    """Kill until there were so many kills; one project through all of them."""
    project, tally, random_, number = prepared(folder), Tally(), random.Random(seed), 0
    mixes = [
        ["write", "write"],
        ["write", "fold"],
        ["write", "import"],
        ["write", "fold", "write"],
        ["write", "release"],
    ]
    while tally.kills < kills:
        kill_round(project, tally, number, random_, mixes[number % len(mixes)])
        check(project, tally)
        number += 1
    check(project, tally, deep=True)
    return tally


def main() -> int:
    """Kill, count, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--kills", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = run(10 if options.quick else options.kills, Path(folder) / "project")
    return report(
        [
            Figure("kill -9 of working processes", tally.kills, "kills"),
            Figure("acknowledged saves", len(tally.acknowledged), "saves"),
            Figure(
                "imports, folds, releases acknowledged", len(tally.imports) + tally.folds + tally.releases, ""
            ),
            Figure("acknowledged saves lost", tally.lost, "saves", budget=0),
            Figure("rows doubled", tally.doubled, "rows", budget=0),
            Figure("projects that did not open", tally.unreadable, "", budget=0),
            Figure("views that told other than the ledger", tally.wrong, "", budget=0),
            Figure("slowest reopening", tally.slowest_open_s, "s", budget=2.0),
        ],
        as_json=options.json,
    )


if __name__ == "__main__":
    sys.exit(main())
