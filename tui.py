"""The one place where the program begins: the `eventcoder` command, and the desk as a Textual application.

Nothing is imported here before it is known that `schema`, `data` and `coding` are ours: the names are
common, and a stranger's package of the same name would otherwise be run in our stead.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coding.desk.app import EventcoderApp
    from data.project import Project

__project__ = "eventcoder"
__all__ = ["EventcoderApp", "main", "run_desk"]

ROOMS = ("schema", "data", "coding")
SMALLEST_TO_START = (60, 15)


def __getattr__(name: str) -> Any:
    """The application, loaded with Textual when it is first asked for."""
    if name == "EventcoderApp":
        from coding.desk.app import EventcoderApp

        return EventcoderApp
    raise AttributeError(f"module 'tui' has no attribute {name!r}")


def stranger() -> str:
    """One sentence about the first room that is not ours, empty where all are; nothing of it is run to find out."""
    from importlib.util import find_spec

    for room in ROOMS:
        found = find_spec(room)
        where = found.origin if found is not None else None
        if found is None:
            return f"eventcoder's own package {room!r} is missing; install again: pipx install --force eventcoder"
        if where is None or f'__project__ = "{__project__}"' not in _text_of(where):
            place = where or ", ".join(found.submodule_search_locations or ())
            return (
                f"{place} stands where eventcoder's own package {room!r} should be; install eventcoder apart "
                "from other packages (pipx install eventcoder), and do not run it where such a file lies."
            )
    return ""


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


class DeskDoors:
    """What the command line asks of the desk."""

    def run_desk(self, project_folder: Path, coder: str) -> int:
        """Open the desk; returns the exit code."""
        return run_desk(project_folder, coder)

    def serve(self, project_folder: Path, coder: str, port: int) -> int:
        """Serve the desk to browsers of this machine; returns the exit code."""
        from coding.desk.serving import serve

        return serve(project_folder, coder, port)

    def replay(self, project_folder: Path, coder: str, keys: Sequence[str]) -> None:
        """Play keys through the application without a terminal."""
        from coding.desk.replay import replay

        replay(project_folder, coder, keys)


def run_desk(project_folder: Path | str, coder: str) -> int:
    """Open the desk on a project in this terminal; returns the exit code."""
    from data.project import Project
    from schema.errors import EventcoderError

    try:
        project = Project.open(Path(project_folder))
        if sentence := _unusable_terminal():
            print(sentence, file=sys.stderr)  # noqa: T201  the one sentence for a person
            return 2
        gc.disable()  # nothing that is loaded could be tidied up; the desk sees to it from its first frame on
        from coding.desk.app import EventcoderApp

        app = EventcoderApp(project, coder)
        app.run()
        code = app.return_code or 0
        if app.saves and code == 0 and not _in_a_browser():
            _write_dataset(project, app.saves)
    except EventcoderError as error:
        from schema.text import safe_text

        print(safe_text(str(error)), file=sys.stderr)  # noqa: T201
        return error.exit_code
    return code


def _write_dataset(project: Project, saves: int) -> None:
    """After the day's work: bring the Parquet files up to the last save (queries see the saves without it, too)."""
    from data.fold import fold

    report = fold(project, wait=False)
    events = "1 event" if saves == 1 else f"{saves} events"
    up_to_date = "" if report.busy else f"; {project.events_folder} is up to date"
    print(f"{events} saved{up_to_date}.")  # noqa: T201


def _in_a_browser() -> bool:
    """Whether the desk is drawn by a browser: `serve` says so in the environment of the desks it starts."""
    return bool(os.environ.get("TEXTUAL_DRIVER"))


def _unusable_terminal() -> str:
    if _in_a_browser():
        return ""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "The desk needs a terminal; run it in one, or use: eventcoder serve DIR"
    columns, rows = os.get_terminal_size()
    if (columns, rows) < (1, 1) or columns < SMALLEST_TO_START[0] or rows < SMALLEST_TO_START[1]:
        return f"This terminal is {columns} by {rows}; the desk needs at least 80 by 24. Make it larger and start again."
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The `eventcoder` command."""
    if sentence := stranger():
        print(sentence, file=sys.stderr)  # noqa: T201
        return 2
    from coding.cli import front_door

    words = list(sys.argv[1:] if arguments is None else arguments)
    front_door(DeskDoors(), _with_command(words))
    return 0


def _with_command(words: list[str]) -> list[str]:
    """`python tui.py DIR` opens the desk on a folder; everything else is said as it is."""
    from coding.cli import COMMANDS

    if words and words[0] not in COMMANDS and Path(words[0]).is_dir():
        return ["code", *words]
    return words


if __name__ == "__main__":
    sys.exit(main())
