from datetime import timedelta

import pandas as pd
import pytest

from zhiyin.act.candidates import LEAD_CHANCE, NEW_TAKEN, candidates, of_the_day, offerable
from zhiyin.act.goals import GOALS
from zhiyin.act.worth import worths
from zhiyin.core.errors import DataError


def _found(known, at, goal: str) -> pd.DataFrame:
    worth = worths(known, at=at, horizon_days=28, currency="CNY")
    found = candidates(known, worth, goal=GOALS[goal], asked=of_the_day(known.predictions, at), at=at)
    return found.set_index(["customer_id", "action"]).sort_index()


def test_repurchase_knows_five_things_to_do_about_anna(shop, at) -> None:
    found = _found(shop(), at, "repurchase").loc["anna"]
    assert found["probability"].to_dict() == {"invite": 0.5, "offer_new": 0.8 * NEW_TAKEN, "raise": 0.5, "replenish": 0.8}
    assert found["product_id"].to_dict() == {"invite": "", "offer_new": "tea", "raise": "milk", "replenish": "milk"}
    assert found["worth"].round().to_dict() == {"invite": 10000, "offer_new": 6000, "raise": 2000, "replenish": 32667}
    assert found.loc["invite", "subject_id"] == "c1"


def test_who_has_nothing_to_buy_again_is_asked_to_return(shop, at) -> None:
    assert _found(shop(), at, "repurchase").loc["cy"].index.tolist() == ["return"]


def test_a_new_product_is_worth_no_more_than_an_order(shop, at) -> None:
    dear = pd.DataFrame({"product_id": ["tea"], "price": [99999]})
    assert _found(shop(products=dear), at, "repurchase").loc[("anna", "offer_new"), "worth"] == 10000


def test_retention_turns_the_chance_round_and_sorts_by_stage(shop, at) -> None:
    found = _found(shop(), at, "retention")["probability"]
    assert found.to_dict() == {("anna", "keep"): 0.8, ("anna", "call_early"): 0.5, ("bo", "win_back"): 0.5}


@pytest.mark.parametrize(
    ("extra", "question", "chance"),
    [((), "", LEAD_CHANCE), (("purchase",), "purchase", 0.1), (("purchase", "lead_buys"), "lead_buys", 0.3)],
)
def test_a_lead_is_judged_by_the_best_answer_there_is(shop, at, extra, question, chance) -> None:
    known = shop()
    rows = [
        {"customer_id": "di", "question": name, "subject_id": None, "at_on": at, "value": {"purchase": 0.1, "lead_buys": 0.3}[name]}
        for name in extra
    ]
    predictions = pd.concat([known.predictions, pd.DataFrame(rows)]) if rows else known.predictions
    found = _found(shop(predictions=predictions), at, "conversion").loc[("di", "first_contact")]
    assert (found["question"], found["probability"]) == (question, chance)


def test_a_lead_is_never_reminded_to_restock(shop, at) -> None:
    known = shop()
    asked = pd.concat([known.predictions, pd.DataFrame([{"customer_id": "di", "question": "purchase", "at_on": at, "value": 0.4}])])
    assert "di" not in _found(shop(predictions=asked), at, "repurchase").index.get_level_values(0)


def test_nobody_is_invited_to_a_campaign_that_is_over_or_answered(shop, at) -> None:
    ended = pd.DataFrame({"campaign_id": ["c1"], "name": ["双十一"], "ends_on": [at - timedelta(days=1)]})
    assert ("anna", "invite") not in _found(shop(campaigns=ended), at, "repurchase").index
    answered = pd.DataFrame({"customer_id": ["anna"], "campaign_id": ["c1"], "kind": ["redeemed"], "happened_on": [at]})
    assert ("anna", "invite") not in _found(shop(outcomes=answered), at, "repurchase").index
    other = answered.assign(campaign_id="c2")
    assert ("anna", "invite") in _found(shop(outcomes=other), at, "repurchase").index


def test_an_invitation_names_a_product_that_the_campaign_covers(shop, at) -> None:
    offers = pd.DataFrame({"campaign_id": ["c1", "c1", "c2"], "product_id": ["tea", "tea", "milk"]})
    assert _found(shop(offers=offers), at, "repurchase").loc[("anna", "invite"), "product_id"] == "tea"


def test_what_is_sold_out_or_hidden_is_not_offered(shop, at) -> None:
    stock = pd.DataFrame(
        {"product_id": ["milk", "milk"], "counted_on": [at - timedelta(days=9), at - timedelta(days=1)], "pieces": [5.0, 0.0]}
    )
    assert set(offerable(shop(stock=stock))["product_id"]) == {"tea"}
    assert set(offerable(shop(stock=stock.iloc[:1]))["product_id"]) == {"tea", "milk"}
    hidden = pd.DataFrame({"product_id": ["tea"], "hidden": [True], "price": [100], "category": ["茶"]})
    assert set(offerable(shop(products=hidden))["product_id"]) == {"milk"}


def test_predictions_of_another_day_are_refused(shop, at) -> None:
    with pytest.raises(DataError, match=r"no predictions of this day .* Got 2026-11-21\. Fix: Predict for 2026-11-22 first"):
        of_the_day(shop().predictions, at + timedelta(days=1))
    assert of_the_day(pd.DataFrame(), at).empty
