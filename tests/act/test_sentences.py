from dataclasses import replace

import pandas as pd
import pytest

from zhiyin.act.known import Known
from zhiyin.act.sentences import with_words
from zhiyin.act.words import read_about, read_reasons

NOTHING = pd.DataFrame(columns=["customer_id", "question", "subject_id", "reasons"])
NO_GOODS = pd.DataFrame(columns=["customer_id", "product_id", "reason_zh", "reason_en"])
EMPTY = Known(customers=pd.DataFrame(), profile=pd.DataFrame(), predictions=pd.DataFrame())


ROW: dict[str, object] = {
    "customer_id": "a", "action": "replenish", "question": "purchase", "subject_id": "", "product_id": "milk", "stage": "active",
    "currency": "CNY", "orders": 7, "spend": 123456.0, "days": 19.0, "every": 12.0, "tier": "loyal", "known_days": 90.0,
    "favourites": {"牛奶": (4, 9.0)}, "order_worth": 17637.0, "margin": 4409, "probability": 0.42,
}  # fmt: skip


def _told(*, said: str | None = None, goods: pd.DataFrame = NO_GOODS, **changed: object) -> list[str]:
    row = ROW | changed
    asked = pd.DataFrame([("a", "purchase", "", said)], columns=NOTHING.columns) if said else NOTHING
    steps = with_words(pd.DataFrame([row]), EMPTY, goods=goods, asked=asked)
    return [say.zh for say in read_reasons(steps["reasons"].item())]


def test_the_rhythm_comes_first_then_the_chance() -> None:
    assert _told() == [
        "平均每 12 天买一次，上次是 19 天前，已经过了该来的时候。",
        "按以往的规律，联系后在预测期内下单的可能约 42%。",
        "是经常回来的老客户。",
    ]


@pytest.mark.parametrize(
    ("days", "end"),
    [
        (5.0, "上次是 5 天前。"),
        (12.0, "正好到了该来的时候。"),
        (15.0, "正好到了该来的时候。"),
        (16.0, "已经过了该来的时候。"),
        (49.0, "现在已经 49 天没有下单。"),
    ],
)
def test_a_visit_is_early_due_or_overdue(days: float, end: str) -> None:
    assert _told(days=days)[0].endswith(end)


def test_the_sentences_of_the_prediction_replace_the_chance() -> None:
    said = '{"base": 0, "parts": [], "said": [["常来", "Comes often"], ["花得多{}", "Spends much"], ["第三", "Third"]]}'
    assert _told(said=said)[1:] == ["常来", "花得多{}"]
    goods = pd.DataFrame([("a", "milk", "上次买了 {2} 件", "Bought {2}")], columns=NO_GOODS.columns)
    assert _told(said=said, goods=goods)[1:] == ["常来", "「milk」：上次买了 {2} 件"]


def test_the_step_says_what_it_is_about_by_its_name_or_else_its_code() -> None:
    def about(**changed: object) -> str:
        named = replace(EMPTY, products=pd.DataFrame([("tea", " 龙井  茶 ")], columns=["product_id", "name"]))
        return read_about(with_words(pd.DataFrame([ROW | changed]), named, goods=NO_GOODS, asked=NOTHING)["reasons"].item())

    assert about(product_id="tea") == "龙井 茶"
    assert about(product_id="milk") == "milk"
    assert about(question="category_raise", subject_id="茶", product_id="milk") == "茶"
    assert about(question="campaign_answer", subject_id="c1", product_id="milk") == "c1"
    assert about(product_id="") == ""


def test_goods_that_have_a_code_only_are_named_to_the_salesperson_and_not_to_the_customer() -> None:
    goods = pd.DataFrame([("a", "P7", "买过2次", "Bought twice")], columns=NO_GOODS.columns)
    steps = with_words(pd.DataFrame([ROW | {"product_id": "P7"}]), EMPTY, goods=goods, asked=NOTHING)
    reasons = read_reasons(steps["reasons"].item())
    assert ("「P7」：买过2次", "P7: bought twice") in reasons
    assert "{product}" not in steps["opening_zh"].item() and steps["opening_zh"].item().startswith("{name}您好")
    assert steps["opening_en"].item().startswith("Hello {name}")


def test_the_same_sentence_is_not_said_twice() -> None:
    said = '{"base": 0, "parts": [], "said": [["是经常回来的老客户。", "x"]]}'
    assert _told(said=said) == [
        "平均每 12 天买一次，上次是 19 天前，已经过了该来的时候。",
        "是经常回来的老客户。",
        "一共下单 7 次，消费 ¥1,235。",
    ]


def test_who_bought_once_is_new_and_who_never_bought_is_a_lead() -> None:
    nothing = {"every": float("nan"), "favourites": {}, "tier": ""}
    assert _told(**nothing, orders=1, stage="new")[0] == "19 天前第一次下单，是新客户。"
    assert _told(**nothing, orders=2, stage="new")[0] == "是新客户，最近一次下单在 19 天前。"
    assert _told(**nothing, orders=2, stage="quiet")[0] == "已经 19 天没有下单。"
    lead = {"orders": 0, "stage": "lead", "days": float("nan"), "action": "first_contact", "product_id": "", "question": ""}
    assert _told(**nothing, **lead) == [
        "登记至今 90 天，还没有下过单。",
        "按以往的规律，联系后第一次下单的可能约 42%。",
        "成功的话，毛利约 ¥44.09。",
    ]
    assert _told(**nothing, **lead, known_days=float("nan"))[0] == "还没有下过单。"


def test_who_has_no_action_still_has_reasons_and_no_opening() -> None:
    assert _told(action="", question="", product_id="", margin=0)[:2] == [
        "平均每 12 天买一次，上次是 19 天前，已经过了该来的时候。",
        "是经常回来的老客户。",
    ]


def test_the_category_is_named_where_it_is_raised() -> None:
    assert "牛奶买过 4 次。" in _told(action="raise", question="category_raise", subject_id="牛奶")


@pytest.mark.parametrize(
    ("currency", "spend", "text"), [("JPY", 123456.0, "JP¥123,456"), ("CNY", 4250.0, "¥42.50"), ("KWD", 123456789.0, "KWD 123,457")]
)
def test_money_is_rounded_for_people(currency: str, spend: float, text: str) -> None:
    assert f"消费 {text}。" in "".join(_told(currency=currency, spend=spend, tier="", action="", question=""))


@pytest.mark.parametrize(("chance", "text"), [(0.004, "<1%"), (0.999, ">99%"), (0.5, "50%")])
def test_a_chance_is_never_told_as_certain(chance: float, text: str) -> None:
    assert f"可能约 {text}。" in "".join(_told(probability=chance))


def test_nobody_is_told_that_it_has_been_one_day() -> None:
    def opens(days: float) -> list[str]:
        rows = [ROW | {"customer_id": f"c{turn}", "action": "return", "product_id": "", "days": days} for turn in range(40)]
        return with_words(pd.DataFrame(rows), EMPTY, goods=NO_GOODS, asked=NOTHING)["opening_zh"].tolist()

    assert not any("{days}" in said for said in opens(1.0))
    assert any("{days}" in said for said in opens(40.0))


def test_what_a_customer_turned_to_comes_first_with_the_product_to_speak_about() -> None:
    turned = {"customer_id": "a", "shifted_on": "2026-11-03", "before": "牛奶", "after": "茶", "product_id": "tea"}
    goods = pd.DataFrame({"product_id": ["tea"], "name": ["龙井茶"]})
    asked = {"goods": NO_GOODS, "asked": NOTHING}
    found = [
        read_reasons(
            with_words(pd.DataFrame([ROW]), replace(EMPTY, shifts=pd.DataFrame([turned]), products=products), **asked)["reasons"].item()
        )[0]
        for products in (goods, pd.DataFrame())
    ]
    assert found[0].zh == "2026-11-03 起从「牛奶」转向「茶」，可以介绍「龙井茶」。"
    assert found[1].en == "Since 2026-11-03 has turned from 牛奶 to 茶."
