"""The one place where the article inside a web page is found: trafilatura, in a process that can be stopped.

A page comes from outside and may be made to hurt its reader, so the extractor runs limited in time and memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from coding.article.found import FoundArticle, read_publication_date
from schema.errors import UnusableInput

TIME_LIMIT_S = 30
SHORTEST_TEXT = 60
"""Characters below which what was found is a menu or a caption, not an article."""
MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space the extractor may take."""


def read_web_page(page: str, path: Path) -> FoundArticle:
    """The article of one HTML page, with the title, site, date and language that the page states itself.

    Raises:
        UnusableInput: no article was found in the page, or the extractor had to be stopped.
    """
    answer = _extract_apart(page, path)
    if len(answer.get("text") or "") < SHORTEST_TEXT:
        raise UnusableInput(
            f"{path} holds no article text that could be told from menus: save it as plain text instead."
        )
    return FoundArticle(
        where=str(path),
        text=answer["text"],
        title=answer.get("title"),
        source=answer.get("sitename"),
        published=read_publication_date(answer["date"]) if answer.get("date") else None,
        url=answer.get("url"),
        language=answer.get("language"),
    )


def _extract_apart(page: str, path: Path) -> dict[str, str]:
    """Run `extract` in a process of its own, page on its standard input, JSON on its standard output."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _program()],
            input=page.encode("utf-8", "replace"),
            capture_output=True,
            timeout=TIME_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnusableInput(
            f"{path} took longer than {TIME_LIMIT_S} s to read: save it as plain text instead."
        ) from None
    if done.returncode != 0:
        raise UnusableInput(f"{path} could not be read as a web page: save it as plain text instead.")
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def _program() -> str:
    """The child's program: our own package found where it was found here, whatever folder the command runs in."""
    here = str(Path(__file__).parents[2])
    return f"import sys; sys.path.append({here!r}); from coding.article.web_page import extract; extract()"


def extract() -> None:
    """The child: limit its own memory, read a page from standard input, write what it says as JSON."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    except ImportError:
        pass  # no such limits on Windows; the time limit of the parent still holds
    import trafilatura

    page = sys.stdin.buffer.read().decode("utf-8", "replace")
    document = trafilatura.bare_extraction(
        page,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        # a date guessed from the body's text is often the event's; only one the page states itself is taken
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    found = {
        name: getattr(document, name, None)
        for name in ("text", "title", "sitename", "date", "url", "language")
    }
    sys.stdout.write(json.dumps(found))
