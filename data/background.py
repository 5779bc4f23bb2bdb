"""The one place where a fold runs beside the work: a process of its own that outlives the desk and disturbs nobody.

Nothing waits for it and nothing depends on it: every query shows unfolded saves as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from data.project import Project

FOLD_AFTER: Final = 1000
"""Unfolded saves after which the desk folds while people work; on leaving it always does."""
LOG: Final = "fold.log"


def fold_in_background(project: Project) -> None:
    """Start a fold and return at once; it gives way to one that is running. What went wrong stands in `.work/fold.log`."""
    root = Path(__file__).resolve().parent.parent
    environment = os.environ | {"PYTHONPATH": str(root)}
    with suppress(OSError), project.work_file(LOG).open("wb") as log:
        subprocess.Popen(
            [sys.executable, "-m", "data.background", str(project.folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True, env=environment,
            cwd=root,
        )  # fmt: skip


def fold_is_due(project: Project) -> bool:
    """Whether so many saves are unfolded that a fold is worth its while."""
    from data.ledger import Ledger

    with Ledger.open_to_read(project) as ledger:
        row = ledger.db.execute(
            "SELECT count(*) FROM head WHERE seq <> folded_seq AND refused_seq <> seq"
        ).fetchone()
    return bool(row[0] >= FOLD_AFTER)


def _main(folder: str) -> int:
    from data.fold import fold
    from schema.errors import EventcoderError

    with suppress(OSError):
        os.nice(10)
    try:
        fold(Project.open(folder), wait=False)
    except EventcoderError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
