import numpy as np
import pandas as pd

from zhiyin.predict.forecasting.backtest import make_plan
from zhiyin.predict.forecasting.panel import read_panel


def plan(steps, *, series=1, budget_s):
    step = np.tile(np.arange(steps), series)
    rows = pd.DataFrame({"series": np.repeat(np.arange(series), steps), "at": step, "value": 1.0 + step % 7})
    return make_plan(read_panel(rows), 7, seasons=(7,), budget_s=budget_s, seed=0)


def test_few_seconds_grow_trees_once_and_many_for_each_origin():
    assert not plan(200, budget_s=1).anew
    assert plan(200, budget_s=60).anew
    assert len(plan(200, budget_s=1).ways) < len(plan(200, budget_s=60).ways)


def test_trees_learn_slowly_where_there_is_much_to_learn_and_time():
    assert plan(2_000, series=60, budget_s=600).slow
    assert not plan(2_000, series=60, budget_s=60).slow
    assert not plan(200, budget_s=600).slow
