from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.recommend.arrange import Arranging, Candidate, Whom, alike, arrange
from zhiyin.recommend.rules import Offered, may_offer, newest

MAY = date(2026, 5, 1)


def _shown(scores: dict[str, float], items: dict[str, Offered], *, kind="new", k=9, whom=None, **how) -> list[str]:
    """The products that are shown, as a word a product."""
    candidates = [Candidate(product, score) for product, score in scores.items()]
    return [one.product_id for one in arrange(candidates, items, kind=kind, k=k, whom=whom or Whom(), how=Arranging(**how))]


def test_with_nothing_set_and_nothing_known_the_best_k_stay_as_they_are():
    found = arrange([Candidate("a", 0.4), Candidate("b", 0.3), Candidate("c", 0.3)], {}, kind="new", k=2)
    assert found == [("a", 0.4, 1, ""), ("b", 0.3, 2, "")]
    assert arrange([], {}, kind="new", k=2) == []


def test_what_may_not_be_offered_is_dropped_and_the_next_move_up():
    items = {
        "a": Offered(hidden=True),
        "b": Offered(),
        "c": Offered(regions=frozenset(["上海市"])),
        "d": Offered(sold_from=date(2026, 6, 1)),
    }
    whom = Whom(MAY, frozenset(["浙江省"]))
    found = arrange([Candidate(product, 1.0) for product in "abcde"], items, kind="new", k=2, whom=whom)
    assert [(one.product_id, one.rank) for one in found] == [("b", 1), ("e", 2)]


def test_a_successor_takes_the_place_of_what_it_replaces():
    items = {"a": Offered(successor="b"), "b": Offered(), "c": Offered()}
    found = arrange([Candidate("c", 0.9), Candidate("a", 0.5), Candidate("b", 0.1)], items, kind="new", k=9)
    assert found == [("c", 0.9, 1, ""), ("b", 0.5, 2, "a")]


def test_a_successor_that_may_not_be_offered_replaces_nothing():
    sold_out = {"a": Offered(successor="b"), "b": Offered(pieces=0)}
    assert _shown({"a": 1}, sold_out) == ["a"]
    durable = {"a": Offered(successor="b", repeatable=True), "b": Offered(repeatable=False)}
    assert _shown({"a": 1}, durable, kind="repeat") == ["a"]
    assert _shown({"a": 1}, durable, kind="new") == ["b"]


def test_what_the_customer_has_is_not_new_also_as_a_successor():
    items = {"a": Offered(successor="b"), "b": Offered(), "c": Offered()}
    whom = Whom(owns=frozenset(["b"]))
    assert _shown({"a": 3, "b": 2, "c": 1}, items, whom=whom) == ["c"]
    assert _shown({"a": 3, "b": 2, "c": 1}, items, whom=whom, kind="repeat") == ["b", "c"]


def test_a_category_has_at_most_so_many_and_what_has_none_is_not_counted():
    items = {name: Offered(category="tea") for name in ("t1", "t2", "t3")} | {"x": Offered(), "y": Offered()}
    scores = {"t1": 6, "t2": 5, "x": 4, "t3": 3, "y": 2}
    assert _shown(scores, items, at_most=2) == ["t1", "t2", "x", "y"]
    assert _shown(scores, items, at_most=1, k=2) == ["t1", "x"]


def test_a_product_that_leaves_too_little_is_dropped_and_an_unknown_margin_is_not():
    items = {"loss": Offered(margin=-5), "thin": Offered(margin=99), "fair": Offered(margin=100), "who knows": Offered()}
    assert _shown(dict.fromkeys(items, 1.0), items, least_margin=100) == ["fair", "who knows"]
    assert _shown(dict.fromkeys(items, 1.0), items, least_margin=0) == ["thin", "fair", "who knows"]


@pytest.mark.parametrize(
    ("weight", "shown"),
    [
        # score beside the best 1, .75, .5; margin beside the best .25, 1, mean of the known .625
        (0.0, ["a", "b", "c"]),
        (0.2, ["a", "b", "c"]),  # 1 x (.8 + .2 x .25) = .85; .75 x 1 = .75; .5 x (.8 + .2 x .625) = .4625
        (0.5, ["b", "a", "c"]),  # .625; .75; .40625
        (1.0, ["b", "c", "a"]),  # .25; .75; .3125
    ],
)
def test_margin_counts_as_far_as_its_weight_says(weight, shown):
    items = {"a": Offered(margin=100), "b": Offered(margin=400), "c": Offered()}
    assert _shown({"a": 0.4, "b": 0.3, "c": 0.2}, items, margin_weight=weight) == shown


def test_where_nothing_is_earned_margin_changes_nothing():
    assert _shown({"a": 0.4, "b": 0.3}, {"a": Offered(margin=-3), "b": Offered()}, margin_weight=1.0) == ["a", "b"]


@pytest.mark.parametrize(
    ("one", "other", "how_much"),
    [
        (Offered(), Offered(), 0.0),
        (Offered(category="tea"), Offered(category="tea"), 1.0),
        (Offered(category="tea"), Offered(category="cup"), 0.0),
        (Offered(category="tea"), Offered(), 0.0),
        (Offered(attributes=frozenset([("a", "1"), ("b", "2")])), Offered(attributes=frozenset([("a", "1"), ("b", "3")])), 1 / 3),
        (
            Offered(category="tea", attributes=frozenset([("a", "1")])),
            Offered(category="tea", attributes=frozenset([("a", "1"), ("b", "2")])),
            0.75,
        ),
    ],
)
def test_how_alike_two_items_are(one, other, how_much):
    assert alike(one, other) == alike(other, one) == pytest.approx(how_much)


@pytest.mark.parametrize(
    ("diversity", "shown"),
    [
        # scores beside the best: 1, .9, .5, .4; t1 is first; then t2 (1 - d) x .9 - d x 1 against c1 (1 - d) x .5 - 0
        (0.0, ["t1", "t2", "c1", "x"]),
        (0.2, ["t1", "t2", "c1", "x"]),  # .72 - .2 = .52 > .4
        (0.3, ["t1", "c1", "t2", "x"]),  # .63 - .3 = .33 < .35; then t2 .33 > x .28
        (0.5, ["t1", "c1", "x", "t2"]),  # .45 - .5 < .25; then x .2
    ],
)
def test_the_more_diversity_the_later_comes_what_is_like_the_first(diversity, shown):
    items = {"t1": Offered(category="tea"), "t2": Offered(category="tea"), "c1": Offered(category="cup"), "x": Offered(category="ink")}
    assert _shown({"t1": 1.0, "t2": 0.9, "c1": 0.5, "x": 0.4}, items, diversity=diversity) == shown


def test_scores_below_zero_are_arranged_too():
    items = {"t1": Offered(category="tea"), "t2": Offered(category="tea"), "c": Offered(category="cup")}
    assert _shown({"t1": -1.0, "t2": -2.0, "c": -3.0}, items, diversity=0.9) == ["t1", "c", "t2"]


_names = st.sampled_from("abcdefgh")
_items = st.builds(
    Offered,
    hidden=st.booleans(),
    pieces=st.none() | st.sampled_from([0.0, 2.0]),
    repeatable=st.none() | st.booleans(),
    category=st.sampled_from(["", "tea", "cup"]),
    sold_from=st.none() | st.sampled_from([date(2026, 4, 1), date(2026, 6, 1)]),
    sold_until=st.none() | st.sampled_from([date(2026, 4, 1), date(2026, 6, 1)]),
    regions=st.frozensets(st.sampled_from(["浙江省", "上海市"]), max_size=1),
    margin=st.none() | st.integers(-100, 1000),
    successor=st.just("") | _names,
    attributes=st.frozensets(st.tuples(st.just("colour"), st.sampled_from(["red", "blue"])), max_size=1),
)
_candidates = st.lists(st.builds(Candidate, _names, st.floats(-5, 5)), max_size=12).map(
    lambda rows: sorted(rows, key=lambda row: -row.score)
)
_how = st.builds(
    Arranging,
    at_most=st.integers(0, 3),
    diversity=st.floats(0, 1),
    least_margin=st.none() | st.integers(0, 500),
    margin_weight=st.floats(0, 1),
)
_whom = st.builds(Whom, st.just(MAY), st.frozensets(st.sampled_from(["浙江省"])), st.frozensets(_names, max_size=3))


@given(_candidates, st.dictionaries(_names, _items), st.sampled_from(["repeat", "new"]), st.integers(0, 6), _whom, _how)
def test_whatever_is_set_a_list_keeps_the_rules(candidates, items, kind, k, whom, how):
    found = arrange(candidates, items, kind=kind, k=k, whom=whom, how=how)
    shown = [one.product_id for one in found]
    assert len(shown) == len(set(shown)) <= k
    assert [one.rank for one in found] == list(range(1, len(found) + 1))
    assert all(may_offer(items.get(product, Offered()), kind, at=whom.at, region=whom.region) for product in shown)
    assert kind == "repeat" or whom.owns.isdisjoint(shown)
    margins = [items[product].margin for product in shown if product in items]
    assert how.least_margin is None or all(margin is None or margin >= how.least_margin for margin in margins)
    categories = Counter(items[product].category for product in shown if product in items)
    assert not how.at_most or all(count <= how.at_most for category, count in categories.items() if category)
    for one in found:  # each stands for a candidate: itself, or what it replaces
        stood_for = one.instead_of or one.product_id
        assert Candidate(stood_for, one.score) in candidates
        assert newest(stood_for, items, kind=kind, at=whom.at, region=whom.region) == one.product_id
    assert found == arrange(candidates, items, kind=kind, k=k, whom=whom, how=how)


@given(st.lists(_names, unique=True), st.integers(0, 9))
def test_with_everything_off_the_first_k_are_shown(products, k):
    items = {product: Offered(category="tea", margin=5) for product in products}
    assert _shown({product: 1 / (at + 1) for at, product in enumerate(products)}, items, k=k) == products[:k]
