from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zhiyin.core.errors import DataError, MissingColumns, TooLittleData
from zhiyin.improve.off_policy import dr, ips, policy_scores, shrunken_rates, snips

ITEMS = list("abcdefgh")
RATES = np.array([0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15])  # the truth of the invented shop
BANDIT = Path(__file__).parents[3] / "shared/data/open_bandit_small"


def policy(*chances: float, items: list[str] = ITEMS) -> pd.DataFrame:
    """The same for the only place."""
    return pd.DataFrame([chances], index=[1], columns=items, dtype=float)


LIKES_LAST = policy(*np.arange(1, 9) / 36)
TRUTH = float(LIKES_LAST.to_numpy()[0] @ RATES)


def log_of(rows: int, *, seed: int) -> pd.DataFrame:
    """What the shop logs, which shows the worst items most."""
    rng = np.random.default_rng(seed)
    chance = np.arange(8, 0, -1) / 36
    item = rng.choice(8, rows, p=chance)
    reward = (rng.random(rows) < RATES[item]).astype(float)
    return pd.DataFrame({"item_id": np.array(ITEMS)[item], "place": 1, "reward": reward, "propensity": chance[item]})


def nothing(seen, asked, *, items):
    return np.zeros((len(asked), len(items)))


def the_truth(seen, asked, *, items):
    return np.broadcast_to(RATES, (len(asked), len(items)))


# 30 rows show tea and sell nothing, 10 show rice and sell 5 times.
BY_EYE = pd.DataFrame(
    {
        "item_id": ["tea"] * 30 + ["rice"] * 10,
        "place": 1,
        "reward": [0.0] * 30 + [1.0] * 5 + [0.0] * 5,
        "propensity": [0.8] * 30 + [0.2] * 10,
    }
)
ONLY_RICE = policy(0, 1, items=["tea", "rice"])


def test_by_eye():
    assert ips(BY_EYE, ONLY_RICE).figure.value == pytest.approx(5 / 0.2 / 40)
    found = snips(BY_EYE, ONLY_RICE)
    assert found.figure.value == pytest.approx(0.5)
    assert found.figure.low < 0.5 < found.figure.high
    assert (found.name, found.n, found.effective, found.hits) == ("snips", 40, pytest.approx(10), pytest.approx(5))


def test_the_policy_of_the_log_itself_earns_what_the_log_did():
    log = log_of(2000, seed=1)
    same = policy(*np.arange(8, 0, -1) / 36)
    for found in (ips(log, same), snips(log, same)):
        assert found.figure.value == pytest.approx(log["reward"].mean())
        assert found.effective == pytest.approx(2000) and found.notes == ()


def test_the_interval_holds_the_truth_as_often_as_it_says():
    found = {"ips": 0, "snips": 0, "dr": 0, "naive": 0}
    for seed in range(150):
        log = log_of(2000, seed=seed)
        for way in (ips, snips, dr):
            estimate = way(log, LIKES_LAST, seed=seed)
            found[estimate.name] += estimate.figure.low <= TRUTH <= estimate.figure.high
        mean, error = log["reward"].mean(), log["reward"].std() / 2000**0.5
        found["naive"] += abs(mean - TRUTH) < 1.96 * error
    assert min(found[name] for name in ("ips", "snips", "dr")) >= 0.9 * 150
    assert found["naive"] < 0.1 * 150  # the mean of the log answers another question


def test_doubly_robust_without_a_model_is_ips():
    log = log_of(1000, seed=3)
    assert dr(log, LIKES_LAST, model=nothing).figure == ips(log, LIKES_LAST).figure


def test_doubly_robust_is_right_when_either_half_is():
    log = pd.concat([log_of(20_000, seed=4)])
    wrong_odds = log.assign(propensity=1 / 8)
    assert ips(wrong_odds, LIKES_LAST).figure.high < TRUTH
    assert dr(wrong_odds, LIKES_LAST, model=the_truth).figure.value == pytest.approx(TRUTH, rel=0.05)
    far_off = dr(log, LIKES_LAST, model=lambda seen, asked, items: np.full((len(asked), len(items)), 0.5))
    assert far_off.figure.low < TRUTH < far_off.figure.high


def test_a_good_model_makes_the_interval_narrower():
    log = log_of(2000, seed=5).assign(reward=lambda rows: rows["item_id"].map(dict(zip(ITEMS, 10 + RATES * 100, strict=True))))
    plain, helped = ips(log, LIKES_LAST).figure, dr(log, LIKES_LAST).figure
    assert helped.high - helped.low < 0.05 * (plain.high - plain.low)
    assert helped.value == pytest.approx(10 + 100 * TRUTH, rel=1e-3)


def test_no_row_and_no_customer_is_judged_by_a_model_that_saw_it():
    log = log_of(900, seed=6).assign(customer_id=np.arange(900) // 3)
    asked_rows = []

    def spying(seen, asked, *, items):
        assert not set(seen["customer_id"]) & set(asked["customer_id"])
        assert len(seen) + len(asked) == 900
        asked_rows.extend(asked.index)
        return nothing(seen, asked, items=items)

    dr(log, LIKES_LAST, model=spying)
    assert sorted(asked_rows) == list(range(900))


def test_a_customer_on_many_rows_is_one_draw():
    once = log_of(1000, seed=7)
    often = pd.concat([once] * 9, ignore_index=True)
    own = often.assign(customer_id=np.tile(np.arange(1000), 9))
    width = {name: np.subtract(*ips(log, LIKES_LAST).figure[:0:-1]) for name, log in (("once", once), ("often", often), ("own", own))}
    assert width["own"] == pytest.approx(width["once"], rel=0.2)
    assert width["often"] == pytest.approx(width["once"] / 3, rel=0.2)


def test_another_policy_at_each_place():
    log = BY_EYE.assign(place=[1, 2] * 20)
    wanted = pd.DataFrame({"tea": [0.0, 0.8], "rice": [1.0, 0.2]}, index=[1, 2])
    first, second = log[log["place"] == 1], log[log["place"] == 2]
    parts = first["reward"] / 0.2, second["reward"]
    assert ips(log, wanted).figure.value == pytest.approx(sum(part.sum() for part in parts) / 40)
    assert ips(log.rename(columns={"place": "row"}), wanted, by="row").figure == ips(log, wanted).figure


def test_items_are_drawn_together_where_chance_explains_them():
    def shown(*bought_of: tuple[int, int]) -> pd.DataFrame:
        rows = [(item, float(n < bought)) for item, (bought, of) in zip(ITEMS, bought_of, strict=False) for n in range(of)]
        return pd.DataFrame(rows, columns=["item_id", "reward"])

    asked, items = pd.DataFrame(index=range(3)), pd.Index(ITEMS[:3])
    alike = shrunken_rates(shown((10, 100), (11, 100), (9, 100)), asked, items=items)
    assert alike == pytest.approx(np.full((3, 3), 0.1))
    unlike = shrunken_rates(shown((10, 1000), (900, 1000), (1, 2)), asked, items=items)[0]
    assert unlike[:2] == pytest.approx([0.01, 0.9], abs=0.01)
    unknown = shrunken_rates(shown((10, 1000), (900, 1000)), asked, items=items)[0]
    assert unknown[2] == pytest.approx(0.455)  # never shown: the mean of all
    assert shrunken_rates(shown((0, 5), (0, 5)), asked, items=items).max() == 0


@pytest.mark.parametrize(
    ("log", "wanted", "error", "en", "zh"),
    [
        (BY_EYE.drop(columns="propensity"), ONLY_RICE, MissingColumns, "log lacks columns: propensity", "缺少列：propensity"),
        (
            BY_EYE.assign(propensity=[np.nan, 0, -1, 1.5] + [0.5] * 36),
            ONLY_RICE,
            DataError,
            r"above 0 and at most 1\. Got 1 missing, 2 not above 0, 1 above 1 of 40 rows",
            "选中概率必须大于 0",
        ),
        (BY_EYE.assign(reward=np.nan), ONLY_RICE, DataError, r"no reward\. Got 40 of 40 rows", "没有回报"),
        (BY_EYE, ONLY_RICE / 2, DataError, r"1 together in each row\. Got 1, sums 0\.5", "合计为 1"),
        (BY_EYE, policy(-1, 2, items=["tea", "rice"]), DataError, r"must be 0 or more.*Got 1, sums 1\.0", "不小于 0"),
        (BY_EYE, pd.concat([ONLY_RICE, ONLY_RICE]), DataError, "an item or a row twice", "各写一次"),
        (BY_EYE, ONLY_RICE[["rice"]], DataError, r"says nothing about.*Got item_id tea; place -", "没有说到"),
        (BY_EYE, ONLY_RICE.rename(index={1: 2}), DataError, r"Got item_id -; place 1", "没有说到"),
        (BY_EYE.head(30), ONLY_RICE, TooLittleData, "next to nothing.*30 rows, worth 0.0 rows and 0.0 rewards", "几乎什么也说明不了"),
        (BY_EYE.iloc[[*range(30), 30, 31, 35]], ONLY_RICE, TooLittleData, "worth 3.0 rows and 2.0 rewards", "随机展示"),
    ],
)
def test_what_cannot_be_told_is_refused(log, wanted, error, en, zh):
    for way in (ips, snips, dr):
        with pytest.raises(error, match=en) as refused:
            way(log, wanted)
        assert zh in refused.value.in_("zh")


def test_a_fold_takes_a_customer():
    with pytest.raises(TooLittleData, match="takes a customer in each fold.*Got 5 folds, 2 customers") as refused:
        dr(BY_EYE.assign(customer_id=[1, 2] * 20), ONLY_RICE)
    assert "至少要有一位客户" in refused.value.in_("zh")


def test_lists_made_for_each_customer_are_told_by_customers_like_them():
    """Whoever would be shown an item by the other policy clicks it ten times as often as the rest: a model that knows items only
    answers too low wherever the cap bites, and without a cap the error is larger."""
    chance, error = np.array([0.9, *[0.1 / 7] * 7]), {"items only": [], "told apart": [], "ips": []}
    for seed in range(10):
        rng, rows = np.random.default_rng(seed), 6000
        item, liked = rng.choice(8, rows, p=chance), rng.integers(0, 8, rows)
        reward = (rng.random(rows) < np.where(item == liked, 0.3, 0.03)).astype(float)
        log = pd.DataFrame({"item_id": np.array(ITEMS)[item], "row": range(rows), "reward": reward, "propensity": chance[item]})
        personal = pd.DataFrame(np.eye(8)[liked], columns=ITEMS)
        error["items only"].append(dr(log, personal, model=shrunken_rates, by="row").figure.value - 0.3)
        error["told apart"].append(dr(log, personal, by="row").figure.value - 0.3)
        error["ips"].append(ips(log, personal, by="row").figure.value - 0.3)
    assert np.mean(error["items only"]) < -0.1
    assert abs(np.mean(error["told apart"])) < 0.02
    rmse = {name: float(np.sqrt(np.mean(np.square(errors)))) for name, errors in error.items()}
    assert rmse["told apart"] < 0.7 * rmse["ips"]


def heavy_log(seed: int) -> pd.DataFrame:
    """A log that hardly ever shows five of its items, so that their rows weigh up to 90 for a policy that shows all alike."""
    rng = np.random.default_rng(seed)
    chance = np.array([0.5, 0.3, 0.187, 0.003, 0.003, 0.003, 0.003, 0.001])
    item = rng.choice(8, 3000, p=chance)
    reward = (rng.random(3000) < np.roll(RATES, 3)[item]).astype(float)
    return pd.DataFrame({"item_id": np.array(ITEMS)[item], "place": 1, "reward": reward, "propensity": chance[item]})


def test_a_cap_earns_its_place_where_weights_are_heavy():
    uniform, truth, caps = policy(*[1 / 8] * 8), RATES.mean(), {"capped": None, "not": np.inf, "tight": 1.0}
    error = {name: [] for name in caps}
    for seed in range(60):
        log = heavy_log(seed)
        for name, cap in caps.items():
            error[name].append(dr(log, uniform, cap=cap).figure.value - truth)
    rmse = {name: float(np.sqrt(np.mean(np.square(errors)))) for name, errors in error.items()}
    assert rmse["capped"] < 0.95 * rmse["not"]
    assert abs(np.mean(error["capped"])) < 0.5 * abs(np.mean(error["tight"]))


def test_a_cap_gives_way_as_the_log_grows():
    log = heavy_log(1)
    uniform = policy(*[1 / 8] * 8)
    assert dr(log, uniform).figure == dr(log, uniform, cap=30).figure != dr(log, uniform, cap=np.inf).figure
    long = pd.concat([log] * 30, ignore_index=True)  # 90 000 rows: a cap of 100
    assert dr(long, uniform).figure == dr(long, uniform, cap=100).figure != dr(long, uniform, cap=30).figure


def test_heavy_weights_are_said():
    notes = ips(heavy_log(1), policy(*[1 / 8] * 8)).notes
    assert any("rows weigh more than 30 and make up 100%" in note.en and "行的权重超过 30" in note.zh for note in notes)


def test_a_small_sample_is_said():
    (note,) = ips(BY_EYE, ONLY_RICE).notes
    assert note.en.startswith("The weighted log is worth only 10 rows and 5 rewards") and "10 行、5 次回报" in note.zh


def test_propensities_that_cannot_be_those_of_the_log_are_said():
    log = log_of(5000, seed=8)
    (note,) = ips(log.assign(propensity=log["propensity"] / 2), LIKES_LAST).notes
    assert "The mean weight is 1.99" in note.en and "应当是 1" in note.zh
    assert ips(log, LIKES_LAST).notes == ()


def test_what_the_log_never_shows_is_said():
    log = log_of(5000, seed=9)
    log = log[log["item_id"] != "h"]
    notes = [note.en for note in snips(log, LIKES_LAST).notes]
    assert any(note.startswith("22% of what the other policy would show never occurs") for note in notes)


def test_policies_stand_on_the_scorecard():
    log = log_of(4000, seed=10)
    with_h, without_h = log, log[log["item_id"] != "h"]
    rows = policy_scores(with_h, {"likes_last": LIKES_LAST}, at=date(2026, 11, 22))
    assert rows[["variant", "metric"]].agg(" ".join, axis=1).tolist() == [
        "logged on_policy",
        "likes_last ips",
        "likes_last snips",
        "likes_last dr",
    ]
    assert set(rows["subject"]) == {"policy"} and rows["used"].all() and (rows["low"] < rows["high"]).all()
    assert rows.loc[0, "value"] == pytest.approx(log["reward"].mean())
    assert policy_scores(without_h, {"likes_last": LIKES_LAST}, at=date(2026, 11, 22))["used"].tolist() == [True, False, False, False]
    with pytest.raises(MissingColumns, match="reward"):
        policy_scores(log.drop(columns="reward"), {}, at=date(2026, 11, 22))


@pytest.mark.skipif(not BANDIT.exists(), reason="shared/data/open_bandit_small is not here")
def test_a_real_log_tells_what_uniform_display_earned_where_its_own_mean_does_not():
    names = {"click": "reward", "propensity_score": "propensity", "position": "place"}
    bts, random = (pd.read_parquet(BANDIT / f"{policy}_men.parquet").rename(columns=names) for policy in ("bts", "random"))
    truth, uniform = random["reward"].mean(), pd.DataFrame(1 / 34, index=[1, 2, 3], columns=range(34))
    for way in (ips, snips, dr):
        found = way(bts, uniform)
        assert found.figure.low < truth < found.figure.high < bts["reward"].mean()
        assert any("rows weigh more than 33 and make up 59%" in note.en for note in found.notes)
