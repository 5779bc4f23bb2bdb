"""An export is there complete or not at all, and never takes another file's place unasked."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from data.export import export_events
from data.export.whole_file import whole_file
from data.report.html import write_report
from schema.errors import ExportError, QueryError

if TYPE_CHECKING:
    from data.project import Project


def test_a_file_that_is_there_stays_unless_overwriting_is_said(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    with pytest.raises(ExportError, match="is there already and stays as it is"):
        export_events(project, out)
    assert out.read_text() == "mine"
    export_events(project, out, overwrite=True)
    assert out.read_text(encoding="utf-8").startswith("event_id_cnty,")
    assert sorted(tmp_path.iterdir()) == [out]


def test_a_file_that_appears_meanwhile_stays_too(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"

    def write() -> None:
        with whole_file(out, overwrite=False) as draft:
            draft.write_text("ours")
            out.write_text("theirs")

    with pytest.raises(ExportError, match="is there already"):
        write()
    assert out.read_text() == "theirs"
    assert sorted(tmp_path.iterdir()) == [out]


def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")

    def write() -> None:
        with whole_file(out, overwrite=True) as draft:
            draft.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    assert out.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("overwrite", [True, False])
def test_every_failing_call_leaves_the_old_file_or_the_new_one(tmp_path: Path, overwrite: bool) -> None:
    """Each fsync, link, rename and unlink of an export is made to fail once."""
    out = tmp_path / "out.csv"
    outcomes: list[str] = []

    def write() -> None:
        with whole_file(out, overwrite=overwrite) as draft:
            draft.write_text("new")

    for failing in range(20):
        calls = 0

        def broken(real: Callable[..., object], failing: int = failing) -> Callable[..., object]:
            def call(*arguments: object, **options: object) -> object:
                nonlocal calls
                calls += 1
                if calls - 1 == failing:
                    raise OSError(errno.EIO, "Input/output error")
                return real(*arguments, **options)

            return call

        out.unlink(missing_ok=True)
        if overwrite:
            out.write_text("old")
        with pytest.MonkeyPatch.context() as patch:
            for name in ("fsync", "link", "replace", "unlink"):
                patch.setattr(os, name, broken(getattr(os, name)))
            with suppress(ExportError):
                write()
        outcomes.append(out.read_text() if out.exists() else "nothing")
        if calls <= failing:
            break
    assert len(outcomes) > 3
    assert outcomes[-1] == "new", "the last time nothing failed"
    assert set(outcomes) == {"old" if overwrite else "nothing", "new"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing/out.csv", "the folder .* does not exist"),
        ("out.xyz", "does not tell its format"),
        ("x" * 300 + ".csv", "name is too long"),
        ("folder.csv", "is a folder"),
    ],
)
def test_a_path_that_cannot_be_written_gets_one_sentence(
    project: Project, tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExportError, match=sentence) as refusal:
        export_events(project, tmp_path / name)
    assert "\n" not in str(refusal.value)


def test_a_disk_that_refuses_gets_one_sentence(project: Project) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        export_events(project, "/proc/out.csv")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_gets_one_sentence(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda _: "fixed")
    os.symlink("/dev/full", tmp_path / ".out.csv.fixed.part")  # noqa: PTH211 - the draft's own name
    with pytest.raises(ExportError, match=r"cannot be written: .*[sS]pace|disk is full"):
        export_events(project, tmp_path / "out.csv", overwrite=True)
    assert not (tmp_path / "out.csv").exists()


def test_a_wrong_filter_is_told_before_any_file_is_touched(project: Project, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="no column 'contry'"):
        export_events(project, tmp_path / "out.csv", where="contry = 'Syria'")
    assert list(tmp_path.iterdir()) == []


def test_two_exports_at_once_spill_into_folders_of_their_own(tmp_path: Path) -> None:
    from data.project import Project
    from data.views import spill_folder

    project = Project.create(tmp_path / "project")
    with spill_folder(project) as one, spill_folder(project) as two:
        assert one != two
        assert Path(one).is_dir()
    assert list(project.work_file("spill").iterdir()) == []


@pytest.mark.parametrize("ending", ["dta", "sav"])
def test_a_format_made_in_memory_refuses_too_many_rows_and_offers_a_way(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr("data.export.frames.MOST_ROWS", 2)
    with pytest.raises(ExportError, match=r"several files, each with a --where"):
        export_events(project, tmp_path / f"out.{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["ledger.sqlite", "ledger.sqlite-wal", "events/x.csv", "Parts/x.csv", "eventcoder.toml", "queries/x.csv"],
)
def test_no_export_takes_the_place_of_a_file_of_a_project(
    project: Project, tmp_path: Path, name: str
) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.folder.rglob("*")}
    aside = tmp_path / "aside"
    aside.symlink_to(project.folder)
    for out in (project.folder / name, aside / name):
        with pytest.raises(ExportError, match="belongs to the project"):
            export_events(project, out, format="csv", overwrite=True)
        with pytest.raises(ExportError):
            write_report(project, out, overwrite=True)
    assert {path: path.stat().st_mtime_ns for path in project.folder.rglob("*") if path in before} == before


def test_the_folder_of_a_project_takes_an_export(project: Project) -> None:
    out = project.folder / "handed-over.csv"
    assert export_events(project, out).rows > 0
    out.unlink()


def test_what_a_killed_export_left_is_taken_away_by_the_next_of_its_name(
    project: Project, tmp_path: Path
) -> None:
    long_ago = 1_600_000_000
    left = tmp_path / ".out.csv.0123abcd.part"
    left.write_text("half")
    head = tmp_path / ".out.csv.0123abcd.part.head"
    head.write_text("half")
    folder = tmp_path / ".out.csv.4567abcd.part"
    folder.mkdir()
    (folder / "x").write_text("half")
    for path in (left, head, folder / "x", folder):
        os.utime(path, (long_ago, long_ago))
    busy = tmp_path / ".out.csv.89abcdef.part"
    busy.write_text("somebody writes this now")
    export_events(project, tmp_path / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == [busy.name, "out.csv"]
