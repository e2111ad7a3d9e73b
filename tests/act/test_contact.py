from datetime import timedelta

import pandas as pd
import pytest

from zhiyin.act.contact import channels, forbidden
from zhiyin.core.settings import ContactSettings


def _consents(at, *rows) -> pd.DataFrame:
    columns = ["record_id", "channel", "allowed", "since_on"]
    return pd.DataFrame(
        [(id_, channel, allowed, None if ago is None else at - timedelta(days=ago)) for id_, channel, allowed, ago in rows], columns=columns
    )


def _anna(known, at) -> tuple[str, str]:
    found = channels(known, channel="phone", at=at).set_index("customer_id")
    return tuple(found.loc["anna"])


@pytest.mark.parametrize(
    ("said", "best"),
    [
        ([], ("phone", "unknown")),
        ([("anna", "phone", True, 5)], ("phone", "allowed")),
        ([("anna", "phone", False, 5)], ("phone", "refused")),
        ([("anna", "any", False, 5)], ("phone", "refused")),
        ([("anna", "any", True, 5)], ("phone", "allowed")),
        ([("anna", "personalisation", True, 5)], ("phone", "unknown")),
        ([("anna", "personalisation", False, 5), ("anna", "sms", True, 5)], ("sms", "allowed")),
        ([("anna", "phone", True, 9), ("anna", "phone", False, 5)], ("phone", "refused")),
        ([("anna", "phone", False, 9), ("anna", "phone", True, 5)], ("phone", "allowed")),
        ([("anna", "phone", True, 5), ("anna", "phone", False, 5)], ("phone", "refused")),
        ([("anna", "phone", False, 9), ("anna", "sms", True, 9)], ("sms", "allowed")),
        ([("anna", "sms", True, 9), ("anna", "email", True, 9)], ("email", "allowed")),
        ([("anna", "sms", True, 9), ("anna", "any", False, 5)], ("phone", "refused")),
        ([("anna", "any", True, 9), ("anna", "phone", False, 5)], ("phone", "refused")),
        ([("anna", "phone", False, 0)], ("phone", "refused")),
        ([("anna", "phone", False, -1)], ("phone", "unknown")),
        ([("anna", "phone", None, 5)], ("phone", "unknown")),
        ([("anna", "phone", False, None), ("anna", "phone", True, 3)], ("phone", "refused")),
        ([("anna", "phone", True, None), ("anna", "phone", False, 300)], ("phone", "refused")),
    ],
)
def test_the_latest_word_counts_and_a_refusal_wins(shop, at, said, best) -> None:
    assert _anna(shop(consents=_consents(at, *said)), at) == best


def test_a_refusal_told_to_a_rep_is_a_refusal_of_every_channel(shop, at) -> None:
    told = pd.DataFrame({"customer_id": ["anna"], "kind": ["refused_contact"], "happened_on": [at - timedelta(days=1)]})
    known = shop(outcomes=told, consents=_consents(at, ("anna", "sms", True, 30)))
    assert _anna(known, at) == ("phone", "refused")


def test_a_refusal_of_another_record_of_the_same_person_counts(shop, at) -> None:
    identity = pd.DataFrame({"record_id": ["anna", "anna-shop"], "customer_id": ["anna", "anna"]})
    assert _anna(shop(identity=identity, consents=_consents(at, ("anna-shop", "phone", False, 3))), at) == ("phone", "refused")


def test_nobody_is_contacted_twice_within_the_days_between(shop, at) -> None:
    days = [7, 6, 0, -1]
    touches = pd.DataFrame(
        {"customer_id": ["anna", "bo", "cy", "di"], "holdout": None, "touched_on": [at - timedelta(days=day) for day in days]}
    )
    found = forbidden(shop(touches=touches), ContactSettings(days_between=7), at=at)
    assert found.to_dict("list") == {"customer_id": ["bo", "cy"], "blocked": ["contacted_lately"] * 2}
    assert forbidden(shop(touches=touches), ContactSettings(days_between=0), at=at).empty


def test_who_was_held_back_was_not_contacted(shop, at) -> None:
    touches = pd.DataFrame({"customer_id": ["anna", "bo"], "holdout": [True, False], "touched_on": [at, at]})
    assert forbidden(shop(touches=touches), ContactSettings(), at=at)["customer_id"].tolist() == ["bo"]


def test_a_call_that_was_written_down_is_a_contact_and_no_need_is_respected_longer(shop, at) -> None:
    outcomes = pd.DataFrame(
        {
            "customer_id": ["anna", "bo", "cy", "di"],
            "kind": ["unreachable", "no_need", "no_need", "redeemed"],
            "happened_on": [at - timedelta(days=day) for day in (2, 20, 28, 1)],
        }
    )
    found = forbidden(shop(outcomes=outcomes), ContactSettings(), at=at)
    assert dict(found.itertuples(index=False)) == {"anna": "contacted_lately", "bo": "no_need_lately"}


def test_the_do_not_contact_list_may_name_a_record_and_comes_first(shop, at) -> None:
    identity = pd.DataFrame({"record_id": ["anna-shop"], "customer_id": ["anna"]})
    touches = pd.DataFrame({"customer_id": ["anna"], "touched_on": [at]})
    found = forbidden(shop(identity=identity, touches=touches), ContactSettings(do_not_contact=("anna-shop", "bo")), at=at)
    assert found.to_dict("list") == {"customer_id": ["anna", "bo"], "blocked": ["do_not_contact"] * 2}


def test_a_customer_under_suspicion_gets_no_offer_also_under_a_merged_id(shop, at) -> None:
    known = shop(risks=pd.DataFrame({"customer_id": ["bo", "old"]}), identity=pd.DataFrame({"record_id": ["old"], "customer_id": ["cy"]}))
    found = forbidden(known, ContactSettings(), at=at)
    assert dict(found.itertuples(index=False)) == {"bo": "risk", "cy": "risk"}
