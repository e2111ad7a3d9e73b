import numpy as np
import pytest

from recommend.conftest import day, shop
from zhiyin.recommend.ranking import top_lists
from zhiyin.recommend.repeat import NAMES, Habits, fit_repeat, held


def weekly(people=120, days=140):
    """Everybody buys milk each week and tried ten other things once; even customers also buy bread each second week."""
    rows = [(f"c{person:03d}", "milk", on) for person in range(people) for on in range(person % 7, days, 7)]
    rows += [(f"c{person:03d}", "bread", on) for person in range(0, people, 2) for on in range(person % 14, days, 14)]
    return rows + [(f"c{person:03d}", f"once {item}", 20 + 9 * item + person % 9) for person in range(people) for item in range(10)]


@pytest.fixture(scope="module")
def learned():
    found = shop(weekly())
    return found, fit_repeat(found, day(140), horizon=28, seed=1)


def test_held_counts_first_last_and_interval():
    pairs = held(shop([("a", "tea", 0), ("a", "tea", 10), ("a", "tea", 30), ("b", "tea", 5)]), day(40))
    assert pairs.count.tolist() == [3, 1]
    assert (pairs.first - day(0)).tolist() == [0, 5]
    assert (pairs.last - day(0)).tolist() == [30, 5]
    assert pairs.interval[0] == 15
    assert np.isnan(pairs.interval[1])


def test_the_plain_score_halves_in_120_days():
    pairs = held(shop([("a", "tea", 0), ("a", "tea", 120)]), day(240))
    assert pairs.plain[0] == pytest.approx(0.5 + 0.25)


def test_the_shortlist_keeps_the_best_of_each_customer():
    found = shop([("a", "old", 0), ("a", "tea", 9), ("a", "tea", 10), ("b", "old", 0)])
    pairs = held(found, day(20), shortlist=1)
    assert found.items[pairs.item].tolist() == ["tea", "old"]


def test_features_are_finite_and_as_many_as_named():
    found = shop([("a", "tea", 0), ("b", "tea", 5)])
    habits = Habits(found, day(10), horizon=28)
    known = habits.features(habits.pairs)
    assert known.shape == (2, len(NAMES))
    assert np.isfinite(known).all()


def test_pairs_of_some_customers_only():
    habits = Habits(shop([("a", "tea", 0), ("b", "tea", 5), ("b", "rice", 5)]), day(10), horizon=28)
    assert habits.of(np.array([1], np.int32)).customer.tolist() == [1, 1]
    assert len(habits.of(np.zeros(0, np.int32)).customer) == 0


def test_what_is_bought_each_week_comes_first(learned):
    found, part = learned
    habits = Habits(found, day(140), horizon=28)
    chance = part.chance(habits, habits.pairs)
    lists = top_lists(habits.pairs.customer, habits.pairs.item, score=chance, count=len(found.customers), k=2)
    assert set(found.items[lists[:, 0]]) == {"milk"}
    assert set(found.items[lists[0::2, 1]]) == {"bread"}
    assert ((chance >= 0) & (chance <= 1)).all()


def test_the_past_is_learned_blind_to_what_comes_after(learned):
    _, part = learned
    later = shop([*weekly(), *((f"c{person:03d}", "once 3", 150) for person in range(40))])
    known = later.before(day(140))
    again = fit_repeat(known, day(140), horizon=28, seed=1)
    assert again.scores == part.scores


def test_weights_are_used_only_where_they_win(learned):
    _, part = learned
    assert part.used == ("learned" if part.weights else "counts")
    won = part.scores["recall@10", "learned"].value > part.scores["recall@10", "counts"].value
    assert won == (part.weights is not None)


def test_with_little_history_plain_counts_as_a_chance():
    found = shop([("a", "tea", on) for on in range(0, 60, 5)] + [("a", "rice", 30)])
    part = fit_repeat(found, day(60), horizon=28, seed=1)
    habits = Habits(found, day(60), horizon=28)
    chance = dict(zip(found.items[habits.pairs.item], part.chance(habits, habits.pairs), strict=True))
    assert (part.used, part.weights, part.scores) == ("counts", None, {})
    assert 0 < chance["rice"] < 0.5 < chance["tea"] < 1
