"""Lets 8 and 50 processes save at once, with folds running, and counts what was lost or doubled: `--seconds 30`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Figure, arguments, report
from benchmarks.store_crash import Tally, check, prepared, start


def run(writers: int, seconds: float, folder: Path, pause: float = 0.0) -> Tally:
    """Let them write; returns what was promised and what was found."""
    project, tally = prepared(folder), Tally()
    workers = [start("write", project, f"writer{number}", seconds, pause) for number in range(writers)]
    workers.append(start("fold", project, "folder", seconds))
    for worker in workers:
        for line in worker.communicate()[0].decode().splitlines():
            tally.heard(line)
        tally.unreadable += worker.returncode != 0
    check(project, tally)
    return tally


def main() -> int:
    """Write, count, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    figures = []
    for writers in (8,) if options.quick else (8, 50):
        seconds = 5 if options.quick else options.seconds
        with tempfile.TemporaryDirectory() as folder:
            started = time.monotonic()
            tally = run(writers, seconds, Path(folder) / "project")
            took = time.monotonic() - started
        saves = len(tally.acknowledged)
        keys = set(tally.acknowledged.values())
        figures += [
            Figure(
                f"{writers} writers: acknowledged saves",
                saves,
                "saves",
                f"{saves / took:.0f} a second, {tally.folds} folds",
            ),
            Figure(f"{writers} writers: conflicts, each told and kept", tally.conflicts, "saves"),
            Figure(f"{writers} writers: saves lost", tally.lost, "saves", budget=0),
            Figure(f"{writers} writers: saves doubled", tally.doubled + saves - len(keys), "saves", budget=0),
            Figure(f"{writers} writers: processes that failed", tally.unreadable, "", budget=0),
            Figure(f"{writers} writers: views that told otherwise", tally.wrong, "", budget=0),
        ]
    return report(figures, as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
