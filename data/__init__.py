"""The store: ledger, Parquet dataset, DuckDB views, queries, exports, releases.

`data.connect(project)` is the door for notebooks; names are loaded when first asked for, so importing costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__project__ = "eventcoder"

_HOMES = {
    "Ledger": "data.ledger",
    "Project": "data.project",
    "append_rows": "data.append",
    "backup": "data.backup",
    "connect": "data.views",
    "difference": "data.difference",
    "doctor": "data.doctor",
    "export_events": "data.export",
    "fold": "data.fold",
    "read_events": "data.reading",
    "release": "data.release",
    "run_sql": "data.console",
    "status": "data.status",
    "write_report": "data.report.html",
}

if TYPE_CHECKING:
    from data.ledger import Ledger as Ledger
    from data.project import Project as Project


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
