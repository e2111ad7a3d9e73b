import ibis
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, IdConflict, MissingColumns, NotFound, StoreError


@pytest.fixture
def build(lake):
    with lake.build(carry=[]) as made:
        yield made


def customers(rows, *ids, **columns):
    return rows("customer", customer_id=list(ids), **columns)


def test_arrow_frames_and_relations_are_written_alike(build, rows):
    given = customers(rows, "c1", "c2")
    assert build.write("customer", given) == 2
    as_arrow = build.frame(build.table("customer"))
    assert build.write("customer", given.to_pandas()) == 2
    pd.testing.assert_frame_equal(build.frame(build.table("customer")), as_arrow)
    assert build.write("customer", build.table("customer").mutate(records=ibis.literal(1, "int8"))) == 2
    pd.testing.assert_frame_equal(build.frame(build.table("customer")), as_arrow)


def test_a_relation_over_a_frame_is_written(build, rows):
    assert build.write("customer", ibis.memtable(customers(rows, "c1"))) == 1


def test_writing_again_replaces(build, rows):
    build.write("customer", customers(rows, "c1", "c2"))
    assert build.write("customer", customers(rows, "c9")) == 1
    assert build.frame(build.table("customer"))["customer_id"].tolist() == ["c9"]
    assert build.tables() == ["customer"]


def test_one_persons_rows_lie_together(build, rows):
    ids = [f"c{n % 50:02}" for n in range(500)]
    build.write("segment", rows("segment", customer_id=ids, scheme=[f"s{n}" for n in range(500)]))
    stored = build.cursor().execute("SELECT customer_id FROM lake.main.segment ORDER BY rowid").fetchall()
    assert stored == sorted(stored)


def test_parts_make_one_table(build, rows):
    parts = (customers(rows, *ids) for ids in (("c1", "c2"), (), ("c3",)))
    assert build.write_parts("customer", parts) == 3
    stored = build.cursor().execute("SELECT customer_id FROM lake.main.customer ORDER BY rowid").fetchall()
    assert stored == [("c1",), ("c2",), ("c3",)]


def test_a_part_that_fails_leaves_what_was_there(build, rows):
    build.write("customer", customers(rows, "c1"))
    with pytest.raises(IdConflict):
        build.write_parts("customer", [customers(rows, "c2"), customers(rows, "c2")])
    assert build.frame(build.table("customer"))["customer_id"].tolist() == ["c1"]


def test_amending_replaces_by_key_and_adds(build, rows):
    build.write("customer", customers(rows, "c1", "c2", owner_id=["li", "wu"]))
    new = build.scratch("new", customers(rows, "c2", "c3", owner_id=["he", "he"]))
    assert build.amend("customer", new) == 2
    found = build.frame(build.table("customer").order_by("customer_id"))
    assert found[["customer_id", "owner_id"]].to_numpy().tolist() == [["c1", "li"], ["c2", "he"], ["c3", "he"]]


def test_amending_with_what_is_read_from_the_table_itself(build, rows):
    build.write("customer", customers(rows, "c1", "c2", owner_id=["li", "wu"]))
    known = build.table("customer")
    assert build.amend("customer", known.filter(known["owner_id"] == "wu").mutate(owner_id=ibis.literal("he"))) == 1
    assert sorted(build.frame(build.table("customer"))["owner_id"]) == ["he", "li"]


def test_two_rows_with_one_key_are_refused_and_what_was_there_stays(build, rows):
    build.write("customer", customers(rows, "c1"))
    with pytest.raises(IdConflict, match="Two rows of table customer have the same key. Got customer_id"):
        build.write("customer", customers(rows, "c2", "c2"))
    assert build.frame(build.table("customer"))["customer_id"].tolist() == ["c1"]
    assert build.tables() == ["customer"]


def test_columns_are_checked(build, rows):
    given = customers(rows, "c1")
    with pytest.raises(MissingColumns, match="lacks columns: records"):
        build.write("customer", given.drop_columns("records"))
    with pytest.raises(DataError, match="does not declare these columns: phone"):
        build.append("customer", given.append_column("phone", [["1"]]))
    with pytest.raises(NotFound, match="There is no such table. Got customers"):
        build.write("customers", given)


def test_append_makes_the_table_and_counts(build, rows):
    first = build.append("customer", customers(rows, "c1", "c2"))
    again = build.append("customer", customers(rows, "c2", "c3").to_pandas())
    assert (first.stored, again.stored, again.duplicate) == (2, 1, 1)
    assert build.has("customer")


def test_a_scratch_table_joins_and_is_not_published(build, rows, lake):
    build.write("customer", customers(rows, "c1", "c2"))
    marks = build.scratch("marks", pd.DataFrame({"customer_id": ["c2"], "mark": [7]}))
    customer = build.table("customer")
    assert build.frame(customer.join(marks, "customer_id").select("customer_id", "mark")).to_dict("records") == [
        {"customer_id": "c2", "mark": 7}
    ]
    assert build.count(build.scratch("marks", customer.filter(customer["customer_id"] == "c1").select("customer_id"))) == 1
    build.publish()
    with lake.open() as view:
        assert view.tables() == ["customer"]


def test_values_that_do_not_fit_are_not_repeated(build, rows):
    build.write("customer", customers(rows, "c1", owner_id=["13812345678901234567890"]))
    customer = build.table("customer")
    with pytest.raises(DataError, match="cannot compute this") as problem:
        build.write("customer", customer.mutate(records=customer["owner_id"].cast("int64")))
    assert "138123" not in str(problem.value)


def test_after_publishing_the_build_is_over(build, rows):
    build.write("customer", customers(rows, "c1"))
    build.publish()
    with pytest.raises(StoreError, match="This generation is closed. Got g000001"):
        build.table("customer")
