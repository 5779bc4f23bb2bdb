"""The one place where queries are kept: named ones as plain SQL files of the project, the typed ones as a history.

A saved query is a file `queries/NAME.sql` whose first comment says what it answers; people may edit it with anything,
put it under version control and send it to a colleague. Words like `$country` are its parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from data.export.whole_file import whole_file
from schema.errors import QueryError

if TYPE_CHECKING:
    from data.console.run import Parameters
    from data.project import Project

_NAME = re.compile(r"[\w][\w \-]{0,59}")
_PIECES = re.compile(
    r"(?P<quiet>'(?:[^']|'')*'?|\"(?:[^\"]|\"\")*\"?|--[^\n]*|/\*.*?(?:\*/|$))|\$(?P<name>[A-Za-z_]\w*)",
    re.DOTALL,
)
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_FRACTION = re.compile(r"-?\d+\.\d+")
_KEPT = 500


@dataclass(frozen=True)
class SavedQuery:
    """A named question."""

    name: str
    sql: str
    description: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names that want a value, in order of appearance."""
        return parameters_of(self.sql)


def parameters_of(sql: str) -> tuple[str, ...]:
    """The `$names` of a query; what stands in quotes and comments is none.

    >>> parameters_of("SELECT '$not' FROM events WHERE country = $country AND year = $year -- $nor")
    ('country', 'year')
    """
    return tuple(dict.fromkeys(found["name"] for found in _PIECES.finditer(sql) if found["name"]))


def value_of(typed: str) -> str | int | float:
    """What a person means by the value of a parameter: a number where it is written as one, else text.

    >>> value_of("12"), value_of("-0.5"), value_of("007"), value_of("Syria")
    (12, -0.5, '007', 'Syria')
    """
    if _WHOLE.fullmatch(typed):
        return int(typed)
    return float(typed) if _FRACTION.fullmatch(typed) else typed


def save_query(project: Project, query: SavedQuery) -> Path:
    """Keep a query under its name; one of that name is replaced."""
    folder = _folder(project)
    folder.mkdir(exist_ok=True)
    path = folder / f"{_checked(query.name)}.sql"
    head = "".join(f"-- {line}\n" for line in query.description.splitlines())
    with whole_file(path, overwrite=True, own=True) as draft:
        draft.write_text(f"{head}{query.sql.strip()}\n", encoding="utf-8")
    return path


def saved_queries(project: Project) -> list[SavedQuery]:
    """Every saved query, by name."""
    paths = (path for path in _folder(project).glob("*.sql") if path.is_file())
    return [_read(path) for path in sorted(paths, key=lambda path: path.name.casefold())]


def saved_query(project: Project, name: str) -> SavedQuery:
    """The query of that name; QueryError names the ones there are."""
    path = _folder(project) / f"{_checked(name)}.sql"
    if not path.is_file():
        names = ", ".join(query.name for query in saved_queries(project)) or "none yet"
        raise QueryError(f"There is no saved query '{name}'; the saved ones are: {names}.")
    return _read(path)


def drop_query(project: Project, name: str) -> None:
    """Forget a saved query."""
    saved_query(project, name)
    (_folder(project) / f"{name}.sql").unlink()


def worklist(project: Project, sql: str, *, parameters: Parameters | None = None) -> list[int]:
    """The events an answer names, in its order and each once, to be opened one after the other."""
    from data.console.run import run_sql

    table = run_sql(project, sql, parameters=parameters)
    if "event_key" not in table.column_names:
        raise QueryError(
            "A worklist needs the column event_key in the answer: SELECT event_key FROM events WHERE …"
        )
    return list(dict.fromkeys(int(key) for key in table.column("event_key").to_pylist() if key is not None))


class History:
    """What a coder typed, newest last; kept across sessions, repeated questions once."""

    def __init__(self, project: Project, coder: str) -> None:
        safe = re.sub(r"[^\w\-]", "_", coder) or "anybody"
        self._path = project.work_file(f"sql-history-{safe}.jsonl")

    def entries(self) -> list[str]:
        """The questions, newest last; a line that cannot be read is passed over."""
        return list(dict.fromkeys(reversed(list(self._lines()))))[:_KEPT][::-1]

    def add(self, sql: str) -> None:
        """Remember a question."""
        text = sql.strip()
        if not text:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = [entry for entry in self.entries() if entry != text][-(_KEPT - 1) :]
        with whole_file(self._path, overwrite=True, own=True) as draft:
            draft.write_text("".join(json.dumps(entry) + "\n" for entry in (*kept, text)), encoding="utf-8")

    def search(self, words: str) -> list[str]:
        """The questions that hold all the words, newest first."""
        wanted = words.casefold().split()
        return [
            entry for entry in reversed(self.entries()) if all(word in entry.casefold() for word in wanted)
        ]

    def _lines(self) -> Iterator[str]:
        if not self._path.is_file():
            return
        for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, str):
                yield entry


def _folder(project: Project) -> Path:
    return project.folder / "queries"


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise QueryError(
            f"'{name[:60]}' is no name for a query; use letters, digits, spaces, - and _, at most 60 of them."
        )
    return name


def _read(path: Path) -> SavedQuery:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise QueryError(f"The saved query {path} cannot be read: {error.strerror}.") from error
    head = 0
    while head < len(lines) and lines[head].startswith("--"):
        head += 1
    description = "\n".join(line[2:].strip() for line in lines[:head])
    return SavedQuery(path.stem, "\n".join(lines[head:]).strip(), description)
