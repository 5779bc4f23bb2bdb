"""`eventcoder add`: what comes in, what is asked for, what is left out and said."""

import datetime as dt
import json

import click
import pytest

from coding.cli.articles import _day_gone_by


def _articles(run, folder) -> str:
    return run("status", folder).stdout


def test_an_article_is_added_once(run, project_folder, article_file):
    first = run("add", project_folder, article_file, "--published", "2024-12-06", "--source", "Sahel Daily")
    again = run("add", project_folder, article_file, "--published", "2024-12-06", "--source", "Sahel Daily")

    assert "Added article 1: Clash near Ansongo (Sahel Daily, 2024-12-06)" in first.stdout
    assert "Already there: article 1" in again.stdout
    assert (first.exit_code, again.exit_code) == (0, 0)


def test_without_a_terminal_a_missing_date_or_source_is_one_sentence_with_the_option(
    run, project_folder, article_file
):
    told = run("add", project_folder, article_file)

    assert told.exit_code == 2
    assert "--published YYYY-MM-DD" in told.stderr
    assert "--source NAME" in told.stderr
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x7fELF\x00\x00\x01", "not a text file"),
        ("Un blessé à Bouaké".encode("latin-1"), "--encoding"),
        (b"%PDF-1.7 rest", "is a PDF"),
    ],
)
def test_a_file_that_is_no_article_is_one_sentence_and_exit_code_2(
    run, project_folder, tmp_path, content, words
):
    path = tmp_path / "file.txt"
    path.write_bytes(content)

    told = run("add", project_folder, path, "--published", "2024-12-06", "--source", "A")

    assert told.exit_code == 2
    assert words in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_latin_1_file_comes_in_when_its_encoding_is_named(run, project_folder, tmp_path):
    path = tmp_path / "file.txt"
    path.write_bytes("Un blessé à Bouaké".encode("latin-1"))

    done = run(
        "add", project_folder, path, "--published", "2024-12-06", "--source", "A", "--encoding", "latin-1"
    )

    assert "Un blessé à Bouaké" in done.stdout


def test_a_wrong_date_is_wrong_use(run, project_folder, article_file):
    told = run("add", project_folder, article_file, "--published", "06/12/2024", "--source", "A")

    assert told.exit_code == 2
    assert "YYYY-MM-DD" in told.stderr


def test_a_table_says_which_lines_were_left_out_and_keeps_the_rest(run, project_folder, tmp_path):
    table = tmp_path / "corpus.jsonl"
    good = {"text": "Two people died.", "source": "A", "published": "2024-01-02"}
    lines = [
        json.dumps(good),
        "nonsense",
        json.dumps({**good, "text": "Three."}),
        json.dumps({"text": "No date."}),
    ]
    table.write_text("\n".join(lines), encoding="utf-8")

    done = run("add", project_folder, table)

    assert done.exit_code == 1
    assert "2 added, 0 already there, 2 left out." in done.stdout
    assert "line 2: the line is not JSON." in done.stderr
    assert "line 4: does not say its publication date" in done.stderr


def test_of_many_records_left_out_each_file_is_told_once_with_the_runs_of_its_lines(
    run, project_folder, tmp_path
):
    day = {"title": "A march", "text": "People marched.", "published": "2024-12-06"}
    for name in ("a.jsonl", "b.jsonl"):
        lines = [json.dumps(day if line == 15 else {**day, "published": ""}) for line in range(1, 20)]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")

    done = run("add", project_folder, tmp_path / "a.jsonl", tmp_path / "b.jsonl", "--source", "A")

    told = done.stderr.splitlines()
    assert len(told) == 12  # one is there already, ten told whole, the rest in one line
    assert told[-1].count("left out: 26 more, in ") == 1
    assert "a.jsonl lines 11-14, 16-19; " in told[-1]
    assert told[-1].endswith("b.jsonl lines 1-14, 16-19.")


def test_of_many_files_the_good_ones_come_in_and_the_bad_ones_are_told(
    run, project_folder, article_file, tmp_path
):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")

    done = run("add", project_folder, bad, article_file, "--published", "2024-12-06", "--source", "A")

    assert done.exit_code == 2
    assert "Added article 1" in done.stdout
    assert "bad.txt is empty" in done.stderr


def test_a_folder_that_is_no_project_is_one_sentence(run, tmp_path, article_file):
    told = run("add", tmp_path, article_file, "--published", "2024-12-06", "--source", "A")

    assert told.exit_code == 2
    assert "eventcoder new" in told.stderr
    assert told.stderr.count("\n") == 1


def test_a_day_ahead_is_asked_again_at_once() -> None:
    assert _day_gone_by("1990-01-03") == dt.date(1990, 1, 3)
    with pytest.raises(click.BadParameter, match="2990-01-03 lies in the future"):
        _day_gone_by("2990-01-03")
