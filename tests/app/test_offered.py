"""What is offered to one customer, held against the shop as it stands when the list is read."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pandas as pd
import pytest

import zhiyin
from journeys.shop import DAY
from zhiyin.app.home import open_home
from zhiyin.app.offered import SHOWN, arranging, shelf_of
from zhiyin.app.reading import published_guard
from zhiyin.core.clock import utc_now
from zhiyin.core.settings import Settings
from zhiyin.core.tables import TABLES
from zhiyin.guard.access import OWNER, Access
from zhiyin.recommend.arrange import Arranging

SOURCE = """
[[source]]
name = "catalogue"
kind = "products"
system = "shop"
file = "catalogue.csv"
"""


@pytest.fixture(autouse=True)
def _on_the_day_of_the_list(monkeypatch):
    monkeypatch.setenv("ZHIYIN_AS_OF", DAY.isoformat())


def _offers(folder, customer="K5000", *, k=30):
    with zhiyin.open(folder) as workspace:
        return workspace.recommend(customer, k)


def _of_kind(rows, kind):
    return [row["product_id"] for row in rows if row["kind"] == kind]


def _tell(folder, *rows: dict[str, str]) -> None:
    """Import what the shop says of some products, each of one more column than its id."""
    if SOURCE not in (text := (folder / "zhiyin.toml").read_text("utf-8")):
        (folder / "zhiyin.toml").write_text(text + SOURCE, "utf-8")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(columns), *(",".join(row.get(name, "") for name in columns) for row in rows)]
    (folder / "catalogue.csv").write_text("\n".join(lines), "utf-8")
    with zhiyin.open(folder) as workspace:
        workspace.import_("catalogue")


def test_an_import_alone_takes_off_the_list_what_may_not_be_offered_here_or_today(another_shop):
    before = _of_kind(_offers(another_shop), "new")
    hidden, expired, to_come, elsewhere, here, anywhere = before[:6]
    _tell(
        another_shop,
        {"product_id": hidden, "hidden": "是"},
        {"product_id": expired, "sold_until": "2026-09-27"},
        {"product_id": to_come, "sold_from": "2026-09-29"},
        {"product_id": elsewhere, "regions": "上海、江苏"},
        {"product_id": here, "regions": "浙江"},  # this customer lives in 杭州
        {"product_id": anywhere, "sold_from": "2026-09-28", "sold_until": "2026-09-28"},
    )
    after = _offers(another_shop)
    assert _of_kind(after, "new") == before[4:]
    assert [row["rank"] for row in after if row["kind"] == "new"] == list(range(1, len(before) - 3))
    _tell(
        another_shop,
        {"product_id": hidden, "hidden": "否"},
        {"product_id": expired, "sold_until": "2026-09-28"},
        {"product_id": to_come, "sold_from": "2026-09-01"},
        {"product_id": elsewhere, "regions": "全国"},
    )
    assert _of_kind(_offers(another_shop), "new") == before


def test_what_was_bought_since_the_run_is_not_new(another_shop, monkeypatch):
    before = _offers(another_shop)
    monkeypatch.setenv("ZHIYIN_AS_OF", "2026-11-01")  # orders of October are in the lake, and no run has seen them
    after = _offers(another_shop)
    bought_since = set(_of_kind(before, "new")) - set(_of_kind(after, "new"))
    assert bought_since
    with zhiyin.open(another_shop) as workspace, published_guard(workspace._home, utc_now) as guard:
        lines = guard.row("order_line", str(before[0]["customer_id"]), Access(OWNER, "display"))
    firsts = {}
    for line in sorted(lines, key=lambda line: line["ordered_on"]):
        firsts.setdefault(line["product_id"], line["ordered_on"])
    assert all(firsts[product] >= DAY for product in bought_since)


def test_a_successor_stands_in_the_place_of_what_it_replaces_and_says_so(another_shop):
    before = _offers(another_shop)
    old, new = _of_kind(before, "repeat")[0], _of_kind(before, "new")[-1]
    names = {row["product_id"]: row["product"] for row in before}
    why = next(row["reason_zh"] for row in before if row["kind"] == "repeat")
    _tell(another_shop, {"product_id": old, "successor_id": new})
    first = next(row for row in _offers(another_shop) if row["kind"] == "repeat")
    assert (first["product_id"], first["instead_of"], first["rank"], first["product"]) == (new, old, 1, names[new])
    assert first["reason_zh"] == f"「{names[old]}」有了新款「{names[new]}」；「{names[old]}」：{why}"
    assert first["reason_en"].startswith(f'"{names[new]}" replaces "{names[old]}"; of "{names[old]}": Bought ')


def test_a_successor_that_nobody_has_heard_of_replaces_nothing(another_shop):
    before = _offers(another_shop)
    _tell(another_shop, {"product_id": str(before[0]["product_id"]), "successor_id": "P999"})
    assert [row["product_id"] for row in _offers(another_shop)] == [row["product_id"] for row in before]


def test_who_has_what_is_no_longer_sold_is_offered_what_replaces_it(another_shop, monkeypatch):
    before = _offers(another_shop)
    old, new = _of_kind(before, "repeat")[0], _of_kind(before, "new")[-1]
    _tell(another_shop, {"product_id": old, "successor_id": new, "hidden": "是"})
    assert _of_kind(_offers(another_shop), "upgrade") == []  # it was bought within half a year
    monkeypatch.setenv("ZHIYIN_RECOMMEND__UPGRADE_AFTER_DAYS", "0")
    first, *rest = _offers(another_shop)
    assert (first["kind"], first["product_id"], first["instead_of"], first["rank"], first["score"]) == ("upgrade", new, old, 1, None)
    assert "它已停售，有了新款" in first["reason_zh"]
    assert "is no longer sold" in first["reason_en"]
    assert {old, new}.isdisjoint(row["product_id"] for row in rest)
    assert next(row["rank"] for row in rest if row["kind"] == "repeat") == 1


@pytest.mark.parametrize(("noticed_on", "fires"), [(date(2026, 9, 20), True), (date(2026, 8, 30), False)])
def test_whose_need_shifts_to_what_is_owned_hears_of_the_newer_one(another_shop, noticed_on, fires):
    before = _offers(another_shop)
    old, new = next(row for row in before if row["kind"] == "repeat"), _of_kind(before, "new")[-1]
    _tell(another_shop, {"product_id": str(old["product_id"]), "successor_id": new})
    _shift(another_shop, str(old["customer_id"]), to=str(old["category"]), noticed_on=noticed_on)
    found = [row for row in _offers(another_shop) if row["kind"] == "upgrade"]
    assert [(row["product_id"], row["instead_of"]) for row in found] == ([(new, old["product_id"])] if fires else [])
    assert all(f"这位客户近来转而关注「{old['category']}」" in row["reason_zh"] for row in found)


def _shift(folder, customer: str, *, to: str, noticed_on: date) -> None:
    row = {
        "customer_id": customer,
        "shifted_on": noticed_on,
        "noticed_on": noticed_on,
        "before": "x",
        "after": to,
        "nats": 4.0,
        "evidence": 5,
    }
    home = open_home(folder)
    with home.lake.build(carry=TABLES) as build:
        build.write("need_shift", pd.DataFrame([{**row, "product_id": ""}]))
        build.publish()
    home.close()


def test_a_category_takes_as_many_places_as_the_settings_leave_it(shop, monkeypatch):
    assert max(Counter(row["category"] for row in _offers(shop) if row["kind"] == "new").values()) > 1
    monkeypatch.setenv("ZHIYIN_RECOMMEND__AT_MOST_OF_A_CATEGORY", "1")
    assert set(Counter((row["kind"], row["category"]) for row in _offers(shop)).values()) == {1}


def test_the_settings_say_how_a_list_is_put_together():
    assert arranging(Settings()) == Arranging()
    own = {"at_most_of_a_category": 2, "diversity": 0.3, "least_margin": 1.5, "margin_weight": 0.2}
    assert arranging(Settings(currency="CNY", recommend=own)) == Arranging(2, 0.3, 150, 0.2)
    assert arranging(Settings(currency="JPY", recommend=own)).least_margin == 2


def test_the_shelf_holds_what_replaces_a_product_and_margins_in_its_own_currency(another_shop):
    _tell(
        another_shop,
        {"product_id": "P001", "successor_id": "P002", "price": "9", "cost": "4", "currency": "CNY"},
        {"product_id": "P002", "successor_id": "P003", "price": "9", "cost": "4", "currency": "USD"},
        {"product_id": "P003", "successor_id": "P001"},
    )
    home = open_home(another_shop)
    with published_guard(home, utc_now) as guard:
        shelf = shelf_of(guard, Access(OWNER, "display"), ["P001"], currency="CNY")
        assert shelf_of(guard, Access(OWNER, "display"), [], currency="CNY") == {}
    home.close()
    assert {product: (item.successor, item.margin) for product, item in shelf.items()} == {
        "P001": ("P002", 500),
        "P002": ("P003", None),
        "P003": ("P001", None),
    }


def test_a_run_keeps_spare_products_where_some_may_be_left_out(another_shop, monkeypatch):
    before = _kept(another_shop)
    assert max(row["rank"] for row in before) == SHOWN
    monkeypatch.setenv("ZHIYIN_RECOMMEND__AT_MOST_OF_A_CATEGORY", "2")
    expired = _of_kind(_offers(another_shop), "repeat")[0]
    _tell(another_shop, {"product_id": expired, "sold_until": "2026-09-27"})
    with zhiyin.open(another_shop) as workspace:
        workspace.run(DAY)
    after = _kept(another_shop)
    assert SHOWN < max(row["rank"] for row in after) <= 3 * SHOWN
    assert expired in {row["product_id"] for row in before} - {row["product_id"] for row in after}  # gone from everybody's list


def _kept(folder):
    """The table of all customers, as the last run wrote it."""
    home = open_home(folder)
    with published_guard(home, utc_now) as guard:
        rows = guard.rows("recommendation", Access(OWNER, "display"), where={})
    home.close()
    return rows


def test_the_list_of_the_day_names_no_product_that_is_not_sold_where_the_customer_is(another_shop):
    def step() -> str:
        with zhiyin.open(another_shop) as workspace:
            return str(workspace.customer("K5000")["next_step"][0]["product_id"])

    named = step()
    assert named
    _tell(another_shop, {"product_id": named, "regions": "上海、江苏"})  # this customer lives in 杭州
    with zhiyin.open(another_shop) as workspace:
        workspace.run(DAY)
    assert step() not in (named, "")


def test_a_short_list_has_the_best_of_every_kind(another_shop):
    whole, short = _offers(another_shop, k=40), _offers(another_shop, k=4)
    for kind in ("repeat", "new"):
        assert len(_of_kind(whole, kind)) > 2
        assert _of_kind(short, kind) == _of_kind(whole, kind)[:2]
