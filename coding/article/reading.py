"""The one place where the kind of an article file is told and its articles are read, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coding.article.decoding import decode, read_bytes
from coding.article.found import FoundArticle, LeftOut, first_line
from coding.article.tables import read_csv_table, read_json, read_json_lines
from schema.errors import UnusableInput

WEB_PAGE_SUFFIXES = {".html", ".htm", ".xhtml"}
TABLE_SUFFIXES = {".json", ".jsonl", ".ndjson", ".csv", ".tsv"}
OTHER_DOCUMENTS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a rich text document",
}
"""First bytes of the files people try most, with the word that says what was given."""


def is_table(path: Path) -> bool:
    """Whether a file of this name holds many articles, a line each."""
    return path.suffix.lower() in TABLE_SUFFIXES


def read_articles(path: Path, *, encoding: str | None = None) -> Iterator[FoundArticle | LeftOut]:
    """The articles of one file; a record of a table that holds none comes as LeftOut, in its place.

    Raises:
        UnusableInput: the file as a whole cannot be read.
    """
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        yield from read_json_lines(path)
        return
    if path.suffix.lower() == ".json":
        yield from read_json(path)
        return
    if path.suffix.lower() in (".csv", ".tsv"):
        yield from read_csv_table(path, encoding=encoding)
        return
    content = read_bytes(path)
    for mark, kind in OTHER_DOCUMENTS.items():
        if content.startswith(mark):
            raise UnusableInput(f"{path} is {kind}, not a text: save the article as plain text or HTML.")
    text = decode(content, path, encoding)
    if path.suffix.lower() in WEB_PAGE_SUFFIXES or _begins_like_a_web_page(text):
        from coding.article.web_page import read_web_page

        yield read_web_page(text, path)
        return
    yield FoundArticle(where=str(path), text=text.strip("\n"), title=first_line(text))


def _begins_like_a_web_page(text: str) -> bool:
    return text.lstrip()[:15].lower().startswith(("<!doctype html", "<html"))
