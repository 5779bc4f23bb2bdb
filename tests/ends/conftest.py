"""A real pseudo-terminal for the whole program: keys in, an emulated screen out."""

import os
import signal
import sys
import time
from pathlib import Path

import pexpect
import pyte
import pytest

HOUSE = Path(__file__).parents[2]
PATIENCE_S = 30
KEYS = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "escape": "\x1b",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "space": " ",
    "backspace": "\x7f",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
}


def sequence(key: str) -> str:
    """What a terminal sends for a key: a named key, ctrl+x, alt+x, or text as it is typed."""
    if key in KEYS:
        return KEYS[key]
    if key.startswith("ctrl+") and len(key) == 6:
        return chr(ord(key[-1]) & 0x1F)
    if key.startswith("alt+") and len(key) == 5:
        return "\x1b" + key[-1]
    return key


class Terminal:
    """One run of the program in a pseudo-terminal of its own, its screen kept by an emulator."""

    def __init__(self, arguments: list[str], *, size: tuple[int, int], cwd: Path) -> None:
        columns, lines = size
        self.emulated = pyte.Screen(columns, lines)
        self.stream = pyte.Stream(self.emulated)
        self.raw = ""
        environment = {
            # a size in the environment would win over that of the pseudo-terminal
            **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(HOUSE),
        }
        program = f"import sys; sys.argv[0] = 'eventcoder'; sys.path.insert(0, {str(HOUSE)!r}); import tui; tui.main()"
        self.child = pexpect.spawn(
            sys.executable,
            ["-c", program, *arguments],
            dimensions=(lines, columns),
            cwd=str(cwd),
            env=environment,
            encoding="utf-8",
            codec_errors="replace",
            timeout=PATIENCE_S,
        )
        self.child.delaybeforesend = None

    def read(self, wait_s: float = 0.1) -> None:
        """Take what the program wrote into the emulated screen, until it is silent for `wait_s`."""
        while True:
            try:
                written = self.child.read_nonblocking(65536, timeout=wait_s)
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                return
            self.raw += written
            self.stream.feed(written)

    @property
    def screen(self) -> str:
        """The screen as text, line by line."""
        return "\n".join(self.emulated.display)

    def wait_for(self, *words: str, patience_s: float = PATIENCE_S) -> str:
        """Read until all the words stand on the screen; fails with the screen otherwise."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            self.read()
            if all(word in self.screen for word in words):
                return self.screen
        raise AssertionError(f"{words} did not appear within {patience_s} s on:\n{self.screen}")

    def press(self, *keys: str) -> None:
        """Send keys one after the other, each read back before the next."""
        for key in keys:
            self.child.send(sequence(key))
            self.read(0.05)

    def kill(self) -> None:
        """End the program without warning and wait until it is gone, however busy the machine is."""
        if self.child.isalive():
            self.child.kill(signal.SIGKILL)
            self.child.wait()
        self.child.close(force=True)

    def end(self) -> int | None:
        """Wait until the program has ended by itself; its exit code."""
        self.child.expect(pexpect.EOF)
        self.raw += self.child.before
        self.stream.feed(self.child.before)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def open_terminal(tmp_path):
    """Start the program in a pseudo-terminal; every one started is gone when the test ends."""
    started: list[Terminal] = []

    def start(*arguments: str, size: tuple[int, int] = (120, 40)) -> Terminal:
        terminal = Terminal(list(arguments), size=size, cwd=tmp_path)
        started.append(terminal)
        return terminal

    yield start
    for terminal in started:
        terminal.kill()
