"""The one place where values of the listed kind (types, actor codes, regions, scales) are brought to today's spelling.

Each mapping goes from the distinct values of one column to the codebook's, with the sentence that says what was mended;
a value that no mapping knows stays as it is, for the rules to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.event_file.vintages import Vintages

if TYPE_CHECKING:
    from schema.codebook import Codebook

MISSING = frozenset(
    (
        *("nan", "NaN", "NAN", "NULL", "null", "<null>", "(null)", "None"),
        *("NA", "N/A", "n/a", "<NA>", "#N/A", "NaT", "\\N", "-", "--", "."),
    )
)
"""What programs write for an empty cell. Not "Nan", which is a province of Thailand."""
MISSING_TEXT = MISSING | {"0", "0.0"}
"""The same where words stand: a table whose empty cells were filled with zero."""
MISSING_WHAT = "empty cells written as a word or mark (nan, NULL, -, 0) read as empty"
SPELLING_WHAT = "capitals and blanks of listed values set as in the codebook"
CODES_WHAT = "actor type codes written as labels"
INTERACTION_WHAT = "interaction codes and old interaction labels written as today's labels"
LABELS_WHAT = "old actor type labels written as today's"
OLD_TYPES_WHAT = "old event types written as today's"
COUNTRIES_WHAT = "other names of countries written as the codebook's"
_DECIMAL = re.compile(r"(-?\d+)[.,]0+")
_PAIR = re.compile(r"\s+[-–—]\s+|[-–—]")


@dataclass(frozen=True)
class Mended:
    """What one value of a file became."""

    old: str
    new: str | None
    whats: tuple[str, ...]


class ListedValues:
    """The mapping of every listed column of a codebook."""

    def __init__(self, codebook: Codebook, vintages: Vintages) -> None:
        self.codebook, self.vintages = codebook, vintages
        self._old: dict[str, dict[str, tuple[str, str]]] = {}
        for entry in vintages.old_values:
            self._old.setdefault(entry.column, {})[_fold(entry.old)] = (entry.new, entry.what)
        self._ways: dict[str, Callable[[str], tuple[str | None, str]]] = {
            "inter1": self._actor_type,
            "inter2": self._actor_type,
            "interaction": self._interaction,
            "source_scale": self._scale,
            "country": self._country,
            "event_type": self._event_type,
        }
        self._scales = {_fold(scale): scale for scale in codebook.source_scales}
        self._interactions = {str(entry.code): entry.label for entry in codebook.interactions}
        self._interaction_labels = {_fold(entry.label): entry.label for entry in codebook.interactions}
        self._countries = {
            _fold(name): entry.name for entry in codebook.countries for name in (*entry.aliases, entry.name)
        }
        self._actor_types = {
            _fold(name): entry.label
            for entry in codebook.actor_types
            for name in (*entry.old_labels, entry.label)
        }
        self._event_types = {
            _fold(name): entry.name
            for entry in codebook.event_types
            for name in (*entry.old_names, entry.name)
        }
        self._event_types |= {
            _fold(entry.name): entry.event_type for entry in vintages.old_event_types if entry.event_type
        }

    def columns(self) -> tuple[str, ...]:
        """The columns whose distinct values are looked at one by one."""
        listed = (column.name for column in self.codebook.columns if column.kind == "enum" and column.values)
        return tuple(dict.fromkeys((*listed, *self._ways, *self._old)))

    def mend(self, column: str, distinct: Iterable[str]) -> list[Mended]:
        """The values that change."""
        return [mended for value in distinct if (mended := self._mended(column, value)).whats]

    def _mended(self, column: str, value: str) -> Mended:
        text = " ".join(value.replace("\u00a0", " ").split())
        if text in MISSING or (column not in self._ways and text in MISSING_TEXT):
            return Mended(value, None, (MISSING_WHAT,))
        if text == "":
            return Mended(value, None, () if value == "" else (SPELLING_WHAT,))
        new, what = self._today(column, text)
        if new == value:
            return Mended(value, value, ())
        whats: tuple[str, ...] = (what or SPELLING_WHAT,)
        if text != value and what and new is not None and _fold(new) != _fold(text):
            whats = (*whats, SPELLING_WHAT)
        return Mended(value, new, whats)

    def _today(self, column: str, text: str) -> tuple[str | None, str]:
        old = self._old.get(column, {}).get(_fold(text))
        if old is not None:
            return old
        if column in self._ways:
            return self._ways[column](text)
        spelled = {_fold(value): value for value in self._values(column)}
        return spelled.get(_fold(text), text), ""

    def _values(self, column: str) -> tuple[str, ...]:
        return self.codebook.column(column).values if self.codebook.has_column(column) else ()

    def _actor_type(self, text: str) -> tuple[str | None, str]:
        code = _DECIMAL.sub(r"\1", text) if _DECIMAL.fullmatch(text) else text
        for entry in self.codebook.actor_types:
            if code == str(entry.code):
                return entry.label, CODES_WHAT
        if code in {"0", "00"}:
            return None, CODES_WHAT
        label = self._actor_types.get(_fold(text))
        if label is None:
            return text, ""
        return label, "" if _fold(label) == _fold(text) else LABELS_WHAT

    def _interaction(self, text: str) -> tuple[str | None, str]:
        code = _DECIMAL.sub(r"\1", text) if _DECIMAL.fullmatch(text) else text
        if code.isdigit():
            found = self._interactions.get(code)
            return (found, INTERACTION_WHAT) if found else (text, "")
        label = self._interaction_labels.get(_fold(text))
        if label is not None:
            return label, ""
        label = self._old_interaction(text)
        return (label, INTERACTION_WHAT) if label else (text, "")

    def _old_interaction(self, text: str) -> str | None:
        alone = re.fullmatch(r"Sole (.+)|(.+?)\s+only", text, re.IGNORECASE)
        if alone:
            label = self._actor_types.get(_fold(alone[1] or alone[2]))
            return self._interaction_labels.get(_fold(f"{label} only")) if label else None
        for cut in _PAIR.finditer(text):
            one = self._actor_types.get(_fold(text[: cut.start()]))
            two = self._actor_types.get(_fold(text[cut.end() :]))
            if one and two:
                said = self._interaction_labels.get(_fold(f"{one}-{two}"))
                turned = self._interaction_labels.get(_fold(f"{two}-{one}"))
                # Today's labels in the wrong order are a mistake for the rules, not an old spelling.
                return said or (turned if _fold(f"{one}-{two}") != _fold(text) else None)
        return None

    def _scale(self, text: str) -> tuple[str | None, str]:
        parts = [self._scales.get(_fold(part), part.strip()) for part in text.split("-")]
        return "-".join(parts), ""

    def _country(self, text: str) -> tuple[str | None, str]:
        name = self._countries.get(_fold(text), text)
        return name, "" if _fold(name) == _fold(text) else COUNTRIES_WHAT

    def _event_type(self, text: str) -> tuple[str | None, str]:
        name = self._event_types.get(_fold(text))
        if name is None:
            return text, ""
        return name, "" if _fold(name) == _fold(text) else OLD_TYPES_WHAT


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def case_expression(cell: str, mended: Iterable[Mended], otherwise: str, quote: Callable[[str], str]) -> str:
    """SQL that turns the old values into the new ones and leaves the others as `otherwise` says."""
    cases: Mapping[str | None, list[str]] = _by_new(mended)
    if not cases:
        return otherwise
    whens = []
    for new, old in cases.items():
        values = ", ".join(quote(value) for value in old)
        whens.append(f"WHEN {cell} IN ({values}) THEN {'NULL' if new is None else quote(new)}")
    return f"CASE {' '.join(whens)} ELSE {otherwise} END"


def _by_new(mended: Iterable[Mended]) -> dict[str | None, list[str]]:
    groups: dict[str | None, list[str]] = {}
    for entry in mended:
        groups.setdefault(entry.new, []).append(entry.old)
    return groups
