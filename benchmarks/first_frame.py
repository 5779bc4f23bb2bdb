"""The one place where the desk's start is measured beside a bare Textual application's, in a pseudo-terminal.

Both start as processes of their own; the clock runs from the start to the byte that brings the words looked for.
"""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from fcntl import ioctl
from pathlib import Path

from benchmarks.figures import Figure, arguments, report

HOUSE = Path(__file__).parents[1]
BARE = """
from textual.app import App
from textual.widgets import Footer, Static
class Bare(App):
    def compose(self):
        yield Static("here it is")
        yield Footer()
Bare().run()
"""
DESK = "import sys; sys.path.insert(0, {house!r}); import tui; sys.exit(tui.run_desk({folder!r}, 'ann'))"
PATIENCE_S = 60.0


def seconds_until(program: str, *wanted: bytes) -> list[float]:
    """Start the program in a terminal of 120 by 40; for each of the words, the seconds until they were painted."""
    begun = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execv(sys.executable, [sys.executable, "-c", program])
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen, found = b"", {}
    try:
        while len(found) < len(wanted) and time.perf_counter() - begun < PATIENCE_S:
            if select.select([terminal], [], [], 0.5)[0]:
                seen += os.read(terminal, 65536)
                now = time.perf_counter() - begun
                for words in wanted:
                    if words in seen:
                        found.setdefault(words, now)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)
    if len(found) < len(wanted):
        raise SystemExit(f"{[words for words in wanted if words not in found]} never appeared")
    return [found[words] for words in wanted]


def main() -> int:
    """Interleave both programs, so that whatever else the machine does weighs on both."""
    options = arguments(__doc__ or "").parse_args()
    rounds = 5 if options.quick else 15
    sys.path.insert(0, str(HOUSE))
    from coding.demo import demo_project

    folder = Path(tempfile.mkdtemp()) / "demo"
    demo_project(folder)
    desk = DESK.format(house=str(HOUSE), folder=str(folder))
    bare_times, frame_times, article_times = [], [], []
    for _ in range(rounds):
        bare_times += seconds_until(BARE, b"here it is")
        frame, article = seconds_until(desk, b"opening", b"Army pulls out")
        frame_times.append(frame)
        article_times.append(article)
    shutil.rmtree(folder.parent)
    bare, frame, article = map(statistics.median, (bare_times, frame_times, article_times))
    rival = f"bare Textual {bare * 1000:.0f} ms"
    return report(
        [
            Figure("first frame of the desk, times a bare Textual app", frame / bare, "x", rival, budget=2.0),
            Figure("first frame of the desk", frame * 1000, "ms", rival),
            Figure("article and form painted, times a bare Textual app", article / bare, "x", rival),
            Figure("article and form painted", article * 1000, "ms", rival),
        ],
        as_json=options.json,
    )


if __name__ == "__main__":
    sys.exit(main())
