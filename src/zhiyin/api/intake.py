"""Events in: Segment, 神策, CloudEvents and lines of JSON; answered only after they are on the disk."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from concurrent.futures import Future

from litestar import Response, get, post
from litestar.datastructures import State

from zhiyin.api import answers
from zhiyin.api.arriving import Incoming, body_of, key_of
from zhiyin.app.serving import Receipt, Serving, verdicts
from zhiyin.collect.tracking.door import MOST_BODY

__all__ = ["cloudevents", "segment", "sensors", "sensors_image"]

_CALLS = ("identify", "track", "page", "screen", "group", "alias", "batch", "import")
_MOST_SINGLE = 70_000
_MOST_QUERY = 65_536
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_MODES = {"application/cloudevents+json": "structured", "application/cloudevents-batch+json": "batch"}


@post([f"/v1/{call}" for call in _CALLS], status_code=200)
async def segment(request: Incoming, state: State) -> Response[bytes]:
    """A call of Segment's HTTP API."""
    call = request.url.path.rstrip("/").rpartition("/")[2]
    form = f"segment:{call}"
    body = await body_of(request, most=MOST_BODY.get(form, _MOST_SINGLE))
    return await _taken(state["serving"], request, form, body)


@post(["/v1/cloudevents"], status_code=200)
async def cloudevents(request: Incoming, state: State) -> Response[bytes]:
    """CloudEvents 1.0 in binary, structured or batch mode, told apart by the content type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    form = f"cloudevents:{_MODES.get(kind, 'binary')}"
    body = await body_of(request, most=MOST_BODY.get(form, _MOST_SINGLE))
    return await _taken(state["serving"], request, form, body)


@post(["/sa", "/sa.gif", "/debug"], status_code=200)
async def sensors(request: Incoming, state: State) -> Response[bytes]:
    """Events of 神策: a form with `data` or `data_list`, or JSON."""
    body = await body_of(request, most=MOST_BODY["sensors"])
    return await _taken(state["serving"], request, "sensors", body)


@get(["/sa", "/sa.gif"])
async def sensors_image(request: Incoming, state: State) -> Response[bytes]:
    """Events of 神策 in the address of an image, as its pages send them."""
    answer = await _taken(state["serving"], request, "sensors", request.scope["query_string"][:_MOST_QUERY])
    return Response(_PIXEL, media_type="image/gif", headers={"cache-control": "no-store"}) if answer.status_code == 200 else answer


async def _taken(serving: Serving, request: Incoming, form: str, body: bytes) -> Response[bytes]:
    """Look at a body, keep it, and answer when it is kept."""
    key = key_of(request)
    source = serving.source_of(key) if key else None
    if key and source is None:
        return answers.unknown_key()
    taken = serving.look(form, body, headers=dict(request.headers) if form == "cloudevents:binary" else {})
    source = source or (serving.source_of(taken.key) if taken.key else None)
    if source is None:
        return answers.unknown_key()
    strict = _is_strict(request)
    if request.headers.get("dry-run") == "true":
        return answers.accepted()
    receipt = await _settled(serving.keep(source, taken))
    return answers.results(verdicts(taken, receipt)) if strict else answers.accepted()


def _is_strict(request: Incoming) -> bool:
    asked: Mapping[str, str] = request.query_params
    return asked.get("strict", "") in ("1", "true") or request.headers.get("x-zhiyin-strict", "") in ("1", "true")


async def _settled(future: Future[Receipt]) -> Receipt:
    """The receipt; the inbox answers in the thread of this loop, so nothing needs to be woken."""
    waiter: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()

    def settle(done: Future[Receipt]) -> None:
        if waiter.cancelled():
            return
        wrong = done.exception()
        if wrong is not None:
            waiter.set_exception(wrong)
        else:
            waiter.set_result(done.result())

    future.add_done_callback(settle)
    return await waiter
