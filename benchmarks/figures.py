"""The one place where a benchmark's figures are printed: a table for people, or one JSON line a figure."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number, beside its rival and its budget."""

    name: str
    value: float
    unit: str
    rival: str = ""
    """What the number is a ratio to, or the rival's own figure in words."""
    budget: float | None = None
    """The bound it has to keep; None where the figure is told for information."""
    at_most: bool = True
    """False where the budget is a lower bound."""

    @property
    def ok(self) -> bool | None:
        """Whether the budget is kept; None without a budget."""
        if self.budget is None:
            return None
        return self.value <= self.budget if self.at_most else self.value >= self.budget


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser with the two options every benchmark has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="one JSON line a figure")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, under a minute")
    return parser


def report(figures: Sequence[Figure], *, as_json: bool) -> int:
    """Print the figures; returns 1 if a budget was missed, else 0."""
    for figure in figures:
        if as_json:
            line = {k: v for k, v in asdict(figure).items() if k != "at_most"} | {"ok": figure.ok}
            print(json.dumps(line), flush=True)
            continue
        verdict = {None: "", True: "ok", False: "MISSED"}[figure.ok]
        bound = "" if figure.budget is None else f"{'<=' if figure.at_most else '>='} {figure.budget:g}"
        print(
            f"{figure.name:<58} {figure.value:>12,.3f} {figure.unit:<8} {bound:<10} {verdict:<7} {figure.rival}",
            flush=True,
        )
    return int(any(figure.ok is False for figure in figures))
