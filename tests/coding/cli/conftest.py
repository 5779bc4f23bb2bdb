"""The command line run in this process, and a small project to run it on."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from coding.cli import cli

ARTICLE = (
    "Clash near Ansongo\n\nSoldiers and gunmen exchanged fire near Ansongo on Tuesday, and two gunmen died.\n"
)


@pytest.fixture
def run():
    """Run one command with its arguments; the result has exit_code, stdout and stderr."""

    def run_command(*arguments: object, given: str | None = None) -> Result:
        result = CliRunner().invoke(cli, [str(argument) for argument in arguments], input=given)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run_command


@pytest.fixture
def article_file(tmp_path) -> Path:
    """A short plain text article."""
    path = tmp_path / "ansongo.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def project_folder(tmp_path, run) -> Path:
    """An empty project."""
    folder = tmp_path / "mali"
    assert run("new", folder).exit_code == 0
    return folder
