"""Nothing that a project's data says is obeyed by the terminal, whichever command prints it."""

import json
import re
from pathlib import Path

import pytest

import coding.cli
from data.ledger import Ledger
from data.project import Project
from schema.text import escaped
from tests.data.store.builders import a_save

ORDERS = "\x1b]52;c;eA==\x07\x1b[2J\u202e\x9b31m"
OBEYED = re.compile(r"[\x07\x1b\x9b\u202e]")
IN_TOML = "".join(f"\\u{ord(char):04x}" for char in ORDERS)
OWN = f"""
[[column]]
name = "weapon"
kind = "enum"
values = ["v{IN_TOML}"]
label = "L{IN_TOML}"
description = "D{IN_TOML}"

[[rule]]
id = "R{IN_TOML}"
columns = ["fatalities"]
message = "M{IN_TOML}"
sql = "fatalities > 1000"
"""


@pytest.fixture
def hostile(project_folder) -> Path:
    """A project whose name, codebook, coders and events hold orders to a terminal."""
    with Ledger.open(Project.open(project_folder)) as ledger:
        ledger.save(a_save(1))
        ledger.db.execute("UPDATE revision SET coder = ?", (f"ann{ORDERS}",))
    settings = project_folder / "eventcoder.toml"
    told = re.sub(r"(?m)^name = .*$", lambda _: f'name = "P{IN_TOML}"', settings.read_text(encoding="utf-8"))
    settings.write_text(told, encoding="utf-8")
    (project_folder / "codebook" / "own.toml").write_text(OWN, encoding="utf-8")
    return project_folder


@pytest.mark.parametrize(
    "command",
    [
        "status DIR",
        "status DIR --format json",
        "log DIR",
        "sql DIR codings",
        "summary DIR --by actor",
        "map DIR",
        "codebook --project DIR",
        "codebook weapon --project DIR",
        "export DIR DIR/e\x1b]0;x\x07.csv",
        "sql DIR nosuch\x1b",
    ],
)
def test_no_order_to_the_terminal_comes_through(run, hostile, command):
    result = run(*(word.replace("DIR", str(hostile)) for word in command.split(" ")))
    assert not OBEYED.search(result.stdout)
    assert not OBEYED.search(result.stderr)


def test_json_says_exactly_what_it_said_before_its_orders_were_escaped():
    value = {"name": f"ünï {ORDERS}\U000e0041\ud800", "n": [1, None]}
    text = escaped(json.dumps(value, ensure_ascii=False, indent=2))
    assert not OBEYED.search(text)
    assert json.loads(text) == value


def test_every_command_tells_its_lines_through_the_one_place():
    for path in Path(coding.cli.__file__).parent.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        printed = re.findall(r"click\.echo\((?!_for_a_terminal\(safe_text|f\"eventcoder: \{safe_text)", text)
        assert not printed or path.name == "telling.py", path
