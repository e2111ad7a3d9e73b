import pytest

from zhiyin.sandbox.companies import company_name, company_parts, written_otherwise
from zhiyin.sandbox.places import CITIES


def test_a_name_has_city_word_trade_and_form():
    for draw in range(2000):
        city = CITIES[draw % len(CITIES)].name
        name = company_name(draw, city)
        word, trade, form = company_parts(name, city)
        assert city + word + trade + form == name
        assert 2 <= len(word) <= 3
        assert trade
        assert form.endswith("公司")


def test_firms_of_one_city_are_many():
    assert len({company_name(draw, "杭州") for draw in range(5000)}) > 4500


def test_the_same_draw_is_the_same_firm():
    assert company_name(3, "杭州") == "杭州诚驰科技有限公司"


@pytest.mark.parametrize(
    ("name", "city", "parts"),
    [
        ("杭州云岭科技有限公司", "杭州", ("云岭", "科技", "有限公司")),
        ("上海启帆网络科技股份有限公司", "上海", ("启帆", "网络科技", "股份有限公司")),
        ("成都禾川贸易有限责任公司", "成都", ("禾川", "贸易", "有限责任公司")),
        ("禾川", "成都", ("禾川", "", "")),
    ],
)
def test_a_name_is_taken_apart(name, city, parts):
    assert company_parts(name, city) == parts


def test_other_hands_write_it_otherwise():
    ways = {written_otherwise("杭州云岭科技有限公司", draw, city="杭州") for draw in range(300)}
    assert {"云岭科技", "杭州云岭", "云岭科技（杭州）有限公司", "云岭科技(杭州)有限公司", "杭州云岭科技股份有限公司"} <= ways
    assert len(ways) == 11


def test_the_registered_name_is_never_among_them():
    for draw in range(2000):
        name = company_name(draw, "重庆")
        other = written_otherwise(name, draw, city="重庆")
        assert other != name
        assert company_parts(name, "重庆")[0] in other
