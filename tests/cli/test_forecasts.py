"""The demand as people ask for it, on the invented shop."""

from __future__ import annotations


def test_next_week_is_a_sentence_in_either_language(shop, zhiyin_says):
    rows = zhiyin_says("forecast", "-w", shop, "--json").json()
    assert len(rows) == 6
    assert all(row["low"] <= row["value"] <= row["high"] and row["sentence_zh"].startswith(f"下周“{row['name']}”预计卖") for row in rows)
    shown = zhiyin_says("forecast", "-w", shop, "--lang", "en", "-n", "1")
    assert shown.out.startswith(f"Next week {rows[0]['name']} will sell about")
    assert len(zhiyin_says("forecast", "--level", "product", "-n", "3", "-w", shop, "--json").json()) == 3


def test_the_days_ahead_are_a_table(shop, zhiyin_says):
    rows = zhiyin_says("forecast", "--level", "total", "--days", "5", "-w", shop, "--json").json()
    assert [row["on"] for row in rows] == [f"2026-{day}" for day in ("09-28", "09-29", "09-30", "10-01", "10-02")]
    assert "2026-10-01" in zhiyin_says("forecast", "--level", "total", "--days", "5", "-w", shop).out


def test_a_page_is_written(shop, zhiyin_says, tmp_path):
    said = zhiyin_says("forecast", "--page", tmp_path / "demand.html", "-w", shop, "--lang", "en")
    assert said.code == 0
    assert f"Page: {tmp_path / 'demand.html'}" in said.out.replace("\n", "").replace("  ", "")
    assert "<svg" in (tmp_path / "demand.html").read_text("utf-8")


def test_an_unknown_level_is_answered_with_those_that_exist(shop, zhiyin_says):
    said = zhiyin_says("forecast", "--level", "brand", "-w", shop, "--lang", "en")
    assert (said.code, said.out) == (4, "")
    assert "There is no such level. Got brand" in said.err
