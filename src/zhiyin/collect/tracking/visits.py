"""What did somebody do on a page or in an app: which page, which product, what was searched, how long, and where from?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from zhiyin.collect.tracking.said import Message

__all__ = ["plain", "product_of", "visit"]

_PRODUCT = ("product_id", "productId", "sku", "item_id", "goods_id", "id")
_QUERY = ("query", "keyword", "keywords", "search_term", "searchTerm", "$search_keyword", "q")
_SECONDS = ("seconds", "duration", "dwell", "event_duration", "$event_duration", "stay_seconds")
_PATH = ("path", "$url_path", "$screen_name")
_URL = ("url", "$url", "page")
_REQUEST = ("request_id", "requestId")  # of an answer of /v1/recommendations
_UTM = {"utm_source": "source", "utm_medium": "medium", "utm_campaign": "name"}
# What an event may say; everything else is dropped and counted.
_KNOWN = frozenset([*_PRODUCT[:-1], *_QUERY, *_SECONDS, *_PATH, *_URL, *_REQUEST, *_UTM, *(f"${name}" for name in _UTM)])
# Of a person: a phone, an identity number, an e-mail. No page and no search that is kept may hold one.
_PERSON = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)|[^\s/@]+@[^\s/@]+\.\w+")
_MOST = 500  # characters of a path or a search
_OUR_REQUEST = re.compile(r"[0-9a-f]{24}")  # anything else may say who it is


def visit(message: Message, *, dropped: dict[str, int]) -> dict[str, Any]:
    """The fields of `events` that a message fills, but who and when; what nobody declared is counted in `dropped`."""
    told = message.properties
    page = _object(message.context.get("page"))
    url = next((value for value in (*(told.get(name) for name in _URL), page.get("url")) if isinstance(value, str)), "")
    parts = _split(url)
    query = plain(next(filter(None, (told.get(name) for name in _QUERY)), ""))[:_MOST]
    for name in told:
        if name not in _KNOWN and not name.startswith("$"):
            dropped[name] = dropped.get(name, 0) + 1
    return {
        "event": message.name,
        "event_id": message.message_id,
        "product_id": product_of(told) if message.kind == "track" else "",
        "page": _path(told, page, parts[0]),
        "query": "" if _PERSON.search(query) else query,
        "seconds": _seconds(told),
        "request_id": _request(told),
        **_campaign(message, page, parts[1]),
    }


def product_of(told: Mapping[str, Any]) -> str:
    """The product that properties speak of; a bare `id` only where they name a product beside it."""
    names = _PRODUCT if "price" in told or "sku" in told else _PRODUCT[:-1]
    return next(filter(None, (plain(told.get(name)) for name in names)), "")


def plain(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A text or a number as text; anything else as nothing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _request(told: Mapping[str, Any]) -> str:
    """The answer of recommendations that led to it, where it is one of ours."""
    said = plain(next(filter(None, (told.get(name) for name in _REQUEST)), ""))
    return said if _OUR_REQUEST.fullmatch(said) else ""


def _path(told: Mapping[str, Any], page: Mapping[str, Any], from_url: str) -> str:
    said = next((value for value in (*(told.get(name) for name in _PATH), page.get("path")) if isinstance(value, str) and value), "")
    path = said.partition("?")[0].partition("#")[0] if said else from_url
    return _PERSON.sub("*", unquote(path) if "%" in path else path)[:_MOST]


def _split(url: str) -> tuple[str, str]:
    """Path and query string of a URL; both empty where it is none."""
    if not url:
        return "", ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.path or "/", parts.query


def _seconds(told: Mapping[str, Any]) -> float | None:
    value = next((told[name] for name in _SECONDS if name in told), None)
    try:
        seconds = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else -1.0
    except ValueError:
        return None
    return seconds if 0 <= seconds <= 86_400 else None  # a page that was open for longer than a day was not read


def _campaign(message: Message, page: Mapping[str, Any], search: str) -> dict[str, str]:
    """Where a visit came from: told, or in the address of the page."""
    campaign = _object(message.context.get("campaign"))
    search = search or str(page.get("search") or "").removeprefix("?")
    if "utm_" in search:
        try:
            written = dict(parse_qsl(search, max_num_fields=200))
        except ValueError:
            written = {}
    else:
        written = {}
    found = {}
    for name, short in _UTM.items():
        said = message.properties.get(name) or message.properties.get(f"${name}") or campaign.get(short) or written.get(name)
        found[name] = plain(said)[:_MOST]
    return found


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
