import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.unify.match import WEIGHTS, exact, shared_widely


def _keys(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["record_id", "kind", "digest"])


def _named(pairs: pd.DataFrame) -> dict[tuple[str, str], str]:
    return {(row.left_record, row.right_record): row.evidence for row in pairs.itertuples()}


def test_records_that_share_a_digest_are_pairs():
    pairs = exact(_keys(("b", "phone", "1"), ("a", "phone", "1"), ("c", "phone", "2")))
    assert _named(pairs) == {("a", "b"): "phone"}
    assert pairs["weight"].tolist() == [WEIGHTS["phone"]]


def test_two_kinds_of_evidence_are_surer_than_one():
    pairs = exact(_keys(("a", "phone", "1"), ("b", "phone", "1"), ("a", "email", "x"), ("b", "email", "x")))
    assert _named(pairs) == {("a", "b"): "email,phone"}
    assert WEIGHTS["phone"] < pairs["weight"].item() < 1


def test_the_same_digest_of_another_kind_links_nobody():
    assert exact(_keys(("a", "phone", "1"), ("b", "email", "1"))).empty


def test_a_group_names_every_pair():
    assert list(_named(exact(_keys(*[(record, "phone", "1") for record in "cab"])))) == [("a", "b"), ("a", "c"), ("b", "c")]


def test_the_number_of_the_shop_links_nobody_and_is_reported():
    keys = _keys(*[(f"r{n}", "phone", "shop") for n in range(4)], ("r0", "email", "x"), ("r1", "email", "x"))
    assert _named(exact(keys, most=3)) == {("r0", "r1"): "email"}
    assert len(exact(keys, most=4)) == 6
    assert shared_widely(keys, most=3).to_dict("records") == [{"kind": "phone", "digest": "shop", "records": 4}]


def test_no_keys_no_pairs():
    pairs = exact(_keys())
    assert list(pairs.columns) == ["left_record", "right_record", "evidence", "weight"]
    assert pairs.empty


def test_a_missing_digest_is_no_evidence():
    assert exact(_keys(("a", "phone", None), ("b", "phone", None))).empty


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["phone", "email"]), st.sampled_from("123")), max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_order_and_repetition_of_rows_change_nothing(rows, random):
    shuffled = [*rows, *rows[:3]]
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(exact(_keys(*rows)), exact(_keys(*shuffled)))
