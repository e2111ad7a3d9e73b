import numpy as np
import pandas as pd

from zhiyin.predict.forecasting.groups import groups_of
from zhiyin.predict.forecasting.panel import read_panel


def test_regular_sparse_and_short_series_are_told_apart():
    rows = [("busy", step, 5.0) for step in range(30)] + [("rare", step, float(step % 5 == 0)) for step in range(30)] + [("new", 29, 5.0)]
    panel = read_panel(pd.DataFrame(rows, columns=["series", "at", "value"]))
    assert dict(zip(panel.names, groups_of(panel, 7), strict=True)) == {"busy": 0, "new": 2, "rare": 1}
    assert groups_of(panel, 7).dtype == np.int64
