"""Lets a team code at once, one judged save each ten seconds, with folds running; `--coders 50 --seconds 60`.

Each coder is a process of its own, as a desk is. A save counts from the call to its acknowledgement: when it is told,
it is on the disk. What each process weighs is taken when it is ready and again when it ends.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Figure, arguments, report
from benchmarks.store_crash import Tally, check, prepared, start

EVERY_S = 10.0


@dataclass
class Team:
    """What the coders told."""

    tally: Tally = field(default_factory=Tally)
    took_ms: list[float] = field(default_factory=list)
    before: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Coder to KiB of memory and open files, when ready."""
    after: dict[str, tuple[int, int]] = field(default_factory=dict)

    def heard(self, line: str) -> None:
        """Take one line of a coder or of the fold."""
        kind, name, number, more = line.split()
        if kind == "took":
            self.took_ms.append(int(number) / 1000)
        elif kind in {"ready", "weighs"}:
            (self.before if kind == "ready" else self.after)[name] = int(number), int(more)
        else:
            self.tally.heard(line)

    def growth(self, which: int) -> int:
        """By how much the process that grew most grew: memory in KiB (0) or open files (1)."""
        return max((self.after[name][which] - self.before[name][which] for name in self.after), default=0)


def run(coders: int, seconds: float, folder: Path, every_s: float = EVERY_S) -> Team:
    """Let them code; the seconds count from the start of the last process."""
    project, team = prepared(folder), Team()
    workers = [start("code", project, f"coder{number}", seconds, every_s) for number in range(coders)]
    workers.append(start("fold", project, "folder", seconds, min(every_s, seconds / 4)))
    for worker in workers:
        for line in worker.communicate()[0].decode().splitlines():
            team.heard(line)
        team.tally.unreadable += worker.returncode != 0
    check(project, team.tally)
    return team


def main() -> int:
    """Code, count, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--coders", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    coders, seconds = (5, 20.0) if options.quick else (options.coders, options.seconds)
    with tempfile.TemporaryDirectory() as folder:
        team = run(coders, seconds, Path(folder) / "project", EVERY_S / 5 if options.quick else EVERY_S)
    tally, cuts = team.tally, quantiles(team.took_ms, n=100, method="inclusive")
    told = f"{len(team.took_ms)} saves, {tally.folds} folds"
    return report(
        [
            Figure(f"{coders} coders: a save, median", cuts[49], "ms", told, budget=10),
            Figure(f"{coders} coders: a save, 99 of 100", cuts[98], "ms", budget=150),
            Figure(f"{coders} coders: the slowest save", max(team.took_ms), "ms", budget=1000),
            Figure(f"{coders} coders: saves lost", tally.lost, "saves", budget=0),
            Figure(f"{coders} coders: saves doubled", tally.doubled, "saves", budget=0),
            Figure(f"{coders} coders: processes that failed", tally.unreadable, "", budget=0),
            Figure(f"{coders} coders: growth of a process", team.growth(0), "KiB"),
            Figure(f"{coders} coders: growth of its open files", team.growth(1), "files", budget=0),
        ],
        as_json=options.json,
    )


if __name__ == "__main__":
    sys.exit(main())
