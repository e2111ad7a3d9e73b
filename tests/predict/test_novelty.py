from datetime import date, timedelta

import pandas as pd

from zhiyin.predict.novelty import new_shares
from zhiyin.store.lake import Lake

AT = date(2026, 11, 21)
START = AT - timedelta(days=300)


def test_only_products_that_came_out_in_between_are_new(tmp_path):
    rows = [
        ("old", "p", START, 5), ("old", "p", AT - timedelta(days=3), 5),
        ("new", "q", AT - timedelta(days=20), 5), ("new", "p", AT - timedelta(days=9), 5), ("new", "q", AT - timedelta(days=9), -5),
        ("late", "r", AT - timedelta(days=70), 5), ("late", "r", AT - timedelta(days=1), 5),
        ("long ago", "q", AT - timedelta(days=200), 5),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "on", "amount"])
    lake = Lake(tmp_path / "lake", b"k" * 32, memory_mb=128, threads=1, keep=1)
    with lake.build(carry=[]) as build:
        lines = build.scratch("lines", frame)
        lines = lines.mutate(on=lines["on"].cast("date"))
        found = build.frame(new_shares(lines, at=AT)).set_index("customer_id")["new_share_84d"]
    # q was first sold 200 days ago, so that it is new to nobody today; r came out 70 days ago and is new for 60
    assert found.to_dict() == {"old": 0.0, "new": 0.0, "late": 0.5}
