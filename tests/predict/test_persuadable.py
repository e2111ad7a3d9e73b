import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.predict.persuadable import effect_segments


def test_only_an_effect_that_is_sure_makes_a_group():
    effects = pd.DataFrame(
        {
            "customer_id": ["moved", "put off", "buys", "does not"],
            "value": [0.2, -0.1, 0.01, 0.01],
            "low": [0.1, -0.2, -0.05, -0.05],
            "high": [0.3, -0.02, 0.06, 0.06],
            "chance": [0.3, 0.3, 0.8, 0.1],
        }
    )
    found = effect_segments(effects)
    assert tuple(found.columns) == TABLES["segment"].names
    assert found["segment_id"].tolist() == ["persuadable", "leave_alone", "sure_thing", "lost_cause"]
    assert found["reason_en"][0] == "A contact adds +20% to the chance (90 % interval +10% to +30%)."
    assert "80%" in found["reason_zh"][2]
