"""The one place where the desk hears that it has to end: a hang-up, a kill, a terminal that is gone."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import threading
from collections.abc import Callable

END_SIGNALS = ("SIGHUP", "SIGTERM")
LONGEST_END_S = 3.0


def listen(end: Callable[[int], None]) -> None:
    """Call `end` with an exit code when the terminal hangs up or the program is told to stop."""
    loop = asyncio.get_running_loop()
    for name in END_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and threading.current_thread() is threading.main_thread():
            loop.add_signal_handler(number, end_now, end, 128 + number)


def end_now(end: Callable[[int], None], code: int) -> None:
    """End in good order, and in any case soon."""
    # a driver that writes to a closed terminal may wait for ever: the draft is kept by then, so a hard end is safe
    watch = threading.Timer(LONGEST_END_S, os._exit, (code,))
    watch.daemon = True
    watch.start()
    end(code)


def terminal_is_gone() -> bool:
    """Whether the terminal we read from was closed: without this the program would spin where hang-ups are ignored."""
    if not hasattr(select, "poll") or not sys.__stdin__ or not sys.__stdin__.isatty():
        return False
    poll = select.poll()
    poll.register(sys.__stdin__.fileno(), 0)
    return any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))
