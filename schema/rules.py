"""The one place where a rule is described: one SQL condition that must hold, and what to tell the coder if it does not.

A rule is broken where its condition is false; where it is unknown (an empty cell) it holds, so that a missing value
is reported once, by the rule that requires it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from schema.column import Row


class Severity(StrEnum):
    """How bad a broken rule is: an error blocks, a warning needs a reason, a hint is only shown."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


Nature = Literal["condition", "required", "values", "range"]


@dataclass(frozen=True)
class Rule:
    """One rule of the codebook, the same for the form, the file check and the dataset's gate."""

    id: str
    severity: Severity | None
    """In new coding; None where the rule does not concern new rows."""
    imported_severity: Severity | None
    """In imported data; None where it does not concern them."""
    columns: tuple[str, ...]
    """The columns it concerns; the form marks the first."""
    message: str
    """What is wrong and what the coder should do."""
    reason: str
    """Why the rule exists."""
    sql: str
    """The condition that must hold."""
    passing: tuple[Row, ...] = ()
    failing: tuple[Row, ...] = ()
    scope: Literal["row", "table"] = "row"
    """A table rule looks at all rows at once (a window function in its condition)."""
    nature: Nature = "condition"
    """Whether it was written down, or follows from a column: its being required, its values, its range."""
    own: bool = False
    """Written by the project."""
    where: str = field(default="", compare=False)
    """The file it stands in."""

    def severity_in(self, *, imported: bool) -> Severity | None:
        """The severity for new coding, or for imported data."""
        return self.imported_severity if imported else self.severity


@dataclass(frozen=True)
class Failure:
    """A row breaks a rule."""

    rule_id: str
    severity: Severity
    columns: tuple[str, ...]
    message: str
