"""Queries that were kept, with values for their parameters; CSV that no spreadsheet program runs."""

from __future__ import annotations

import csv
import io

import pytest

from data.console.saved import SavedQuery, save_query
from data.project import Project


@pytest.fixture
def kept(project_folder):
    """A project with one kept query."""
    save_query(Project.open(project_folder), SavedQuery("one row", "SELECT $word AS word, $n + 1 AS n"))
    return project_folder


def test_a_kept_query_takes_its_parameters_from_the_command_line(run, kept):
    result = run(
        "sql", kept, "--kept", "one row", "--set", "word=Hama = X", "--set", "$n=41", "--format", "json"
    )
    assert result.exit_code == 0
    assert '{"word": "Hama = X", "n": 42}' in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--kept", "one row"], "asks for a value of $word"),
        (["--kept", "another"], "the saved ones are: one row"),
        (["--kept", "one row", "--set", "word"], "--set country=Syria"),
        (["SELECT 1", "--kept", "one row"], "Give one query"),
        ([], "Give one query"),
    ],
)
def test_what_is_missing_is_told_in_a_sentence(run, kept, arguments, sentence):
    result = run("sql", kept, *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_csv_of_an_answer_is_not_run_by_a_spreadsheet_program(run, project_folder):
    asked = ("sql", project_folder, "SELECT '=1+1' AS a, -1 AS b, 'plain' AS c", "--format", "csv")
    result = run(*asked)
    assert list(csv.reader(io.StringIO(result.stdout))) == [["a", "b", "c"], ["'=1+1", "-1", "plain"]]
    assert "1 cell that looks like a formula" in result.stderr
    exact = run(*asked, "--exact")
    assert "\n=1+1,-1,plain\n" in exact.stdout
    assert exact.stderr == ""


def test_a_comparison_refuses_the_options_it_would_pass_over(run, project_folder):
    periods = ["--compare", "2023-01-01..2023-12-31", "2024-01-01..2024-12-31"]
    result = run("summary", project_folder, *periods, "--fill")
    assert result.exit_code == 2
    assert "--compare names its own periods" in result.stderr
