import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.unify.occurrences import Occurrences


def test_equal_pairs_are_numbered_over_all_batches():
    counted = Occurrences()
    assert counted.number(pa.array(["o1", "o1", "o2", "o1"]), pa.array(["p", "p", "p", "q"])).tolist() == [0, 1, 0, 0]
    assert counted.number(pa.array(["o1", "o3", "o1"]), pa.array(["p", "p", "p"])).tolist() == [2, 0, 3]
    assert counted.number(pa.array([], pa.string()), pa.array([], pa.string())).tolist() == []


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=20), max_size=5))
def test_it_counts_like_a_dictionary(batches):
    counted, known = Occurrences(), {}
    for batch in batches:
        expected = []
        for pair in batch:
            expected.append(known.get(pair, 0))
            known[pair] = expected[-1] + 1
        left, right = ([pair[side] for pair in batch] for side in (0, 1))
        assert counted.number(pa.array(left, pa.string()), pa.array(right, pa.string())).tolist() == expected
