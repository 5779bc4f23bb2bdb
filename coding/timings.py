"""The one place where it is kept how many keys and seconds an event cost its coder, field by field.

Kept in the project's folder, on this machine, for the coder to see; a setting switches it off. It says how the desk
is used and never what was typed. Time without a key for more than a minute is time away and is not counted.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

AWAY_S = 60.0
"""Seconds without a key after which a person counts as away."""


@dataclass(frozen=True)
class EventTiming:
    """What one event cost."""

    saved_at: dt.datetime
    article_id: int
    event_key: int
    keys: int
    seconds: float
    keys_by_field: Mapping[str, int] = field(default_factory=dict)
    seconds_by_field: Mapping[str, float] = field(default_factory=dict)


class Stopwatch:
    """Counts keys and seconds of the event that is being coded, and keeps them when it is saved.

    Args:
        folder: The project's folder for work on this machine.
        coder: Whose keys they are.
        is_on: Whether anything is counted and kept.
        clock: Seconds that only go forward.
    """

    def __init__(
        self, folder: Path, coder: str, *, is_on: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = folder / "timings" / f"{re.sub(r'[^A-Za-z0-9_-]', '_', coder) or 'coder'}.jsonl"
        self._is_on = is_on
        self._clock = clock
        self.trouble = ""
        """Why nothing can be kept, in one sentence; empty while it can."""
        self.drop()

    def drop(self) -> None:
        """Begin anew: another event, another article."""
        self._keys: Counter[str] = Counter()
        self._seconds: dict[str, float] = defaultdict(float)
        self._last: float | None = None

    def key(self, field_name: str) -> None:
        """Count a key that was pressed while that field, or the article, had the cursor."""
        if not self._is_on:
            return
        now = self._clock()
        if self._last is not None and now - self._last <= AWAY_S:
            self._seconds[field_name] += now - self._last
        self._last = now
        self._keys[field_name] += 1

    @property
    def keys(self) -> int:
        """Keys of this event so far."""
        return self._keys.total()

    @property
    def seconds(self) -> float:
        """Seconds of this event so far."""
        return sum(self._seconds.values())

    def saved(self, article_id: int, event_key: int, saved_at: dt.datetime) -> EventTiming:
        """Keep what the event cost, and begin anew."""
        seconds = {name: round(value, 1) for name, value in self._seconds.items()}
        timing = EventTiming(
            saved_at, article_id, event_key, self.keys, round(self.seconds, 1), dict(self._keys), seconds
        )
        self.drop()
        if self._is_on and timing.keys:
            self._keep(timing)
        return timing

    def _keep(self, timing: EventTiming) -> None:
        line = json.dumps(asdict(timing) | {"saved_at": timing.saved_at.isoformat()}, ensure_ascii=False)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as error:
            self.trouble = f"keys and seconds cannot be kept in {self._path}: {error.strerror}"

    def kept(self) -> list[EventTiming]:
        """What was kept, oldest first; a line that was cut off is left out."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        return [timing for line in lines if (timing := _read(line)) is not None]


def _read(line: str) -> EventTiming | None:
    try:
        cells = json.loads(line)
        return EventTiming(**cells | {"saved_at": dt.datetime.fromisoformat(cells["saved_at"])})
    except (ValueError, TypeError, KeyError):
        return None


def summary(timings: Iterable[EventTiming], since: dt.datetime) -> list[str]:
    """What a coder is told of the day: events, keys and seconds of the middle one, the fields that cost most."""
    recent = [timing for timing in timings if timing.saved_at >= since]
    if not recent:
        return ["No event saved yet today."]
    keys = statistics.median(timing.keys for timing in recent)
    seconds = statistics.median(timing.seconds for timing in recent)
    by_field: Counter[str] = Counter()
    for timing in recent:
        by_field.update({name: round(value) for name, value in timing.seconds_by_field.items()})
    most = ", ".join(f"{name} {value / len(recent):.0f} s" for name, value in by_field.most_common(3))
    count = f"{len(recent)} event{'s' if len(recent) > 1 else ''}"
    return [
        f"Today: {count}; the middle one took {keys:g} keys and {seconds:.0f} seconds.",
        f"Most time: {most or 'none'}.",
    ]
