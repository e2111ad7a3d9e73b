"""Events in: Segment, 神策, CloudEvents and lines of JSON; answered only after they are on the disk."""

from __future__ import annotations

import base64
import time

from litestar import Response, get, post
from litestar.datastructures import State

from zhiyin.api import answers
from zhiyin.api.arriving import Incoming, body_of, is_strict, key_of, settled
from zhiyin.app.serving import Serving, verdicts
from zhiyin.collect.tracking.door import MOST_BODY

__all__ = ["ROUTES"]

_CALLS = ("identify", "track", "page", "screen", "group", "alias", "batch", "import")
_MOST_SINGLE = 70_000
_MOST_QUERY = 65_536
_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_MODES = {"application/cloudevents+json": "structured", "application/cloudevents-batch+json": "batch"}


@post([f"/v1/{call}" for call in _CALLS], status_code=200)
async def _segment(request: Incoming, state: State) -> Response[bytes]:
    """A call of Segment's HTTP API."""
    call = request.url.path.rstrip("/").rpartition("/")[2]
    form = f"segment:{call}"
    body = await body_of(request, most=MOST_BODY.get(form, _MOST_SINGLE))
    return await _taken(state, request, form, body)


@post(["/v1/cloudevents"], status_code=200)
async def _cloudevents(request: Incoming, state: State) -> Response[bytes]:
    """CloudEvents 1.0 in binary, structured or batch mode, told apart by the content type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    form = f"cloudevents:{_MODES.get(kind, 'binary')}"
    body = await body_of(request, most=MOST_BODY.get(form, _MOST_SINGLE))
    return await _taken(state, request, form, body)


@post(["/sa", "/sa.gif", "/debug"], status_code=200)
async def _sensors(request: Incoming, state: State) -> Response[bytes]:
    """Events of 神策: a form with `data` or `data_list`, or JSON."""
    body = await body_of(request, most=MOST_BODY["sensors"])
    return await _taken(state, request, "sensors", body)


@get(["/sa", "/sa.gif"])
async def _sensors_image(request: Incoming, state: State) -> Response[bytes]:
    """Events of 神策 in the address of an image, as its pages send them."""
    answer = await _taken(state, request, "sensors", request.scope["query_string"][:_MOST_QUERY])
    return Response(_PIXEL, media_type="image/gif", headers={"cache-control": "no-store"}) if answer.status_code == 200 else answer


async def _taken(state: State, request: Incoming, form: str, body: bytes) -> Response[bytes]:
    """Look at a body, keep it, and answer when it is kept."""
    serving: Serving = state["serving"]
    key = key_of(request)
    source = serving.source_of(key) if key else None
    if key and source is None:
        return answers.unknown_key()
    taken = serving.look(form, body, headers=dict(request.headers) if form == "cloudevents:binary" else {})
    source = source or (serving.source_of(taken.key) if taken.key else None)
    if source is None:
        return answers.unknown_key()
    if request.headers.get("dry-run") == "true":  # 神策 asks so when it only tries
        return answers.accepted()
    started = time.monotonic()
    receipt = await settled(serving.keep(source, taken))
    state["metrics"].seconds.labels(form).observe(time.monotonic() - started)
    return answers.results(verdicts(taken, receipt)) if is_strict(request) else answers.accepted()


ROUTES = (_segment, _sensors, _sensors_image, _cloudevents)
