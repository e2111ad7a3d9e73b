"""What the server shows beside taking events in: its health, its figures, and the snippet for web pages."""

from __future__ import annotations

from importlib import resources

from litestar import Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException

from zhiyin.api import answers
from zhiyin.app.serving import Serving

__all__ = ["ROUTES"]

_SNIPPET = "static/zhiyin.js"


@get("/health")
async def _health(state: State) -> Response[bytes]:
    """Whether events are taken in, how many wait, and the number of the latest request."""
    serving: Serving = state["serving"]
    found = {"ok": serving.is_open(), "waiting": serving.waiting(), "last": serving.last()}
    return answers.answer(found, status=200 if found["ok"] else 503)


@get("/metrics")
async def _metrics(state: State) -> Response[bytes]:
    """Figures for Prometheus."""
    page: Response[bytes] = state["metrics"].page()
    return page


@get("/zhiyin.js")
async def _snippet() -> Response[bytes]:
    """The tracking snippet."""
    file = resources.files("zhiyin.api").joinpath(_SNIPPET)
    if not file.is_file():
        raise NotFoundException
    return Response(file.read_bytes(), media_type="text/javascript; charset=utf-8", headers={"cache-control": "public, max-age=3600"})


ROUTES = (_health, _metrics, _snippet)
