"""The desk in a browser: one visitor, from this machine, by its own address; and the same desk."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pyte
import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError
from aiohttp.test_utils import TestServer, unused_port

from coding.desk.serving import Door, application
from data.ledger import Ledger
from data.project import Project

PATIENCE_S = 60


class Served:
    """A served desk and one visitor."""

    def __init__(self, door: Door, visitor: ClientSession) -> None:
        self.door = door
        self.visitor = visitor

    async def status(self, path: str, **headers: str) -> int:
        async with self.visitor.get(f"{self.door.address}{path}", headers=headers) as answer:
            return answer.status

    async def enter(self) -> str:
        async with self.visitor.get(f"{self.door.address}/", params={"token": self.door.token}) as answer:
            assert answer.status == 200
            return await answer.text()


@pytest.fixture
async def served(project: Project) -> AsyncIterator[Served]:
    others = children()
    door = Door(unused_port())
    server = TestServer(application(project.folder, "ann", door), port=int(door.host.split(":")[1]))
    await server.start_server()
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as visitor:
        yield Served(door, visitor)
    await the_end_of_every_desk(others)
    await server.close()


def children() -> set[str]:
    """The processes this thread has started and that still run; some may be of tests before."""
    return set(Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split())


async def the_end_of_every_desk(others: set[str]) -> None:
    """A browser that went away ends its desk; wait for it, so that no transport outlives the event loop."""
    async with asyncio.timeout(PATIENCE_S):
        while children() - others:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)


@pytest.fixture
def left_by_another_test() -> Iterator[None]:
    """A process that outlives its test, as the resource tracker of multiprocessing does."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield
        process.communicate()


async def test_a_process_of_another_test_is_not_waited_for(
    left_by_another_test: None, served: Served
) -> None:
    await served.enter()


async def test_only_the_one_who_brings_the_token_comes_in_and_the_token_works_once(served: Served) -> None:
    token = served.door.token
    assert await served.status("/") == 403
    assert await served.status("/?token=wrong") == 403
    assert await served.status("/static/js/textual.js") == 403
    await served.enter()
    assert await served.status("/") == 200
    assert await served.status("/static/js/textual.js") == 200
    assert await served.status("/static/") == 403
    async with (
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as other,
        other.get(f"{served.door.address}/?token={token}") as answer,
    ):
        assert answer.status == 403


async def test_another_host_name_and_another_site_are_refused(served: Served) -> None:
    await served.enter()
    assert await served.status("/", Host="evil.example") == 403
    assert await served.status("/", Host=f"localhost:{served.door.host.split(':')[1]}") == 403
    assert await served.status("/", Origin="https://evil.example") == 403
    for origin in ("https://evil.example", "null", None):
        with pytest.raises(WSServerHandshakeError) as refused:
            await served.visitor.ws_connect(f"ws://{served.door.host}/ws", origin=origin)
        assert refused.value.status == 403


async def test_the_page_fetches_nothing_from_outside(served: Served) -> None:
    page = await served.enter()
    addresses = re.findall(r"(?:https?|wss?)://[^\"'\s]+", page)
    assert addresses
    assert all(served.door.host in address for address in addresses)
    async with served.visitor.get(served.door.address) as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_the_page_gives_the_keys_to_the_terminal_it_holds(served: Served) -> None:
    page = await served.enter()
    assert '<script src="/page.js">' in page
    async with served.visitor.get(f"{served.door.address}/page.js") as answer:
        (wanted,) = re.findall(r"querySelector\('\.([\w-]+)'\)", await answer.text())
    async with served.visitor.get(f"{served.door.address}/static/js/textual.js") as answer:
        assert wanted in await answer.text(), "the library names the element that hears keys otherwise now"


async def test_the_browser_gets_the_desk_and_its_keys_reach_the_ledger(
    served: Served, project: Project
) -> None:
    await served.enter()
    screen = pyte.Screen(120, 40)
    stream = pyte.ByteStream(screen)
    address = f"ws://{served.door.host}/ws?width=120&height=40"
    async with served.visitor.ws_connect(address, origin=served.door.address) as socket:

        async def until(words: str) -> None:
            async with asyncio.timeout(PATIENCE_S):
                while words not in "\n".join(screen.display):
                    message = await socket.receive()
                    stream.feed(message.data if isinstance(message.data, bytes) else b"")

        await until("1 Thursday 5 December")
        await socket.send_str(json.dumps(["stdin", "wed\r"]))
        await until("2024-12-04")
        await socket.send_str(json.dumps(["stdin", "Armed clash"]))
        await until("Armed clash")
    for _ in range(PATIENCE_S * 10):
        with Ledger.open(project) as ledger:
            drafts = ledger.drafts("ann")
        if drafts:
            break
        await asyncio.sleep(0.1)
    assert str(drafts[0].values["event_date"]) == "2024-12-04"
