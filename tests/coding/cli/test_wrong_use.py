"""Wrong use and unreadable input: one sentence on standard error, exit code 2, nothing half-written."""

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[3]


def _is_one_sentence(told) -> bool:
    return told.exit_code == 2 and told.stderr.count("\n") == 1 and "Traceback" not in told.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("code", "{folder}"),
        ("status", "{folder}"),
        ("sql", "{folder}", "FROM events"),
        ("export", "{folder}", "out.csv"),
        ("sync", "{folder}"),
        ("doctor", "{folder}"),
        ("release", "{folder}"),
        ("log", "{folder}"),
        ("summary", "{folder}"),
        ("map", "{folder}"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_folder_that_is_no_project(run, tmp_path, arguments):
    told = run(*(argument.format(folder=tmp_path) for argument in arguments))

    assert _is_one_sentence(told), told.stderr
    assert str(tmp_path) in told.stderr


def test_a_project_is_not_made_over_other_files(run, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")

    told = run("new", tmp_path)

    assert _is_one_sentence(told)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unknown_column_in_sql_is_named(run, project_folder):
    told = run("sql", project_folder, "SELECT fatalites FROM events")

    assert _is_one_sentence(told), told.stderr
    assert "fatalites" in told.stderr
    assert "fatalities" in told.stderr


def test_sql_that_writes_is_refused(run, project_folder, tmp_path):
    told = run("sql", project_folder, f"COPY (SELECT 1) TO '{tmp_path}/stolen.csv'")

    assert _is_one_sentence(told), told.stderr
    assert not (tmp_path / "stolen.csv").exists()


def test_an_export_path_that_cannot_be_written(run, project_folder, tmp_path):
    told = run("export", project_folder, tmp_path / "none" / "events.csv")

    assert _is_one_sentence(told), told.stderr


def test_an_export_goes_over_no_file_unless_told(run, project_folder, tmp_path):
    out = tmp_path / "events.csv"
    out.write_text("precious")

    told = run("export", project_folder, out)

    assert _is_one_sentence(told), told.stderr
    assert out.read_text() == "precious"
    assert run("export", project_folder, out, "--overwrite").exit_code == 0


def test_an_unknown_export_format_names_the_known_ones(run, project_folder, tmp_path):
    told = run("export", project_folder, tmp_path / "events.docx")

    assert _is_one_sentence(told), told.stderr
    assert ".csv" in told.stderr


def test_a_desk_without_a_terminal_says_what_to_do(run, project_folder):
    told = run("code", project_folder)

    assert _is_one_sentence(told)
    assert "terminal" in told.stderr


def test_the_program_itself_prints_no_traceback(tmp_path):
    program = f"import sys; sys.path.insert(0, {str(HOUSE)!r}); import tui; tui.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "status", str(tmp_path)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
