import numpy as np
import pandas as pd

from zhiyin.predict.linear import LinearModel


def test_linear_regression_finds_the_slope():
    rows = pd.DataFrame({"a": [0.0, 1.0, 0.0, 1.0] * 20, "label": [100.0, 300.0] * 40})
    model = LinearModel(needs=("a",)).fit(rows)
    found = model.predict(pd.DataFrame({"customer_id": ["x", "y"], "a": [0.0, 1.0]}))
    np.testing.assert_allclose(found["value"], [100.0, 300.0], atol=3)
    assert list(model.reasons(pd.DataFrame({"customer_id": ["x"], "a": [1.0]})).columns) == ["customer_id", "base", "a"]
