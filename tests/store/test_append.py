import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.core.errors import DataError
from zhiyin.core.tables import table_named
from zhiyin.store.append import append_rows, repeated_keys
from zhiyin.store.shapes import columns_ddl

STOCK = table_named("stock")  # key: product_id, counted_on


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as made:
        yield made


@pytest.fixture
def cursor(connection):
    connection.execute(f"CREATE OR REPLACE TABLE kept ({columns_ddl(STOCK)})")
    return connection


def add(cursor, rows):
    return append_rows(cursor, STOCK, place="kept", rows=rows)


def told(added):
    return added.stored, added.duplicate, added.conflicts.num_rows


def test_loading_twice_changes_nothing(cursor, rows):
    stock = rows("stock", product_id=["p1", "p2"], pieces=[1.0, 2.0])
    assert told(add(cursor, stock)) == (2, 0, 0)
    assert told(add(cursor, stock)) == (0, 2, 0)
    assert cursor.execute("SELECT count(*) FROM kept").fetchone() == (2,)


def test_where_a_row_came_from_does_not_matter(cursor, rows):
    add(cursor, rows("stock", product_id=["p1"], batch_id=["monday"], source_row=[2]))
    assert told(add(cursor, rows("stock", product_id=["p1"], batch_id=["tuesday"], source_row=[9]))) == (0, 1, 0)
    assert cursor.execute("SELECT batch_id, source_row FROM kept").fetchall() == [("monday", 2)]


def test_a_contradiction_comes_back_and_the_first_stays(cursor, rows):
    add(cursor, rows("stock", product_id=["p1"], pieces=[1.0]))
    added = add(cursor, rows("stock", product_id=["p0", "p1"], pieces=[5.0, 7.0]))
    assert told(added) == (1, 0, 1)
    assert added.conflicts.select(["product_id", "pieces"]).to_pylist() == [{"product_id": "p1", "pieces": 7.0}]
    assert added.conflicts.column_names == list(STOCK.names)
    assert cursor.execute("SELECT product_id, pieces FROM kept ORDER BY 1").fetchall() == [("p0", 5.0), ("p1", 1.0)]


def test_within_one_load_the_first_speaks_for_its_key(cursor, rows):
    added = add(cursor, rows("stock", product_id=["p1", "p1", "p1", "p2"], pieces=[1.0, 1.0, 2.0, 3.0]))
    assert told(added) == (2, 1, 1)
    assert cursor.execute("SELECT pieces FROM kept WHERE product_id = 'p1'").fetchall() == [(1.0,)]


def test_empty_is_a_value_like_another(cursor, rows):
    add(cursor, rows("stock", product_id=["p1"], pieces=[None]))
    assert told(add(cursor, rows("stock", product_id=["p1"], pieces=[None]))) == (0, 1, 0)
    assert told(add(cursor, rows("stock", product_id=["p1"], pieces=[0.0]))) == (0, 0, 1)


def test_no_rows_at_all(cursor, rows):
    assert told(add(cursor, rows("stock", product_id=[]))) == (0, 0, 0)


def test_an_empty_key_is_refused(cursor, rows):
    with pytest.raises(DataError, match="A key column of table stock is empty somewhere. Got product_id"):
        add(cursor, rows("stock", product_id=["p1", None]))
    assert cursor.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchone() == (0,)


def test_keys_that_repeat_are_found_exactly(cursor, rows):
    add(cursor, rows("stock", product_id=["p1", "p2"]))
    assert not repeated_keys(cursor, STOCK, place="kept")
    cursor.execute("INSERT INTO kept SELECT * FROM kept WHERE product_id = 'p2'")
    assert repeated_keys(cursor, STOCK, place="kept")


LOADS = st.lists(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([0.0, 1.0, None])), max_size=6), max_size=4)
FEW = settings(max_examples=30)


@FEW
@given(loads=LOADS)
def test_it_does_what_a_dictionary_would(connection, rows, loads):
    connection.execute(f"CREATE OR REPLACE TABLE kept ({columns_ddl(STOCK)})")
    known = {}
    for load in loads:
        stored = duplicate = conflict = 0
        for key, pieces in load:
            stored += key not in known
            duplicate += key in known and known[key] == pieces
            conflict += key in known and known[key] != pieces
            known.setdefault(key, pieces)
        added = add(connection, rows("stock", product_id=[key for key, _ in load], pieces=[pieces for _, pieces in load]))
        assert told(added) == (stored, duplicate, conflict)
    assert dict(connection.execute("SELECT product_id, pieces FROM kept").fetchall()) == known


@FEW
@given(loads=LOADS)
def test_equal_hashes_of_different_keys_do_no_harm(connection, rows, loads):
    """The same with a hash that knows three values only: whole keys must decide."""
    worse = _WorseHash(connection)
    connection.execute(f"CREATE OR REPLACE TABLE kept ({columns_ddl(STOCK)})")
    known = {}
    for load in loads:
        distinct = dict(load)
        fresh = [key for key in distinct if key not in known]
        clashes = [key for key in distinct if key in known and known[key] != distinct[key]]
        added = append_rows(worse, STOCK, place="kept", rows=rows("stock", product_id=list(distinct), pieces=list(distinct.values())))
        assert (added.stored, sorted(added.conflicts["product_id"].to_pylist())) == (len(fresh), sorted(clashes))
        known |= {key: distinct[key] for key in fresh}


class _WorseHash:
    """A cursor whose hash of keys tells three values apart; the hash of a whole row stays good."""

    def __init__(self, cursor):
        self._cursor = cursor

    def __getattr__(self, name):
        return getattr(self._cursor, name)

    def execute(self, query):
        return self._cursor.execute(query.replace('hash("product_id", "counted_on")', '(ord("product_id") % 3)'))


def test_received_is_stored_and_known_and_contradicted(cursor, rows):
    many = rows("stock", product_id=[f"p{n % 700}" for n in range(1000)], pieces=[float(n % 900) for n in range(1000)])
    for _ in range(2):
        assert sum(told(add(cursor, many))) == 1000
    assert isinstance(add(cursor, many).conflicts, pa.Table)
