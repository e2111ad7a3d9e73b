"""What came of what pages showed, told where the truth is known."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import MissingColumns, TooLittleData
from zhiyin.improve.placements import came_of, rates, tried, what_ifs

AT = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - UTC, as the lake keeps it
DAY = timedelta(days=1)
COLUMNS = ["request_id", "placement", "variant", "chance", "customer_id", "product_id", "place", "propensity", "usual", "shown_at"]


def _shown(request, customer, *products, at=AT, variant="main", chance=1.0, placement="home"):
    rows = [(request, placement, variant, chance, customer, product, place, 1.0, product, at) for place, product in enumerate(products, 1)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _events(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "product_id", "at", "request_id"])


def _hits(judged):
    return sorted(judged[judged["hit"] > 0][["request_id", "product_id"]].itertuples(index=False, name=None))


def test_an_event_belongs_to_the_last_answer_that_showed_the_product():
    items = pd.concat([_shown("q1", "c1", "tea", "cup"), _shown("q2", "c1", "tea", at=AT + DAY / 4), _shown("q3", "c2", "tea")])
    clicks = _events(
        ("c1", "tea", AT + DAY / 2, None),  # q2 has shown it last
        ("c1", "cup", AT + DAY / 2, ""),
        ("c2", "tea", AT - DAY / 4, None),  # before it was shown
        ("c2", "cup", AT + DAY / 4, None),  # never shown to c2
    )
    assert _hits(came_of(items, clicks, within=DAY, until=AT + 3 * DAY)) == [("q1", "cup"), ("q2", "tea")]


def test_an_event_that_names_the_answer_needs_no_customer_and_counts_for_no_other():
    items = pd.concat([_shown("q1", "", "tea"), _shown("q2", "c1", "tea")])
    clicks = _events(("c9", "tea", AT + DAY / 4, "q1"), ("c9", "cup", AT + DAY / 4, "q1"), ("c1", "tea", AT + DAY / 4, "elsewhere"))
    assert _hits(came_of(items, clicks, within=DAY, until=AT + 3 * DAY)) == [("q1", "tea")]


def test_what_comes_too_late_does_not_count_and_open_windows_are_not_judged():
    items = pd.concat([_shown("q1", "c1", "tea"), _shown("q2", "c2", "tea", at=AT + DAY)])
    late = _events(("c1", "tea", AT + 1.1 * DAY, None), ("c1", "tea", AT + 1.1 * DAY, "q1"), ("c2", "tea", AT + 1.1 * DAY, None))
    judged = came_of(items, late, within=DAY, until=AT + 1.5 * DAY)
    assert (list(judged["request_id"]), _hits(judged)) == (["q1"], [])
    assert came_of(items, late, within=DAY, until=AT).empty
    assert _hits(came_of(items, late, within=DAY, until=AT + 2 * DAY)) == [("q2", "tea")]
    assert list(rates(came_of(items, late, within=DAY, until=AT), measure="click")) == []


def test_a_log_without_chances_is_refused():
    with pytest.raises(MissingColumns, match="shown lacks columns: propensity"):
        came_of(_shown("q1", "c1", "tea").drop(columns="propensity"), _events(), within=DAY, until=AT)


def _world(*, main=0.30, wide=0.45, held=0.15, customers=3000, seed=7):
    """Customers of three ways, each asked for twice, with the chances of a click as planted."""
    draw = np.random.default_rng(seed)
    ways = draw.choice(["main", "wide", "holdout"], customers, p=[0.4, 0.4, 0.2])
    chance, rate = {"main": 0.4, "wide": 0.4, "holdout": 0.2}, {"main": main, "wide": wide, "holdout": held}
    items = pd.concat(
        _shown(f"q{n}-{time}", f"c{n}", "tea", "cup", at=AT + time * DAY, variant=way, chance=chance[way])
        for n, way in enumerate(ways)
        for time in range(2)
    )
    clicks = [
        (f"c{n}", "tea", AT + (time + 0.1) * DAY, None) for n, way in enumerate(ways) for time in range(2) if draw.random() < rate[way]
    ]
    return came_of(items, _events(*clicks), within=DAY / 2, until=AT + 9 * DAY)


def test_variants_stand_beside_the_holdout_with_intervals_that_hold_the_truth():
    found = {one.variant: one for one in rates(_world(), measure="click")}
    truth = {"main": 0.30, "wide": 0.45, "holdout": 0.15}
    for variant, one in found.items():
        assert one.share.low < truth[variant] < one.share.high
        assert one.share.high - one.share.low < 0.08
        assert one.answers == 2 * one.customers
    assert found["holdout"].beside_holdout is None
    for variant in ("main", "wide"):
        beside = found[variant].beside_holdout
        assert beside.low < truth[variant] - 0.15 < beside.high
        assert beside.low > 0


def test_a_rate_is_not_compared_with_what_is_not_there_or_too_little():
    judged = _world(customers=40)
    alone = judged[judged["variant"].ne("holdout")]
    assert {one.note.en for one in rates(alone, measure="click")} == {
        "There is no holdout, so nobody can say what the personal list brings."
    }
    few = judged.assign(hit=0.0)
    told = {one.variant: one for one in rates(few, measure="click")}
    assert "Too few clicks or orders on one side (3 at least)" in told["main"].note.en
    assert told["main"].share.high > 0.01  # nothing was clicked in so few answers: that is no proof of nothing


def test_one_variant_for_all_is_estimated_from_those_who_got_it():
    found = {one.policy: one for one in what_ifs(_world(), measure="click")}
    assert set(found) == {"main", "wide", "holdout"}
    for variant, truth in (("main", 0.30), ("wide", 0.45), ("holdout", 0.15)):
        for estimate in found[variant].estimates:
            assert estimate.figure.low < truth < estimate.figure.high, estimate
            assert estimate.notes == ()
    assert found["wide"].logged == pytest.approx(0.4 * 0.30 + 0.4 * 0.45 + 0.2 * 0.15, abs=0.02)


def test_what_exploring_costs_is_told_from_the_places_where_the_usual_was_shown_by_chance():
    """The usual product of place 2 is clicked by .20, what is tried instead by .05; it stands there with .6."""
    draw = np.random.default_rng(3)
    rows = []
    for n in range(4000):
        product, propensity = ("cup", 0.6) if draw.random() < 0.6 else (f"p{draw.integers(4)}", 0.1)
        rate = 0.20 if product == "cup" else 0.05
        rows.append((f"q{n}", "home", "main", 1.0, f"c{n % 900}", "tea", 1, 1.0, "tea", AT, float(draw.random() < 0.3)))
        rows.append((f"q{n}", "home", "main", 1.0, f"c{n % 900}", product, 2, propensity, "cup", AT, float(draw.random() < rate)))
    judged = pd.DataFrame(rows, columns=[*COLUMNS, "hit"])
    [found] = what_ifs(judged, measure="click")
    assert (found.policy, found.refused) == ("no_exploration", None)
    for estimate in found.estimates:
        assert estimate.figure.low < (0.30 + 0.20) / 2 < estimate.figure.high
        assert estimate.figure.value > found.logged
    counted = tried(judged).set_index("product_id")
    assert counted["shows"].sum() == 4000
    assert counted.loc["cup", "clicks"] / counted.loc["cup", "shows"] == pytest.approx(0.20, abs=0.03)
    assert "tea" not in counted.index


def test_too_little_is_refused_in_words():
    [*found] = what_ifs(_world(customers=4, main=0, wide=0, held=0), measure="order")
    assert found
    for one in found:
        assert one.estimates == ()
        assert isinstance(one.refused, TooLittleData)
        assert "next to nothing about the other policy" in one.refused.in_("en")
