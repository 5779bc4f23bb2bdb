"""Cuts the power while processes save and fold, and counts what was lost: `--cuts 10`; needs root and a loop device.

The project lies on a file system inside an image file. At a random moment the workers are stopped and the image is
copied: the copy holds what had reached the disk, nothing else. It is mounted, its journal is replayed, and everything
that was acknowledged is looked for.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Figure, arguments, report
from benchmarks.store_crash import Tally, check, prepared, start
from data.project import Project


class NoLoopDevice(Exception):
    """This machine does not let us mount a file as a disk."""


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    """The image as a disk."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-o", "loop", str(image), str(folder)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise NoLoopDevice(done.stderr.strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=False, capture_output=True)


def made_image(path: Path, megabytes: int = 192) -> Path:
    """An empty ext4 file system in a file."""
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        raise NoLoopDevice("only root with mkfs.ext4 can do this")
    with path.open("wb") as handle:
        handle.truncate(megabytes << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(path)], check=True, capture_output=True)
    return path


def cut(
    project: Project, image: Path, folder: Path, tally: Tally, number: int, random_: random.Random
) -> None:
    """One power cut, and the look at what is left."""
    workers = [
        start(role, project, f"{role}{place}-{number}", 60)
        for place, role in enumerate(("write", "write", "fold"))
    ]
    for worker in workers:
        assert worker.stdout is not None
        tally.heard(worker.stdout.readline().decode())
    time.sleep(random_.random())
    for worker in workers:
        worker.send_signal(signal.SIGSTOP)
    for worker in workers:
        assert worker.stdout is not None
        os.set_blocking(worker.stdout.fileno(), False)
        said = worker.stdout.read() or b""
        for line in said.decode().splitlines(keepends=True):
            if line.endswith("\n"):
                tally.heard(line)
    copy = folder / "cut.img"
    subprocess.run(["cp", "--sparse=always", str(image), str(copy)], check=True)
    for worker in workers:
        worker.kill()
        worker.communicate()
    with mounted(copy, folder / "after") as there:
        check(Project(there / "project", project.settings), tally)
    copy.unlink()
    tally.kills += 1


def run(cuts: int, folder: Path, seed: int = 1) -> Tally:
    """Cut again and again; the work goes on in between."""
    image, random_, tally = made_image(folder / "disk.img"), random.Random(seed), Tally()
    with mounted(image, folder / "disk") as disk:
        project = prepared(disk / "project")
        for number in range(cuts):
            cut(project, image, folder, tally, number, random_)
    return tally


def main() -> int:
    """Cut, count, print."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--cuts", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            tally = run(2 if options.quick else options.cuts, Path(folder))
        except NoLoopDevice as reason:
            print(f"skipped: {reason}", file=sys.stderr)
            return 0
    return report(
        [
            Figure("power cuts", tally.kills, "cuts"),
            Figure("acknowledged saves", len(tally.acknowledged), "saves"),
            Figure("folds acknowledged", tally.folds, "folds"),
            Figure("acknowledged saves lost", tally.lost, "saves", budget=0),
            Figure("rows doubled", tally.doubled, "rows", budget=0),
            Figure("projects that did not open", tally.unreadable, "", budget=0),
            Figure("views that told other than the ledger", tally.wrong, "", budget=0),
        ],
        as_json=options.json,
    )


if __name__ == "__main__":
    sys.exit(main())
