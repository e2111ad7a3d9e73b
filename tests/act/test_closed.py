from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from zhiyin.act.closed import LATELY_DAYS, NEVER_REACHED, Closed, closed_channels
from zhiyin.act.contact import channels


def _reach(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "channel", "keys", "code", "since_on"])


def _outcomes(at, *rows):
    return pd.DataFrame([(who, kind, at - timedelta(days=ago)) for who, kind, ago in rows], columns=["customer_id", "kind", "happened_on"])


def _best(known, at):
    found = channels(known, channel="phone", at=at).set_index("customer_id")
    return tuple(found.loc["anna"])


def test_a_phone_that_cannot_be_used_closes_call_and_text(shop, at) -> None:
    known = shop(reach=_reach(("anna", "phone", 0, "impossible_phone", at)))
    assert closed_channels(known, at=at) == {"anna": dict.fromkeys(("phone", "sms"), Closed("impossible_phone", at))}
    assert _best(known, at) == ("phone", "closed")


def test_another_phone_that_is_good_keeps_the_channel_open(shop, at) -> None:
    known = shop(reach=_reach(("anna", "phone", 1, "impossible_phone", at)))
    assert closed_channels(known, at=at) == {}
    assert _best(known, at) == ("phone", "unknown")


@pytest.mark.parametrize(
    ("keys", "told", "best"),
    [
        (1, [("wrong_number", 3)], ("phone", "closed")),
        (2, [("wrong_number", 3)], ("phone", "unknown")),
        (2, [("wrong_number", 3), ("wrong_number", 9)], ("phone", "closed")),
        (1, [("wrong_number", 3), ("answered", 1)], ("phone", "unknown")),
        (1, [("wrong_number", 3), ("answered", 9)], ("phone", "closed")),
        (1, [("wrong_number", -1)], ("phone", "unknown")),
        (1, [("unreachable", ago) for ago in range(1, NEVER_REACHED)], ("phone", "unknown")),
        (1, [("unreachable", ago) for ago in range(1, NEVER_REACHED + 1)], ("phone", "closed")),
        (1, [*(("unreachable", ago) for ago in range(1, NEVER_REACHED + 1)), ("answered", 0)], ("phone", "unknown")),
        (1, [("unreachable", LATELY_DAYS + ago) for ago in range(NEVER_REACHED)], ("phone", "unknown")),
        (1, [("bounced", 3)], ("phone", "unknown")),
    ],
)
def test_what_outcomes_say_of_a_number(shop, at, keys, told, best) -> None:
    outcomes = _outcomes(at, *(("anna", kind, ago) for kind, ago in told))
    assert _best(shop(reach=_reach(("anna", "phone", keys, "", None)), outcomes=outcomes), at) == best


def test_another_channel_with_an_address_is_used_instead(shop, at) -> None:
    dead = ("anna", "phone", 0, "placeholder_phone", at)
    assert _best(shop(reach=_reach(dead, ("anna", "email", 1, "", None))), at) == ("email", "unknown")
    assert _best(shop(reach=_reach(dead, ("anna", "email", 1, "", None), ("anna", "wechat", 1, "", None))), at) == ("wechat", "unknown")
    refused = pd.DataFrame([("anna", "email", False, at)], columns=["record_id", "channel", "allowed", "since_on"])
    assert _best(shop(reach=_reach(dead, ("anna", "email", 1, "", None)), consents=refused), at) == ("phone", "closed")


def test_a_bounced_mail_closes_mail_only(shop, at) -> None:
    known = shop(outcomes=_outcomes(at, ("anna", "bounced", 2)), reach=_reach(("anna", "email", 1, "", None)))
    assert {who: set(found) for who, found in closed_channels(known, at=at).items()} == {"anna": {"email"}}


def test_a_refusal_stays_a_refusal(shop, at) -> None:
    refused = pd.DataFrame([("anna", "any", False, at)], columns=["record_id", "channel", "allowed", "since_on"])
    known = shop(reach=_reach(("anna", "phone", 0, "impossible_phone", at), ("anna", "email", 1, "", None)), consents=refused)
    assert _best(known, at) == ("phone", "refused")
