"""The one place where the desk is served to browsers of this machine, and to nobody else.

textual-serve draws the terminal; it has no log-in, accepts any Origin and fetches a font from outside. Here the
address is loopback, the first visit needs a one-time token, every later request its cookie, a foreign Host
or Origin is refused, and the page may fetch from nowhere but here.
"""

from __future__ import annotations

import hmac
import secrets
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schema.errors import EventcoderError, UnusableInput

if TYPE_CHECKING:
    from aiohttp import web

LOOPBACK = "127.0.0.1"
COOKIE = "eventcoder_desk"
TEMPLATES = Path(__file__).parent / "web"
HOUSE = Path(__file__).parents[2]

PAGE_SCRIPT = """
for (const id of ['again', 'start']) document.getElementById(id).onclick = () => location.reload();
const toTheDesk = () => document.querySelector('.xterm-helper-textarea')?.focus();
new MutationObserver(toTheDesk).observe(document.body, {attributeFilter: ['class']});
window.addEventListener('focus', toTheDesk);
"""
"""The buttons work, and what is typed reaches the desk without a click into the page first."""
PROGRAM = (
    "import sys; sys.path.insert(0, {house!r}); import tui; sys.exit(tui.run_desk({folder!r}, {coder!r}))"
)


def serve(project_folder: Path, coder: str, port: int) -> int:
    """Serve the desk of one project until ctrl+c; returns the exit code."""
    try:
        from aiohttp import web
    except ImportError as missing:
        raise EventcoderError(
            "Serving the desk needs one more package: install it with pip install 'eventcoder[serve]'."
        ) from missing
    listening = _listen(port)
    door = Door(listening.getsockname()[1])
    print(f"The desk of {project_folder} for {coder}: {door.address}/?token={door.token}")  # noqa: T201
    print("The address works once, in one browser on this machine. ctrl+c ends it.", flush=True)  # noqa: T201
    web.run_app(
        application(project_folder, coder, door), sock=listening, print=lambda *_: None, access_log=None
    )
    return 0


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except OSError as taken:
        listening.close()
        raise UnusableInput(
            f"Port {port} of this machine cannot be used ({taken.strerror}); choose another with --port."
        ) from taken
    return listening


class Door:
    """Who may come in: the browser that brought the token, from this machine, to this address."""

    def __init__(self, port: int) -> None:
        self.host = f"{LOOPBACK}:{port}"
        self.address = f"http://{self.host}"
        self.token: str = secrets.token_urlsafe(32)
        self._pass: str = secrets.token_urlsafe(32)

    def admits(self, request: web.Request) -> str:
        """Why a request is refused, empty where it is not."""
        if request.headers.get("Host") != self.host:
            return "This desk answers to its own address only."
        origin = request.headers.get("Origin")
        if origin is not None and origin != self.address:
            return "Another site may not use this desk."
        if request.path == "/ws" and origin is None:
            return "The desk is opened by its own page only."
        if not _same(request.cookies.get(COOKIE, ""), self._pass):
            return "Open the address that the program printed; it works once. Start eventcoder serve again for a new one."
        return ""

    def takes_token(self, request: web.Request) -> bool:
        """Whether the request brings the token; it is worth nothing afterwards."""
        given = request.query.get("token", "")
        if request.path != "/" or request.headers.get("Host") != self.host or not _same(given, self.token):
            return False
        self.token = ""
        return True

    def stamp(self, response: web.StreamResponse) -> None:
        """Let the browser in that this answer goes to."""
        response.set_cookie(COOKIE, self._pass, httponly=True, samesite="Strict", path="/")


def _same(given: str, wanted: str) -> bool:
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


def application(project_folder: Path, coder: str, door: Door) -> web.Application:
    """The web application behind the door."""
    from aiohttp import web
    from aiohttp_jinja2 import setup
    from jinja2 import FileSystemLoader
    from textual_serve.server import Server

    program = PROGRAM.format(house=str(HOUSE), folder=str(project_folder), coder=coder)
    command = shlex.join([sys.executable, "-c", program])
    server: Any = Server(
        command, host=LOOPBACK, title="eventcoder", public_url=door.address, templates_path=TEMPLATES
    )
    app = web.Application(middlewares=[_guard(door)])
    setup(app, loader=FileSystemLoader(TEMPLATES))
    app.add_routes(
        [
            web.get("/", server.handle_index, name="index"),
            web.get("/ws", server.handle_websocket, name="websocket"),
            web.get("/page.js", _page_script),
            web.get("/download/{key}", server.handle_download, name="download"),
            web.static("/static", server.statics_path, show_index=False, name="static"),
        ]
    )
    return app


async def _page_script(request: web.Request) -> web.Response:
    from aiohttp import web

    del request
    return web.Response(text=PAGE_SCRIPT, content_type="text/javascript")


def _guard(door: Door) -> Any:
    from aiohttp import web

    policy = (
        f"default-src 'self'; connect-src 'self' ws://{door.host}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if door.takes_token(request):
            entered = web.HTTPFound("/")
            door.stamp(entered)
            raise entered
        if sentence := door.admits(request):
            return web.Response(status=403, text=sentence)
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = policy
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
        return response

    return guard
