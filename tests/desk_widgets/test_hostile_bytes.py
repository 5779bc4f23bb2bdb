"""The raw bytes of the desk on a terminal, while it shows text that attacks: only our own sequences are in them."""

from __future__ import annotations

import datetime as dt
import re
import sys
import time
from pathlib import Path

import pexpect
import pyte
import pytest

from data.ledger import Ledger
from data.project import Project
from data.records import NewArticle
from tests.desk_widgets.hostile import ESCAPES, HOSTILE, MARKUP, storable

ROOT = Path(__file__).parents[2]
OURS = re.compile(
    rb"\x1b\[[0-9;:]*m"  # colours and styles
    rb"|\x1b\[[0-9;]*[HABCDJKdG]"  # where to write
    rb"|\x1b\[[?>=<]?[0-9;]*[hlu$pqn]*"  # modes of the terminal
    rb"|\x1b\[\?[0-9;$]*[a-z]"
    rb"|\x1b\]22;[a-z-]*\x07"  # the shape of the pointer
    rb"|\x1b[78=>]"
    rb"|\x1b\(B"
    rb"|\x1b_G[^\x1b]*\x1b\\"  # Textual asks whether the terminal draws pictures
    rb"|\x1bP[^\x1b]*\x1b\\"
)
NEVER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
KEYS = {
    "down": "\x1b[B",
    "pagedown": "\x1b[6~",
    "end": "\x1b[F",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f12": "\x1b[24~",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = Project.create(tmp_path / "hostile", name=storable(MARKUP[3]))
    with Ledger.open(made) as ledger:
        for number, text in enumerate([HOSTILE, HOSTILE.replace("\n", " ") * 1200, "x" * 200_000]):
            title = storable(f"{number} {ESCAPES[0]} {ESCAPES[13]} {MARKUP[1]} {MARKUP[3]}")
            source, url = storable(ESCAPES[2] + MARKUP[0]), storable(ESCAPES[4])
            article = NewArticle(title, source, dt.date(2024, 12, 6), storable(text), url, "en")
            ledger.add_article(article)
    return tmp_path / "hostile"


class Terminal:
    """The desk in a pseudo-terminal: keys in, raw bytes and the screen out."""

    def __init__(self, project: Path, home: Path, columns: int = 120, rows: int = 40) -> None:
        environment = {
            "PATH": "/usr/bin:/bin",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "HOME": str(Path.home()),  # the gazetteer is built there once
            "EVENTCODER_SETTINGS": str(home / "settings.toml"),
            "PYTHONPATH": str(ROOT),
        }
        command = [str(ROOT / "tui.py"), "code", str(project), "--coder", "anna"]
        self.process = pexpect.spawn(
            sys.executable, command, env=environment, dimensions=(rows, columns), timeout=30
        )
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes = b""

    def read(self, seconds: float = 0.25) -> None:
        """Take what is written until nothing was for a while."""
        still_since = time.monotonic()
        while time.monotonic() - still_since < seconds:
            try:
                piece = self.process.read_nonblocking(65536, timeout=0.05)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return
            self.bytes += piece
            self._stream.feed(piece)
            still_since = time.monotonic()

    def until(self, words: str, patience: float = 40.0) -> None:
        """Wait until the words stand on the screen."""
        deadline = time.monotonic() + patience
        while not any(words in line for line in self.screen.display):
            assert time.monotonic() < deadline, f"{words!r} never stood on the screen:\n" + "\n".join(
                self.screen.display
            )
            self.read(0.1)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.process.send(KEYS.get(key, key))
            self.read(0.1)

    def end(self) -> None:
        self.process.send("\x11")
        try:
            self.process.expect(pexpect.EOF, timeout=30)
        finally:
            self.process.close(force=True)


@pytest.mark.xdist_group("terminal")
def test_no_control_sequence_of_an_article_reaches_the_terminal(project: Path, tmp_path: Path) -> None:
    terminal = Terminal(project, tmp_path)
    try:
        terminal.until("\ufffd]52;c;")
        terminal.press("f2", "down", "down", "pagedown", "end", "/", "P", "W", "N", "\r", "n", "s", "\r")
        for key, words in (
            ("f1", "How an event is coded"),
            ("f12", "What it is"),
            ("\x0f", "Articles: 2 new"),
        ):
            terminal.press(key)
            terminal.until(words)
            terminal.press("down", "q")
            terminal.read()
        terminal.read()
        shown = "\n".join(terminal.screen.display)
    finally:
        terminal.end()

    left = OURS.sub(b"", terminal.bytes).decode("utf-8")
    assert "\ufffd" in shown
    assert "PWNED" in shown
    around = [left[max(m.start() - 20, 0) : m.end() + 30] for m in NEVER.finditer(left)]
    assert around == []
    assert b"\x1b]52" not in terminal.bytes
    assert b"evil.example/PWNED\x1b" not in terminal.bytes
