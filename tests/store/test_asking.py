import sys
import threading

import duckdb
import pytest

from zhiyin.store.asking import asked

ASKS = """
import json, sys, duckdb
from zhiyin.store.asking import asked
connection = duckdb.connect()
asked(connection, "SELECT ?, $2", values=["x", 1])
found = asked(connection, "SELECT $a, $b", values={"a": "x", "b": None}).fetchall()
light = "pandas" not in sys.modules
import pandas
connection.register("frame", pandas.DataFrame({"a": [1, None]}))
late = asked(connection, "SELECT count(a) FROM frame WHERE a = ?", values=[1]).fetchall()
print(json.dumps([found, light, late]))
"""


def test_values_are_bound_without_pandas_and_with_it_later(python, tmp_path):
    (tmp_path / "asks.py").write_text(ASKS)
    out, problems = python(tmp_path / "asks.py").communicate()
    assert out == '[[["x", null]], true, [[1]]]\n', problems


def test_other_threads_import_what_they_like(monkeypatch):
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    found, connection = [], duckdb.connect()
    connection.create_function("look", lambda: _import_in_a_thread(found), [], "INTEGER")
    assert asked(connection, "SELECT look() + ?", values=[1]).fetchall() == [(2,)]
    assert set(found) == {"pandas"}  # DuckDB may call a function more than once


def _import_in_a_thread(found):
    from importlib.util import find_spec

    thread = threading.Thread(target=lambda: found.append(find_spec("pandas").name))
    thread.start()
    thread.join()
    return 1


def test_an_error_ends_the_asking(monkeypatch):
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    with pytest.raises(duckdb.CatalogException):
        asked(duckdb.connect(), "SELECT * FROM absent WHERE a = ?", values=[1])
    from importlib.util import find_spec

    assert find_spec("pandas") is not None
