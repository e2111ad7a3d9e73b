from datetime import date

import pyarrow as pa
import pytest

from unify.batches import batch, defaults
from zhiyin.core.fields import KINDS
from zhiyin.unify.parsing import parsed


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_has_a_column_even_where_the_source_has_none(kind):
    said = {"change": "set"}
    needed = {name: ["2026-01-01" if field.type == "time" else said.get(name, "1")] for name, field in KINDS[kind].items() if field.needed}
    rows, refusals = parsed(kind, batch(**needed).columns, defaults=defaults())
    told = [name for name, field in KINDS[kind].items() if field.type not in ("identifier", "time")]
    assert set(told) - {"currency"} <= set(rows.column_names)
    assert refusals.kept.tolist() == [kind not in ("orders", "transfers")]  # an order or a transfer without money


def test_money_is_in_minor_units_and_times_have_their_day():
    rows, _ = parsed("products", batch(product_id=["1"], price=["9.9"]).columns, defaults=defaults(currency="JPY"))
    assert (rows["price"].to_pylist(), rows["currency"].to_pylist()) == ([10], ["JPY"])
    rows, _ = parsed("stock", batch(product_id=["1"], pieces=["2"], counted_at=["2026-11-01"]).columns, defaults=defaults())
    assert rows["counted_at.on"].to_pylist() == [date(2026, 11, 1)]


def test_columns_that_are_no_field_are_left_out():
    rows, _ = parsed("stock", batch(product_id=["1"], pieces=["2"], counted_at=["2026-11-01"], secret=["x"]).columns, defaults=defaults())
    assert "secret" not in rows.column_names


def test_a_source_says_its_settings_once():
    said = defaults(currency="USD")
    assert "occurrences" not in repr(said)
    assert said == defaults(currency="USD")
    assert isinstance(said.occurrences.number(pa.array(["a"]), pa.array(["b"])).tolist(), list)
