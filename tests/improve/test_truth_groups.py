"""Agreement of two ways of grouping."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from zhiyin.improve.truth_groups import adjusted_rand, group_scores, mutual_information


def test_the_same_groups_by_other_names_agree_fully():
    judged = pd.DataFrame({"group": ["g1", "g1", "g2", "g2"], "truth": ["heavy", "heavy", "light", "light"]})
    found = {row.measure: row for row in group_scores(judged, scheme="rfm", kind="habit")}
    assert set(found) == {"rfm_habit_adjusted_rand", "rfm_habit_mutual_information"}
    assert [row.figure.value for row in found.values()] == [1.0, 1.0]
    assert [row.n for row in found.values()] == [4, 4]


def test_groups_by_chance_agree_by_nothing():
    random = np.random.default_rng(7)
    judged = pd.DataFrame({"group": random.integers(0, 4, 4_000), "truth": random.integers(0, 3, 4_000)})
    for row in group_scores(judged, scheme="rfm", kind="persona"):
        assert abs(row.figure.value) < 0.01
        assert row.figure.low <= row.figure.value + 0.01


def test_the_figures_are_those_that_everybody_computes():
    random = np.random.default_rng(3)
    truth = random.integers(0, 3, 300)
    group = np.where(random.random(300) < 0.6, truth, random.integers(0, 5, 300))
    cells = pd.crosstab(group, truth).to_numpy()
    assert adjusted_rand(cells) == pytest.approx(adjusted_rand_score(truth, group))
    assert mutual_information(cells) == pytest.approx(normalized_mutual_info_score(truth, group))


def test_one_group_only_tells_nothing():
    judged = pd.DataFrame({"group": ["g1", "g1"], "truth": ["heavy", "light"]})
    for rows in (judged, judged.head(0)):
        for row in group_scores(rows, scheme="rfm", kind="habit"):
            assert all(math.isnan(value) for value in row.figure)
