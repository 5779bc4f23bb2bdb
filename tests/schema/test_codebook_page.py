"""The page on the codebook tells the truth: its TOML loads and counts, its program runs."""

from __future__ import annotations

import re
from pathlib import Path

from schema.codebook import load_codebook
from schema.row_judge import RowJudge

PAGE = (Path(__file__).parents[2] / "docs" / "codebook.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL).group(1)


def test_the_folder_on_the_page_loads_and_its_rule_counts(tmp_path):
    (tmp_path / "ours.toml").write_text(block("toml"), encoding="utf-8")
    codebook = load_codebook(own=tmp_path)
    with RowJudge(codebook) as judge:
        row = codebook.examples["strike"] | {"weapon": "knife"}

        assert [failure.rule_id for failure in judge.failures(row)] == ["OUR-1"]
        assert judge.derived(row)["weekday"] == f"{row['event_date']:%A}"


def test_the_program_on_the_page_runs(capsys):
    exec(compile(block("python"), "docs/codebook.md", "exec"), {})

    assert "RNG-fatalities" in capsys.readouterr().out
