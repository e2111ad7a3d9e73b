from collections import Counter

from zhiyin.sandbox.picks import Picks


def test_the_choices_stay_what_they_are():
    picks = Picks(7, "name")
    assert [picks.below(1000) for _ in range(5)] == [615, 233, 484, 443, 419]


def test_what_it_is_about_changes_the_choices():
    assert [Picks(draw, "name").below(1000) for draw in range(20)] != [Picks(draw, "street").below(1000) for draw in range(20)]


def test_each_thing_is_chosen_about_as_often():
    found = Counter(Picks(draw, "letter").of("abcd") for draw in range(8000))
    assert set(found) == set("abcd")
    assert all(1850 < count < 2150 for count in found.values())


def test_weights_are_kept():
    found = Counter(Picks(draw, "letter").weighted((1, 0, 3)) for draw in range(8000))
    assert set(found) == {0, 2}
    assert 1850 < found[0] < 2150


def test_later_choices_do_not_follow_the_first():
    pairs = Counter()
    for draw in range(8000):
        picks = Picks(draw, "pair")
        pairs[picks.below(2), picks.below(2)] += 1
    assert all(1850 < count < 2150 for count in pairs.values())
