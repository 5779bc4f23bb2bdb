"""The one place where a line goes to the person: free of orders to the terminal, whoever wrote its words."""

from __future__ import annotations

import json
from typing import Any

import click

from schema.text import escaped, safe_text


def say(line: str, *, err: bool = False, newline: bool = True) -> None:
    """One or more lines for a person; what a terminal would obey is shown as U+FFFD."""
    click.echo(safe_text(line), err=err, nl=newline)


def tell(sentence: str) -> None:
    """One sentence on what is wrong, on standard error."""
    say(f"eventcoder: {sentence}", err=True)


def say_json(value: Any) -> None:
    """A value for a program: exact, and yet nothing in it that a terminal would obey."""
    click.echo(escaped(json.dumps(value, ensure_ascii=False, indent=2, default=str)))
