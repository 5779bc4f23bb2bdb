"""The one place where an event becomes lines of a form: headings, fields, what is wrong with them.

Pure: takes a session's values, gives lines; the sheet paints them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from coding.desk.form.folding import Standing, standing
from coding.desk.form.marks import NOTHING, Mark, mark_of
from coding.desk.plain import one_line
from schema.rules import Severity
from schema.values import format_value

if TYPE_CHECKING:
    from coding.event_state import EventState
    from coding.form_work import FormWork
    from data.records import Row
    from schema.codebook import Codebook
    from schema.column import Column
    from schema.rules import Failure

LABEL_WIDTH = 17
MARK_WIDTH = 9
NARROW = 50
"""Below this width a mark is a letter."""
NOTE_LINES = 8
FAILURE_LINES = 3

SIGNS = {Severity.ERROR: "✖", Severity.WARNING: "▲", Severity.HINT: "·"}
STYLES = {Severity.ERROR: "form--error", Severity.WARNING: "form--warning", Severity.HINT: "form--hint"}


@dataclass(frozen=True)
class Spot:
    """Where the editor stands: on a field, or on the reason for one of its warnings."""

    column: str
    rule_id: str = ""


@dataclass(frozen=True)
class Line:
    """One painted line."""

    kind: Literal["heading", "follows", "field", "more", "failure", "reason"]
    spot: Spot
    label: str = ""
    text: str = ""
    mark: Mark = NOTHING
    style: str = ""


@dataclass(frozen=True)
class SheetWidths:
    """How a line of the form is divided."""

    width: int

    @property
    def value_at(self) -> int:
        """The cell where values begin."""
        return LABEL_WIDTH + 3

    @property
    def mark_width(self) -> int:
        """The cells the mark takes."""
        return MARK_WIDTH if self.width >= NARROW else 1

    @property
    def value(self) -> int:
        """The cells a value has."""
        return max(8, self.width - self.value_at - self.mark_width - 2)


def sheet_lines(
    work: FormWork,
    derived: Row,
    failures: Sequence[Failure],
    widths: SheetWidths,
    *,
    expanded: Callable[[str], int] = lambda _column: 0,
) -> list[Line]:
    """Every line of the form, in codebook order; `expanded` keeps at least so many lines for a field's text."""
    lines: list[Line] = []
    section = ""
    beside: dict[str, list[Standing]] = {}
    for each in standing(work.codebook, work.state, failures):
        beside.setdefault(each.column, []).append(each)
    for column in work.codebook.coded:
        if column.section != section:
            section = column.section
            lines += _heading(section, work.codebook, derived, widths)
        text = one_line(work.text(column.name))
        wrapped = _wrapped(text, widths.value, expanded(column.name)) if column.name == "notes" else [text]
        mark = mark_of(work.state, column.name)
        spot = Spot(column.name)
        label = f"{column.label} *" if column.required else column.label
        lines.append(Line("field", spot, label, wrapped[0], mark))
        lines += [
            Line("more", spot, text=more, mark=replace(mark, word="", letter=" ")) for more in wrapped[1:]
        ]
        for each in beside.get(column.name, ()):
            lines += _failure_lines(each, work.state, widths)
    return lines


def _wrapped(text: str, width: int, at_least: int) -> list[str]:
    lines = textwrap.wrap(text, width) or [""]
    if len(lines) > NOTE_LINES and not at_least:
        lines = [*lines[: NOTE_LINES - 1], lines[NOTE_LINES - 1][: width - 2] + " …"]
    return lines + [""] * (at_least - len(lines))


def _heading(section: str, codebook: Codebook, derived: Row, widths: SheetWidths) -> list[Line]:
    """The section's name, with the columns that follow from its fields beside it, or below it if they are long."""
    told = [
        _told(column, one_line(format_value(column, derived.get(column.name))))
        for column in codebook.columns
        if column.origin == "derived" and column.section == section and derived.get(column.name) is not None
    ]
    spot = Spot("")
    joined = " · ".join(told)
    if len(section) + len(joined) + 8 <= widths.width:
        return [Line("heading", spot, section, joined)]
    return [
        Line("heading", spot, section),
        *(Line("follows", spot, text=line) for line in textwrap.wrap(joined, widths.width - 4)),
    ]


def _told(column: Column, text: str) -> str:
    """A word of a closed list speaks for itself; a number needs its name."""
    return f"{column.label.lower()} {text}" if column.kind in {"integer", "decimal"} else text


def _failure_lines(each: Standing, state: EventState, widths: SheetWidths) -> list[Line]:
    failure, spot = each.failure, Spot(each.column)
    sign, style = SIGNS[failure.severity], STYLES[failure.severity]
    reason = state.reasons.get(failure.rule_id, "")
    shown = textwrap.wrap(one_line(each.said), max(16, widths.width - 7))[: FAILURE_LINES + bool(each.behind)]
    lines = [
        Line("failure", spot, sign if number == 0 else " ", text, style=style)
        for number, text in enumerate(shown)
    ]
    if failure.severity is Severity.WARNING:
        asked = Spot(each.column, failure.rule_id)
        lines.append(Line("reason", asked, "because", one_line(reason), style="form--warning"))
    return lines
