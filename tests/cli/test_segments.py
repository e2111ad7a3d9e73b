"""Segments as people type them: what is said, in both languages, and what a slip of the keyboard is told."""

from __future__ import annotations

import pytest

RULE = "消费额 >= 100元 且 距上次购买天数 > 2"


def test_a_rule_is_counted_before_it_is_saved(shop, zhiyin_says):
    said = zhiyin_says("segments", "count", RULE, "-w", shop, "--lang", "zh")
    assert said.code == 0
    assert said.out.startswith("消费额至少 ¥100、超过 2 天没下单的客户。\n")
    assert " 位，占 " in said.out
    row = zhiyin_says("segments", "count", RULE, "-w", shop, "--json").json()
    assert row["rule"] == "spend >= 100 and days_since_order > 2"
    assert f"{row['customers']:,} of {row['of']:,} customers" in zhiyin_says("segments", "count", RULE, "-w", shop).out


def test_a_segment_lives_on_the_command_line(another_shop, zhiyin_says):
    assert "No segment was defined yet" in zhiyin_says("segments", "-w", another_shop).out
    added = zhiyin_says("segments", "add", "大而静", RULE, "-w", another_shop, "--lang", "zh")
    assert "已保存“大而静”；下次 `zhiyin run` 起记录谁进谁出。" in added.out
    listed = zhiyin_says("segments", "-w", another_shop, "--lang", "zh").out
    assert "大而静" in listed
    assert "消费额至少 ¥100、超过 2 天没下单的客户。" in listed
    assert "行为分群" in listed
    rows = zhiyin_says("segments", "-w", another_shop, "--json").json()
    assert [row["name_zh"] for row in rows if row["scheme"] == "rule"] == ["大而静"]
    assert "大而静 is now called quiet." in zhiyin_says("segments", "rename", "大而静", "quiet", "-w", another_shop).out
    page = zhiyin_says("segments", "show", "quiet", "--members", "-n", "2", "-w", another_shop)
    assert "spend >= 100 and days_since_order > 2" in page.out
    assert "Comings and goings are noted from the next `zhiyin run` on." in page.out
    assert "Beside all (means)" in page.out
    assert page.out.count("**") >= 2  # names are masked
    assert zhiyin_says("segments", "show", "quiet", "-w", another_shop, "--json").json()["noted"] is False
    assert "Removed quiet." in zhiyin_says("segments", "remove", "quiet", "-w", another_shop).out
    assert zhiyin_says("segments", "show", "quiet", "-w", another_shop).code == 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_found_group_is_told_by_its_conditions(shop, zhiyin_says, language):
    page = zhiyin_says("segments", "show", "g1", "-w", shop, "--lang", language).out
    assert ("最接近的规则（决策树，准确 " if language == "zh" else "The nearest rule (decision tree, ") in page.replace("\n", "")
    assert "2026-09-28" in page
    tier = zhiyin_says("segments", "show", "champion", "-w", shop, "--lang", language).out
    assert ("是全体的 " if language == "zh" else " times as many ") in tier.replace("\n", "")


def test_what_a_rule_may_speak_of_is_listed(shop, zhiyin_says):
    rows = zhiyin_says("segments", "words", "-w", shop, "--json").json()
    assert {"spend", "stage", "attribute.city", "prediction.churn", "segment.behaviour"} <= {row["name"] for row in rows}
    assert "消费额" in zhiyin_says("segments", "words", "-w", shop, "--lang", "zh").out


def test_a_mistake_is_shown_with_a_caret(shop, zhiyin_says):
    said = zhiyin_says("segments", "count", "消费额 > 5 且 城巿 = 上海", "-w", shop, "--lang", "zh")
    assert (said.code, said.out) == (2, "")
    lines = said.err.split("\n")
    assert lines[0] == "规则里这一处不对："
    assert lines[1:3] == ["  消费额 > 5 且 城巿 = 上海", "                ^"]
    assert lines[3].startswith("没有“城巿”这一列。")
    error = zhiyin_says("segments", "count", "spend >", "-w", shop, "--json").error()
    assert (error["error"], "A value should stand here" in error["what"]) == ("UsageError", True)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["count", "spend > 5", "--as", "root"], 5, "This role does not see customer content."),
        (["add", "x", "spend > 5", "--as", "wang"], 5, "This role may not make or change segments."),
        (["show", "champion", "--members", "--as", "boss"], 5, "This role sees totals only, not who is in a segment."),
        (["show", "zzz"], 4, "There is no such segment."),
        (["add", "", "spend > 5"], 2, "The name of a segment has 1 to 40 signs and no quotes."),
        (["count"], 2, "An argument is missing."),
        (["zzz"], 2, "There is no such command."),
    ],
)
def test_what_cannot_be_done_is_said(shop, zhiyin_says, words, code, says):
    said = zhiyin_says("segments", words[0], *words[1:], "-w", shop)
    assert (said.code, said.out) == (code, "")
    assert says in said.err


def test_options_before_the_command_are_not_passed_over(shop, zhiyin_says):
    said = zhiyin_says("segments", "-w", shop, "count", "spend > 5")
    assert said.code == 2
    assert "Options stand after the command. Got --workspace." in said.err


def test_too_few_are_not_told(shop, zhiyin_says):
    said = zhiyin_says("segments", "count", "spend < 0", "-w", shop, "--as", "mia")
    assert "Too few customers fulfil it" in said.out
    zh = zhiyin_says("segments", "count", "spend < 0", "-w", shop, "--as", "mia", "--lang", "zh")
    assert "不显示人数" in zh.out
