"""The one place where an article as a file tells it is described, before a person fills in what the file left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from data.records import NewArticle
from schema.errors import UnusableInput

TITLE_LENGTH = 120
"""Characters of the first line that stand in for a title where the input has none."""


@dataclass(frozen=True)
class FoundArticle:
    """One article of an input file; what the file does not say is None."""

    where: str
    """The file, and the line of the record where the file holds several articles."""
    text: str
    title: str | None = None
    source: str | None = None
    published: date | None = None
    url: str | None = None
    language: str | None = None
    source_scale: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """A record of a file that cannot become an article, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class ArticleDetails:
    """What the person who adds a file says of its articles; fills only what the file leaves out."""

    title: str | None = None
    source: str | None = None
    published: date | None = None
    language: str | None = None


def completed(found: FoundArticle, given: ArticleDetails) -> FoundArticle:
    """The article with its gaps filled from what the person said."""
    return replace(
        found,
        title=found.title or given.title,
        source=found.source or given.source,
        published=found.published or given.published,
        language=found.language or given.language,
    )


def missing(found: FoundArticle) -> list[str]:
    """Names of the details that still have to be asked for, in the order of asking."""
    return [name for name in ("published", "source") if getattr(found, name) is None]


def first_line(text: str) -> str:
    """The first line with words, cut at a word: the title an article without one goes by."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= TITLE_LENGTH:
        return line
    return line[:TITLE_LENGTH].rsplit(" ", 1)[0] + " …"


def new_article(found: FoundArticle, *, today: date) -> NewArticle:
    """The article as the ledger takes it.

    Raises:
        UnusableInput: a detail is missing, or the publication date lies ahead of today.
    """
    gaps = missing(found)
    if found.source is None or found.published is None:
        words = {"published": "publication date (--published YYYY-MM-DD)", "source": "source (--source NAME)"}
        raise UnusableInput(
            f"{found.where} does not say its {' nor its '.join(words[gap] for gap in gaps)}: give it."
        )
    if found.published > today:
        raise UnusableInput(
            f"{found.where}: the publication date {found.published} lies in the future; give the day it appeared."
        )
    return NewArticle(
        title=found.title or first_line(found.text),
        source=found.source,
        published=found.published,
        text=found.text,
        url=found.url,
        language=found.language,
        source_scale=found.source_scale,
    )


UNIX_TIME = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
"""Seconds or milliseconds since 1970, of the years 2001 to 2286."""
WRITTEN_DATES = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")


def read_publication_date(text: str) -> date:
    """A publication date as files and options write it: ISO 8601, Unix seconds, as in mail and feeds, with the month's name.

    Raises:
        UnusableInput: the text is no such date; a date like 05/06/2024 is refused, as it has two readings.
    """
    cleaned = text.strip()
    if UNIX_TIME.fullmatch(cleaned):
        return datetime.fromtimestamp(int(cleaned[:10]), tz=UTC).date()
    try:
        return datetime.fromisoformat(cleaned).date()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(cleaned).date()
    except (ValueError, IndexError):
        pass
    for form in WRITTEN_DATES:
        try:
            return datetime.strptime(cleaned, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise UnusableInput(f"'{cleaned[:40]}' is not a date as YYYY-MM-DD.")
