import pytest

from zhiyin.recommend.said import asked_for, fitting, why_said

GOODS = [
    {"product_id": "fan", "name": "知夏 循环扇", "category": "电风扇", "description": "静音、省电"},
    {"product_id": "big", "name": "大力 工业扇", "category": "电风扇", "description": "风力强"},
    {"product_id": "air", "name": "除醛空气净化器", "category": "空气净化器", "description": "除甲醛、静音"},
    {"product_id": "pot", "name": "快煮壶", "category": "水壶", "description": "速热", "attributes": '{"颜色": "红色"}'},
    {"product_id": "cup", "name": "Silent mug", "category": "mugs", "description": "keeps tea warm"},
    {"product_id": "tea", "name": "Jasmine tea", "category": "tea", "description": None},
]


def found(sentence, **more):
    return fitting(asked_for(sentence), GOODS, **({"k": 3} | more))


def test_a_complaint_alone_leads_to_what_helps():
    assert why_said(found("太吵了")[0]).zh == "客户说「太吵了」；这款商品写明「静音」。"


def test_a_complaint_and_a_wish_lead_to_what_helps_and_the_wish_is_quoted():
    best = found("太吵了, 想要静音的")
    assert {one.product_id for one in best} >= {"fan", "air"}
    assert "big" not in {one.product_id for one in best}
    said = why_said(best[0])
    assert said.zh == "客户说「想要静音的」；这款商品写明「静音」。"
    assert said.en == 'The customer said "想要静音的"; this product says "静音".'


def test_more_of_the_wishes_answered_stands_in_front():
    assert found("家里刚装修，有点吵")[0].product_id == "air"


def test_the_thing_itself_can_be_named():
    assert found("你们有电风扇吗？")[0].product_id in ("fan", "big")
    assert [one.product_id for one in found("Do you have any jasmine?")] == ["tea"]


def test_a_no_turns_the_words_round():
    assert found("它一点都不吵") == []
    assert "pot" not in {one.product_id for one in found("想要水壶，不要红色")}
    assert [one.product_id for one in found("想要水壶")] == ["pot"]


def test_english_needs():
    best = found("The old one is too noisy.")
    assert ("cup", "silent", "The old one is too noisy.") in [(one.product_id, one.word, one.quote) for one in best]


@pytest.mark.parametrize("sentence", ["", "。。。", "你好", "好的谢谢", "hello there"])
def test_a_sentence_without_a_wish_finds_nothing(sentence):
    assert found(sentence) == []


def test_a_word_that_nearly_every_product_says_tells_nothing():
    same = [{"product_id": str(number), "name": "静音 风扇"} for number in range(10)]
    assert fitting(asked_for("太吵了"), same, k=3) == []


def test_at_most_k():
    assert len(found("静音", k=1)) == 1


def test_the_nearer_of_two_that_answer_alike_comes_first():
    assert [one.product_id for one in found("太吵了")] == ["air", "cup", "fan"]
    assert [one.product_id for one in found("太吵了", near={"fan": 2, "air": 1, "pot": 9})] == ["fan", "air", "cup"]
