import duckdb
import ibis
import pyarrow as pa

from zhiyin.store import relations
from zhiyin.store.relations import LockedBackend


def test_ibis_works_where_no_setting_can_be_changed():
    connection = duckdb.connect()
    connection.execute("SET lock_configuration = true")
    backend = LockedBackend.from_connection(connection)
    frame = backend.execute(ibis.memtable(pa.table({"a": [1, 2]})).filter(lambda row: row["a"] > 1))
    assert frame.to_dict("list") == {"a": [2]}


def test_the_schema_of_a_table_is_that_of_ibis():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (a VARCHAR NOT NULL, b BIGINT, c TIMESTAMP, d DATE, e DOUBLE, f BOOLEAN)")
    schema = LockedBackend.from_connection(connection).table("t", database="memory.main").schema()
    assert {name: str(type_) for name, type_ in schema.items()} == {
        "a": "!string",
        "b": "int64",
        "c": "timestamp(6)",
        "d": "date",
        "e": "float64",
        "f": "boolean",
    }


def test_a_relation_over_frames_becomes_sql_that_runs():
    backend = LockedBackend.from_connection(duckdb.connect())
    sql = backend.runnable(ibis.memtable(pa.table({"a": [1, 2]})).agg(total=lambda row: row["a"].sum()))
    assert backend.con.execute(sql).fetchall() == [(3,)]


def test_a_relation_is_compiled_once_and_runs_in_every_workspace():
    found = []
    for value in (1, 2):
        connection = duckdb.connect()
        connection.execute(f"CREATE TABLE t AS SELECT {value} AS a")
        backend = LockedBackend.from_connection(connection)
        table = backend.table("t", database="memory.main")
        found += [backend.execute(table.filter(table["a"] > 0)).to_dict("list")]
        assert backend.execute(table, limit=0).empty
    assert found == [{"a": [1]}, {"a": [2]}]
    assert relations._sql.cache_info().hits > 0
    assert relations._sql(table.op()) == ibis.to_sql(table, dialect="duckdb", pretty=False)


def test_literals_that_are_equal_in_python_are_not_the_same_sql():
    backend = LockedBackend.from_connection(duckdb.connect())
    frames = [backend.execute(ibis.literal(value).name("a").as_table()) for value in (1, 1.0, True)]
    assert [str(frame["a"].dtype) for frame in frames] == ["int8", "float64", "bool"]


def test_the_sql_of_a_frame_is_not_kept_with_the_frame():
    backend = LockedBackend.from_connection(duckdb.connect())
    before = relations._sql.cache_info().currsize
    backend.execute(ibis.memtable(pa.table({"a": [1, 2]})))
    assert relations._sql.cache_info().currsize == before
