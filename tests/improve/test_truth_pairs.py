import pandas as pd

from zhiyin.improve.truth_pairs import planted_scores


def test_each_planted_thing_is_judged_by_its_own_pairs():
    accounts = pd.DataFrame(
        [("a", 1, ""), ("b", 1, ""), ("c", 1, "masked"), ("d", 2, "masked"), ("e", 2, "homophone")],
        columns=["record_id", "person_id", "planted"],
    )
    identity = pd.DataFrame({"record_id": list("abcde"), "customer_id": ["x", "x", "x", "x", "y"]})
    judged = {one.measure: one for one in planted_scores(identity, accounts)}
    assert set(judged) == {"pair_f1_masked", "pair_f1_plain"}  # of the homophone every pair has a mask as well
    assert judged["pair_f1_plain"].figure.value == 1.0
    masked = judged["pair_f1_masked"].more  # joined: a-c b-c c-d a-d b-d; one person: a-c b-c d-e
    assert (masked["pairs"], masked["said"], masked["precision"], masked["recall"]) == (3, 5, 0.4, 2 / 3)


def test_a_truth_that_plants_nothing_is_not_judged():
    accounts = pd.DataFrame({"record_id": ["a"], "person_id": [1], "planted": [""]})
    assert list(planted_scores(pd.DataFrame({"record_id": ["a"], "customer_id": ["a"]}), accounts)) == []
