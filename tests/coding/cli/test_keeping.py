"""What the commands of the store tell: the past, releases built again, comparisons."""

import datetime as dt
import hashlib
import time
from dataclasses import replace

import pytest

from data.ledger import Ledger
from data.project import Project
from tests.data.store.builders import a_save


@pytest.fixture
def project(project_folder) -> Project:
    return Project.open(project_folder)


def test_a_log_of_nothing_says_so(run, project_folder):
    assert run("log", project_folder).stdout == "mali: nothing was saved yet.\n"


def test_sql_answers_as_of_a_moment(run, project):
    count = "SELECT count(*) AS n FROM events"
    with Ledger.open(project) as ledger:
        ledger.save(a_save(1))
        time.sleep(0.01)
        between = dt.datetime.now(dt.UTC)
        time.sleep(0.01)
        ledger.save(a_save(2))

    then = run("sql", project.folder, count, "--format", "csv", "--as-of", between.isoformat())
    before = run("sql", project.folder, count, "--format", "csv", "--as-of", "2001-01-01")
    now = run("sql", project.folder, count, "--format", "csv", "--as-of", "now")

    assert [told.stdout.split() for told in (before, then, now)] == [["n", "0"], ["n", "1"], ["n", "2"]]
    wrong = run("sql", project.folder, count, "--as-of", "yesterday")
    assert wrong.exit_code == 2
    assert "is no moment" in wrong.stderr


def test_a_release_is_built_again_with_the_same_bytes(run, project):
    def digests() -> dict[str, str]:
        folder = project.releases_folder / "first"
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    with Ledger.open(project) as ledger:
        ledger.save(a_save(1))
    assert run("release", project.folder, "--name", "first").exit_code == 0
    before = digests()
    (project.releases_folder / "first" / "events.csv").unlink()

    assert run("release", project.folder, "--again").exit_code == 2
    assert run("release", project.folder, "--again", "--name", "second").exit_code == 2
    assert run("release", project.folder, "--again", "--name", "first").exit_code == 0

    assert digests() == before


def test_a_comparison_takes_releases_and_moments(run, project):
    with Ledger.open(project) as ledger:
        ledger.save(a_save(1))
    run("release", project.folder)

    told = run("diff", project.folder, "2001-01-01", "r1")

    assert "1 added, 0 changed, 0 retracted" in told.stdout
    assert run("diff", project.folder, "r1", "soon").exit_code == 2


def test_events_are_approved_by_another_person_by_number_filter_or_all(run, project):
    with Ledger.open(project) as ledger:
        ledger.save(replace(a_save(1), coder="ann"))
        ledger.save(replace(a_save(2), coder="ben"))
    wrong = run("approve", project.folder)
    assert (wrong.exit_code, "--all" in wrong.stderr) == (2, True)
    assert run("approve", project.folder, "1", "--all").exit_code == 2
    told = run("approve", project.folder, "--all", "--coder", "ben").stdout
    assert "Approved: " in told
    assert "Left for another person, since you submitted them: " in told
