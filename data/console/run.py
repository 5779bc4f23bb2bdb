"""The one place where a typed query is sent to its own process, awaited, and ended when it must be.

A child lives for one query: its rights are gone when it has answered, so the next one starts fresh and sees the
rows saved meanwhile. `Query` starts the child early, so its imports are done when the text arrives.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.console.limits import Limits
from data.console.sentences import too_long, too_much_memory
from schema.errors import QueryError

if TYPE_CHECKING:
    import pyarrow as pa

    from data.project import Project

_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path[:0] = [p for p in [{root!r}] if p not in sys.path]; from data.console.worker import main; main()"
_STARTING_S = 60.0
"""What a child may need to start on a busy machine, before its own clock runs."""

Parameters = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True)
class Answer:
    """What a query gave."""

    table: pa.Table
    truncated: bool
    """More rows were there than `Limits.rows`."""
    seconds: float
    confined: bool
    """Whether the kernel held the child to the dataset; without Landlock DuckDB's own locks and the filter do."""


def run_sql(
    project: Project,
    sql: str,
    *,
    limit_rows: int | None = None,
    timeout_s: float = 30.0,
    parameters: Parameters | None = None,
    as_of: dt.datetime | None = None,
) -> pa.Table:
    """The rows that `sql` gives, as an Arrow table; QueryError with one sentence where it cannot be answered.

    With `as_of` the project answers as it was at that moment.
    """
    limits = Limits(rows=limit_rows, seconds=timeout_s)
    return ask(project, sql, limits, parameters=parameters, as_of=as_of).table


def ask(
    project: Project,
    sql: str,
    limits: Limits | None = None,
    *,
    parameters: Parameters | None = None,
    as_of: dt.datetime | None = None,
) -> Answer:
    """As `run_sql`, with what is to be told beside the rows."""
    with Query() as query:
        return query.ask(project, sql, limits or Limits(), parameters=parameters, as_of=as_of)


class Query:
    """One child process for one query; `cancel` may come from another thread at any moment."""

    def __init__(self) -> None:
        self._cancelled = False
        command = [sys.executable, "-I", "-c", _START.format(root=str(_ROOT))]
        self._child = subprocess.Popen(  # our own interpreter, our own text
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_clean_environment(),
            cwd=_ROOT.anchor,
            start_new_session=True,
        )

    def __enter__(self) -> Query:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(
        self,
        project: Project,
        sql: str,
        limits: Limits | None = None,
        *,
        parameters: Parameters | None = None,
        as_of: dt.datetime | None = None,
    ) -> Answer:
        """Send the query and wait for its answer."""
        limits = replace(limits or Limits())
        request = {
            "folder": str(project.folder.resolve()),
            "sql": sql,
            "limits": asdict(limits),
            "parameters": dict(parameters or {}),
            "as_of": as_of.isoformat() if as_of else None,
            "roots": [str(_ROOT / name) for name in ("data", "schema")],
        }
        started = time.monotonic()
        try:
            answer, told = self._child.communicate(
                json.dumps(request).encode() + b"\n", limits.seconds + _STARTING_S
            )
        except subprocess.TimeoutExpired as error:
            raise QueryError(too_long(limits.seconds)) from error
        finally:
            self.close()
        outcome = self._outcome(told, limits)
        return _read(answer, outcome, time.monotonic() - started)

    def cancel(self) -> None:
        """End the query now; `ask` then raises QueryError."""
        self._cancelled = True
        self._child.kill()

    def close(self) -> None:
        """End the child if it still runs, and collect it."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        for stream in (self._child.stdin, self._child.stdout, self._child.stderr):
            if stream is not None and not stream.closed:
                stream.close()

    def _outcome(self, told: bytes, limits: Limits) -> dict[str, Any]:
        if self._cancelled:
            raise QueryError("The query was cancelled.")
        code = self._child.returncode
        if code == -getattr(signal, "SIGALRM", signal.SIGTERM):
            raise QueryError(too_long(limits.seconds))
        lines = told.decode("utf-8", "replace").strip().splitlines()
        if code != 0 or not lines:
            raise QueryError(_why_ended(code, lines, limits))
        outcome: dict[str, Any] = json.loads(lines[-1])
        if "error" in outcome:
            raise QueryError(str(outcome["error"]))
        return outcome


def _why_ended(code: int, lines: list[str], limits: Limits) -> str:
    memory = any(
        "MemoryError" in line or "bad_alloc" in line or "failed to allocate" in line for line in lines
    )
    if memory or code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGTERM, -9):
        return too_much_memory(limits.memory_mib)
    last = lines[-1] if lines else f"exit code {code}"
    return f"The query process ended without an answer ({last}); try again, and tell us if it stays."


def _clean_environment() -> dict[str, str]:
    """Nothing of the caller's environment but what the system itself needs to start a program."""
    needed = {name: os.environ[name] for name in ("SYSTEMROOT", "SystemDrive") if name in os.environ}
    return {**needed, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": _ROOT.anchor}


def _read(answer: bytes, outcome: dict[str, Any], seconds: float) -> Answer:
    import pyarrow as pa

    table = pa.ipc.open_stream(answer).read_all()
    return Answer(table, bool(outcome["truncated"]), seconds, bool(outcome["confined"]))
