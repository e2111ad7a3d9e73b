from functools import partial
from itertools import permutations
from math import inf, isnan, log, log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.core.errors import DataError, UsageError
from zhiyin.learn.card import Bin, Interval
from zhiyin.learn.metrics import (
    auc,
    average_precision,
    bootstrap,
    brier,
    calibration_bins,
    ece,
    lift_at,
    log_loss,
    mase,
    ndcg_at,
    paired_bootstrap,
    precision_at,
    recall_at,
    wape,
)

ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(-5, 5)), min_size=2, max_size=30)
FEW = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=5)


def _columns(rows):
    return np.array([row[0] for row in rows], dtype=float), np.array([row[1] for row in rows], dtype=float)


def test_auc_counts_pairs():
    assert auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75
    assert auc([0, 1], [0.3, 0.3]) == 0.5
    assert auc([0, 0, 1], [1, 2, 2]) == 0.75


def test_average_precision_cuts_ties_together():
    assert average_precision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([0, 1, 0, 0], [7, 7, 7, 7]) == 0.25


def test_log_loss_and_brier():
    assert log_loss([1, 0], [0.8, 0.4]) == pytest.approx(-(log(0.8) + log(0.6)) / 2)
    assert log_loss([1], [0.0]) == pytest.approx(-log(1e-15))
    assert brier([1, 0], [0.8, 0.4]) == pytest.approx(0.1)


def test_calibration_compares_what_was_said_with_what_happened():
    said, happened = [0.2, 0.2, 0.8, 0.8], [0, 1, 1, 1]
    bins = calibration_bins(happened, said, bins=2)
    assert [tuple(bin_) for bin_ in bins] == [pytest.approx((0.2, 0.5, 2)), pytest.approx((0.8, 1.0, 2))]
    assert ece(happened, said, bins=2) == pytest.approx(0.25)


def test_calibration_keeps_ties_together():
    assert calibration_bins([0, 1, 0, 1], [0.5] * 4, bins=10) == (Bin(0.5, 0.5, 4),)
    assert calibration_bins([], [], bins=10) == ()


def test_the_best_k_share_what_is_tied_at_the_cut():
    happened, scores = [1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1]
    assert precision_at(happened, scores, k=1) == 1.0
    assert precision_at(happened, scores, k=2) == 0.75
    assert recall_at(happened, scores, k=2) == 0.75
    assert lift_at(happened, scores, k=1) == 2.0
    assert precision_at(happened, scores, k=99) == 0.5


def test_ndcg_discounts_by_place():
    best = 3 + 2 / log2(3) + 1 / log2(4)
    assert ndcg_at([3, 2, 0, 1], [4, 3, 2, 1], k=4) == pytest.approx((3 + 2 / log2(3) + 1 / log2(5)) / best)
    assert ndcg_at([3, 2, 0, 1], [1, 1, 1, 1], k=1) == pytest.approx(1.5 / 3)


def test_errors_of_forecasts():
    assert mase([8, 10], [9, 7], history=[1, 2, 4, 7]) == 1.0
    assert mase([8, 10], [9, 7], history=[1, 2, 4, 7], season=2) == 0.5
    assert wape([8, 10], [9, 7]) == pytest.approx(4 / 18)


@pytest.mark.parametrize(
    "figure",
    [
        auc([1, 1], [0.1, 0.2]),
        auc([], []),
        average_precision([0, 0], [0.1, 0.2]),
        log_loss([], []),
        brier([], []),
        ece([], []),
        precision_at([], [], k=3),
        recall_at([0], [1], k=3),
        lift_at([0, 0], [1, 2], k=1),
        ndcg_at([0, 0], [1, 2], k=1),
        ndcg_at([], [], k=1),
        mase([1], [2], history=[5, 5, 5]),
        mase([1], [2], history=[5]),
        wape([0, 0], [1, 1]),
    ],
)
def test_what_the_rows_cannot_answer_is_nan(figure):
    assert isnan(figure)


def test_columns_must_match_and_hold_numbers():
    with pytest.raises(DataError, match=r"must be equally long and all numbers. Got 2 / 1"):
        auc([0, 1], [0.5])
    with pytest.raises(DataError, match=r"Got 2 / 2, 1 NaN"):
        brier([0, 1], [0.5, inf])


def test_at_least_one_row_must_be_taken():
    for figure in (precision_at, recall_at, lift_at, ndcg_at):
        with pytest.raises(UsageError, match=r"At least one row must be taken. Got 0"):
            figure([0, 1], [1, 2], k=0)


@given(ROWS)
def test_auc_is_the_share_of_pairs_in_order(rows):
    labels, scores = _columns(rows)
    pairs = [(0.5 if a == b else float(a > b)) for a in scores[labels == 1] for b in scores[labels == 0]]
    assert auc(labels, scores) == pytest.approx(np.mean(pairs) if pairs else np.nan, nan_ok=True)


@given(ROWS)
def test_auc_does_not_see_monotone_maps_and_turns_with_the_sign(rows):
    labels, scores = _columns(rows)
    assert auc(labels, np.exp(scores) * 3 + 1) == pytest.approx(auc(labels, scores), nan_ok=True)
    assert auc(labels, -scores) == pytest.approx(1 - auc(labels, scores), nan_ok=True)


@given(ROWS, st.randoms(use_true_random=False), st.integers(1, 40))
def test_no_figure_sees_the_order_of_rows(rows, random, k):
    turned = rows.copy()
    random.shuffle(turned)
    for figure in (auc, average_precision, *(partial(one, k=k) for one in (precision_at, recall_at, lift_at, ndcg_at))):
        assert figure(*_columns(turned)) == pytest.approx(figure(*_columns(rows)), nan_ok=True)
    chances, mixed = (_columns([(label, 0) for label, _ in some])[0] for some in (rows, turned))
    for figure in (brier, log_loss, ece):
        assert figure(mixed, (_columns(turned)[1] + 5) / 10) == pytest.approx(figure(chances, (_columns(rows)[1] + 5) / 10))


@given(FEW, st.integers(1, 6))
def test_ties_give_the_mean_over_all_orders(rows, k):
    gains, scores = _columns(rows)
    orders = [sorted(order, key=lambda row: -scores[row]) for order in permutations(range(len(rows)))]
    hits = np.mean([np.mean([gains[row] > 0 for row in order[:k]]) for order in orders])
    assert precision_at(gains > 0, scores, k=k) == pytest.approx(hits)
    discounted = np.mean([sum(gains[row] / log2(place + 2) for place, row in enumerate(order[:k])) for order in orders])
    best = sum(gain / log2(place + 2) for place, gain in enumerate(sorted(gains, reverse=True)[:k]))
    assert ndcg_at(gains, scores, k=k) == pytest.approx(discounted / best if best else np.nan, nan_ok=True)


def test_bootstrap_is_the_same_by_seed_and_holds_the_value():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, 300)
    scores = labels + rng.normal(0, 1, 300)
    found = bootstrap(auc, labels, scores, seed=7)
    assert found == bootstrap(auc, labels, scores, seed=7) != bootstrap(auc, labels, scores, seed=8)
    assert found.low < found.value < found.high
    assert found.value == auc(labels, scores)
    wide = bootstrap(auc, labels, scores, seed=7, level=0.99)
    assert wide.low < found.low < found.high < wide.high


def test_bootstrap_draws_groups_as_one():
    mean = partial(lambda column: float(np.mean(column)))
    assert bootstrap(mean, [1.0, 3.0, 1.0, 3.0], seed=1, groups=["a", "a", "b", "b"]) == Interval(2.0, 2.0, 2.0)
    assert bootstrap(mean, [1.0, 3.0, 1.0, 3.0], seed=1).low < 2.0


def test_bootstrap_without_answers_has_no_interval():
    assert isnan(bootstrap(auc, [1, 1, 1], [1, 2, 3], seed=1).low)
    assert isnan(bootstrap(auc, [], [], seed=1).high)


def test_bootstrap_leaves_out_draws_without_answer():
    found = bootstrap(auc, [0, 1, 1, 1], [1, 2, 3, 4], seed=1)
    assert found == Interval(1.0, 1.0, 1.0)


def test_paired_bootstrap_judges_the_difference():
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 2, 400)
    good, poor = labels + rng.normal(0, 0.5, 400), labels + rng.normal(0, 3, 400)
    assert paired_bootstrap(auc, labels, values=(good, good), seed=1) == Interval(0.0, 0.0, 0.0)
    assert paired_bootstrap(auc, labels, values=(good, poor), seed=1).low > 0
    assert paired_bootstrap(auc, labels, values=(poor, good), seed=1).high < 0
