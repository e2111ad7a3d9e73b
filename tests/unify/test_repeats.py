import pyarrow as pa

from zhiyin.unify.repeats import without_repeats


def _touches(*rows: tuple[str, str, int]) -> pa.Table:
    return pa.table(
        {
            "touch_id": [row[0] for row in rows],
            "channel": [row[1] for row in rows],
            "batch_id": ["b"] * len(rows),
            "source_row": [row[2] for row in rows],
        }
    )


def test_rows_that_are_all_different_stay():
    rows = _touches(("t1", "sms", 2), ("t2", "sms", 3))
    assert without_repeats("touch", rows) == (rows, 0, [])


def test_the_same_again_is_counted_and_a_contradiction_is_pointed_at():
    kept, again, clashing = without_repeats("touch", _touches(("t1", "sms", 2), ("t1", "sms", 3), ("t1", "email", 4), ("t2", "sms", 5)))
    assert (kept["source_row"].to_pylist(), again, clashing) == ([2, 5], 1, [4])
