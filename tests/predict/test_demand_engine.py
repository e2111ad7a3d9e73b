"""How much the forecaster is given, and what it makes of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from zhiyin.predict.demand_engine import Grid, affordable, engine_ahead
from zhiyin.predict.usual import Past


def _grid(days, n, *, ahead=28):
    chance = np.random.default_rng(1)
    sold = 20 + 10 * (np.arange(days)[:, None] % 7 >= 5) + chance.poisson(5, size=(days, n))
    off = (np.arange(days + ahead) % 50 == 0).astype(np.int64)
    return Grid(pd.Timestamp("2026-01-05"), sold.astype(float), off, np.zeros((days + ahead, n)))


def test_more_seconds_afford_more_values():
    assert affordable(1) == 0 < affordable(3) < affordable(30)


def test_days_where_they_fit_and_weeks_of_the_largest_where_they_do_not():
    few = engine_ahead(_grid(210, 2), size=np.array([1.0, 2.0]), ahead=28, budget_s=3.5, seed=7)
    assert (few.step, few.chosen.tolist(), few.value.shape) == (1, [0, 1], (28, 2))
    assert few.value[:7, 0].sum() == pytest.approx(7 * 25 + 20, rel=0.15)
    many = engine_ahead(_grid(210, 12), size=np.arange(12.0), ahead=30, budget_s=2.65, seed=7)
    assert (many.step, many.chosen.tolist(), many.value.shape) == (7, [6, 7, 8, 9, 10, 11], (5, 6))
    assert many.value[0, 0] == pytest.approx(7 * 25 + 20, rel=0.15)


def test_without_time_or_history_it_is_not_asked():
    assert engine_ahead(_grid(210, 2), size=np.ones(2), ahead=28, budget_s=1, seed=7) is None
    assert engine_ahead(_grid(40, 2), size=np.ones(2), ahead=28, budget_s=3.5, seed=7) is None


def test_it_beats_what_is_usual_only_where_it_was_nearer():
    engine = engine_ahead(_grid(210, 2), size=np.ones(2), ahead=28, budget_s=3.5, seed=7)
    came = np.full((1, 28, 2), 10.0)
    exact, far = Past(came, came + 1, came), Past(came + 9, came + 1, came)
    assert not engine.beats(exact)
    assert engine.beats(far)
    assert not engine.beats(Past(came, came, came))
