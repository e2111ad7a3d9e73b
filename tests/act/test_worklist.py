from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from zhiyin.act.worklist import PERIOD_DAYS, held_back, period_of, worklist


def _steps(*rows: tuple[str, str, float, str]) -> pd.DataFrame:
    steps = pd.DataFrame(rows, columns=["customer_id", "owner_id", "gain", "blocked"])
    return steps.assign(probability=0.5, known_days=10.0)


def test_the_list_is_filled_by_gain_within_each_owner() -> None:
    steps = _steps(
        ("a", "r1", 1.0, ""),
        ("b", "r1", 3.0, ""),
        ("c", "r1", 2.0, ""),
        ("d", "r2", 0.5, ""),
        ("e", "", 9.0, ""),
        ("f", "", 9.9, "refused"),
    )
    found = worklist(steps, capacity=2, held=np.zeros(6, dtype=bool))
    assert found["rank"].tolist() == [0, 1, 2, 1, 1, 0]
    assert found["blocked"].tolist() == ["capacity", "", "", "", "", "refused"]


def test_who_is_held_back_takes_nobodys_place_and_only_where_there_was_one() -> None:
    steps = _steps(("a", "r", 5.0, ""), ("b", "r", 4.0, ""), ("c", "r", 3.0, ""), ("d", "r", 2.0, ""))
    found = worklist(steps, capacity=2, held=np.array([True, False, False, True]))
    assert found["holdout"].tolist() == [True, False, False, False]
    assert found["rank"].tolist() == [0, 1, 2, 0]
    assert found["blocked"].tolist() == ["holdout", "", "", "capacity"]


def test_equal_gains_go_to_the_newest_then_by_id() -> None:
    steps = _steps(("b", "r", 1.0, ""), ("a", "r", 1.0, ""), ("c", "r", 1.0, "")).assign(known_days=[9.0, 9.0, 1.0])
    assert worklist(steps, capacity=9, held=np.zeros(3, dtype=bool))["rank"].tolist() == [3, 2, 1]


_ROWS = st.lists(
    st.tuples(st.sampled_from(["", "r1", "r2"]), st.floats(-5, 5), st.sampled_from(["", "", "refused", "no_gain"]), st.booleans()),
    max_size=40,
)


@tried(max_examples=30, deadline=None, derandomize=True)
@given(rows=_ROWS, capacity=st.integers(1, 6), seed=st.integers(0, 99))
def test_capacity_holds_and_the_order_of_rows_does_not_matter(rows, capacity, seed) -> None:
    steps = pd.DataFrame(
        [(f"k{n}", owner, gain, blocked) for n, (owner, gain, blocked, _) in enumerate(rows)],
        columns=["customer_id", "owner_id", "gain", "blocked"],
    )
    steps = steps.assign(probability=0.5, known_days=1.0, gain=steps["gain"].astype("float64"))
    held = np.array([row[3] for row in rows], dtype=bool)
    found = worklist(steps, capacity=capacity, held=held)
    assert found[found["listed"]].groupby("owner_id").size().max() <= capacity or not found["listed"].any()
    assert not (found["listed"] & found["blocked"].ne("")).any()
    assert (found["listed"] | found["blocked"].ne("")).all()
    assert not (found["listed"] & held).any()
    for _, ours in found[found["listed"]].groupby("owner_id"):
        assert sorted(ours["rank"]) == list(range(1, len(ours) + 1))
        assert ours.sort_values("rank")["gain"].is_monotonic_decreasing
    order = np.random.default_rng(seed).permutation(len(rows))
    again = worklist(steps.iloc[order].reset_index(drop=True), capacity=capacity, held=held[order])
    pd.testing.assert_frame_equal(again.sort_values("customer_id", ignore_index=True), found.sort_values("customer_id", ignore_index=True))


def test_the_draw_holds_back_about_its_share_and_the_same_all_period() -> None:
    customers = [f"k{number}" for number in range(20_000)]
    held = held_back(customers, 0.05, policy="repurchase-1", period=8800)
    assert 0.045 < held.mean() < 0.055
    assert (held == held_back(customers, 0.05, policy="repurchase-1", period=8800)).all()
    again = held_back(customers, 0.05, policy="repurchase-1", period=8801)
    other = held_back(customers, 0.05, policy="retention-1", period=8800)
    assert (held & again).mean() < 0.005
    assert (held & other).mean() < 0.005
    assert not held_back(customers, 0.0, policy="p", period=1).any()


def test_a_larger_share_holds_back_the_same_customers_and_more() -> None:
    customers = [f"k{number}" for number in range(2_000)]
    small, large = (held_back(customers, share, policy="p", period=1) for share in (0.05, 0.2))
    assert (large | ~small).all()


def test_the_draw_is_the_same_on_every_machine() -> None:
    assert held_back(["k1", "k2", "k3", "k4"], 0.5, policy="p", period=1).tolist() == [True, False, True, True]


def test_a_period_is_twelve_weeks() -> None:
    first = date.fromordinal(PERIOD_DAYS * 8_800)
    assert {period_of(first + timedelta(days=day)) for day in range(PERIOD_DAYS)} == {8_800}
