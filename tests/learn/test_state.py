import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csc_matrix

from zhiyin.core.errors import NotFound, StoreError, UsageError
from zhiyin.learn.state import pack, unpack

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(TREES)
def test_any_plain_tree_comes_back(tree):
    assert repr(unpack(pack(tree))) == repr(tree)


def test_arrays_come_back_with_their_type():
    tree = {
        "floats": np.array([[1.5, math.nan]]),
        "texts": np.array(["一", "b"], dtype=object),
        "flags": np.array([True]),
        "days": np.array(["2026-11-21"], "datetime64[D]"),
    }
    found = unpack(pack(tree))
    assert {name: array.dtype.kind for name, array in found.items()} == {"floats": "f", "texts": "U", "flags": "b", "days": "M"}
    assert found["texts"].tolist() == ["一", "b"]
    np.testing.assert_array_equal(found["floats"], tree["floats"])


def test_sparse_matrices_come_back():
    found = unpack(pack({"m": csc_matrix([[0.0, 2.0], [3.0, 0.0]])}))["m"]
    assert found.toarray().tolist() == [[0.0, 2.0], [3.0, 0.0]]


def test_numbers_of_numpy_are_plain_numbers():
    assert unpack(pack([np.float64(0.1), np.int64(3), np.bool_(True), math.inf])) == [0.1, 3, True, math.inf]


def test_long_texts_get_a_file_of_their_own():
    files = pack({"trees": "tree\n" * 1000})
    assert sorted(files) == ["arrays.npz", "state.json", "text-0.txt"]
    assert unpack(files) == {"trees": "tree\n" * 1000}


def test_the_same_tree_is_the_same_bytes():
    tree = {"a": np.arange(5), "b": [1.0, "x"]}
    assert pack(tree) == pack(tree)


@pytest.mark.parametrize(
    ("tree", "where"),
    [
        ({"a": [{"b": object()}]}, "state.a.b: object"),
        ({"a": {1, 2}}, "state.a: set"),
        ({"a": b"bytes"}, "state.a: bytes"),
        ({"a": np.array([object()])}, "state.a: ndarray"),
        ({1: "x"}, r"state\[1\]: int"),
        ({"$model": "x"}, r"state\['\$model'\]: str"),
    ],
)
def test_anything_else_is_refused_and_named(tree, where):
    with pytest.raises(UsageError, match=rf"cannot be stored safely. Got {where}"):
        pack(tree)


@pytest.mark.parametrize("name", ["state.json", "arrays.npz", "text-0.txt"])
@pytest.mark.parametrize("damage", [lambda content: b"", lambda content: content[: len(content) // 2], lambda content: b"[1]" + content])
def test_damaged_files_are_refused(name, damage):
    files = pack({"trees": "tree\n" * 1000, "a": np.arange(50)})
    with pytest.raises(StoreError, match=r"The files of a model cannot be read"):
        unpack(files | {name: damage(files[name])})


def test_a_model_inside_is_found_by_its_line_only():
    files = pack({"part": None})
    with pytest.raises(NotFound, match=r"No model is registered under this name. Got os:system"):
        unpack(files | {"state.json": b'{"part": {"$model": {"model": "os:system"}}}'})
