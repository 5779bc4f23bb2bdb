"""The one place where a typed query meets DuckDB: the child process, which first gives up every right it does not need.

Order matters. The ledger's tail is read with the rights of the user; then the kernel takes away all but reading the
dataset (Landlock) and more memory than agreed; only then DuckDB starts, is locked, and sees the text.
Stdin carries one JSON request, stdout the answer as an Arrow stream, stderr one JSON line about how it went.
"""

from __future__ import annotations

import datetime as dt
import json
import signal
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import duckdb

    from data.console.limits import Limits
    from data.project import Project
    from data.snapshot import Snapshot

_MIB = 1 << 20
_ROWS_PER_BATCH = 16_384


class _WithoutPandas(MetaPathFinder):
    """Keeps pyarrow from loading pandas only to ask whether a list is a Series, which costs 0.3 s."""

    @classmethod
    def find_spec(cls, fullname: str, path: object = None, target: object = None) -> None:
        """Say that pandas is not there; leave everything else to others."""
        del path, target
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def main() -> None:
    """Answer the one request on stdin; the exit code is 0 whenever stderr holds the outcome."""
    sys.meta_path.insert(0, _WithoutPandas)
    request = json.loads(sys.stdin.buffer.readline())
    from data.console.limits import Limits
    from schema.errors import EventcoderError

    limits = Limits(**request["limits"])
    try:
        outcome = _answer(request, limits)
    except EventcoderError as error:
        outcome = {"error": str(error)}
    except MemoryError:
        outcome = {"error": _memory_sentence(limits)}
    _tell(outcome)


def _tell(outcome: dict[str, Any]) -> NoReturn:
    sys.stderr.write(json.dumps(outcome) + "\n")
    sys.stderr.flush()
    sys.stdout.buffer.flush()
    # DuckDB's threads may be deep in a query that was cut short: leave without waiting for them.
    import os

    os._exit(0)


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    from data import ready, views
    from data.console import gate, landlock
    from data.project import Project
    from data.snapshot import snapshot as take_snapshot

    project = Project.open(Path(request["folder"]))
    as_of = request.get("as_of")
    snapshot = take_snapshot(project, as_of=dt.datetime.fromisoformat(as_of) if as_of else None)
    snapshot.prepare(request["sql"])
    _limit_memory(limits)
    code = [Path(root) for root in request["roots"]]
    confined = landlock.confine([*landlock.interpreter_paths(), *landlock.dataset_paths(project), *code])
    _end_process_after(limits.seconds + 1)
    con = _connection(limits)
    question = gate.admit(con, request["sql"], tables=(*views.VIEWS, *ready.VIEWS))
    values = _values_for(question.parameters, request["parameters"])
    _lay_and_lock(con, project, snapshot)
    return {**_run(con, question.text, values, limits), "confined": confined}


def _limit_memory(limits: Limits) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; DuckDB's own stays
        return
    size = limits.address_space_mib * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def locked_connection(project: Project, snapshot: Snapshot, limits: Limits) -> duckdb.DuckDBPyConnection:
    """A connection that sees the snapshot, and can be asked but not changed."""
    con = _connection(limits)
    _lay_and_lock(con, project, snapshot)
    return con


def _connection(limits: Limits) -> duckdb.DuckDBPyConnection:
    import duckdb

    config = {
        "threads": str(limits.threads),
        "memory_limit": f"{limits.memory_mib}MiB",
        "temp_directory": "",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_unsigned_extensions": "false",
        "python_enable_replacements": "false",
        "allow_persistent_secrets": "false",
    }
    con = duckdb.connect(config=config)
    con.execute("SET enable_progress_bar = false")
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET max_execution_time = ?", [int(limits.seconds * 1000)])
    return con


def _lay_and_lock(con: duckdb.DuckDBPyConnection, project: Project, snapshot: Snapshot) -> None:
    from data import ready, views, words
    from data.console import landlock

    views.lay_views(con, snapshot)
    words.install(con)
    ready.install(con, snapshot.codebook)
    con.execute("SET allowed_directories = ?", [[f"{path}/" for path in landlock.dataset_paths(project)]])
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")


def _run(con: duckdb.DuckDBPyConnection, text: str, values: dict[str, Any], limits: Limits) -> dict[str, Any]:
    import duckdb
    import pyarrow as pa

    from data.console.sentences import explain_error
    from schema.errors import QueryError

    try:
        return _stream(_asked(con, text, values), limits)
    except (duckdb.Error, pa.ArrowException, UnicodeDecodeError, OverflowError, OSError) as error:
        found = con.execute("SELECT DISTINCT column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
        columns = [str(name) for (name,) in found if not str(name).startswith("_")]
        sentence = explain_error(
            str(error), columns=columns, seconds=limits.seconds, memory_mib=limits.memory_mib
        )
        raise QueryError(sentence) from error


def _end_process_after(seconds: float) -> None:
    """The kernel's own clock: no heavy function call in DuckDB can hold it off."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _values_for(names: tuple[str, ...], given: dict[str, Any]) -> dict[str, Any]:
    from schema.errors import QueryError

    missing = [name for name in names if name not in given]
    if missing:
        asked = " and ".join(f"${name}" for name in missing)
        raise QueryError(f"The query asks for a value of {asked}; give it with --set {missing[0]}=VALUE.")
    unasked = [name for name in given if name not in names]
    if unasked:
        raise QueryError(
            f"The query has no ${unasked[0]}; leave that value out, or write ${unasked[0]} into the query."
        )
    return {name: given[name] for name in names}


def _asked(con: duckdb.DuckDBPyConnection, text: str, values: dict[str, Any]) -> duckdb.DuckDBPyRelation:
    """The answer as it will come; a plan is no relation, so it is put into one."""
    found = con.sql(text, params=values or None)
    return con.from_arrow(con.execute(text).to_arrow_table()) if found is None else found


def _stream(result: duckdb.DuckDBPyRelation, limits: Limits) -> dict[str, Any]:
    """Write the answer as it comes; stop at the row limit, refuse past the byte limit."""
    import pyarrow as pa

    from data.console.sentences import too_large
    from schema.errors import QueryError

    batches = result.to_arrow_reader(_ROWS_PER_BATCH)
    names = _told_apart(batches.schema.names)
    rows = size = 0
    with pa.ipc.new_stream(
        sys.stdout.buffer, pa.schema(map(pa.Field.with_name, batches.schema, names))
    ) as sink:
        for batch in batches:
            left = None if limits.rows is None else limits.rows - rows
            kept = (batch if left is None else batch.slice(0, left)).rename_columns(names)
            size += kept.nbytes
            if size > limits.answer_mib * _MIB:
                raise QueryError(too_large(limits.answer_mib))
            sink.write_batch(kept)
            rows += kept.num_rows
            if left is not None and batch.num_rows > left:
                return {"rows": rows, "truncated": True}
    return {"rows": rows, "truncated": False}


def _told_apart(names: list[str]) -> list[str]:
    """The names of the answer's columns, with a number behind one that is there already, in whatever case.

    >>> _told_apart(["a", "b", "a", "a_1", "B"])
    ['a', 'b', 'a_2', 'a_1', 'B_1']
    """
    given = {name.casefold() for name in names}
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        number, unique = 0, name
        while unique.casefold() in taken or (unique != name and unique.casefold() in given):
            number += 1
            unique = f"{name}_{number}"
        found.append(unique)
        taken.add(unique.casefold())
    return found


def _memory_sentence(limits: Limits) -> str:
    from data.console.sentences import too_much_memory

    return too_much_memory(limits.memory_mib)
