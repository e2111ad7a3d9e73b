"""Recommendations out: what a page of the shop shows to one person, asked for by the shop's own server."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

from litestar import Response, get
from litestar.datastructures import State

from zhiyin.api import answers
from zhiyin.api.arriving import Incoming, key_in_headers
from zhiyin.app.filling import Page
from zhiyin.app.serving import Asked, Serving
from zhiyin.core.errors import UsageError, listed
from zhiyin.core.words import Say

__all__ = ["ROUTES"]

_KNOWN = ("placement", "userId", "anonymousId", "product_id", "region", "k")
_MOST_TEXT = 255  # characters of an id, as of an event
_FIELDS = 64


@get("/v1/recommendations")
async def _recommendations(request: Incoming, state: State) -> Response[bytes]:
    """What stands at a placement, for a user, a device, or anybody."""
    serving: Serving = state["serving"]
    if "origin" in request.headers or "sec-fetch-site" in request.headers:  # only browsers send them
        return answers.not_for_pages()
    source = serving.reader_of(key_in_headers(request))
    if source is None:
        return answers.no_read_key()
    found = await asyncio.wrap_future(serving.recommend(_asked(request, source)))
    return answers.answer(found, headers={"cache-control": "private, no-store"})


def _asked(request: Incoming, source: str) -> Asked:
    """What the address asks for.

    Raises:
        UsageError: when something is unknown, missing, said twice or no number.
    """
    try:
        told = parse_qs(request.scope["query_string"].decode("latin-1"), max_num_fields=_FIELDS)
    except ValueError:
        raise UsageError(
            Say("参数太多。", "These are too many parameters."), got=f"> {_FIELDS}", fix=Say("减少商品。", "Name fewer products.")
        ) from None
    unknown = [name for name in told if name not in _KNOWN]
    twice = [name for name, values in told.items() if len(values) > 1 and name != "product_id"]
    long = [name for name, values in told.items() if any(len(value) > _MOST_TEXT or "\x00" in value for value in values)]
    if unknown or twice or long or "placement" not in told:
        raise UsageError(
            Say("请求的参数不对。", "The parameters of the request are not right."),
            got=listed([*unknown, *twice, *long]) or "placement -",
            fix=Say(
                f"写明 placement；可用的参数：{listed(_KNOWN)}，各写一次，product_id 可以多次，不超过 {_MOST_TEXT} 个字符。",
                f"Give placement; the parameters are {listed(_KNOWN)}, each once, product_id any number of times, of {_MOST_TEXT} characters.",
            ),
        )
    said = {name: values[0].strip() for name, values in told.items()}
    products = dict.fromkeys(filter(None, (value.strip() for value in told.get("product_id", []))))
    return Asked(
        placement=said["placement"],
        source=source,
        user=said.get("userId", ""),
        anonymous=said.get("anonymousId", ""),
        page=Page(tuple(products), said.get("region", "")),
        k=_number(said["k"]) if "k" in said else 0,
    )


def _number(text: str) -> int:
    """How many products; what is no number above 0 is out of bounds."""
    return int(text) or -1 if text.isascii() and text.isdigit() and len(text) < 6 else -1


ROUTES = (_recommendations,)
