import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare

from zhiyin.core.errors import DataError, MissingColumns, UsageError
from zhiyin.improve.off_policy import dr, ips, snips
from zhiyin.recommend.explore import Exploration, chances, explore

ITEMS = list("abcdefgh")
RANKED = pd.DataFrame({"item_id": ITEMS, "score": [0.3, 0.25, 0.2, 0.2, 0.15, 0.1, 0.05, 0.0]})
NEW = pd.DataFrame({"item_id": [], "shows": [], "clicks": []})
SEEN = pd.DataFrame({"item_id": ["g", "g", "c"], "shows": [100, 100, 50], "clicks": [30, 20, 2]})


def lists(how: Exploration, *, rounds: int, k: int = 4, seen: pd.DataFrame = SEEN, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.concat([explore(RANKED, seen, k=k, how=how, rng=rng) for _ in range(rounds)], ignore_index=True)


def test_off_by_default():
    found = explore(RANKED, SEEN, k=3, how=Exploration(), rng=np.random.default_rng(1))
    assert found["item_id"].tolist() == ["a", "b", "c"] and found["rank"].tolist() == [1, 2, 3]
    assert found["propensity"].tolist() == [1, 1, 1] and not found["explored"].any()
    assert chances(RANKED, SEEN, k=3, how=Exploration())["propensity"].tolist() == [1, 1, 1, 0, 0, 0, 0, 0]


def test_the_first_places_stay_and_the_last_ones_explore():
    found = lists(Exploration(places=2), rounds=50)
    assert found.loc[~found["explored"], "item_id"].tolist() == ["a", "b"] * 50
    assert set(found.loc[found["explored"], "rank"]) == {3, 4}
    assert found["score"].tolist() == found["item_id"].map(RANKED.set_index("item_id")["score"]).tolist()
    assert not found.groupby(np.arange(len(found)) // 4)["item_id"].apply(lambda items: items.duplicated().any()).any()


@pytest.mark.parametrize("places", [1, 2, 3])
def test_items_are_shown_as_often_as_their_propensity_says(places):
    how = Exploration(places=places, floor=0.3, draws=50)  # rough chances, exact propensities
    said = chances(RANKED, SEEN, k=4, how=how).set_index("item_id")
    found = lists(how, rounds=2000)
    for place in range(5 - places, 5):
        shown = found[found["rank"] == place]
        expected = said.loc[said["explored"], "propensity"]
        assert chisquare(shown["item_id"].value_counts().reindex(expected.index, fill_value=0), 2000 * expected).pvalue > 0.001
        assert shown["propensity"].tolist() == expected[shown["item_id"]].tolist()


def test_a_wrong_propensity_would_be_seen():
    how = Exploration(places=1, floor=0.3, draws=50)
    expected = chances(RANKED, SEEN, k=4, how=how).query("explored").set_index("item_id")["propensity"]
    shown = lists(how, rounds=2000).query("explored")["item_id"].value_counts().reindex(expected.index, fill_value=0)
    blurred = 0.8 * expected + 0.2 * expected.mean()
    assert chisquare(shown, 2000 * blurred).pvalue < 0.001


def test_no_item_is_ever_impossible():
    said = chances(RANKED, pd.DataFrame({"item_id": ["h"], "shows": [10**6], "clicks": [0]}), k=4, how=Exploration(places=2))
    assert said.loc[said["explored"], "propensity"].min() == pytest.approx(0.1 / 6)
    assert said.loc[said["explored"], "propensity"].sum() == pytest.approx(1)


def test_thompson_tries_what_may_be_best():
    said = chances(RANKED, SEEN, k=3, how=Exploration(places=1)).set_index("item_id")["propensity"]
    new = chances(RANKED, NEW, k=3, how=Exploration(places=1)).set_index("item_id")["propensity"]
    assert said["g"] > 0.2 > 0.05 > new["g"]  # 50 clicks in 200 shows against a score of .05
    assert said["c"] < new["c"]  # 2 clicks in 50 shows against a score of .2


def test_the_chances_are_those_of_the_posterior():
    two = pd.DataFrame({"item_id": ["a", "b"], "score": [0.5, 0.5]})
    seen = pd.DataFrame({"item_id": ["a"], "shows": [1], "clicks": [1]})
    how = Exploration(places=1, floor=1e-9, worth=2, draws=40_000)
    # a ~ Beta(2, 1), b ~ Beta(1, 1): P(a > b) = E[a] = 2/3
    assert chances(two, seen, k=1, how=how)["propensity"].tolist() == pytest.approx([2 / 3, 1 / 3], abs=0.01)


def test_a_short_list_shows_everything():
    found = lists(Exploration(places=3), rounds=1, k=9)
    assert sorted(found["item_id"]) == ITEMS
    assert found["propensity"].tolist() == pytest.approx([1] * 6 + [1 / 2] * 2)
    assert explore(RANKED.head(0), NEW, k=3, how=Exploration(places=1), rng=np.random.default_rng(1)).empty


def test_the_same_seed_gives_the_same_lists():
    assert lists(Exploration(places=2), rounds=5).equals(lists(Exploration(places=2), rounds=5))
    assert not lists(Exploration(places=2), rounds=5).equals(lists(Exploration(places=2), rounds=5, seed=2))


@pytest.mark.parametrize("odd", [{"places": -1}, {"floor": 0.0}, {"floor": 1.1}, {"worth": 0.0}, {"draws": 0}])
def test_settings_that_make_no_sense(odd):
    with pytest.raises(UsageError, match="make no sense") as refused:
        Exploration(**odd)
    assert "探索的设置不成立" in refused.value.in_("zh")


@pytest.mark.parametrize(("k", "places"), [(0, 0), (2, 3)])
def test_more_places_than_the_list_has(k, places):
    with pytest.raises(UsageError, match=f"cannot explore more places.*Got k {k}, places {places}"):
        explore(RANKED, SEEN, k=k, how=Exploration(places=places), rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("ranked", "seen", "got"),
    [
        (pd.concat([RANKED, RANKED.head(1)]), SEEN, "twice: a; score: -; counts: -"),
        (RANKED.assign(score=[1.2, np.nan, -1, 0, 0, 0, 0, 0]), SEEN, "twice: -; score: a, b, c; counts: -"),
        (RANKED, SEEN.assign(clicks=[500, 0, -1]), "twice: -; score: -; counts: c, g"),
    ],
)
def test_scores_and_counts_that_cannot_be(ranked, seen, got):
    with pytest.raises(DataError, match=f"An item must stand there once.*Got {got}"):
        explore(ranked, seen, k=4, how=Exploration(places=1), rng=np.random.default_rng(1))


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumns, match="explore needs score"):
        explore(RANKED[["item_id"]], SEEN, k=4, how=Exploration(places=1), rng=np.random.default_rng(1))
    with pytest.raises(MissingColumns, match="explore needs clicks"):
        explore(RANKED, SEEN[["item_id", "shows"]], k=4, how=Exploration(places=1), rng=np.random.default_rng(1))


RATES = pd.Series(np.r_[np.linspace(0.1, 0.06, 9), 0.25], index=list("abcdefghij"))
WRONG = pd.DataFrame({"item_id": list("abcdefghij"), "score": np.linspace(0.12, 0.04, 10)})  # thinks the best one, j, the worst
HOW = Exploration(places=1, floor=0.3, worth=50, draws=200)


def greedy(seen: pd.DataFrame) -> str:
    """The second item of the list that always shows what did best so far, by the same prior and the same counts."""
    rows = WRONG.merge(seen, how="left").fillna(0).iloc[1:]
    mean = (rows["score"] * HOW.worth + rows["clicks"]) / (HOW.worth + rows["shows"])
    return rows.loc[mean.idxmax(), "item_id"]


def played(rounds: int, *, seed: int, bandit: bool) -> pd.DataFrame:
    """The second place of `rounds` times ten customers in a shop that clicks by RATES: item_id, place, propensity, reward."""
    rng, parts = np.random.default_rng(seed), []
    seen = pd.DataFrame({"item_id": [], "shows": [], "clicks": []})
    for _ in range(rounds):
        if bandit:
            shown = pd.concat([explore(WRONG, seen, k=2, how=HOW, rng=rng).iloc[[1]] for _ in range(10)])
        else:
            shown = pd.DataFrame({"item_id": [greedy(seen)] * 10, "rank": 2, "propensity": 1.0})
        clicked = (rng.random(10) < RATES[shown["item_id"]].to_numpy()).astype(float)
        parts.append(shown.rename(columns={"rank": "place"})[["item_id", "place", "propensity"]].assign(reward=clicked))
        fresh = pd.DataFrame({"item_id": shown["item_id"], "shows": 1, "clicks": clicked})
        seen = pd.concat([seen, fresh]).groupby("item_id", as_index=False).sum() if len(seen) else fresh
    return pd.concat(parts, ignore_index=True)


@pytest.mark.slow
def test_a_bandit_finds_what_a_wrong_score_hides_and_its_log_proves_another_list():
    """Regret: clicks that always showing j at the second place would have brought more."""
    regret = {True: 0.0, False: 0.0}
    for seed in range(3):
        log, stuck = (played(100, seed=seed, bandit=bandit) for bandit in (True, False))
        for bandit, rows in ((True, log), (False, stuck)):
            regret[bandit] += (RATES["j"] - RATES[rows["item_id"]]).sum()
        for other in ({"j": 1.0}, {"j": 0.5, "b": 0.5}):
            wanted = pd.DataFrame([other], index=[2]).reindex(columns=WRONG["item_id"], fill_value=0.0)
            truth = sum(share * RATES[item] for item, share in other.items())
            for way in (ips, snips, dr):
                low, high = way(log, wanted).figure[1:]
                assert low <= truth <= high
                assert other != {"j": 1.0} or log["reward"].mean() < low  # the mean of the log answers another question
    assert regret[True] < 0.7 * regret[False]
