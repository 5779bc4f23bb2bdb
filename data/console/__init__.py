"""The one place where SQL that people type is run: a child process that can read the dataset and nothing else."""

from __future__ import annotations

from data.console.limits import Limits
from data.console.run import Answer, Query, ask, run_sql

__all__ = ["Answer", "Limits", "Query", "ask", "run_sql"]
