"""What does a sender get back? Segment's `{"success": true}`, a list of results, or what is wrong and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from zhiyin.api.arriving import Incoming
from zhiyin.app.serving import Verdict
from zhiyin.core.errors import Busy, StoreError, TooLarge, ZhiyinError
from zhiyin.core.log import line
from zhiyin.core.words import Say

__all__ = ["JSON", "accepted", "answer", "defect", "no_page", "no_read_key", "not_for_pages", "problem", "results", "unknown_key"]

JSON = "application/json"
_SUCCESS = b'{"success": true}'
_RETRY_SECONDS = "1"
_DISK_SECONDS = "10"
_logger = logging.getLogger(__name__)


def answer(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """A JSON answer."""
    return Response(msgspec.json.encode(value), status_code=status, media_type=JSON, headers=dict(headers or {}))


def accepted() -> Response[bytes]:
    """What Segment answers."""
    return Response(_SUCCESS, status_code=200, media_type=JSON)


def results(found: Sequence[Verdict]) -> Response[bytes]:
    """What came of each event, in the order of their places."""
    rows = [{"place": one.place, "result": one.result} | _why(one) for one in found]
    return answer({"success": all(one.result != "refused" for one in found), "results": rows})


def unknown_key() -> Response[bytes]:
    """No write key, or one that does not count."""
    said = Say("写入密钥不对，或已被收回。", "The write key is unknown or was taken back.")
    fix = Say("用 `zhiyin key add` 生成一个，放在 Basic 认证里。", "Make one with `zhiyin key add` and send it by Basic authentication.")
    return _told("unknown_key", said, fix, status=401, headers={"www-authenticate": 'Basic realm="zhiyin"'})


def not_for_pages() -> Response[bytes]:
    """A request for somebody's list that a browser sent from a page."""
    said = Say("推荐只答复商店自己的服务器，不答复网页。", "Recommendations are for the shop's own server, not for a web page.")
    fix = Say("由服务器带读取密钥来问，再把结果交给网页。", "Let your server ask with its read key and hand the answer to the page.")
    return _told("not_for_pages", said, fix, status=403, headers={})


def no_read_key() -> Response[bytes]:
    """No key, one that does not count, or one that can only send events."""
    said = Say("读取密钥不对，或已被收回；写入密钥不能用来读取。", "The read key is unknown or was taken back; a write key cannot read.")
    fix = Say(
        "用 `zhiyin key add 名字 --read` 生成一个，只放在服务器上，用 Basic 认证发送。",
        "Make one with `zhiyin key add NAME --read`, keep it on your server only, and send it by Basic authentication.",
    )
    return _told("no_read_key", said, fix, status=401, headers={"www-authenticate": 'Basic realm="zhiyin"'})


def problem(request: Incoming, wrong: ZhiyinError) -> Response[bytes]:
    """An error of ours, in both languages, with the status that tells a client whether to send again."""
    name = type(wrong).__name__
    code = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
    if isinstance(wrong, Busy):
        status, headers = 429, {"retry-after": _RETRY_SECONDS, "x-ratelimit-reset": _RETRY_SECONDS}
    elif isinstance(wrong, StoreError):
        status, headers = 507, {"retry-after": _DISK_SECONDS}
    else:
        status, headers = (413 if isinstance(wrong, TooLarge) else 400), {}
    request.app.state["metrics"].turned_away.labels(code).inc()
    return _told(code, wrong.what, wrong.fix, got=wrong.got, status=status, headers=headers)


def no_page(_: Incoming, wrong: HTTPException) -> Response[bytes]:
    """What the framework refuses: an unknown address, a method that is not there, a client that went away."""
    said = Say("没有这个地址，或不支持这种方法。", "There is no such address, or not with this method.")
    return _told("no_such_address", said, Say("见 docs/intake.md。", "See docs/intake.md."), status=wrong.status_code, headers={})


def defect(request: Incoming, wrong: Exception) -> Response[bytes]:
    """A defect of ours; its words may hold what an event says, so only its class is logged."""
    _logger.error(line(stage="api", path=request.url.path, error=type(wrong).__name__))
    said = Say("出了意料之外的问题，这是知音的缺陷。", "Something unexpected happened, a defect of zhiyin.")
    return _told("defect", said, Say("原样重发。", "Send it again as it is."), status=500, headers={"retry-after": _DISK_SECONDS})


def _told(code: str, what: Say, fix: Say, *, status: int, headers: Mapping[str, str], got: str = "") -> Response[bytes]:
    error: dict[str, Any] = {"code": code, "zh": what.zh, "en": what.en, "fix_zh": fix.zh, "fix_en": fix.en}
    return answer({"success": False, "error": error | ({"got": got} if got else {})}, status=status, headers=headers)


def _why(one: Verdict) -> dict[str, str]:
    return {name: told for name, told in (("reason", one.reason), ("pointer", one.pointer)) if told}
