"""Keys and seconds of an event: counted while it is coded, kept on this machine, never what was typed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from coding.timings import AWAY_S, Stopwatch, summary

NOON = dt.datetime(2024, 12, 7, 12, tzinfo=dt.UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def coded(watch: Stopwatch, clock: Clock, *fields: str) -> None:
    for name in fields:
        watch.key(name)
        clock.now += 2


def test_keys_and_seconds_are_counted_by_field_and_kept(tmp_path: Path) -> None:
    clock = Clock()
    watch = Stopwatch(tmp_path, "anna", clock=clock)
    coded(watch, clock, "event_date", "event_date", "actor1")
    timing = watch.saved(7, 1, NOON)

    assert (timing.keys, timing.seconds) == (3, 4.0)
    assert timing.keys_by_field == {"event_date": 2, "actor1": 1}
    assert timing.seconds_by_field == {"event_date": 2.0, "actor1": 2.0}
    assert watch.kept() == [timing]
    assert (watch.keys, watch.seconds) == (0, 0.0)


def test_time_away_is_not_counted(tmp_path: Path) -> None:
    clock = Clock()
    watch = Stopwatch(tmp_path, "anna", clock=clock)
    coded(watch, clock, "actor1")
    clock.now += AWAY_S
    coded(watch, clock, "actor1", "actor1")
    assert watch.seconds == 2.0


def test_switched_off_nothing_is_counted_or_kept(tmp_path: Path) -> None:
    watch = Stopwatch(tmp_path, "anna", is_on=False)
    watch.key("actor1")
    assert watch.saved(7, 1, NOON).keys == 0
    assert list(tmp_path.iterdir()) == []


def test_a_coder_with_a_hostile_name_stays_in_the_folder(tmp_path: Path) -> None:
    watch = Stopwatch(tmp_path, "../../anna\x1b", clock=Clock())
    watch.key("actor1")
    watch.saved(7, 1, NOON)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jsonl")] == [
        "timings/______anna_.jsonl"
    ]


def test_what_cannot_be_kept_is_told_and_does_not_stop_the_work(tmp_path: Path) -> None:
    (tmp_path / "timings").write_text("a file where the folder should be")
    watch = Stopwatch(tmp_path, "anna", clock=Clock())
    watch.key("actor1")
    assert watch.saved(7, 1, NOON).keys == 1
    assert "cannot be kept" in watch.trouble
    assert watch.kept() == []


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    clock = Clock()
    watch = Stopwatch(tmp_path, "anna", clock=clock)
    coded(watch, clock, "actor1")
    kept = watch.saved(7, 1, NOON)
    with (tmp_path / "timings" / "anna.jsonl").open("a") as file:
        file.write('{"saved_at": "2024-12-')
    assert watch.kept() == [kept]


def test_the_day_is_told_in_two_lines(tmp_path: Path) -> None:
    clock = Clock()
    watch = Stopwatch(tmp_path, "anna", clock=clock)
    assert summary(watch.kept(), NOON) == ["No event saved yet today."]
    for count in (3, 5):
        coded(watch, clock, *["actor1"] * count)
        watch.saved(7, count, NOON)
    assert summary(watch.kept(), NOON - dt.timedelta(hours=1)) == [
        "Today: 2 events; the middle one took 4 keys and 6 seconds.",
        "Most time: actor1 6 s.",
    ]
