"""Against a real peer: a server on this machine that checks the signature as the specification says."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from answering import answering
from zhiyin.act.channels.webhook import headers, post, signature
from zhiyin.core.errors import SettingsError

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@pytest.fixture
def peer():
    with answering() as server:
        yield server


def _post(peer, body=b'{"type":"x"}', secret=SECRET):
    return post(peer.address, body, headers=headers(secret, message_id="msg_1", seconds=1_700_000_000, body=body))


def test_the_other_side_can_believe_it(peer):
    assert _post(peer) == (True, False, "HTTP 204", None)
    told, body = peer.got[0]
    told = {name.lower(): value for name, value in told.items()}
    signed = f"{told['webhook-id']}.{told['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert told["webhook-signature"] == f"v1,{expected}"
    assert told["content-type"] == "application/json"


def test_without_a_secret_it_is_not_signed(peer):
    _post(peer, secret="")
    assert "webhook-signature" not in {name.lower() for name in peer.got[0][0]}


@pytest.mark.parametrize(
    ("status", "told", "answer"),
    [
        (500, {}, (False, True, "HTTP 500", None)),
        (410, {}, (False, False, "HTTP 410", None)),
        (429, {"Retry-After": "120"}, (False, True, "HTTP 429", 120.0)),
        (503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, (False, True, "HTTP 503", None)),
        (302, {"Location": "http://127.0.0.1:1/elsewhere"}, (False, True, "HTTP 302", None)),
    ],
)
def test_only_2xx_means_that_it_arrived_and_a_redirect_is_not_followed(peer, status, told, answer):
    peer.status, peer.told = status, told
    assert _post(peer) == answer
    assert len(peer.got) == 1


def test_nobody_there_is_tried_again(peer):
    peer.shutdown()
    peer.server_close()
    answer = _post(peer)
    assert (answer.arrived, answer.again, answer.said) == (False, True, "ConnectionRefusedError")


def test_the_example_of_the_specification():
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    found = signature(secret, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", seconds=1614265330, body=body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["abc", "whsec_", "whsec_!!!", "whsec_" + base64.b64encode(b"short").decode()])
def test_a_secret_that_is_none_is_refused_without_repeating_it(secret):
    with pytest.raises(
        SettingsError, match=r"The secret of a webhook is not written as it must be\. Got department\.secret\. Fix: Write whsec_"
    ):
        signature(secret, message_id="m", seconds=0, body=b"")
