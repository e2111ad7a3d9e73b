import numpy as np
import pandas as pd

from zhiyin.predict.scaling import learn_scaling, medians


def test_scales_are_read_from_rows():
    rows = pd.DataFrame({"orders": [0.0, 1.0, 3.0, 7.0], "spend": [0.0, 10_000.0, 20_000.0, np.nan]})
    scaling = learn_scaling(rows)
    assert scaling.step.tolist() == [1.0, 150.0]
    columns = scaling.columns(rows)
    np.testing.assert_allclose(columns[:, 0], [-1.3416, -0.4472, 0.4472, 1.3416], atol=1e-4)
    np.testing.assert_allclose(columns[:, 3], [-0.25, -0.25, -0.25, 0.75])
    assert medians(rows.to_numpy()).tolist() == [2.0, 10_000.0]
