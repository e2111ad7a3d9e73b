"""The web server of `zhiyin serve`: its addresses, who may call them from a page, how it starts and stops."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from zhiyin.api import answers, intake, pages, recommendations
from zhiyin.api.lines import lines
from zhiyin.api.metrics import Metrics
from zhiyin.app.home import Home
from zhiyin.app.serving import Serving, open_serving
from zhiyin.core.errors import Busy, ZhiyinError
from zhiyin.core.words import Say

__all__ = ["application", "serve"]

_KEEP_ALIVE_SECONDS = 30
_SWITCH_SECONDS = 0.001  # how long a thread works on while the one that answers senders waits; Python's own is 5 ms
_GARBAGE = 50_000  # new objects before the collector looks; events hold no circles (measured: 5 % of the work with 700)
_STOP_SECONDS = 10  # for requests that are under way


def application(serving: Serving) -> Litestar:
    """The application over one open workspace."""

    def answer_in_this_loop() -> None:
        serving.answer_through(asyncio.get_running_loop().call_soon_threadsafe)

    return Litestar(
        route_handlers=[*intake.ROUTES, lines, *recommendations.ROUTES, *pages.ROUTES],
        state=State({"serving": serving, "metrics": Metrics(serving)}),
        on_startup=[answer_in_this_loop],
        cors_config=CORSConfig(allow_origins=list(serving.origins), allow_headers=["*"], max_age=86_400),
        exception_handlers={ZhiyinError: answers.problem, HTTPException: answers.no_page, Exception: answers.defect},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,
    )


def serve(home: Home, *, started: Callable[[str], None]) -> None:
    """Serve until the program is told to stop; `started` is called with the address once it listens.

    Raises:
        Busy: when another process takes events in, or listens at this port.
    """
    with open_serving(home) as serving, _listening(home.settings.serve.host, home.settings.serve.port) as listener:
        config = uvicorn.Config(
            application(serving),
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_STOP_SECONDS,
            server_header=False,
        )
        # What is loaded by now stays: the collector need not walk it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_GARBAGE)
        sys.setswitchinterval(_SWITCH_SECONDS)
        _Server(config, started).run(sockets=[listener])


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens at an address."""
    try:
        listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048)
    except OSError as wrong:
        raise Busy(
            Say("不能监听这个地址。", "This address cannot be listened at."),
            got=f"{host}:{port} ({errno.errorcode.get(wrong.errno or 0, 'unknown')})",
            fix=Say("换一个端口：`zhiyin serve --port 0` 会自动选一个。", "Take another port: `zhiyin serve --port 0` finds a free one."),
        ) from wrong
    with listener:
        # An answer goes out in two parts; without this the second waits up to 40 ms until the sender has confirmed the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener


class _Server(uvicorn.Server):
    """A server that says where it listens."""

    def __init__(self, config: uvicorn.Config, started: Callable[[str], None]) -> None:
        super().__init__(config)
        self._started = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear Ctrl-C and a request to end, finish what is under way, and come back; uvicorn would end the program by the signal."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say where."""
        await super().startup(sockets)
        for listener in sockets or []:
            host, port = listener.getsockname()[:2]
            self._started(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
