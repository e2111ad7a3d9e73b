from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.unify.merge import customers, resolve

DAYS = {"a": date(2024, 3, 1), "b": date(2024, 1, 1), "c": date(2024, 2, 1), "d": None}


def _records(names: str = "abcd") -> pd.DataFrame:
    return pd.DataFrame({"record_id": list(names), "since_on": [DAYS.get(name) for name in names]})


def _pairs(*pairs: str, weight: float = 0.9) -> pd.DataFrame:
    return pd.DataFrame({"left_record": [p[0] for p in pairs], "right_record": [p[1] for p in pairs], "weight": weight}, dtype=object)


def _customers(identity: pd.DataFrame) -> dict[str, str]:
    return dict(zip(identity["record_id"], identity["customer_id"], strict=True))


def test_without_pairs_everybody_is_a_customer():
    assert _customers(resolve(_records(), _pairs())) == {"a": "a", "b": "b", "c": "c", "d": "d"}


def test_linked_records_bear_the_id_of_the_oldest():
    assert _customers(resolve(_records(), _pairs("ac", "bc"))) == {"a": "b", "b": "b", "c": "b", "d": "d"}


def test_an_unknown_day_is_the_youngest():
    assert _customers(resolve(_records(), _pairs("ad"))) == {"a": "a", "b": "b", "c": "c", "d": "a"}


def test_equal_days_are_decided_by_the_id():
    records = pd.DataFrame({"record_id": ["z", "y"], "since_on": [date(2024, 1, 1)] * 2})
    assert set(resolve(records, _pairs("zy"))["customer_id"]) == {"y"}


def test_a_pair_with_a_record_that_is_gone_is_passed_over():
    assert _customers(resolve(_records("abc"), _pairs("xa", "xb"))) == {"a": "a", "b": "b", "c": "c"}


def test_taken_apart_by_hand_they_stay_apart_also_through_a_third():
    group = _pairs("ab", "bc", "ac")
    assert _customers(resolve(_records("abc"), group, apart=_pairs("ab"))) == {"a": "a", "b": "b", "c": "b"}


def test_the_weaker_link_gives_way():
    group = pd.concat([_pairs("bc", weight=0.5), _pairs("ac", weight=0.9)])
    assert _customers(resolve(_records("abc"), group, apart=_pairs("ab"))) == {"a": "c", "b": "b", "c": "c"}


def test_apart_of_strangers_or_of_the_gone_changes_nothing():
    same = resolve(_records(), _pairs("ab"))
    pd.testing.assert_frame_equal(resolve(_records(), _pairs("ab"), apart=_pairs("cd", "xa")), same)
    pd.testing.assert_frame_equal(resolve(_records(), _pairs("ab"), apart=_pairs()), same)


names = "abcdefg"
drawn_days = st.lists(st.sampled_from([None, date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3)]), min_size=7, max_size=7)
drawn_pairs = st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names), st.sampled_from([0.5, 0.9])), max_size=10)
drawn_apart = st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=3)


def _drawn(days, pairs) -> tuple[pd.DataFrame, pd.DataFrame]:
    records = pd.DataFrame({"record_id": list(names), "since_on": days})
    return records, pd.DataFrame(pairs, columns=["left_record", "right_record", "weight"])


@settings(max_examples=30)
@given(drawn_days, drawn_pairs, drawn_apart, st.randoms(use_true_random=False))
def test_the_order_of_records_and_pairs_changes_nothing(days, pairs, apart, random):
    records, links = _drawn(days, pairs)
    apart = pd.DataFrame(apart, columns=["left_record", "right_record"])
    turned = [(right, left, weight) for left, right, weight in pairs]
    random.shuffle(turned)
    other_links = pd.DataFrame(turned, columns=links.columns)
    other_records = records.sample(frac=1, random_state=random.randint(0, 99))
    pd.testing.assert_frame_equal(resolve(records, links, apart=apart), resolve(other_records, other_links, apart=apart.iloc[::-1]))


@settings(max_examples=30)
@given(drawn_days, drawn_pairs)
def test_customers_are_the_connected_groups_and_bear_their_oldest(days, pairs):
    records, links = _drawn(days, pairs)
    found = _customers(resolve(records, links))
    group = {name: {name} for name in names}
    for left, right, _ in pairs:
        joined = group[left] | group[right]
        group.update(dict.fromkeys(joined, joined))
    age = {name: (day is None, day or date.min, name) for name, day in zip(names, days, strict=True)}
    assert found == {name: min(group[name], key=age.__getitem__) for name in names}


@settings(max_examples=30)
@given(drawn_days, drawn_pairs, st.tuples(st.sampled_from(names), st.sampled_from(names), st.just(0.9)))
def test_removing_a_pair_restores_what_was_before(days, pairs, extra):
    records, links = _drawn(days, pairs)
    _, more = _drawn(days, [*pairs, extra])
    resolve(records, more)
    pd.testing.assert_frame_equal(resolve(records, more.iloc[:-1]), resolve(records, links))


@settings(max_examples=30)
@given(drawn_days, drawn_pairs, drawn_apart)
def test_those_taken_apart_never_meet(days, pairs, apart):
    records, links = _drawn(days, pairs)
    found = _customers(resolve(records, links, apart=pd.DataFrame(apart, columns=["left_record", "right_record"])))
    assert all(found[left] != found[right] for left, right in apart if left != right)


def test_a_customer_is_described_by_the_oldest_record_and_the_oldest_owner(shop):
    shop.fill(
        "record",
        [
            {"record_id": "a", "since_on": date(2024, 3, 1), "owner_id": "rep2", "team_id": "t2"},
            {"record_id": "b", "since_on": date(2024, 1, 1), "kind": "firm"},
            {"record_id": "c", "since_on": date(2024, 2, 1), "owner_id": "rep1", "team_id": "t1"},
            {"record_id": "d"},
        ],
    )
    shop.fill("identity", [{"record_id": record, "customer_id": "b"} for record in "abc"])
    found = shop.frame(customers(shop.tables["record"], shop.tables["identity"]))
    assert found["customer_id"].tolist() == ["b", "d"]
    assert found["kind"].tolist() == ["firm", "person"]
    assert found["owner_id"].tolist() == ["rep1", ""]
    assert found["team_id"].tolist() == ["t1", ""]
    assert found["records"].tolist() == [3, 1]
    assert str(found["since_on"][0].date()) == "2024-01-01"
    assert pd.isna(found["since_on"][1])
