from functools import partial

import pytest

from zhiyin.unify.contacts import identifies_nobody
from zhiyin.unify.identity.findings import birthday_of, city_of, compare_names, compare_places, place_of
from zhiyin.unify.identity.names import name_of
from zhiyin.unify.identity.surnames import surname_bits


@pytest.mark.parametrize(
    ("one", "other", "finding"),
    [
        ("王丽", "王麗", "name.equal"),
        ("王 丽", "王丽", "name.equal"),
        ("王丽", "王莉", "name.sound"),
        ("王丽", "wang li", "name.sound"),
        ("Wang Li", "Zhang San", "name.different"),
        ("王小丽", "王小敏", "name.one_apart"),
        ("王丽", "王敏", "name.different"),
        ("王丽", "张丽", "name.different"),
        ("王丽", "王姐", "name.surname"),
        ("王丽", "老王", "name.surname"),
        ("王丽", "丽丽", "name.given"),
        ("王小丽", "阿丽", "name.given"),
        ("王丽", "张先生", "name.untold"),
        ("王丽", "王**", "name.masked"),
        ("王丽", "*丽", "name.masked"),
        ("王小丽", "王*丽", "name.masked"),
        ("王丽", "王*丽", "name.masked_apart"),
        ("王丽", "张**", "name.masked_apart"),
        ("王丽", "*敏", "name.masked_apart"),
        ("王丽", "杭州云岭科技有限公司", ""),
        ("杭州云岭科技有限公司", "云岭科技(杭州)有限公司", "company.equal"),
        ("杭州云岭科技有限公司", "杭州云岭", "company.equal"),
        ("杭州云岭科技有限公司", "杭州云岭贸易有限公司", "company.part"),
        ("杭州云岭科技有限公司", "杭州启帆科技有限公司", "company.different"),
        ("阿里巴巴（中国）有限公司", "阿里巴巴中国", "company.equal"),
        ("小鱼去看海", "小鱼去看海", "name.equal"),
        ("小鱼去看海", "土豆吃饼干", ""),
    ],
)
def test_what_two_names_say(one, other, finding):
    assert compare_names(name_of(one), name_of(other))[0] == finding
    assert compare_names(name_of(one), name_of(other)) == compare_names(name_of(other), name_of(one))


def test_a_rare_surname_says_more():
    rare, common = (compare_names(name_of(f"{surname}丽"), name_of(f"{surname}丽"))[1] for surname in ("欧阳", "王"))
    assert rare - common == pytest.approx(surname_bits("欧阳") - surname_bits("王"))
    assert rare > common + 9


def test_what_two_places_say():
    home = place_of("浙江省杭州市西湖区文三路478号3幢")
    assert compare_places(home, place_of("杭州西湖区文三路478号"))[0] == "address.door"
    assert compare_places(home, place_of("杭州市西湖区天目山路1号"))[0] == "address.district"
    assert compare_places(home, place_of("杭州市滨江区江南大道1号"))[0] == "address.city"
    assert compare_places(home, place_of("上海市徐汇区漕溪路1号"))[0] == "address.other_city"
    assert compare_places(home, place_of("文三路478号")) == ("", 0.0)
    assert (city_of("杭州"), city_of("没有这个地方")) == ("杭州市", "")


def test_birthdays_are_read_as_people_write_them():
    assert [birthday_of(text) for text in ("1987-3-4", "1987年3月4日", "19870304", "3月4日", "1987-13-04")] == ["1987-03-04"] * 3 + ["", ""]


def test_what_identifies_nobody():
    nobody = partial(identifies_nobody, "phone")
    assert all(map(nobody, ("", "0000", "000-000", "-1", "null", "Anonymous", "13800138000", "+8613900000000", "+8613987654321")))
    assert not any(map(nobody, ("+8613912345678", "oZhyK4x")))
    assert [identifies_nobody("email", text) for text in ("test@b.cn", "nobody@noemail.com", "a@b.cn")] == [True, True, False]
