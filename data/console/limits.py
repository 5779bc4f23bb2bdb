"""The one place where the bounds of a typed query stand: time, memory, rows and bytes of the answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one query may use before it is ended."""

    seconds: float = 30.0
    """Wall-clock time; the kernel ends the child one second later, whatever it is doing."""
    rows: int | None = None
    """Rows of the answer that are kept; None keeps all that fit `answer_mib`."""
    answer_mib: int = 512
    """Bytes of the answer; a larger one is an error, never a silent cut."""
    memory_mib: int = 1536
    """DuckDB's own limit, which most queries meet with a clean error."""
    address_space_mib: int = 4096
    """The kernel's limit, for the queries that slip past DuckDB's."""
    threads: int = 2
