"""A shop made by hand: what its run says will be sold, how that is judged a month later, and what is ordered by it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from app.live import NOW
from zhiyin.app.demanded import country, foresee
from zhiyin.app.forecasts import accuracy, forecasts, write_page
from zhiyin.app.home import create_home, open_home
from zhiyin.app.intake import import_sources
from zhiyin.app.reading import guard_over, published_guard
from zhiyin.app.stocked import suggest_orders
from zhiyin.app.work import Work
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import NotFound
from zhiyin.core.settings import SourceSettings
from zhiyin.core.tables import TABLES
from zhiyin.guard.access import OWNER

AT = date(2026, 8, 31)  # a Monday
FIRST = AT - timedelta(days=120)
LAST = AT + timedelta(days=60)
COLUMNS = {"order_id": "order", "customer": "who", "product_id": "product", "quantity": "pieces", "amount": "paid", "ordered_at": "at"}


def _files(folder, last=LAST):
    """Tea: two kinds, 6 and 2 a day. Milk: 8 on weekends only; 12 until five weeks before the day of the list. A bag without a category."""
    rows, on = [], FIRST
    while on < last:
        sold = {"t1": 6, "t2": 2}
        if on.weekday() >= 5:
            sold["m1"] = 8 if on >= AT - timedelta(days=35) else 12
        if on.weekday() == 0:
            sold["bag"] = 1
        rows += [f"{product}-{on},u{n % 5},{product},{pieces},{10 * pieces},{on}" for n, (product, pieces) in enumerate(sold.items())]
        on += timedelta(days=1)
    (folder / "orders.csv").write_text("\n".join(["order,who,product,pieces,paid,at", *rows]), encoding="utf-8")
    goods = ("t1,龙井,茶,饮品", "t2,毛峰,茶,饮品", "m1,鲜奶,奶,冷柜")
    (folder / "goods.csv").write_text("\n".join(["product,name,category,department", *goods]), encoding="utf-8")
    (folder / "shelf.csv").write_text(
        f"product,pieces,at\nm1,20,{AT - timedelta(days=1)}\nt1,500,{AT - timedelta(days=1)}\n", encoding="utf-8"
    )


def _sources():
    goods = {"product_id": "product", "product": "name", "category": "category", "department": "department"}
    shelf = {"product_id": "product", "pieces": "pieces", "counted_at": "at"}
    return [
        SourceSettings(name="till", file="orders.csv", system="shop", columns=COLUMNS),
        SourceSettings(name="goods", kind="products", file="goods.csv", columns=goods),
        SourceSettings(name="shelf", kind="stock", file="shelf.csv", columns=shelf),
    ]


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """The workspace with its files loaded; to be copied."""
    folder = tmp_path_factory.mktemp("demand") / "shop"
    folder.mkdir()
    create_home(folder)
    with (folder / "zhiyin.toml").open("a", encoding="utf-8") as file:
        file.write("[demand]\nbudget_s = 0\n")
    _files(folder)
    import_sources(open_home(folder), _sources(), progress=lambda *_: None)
    return folder


@pytest.fixture
def home(imported, tmp_path):
    opened = open_home(shutil.copytree(imported, tmp_path / "shop"))
    yield opened
    opened.close()


@contextmanager
def _working(home, at=AT):
    with home.lake.build(carry=TABLES) as build:
        yield Work(home, build, guard_over(home, build, clock=lambda: NOW), at, refit=False, progress=lambda *_: None)
        build.publish()


def _foreseen(home, at=AT):
    with _working(home, at) as work:
        suggest_orders(work, foresee(work))
    return work


def _asked(home, level="category", **more):
    with published_guard(home, utc_now) as guard:
        return forecasts(guard, OWNER, level=level, **more)


def test_next_week_of_each_category_is_said_in_a_sentence(home):
    _foreseen(home)
    rows = {row["name"]: row for row in _asked(home)}
    assert list(rows) == ["茶", "奶", ""]
    assert rows["茶"]["value"] == pytest.approx(56, rel=0.05)
    assert rows["茶"]["money"] == pytest.approx(56_000, rel=0.05)
    assert rows["茶"]["sentence_zh"].startswith("下周“茶”预计卖 56 件")
    assert rows["茶"]["sentence_zh"].endswith("和上周差不多。")
    assert "Next week products without a category will sell about 1 " in rows[""]["sentence_en"]
    assert (rows["奶"]["growth"], rows["奶"]["changed_on"]) == (pytest.approx(16 / 20 - 1, abs=0.2), "2026-07-27")
    assert rows["奶"]["change"] == pytest.approx(-1 / 3, abs=0.05)
    assert rows["奶"]["growth_year"] is None


def test_the_levels_sum_up_and_products_bear_their_names(home):
    _foreseen(home)
    total = _asked(home, "total")[0]
    for level in ("department", "category", "product"):
        rows = _asked(home, level)
        assert sum(row["value"] for row in rows) == pytest.approx(total["value"])
        assert sum(row["money"] for row in rows) == pytest.approx(total["money"], abs=len(rows))
    assert total["sentence_zh"].startswith("下周全店预计卖")
    products = {row["name"]: row["value"] for row in _asked(home, "product")}
    assert products["龙井"] == pytest.approx(3 * products["毛峰"], rel=0.01)
    assert [row["name"] for row in _asked(home, "department", limit=1)] == ["饮品"]


def test_days_are_told_one_by_one(home):
    _foreseen(home)
    rows = [row for row in _asked(home, days=7) if row["name"] == "奶"]
    assert [row["on"] for row in rows] == [str(AT + timedelta(days=day)) for day in range(7)]
    assert sum(row["value"] for row in rows[:5]) < 1 < 6 < rows[5]["value"]
    assert len(_asked(home, "product", days=14, limit=1)) == 2  # products: weeks


def test_the_forecaster_takes_part_where_it_has_the_time(home):
    (home.folder / "zhiyin.toml").write_text("[demand]\nbudget_s = 3.5\n", encoding="utf-8")
    home = home.reread()
    _foreseen(home)
    with _working(home) as work:
        kept = work.frame(work.table("forecast_said"))
    home.close()
    assert set(kept["way"]) == {"forecaster", "usual", "last_week"}
    week = kept[(kept["level"] == "category") & (kept["series"] == "茶") & (kept["on"].astype(str) == str(AT))].set_index("way")["value"]
    assert week["forecaster"] == pytest.approx(56, rel=0.15)
    assert week["last_week"] == 56


def test_an_unknown_level_is_refused(home):
    with pytest.raises(NotFound, match="There is no such level"):
        _asked(home, "brand")


def test_what_was_said_is_judged_by_what_came(home):
    first = _foreseen(home)
    assert first.validation == []
    between = _foreseen(home, AT + timedelta(days=3))
    assert between.validation == []
    with published_guard(home, utc_now) as guard:
        assert accuracy(guard, OWNER) == []
    later = _foreseen(home, AT + timedelta(days=28))
    scores = later.validation[0].set_index(["question", "variant"])
    assert set(scores["at_on"]) == {AT}  # three days later nothing more was kept
    assert scores.loc[("demand_category", "usual"), "value"] < 0.1
    assert bool(scores.loc[("demand_category", "usual"), "used"])
    assert not bool(scores.loc[("demand_total", "last_week"), "used"])
    with _working(home, AT + timedelta(days=28)) as work:
        kept = work.frame(work.table("forecast_said"))
        work.write("improve", "scorecard", rows=later.validation[0])
    assert kept["at_on"].nunique() == 2
    with published_guard(home, utc_now) as guard:
        assert {row["way"] for row in accuracy(guard, OWNER)} == {"usual", "last_week"}
        told = forecasts(guard, OWNER)
        assert "误差占销售额的" in told.notes[0].zh
        assert "the same as last week would have been off by" in told.notes[0].en


def test_a_look_back_leaves_what_was_kept(home):
    _foreseen(home)
    _foreseen(home, AT - timedelta(days=20))
    with _working(home) as work:
        assert set(work.frame(work.table("forecast_said"))["at_on"].astype(str)) == {str(AT)}


def test_orders_rest_on_the_forecast_where_it_was_nearer(home):
    _foreseen(home)
    with published_guard(home, utc_now) as guard:
        rows = {row["product_id"]: row for row in guard.rows("reorder", _display(), where={})}
    assert {row["basis"] for row in rows.values()} == {"forecast"}
    assert "按预测" in rows["m1"]["reason_zh"]
    assert 16 / 7 < rows["m1"]["daily"] < (5 * 16 + 3 * 24) / 56 - 0.05  # between the level of late and the counts of eight weeks
    assert rows["t1"]["quantity"] == 0


def test_without_a_forecast_orders_rest_on_counts(home):
    with _working(home) as work:
        suggest_orders(work, None)
        assert set(work.frame(work.table("reorder"))["basis"]) == {"counts"}


def _display():
    from zhiyin.guard.access import Access

    return Access(OWNER, "display")


def test_the_page_has_a_picture_for_each_series_in_both_languages(home, tmp_path):
    _foreseen(home)
    with published_guard(home, utc_now) as guard:
        page = write_page(guard, OWNER, tmp_path / "new" / "page.html", currency="CNY").read_text("utf-8")
    assert page.count("<svg") == 2 * (1 + 3 + 3)
    assert "下周“茶”预计卖" in page
    assert "Next week 茶 will sell about" in page
    assert "http" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize("last", [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=10)])
def test_too_little_is_said_and_nothing_fails(tmp_path, last):
    create_home(tmp_path)
    _files(tmp_path, last)
    home = open_home(tmp_path)
    import_sources(home, _sources()[:2] if last > FIRST else _sources()[1:2], progress=lambda *_: None)
    work = _foreseen(home, FIRST + timedelta(days=12))
    assert [note.en for note in work.notes] == ["There are less than two weeks of sales: demand cannot be forecast."] * (last > FIRST)
    told = _asked(home)
    assert (list(told), told.notes[0].zh[:9]) == ([], "还没有需求预测：至")
    with published_guard(home, utc_now) as guard:
        assert "还没有需求预测" in write_page(guard, OWNER, tmp_path / "page.html", currency="CNY").read_text("utf-8")
    home.close()


def test_the_country_follows_the_setting_then_the_time_zone(home):
    settings = home.settings
    assert country(settings) == "CN"
    demand = settings.demand
    assert country(settings.model_copy(update={"demand": demand.model_copy(update={"country": "none"})})) == ""
    assert country(settings.model_copy(update={"demand": demand.model_copy(update={"country": "US"})})) == "US"
