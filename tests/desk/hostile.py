"""An article, and a project, that try to drive the terminal, the markup and the layout."""

from __future__ import annotations

import datetime
from pathlib import Path

from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle

ORDERS = (
    "\x1b]52;c;SEVJTA==\x07",
    "\x1b]0;PWNED\x1b\\",
    "\x1b[2J",
    "\x1b[?1049l",
    "\x9b31m",
    "\x9d0;PWNED\x9c",
    "\x1bP+q544e\x1b\\",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[201~",
    "\x00",
    "\x0e",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u2028",
)
MARKUP = (
    "[/]",
    "[/nope]",
    "[@click=app.leave]go[/]",
    "[link=http://x]",
    "[red]red[/red]",
    "[2024] [Reuters]",
    "$text {x} %s",
)
HOSTILE = " ".join((*ORDERS, *MARKUP))


def hostile_project(folder: Path) -> Project:
    project = Project.create(folder)
    text = f"On Thursday {HOSTILE} rebels attacked Hama.\n\n" + "مدينة حماة " * 20 + "\n\n" + "x" * 30_000
    with Ledger.open(project) as ledger:
        for number in range(3):
            ledger.add_article(
                NewArticle(
                    f"{number} {HOSTILE}",
                    f"Source {HOSTILE}",
                    datetime.date(2024, 12, 6),
                    f"{text}{number}",
                    f"http://x/{HOSTILE}",
                )
            )
    return project
