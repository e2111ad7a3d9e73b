import datetime

import pytest

from zhiyin.core.errors import DataError, MissingColumns
from zhiyin.store.serving import Serving


@pytest.fixture(scope="module")
def serving(tmp_path_factory, rows, keys):
    from zhiyin.store.lake import Lake

    lake = Lake(tmp_path_factory.mktemp("serving"), keys.lake, memory_mb=128, threads=1, keep=1)
    with lake.build(carry=[]) as build:
        build.write("customer", rows("customer", customer_id=["c1", "c2", "c3"], owner_id=["wang", "wang", None], team_id=["t", "u", "t"]))
        build.write("identity", rows("identity", record_id=["c1", "c2", "c3", "r1"], customer_id=["c1", "c2", "c3", "c1"]))
        build.write(
            "order_line",
            rows(
                "order_line", source=["s"] * 4, line_id=["1", "2", "3", "4"], record_id=["c1", "r1", "c2", "rx"], amount=[10, 20, 30, None]
            ),
        )
        build.write("product", rows("product", product_id=["p1", "p2"]))
        build.publish()
    with lake.open() as view:
        yield Serving(view)


def amounts(serving, **asked):
    return [row["amount"] for row in serving.rows("order_line", columns=("amount",), **({"where": {}} | asked))]


def test_one_row_with_plain_values(serving):
    (row,) = serving.rows("customer", where={"customer_id": "c1"})
    assert row == {
        "customer_id": "c1",
        "kind": "x",
        "owner_id": "wang",
        "team_id": "t",
        "since_on": datetime.date(2026, 11, 1),
        "records": 1,
    }


def test_lists_empties_and_several_conditions(serving):
    assert [row["customer_id"] for row in serving.rows("customer", where={"customer_id": ["c1", "c3", "c9"]})] == ["c1", "c3"]
    assert [row["customer_id"] for row in serving.rows("customer", where={"owner_id": None})] == ["c3"]
    assert [row["customer_id"] for row in serving.rows("customer", where={"owner_id": "wang", "team_id": "u"})] == ["c2"]
    assert serving.rows("customer", where={"customer_id": []}) == []


def test_a_customer_of_a_table_that_knows_records_only(serving):
    assert amounts(serving, where={"customer_id": "c1"}) == [10, 20]
    assert amounts(serving, where={"customer_id": ["c1", "c2"]}) == [10, 20, 30]


def test_order_and_limit(serving):
    assert amounts(serving, order="-amount") == [30, 20, 10, None]
    assert amounts(serving, order="amount", limit=2) == [10, 20]
    assert amounts(serving, order="record_id, -line_id") == [10, 30, 20, None]


@pytest.mark.parametrize(
    ("sight", "seen"),
    [(None, [10, 20, 30, None]), ({"owner_id": "wang"}, [10, 20, 30]), ({"team_id": "u"}, [30]), ({"owner_id": "x' OR 1=1 --"}, [])],
)
def test_sight_reaches_records_through_identity(serving, sight, seen):
    assert amounts(serving, sight=sight) == seen
    assert serving.count("order_line", where={}, sight=sight) == len(seen)


def test_sight_of_customers_and_of_tables_of_nobody(serving):
    assert [row["customer_id"] for row in serving.rows("customer", where={}, sight={"team_id": "t"})] == ["c1", "c3"]
    assert serving.rows("product", where={"product_id": "p1"}, sight={"team_id": "t"}) == []


def test_a_table_that_was_never_written_is_empty(serving):
    assert serving.rows("next_step", where={"listed": True}, order="rank") == []
    assert serving.count("next_step", where={}) == 0


@pytest.mark.parametrize("asked", [{"where": {"phone": 1}}, {"order": "-phone"}, {"columns": ("phone",)}, {"sight": {"phone": "x"}}])
def test_unknown_columns_are_named(serving, asked):
    with pytest.raises(MissingColumns, match="does not have these columns: phone"):
        serving.rows("customer", **({"where": {}} | asked))


def test_a_value_of_another_type_is_not_repeated(serving):
    with pytest.raises(DataError, match="cannot compute this. Got customer") as problem:
        serving.rows("customer", where={"records": "13812345678 x"})
    assert "138" not in str(problem.value)


LIGHT = """
import sys
from pathlib import Path
from zhiyin.store.keys import derive_keys
from zhiyin.store.lake import Lake
from zhiyin.store.ledger import Ledger
from zhiyin.store.serving import Serving
from zhiyin.store.vault import Vault

folder, keys = Path(sys.argv[1]), derive_keys(b"k" * 32)
vault, ledger = Vault(folder / "vault.db", keys), Ledger(folder / "ledger.db", keys.ledger)
vault.seal([("c1", "name", "x")])
with Lake(folder / "lake", keys.lake, memory_mb=128, threads=1, keep=2).open() as view:
    rows = Serving(view).rows("customer", where={"customer_id": "c1"}, sight={"owner_id": "wang"})
print(len(rows), [name for name in ("ibis", "pandas", "pyarrow", "numpy") if name in sys.modules])
"""


def test_the_reading_path_needs_neither_ibis_nor_pandas(python, tmp_path, published):
    (tmp_path / "light.py").write_text(LIGHT)
    out, problems = python(tmp_path / "light.py", tmp_path).communicate()
    assert out == "1 []\n", problems
    assert published.current().name == "g000001"


def test_how_many_customers_have_rows(serving):
    assert serving.customers("order_line", sight=None) == 2
    assert serving.customers("order_line", sight={"team_id": "u"}) == 1
    assert serving.customers("customer", sight={"team_id": "t"}) == 2
