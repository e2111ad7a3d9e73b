from zhiyin.store.live import LiveRows
from zhiyin.store.live_day import LiveDay

AT = "2026-11-20T08:00:00.000000"


def _step(record, product, name, day="2026-11-20"):
    return (record, product, name, day, 1, 0, 0, AT, AT, f"{record}{product}{name}")


def test_each_pair_of_a_day_once(ledger):
    live = LiveRows(ledger)
    from zhiyin.store.live import Base, Step

    steps = [_step("r1", "p1", "Product Viewed"), _step("r1", "p1", "Product Added"), _step("r2", "p1", "Product Viewed", "2026-11-19")]
    live.restart(Step(steps=steps, records=[("r1", "c1", "shop", "person", None)]), Base("", 0, 0), before=None)
    live.note()
    day = LiveDay(ledger)
    live.write(Step(steps=steps), Base("", 0, 0), upto=1)
    assert day.steps("2026-11-20", ["Product Viewed", "Product Added"]) == [("r1", "p1")]
    assert day.steps("2026-11-20", ["Page Viewed"]) == []
    assert day.sources(["r1", "r9"]) == {"r1": "shop"}
