from datetime import date

import pandas as pd
import pytest

from predict.generation import published
from predict.rules.customers import AT, tables
from zhiyin.predict.portrait import FIGURES, portrait


def test_means_of_the_group_stand_beside_those_of_all(tmp_path):
    frames = tables()
    with published(tmp_path, frames) as view:
        profile, features = view.table("profile"), view.table("profile_at")
        row = view.frame(portrait(profile, features, members=profile.filter(profile["tier"] == "champion"), at=AT)).iloc[0]
        nobody = view.frame(portrait(profile, features, members=profile.limit(0), at=date(2020, 1, 1))).iloc[0]
    own = frames["profile"][frames["profile"]["tier"] == "champion"]
    assert row["group_spend"] == own["spend"].mean()
    assert row["all_spend"] == frames["profile"]["spend"].mean()
    today = frames["profile_at"][frames["profile_at"]["at_on"] == AT]
    assert row["all_discount_share_84d"] == pytest.approx(today["discount_share_84d"].mean())
    assert set(row.index) == {f"{side}_{name}" for side in ("group", "all") for name in FIGURES}
    assert pd.isna(nobody["group_spend"])
    assert pd.isna(nobody["all_orders_84d"])
