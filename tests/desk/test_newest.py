"""Slow work behind fast typing: one state at a time, the overtaken ones passed over."""

import asyncio

import pytest

from coding.desk.newest import Newest


async def test_only_the_newest_of_what_waits_is_done_and_never_two_at_once() -> None:
    done: list[int] = []
    at_once: list[int] = []
    under_work = 0
    go_on = asyncio.Event()

    async def slowly(state: int) -> None:
        nonlocal under_work
        under_work += 1
        at_once.append(under_work)
        await go_on.wait()
        done.append(state)
        under_work -= 1

    newest = Newest(slowly)
    newest.give(1)
    first = asyncio.create_task(newest.work_off())
    await asyncio.sleep(0)
    assert newest.is_at_work
    assert not newest.is_waiting
    newest.give(2)
    newest.give(3)
    second = asyncio.create_task(newest.work_off())
    go_on.set()
    await asyncio.gather(first, second)
    assert done == [1, 3]
    assert max(at_once) == 1
    assert newest.is_idle


async def test_what_waits_can_be_forgotten() -> None:
    done: list[int] = []

    async def do(state: int) -> None:
        done.append(state)

    newest = Newest(do)
    newest.give(1)
    newest.forget()
    await newest.work_off()
    assert done == []


async def test_after_a_failure_the_next_state_is_done() -> None:
    done: list[int] = []

    async def do(state: int) -> None:
        if state == 1:
            raise ValueError("the disk is full")
        done.append(state)

    newest = Newest(do)
    newest.give(1)
    with pytest.raises(ValueError, match="disk is full"):
        await newest.work_off()
    newest.give(2)
    await newest.work_off()
    assert done == [2]
