"""A price with two zeros too many: it does not reach the figures, it is not lost, and a person brings it back for good."""

from __future__ import annotations

import json

import pytest

from journeys.shop import opened

SETTINGS = """
timezone = "Asia/Shanghai"
currency = "CNY"
language = "en"

[[source]]
name = "shop"
file = "orders.csv"
columns = { customer = "who", order_id = "no", product_id = "sku", quantity = "pieces", amount = "paid", ordered_at = "day" }
"""
ROWS = [f"A{at},C{at % 20},P1,{1 + at % 2},{20 * (1 + at % 2)}.00,2026-0{1 + at % 9}-1{at % 9}" for at in range(60)]
ODD = [
    "B1,C1,P1,1,2000.00,2026-05-05",
    "B2,C2,P1,99999,1999980.00,2026-05-06",
    "B3,C3,P1,1,20.00,2062-05-06",
    "B4,C4,P1,1,20.00,1970-01-01",
]


@pytest.fixture
def workspace(tmp_path, zhiyin_says):
    folder = opened(tmp_path / "shop", SETTINGS)
    (folder / "orders.csv").write_text("\n".join(["no,who,sku,pieces,paid,day", *ROWS, *ODD]), encoding="utf-8")
    said = zhiyin_says("import", "-w", folder, "--json")
    assert said.code == 0, said.err
    return folder, said.json()


def _listed(folder, zhiyin_says):
    return {row["row"]: row["code"] for row in zhiyin_says("quarantine", "-w", folder, "--json").json()}


def _lines(folder, zhiyin_says):
    checked = zhiyin_says("check", "-w", folder, "--json").json()
    return next(row["what_en"] for row in checked if row["name"] == "goal.order_line")


def test_odd_lines_are_refused_with_the_reason_and_every_row_is_counted(workspace, zhiyin_says):
    folder, imported = workspace
    (source,) = imported
    assert (source["read"], source["stored"] > 0, source["refused"]) == (64, True, 4)
    assert _listed(folder, zhiyin_says) == {
        "shop:62": "outlier_price",
        "shop:63": "outlier_quantity",
        "shop:64": "outlier_future",
        "shop:65": "outlier_early",
    }
    shown = zhiyin_says("quarantine", "-w", folder).out
    assert "2,000.00" in shown
    assert "20.00" in shown
    assert _lines(folder, zhiyin_says) == "Order lines: 60."
    assert "usually costs" in zhiyin_says("check", "-w", folder).out


def test_a_line_comes_back_for_good(workspace, zhiyin_says):
    folder, _ = workspace
    said = zhiyin_says("restore", "shop:63", "-w", folder, "--json")
    assert said.code == 0, said.err
    assert said.json() == {"restored": 1, "known": 0, "lines": 1}
    assert zhiyin_says("restore", "outlier_price", "-w", folder, "--json").json()["restored"] == 1
    assert set(_listed(folder, zhiyin_says)) == {"shop:64", "shop:65"}
    assert _lines(folder, zhiyin_says) == "Order lines: 62."
    with (folder / "orders.csv").open("a", encoding="utf-8") as file:
        file.write("\nB9,C9,P1,1,20.00,2026-05-07\n")
    again = zhiyin_says("import", "-w", folder, "--json")
    assert again.code == 0, again.err
    assert _lines(folder, zhiyin_says) == "Order lines: 63."


@pytest.mark.parametrize("what", ["outlier_sign", "shop:2", "nothing", "shop:", ":64"])
def test_what_is_not_in_quarantine_cannot_come_back(workspace, zhiyin_says, what):
    said = zhiyin_says("restore", what, "-w", workspace[0])
    assert said.code != 0
    assert "Nothing like this is in quarantine." in said.err


def test_an_empty_quarantine_says_so(tmp_path, zhiyin_says):
    folder = opened(tmp_path / "shop", SETTINGS)
    (folder / "orders.csv").write_text("\n".join(["no,who,sku,pieces,paid,day", *ROWS]), encoding="utf-8")
    zhiyin_says("import", "-w", folder)
    assert "Nothing is in quarantine." in zhiyin_says("quarantine", "-w", folder).out
    assert json.loads(zhiyin_says("quarantine", "-w", folder, "--json").out) == []
