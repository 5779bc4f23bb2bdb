"""The codebook: columns, taxonomy, rules, vocabularies. Knows no storage and no screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schema.codebook import load_codebook
    from schema.gate import validate
    from schema.row_judge import RowJudge

__project__ = "eventcoder"
__all__ = ["RowJudge", "load_codebook", "validate"]

_HOMES = {"RowJudge": "schema.row_judge", "load_codebook": "schema.codebook", "validate": "schema.gate"}


def __getattr__(name: str) -> Any:
    """Load what is asked for on first use: the engines behind it take a second together."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
