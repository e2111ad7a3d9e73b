import math

import pytest

from zhiyin.core.words import Say
from zhiyin.recommend.new import NAMES
from zhiyin.recommend.reasons import WORDS, replacing, why_again, why_now, why_popular, why_upgrade


@pytest.mark.parametrize(
    ("count", "interval", "days", "said"),
    [
        (1, math.nan, 62, Say("62天前买过一次。", "Bought once; days since then: 62.")),
        (2, 30.0, 5, Say("买过2次，最近一次在5天前。", "Bought 2 times; days since the last time: 5.")),
        (4, 9.6, 12, Say("买过4次，大约每10天一次，距上次12天。", "Bought 4 times, about every 10 days; days since the last time: 12.")),
        (3, 0.0, 1, Say("买过3次，最近一次在1天前。", "Bought 3 times; days since the last time: 1.")),
    ],
)
def test_why_again(count, interval, days, said):
    assert why_again(count=count, interval=interval, days=days) == said


def test_every_voice_has_words():
    assert set(WORDS) == set(NAMES)


def test_a_reason_about_another_product_says_so():
    said = replacing(Say("买过2次。", "Bought twice."), old="W8", new="W{10}")
    assert said == Say("「W8」有了新款「W{10}」；「W8」：买过2次。", '"W{10}" replaces "W8"; of "W8": Bought twice.')


def test_why_upgrade():
    assert why_upgrade("discontinued", old="W8", new="W10", days=1) == Say(
        "1天前买过「W8」，它已停售，有了新款「W10」。", '"W8", bought 1 day ago, is no longer sold; "W10" replaces it.'
    )
    assert why_upgrade("shift", old="W8", new="W10", days=400, category="洗衣机") == Say(
        "400天前买过「W8」，它有了新款「W10」；这位客户近来转而关注「洗衣机」。",
        '"W10" replaces "W8", bought 400 days ago; the need of this customer has shifted to "洗衣机" of late.',
    )


@pytest.mark.parametrize("way", ["viewed", "carted", "bought"])
@pytest.mark.parametrize("just", [True, False])
def test_a_product_that_a_step_brought_says_which_step_and_of_how_many(way, just):
    said = why_now(way, just=just, because="龙井", customers=12)
    assert said.zh.startswith("这位客户刚刚" if just else "这位客户一天之内")
    assert "「龙井」" in said.zh
    assert said.zh.endswith("两样都看过或买过的客户有12位。")
    assert said.en.startswith("Just now this customer" if just else "Within the last day this customer")
    assert '"龙井"' in said.en
    assert said.en.endswith("; customers who took both: 12.")


def test_the_product_of_the_step_itself_and_a_popular_one():
    assert why_now("viewed", just=True).zh == "这位客户刚刚看过它，还没有下单。"
    assert why_now("carted", just=False).en == "Within the last day this customer put it into the cart, and has not ordered it since."
    assert why_popular(customers=7, days=28).zh == "近28天有7位客户看过或买过。"
