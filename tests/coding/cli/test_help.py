"""The command line teaches itself."""

import re
import subprocess
import sys

import click
import pytest

from coding.cli import COMMANDS, cli


def _command(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


def test_the_first_help_page_names_every_command(run):
    page = run("--help").stdout

    for name in COMMANDS:
        assert f"\n  {name} " in page


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name, run):
    page = run(name, "--help").stdout

    assert f"eventcoder {name} " in page.split("Usage:")[1].split("\n", 1)[1], "no example"
    assert _command(name).short_help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_has_help(name):
    options = [parameter for parameter in _command(name).params if isinstance(parameter, click.Option)]

    assert [option.name for option in options if not option.help] == []


def test_an_unknown_command_is_wrong_use(run):
    assert run("cook").exit_code == 2


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    program = "from coding.cli import front_door; front_door(None, ['codebook', '--help'])"
    writer = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None
    writer.stdout.close()

    _, told = writer.communicate()

    assert b"Traceback" not in told


def test_a_part_of_the_codebook_is_printed_without_marks_of_markdown(run) -> None:
    for term in ("AC-4", "Attack", "Kenya", "fatalities"):
        told = run("codebook", term).stdout
        assert told
        assert not re.search(r"^(#|```|\*[^ ])", told, re.MULTILINE), term
