"""The built wheel, installed in an environment of its own and run outside the checkout, among decoys of our generic names."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
OUR_NAMES = {"coding", "schema", "data", "tui"}

pytestmark = pytest.mark.xdist_group("packaging")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built by the project's own backend from the checkout."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(HOUSE)]
    subprocess.run(build, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The bin folder of an environment with the wheel; its dependencies are lent by the running one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    lent = _site_packages(folder) / "lent.pth"
    lent.write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def _site_packages(folder: Path) -> Path:
    return next((folder / "lib").glob("python*/site-packages"))


def _run(bin_folder: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        [str(bin_folder / "eventcoder"), *arguments],
        cwd=cwd,
        env=plain,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_installs_our_four_names_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        top = {name.split("/")[0].removesuffix(".py") for name in archive.namelist()}

    assert {name for name in top if not name.endswith(".dist-info")} == OUR_NAMES


def test_the_wheel_carries_the_codebook_and_the_sample_articles(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert "coding/samples/articles.jsonl" in names
    assert "schema/acled/countries.csv" in names
    assert any(name.startswith("schema/acled/") and name.endswith(".toml") for name in names)


def test_the_command_works_outside_the_checkout_beside_decoys_of_our_names(installed, tmp_path):
    (tmp_path / "schema.py").write_text("raise SystemExit('a stranger was imported')\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "__init__.py").write_text("raise SystemExit('a stranger was imported')\n")

    made = _run(installed, "new", "project", cwd=tmp_path)
    asked = _run(
        installed, "sql", "project", "SELECT count(*) AS n FROM events", "--format", "csv", cwd=tmp_path
    )

    assert (made.returncode, made.stderr) == (0, "")
    assert (asked.returncode, asked.stdout.split()) == (0, ["n", "0"])


def test_a_stranger_under_one_of_our_names_is_told_in_one_sentence(installed):
    root = _site_packages(installed.parent) / "schema" / "__init__.py"
    ours = root.read_text()
    root.write_text("class Schema: ...\n")
    try:
        told = _run(installed, "--version", cwd=installed)
    finally:
        root.write_text(ours)

    assert told.returncode == 2
    assert str(root) in told.stderr
    assert "Traceback" not in told.stderr


def test_no_dependency_owns_one_of_our_names():
    owners = [
        distribution.metadata["Name"]
        for distribution in distributions()
        if distribution.metadata["Name"] != "eventcoder"
        and OUR_NAMES & set((distribution.read_text("top_level.txt") or "").split())
    ]

    assert owners == []
