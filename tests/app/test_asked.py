"""What a customer says changes what is offered, and is quoted."""

import pytest

import zhiyin
from app.test_offered import _of_kind, _offers, _tell
from journeys.shop import DAY


@pytest.fixture(autouse=True)
def _on_the_day_of_the_list(monkeypatch):
    monkeypatch.setenv("ZHIYIN_AS_OF", DAY.isoformat())


def _said(folder, sentence, *, k=5):
    with zhiyin.open(folder) as workspace:
        return workspace.recommend("K5000", k, said=sentence)


def test_products_that_answer_come_first_and_obey_the_shop(another_shop):
    quiet, sold_out, unlike = _of_kind(_offers(another_shop), "new")[:3]
    _tell(
        another_shop,
        {"product_id": quiet, "description": "静音、省电"},
        {"product_id": sold_out, "description": "静音", "hidden": "是"},
        {"product_id": unlike, "description": "风力强劲"},
    )
    rows = _said(another_shop, "太吵了，想要静音的")
    assert _of_kind(rows, "asked") == [quiet]
    assert rows[0]["product_id"] == quiet
    assert rows[0]["reason_zh"] == "客户说「想要静音的」；这款商品写明「静音」。"
    assert [row["product_id"] for row in rows].count(quiet) == 1
    assert len(rows) == 5


def test_of_products_that_answer_alike_those_near_to_the_customer_come_first(another_shop):
    listed = _of_kind(_offers(another_shop), "new")[0]
    far = {"product_id": "A-0", "name": "静音帐篷", "category": "户外"}
    _tell(another_shop, far, {"product_id": listed, "description": "静音"})
    assert _of_kind(_said(another_shop, "太吵了，想要静音的"), "asked") == [listed, "A-0"]


def test_a_sentence_without_a_wish_leaves_the_list_as_it_is(another_shop):
    assert _said(another_shop, "好的，谢谢") == _offers(another_shop, k=5)
