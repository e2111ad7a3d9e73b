from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zhiyin.predict.repeat import Buying, Histories, Paying, alive, expected_orders, fit_buying, fit_paying, log_likelihood, mean_ticket

CDNOW = Path(__file__).parents[3] / "shared" / "data" / "cdnow" / "cdnow_sample.parquet"
PUBLISHED = Buying(0.243, 4.414, 0.793, 2.426)


@pytest.mark.skipif(not CDNOW.exists(), reason="needs ../shared/data/cdnow")
def test_the_published_parameters_are_found():
    orders = pd.read_parquet(CDNOW)[["customer_id", "date"]].drop_duplicates()
    each = orders[orders["date"] <= "1997-09-30"].groupby("customer_id")["date"].agg(["min", "max", "count"])
    end = pd.Timestamp("1997-09-30")
    known = Histories(
        (each["count"] - 1).to_numpy(dtype=float),
        (each["max"] - each["min"]).dt.days.to_numpy() / 7.0,
        (end - each["min"]).dt.days.to_numpy() / 7.0,
    )
    found = fit_buying(known)
    np.testing.assert_allclose(found, PUBLISHED, rtol=0.005)
    assert log_likelihood(found, known) == pytest.approx(-9582.4, abs=0.1)


def test_published_example_of_one_customer():
    """Fader, Hardie and Lee (2005): x = 2, t_x = 30.43, T = 38.86 gives 1.226 orders in the next 39 weeks."""
    known = Histories(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert expected_orders(PUBLISHED, known, periods=39.0)[0] == pytest.approx(1.226, abs=0.002)


def test_who_has_been_away_longer_than_usual_has_probably_left():
    known = Histories(np.array([10.0, 10.0, 0.0]), np.array([38.0, 10.0, 0.0]), np.array([39.0, 39.0, 39.0]))
    here = alive(PUBLISHED, known)
    assert here[0] > 0.9
    assert here[1] < 0.1
    assert here[2] == 1.0  # without a second order nobody has shown the habit of leaving


def test_a_ticket_seen_once_leans_to_that_of_all():
    draw = np.random.default_rng(2)
    own = 1000 / draw.gamma(3.0, 0.5, 500)
    orders = draw.integers(1, 10, 500).astype(float)
    ticket = np.array([draw.gamma(4.0, mean / 4.0, int(n)).mean() for mean, n in zip(own, orders, strict=True)])
    paying = fit_paying(orders, ticket)
    middle = mean_ticket(paying, np.array([0.0]), ticket=np.array([0.0]))[0]
    once, often = mean_ticket(paying, np.array([1.0, 50.0]), ticket=np.array([10 * middle] * 2))
    assert middle < once < often < 10 * middle
    assert isinstance(paying, Paying)
