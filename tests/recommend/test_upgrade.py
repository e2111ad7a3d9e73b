from datetime import date

import pytest

from zhiyin.recommend.arrange import Whom
from zhiyin.recommend.rules import Offered
from zhiyin.recommend.upgrade import upgrade

MAY = date(2026, 5, 1)
ITEMS = {
    "fan": Offered("fan", category="fans", hidden=True, successor="fan 2"),
    "fan 2": Offered("fan 2", category="fans", successor="fan 3"),
    "fan 3": Offered("fan 3", category="fans"),
    "oven": Offered("oven", category="ovens", successor="oven 2"),
    "oven 2": Offered("oven 2", category="ovens"),
    "tea": Offered("tea", category="teas"),
}
LONG_AGO = {"fan": date(2025, 5, 1), "oven": date(2025, 6, 1), "tea": date(2026, 4, 30)}


def test_what_is_no_longer_sold_is_replaced_by_the_newest_on_offer():
    assert upgrade(LONG_AGO, ITEMS, whom=Whom(MAY)) == ("fan 3", "fan", "discontinued", 365, "")


def test_what_is_still_sold_is_not_replaced_unless_the_need_has_shifted_to_it():
    assert upgrade({"oven": date(2025, 6, 1)}, ITEMS, whom=Whom(MAY)) is None
    assert upgrade({"oven": date(2025, 6, 1)}, ITEMS, whom=Whom(MAY), wanted={"teas"}) is None
    assert upgrade({"oven": date(2025, 6, 1)}, ITEMS, whom=Whom(MAY), wanted={"ovens"}) == ("oven 2", "oven", "shift", 334, "ovens")


def test_of_several_the_one_bought_last_is_replaced():
    assert upgrade(LONG_AGO, ITEMS, whom=Whom(MAY), wanted={"ovens"}).instead_of == "oven"


def test_the_need_may_have_shifted_to_the_category_of_what_replaces_it():
    items = {"mop": Offered(category="mops", successor="robot"), "robot": Offered(category="robots")}
    assert upgrade({"mop": MAY}, items, whom=Whom(MAY), wanted={"robots"}) == ("robot", "mop", "shift", 0, "robots")


@pytest.mark.parametrize(("after_days", "fires"), [(365, True), (366, False)])
def test_who_bought_it_lately_is_not_told_that_it_is_gone(after_days, fires):
    assert (upgrade({"fan": date(2025, 5, 1)}, ITEMS, whom=Whom(MAY), after_days=after_days) is not None) is fires


def test_who_wants_something_of_the_kind_now_is_told_however_new_the_old_one_is():
    assert upgrade({"fan": MAY}, ITEMS, whom=Whom(MAY), wanted={"fans"}, after_days=180).why == "shift"


def test_the_last_day_of_sale_discontinues_a_product_too():
    items = ITEMS | {"oven": ITEMS["oven"]._replace(sold_until=date(2026, 4, 30))}
    assert upgrade({"oven": date(2025, 6, 1)}, items, whom=Whom(MAY)).why == "discontinued"
    assert upgrade({"oven": date(2025, 6, 1)}, items, whom=Whom(date(2026, 4, 30))) is None


@pytest.mark.parametrize("owned", ["fan 2", "fan 3"])
def test_who_has_a_newer_one_already_is_left_alone(owned):
    assert upgrade({"fan": date(2025, 5, 1)}, ITEMS, whom=Whom(MAY, owns=frozenset(["fan", owned]))) is None


def test_a_successor_that_may_not_be_offered_is_no_upgrade():
    sold_elsewhere = ITEMS | {name: ITEMS[name]._replace(regions=frozenset(["上海市"])) for name in ("fan 2", "fan 3")}
    assert upgrade({"fan": date(2025, 5, 1)}, sold_elsewhere, whom=Whom(MAY, frozenset(["浙江省"]))) is None
    assert upgrade({"fan": date(2025, 5, 1)}, sold_elsewhere, whom=Whom(MAY, frozenset(["上海市"]))).product_id == "fan 3"


def test_without_a_day_nothing_is_said():
    assert upgrade(LONG_AGO, ITEMS, whom=Whom()) is None
