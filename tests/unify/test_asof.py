from datetime import date

import ibis
import pytest

from unify.shop import DAY, ago
from zhiyin.core.errors import UsageError
from zhiyin.unify.asof import MOST_DAYS, asked_days, counts, known, picked, ratio, sample_std, window_mask

AT = [ago(5), DAY]


@pytest.fixture
def rows(shop):
    shop.lake.execute(
        "create table rows as select * from (values ('a', date '2026-11-11'), ('a', '2026-11-20'), ('b', '2026-11-21')) t(customer_id, \"on\")"
    )
    return ibis.table({"customer_id": "string", "on": "date"}, name="rows")


def test_days_are_sorted_and_each_once():
    assert asked_days([DAY, ago(7), DAY]) == [ago(7), DAY]


@pytest.mark.parametrize("days", [[], [date.fromordinal(730_000 + n) for n in range(MOST_DAYS + 1)]], ids=["none", "too many"])
def test_no_day_or_too_many_are_refused(days):
    with pytest.raises(UsageError, match="Give 1 to 60 days a call") as refused:
        asked_days(days)
    assert refused.value.got.startswith(str(len(days)))


def test_a_row_is_known_from_the_day_after(shop, rows):
    found = shop.frame(known(rows, AT))
    assert sorted(zip(found["at_on"].dt.date, found["customer_id"], found["age"], strict=True)) == [
        (ago(5), "a", 5),
        (DAY, "a", 1),
        (DAY, "a", 10),
    ]


def test_masks_count_windows_a_day(shop, rows):
    masked = rows.mutate(week=window_mask(rows["on"], AT, days=7), before=window_mask(rows["on"], AT, days=7, after=7))
    wide = counts(masked, "customer_id", names=["week", "before"], at=AT)
    days = known(rows, AT).select("customer_id", "at_on").distinct()
    joined = days.left_join(wide, "customer_id")
    found = shop.frame(joined.select("customer_id", "at_on", week=picked(joined, "week", at=AT), before=picked(joined, "before", at=AT)))
    assert found[["week", "before"]].to_numpy().tolist() == [[1, 0], [1, 1]]


def test_ratio_of_nothing_is_nothing(shop):
    assert shop.lake.execute(ibis.to_sql(ratio(ibis.literal(1.0), ibis.literal(0.0)), dialect="duckdb")).fetchone() == (0.0,)


def test_the_sample_deviation_of_one_is_missing(shop):
    def std(*values: float):
        n, total, squares = len(values), sum(values), sum(v * v for v in values)
        return shop.lake.execute(
            ibis.to_sql(sample_std(ibis.literal(float(n)), total=ibis.literal(total), squares=ibis.literal(squares)), dialect="duckdb")
        ).fetchone()[0]

    assert std(5.0) is None
    assert std(5.0, 5.0) == 0
    assert std(1.0, 3.0, 5.0) == pytest.approx(2.0)
