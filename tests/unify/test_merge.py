from datetime import date
from typing import NamedTuple

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.unify.merge import customers, resolve

COLUMNS = ["left_record", "right_record", "kind", "bits"]
DAYS = {"a": date(2024, 3, 1), "b": date(2024, 1, 1), "c": date(2024, 2, 1), "d": None}


def _records(names: str = "abcd") -> pd.DataFrame:
    return pd.DataFrame({"record_id": list(names), "since_on": [DAYS.get(name) for name in names]})


class Word(NamedTuple):
    """What a person said of two records."""

    kind: str
    left_record: str
    right_record: str


def _pairs(*pairs: str, bits: float = 9.0, kind: str = "link") -> pd.DataFrame:
    ends = {"left_record": [p[0] for p in pairs], "right_record": [p[1] for p in pairs]}
    return pd.DataFrame(ends | {"kind": kind, "bits": bits}, columns=COLUMNS, dtype=object)


def _and(*frames: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True)


def _said(*words: str) -> list[Word]:
    """`merge ab` and `unmerge ab`, oldest first."""
    return [Word(kind, *sorted(pair)) for kind, pair in (word.split() for word in words)]


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
    assert _customers(resolve(_records("abc"), group, said=_said("unmerge ab"))) == {"a": "a", "b": "b", "c": "b"}
    assert _customers(resolve(_records("abc"), _and(group[1:], _pairs("ab", kind="conflict")))) == {"a": "a", "b": "b", "c": "b"}


def test_the_weaker_link_gives_way():
    group = _and(_pairs("bc", bits=5.0), _pairs("ac"), _pairs("ab", kind="conflict"))
    assert _customers(resolve(_records("abc"), group)) == {"a": "c", "b": "b", "c": "c"}


def test_apart_of_strangers_or_of_the_gone_changes_nothing():
    same = resolve(_records(), _pairs("ab"))
    pd.testing.assert_frame_equal(resolve(_records(), _pairs("ab"), said=_said("unmerge cd", "unmerge xa")), same)
    pd.testing.assert_frame_equal(resolve(_records(), _and(_pairs("ab"), _pairs("cd", "xa", kind="conflict"))), same)


def test_a_person_joins_whole_groups_whatever_they_differ_in():
    found = _and(_pairs("ab", "cd"), _pairs("bd", kind="conflict"))
    assert set(_customers(resolve(_records(), found, said=_said("merge ac"))).values()) == {"b"}


def test_the_last_word_counts():
    apart = {"a": "b", "b": "b", "c": "c", "d": "c"}
    found = _pairs("ab", "cd")
    assert _customers(resolve(_records(), found, said=_said("merge ac", "unmerge ac"))) == apart
    assert set(_customers(resolve(_records(), found, said=_said("merge ac", "unmerge ac", "merge ac"))).values()) == {"b"}


def test_two_are_parted_although_others_were_merged():
    found = _pairs("ab", "cd")
    assert _customers(resolve(_records(), found, said=_said("merge ac", "unmerge bd"))) == {"a": "b", "b": "b", "c": "c", "d": "c"}
    assert set(_customers(resolve(_records(), found, said=_said("unmerge bd", "merge ac"))).values()) == {"b"}


def _masked(*pairs: str) -> pd.DataFrame:
    """The first of each pair is a masked record that fits the second."""
    rows = [_pairs("".join(sorted(pair)), kind="left_fits" if pair[0] < pair[1] else "right_fits") for pair in pairs]
    return _and(*rows)


def _of_systems(**systems: str) -> pd.DataFrame:
    return _records("".join(systems)).assign(source=list(systems.values()))


def test_a_masked_buyer_joins_the_one_whom_he_fits():
    records = _of_systems(a="crm", b="mall", m="tmall")
    assert _customers(resolve(records, _and(_pairs("ab"), _masked("mb"))))["m"] == "b"
    assert _customers(resolve(records, _and(_pairs("ab"), _masked("mb", "ma"))))["m"] == "b"  # both records of the same person


def test_a_masked_buyer_who_fits_two_persons_joins_nobody():
    records = _of_systems(a="crm", b="mall", m="tmall")
    assert _customers(resolve(records, _masked("ma", "mb")))["m"] == "m"


def test_two_masked_buyers_of_one_system_who_fit_the_same_person_join_nobody():
    both = _of_systems(a="crm", m="tmall", n="tmall")
    assert set(_customers(resolve(both, _masked("ma", "na"))).values()) == {"a", "m", "n"}
    other = _of_systems(a="crm", m="tmall", n="jd")
    assert set(_customers(resolve(other, _masked("ma", "na"))).values()) == {"a"}


names = "abcdefg"
drawn_days = st.lists(st.sampled_from([None, date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3)]), min_size=7, max_size=7)
drawn_pairs = st.lists(
    st.tuples(
        st.sampled_from(names),
        st.sampled_from(names),
        st.sampled_from(["link", "link", "conflict", "left_fits"]),
        st.sampled_from([5.0, 9.0]),
    ),
    max_size=12,
)
drawn_words = st.lists(st.tuples(st.sampled_from(["merge", "unmerge"]), st.sampled_from(names), st.sampled_from(names)), max_size=4)


def _drawn(days, pairs) -> tuple[pd.DataFrame, pd.DataFrame]:
    records = pd.DataFrame({"record_id": list(names), "since_on": days, "source": ["crm", "tmall"] * 3 + ["pos"]})
    rows = [(*sorted((left, right)), kind, bits) for left, right, kind, bits in pairs if left != right]
    return records, pd.DataFrame(rows, columns=COLUMNS).drop_duplicates(COLUMNS[:2])


@settings(max_examples=60)
@given(drawn_days, drawn_pairs, drawn_words, st.randoms(use_true_random=False))
def test_the_order_of_records_and_pairs_changes_nothing(days, pairs, words, random):
    records, links = _drawn(days, pairs)
    said = [Word(kind, *sorted((one, other))) for kind, one, other in words if one != other]
    mixed = records.sample(frac=1, random_state=random.randint(0, 99))
    turned = links.sample(frac=1, random_state=random.randint(0, 99))
    pd.testing.assert_frame_equal(resolve(records, links, said=said), resolve(mixed, turned, said=said))


@settings(max_examples=30)
@given(drawn_days, drawn_pairs)
def test_customers_are_the_connected_groups_and_bear_their_oldest(days, pairs):
    records, links = _drawn(days, pairs)
    links = links[links["kind"].eq("link")]
    found = _customers(resolve(records, links))
    group = {name: {name} for name in names}
    for left, right in zip(links["left_record"], links["right_record"], strict=True):
        joined = group[left] | group[right]
        group.update(dict.fromkeys(joined, joined))
    age = {name: (day is None, day or date.min, name) for name, day in zip(names, days, strict=True)}
    assert found == {name: min(group[name], key=age.__getitem__) for name in names}


@settings(max_examples=60)
@given(drawn_days, drawn_pairs, drawn_words, st.tuples(st.sampled_from(names), st.sampled_from(names)))
def test_a_merge_that_is_taken_back_leaves_what_was(days, pairs, words, two):
    records, found = _drawn(days, pairs)
    said = [Word(kind, *sorted((one, other))) for kind, one, other in words if one != other]
    before = resolve(records, found, said=said)
    held = _customers(before)
    if held[two[0]] == held[two[1]] or any({word.left_record, word.right_record} == set(two) for word in said):
        return
    wrong = [*said, Word("merge", *sorted(two))]
    assert len({_customers(resolve(records, found, said=wrong))[name] for name in two}) == 1
    pd.testing.assert_frame_equal(resolve(records, found, said=[*wrong, Word("unmerge", *sorted(two))]), before)


@settings(max_examples=60)
@given(drawn_days, drawn_pairs, drawn_words)
def test_those_parted_last_never_meet(days, pairs, words):
    records, found = _drawn(days, pairs)
    said = [Word(kind, *sorted((one, other))) for kind, one, other in words if one != other]
    held = _customers(resolve(records, found, said=[*said, Word("unmerge", "a", "b")]))
    assert held["a"] != held["b"]


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
