"""The one place where the XML inside a workbook is read: sheets, shared strings, which number formats are dates.

Only stored values are read. One row stands in memory at a time, and the strings that rows share.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_LETTERS = re.compile("[dmyhs]", re.IGNORECASE)
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001 - a sheet knows no time zones
_LAST_DAY = 2_958_465
"""31 December 9999."""


@dataclass(frozen=True)
class Sheet:
    """A worksheet: the name on its tab, its member in the archive, and whether its tab is hidden."""

    name: str
    member: str
    hidden: bool = False


class Workbook:
    """An open workbook."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._members = set(self._archive.namelist())
        root = self._target("_rels/.rels", "officeDocument") or "xl/workbook.xml"
        self._book = root
        self.sheets = tuple(self._sheets())
        self._strings = self._shared_strings()
        self._date_styles = self._styles()

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def rows(self, sheet: Sheet) -> Iterator[tuple[int, list[str | None]]]:
        """Row number, as Excel shows it, and the cells as the text a CSV would hold."""
        expected = 0
        with self._archive.open(sheet.member) as stream:
            for element in _elements(stream, "row"):
                expected = int(element.get("r") or expected + 1)
                yield expected, self._cells(element)

    def _cells(self, row: Any) -> list[str | None]:
        cells: list[str | None] = []
        for cell in row:
            reference = cell.get("r")
            at = _column(reference) if reference else len(cells)
            if at > 16_384:
                raise ValueError(f"column {at}")
            while len(cells) < at:
                cells.append(None)
            cells.append(self._value(cell))
        return cells

    def _value(self, cell: Any) -> str | None:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _unescaped(_text_of(cell))
        stored: str | None = next((child.text for child in cell if child.tag.endswith("}v")), None)
        if stored is None or kind == "n":
            return None if stored is None else self._stored_number(stored, cell.get("s"))
        if kind == "s":
            return self._strings[int(stored)]
        if kind == "b":
            return "TRUE" if stored == "1" else "FALSE"
        return stored.removesuffix(".000").removesuffix("T00:00:00") if kind == "d" else _unescaped(stored)

    def _stored_number(self, stored: str, style: str | None) -> str:
        is_date = style is not None and self._date_styles.get(int(style), False)
        return self._day(float(stored)) if is_date else _number(stored)

    def _day(self, serial: float) -> str:
        if not 0 <= serial <= _LAST_DAY:
            return _number(repr(serial))
        moment = _EPOCHS[self._since_1904] + dt.timedelta(days=serial)
        moment = (moment + dt.timedelta(milliseconds=500)).replace(microsecond=0)
        return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(sep=" ")

    # --- what stands beside the sheets ----------------------------------------------------------

    def _sheets(self) -> Iterator[Sheet]:
        targets = dict(self._targets(self._rels_of(self._book)))
        self._since_1904 = False
        with self._archive.open(self._book) as stream:
            for element in _elements(stream, "sheet", "workbookPr"):
                if element.tag.endswith("workbookPr"):
                    self._since_1904 = element.get("date1904") in {"1", "true"}
                    continue
                identity = next((value for name, value in element.items() if name.endswith("}id")), "")
                member = targets.get(identity)
                if member in self._members and "worksheets" in str(member):
                    hidden = element.get("state") in {"hidden", "veryHidden"}
                    yield Sheet(element.get("name") or "", str(member), hidden)

    def _shared_strings(self) -> list[str]:
        member = self._beside("sharedStrings")
        if member is None:
            return []
        with self._archive.open(member) as stream:
            return [_unescaped(_text_of(element)) for element in _elements(stream, "si")]

    def _styles(self) -> dict[int, bool]:
        """Cell style → whether it shows a date."""
        member = self._beside("styles")
        if member is None:
            return {}
        own: dict[int, bool] = {}
        styles: dict[int, bool] = {}
        with self._archive.open(member) as stream:
            for element in _elements(stream, "numFmt", "cellXfs"):
                if element.tag.endswith("}numFmt"):
                    own[int(element.get("numFmtId") or 0)] = _shows_date(element.get("formatCode") or "")
                    continue
                for position, style in enumerate(element):
                    number = int(style.get("numFmtId") or 0)
                    styles[position] = own.get(number, number in _BUILT_IN_DATES)
        return styles

    def _beside(self, kind: str) -> str | None:
        found = self._target(self._rels_of(self._book), kind)
        return found if found in self._members else None

    def _target(self, rels: str, kind: str) -> str | None:
        if rels not in self._members:
            return None
        base = posixpath.dirname(posixpath.dirname(rels))
        with self._archive.open(rels) as stream:
            for element in _elements(stream, "Relationship"):
                if (element.get("Type") or "").endswith(f"/{kind}"):
                    return _joined(base, element.get("Target") or "")
        return None

    def _targets(self, rels: str) -> Iterator[tuple[str, str]]:
        base = posixpath.dirname(posixpath.dirname(rels))
        with self._archive.open(rels) as stream:
            for element in _elements(stream, "Relationship"):
                yield element.get("Id") or "", _joined(base, element.get("Target") or "")

    @staticmethod
    def _rels_of(member: str) -> str:
        folder, name = posixpath.split(member)
        return f"{folder}/_rels/{name}.rels"


def _elements(stream: IO[bytes], *names: str) -> Iterator[Any]:
    """The finished elements of these names, whatever their namespace; each is freed after it was looked at."""
    from lxml import etree

    tags = [f"{{*}}{name}" for name in names]
    for _, element in etree.iterparse(
        stream,
        events=("end",),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    ):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _joined(base: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))


def _text_of(element: Any) -> str:
    """The text of a string item: its runs joined, without the reading aids beside them."""
    parts = []
    for child in element.iter("{*}t"):
        parent = child.getparent()
        if parent is None or not parent.tag.endswith("}rPh"):
            parts.append(child.text or "")
    return "".join(parts)


def _unescaped(text: str) -> str:
    """Excel writes control characters as _x000D_."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(
        lambda found: chr(int(found[1], 16)) if int(found[1], 16) < 0xD800 else found[0], text
    )


def _column(reference: str) -> int:
    number = 0
    for mark in reference:
        if not mark.isalpha():
            break
        number = number * 26 + ord(mark.upper()) - 64
    return number - 1


def _number(stored: str) -> str:
    """A stored number as people write it: 8 for 8.0, no binary tail."""
    if stored.isdigit():
        return stored
    try:
        value = float(stored)
    except ValueError:
        return stored
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _shows_date(code: str) -> bool:
    return (
        bool(_DATE_LETTERS.search(_NOT_FORMAT.sub("", code.split(";", maxsplit=1)[0])))
        and code.casefold() != "general"
    )
