"""Any table of who took what; bad tables too."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recommend.histories import checkerboard
from zhiyin.core.errors import DataError, MissingColumns, TooLittleData, UsageError
from zhiyin.recommend.choose import alone_among
from zhiyin.recommend.general import ItemRecommender, fit_recommender, prepared
from zhiyin.recommend.voices.sequence import SelfAttentive

SHAPES = {"items": (12, 4), "places": (5, 4), "norm": (1, 2, 2, 4), "look": (1, 4, 12), "heard": (1, 4, 4), "wide": (1, 4, 8)}
SHAPES |= {"wide_shift": (1, 8), "narrow": (1, 8, 4), "narrow_shift": (1, 4), "end": (2, 4)}


def shop(people: int = 60, items: int = 20) -> pd.DataFrame:
    board = checkerboard(people, items)
    names = {"customer_id": [f"客 {row:03d}" for row in board.row()], "item_id": [f"茶 {item:02d}" for item in board.item]}
    return pd.DataFrame(names)


def number(names) -> np.ndarray:
    return names.str[-2:].astype(int).to_numpy()


@pytest.fixture(scope="module")
def model() -> ItemRecommender:
    return fit_recommender(shop(), budget_s=1)


def test_everybody_is_offered_what_is_missing_of_the_own_colour(model):
    asked = [f"客 {row:03d}" for row in range(60)]
    found = model.recommend(asked, 1)
    assert found["customer_id"].tolist() == asked
    assert (number(found["item_id"]) % 2 == number(found["customer_id"]) % 2).all()


def test_what_was_taken_is_left_out_and_ranks_run_from_one(model):
    found = model.recommend(["客 000"], 50)
    taken = set(shop().loc[lambda rows: rows["customer_id"] == "客 000", "item_id"])
    assert not taken & set(found["item_id"])
    assert found["rank"].tolist() == list(range(1, 20 - len(taken) + 1))  # more places than there are items


def test_a_customer_nobody_knows_gets_what_is_popular(model):
    assert model.recommend(["谁也不认识"], 3)["item_id"].nunique() == 3


def test_a_click_changes_the_next_list(model):
    before = model.after(["茶 00", "茶 02"], 5)
    after = model.after(["茶 00", "茶 02", "茶 01", "茶 03", "茶 05", "茶 07"], 5)
    assert model.after(["茶 01"], 5, customer="客 000")["item_id"].tolist() != model.after([], 5, customer="客 000")["item_id"].tolist()
    assert (number(after["item_id"]) % 2).sum() > (number(before["item_id"]) % 2).sum()


def test_somebody_new_is_known_by_the_steps_alone_and_unknown_steps_are_passed_over(model):
    found = model.after(["茶 01", "没有这种", "茶 03"], 3)
    assert (number(found["item_id"]) % 2 == 1).all()
    assert len(model.after([], 3)) == 3
    assert len(model.after(["没有这种"], 3, customer="谁也不认识")) == 3


def test_the_choice_is_shown(model):
    report = model.report()
    assert report["used"].any()
    assert set(report["variant"]) >= {"items", "customers", "tastes", "popular"}
    assert (report["value"] <= report["high"]).all()


def test_a_saved_model_answers_the_same(model):
    files: dict[str, bytes] = {}
    model.save(files.__setitem__)
    again = ItemRecommender.load(files)
    asked = ["客 000", "客 007", "谁也不认识"]
    pd.testing.assert_frame_equal(again.recommend(asked, 4), model.recommend(asked, 4))
    pd.testing.assert_frame_equal(again.after(["茶 01"], 4), model.after(["茶 01"], 4))


def test_a_network_that_wins_is_kept_with_the_model_and_one_that_loses_is_not(monkeypatch):
    draw = np.random.default_rng(1)
    weights = {name: draw.normal(size=shape).astype(np.float32) for name, shape in SHAPES.items()}
    monkeypatch.setattr("zhiyin.recommend.plan.can_learn", lambda: True)
    monkeypatch.setattr("zhiyin.recommend.plan.steps_of", lambda trails, seconds: 9)
    monkeypatch.setattr("zhiyin.recommend.plan.learn_sequence", lambda trails, steps, seed: SelfAttentive(weights))
    alone = alone_among("sequence", ("popular", "sequence"))  # in another order than that of the plan
    for kept in (True, False):
        used = {"voices": alone[0], "ranker": alone[1], "used": "sequence"} if kept else {}
        monkeypatch.setattr("zhiyin.recommend.general.winner", lambda plain, richer, more, used=used: replace(plain, **used))
        model = fit_recommender(walks(), task="next", budget_s=1)
        assert tuple(model._voices()) == model.voices_
        assert ("sequence" in model.voices_) == kept == (model.used_ == "sequence")
        files: dict[str, bytes] = {}
        model.save(files.__setitem__)
        assert (b"sequence" in files["state.json"].split(b"judged_")[0]) == kept
        pd.testing.assert_frame_equal(ItemRecommender.load(files).recommend(["c0"], 4), model.recommend(["c0"], 4))


def walks(people: int = 200, *, steps: int = 8) -> pd.DataFrame:
    """Everybody goes round the same ring of twelve, from somewhere."""
    return pd.DataFrame(
        [(f"c{one}", f"i{(one * 5 + step) % 12:02d}") for one in range(people) for step in range(steps)], columns=["customer_id", "item_id"]
    )


def test_the_next_item_is_the_one_that_follows():
    model = fit_recommender(walks(), task="next", budget_s=1)
    found = model.recommend(["c0", "c1"], 1)["item_id"].tolist()
    assert found == ["i08", "i01"]


def test_time_orders_what_rows_do_not():
    shuffled = walks().assign(at=lambda rows: rows.groupby("customer_id").cumcount()).sample(frac=1, random_state=1)
    assert fit_recommender(shuffled, task="next", budget_s=1).recommend(["c0"], 1)["item_id"].tolist() == ["i08"]


def test_where_people_come_back_what_was_seen_may_come_next():
    back = pd.DataFrame(
        [(f"c{one}", "ab"[(one + step) % 2]) for one in range(150) for step in range(6)], columns=["customer_id", "item_id"]
    )
    found = fit_recommender(back, task="next", budget_s=1).recommend(["c0", "c1"], 1)
    assert found["item_id"].tolist() == ["a", "b"]


def test_an_item_nobody_took_is_found_by_its_attributes():
    taken = shop()
    goods = pd.DataFrame({"item_id": sorted(taken["item_id"].unique())})
    goods["colour"] = np.where(number(goods["item_id"]) % 2, "红", "绿")
    goods = pd.concat([goods, pd.DataFrame({"item_id": ["新茶 98", "新茶 99"], "colour": ["绿", "红"]})])
    model = fit_recommender(taken, items=goods, budget_s=1)
    found = model.recommend(["客 001"], 30)
    new = found[found["item_id"].str.startswith("新")]
    assert new["item_id"].iloc[0] == "新茶 99"


def test_what_somebody_turned_down_is_not_offered_to_them():
    rows = shop().assign(weight=1.0)
    best = fit_recommender(rows, budget_s=1).recommend(["客 000"], 1)["item_id"].iloc[0]
    more = pd.concat([rows, pd.DataFrame({"customer_id": ["客 000"], "item_id": [best], "weight": [-1.0]})])
    assert best not in fit_recommender(more, budget_s=1).recommend(["客 000"], 30)["item_id"].tolist()


def test_one_interaction_in_total():
    one = fit_recommender(pd.DataFrame({"customer_id": ["a"], "item_id": ["x"]}), budget_s=1)
    assert one.recommend(["a"], 3).empty
    assert one.recommend(["b"], 3)["item_id"].tolist() == ["x"]
    assert one.report().empty


def test_too_little_to_learn_from_is_decided_by_what_things_are_like():
    few = shop(6).assign(kind="")
    goods = pd.DataFrame({"item_id": sorted(few["item_id"].unique())})
    goods["colour"] = np.where(number(goods["item_id"]) % 2, "红", "绿")
    model = fit_recommender(few[["customer_id", "item_id"]], items=goods, budget_s=1)
    assert model.report().empty
    assert (number(model.after(["茶 01"], 5)["item_id"]) % 2 == 1).all()


def test_the_same_pair_many_times_is_no_error():
    again = pd.concat([shop()] * 3)
    assert len(fit_recommender(again, budget_s=1).recommend(["客 000"], 2)) == 2


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda rows: rows.drop(columns="item_id"), MissingColumns, "item_id"),
        (lambda rows: rows.head(0), TooLittleData, "nothing to learn"),
        (lambda rows: rows.assign(item_id=[None, *rows["item_id"][1:]]), DataError, "empty"),
        (lambda rows: rows.assign(weight="much"), DataError, "weight"),
        (lambda rows: rows.assign(at=pd.Timestamp("2199-01-01")), DataError, "not happened yet"),
        (lambda rows: rows.assign(at="2199-01-01T00:00:00+08:00"), DataError, "not happened yet"),
        (lambda rows: rows.assign(at="yesterday or so"), DataError, "no time"),
    ],
)
def test_a_bad_table_is_refused_with_what_is_wrong(change, error, said):
    with pytest.raises(error) as caught:
        fit_recommender(change(shop()), budget_s=1)
    assert said in str(caught.value)


def test_numbers_in_one_table_and_texts_in_the_other_are_said():
    goods = pd.DataFrame({"item_id": [1, 2], "kind": ["a", "b"]})
    with pytest.raises(DataError, match="number in one table"):
        fit_recommender(shop(), items=goods, budget_s=1)


def test_an_unknown_task_and_no_seconds_are_refused():
    for more in ({"task": "best"}, {"budget_s": 0}):
        with pytest.raises(UsageError, match="top or next"):
            fit_recommender(shop(), **more)


def seasons(people: int = 260) -> pd.DataFrame:
    """Two years: everybody takes one of ten drinks a month, cold ones in summer and hot ones in winter."""
    draw = np.random.default_rng(4)
    months = pd.date_range("2024-07-01", "2026-06-01", freq="MS")
    rows = [
        (
            f"客 {one:03d}",
            f"{'冷' if 4 <= month.month <= 9 else '热'}饮 {draw.integers(5)}",
            month + pd.Timedelta(days=int(draw.integers(28))),
        )
        for one in range(people)
        for month in months
    ]
    return pd.DataFrame(rows, columns=["customer_id", "item_id", "at"])


@pytest.fixture(scope="module")
def drinks() -> ItemRecommender:
    return fit_recommender(seasons(), task="next", budget_s=1)


def test_with_times_the_end_of_time_is_hidden_and_the_report_says_so(drinks):
    assert drinks.report()["split"].unique().tolist() == ["from 2026-06-01"]  # everybody takes one a month
    assert {"trend", "season"} <= set(drinks.report()["variant"])


@pytest.mark.parametrize(
    ("change", "split"),
    [
        (lambda rows: rows, "at random"),
        (lambda rows: rows.assign(at=range(len(rows))), "latest of each"),
        (lambda rows: rows.assign(at=pd.Timestamp("2026-01-01")), "latest of each"),
    ],
)
def test_without_days_each_history_is_cut_and_the_report_says_so(change, split):
    report = fit_recommender(change(shop()), budget_s=1).report()
    assert report["split"].unique().tolist() == [split]
    assert not {"trend", "season"} & set(report["variant"])


def test_another_day_has_another_list(drinks):
    asked = [f"客 {one:03d}" for one in range(50)]
    for day, kind in (("2026-07-15", "冷"), ("2027-01-15", "热")):
        model = drinks.on(day)
        assert (model.recommend(asked, 1)["item_id"].str[0] == kind).mean() > 0.9, day
        assert model.after([], 1)["item_id"].str.startswith(kind).all()


def test_another_day_is_asked_of_a_saved_model_too(drinks):
    files: dict[str, bytes] = {}
    drinks.save(files.__setitem__)
    again = ItemRecommender.load(files).on("2027-01-15")
    pd.testing.assert_frame_equal(again.recommend(["客 000"], 4), drinks.on("2027-01-15").recommend(["客 000"], 4))


def weather(people: int = 400) -> tuple[pd.DataFrame, pd.DataFrame]:
    """On rainy days umbrellas are bought, on dry ones ice; it rains in Hangzhou when it does not in Beijing."""
    draw = np.random.default_rng(5)
    days = pd.date_range("2026-03-01", "2026-06-28")
    sky = pd.DataFrame({"at": days, "sky": draw.choice(["雨", "晴"], len(days)), "place": "杭州"})
    other = sky.assign(place="北京", sky=np.where(sky["sky"] == "雨", "晴", "雨"))
    place = np.array(["杭州", "北京"])[np.arange(people) % 2]
    rows = []
    for one in range(people):
        for day in np.sort(draw.choice(len(days), 6, replace=False)):
            rain = ((sky if place[one] == "杭州" else other)["sky"].iloc[day] == "雨") == (draw.random() < 0.9)
            rows.append((f"客 {one:03d}", f"{'伞' if rain else '冰'} {draw.integers(6)}", days[day], place[one]))
    return pd.DataFrame(rows, columns=["customer_id", "item_id", "at", "place"]), pd.concat([sky, other])


def test_what_the_day_is_like_decides_at_each_place():
    taken, context = weather()
    model = fit_recommender(taken, context=context, task="next", budget_s=1)
    asked = [f"客 {one:03d}" for one in range(100)]
    tomorrow = "2026-07-01"
    for sky, kind in (("雨", "伞"), ("晴", "冰")):
        assert (model.on(tomorrow, like={"sky": sky}).recommend(asked, 1)["item_id"].str[0] == kind).mean() > 0.9, sky
    days = context[context["place"] == "杭州"].set_index("at")["sky"]
    wet = days.index[days == "雨"][-1]
    here, there = (model.on(wet.date(), place=place).after([], 1)["item_id"].iloc[0] for place in ("杭州", "北京"))
    assert (here[0], there[0]) == ("伞", "冰")


def test_a_voice_can_be_silenced():
    model, table = prepared(seasons(), task="next", budget_s=1)
    heard = replace(model, deaf=("season", "tastes")).fit(table).report()["variant"]
    assert not {"season", "tastes"} & set(heard)
    assert "trend" in set(heard)


def test_ratings_are_heard_where_they_differ():
    rows = shop()
    liked = rows.assign(weight=np.where(number(rows["item_id"]) % 5 == 0, 5.0, 3.0))
    assert {"rated", "raters", "liked"} <= set(fit_recommender(liked, budget_s=1).report()["variant"])
    assert not {"rated", "raters", "liked"} & set(fit_recommender(rows.assign(weight=2.0), budget_s=1).report()["variant"])


@pytest.mark.parametrize(
    ("taken", "context", "error", "said"),
    [
        (shop(), pd.DataFrame({"at": ["2026-01-01"], "sky": "雨"}), DataError, "must hold times"),
        (shop().assign(at=1), pd.DataFrame({"at": ["2026-01-01"], "sky": "雨"}), DataError, "must hold times"),
        (shop().assign(at="2026-01-01"), pd.DataFrame({"sky": ["雨"]}), MissingColumns, "at"),
        (shop().assign(at="2026-01-01"), pd.DataFrame({"at": [None], "sky": "雨"}), DataError, "empty"),
        (shop().assign(at="2026-01-01"), pd.DataFrame({"at": ["soon"], "sky": "雨"}), DataError, "not days"),
        (shop().assign(at="2026-01-01", place=1), pd.DataFrame({"at": ["2026-01-01"], "place": "杭州"}), DataError, "number in one table"),
    ],
)
def test_a_bad_context_is_refused_with_what_is_wrong(taken, context, error, said):
    with pytest.raises(error) as caught:
        fit_recommender(taken, context=context, budget_s=1)
    assert said in str(caught.value)


def test_another_day_needs_days_and_a_known_place(model, drinks):
    with pytest.raises(UsageError, match="Days are not known"):
        model.on("2026-12-24")
    with pytest.raises(UsageError, match="place"):
        drinks.on("2026-12-24", place="火星")


def test_what_nobody_took_yet_reaches_those_whom_it_is_like():
    items = pd.DataFrame({"item_id": [f"茶 {n}" for n in range(10)] + [f"杯 {n}" for n in range(10)]})
    items["kind"] = items["item_id"].str[:1]
    draw = np.random.default_rng(2)
    rows = pd.DataFrame({"customer_id": np.repeat([f"客{n}" for n in range(80)], 5)})
    rows["item_id"] = np.where(rows.index < 200, "茶 ", "杯 ") + pd.Series(draw.integers(0, 9, 400)).astype(str)  # the tenth is new
    model = fit_recommender(rows, items=items, budget_s=1)
    found = model.new_items(["客0", "谁", "客79"], 5)
    assert found.drop(columns="score").to_dict("list") == {"customer_id": ["客0", "客79"], "item_id": ["茶 9", "杯 9"], "rank": [1, 1]}
    assert (found["score"] > 0).all()
    assert fit_recommender(rows, budget_s=1).new_items(["客0"], 5).empty
    assert model.new_items([], 5).empty
