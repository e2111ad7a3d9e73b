"""Orders as a wholesaler exports them: postage among the goods, several invoices a day, rows without a customer, names in capitals."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import zhiyin
from journeys.shop import opened

pytestmark = pytest.mark.slow  # a run of its own

DAY = date(2011, 6, 1)
SETTINGS = """
currency = "GBP"
timezone = "Europe/London"

[demand]
budget_s = 0  # the list of a wholesaler does not read the demand

[contact]
holdout_share = 0.0
cost = 0.0  # the rhythm of these customers is so plain that contacts hardly change anything

[[source]]
name = "invoices"
file = "invoices.csv"
[source.columns]
order_id = "invoice"
product_id = "stock_code"
product = "description"
quantity = "quantity"
price = "price"
ordered_at = "invoice_date"
customer = "customer_id"
"attribute.country" = "country"
"""
HEADER = ["invoice", "stock_code", "description", "quantity", "invoice_date", "price", "customer_id", "country"]
GOODS = ["LUNCH BAG RED  RETROSPOT", "DOORMAT HEARTS", "CREAM HEART CARD HOLDER", "PARTY BUNTING", "SET/6 FRUIT SALAD PLATES"]


def write_invoices(path: Path) -> None:
    """Forty customers; the last five come after the day of the list, every second order is two invoices, every one pays postage."""
    random = np.random.default_rng(7)
    rows: list[list[object]] = []
    for customer in range(40):
        day = date(2010, 1, 4) + timedelta(days=int(random.integers(0, 60))) if customer < 35 else DAY + timedelta(days=1)
        every, ends = 10 + customer % 7 * 9, date(2011, 1, 10) if customer % 5 == 4 else date(2011, 7, 1)
        while day < ends:
            for part in range(1 + customer % 2):
                number = f"{489000 + len(rows)}"
                when = f"{day} {9 + part}:15:00"
                for at in random.choice(len(GOODS), size=2, replace=False):
                    rows.append(
                        [number, f"8{at}482", GOODS[at], int(random.integers(1, 24)), when, "2.95", f"{12000 + customer}", "France"]
                    )
                rows.append([number, "POST", "POSTAGE", 2, when, "18.00", f"{12000 + customer}", "France"])
            day += timedelta(days=max(1, every + int(random.integers(-3, 4))))
    rows += [["C500001", "81482", GOODS[1], -3, "2011-01-02 10:00:00", "2.95", "12000", "France"]]
    rows += [["500002", "81482", GOODS[1], 3, "2011-01-02 10:00:00", "2.95", "", "France"]] * 3
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])


@pytest.fixture(scope="module")
def wholesaler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = opened(tmp_path_factory.mktemp("wholesaler") / "shop", SETTINGS)
    write_invoices(folder / "invoices.csv")
    with zhiyin.open(folder) as workspace:
        (loaded,) = workspace.import_()
        assert (loaded.refused, dict(loaded.reasons)) == (3, {"no_customer": 3})
        ran = workspace.run(DAY)
    assert ran.customers == 35  # the others are not known yet
    return folder


@pytest.fixture
def today(wholesaler):
    with zhiyin.open(wholesaler) as workspace:
        return workspace.today()


def test_every_sentence_of_the_list_can_be_said(today):
    assert len(today) >= 10
    for row in today:
        words = [*row["reasons_zh"], *row["reasons_en"], row["opening_zh"], row["opening_en"], row["gain_text"]]
        assert all(words)
        assert len(row["reasons_zh"]) == 3
        assert not [one for one in words if re.search(r"[{}]|nan|None|  |。。|\.\.|\b1 \w+s\b|POSTAGE|0个品类|: no .*: more", one)]


def test_charges_are_not_offered_and_are_not_a_reason(wholesaler, today):
    assert {row["about"] for row in today} <= {" ".join(name.split()) for name in GOODS} | {""}
    with zhiyin.open(wholesaler) as workspace:
        offered = [offer for row in today[:5] for offer in workspace.recommend(str(row["customer_id"]))]
    assert offered
    assert not [offer for offer in offered if "POSTAGE" in (offer["product"], offer["reason_en"])]


def test_the_rhythm_is_that_of_the_buying_days(today):
    """Customer 12001 comes every 19 days with two invoices; by its invoices it would come twice as often."""
    told = [int(found[1]) for row in today if (found := re.match(r"(?:以前)?平均每 (\d+) 天买一次", row["reasons_zh"][0]))]
    assert len(told) >= 5
    assert min(told) >= 9


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_speaks_one_language_and_shows_no_codes(wholesaler, tmp_path, language):
    with zhiyin.open(wholesaler) as workspace:
        page = workspace.report(tmp_path / "page.html", language=language).read_text("utf-8")
    shown = re.sub(r"<details>.*?</details>|<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not re.search(r"nan|None|\{\{|average_precision|log_loss|lift_at|spend_halves|POSTAGE", shown)
    assert bool(re.search("[：，。]", shown)) == (language == "zh")
