"""The one place where arguments and options that several commands share are worded."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from coding.article.found import read_publication_date
from schema.errors import UnusableInput


def day(written: str) -> date:
    """A day as YYYY-MM-DD, for options and prompts."""
    try:
        return read_publication_date(written)
    except UnusableInput as error:
        raise click.BadParameter(str(error).rstrip(".")) from None


def project_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """DIR: the folder of the project."""
    return click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))(function)


def coder_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """--coder NAME: who codes; the login name by default."""
    return click.option(
        "--coder",
        metavar="NAME",
        default=login_name,
        help="Who codes; your login name by default (or the variable EVENTCODER_CODER).",
    )(function)


def format_option(*formats: str, default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """--format: how the answer is written."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=default,
        show_default=True,
        help="How to write the answer.",
    )


def login_name() -> str:
    """The name rows are signed with where none is given."""
    if named := os.environ.get("EVENTCODER_CODER", "").strip():
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name at all
        return "coder"
