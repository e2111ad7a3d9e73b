"""A message to an address of the company, signed so that it can be believed.

References:
    Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks (spec of b2fa7b87).
"""

from __future__ import annotations

import base64
import binascii
import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from zhiyin.act.channels.answer import Answer
from zhiyin.core.errors import SettingsError
from zhiyin.core.words import Say

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["headers", "post", "signature"]

TIMEOUT_SECONDS = 20.0  # the specification: 15 to 30
_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64  # bytes of a secret


def signature(secret: str, *, message_id: str, seconds: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body`.

    Raises:
        SettingsError: when the secret is not `whsec_` and the base64 of 24 to 64 bytes.
    """
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()


def headers(secret: str, *, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers of a message; without a secret it is not signed."""
    told = {"Content-Type": "application/json", "webhook-id": message_id, "webhook-timestamp": str(seconds), "User-Agent": "zhiyin"}
    signed = {"webhook-signature": signature(secret, message_id=message_id, seconds=seconds, body=body)} if secret else {}
    return told | signed


def post(address: str, body: bytes, *, headers: dict[str, str], timeout: float = TIMEOUT_SECONDS) -> Answer:
    """Send it; only an answer of 2xx means that it arrived, and 410 that nobody wants more. A redirect is not followed."""
    request = Request(address, data=body, headers=headers, method="POST")  # noqa: S310 - http or https, by the settings
    try:
        with build_opener(_NoRedirect).open(request, timeout=timeout) as answer:
            return Answer(True, False, f"HTTP {answer.status}")
    except HTTPError as refused:
        refused.close()
        return Answer(False, refused.code != HTTPStatus.GONE, f"HTTP {refused.code}", _seconds(refused.headers))
    except (URLError, OSError) as lost:
        return Answer(False, True, type(getattr(lost, "reason", lost)).__name__)


class _NoRedirect(HTTPRedirectHandler):
    """A signed message goes where the settings say, nowhere else."""

    def redirect_request(self, *_: object) -> None:
        """No other address."""


def _seconds(headers: Message) -> float | None:
    told = headers.get("Retry-After", "")
    return float(told) if told.isdigit() else None


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(_PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
        raise SettingsError(
            Say("webhook 的密钥写得不对。", "The secret of a webhook is not written as it must be."),
            got="department.secret",
            fix=Say("写成 whsec_ 加上 24 到 64 个字节的 base64。", "Write whsec_ and the base64 of 24 to 64 bytes."),
        )
    return key
