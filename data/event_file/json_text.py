"""The one place where JSON becomes a table of raw text: arrays, lines, API answers and GeoJSON, one object at a time."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from data.event_file import limits
from data.event_file.headers import distinct_names, squash
from data.event_file.records import RawTable, ReadOptions, Repair
from data.event_file.staging import Staging
from data.event_file.survey import Survey, blocks, tell_unicode
from schema.errors import UnusableInput
from schema.text import whole_number

_ARRAYS = ("data", "features", "result", "results", "events", "records", "rows", "items")
"""Names under which services put their rows."""
_ENVELOPES = 4
"""Objects inside each other that are looked into for the array of events."""
_COLUMNS = frozenset({"eventdate", "eventtype", "eventidcnty", "actor1"})
"""Names that only an event has, not the answer of a service around events."""
_EVENT = _COLUMNS | {"properties", "attributes"}
"""Those and the names of what a feature holds; a collection may have such beside its features."""


def read_json(options: ReadOptions) -> RawTable:
    """Read the objects of the file into a staged table."""
    options.progress("looking over the file", 0.0)
    geometry = _Geometry()
    names = _names(options, geometry)
    if len(names) > limits.COLUMNS:
        raise UnusableInput(
            f"{options.path.name} has objects of {len(names):,} fields; a table of events has 25 to 60: "
            "this is another kind of file."
        )
    size = max(1, options.path.stat().st_size)
    objects = JsonObjects(options.path)
    with Staging(options.folder, len(names)) as staging:
        staging.add_rows(_rows(objects, names, geometry, options, size))
    repairs = [Repair("coordinates taken from the geometry", geometry.used)] if geometry.used else []
    if objects.cut_off:
        repairs.append(Repair("last object is cut off and was left out", 1))
    return RawTable(
        names=distinct_names(names),
        relation=staging.relation(),
        types=("VARCHAR",) * len(names),
        records=staging.rows,
        repairs=tuple(repairs),
    )


def _names(options: ReadOptions, geometry: _Geometry) -> list[str]:
    """All field names in order of appearance; most files say them in the first object, but none has to."""
    names: dict[str, None] = {}
    for _, found in JsonObjects(options.path):
        for name in geometry.flat(found):
            names.setdefault(str(name))
        if len(names) > limits.COLUMNS:
            break
    if not names:
        raise UnusableInput(f"{options.path.name} holds no objects: an event is one JSON object.")
    return list(names)


def _rows(
    objects: JsonObjects, names: Collection[str], geometry: _Geometry, options: ReadOptions, size: int
) -> Iterator[tuple[int, list[str | None]]]:
    geometry.used = 0
    for line, found in objects:
        flat = geometry.flat(found)
        options.progress("reading", min(1.0, objects.bytes_read / size))
        yield line, [cell_text(flat.get(name)) for name in names]


def cell_text(value: Any) -> str | None:
    """A JSON value as the text a CSV would hold; lists are joined as the codebook joins them."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        # Half of a pair of escapes is no character and cannot be stored.
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(text for item in value if (text := cell_text(item)))
    if isinstance(value, dict):
        return json.dumps(value)
    return repr(value) if isinstance(value, float) else str(value)


class _Geometry:
    """Makes a feature a flat object: its properties, its id, and its point where the properties have none.

    Features are those of GeoJSON, or of an ArcGIS service, which calls properties attributes.
    """

    def __init__(self) -> None:
        self.used = 0

    def flat(self, found: Mapping[str, Any]) -> Mapping[str, Any]:
        properties = found.get("properties", found.get("attributes"))
        if not isinstance(properties, dict):
            return found
        flat = dict(properties)
        squashed = {squash(name) for name in flat if flat[name] not in (None, "")}
        # A feature is numbered also where its event has no id yet; the column says so with an empty cell.
        named = "id" in squashed or "eventidcnty" in {squash(name) for name in flat}
        if not named and found.get("id") is not None:
            flat["event_id_cnty"] = found["id"]
        point = _point(found.get("geometry"))
        if point is not None and not squashed & {"latitude", "lat"}:
            self.used += 1
            flat["longitude"], flat["latitude"] = point
        return flat


def _point(geometry: Any) -> tuple[float, float] | None:
    if not isinstance(geometry, dict):
        return None
    at = geometry.get("coordinates", [geometry.get("x"), geometry.get("y")])
    if geometry.get("type") == "MultiPoint" and isinstance(at, list) and len(at) == 1:
        at = at[0]
    if isinstance(at, list) and len(at) >= 2 and all(isinstance(part, int | float) for part in at[:2]):
        return at[0], at[1]
    return None


class JsonObjects:
    """The objects of a file one after the other, whatever they are wrapped in; memory is one object and one block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bytes_read = 0
        self.cut_off = False
        self._blocks = blocks(path, _encoding(path))
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._text, self._at = "", 0
        self._line, self._counted = 1, 0
        """The line on which position `_counted` stands."""
        self._mark: int | None = None
        """Where the text has to be kept from, to come back to."""
        self._ended = False
        self._inside = 0
        """Objects around the array that was stepped into."""
        self._decode = json.JSONDecoder(parse_int=whole_number).raw_decode

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        first = self._peek()
        if first == "[":
            self._at += 1
            yield from self._pages(self._array())
        elif first == "{":
            yield from self._object_or_envelope()
        else:
            raise UnusableInput(f"{self.path.name} is no JSON: it begins with {first!r}.")

    def _pages(self, items: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, dict[str, Any]]]:
        """The items numbered; where one is the answer of a service (a download page by page), the events in it."""
        count = 0
        for _, found in items:
            page = _page(found)
            for event in (found,) if page is None else page:
                count += 1
                yield count, self._object(event, count)

    def _array(self) -> Iterator[tuple[int, dict[str, Any]]]:
        count = 0
        while (mark := self._peek()) != "]":
            if mark == "":
                self.cut_off = True
                return
            if mark == ",":
                self._at += 1
                continue
            count += 1
            found = self._value()
            if found is _CUT:
                self.cut_off = True
                return
            yield count, self._object(found, count)
        self._at += 1

    def _object_or_envelope(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """One object a line, or objects around arrays of events: one for the whole, or one a page."""
        self._mark = self._at
        array = self._wrapped_array()
        start, self._mark = self._mark, None
        if array:
            yield from self._pages(self._envelopes())
            return
        self._at = start
        objects = self._objects()
        for line, found in objects:
            if _page(found) == []:
                # The first page holds no events; those that follow are pages as well.
                yield from self._pages(objects)
                return
            yield line, found

    def _envelopes(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The events of the envelope that was stepped into, and whatever objects follow it."""
        yield from self._array()
        self._step_out()
        yield from self._objects()

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Objects one after another, each with the line it begins on."""
        while (mark := self._peek()) != "":
            if mark == ",":
                self._at += 1
                continue
            line = self._line_here()
            found = self._value()
            if found is _CUT:
                self.cut_off = True
                return
            yield line, self._object(found, line)

    def _step_out(self) -> None:
        """Pass over what the envelopes say after their events."""
        for _ in range(self._inside):
            self._step_out_of_one()

    def _step_out_of_one(self) -> None:
        while (mark := self._peek()) not in {"", "}"}:
            if mark in ",:":
                self._at += 1
            elif self._value() is _CUT:
                return
        self._at += 1 if mark == "}" else 0

    def _wrapped_array(self, inside: int = 1) -> bool:
        """Step into `{"status": 200, "data": [` and its like; False where the object is an event itself."""
        self._at += 1
        while (mark := self._peek()) not in {"", "}"}:
            if mark == ",":
                self._at += 1
                continue
            name = self._value()
            if self._peek() != ":" or not isinstance(name, str) or (inside == 1 and squash(name) in _COLUMNS):
                return False
            self._at += 1
            value = self._peek()
            if value == "[" and name.casefold() in _ARRAYS and self._objects_follow():
                self._inside = inside
                return True
            if value == "{" and inside < _ENVELOPES and squash(name) not in _EVENT:
                if self._wrapped_array(inside + 1):
                    return True
                if self._peek() != "}":
                    return False
                self._at += 1
            elif self._value() is _CUT:
                return False
        return False

    def _objects_follow(self) -> bool:
        """Step into the array at the position if its first item is an object; else stay before it."""
        from_mark = self._at - (self._mark or 0)
        self._at += 1
        if self._peek() == "{":
            return True
        self._at = (self._mark or 0) + from_mark
        return False

    def _object(self, found: Any, where: int) -> dict[str, Any]:
        if not isinstance(found, dict):
            raise UnusableInput(
                f"{self.path.name}: item {where:,} is {type(found).__name__}, not an object: an event is one JSON object."
            )
        if (
            len(found) > 3
            and all(isinstance(value, dict) for value in found.values())
            and not {"properties", "attributes"} & found.keys()
        ):
            raise UnusableInput(
                f"{self.path.name} holds one object of columns, not one object an event: "
                "write it with orient='records' (pandas) or as CSV."
            )
        return found

    def _value(self) -> Any:
        """The JSON value at the position; _CUT where the file ends inside it."""
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._ended and len(self._text) - self._at <= limits.JSON_OBJECT_BYTES:
                    self._more()
                    continue
                self._refuse(error)
                return _CUT
            except RecursionError as error:
                raise UnusableInput(
                    f"{self.path.name} is nested too deeply to be a list of events."
                ) from error
            except ValueError as error:
                line = self._line_here()
                raise UnusableInput(
                    f"{self.path.name}: the object at line {line:,} cannot be read: {error}."
                ) from error
            if end == len(self._text) and not self._ended:
                self._more()
                continue
            self._at = end
            return value

    def _refuse(self, error: json.JSONDecodeError) -> None:
        line = self._line_here() + self._text.count("\n", self._at, error.pos)
        if not self._ended:
            raise UnusableInput(
                f"{self.path.name}: the object at line {line:,} is longer than "
                f"{limits.JSON_OBJECT_BYTES >> 20} MB: this is no list of events."
            ) from error
        rest = len(self._text) - error.pos
        if rest > 64 and not error.msg.startswith("Unterminated"):
            raise UnusableInput(f"{self.path.name} is no JSON from line {line:,} on: {error.msg}.") from error

    def _peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n\ufeff":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more()

    def _more(self) -> None:
        block = next(self._blocks, None)
        self._ended = block is None
        self.bytes_read += len(block or b"")
        if block is not None and b"\x00" in block:
            raise UnusableInput(
                f"{self.path.name} holds a NUL byte: it is damaged or not text; export it again."
            )
        added = self._utf8.decode(block or b"", final=self._ended)
        self._line_here()
        keep = self._at if self._mark is None else self._mark
        self._text = self._text[keep:] + added
        self._at -= keep
        self._counted -= keep
        self._mark = None if self._mark is None else 0

    def _line_here(self) -> int:
        """The line of the position, counted on from where it was counted last."""
        if self._at > self._counted:
            self._line += self._text.count("\n", self._counted, self._at)
            self._counted = self._at
        return self._line


_CUT = object()


def _page(found: Mapping[str, Any], inside: int = 1) -> list[Any] | None:
    """The events of a service's answer; None where the object is an event itself."""
    if any(squash(name) in _EVENT for name in found):
        return None
    pages = [
        value
        for name, value in found.items()
        if name.casefold() in _ARRAYS
        and isinstance(value, list)
        and all(isinstance(item, dict) for item in value[:1])
    ]
    if not pages and inside < _ENVELOPES:
        inner = (_page(value, inside + 1) for value in found.values() if isinstance(value, dict))
        pages = [page for page in inner if page is not None]
    return pages[0] if len(pages) == 1 else None


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        found = Survey(path.name)
        tell_unicode(found, stream.read(4096))
    return found.encoding
