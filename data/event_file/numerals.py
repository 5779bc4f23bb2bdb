"""The one place where cells that hold numbers or points in time are read, however a program spelled them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.event_file.sql import rarely
from data.event_file.values import MISSING, MISSING_WHAT
from schema.conditions import literal

if TYPE_CHECKING:
    from schema.column import Column

UNREADABLE = "unreadable"
"""Stands for a repair where there is none: the cell holds something that is no number."""
BLANKS = " \t\n\r\x0b\x0c\u00a0\ufeff\u200b\u2007\u202f"
BLANKS_WHAT = "blanks around text, line breaks and no-break spaces inside it made ordinary blanks"
_WHOLE_WHAT = "whole numbers written as decimals (8.0) or with leading zeros read as whole numbers"
_THOUSANDS_WHAT = "marks between thousands (1,234) taken out"
_POWER_WHAT = "whole numbers in scientific notation (1.68E+09), which is rounded, written out"
_COMMA_WHAT = "decimal commas read as points"
_SPELLED_WHAT = "decimal numbers spelled otherwise (9, 36.7500) written alike (9.0, 36.75)"
_MOMENTS_WHAT = "points in time written as date and time, or in milliseconds, read as seconds since 1970"

_PLAIN_WHOLE = "-?(0|[1-9][0-9]{0,17})"
_POINT_ZERO = "-?[0-9]{1,18}[.,]0+|-?0[0-9]{1,17}"
_THOUSANDS = r"-?[0-9]{1,3}(,[0-9]{3})+(\.0+)?|-?[0-9]{1,3}(\.[0-9]{3}){2,}"
"""A comma before three digits parts thousands: no program writes a whole number with three decimals after a comma."""
_POWER = r"-?[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}"
_DATE_AND_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?"
_PLAIN_DECIMAL = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?"
_SHORTEST_DECIMAL = r"-?(0|[1-9][0-9]*)\.(0|[0-9]*[1-9])"
_COMMA_DECIMAL = "[+-]?[0-9]+,[0-9]+"
_NANOSECONDS = "[12][0-9]{18}"
_TIMES = frozenset({"DATE", "TIMESTAMP"})
_LAST_SECOND = 99_999_999_999
"""The year 5138: a larger number of seconds is one of milliseconds, microseconds or nanoseconds."""


@dataclass(frozen=True)
class Numerals:
    """One column of numbers as it stands in a file."""

    column: Column
    cell: str
    """The raw cell, as SQL."""
    kind: str
    """The DuckDB type it has."""
    spelled: bool
    """Whether the file holds text, so that one number can be spelled in several ways."""

    def probes(self) -> list[tuple[str, str]]:
        """What may have to be mended, each with the condition under which a row has it."""
        if self.kind in _TIMES:
            return [(_MOMENTS_WHAT if self.column.moment else UNREADABLE, f"{self.cell} IS NOT NULL")]
        if self.kind != "VARCHAR":
            return [*self._fractions(), *self._fine_moments(self.cell)]
        return self._whole_probes() if self.column.kind == "integer" else self._decimal_probes()

    def sql(self, seen: set[str]) -> str:
        """The cell as BIGINT or DOUBLE, given which repairs occur; NULL where it is empty or cannot be read."""
        whole = self.column.kind == "integer"
        if self.kind in _TIMES:
            return f"CAST(epoch({self.cell}) AS BIGINT)" if self.column.moment else "CAST(NULL AS BIGINT)"
        if self.kind == "VARCHAR":
            value = self._whole(seen) if whole else self._decimal(seen)
        elif self.kind in {"FLOAT", "DOUBLE"}:
            finite = f"CASE WHEN isfinite({self.cell}) THEN {self.cell} END"
            even = f"CASE WHEN {self.cell} = floor({self.cell}) THEN {finite} END"
            value = f"try_cast({even if whole else finite} AS {'BIGINT' if whole else 'DOUBLE'})"
        else:
            value = f"CAST({self.cell} AS {'BIGINT' if whole else 'DOUBLE'})"
        return _seconds(value) if _MOMENTS_WHAT in seen else value

    def _fractions(self) -> list[tuple[str, str]]:
        if self.column.kind != "integer" or self.kind not in {"FLOAT", "DOUBLE"}:
            return []
        return [(UNREADABLE, f"{self.cell} <> floor({self.cell})")]

    def _fine_moments(self, number: str) -> list[tuple[str, str]]:
        return [(_MOMENTS_WHAT, f"abs({number}) > {_LAST_SECOND}")] if self.column.moment else []

    def _whole_probes(self) -> list[tuple[str, str]]:
        text = self._text
        power = f"CASE WHEN regexp_full_match({text}, '{_POWER}') THEN {_is_whole(text)} ELSE false END"
        known = f"{text} IN ({_missing()}) OR regexp_full_match({text}, '{_PLAIN_WHOLE}|{_POINT_ZERO}|{_THOUSANDS}')"
        thousands = f"regexp_full_match({text}, '{_THOUSANDS}')"
        probes = [
            (MISSING_WHAT, f"{text} IN ({_missing()})"),
            (BLANKS_WHAT, f"{self.cell} <> {text}"),
            (_WHOLE_WHAT, f"regexp_full_match({text}, '{_POINT_ZERO}') AND NOT {thousands}"),
            (_THOUSANDS_WHAT, thousands),
            (_POWER_WHAT, power),
        ]
        if self.column.moment:
            probes.append((_MOMENTS_WHAT, _is_moment(text)))
            known += f" OR {_is_moment(text)}"
        probes.append((UNREADABLE, f"{text} <> '' AND NOT ({known} OR {power})"))
        # Nearly every cell is plain digits; the other questions are asked of the rest only.
        odd = f"{self.cell} <> '' AND NOT regexp_full_match({self.cell}, '{_PLAIN_WHOLE}')"
        probes = [(what, rarely(odd, condition)) for what, condition in probes]
        digits = f"length({self.cell}) > 11 AND regexp_full_match({self.cell}, '{_PLAIN_WHOLE}')"
        return [*probes, (_MOMENTS_WHAT, digits)] if self.column.moment else probes

    def _whole(self, seen: set[str]) -> str:
        if not seen:
            return f"CAST(nullif({self.cell}, '') AS BIGINT)"
        text = self._text
        if _THOUSANDS_WHAT in seen:
            bare = f"regexp_replace({text}, CASE WHEN contains({text}, ',') THEN ',' ELSE '[.]' END, '', 'g')"
            text = f"CASE WHEN regexp_full_match({text}, '{_THOUSANDS}') THEN {bare} ELSE {text} END"
        digits = f"regexp_replace({text}, '[.,]0+$', '')"
        whens = [f"WHEN regexp_full_match({digits}, '-?[0-9]{{1,18}}') THEN CAST({digits} AS BIGINT)"]
        if _POWER_WHAT in seen:
            power = f"regexp_full_match({self._text}, '{_POWER}') AND {_is_whole(self._text)}"
            whens.append(f"WHEN {power} THEN try_cast(try_cast({self._text} AS DOUBLE) AS BIGINT)")
        if _MOMENTS_WHAT in seen:
            text = self._text
            whens += [
                f"WHEN regexp_full_match({text}, '{_NANOSECONDS}') THEN CAST(left({text}, 10) AS BIGINT)",
                f"WHEN {_is_moment(text)} THEN CAST(epoch(try_cast({text} AS TIMESTAMPTZ)) AS BIGINT)",
            ]
        return f"CASE {' '.join(whens)} END"

    def _decimal_probes(self) -> list[tuple[str, str]]:
        text = self._text
        missing = f"{text} IN ({_missing()})"
        readable = f"regexp_full_match({text}, '{_PLAIN_DECIMAL}|{_COMMA_DECIMAL}')"
        probes = [
            (MISSING_WHAT, missing),
            (BLANKS_WHAT, f"{self.cell} <> {text}"),
            (_COMMA_WHAT, f"regexp_full_match({text}, '{_COMMA_DECIMAL}')"),
            (UNREADABLE, f"{text} <> '' AND NOT {missing} AND NOT {readable}"),
        ]
        if self.spelled:
            probes.append((_SPELLED_WHAT, f"regexp_full_match({text}, '{_PLAIN_DECIMAL}')"))
        odd = f"{self.cell} <> '' AND NOT regexp_full_match({self.cell}, '{_SHORTEST_DECIMAL}')"
        return [(what, rarely(odd, condition)) for what, condition in probes]

    def _decimal(self, seen: set[str]) -> str:
        if not seen:
            return f"CAST(nullif({self.cell}, '') AS DOUBLE)"
        text = f"replace({self._text}, ',', '.')"
        finite = f"regexp_full_match({text}, '[-+0-9.eE]+')"
        return f"CASE WHEN {finite} THEN try_cast({text} AS DOUBLE) END"

    @property
    def _text(self) -> str:
        return f"trim({self.cell}, {literal(BLANKS)})"


def _missing() -> str:
    return ", ".join(literal(word) for word in sorted(MISSING))


def _is_whole(text: str) -> str:
    return f"coalesce(try_cast({text} AS DOUBLE) = floor(try_cast({text} AS DOUBLE)), false)"


def _is_moment(text: str) -> str:
    readable = f"try_cast({text} AS TIMESTAMPTZ) IS NOT NULL"
    return (
        f"CASE WHEN regexp_full_match({text}, '{_DATE_AND_TIME}') THEN {readable} "
        f"ELSE regexp_full_match({text}, '{_NANOSECONDS}') END"
    )


def _seconds(value: str) -> str:
    """Seconds out of seconds, milliseconds, microseconds or nanoseconds: each is a thousand times the one before."""
    steps = " ".join(
        f"WHEN abs({value}) > {_LAST_SECOND * 1000**power} THEN {value} // {1000 ** (power + 1)}"
        for power in (2, 1, 0)
    )
    return f"CASE {steps} ELSE {value} END"
