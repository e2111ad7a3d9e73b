"""Counting, saving, renaming and taking away segments, as each role may."""

from __future__ import annotations

import pytest

from app.asking import reading
from zhiyin.app import segments
from zhiyin.app.segments import Asked
from zhiyin.core.errors import NotFound, PrivacyError, UsageError

BIG = "spend >= ¥100 and tier in (champion, loyal)"


def count(folder, actor, rule):
    with reading(folder, actor) as asked:
        return segments.count(*asked, rule=rule)


def counts(folder, rule):
    """Customers who fulfil a rule by who asks: a rep own customers, a lead those of the team, who sees totals about so many."""
    return {actor: count(folder, actor, rule)["customers"] for actor in ("owner", "wang", "chief", "boss", "mia", "ana")}


def test_a_count_is_that_of_plain_rows(shop):
    found = count(shop, "owner", BIG)
    with reading(shop) as (_, read, _):
        profiles = read.frame(read.guard.read("profile", _access()))
    truth = (profiles["spend"] >= 10_000) & profiles["tier"].isin(["champion", "loyal"])
    assert (found["customers"], found["of"]) == (truth.sum(), len(profiles))
    assert found["rule"] == 'spend >= 100 and tier in ("champion", "loyal")'
    assert found["sentence_zh"] == "消费额至少 ¥100、价值等级是核心客户或忠诚客户的客户。"
    assert found["share"] == pytest.approx(truth.mean(), abs=1e-4)


def _access():
    from zhiyin.guard.access import OWNER, Access

    return Access(OWNER, "measurement")


def test_each_role_counts_what_it_may_see(shop):
    found = counts(shop, "orders >= 1")
    assert found["wang"] < found["chief"] < found["owner"] == found["ana"]
    with reading(shop, "wang") as (_, read, actor):
        own = read.guard.count("profile", _of(actor), where={})
    assert count(shop, "wang", "orders >= 0")["of"] == own
    assert found["boss"] is not None
    assert found["boss"] % 5 == 0  # to the nearest five


def _of(actor):
    from zhiyin.guard.access import Access

    return Access(actor, "measurement")


def test_who_sees_totals_only_is_told_of_no_few(shop):
    with reading(shop) as (_, read, _):
        spends = sorted(row["spend"] for row in read.guard.rows("profile", _access(), where={}))
    rule = f"spend >= {spends[-2] / 100:.2f}"
    found = counts(shop, rule)
    assert found["owner"] == 2
    assert found["boss"] is found["mia"] is None
    nearly_all = counts(shop, f"not ({rule})")
    assert nearly_all["owner"] == len(spends) - 2
    assert nearly_all["boss"] is nearly_all["mia"] is None
    assert counts(shop, "spend < 0")["mia"] is None


def test_who_has_nothing_to_do_with_customers_counts_nothing(shop):
    with pytest.raises(PrivacyError, match="does not see customer content"):
        count(shop, "root", BIG)


def test_before_the_first_import_there_is_nothing_to_count(home):
    with pytest.raises(NotFound, match="This workspace has no data yet"):
        count(home.folder, "owner", BIG)


def test_a_count_stands_in_the_audit_with_columns_and_no_values(another_shop):
    count(another_shop, "mia", "spend >= ¥123.45 and city = 杭州")
    with reading(another_shop) as (_, read, actor):
        entry = next(one for one in read.guard.trail(_of(actor)) if one["action"] == "counted")
    assert (entry["actor"], entry["predicate"]) == ("mia", "all by attribute.city, spend")


def names(folder, actor="owner"):
    with reading(folder, actor) as asked:
        return {row["name_zh"]: row for row in segments.listing(*asked)}


def test_a_segment_is_saved_listed_renamed_and_taken_away(another_shop):
    with reading(another_shop) as asked:
        made = segments.add(*asked, name=" 大 客户 ", rule=BIG)
        segments.add(*asked, name="大而静", rule="in segment '大 客户' and days_since_order > 3")
    listed = names(another_shop)
    assert listed["大 客户"]["customers"] == made["customers"] > 0
    assert listed["大而静"]["customers"] < made["customers"]
    assert (listed["大 客户"]["rule"], listed["大 客户"]["by"]) == (made["rule"], "owner")
    with reading(another_shop, "mia") as asked:
        segments.rename(*asked, old="大而静", new="静")
        with pytest.raises(UsageError, match=r"Other segments use it, so it cannot be renamed\. Got 静\."):
            segments.rename(*asked, old="大 客户", new="贵客")
        with pytest.raises(UsageError, match=r"Other segments use it, so it cannot be taken away\. Got 静\."):
            segments.remove(*asked, name=made["segment_id"])
        segments.remove(*asked, name="静")
        segments.remove(*asked, name="大 客户")
    assert not {"大 客户", "大而静", "静"} & set(names(another_shop))


def test_a_found_group_is_renamed_and_cannot_be_taken_away(another_shop):
    group = next(name for name, row in names(another_shop).items() if row["scheme"] == "behaviour")
    with reading(another_shop) as asked:
        with pytest.raises(UsageError, match=r"A group that was found cannot be taken away"):
            segments.remove(*asked, name=group)
        done = segments.rename(*asked, old=group, new="我的叫法")
        assert (done["scheme"], done["before"]) == ("behaviour", group)
        with pytest.raises(UsageError, match=r"A segment is called so already\. Got 我的叫法\."):
            segments.add(*asked, name="我的叫法", rule=BIG)


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, 'a"b', "a「b」"])
def test_a_name_that_cannot_be_one_is_refused(shop, name):
    with reading(shop) as asked, pytest.raises(UsageError, match=r"has 1 to 40 signs and no quotes"):
        segments.add(*asked, name=name, rule=BIG)


@pytest.mark.parametrize("taken", ["g1", "核心客户", "champions"])
def test_the_names_of_found_groups_are_taken(shop, taken):
    with reading(shop) as asked, pytest.raises(UsageError, match="A segment is called so already"):
        segments.add(*asked, name=taken, rule=BIG)


@pytest.mark.parametrize("actor", ["wang", "chief", "boss", "root"])
def test_who_does_not_analyse_defines_nothing(shop, actor):
    with reading(shop, actor) as asked:
        with pytest.raises(PrivacyError, match=r"This role may not make or change segments"):
            segments.add(*asked, name="x", rule=BIG)
        with pytest.raises(PrivacyError, match=r"This role may not make or change segments"):
            segments.rename(*asked, old="x", new="y")
        with pytest.raises(PrivacyError, match=r"This role may not make or change segments"):
            segments.remove(*asked, name="x")


def test_an_unknown_segment_lists_those_that_are_there(shop):
    with reading(shop) as asked, pytest.raises(NotFound, match=r"There is no such segment\. Got zzz\. Fix: There are: .*核心客户"):
        segments.remove(*asked, name="zzz")


def test_a_rule_that_cannot_be_read_any_more_says_why_in_the_list(another_shop):
    from zhiyin.app.vocabulary import segment_log
    from zhiyin.store.segments import Defined

    with reading(another_shop) as (home, read, actor):
        segment_log(home).note(Defined("rule", "s1", "add", "旧的", "vanished > 5", by="owner"))
        row = segments.listing(home, read, actor)[0]
    assert row["customers"] is None
    assert "There is no column vanished" in row["sentence_en"]


def test_words_are_those_that_the_actor_may_use(shop):
    with reading(shop) as asked:
        found = {row["name"]: row for row in segments.words(*asked)}
    assert found["spend"]["kind_zh"] == "金额"
    assert found["stage"]["values"] == "lead, new, active, quiet, lost"
    assert found["attribute.city"]["zh"] == "城市"
    assert "customer_id" not in found


def test_a_sensitive_column_is_no_word_for_who_must_not_see_it(shop, monkeypatch):
    from dataclasses import replace

    from zhiyin.core.tables import TABLES

    profile = TABLES["profile"]
    hidden = tuple(replace(column, sensitivity="sensitive") if column.name == "spend" else column for column in profile.columns)
    monkeypatch.setitem(TABLES, "profile", replace(profile, columns=hidden))
    with pytest.raises(UsageError, match="spend may not be used for segments"):
        count(shop, "mia", "spend > 5")
    assert count(shop, "owner", "spend > 5")["customers"] > 0
    with reading(shop) as asked, pytest.raises(UsageError, match="spend may not be used for segments"):
        segments.add(*asked, name="x", rule="spend > 5")  # the run works without it


def test_what_a_question_shares_is_asked_once(shop):
    with reading(shop) as (home, read, actor):
        asked = Asked(home, read, actor)
        assert asked.speech is asked.speech
        assert asked.attributes == ["city"]
