"""A project that somebody sent: what its codebook derives is worked out as it is opened, and reaches nothing but its rows."""

import pytest

from data import views
from data.console import run_sql
from data.ledger import Ledger
from data.project import Project
from data.summary import summary
from schema.errors import CodebookError
from tests.data.store.builders import a_save


@pytest.fixture
def sent(tmp_path):
    """A project with an event that no part of the dataset tells yet, and the file its codebook reaches for."""
    project = Project.create(tmp_path / "sent")
    with Ledger.open(project) as ledger:
        ledger.save(a_save(1))
    (tmp_path / "secret.txt").write_text("canary-4711", encoding="utf-8")

    def derives(sql: str) -> Project:
        column = f'[[column]]\nname = \'reach\'\nkind = \'integer\'\nown = false\nderive = """{sql}"""\n'
        (project.own_codebook_folder / "theirs.toml").write_text(column, encoding="utf-8")
        return Project.open(project.folder)

    return derives


@pytest.mark.parametrize("asked", [summary, views.connect, lambda project: run_sql(project, "FROM events")])
def test_a_derivation_that_reads_a_file_is_refused_by_name_before_it_is_run(sent, tmp_path, asked):
    project = sent(f"(FROM read_text('{tmp_path}/secret.txt') SELECT length(content))")
    with pytest.raises(
        Exception, match=r"theirs\.toml.*'?reach'?.*it holds a query"
    ) as refusal:  # by either process
        asked(project)
    assert "canary" not in str(refusal.value)


@pytest.mark.parametrize("sql", ["notes::INTEGER", "fatalities + 0.5 + 'x'", "error(notes)", "'text'"])
def test_a_derivation_that_fails_on_a_row_is_one_sentence_that_names_it(sent, sql):
    with pytest.raises(CodebookError, match=r"theirs\.toml: the column 'reach' cannot be derived") as refusal:
        views.connect(sent(sql))
    assert "\n" not in str(refusal.value)


def test_a_derivation_that_reckons_with_its_row_is_worked_out(sent):
    with views.connect(sent("length(notes) * 0 + month(event_date) -- of the event")) as con:
        ((reach,),) = con.sql("SELECT reach FROM events").fetchall()
    assert reach in range(1, 13)
