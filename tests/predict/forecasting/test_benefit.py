from dataclasses import replace

import numpy as np
import pandas as pd

from zhiyin.predict.forecasting.backtest import make_plan, tried
from zhiyin.predict.forecasting.benefit import Benefit, benefit_of_known
from zhiyin.predict.forecasting.panel import read_panel
from zhiyin.predict.forecasting.view import views_of


def test_columns_are_kept_unless_they_clearly_harm():
    assert Benefit(("holiday",), 0.5, 0.7).used and Benefit(("holiday",), 0.5, 0.499).used
    harmful = Benefit(("holiday", "price"), 0.7, 0.5)
    assert not harmful.used
    assert harmful.sentence().en == "Known columns (holiday, price): error 0.700 with them, 0.500 without: not used."
    assert harmful.sentence().zh == "已知列（holiday、price）：有它们误差 0.700，没有它们 0.500，不采用。"


def test_a_price_that_moves_sales_is_worth_its_errors():
    draw = np.random.default_rng(0)
    at = pd.date_range("2026-01-01", periods=90)
    price = draw.choice([1.0, 2.0], (8, 90))
    rows = [
        pd.DataFrame({"series": row, "at": at, "value": 20 / price[row] + draw.normal(0, 1, 90), "price": price[row]}) for row in range(8)
    ]
    panel = read_panel(pd.concat(rows))
    plan = make_plan(panel, 14, seasons=(7,), budget_s=1, seed=0)
    trial = tried(panel, plan, views=views_of(panel, plan.rhythms))
    found = benefit_of_known(panel, plan, trial=trial)
    assert found is not None
    assert found[0].columns == ("price",) and found[0].seeing < found[0].blind / 1.5
    assert not np.allclose(found[1].said["trees"], trial.said["trees"])
    assert benefit_of_known(replace(panel, known={}), plan, trial=trial) is None
