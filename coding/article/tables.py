"""The one place where tables of articles are read: JSON, JSON lines and CSV, one article a record."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from coding.article.decoding import decode, read_bytes
from coding.article.found import FoundArticle, LeftOut, read_publication_date
from schema.errors import UnusableInput
from schema.text import whole_number

NAMES = {
    "text": ("text", "body", "content", "article", "fulltext", "maintext", "articletext", "articlebody"),
    "title": ("title", "headline", "heading"),
    "source": (
        "source",
        "outlet",
        "publisher",
        "sourcename",
        "sitename",
        "medianame",
        "newspaper",
        "sourcedomain",
    ),
    "published": (
        "published",
        "publicationdate",
        "publishedat",
        "publisheddate",
        "datepublished",
        "datepublish",
        "publishdate",
        "pubdate",
        "date",
    ),
    "url": ("url", "link"),
    "language": ("language", "lang"),
    "source_scale": ("sourcescale",),
}
"""What each detail of an article is called in the tables people have, the likeliest name first: small letters only,
so that `published_at`, `publishedAt` and `Published at` are one name."""

LARGEST_RECORD = 16 * 1024 * 1024
"""Characters of the longest line read as one record; a longer one is left out and said."""
LARGEST_TABLE = 1024 * 1024 * 1024


def read_json_lines(path: Path) -> Iterator[FoundArticle | LeftOut]:
    """The articles of a JSON lines file; a line that is no article comes as LeftOut.

    Raises:
        UnusableInput: the file is missing, unreadable, empty or not UTF-8.
    """
    read_anything = False
    try:
        with path.open(encoding="utf-8-sig", errors="strict") as lines:
            number = 0
            while line := lines.readline(LARGEST_RECORD + 1):
                number += 1
                where = f"{path} line {number}"
                if len(line) > LARGEST_RECORD:
                    _pass_to_line_end(lines)
                    yield LeftOut(
                        where, f"the line is longer than {LARGEST_RECORD // 2**20} million characters"
                    )
                elif line.strip():
                    yield _from_json(line, where)
                else:
                    continue
                read_anything = True
    except FileNotFoundError:
        raise UnusableInput(f"{path} does not exist: check the name.") from None
    except UnicodeDecodeError:
        raise UnusableInput(
            f"{path} is not UTF-8 text, as JSON lines have to be: convert it first."
        ) from None
    except OSError as error:
        raise UnusableInput(f"{path} cannot be read ({error.strerror}): check its permissions.") from None
    if not read_anything:
        raise UnusableInput(f"{path} is empty: there is no article in it.")


def read_json(path: Path) -> Iterator[FoundArticle | LeftOut]:
    """The articles of a JSON file: a list of them, an object that holds one such list, one article, or JSON lines.

    Raises:
        UnusableInput: the file cannot be read, or is no JSON, or holds no list of objects.
    """
    try:
        found = json.loads(decode(read_bytes(path, most=LARGEST_TABLE), path), parse_int=whole_number)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            yield from read_json_lines(path)
            return
        raise UnusableInput(f"{path} is not JSON ({error.msg} at line {error.lineno}): mend it.") from None
    except RecursionError:
        raise UnusableInput(f"{path} is nested too deeply to be a list of articles.") from None
    for number, record in enumerate(_records(found, path), 1):
        yield _from_object(record, f"{path} record {number}")


def _records(found: object, path: Path) -> list[object]:
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        if _value(_named(found), "text") is not None:
            return [found]
        lists = [value for value in found.values() if isinstance(value, list)]
        if len(lists) == 1:
            return lists[0]
    raise UnusableInput(
        f"{path} holds no list of articles: give a list of objects with text, source, published."
    )


def read_csv_table(path: Path, *, encoding: str | None = None) -> Iterator[FoundArticle | LeftOut]:
    """The articles of a CSV or TSV table with a header row; a row without a text comes as LeftOut.

    Raises:
        UnusableInput: the file cannot be read, or has no column that can be the text.
    """
    text = decode(read_bytes(path, most=LARGEST_TABLE), path, encoding)
    csv.field_size_limit(LARGEST_RECORD)
    rows = csv.DictReader(
        io.StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else _delimiter(text)
    )
    header = [name.strip() for name in rows.fieldnames or []]
    if not {_plain(name) for name in header} & set(NAMES["text"]):
        raise UnusableInput(
            f"{path} has no column for the articles' text (its columns are {', '.join(header[:8])}): "
            f"name one of them 'text', beside 'title', 'source' and 'published'."
        )
    try:
        for row in rows:
            yield _from_record(_named(row), f"{path} line {rows.line_num}")
    except csv.Error as error:
        raise UnusableInput(
            f"{path} line {rows.line_num} cannot be read as CSV ({error}): mend the line."
        ) from None


def _from_json(line: str, where: str) -> FoundArticle | LeftOut:
    try:
        record = json.loads(line, parse_int=whole_number)
    except (json.JSONDecodeError, RecursionError):
        return LeftOut(where, "the line is not JSON")
    return _from_object(record, where)


def _from_object(record: object, where: str) -> FoundArticle | LeftOut:
    if not isinstance(record, dict):
        return LeftOut(where, "it is not a JSON object")
    return _from_record(_named(record), where)


def _named(record: Mapping[Any, Any]) -> dict[str, Any]:
    """The record under plain names; of two names that are the same so, the first with a value counts."""
    named: dict[str, Any] = {}
    for name, value in record.items():
        plain = _plain(str(name))
        if named.get(plain) in (None, ""):
            named[plain] = value
    return named


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _from_record(record: Mapping[str, Any], where: str) -> FoundArticle | LeftOut:
    text = _value(record, "text")
    if text is None:
        return LeftOut(where, "it has no text")
    written_date = _value(record, "published")
    try:
        published = read_publication_date(written_date) if written_date else None
    except UnusableInput as error:
        return LeftOut(where, f"its publication date {str(error).rstrip('.')}")
    return FoundArticle(
        where=where,
        text=text.replace("\r\n", "\n").replace("\r", "\n"),
        title=_value(record, "title"),
        source=_value(record, "source"),
        published=published,
        url=_value(record, "url"),
        language=_value(record, "language"),
        source_scale=_value(record, "source_scale"),
    )


def _value(record: Mapping[str, Any], detail: str) -> str | None:
    for name in NAMES[detail]:
        if value := _words(record.get(name)):
            return value
    return None


def _words(value: object) -> str:
    """A value as text: paragraphs of a list, the name of a nested source; a number is a date in digits or seconds."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "\n\n".join(part.strip() for part in value if part.strip())
    if isinstance(value, dict):
        return _words(value.get("name"))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _delimiter(text: str) -> str:
    """The delimiter of the header row: the commonest of comma, semicolon and tab in it."""
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _pass_to_line_end(lines: io.TextIOBase | Any) -> None:
    while (rest := lines.readline(LARGEST_RECORD)) and not rest.endswith("\n"):
        pass
