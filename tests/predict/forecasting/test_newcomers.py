import numpy as np
import pandas as pd

from zhiyin.predict.forecasting.newcomers import borrowed
from zhiyin.predict.forecasting.panel import read_panel


def panel(*, towns):
    old = [(name, step, value) for name, value in zip("abcdef", (10, 10, 10, 90, 90, 90), strict=True) for step in range(10)]
    rows = [*old, ("new", 9, 50.0), ("unseen", 9, np.nan)]
    table = pd.DataFrame(rows, columns=["series", "at", "value"])
    table["town"] = np.where(table["series"].isin(list("def")), "big", "small")
    return read_panel(table if towns else table.drop(columns="town"))


def told(*, towns):
    read = panel(towns=towns)
    level = np.nan_to_num(np.nanmax(read.values.astype(float), axis=1, initial=0, keepdims=True))
    return dict(zip(read.names, borrowed(read, level)[:, 0], strict=True))


def test_a_newcomer_borrows_from_all_where_nothing_tells_who_is_alike():
    found = told(towns=False)
    assert (found["a"], found["new"], found["unseen"]) == (10, 50, 50)


def test_a_newcomer_borrows_from_those_of_its_town():
    found = told(towns=True)
    assert (found["f"], found["new"], found["unseen"]) == (90, 30, 10)
