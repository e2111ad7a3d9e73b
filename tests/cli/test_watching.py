"""What the run noticed, as people ask for it: on the invented shop, and in a workspace without a run."""

from __future__ import annotations

import re

import pytest

READS = {
    "risk list": ("risk", "list", "--all"),
    "stock": ("stock", "--all"),
    "shifts": ("shifts",),
    "forecast": ("forecast",),
    "forecast --days": ("forecast", "--level", "total", "--days", "3"),
    "forecast --errors": ("forecast", "--errors"),
    "alerts list": ("alerts", "list"),
    "alerts send": ("alerts", "send"),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", sorted(READS))
def test_a_command_answers_in_both_languages_and_as_json(shop, zhiyin_says, name):
    chinese, english, values = (zhiyin_says(*READS[name], "-w", shop, *more) for more in (("--lang", "zh"), ("--lang", "en"), ("--json",)))
    assert (chinese.code, english.code, values.code) == (0, 0, 0), chinese.err + english.err + values.err
    assert CHINESE.search(chinese.out)
    assert chinese.out != english.out
    assert isinstance(values.json(), list | dict)


def test_what_runs_out_stands_with_its_reason(shop, zhiyin_says):
    rows = zhiyin_says("stock", "-w", shop, "--json").json()
    assert all(row["quantity"] > 0 and "建议订" in row["reason_zh"] for row in rows)
    assert len(zhiyin_says("stock", "-w", shop, "--json", "-n", "1").json()) == 1
    shown = zhiyin_says("stock", "-w", shop, "--lang", "en", "-n", "1").out
    assert rows[0]["product_id"] in shown


def test_a_case_that_is_not_there_is_not_decided(shop, zhiyin_says):
    for word in ("confirm", "clear"):
        said = zhiyin_says("risk", word, "k9", "-w", shop, "--lang", "zh")
        assert (said.code, said.out) == (4, "")
        assert "没有这起案件。看到的是：k9。" in said.err


def test_who_may_not_decide_is_refused(shop, zhiyin_says):
    said = zhiyin_says("risk", "confirm", "k9", "-w", shop, "--as", "wang", "--lang", "en")
    assert said.code == 5
    assert "Only the owner or a lead decides on suspicious cases." in said.err
    assert zhiyin_says("alerts", "send", "-w", shop, "--as", "wang", "--lang", "en").code == 5


def test_before_the_first_import_the_way_is_shown(tmp_path, zhiyin_says):
    zhiyin_says("init", "-w", tmp_path / "new")
    for words in (("risk", "list"), ("stock",), ("shifts",), ("forecast",), ("alerts", "list")):
        said = zhiyin_says(*words, "-w", tmp_path / "new", "--lang", "en")
        assert (said.code, said.out) == (4, "")
        assert "This workspace has no data yet." in said.err


def test_a_department_without_an_address_that_is_one_is_refused(tmp_path, zhiyin_says):
    zhiyin_says("init", "-w", tmp_path / "new")
    with (tmp_path / "new" / "zhiyin.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[department]]\nname = "stock"\nwebhook = "ftp://shop.example"\n')
    said = zhiyin_says("alerts", "list", "-w", tmp_path / "new", "--lang", "en")
    assert said.code == 3
    assert "an address that begins with http:// or https://" in said.err
