from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns
from zhiyin.improve.effects import effect_scores, effect_words, measured_effects, more_needed

AT = date(2026, 11, 1)
POLICY = "repurchase-1"


def _touches(*rows: tuple[str, bool, int], propensity: float = 0.5, policy: str | None = POLICY) -> pd.DataFrame:
    touches = pd.DataFrame(
        [(who, held, AT - timedelta(days=ago)) for who, held, ago in rows], columns=["customer_id", "holdout", "touched_on"]
    )
    return touches.assign(policy=policy, propensity=propensity)


def _orders(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(who, amount, AT - timedelta(days=ago)) for who, amount, ago in rows], columns=["customer_id", "amount", "ordered_on"]
    )


def _measured(touches: pd.DataFrame, orders: pd.DataFrame, **changed: float) -> dict[str, object]:
    effects = measured_effects(touches, orders, **({"at": AT, "horizon_days": 28, "assumed_lift": 0.2} | changed))
    return effects.iloc[0].to_dict() if len(effects) else {}


def test_the_difference_of_four_and_two_is_seen_by_eye() -> None:
    touches = _touches(("a", False, 40), ("b", False, 40), ("c", False, 40), ("d", False, 40), ("x", True, 40), ("y", True, 40))
    orders = _orders(("a", 100, 40), ("b", 100, 13), ("c", 100, 20), ("x", 60, 20), ("y", 999, 12), ("d", 999, 41))
    found = _measured(touches, orders)
    # of the contacted a, b and c bought within 28 days (d one day too early), of the held back x (y one day too late)
    assert (found["contacted"], found["held"]) == (4, 2)
    assert (found["rate_contacted"], found["rate_held"], found["difference"]) == (0.75, 0.5, 0.25)
    assert found["money"] == 75 - 30
    assert found["lift"] == pytest.approx(0.25 / (0.75 * 0.25))
    assert not found["measured"] and found["more"] > 100


def test_what_is_too_young_or_was_not_drawn_does_not_count() -> None:
    touches = pd.concat(
        [
            _touches(("a", False, 28), ("b", False, 27), ("x", True, 30)),
            _touches(("c", False, 40), policy=None),
            _touches(("d", False, 40), propensity=1.0),
        ]
    )
    found = _measured(touches, _orders(("a", 5, 20)))
    assert (found["contacted"], found["held"]) == (1, 1)


def test_contacts_within_one_horizon_are_one_and_stay_as_drawn() -> None:
    touches = _touches(("a", True, 60), ("a", False, 50), ("b", False, 90), ("b", True, 40), ("c", False, 60), ("c", True, 60))
    found = _measured(touches, _orders(("z", 5, 20)))
    assert (found["contacted"], found["held"]) == (1, 3)


def test_a_customer_drawn_every_day_counts_once_a_horizon() -> None:
    found = _measured(_touches(*(("a", True, ago) for ago in range(1, 100)), ("b", False, 40)), _orders(("z", 5, 20)))
    assert (found["contacted"], found["held"]) == (1, 3)  # 99, 71 and 43 days ago; 15 days ago is not over yet


def test_shares_that_changed_are_weighted() -> None:
    # half of 20 eager customers are held back, a tenth of 100 sluggish ones: contacting does nothing, the plain rates would differ
    eager = _touches(*((f"e{n}", n < 10, 40) for n in range(20)), propensity=0.5)
    sluggish = _touches(*((f"s{n}", n < 10, 40) for n in range(100)), propensity=0.9)
    orders = _orders(*((f"e{n}", 5, 30) for n in range(20)))
    found = _measured(pd.concat([eager, sluggish]), orders)
    assert found["difference"] == pytest.approx(0)


def test_a_real_effect_is_found_when_there_are_enough() -> None:
    rng = np.random.default_rng(3)
    held = rng.random(8000) < 0.5
    touches = _touches(*((f"k{n}", bool(out), 40) for n, out in enumerate(held)))
    bought = rng.random(8000) < np.where(held, 0.40, 0.46)
    orders = _orders(*((f"k{n}", 100, 30) for n in np.flatnonzero(bought)))
    found = _measured(touches, orders)
    assert found["measured"] and found["more"] == 0
    assert found["difference_low"] < 0.06 < found["difference_high"]
    assert 0.1 < found["lift"] < 0.4
    effects = measured_effects(touches, orders, at=AT, horizon_days=28, assumed_lift=0.2)
    scores = effect_scores(effects, at=AT).set_index("metric")
    assert scores.loc["incremental_rate", "value"] == found["difference"]
    assert scores.loc["incremental_gain", "low"] < 6 < scores.loc["incremental_gain", "high"]
    assert "联系带来 +" in effect_words(effects, POLICY).zh


def test_without_enough_it_says_how_many_are_missing() -> None:
    touches = _touches(*((f"k{n}", n % 2 == 0, 40) for n in range(80)))
    effects = measured_effects(touches, _orders(("k1", 5, 30), ("k2", 5, 30)), at=AT, horizon_days=28, assumed_lift=0.2)
    scores = effect_scores(effects, at=AT)
    assert scores["value"].isna().all() and not scores["used"].any() and set(scores["n"]) == {80}
    said = effect_words(effects, POLICY)
    assert "还不能衡量" in said.zh and f"about {effects['more'].item()} more" in said.en
    assert "no held-back customer" in effect_words(effects, "retention-1").en


def test_nobody_held_back_or_nobody_contacted_is_not_measurable() -> None:
    for held in (True, False):
        found = _measured(_touches(("a", held, 40), ("b", held, 40)), _orders(("a", 5, 30)))
        assert not found["measured"]
    assert _measured(pd.DataFrame(), _orders(("a", 5, 30))) == {}


def test_rarer_success_and_smaller_effects_need_more() -> None:
    assert more_needed(0.5, lift=0.2, share=0.5) == 769
    assert more_needed(0.05, lift=0.2, share=0.5) > more_needed(0.5, lift=0.2, share=0.5)
    assert more_needed(0.5, lift=0.1, share=0.5) == pytest.approx(4 * 769, abs=4)
    assert more_needed(0.0, lift=0.2, share=0.05) > 1000


def test_touches_need_their_policy() -> None:
    with pytest.raises(MissingColumns, match="touch lacks columns: policy"):
        _measured(_touches(("a", True, 40)).drop(columns="policy"), _orders(("a", 5, 30)))
