import re
from collections import Counter

import pytest

from zhiyin.sandbox import names

CHINESE = re.compile(r"[\u4e00-\u9fff]{2,4}")


def _some(many=3000):
    return [names.person_name(draw, woman=draw % 2 == 0, born=1945 + draw % 60) for draw in range(many)]


def test_names_are_names_and_seldom_the_same():
    found = _some(50_000)
    assert all(CHINESE.fullmatch(name) for name in found)
    assert len(set(found)) >= 20_000


def test_the_common_surnames_are_common_and_rare_ones_appear():
    found = Counter(names.surname_of(name) for name in _some(20_000))
    assert {surname for surname, _ in found.most_common(3)} == {"王", "李", "张"}
    assert len(found) > 100
    assert found["欧阳"]


def test_the_same_draw_is_the_same_person():
    assert names.person_name(11, woman=True, born=1988) == names.person_name(11, woman=True, born=1988)
    assert [names.person_name(draw, woman=draw > 1, born=1990) for draw in range(4)] == ["肖世旭", "薛海超", "潘婷菲", "赵雯"]


def test_women_and_men_and_generations_have_names_of_their_own():
    def given(woman, born):
        return {names.person_name(draw, woman=woman, born=born)[-1] for draw in range(800)}

    assert len(given(woman=True, born=1985) & given(woman=False, born=1985)) < 4
    assert len(given(woman=True, born=1950) & given(woman=True, born=2000)) < 4


def test_the_tables_cover_every_character_that_is_drawn():
    drawn = {mark for name in _some(20_000) for mark in name[len(names.surname_of(name)) :]}
    assert len(drawn) > 150
    assert all(mark in names._sounds() for mark in drawn)
    assert len(names._surnames()) >= 100


def test_a_homophone_differs_in_one_character_of_the_same_sound():
    changed = 0
    for draw, name in enumerate(_some()):
        other = names.homophone(name, draw)
        if other == name:
            continue
        changed += 1
        assert len(other) == len(name)
        (place,) = (place for place in range(len(name)) if name[place] != other[place])
        if place < len(names.surname_of(name)):
            assert other[place] in names._same_surnames()[name[place]]
        else:
            assert other[place] in names._sounds()[name[place]][1]
    assert changed > 2850


def test_known_homophones_come_and_near_ones_never_do():
    assert "王莉" in {names.homophone("王丽", draw) for draw in range(100)}
    assert "张炜" in {names.homophone("张伟", draw) for draw in range(100)}
    assert "章伟" in {names.homophone("张伟", draw) for draw in range(100)}
    assert not {name[0] for name in (names.homophone("李丽", draw) for draw in range(100))} - {"李"}
    assert names.homophone("李雪", 1) == "李雪"


def test_one_character_has_one_sound():
    marks = re.findall(r"[\u4e00-\u9fff]", names._SOUNDS)
    assert [mark for mark, count in Counter(marks).items() if count > 1] == []
    marks = re.findall(r"[\u4e00-\u9fff]", names._SAME_SURNAMES)
    assert [mark for mark, count in Counter(marks).items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "other"), [("张伟", "張偉"), ("刘丽华", "劉麗華"), ("于国强", "于國强"), ("林小明", "林小明"), ("钟云", "鍾雲")]
)
def test_traditional_characters(name, other):
    assert names.traditional(name) == other


def test_what_friends_say():
    said = {names.nickname("王丽", draw, woman=True) for draw in range(200)}
    assert said == {"小王", "老王", "王姐", "阿丽", "丽姐", "丽丽", "小丽"}
    assert "欧阳哥" in {names.nickname("欧阳明", draw, woman=False) for draw in range(200)}
    assert names.address_of("王丽", woman=True) == "王姐"
    assert names.address_of("欧阳明", woman=False) == "欧阳先生"


def test_what_systems_make_of_a_name():
    assert {names.masked("王小丽", draw) for draw in range(50)} == {"王**", "**丽"}
    assert {names.masked("王丽", draw) for draw in range(50)} == {"王**", "王*", "*丽"}
    assert names.spaced("欧阳明") == "欧阳 明"
    assert names.full_width("Li 8(王)") == "Ｌｉ　８（王）"
    assert names.masked_nick("tb48213378") == "t**8"


@pytest.mark.parametrize(
    ("name", "sound"),
    [("王丽", "wangli"), ("吕静", "lvjing"), ("欧阳明", "ouyangming"), ("曾子涵", "zengzihan"), ("单雪", "shanxue"), ("夏夏", "xiaxia")],
)
def test_names_in_pinyin(name, sound):
    assert names.romanised(name) == sound


def test_every_name_has_its_sound():
    assert all(re.fullmatch("[a-z]{3,}", names.romanised(name)) for name in _some())


def test_addresses_of_mail_differ_and_belong_to_nobody():
    found = [names.email_of("王丽", number, born=1987) for number in range(20_000)]
    assert len(set(found)) == 20_000
    assert {one.split("@")[1] for one in found} == {"qq.example", "163.example", "mail.example"}
    assert all(re.fullmatch(r"[a-z0-9._]+@[a-z0-9]+\.example", one) for one in found)
    assert any(one.startswith("wangli") for one in found)


def test_nicks_of_a_marketplace():
    found = [names.pinyin_nick(draw) for draw in range(2000)]
    assert len(set(found)) > 1500
    assert any(nick.startswith("tb") for nick in found)
    assert any(re.fullmatch(r"[a-z]+_\d{4}", nick) for nick in found)
    assert any(CHINESE.match(nick) for nick in found)
