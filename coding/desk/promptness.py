"""The one place where the interpreter is told that a key comes before everything else.

Python's collector looks through living objects whenever enough new ones were made, mostly while a frame is painted;
with the codebook, the libraries and 14,000 actors loaded that stops the screen for 10 to 150 ms. So it looks while the
coder thinks: what was loaded to open the desk is left out, the rest is looked through between the keys.
"""

from __future__ import annotations

import atexit
import gc
import sys
import time

SWITCH_S = 0.001
"""How long a thread in the background may hold the screen's thread off; Python's own 5 ms are a third of a frame."""
MANY = 200_000
"""New objects after which the collector may come between two keys all the same: some 50 MB, if nobody ever pauses."""
PAUSE_S = 0.5
LONG_PAUSE_S = 5.0
"""Without a key for that long the coder reads: time to look through everything that came after the opening."""


class Promptness:
    """When Python may tidy up."""

    def __init__(self) -> None:
        self._key_at = 0.0
        self._tidied_at = self._looked_through_at = time.monotonic()

    def begin(self) -> None:
        """Before the first frame: the collector waits, threads in the background give way soon."""
        sys.setswitchinterval(SWITCH_S)
        gc.set_threshold(MANY, 10, 10)
        gc.enable()

    def all_loaded(self) -> None:
        """The desk is open: leave alone what stays until it ends."""
        gc.freeze()
        atexit.register(gc.unfreeze)  # libraries want to see their objects go

    def key(self) -> None:
        """A key was pressed."""
        self._key_at = time.monotonic()

    def pause(self) -> None:
        """Asked every second: tidy up what the last keys left behind, if no key came just now."""
        now = time.monotonic()
        quiet = now - self._key_at
        if quiet > LONG_PAUSE_S and self._looked_through_at < self._key_at:
            gc.collect()
            self._looked_through_at = self._tidied_at = now
        elif quiet > PAUSE_S and self._tidied_at < self._key_at:
            gc.collect(1)
            self._tidied_at = now
