import pytest

from app.asking import reading
from zhiyin.app import segments
from zhiyin.app.segment_page import show
from zhiyin.core.errors import NotFound, PrivacyError
from zhiyin.guard.access import OWNER, Access


def test_a_found_group_is_told_by_conditions_that_can_be_saved(another_shop):
    with reading(another_shop) as asked:
        group = next(row for row in segments.listing(*asked) if row["scheme"] == "behaviour")
        page = show(*asked, name=group["name_zh"])
        assert page["customers"] == group["customers"]
        assert 0 < page["tree_baseline"] < page["tree_accuracy"] <= 1
        near = segments.add(*asked, name="差不多", rule=page["near_rule"])
    assert abs(near["customers"] - page["customers"]) <= 0.3 * page["customers"]
    assert {row["figure"] for row in page["figures"]} >= {"orders", "spend", "discount_share_84d"}
    assert page["noted"]


def test_a_tier_has_no_rule_and_all_the_rest(shop):
    with reading(shop) as asked:
        page = show(*asked, name="champions")
        profiles = asked[1].guard.rows("profile", Access(OWNER, "measurement"), where={"tier": "champion"})
    assert "near_rule" not in page
    assert page["customers"] == len(profiles)
    spend = next(row for row in page["figures"] if row["figure"] == "spend")
    assert spend["group"] == pytest.approx(sum(row["spend"] for row in profiles) / len(profiles))
    assert any(row["kind"] == "tier" and row["thing"] == "champion" and row["group_share"] == 1.0 for row in page["preferences"])
    assert all(row["low"] <= row["high"] and row["said_zh"] and row["said_en"] for row in page["preferences"])


def test_members_are_shown_to_who_may_see_them(shop):
    with reading(shop, "wang") as asked:
        page = show(*asked, name="champions", members=True, limit=3)
        own = {row["customer_id"] for row in asked[1].guard.rows("customer", Access(asked[2], "display"), where={})}
    assert 0 < len(page["members"]) <= 3
    assert {row["customer_id"] for row in page["members"]} <= own
    with reading(shop, "ana") as asked:
        members = show(*asked, name="champions", members=True, limit=0)["members"]
    assert {row["name"] for row in members} == {""}  # an analyst works with ids alone
    with reading(shop, "boss") as asked, pytest.raises(PrivacyError, match=r"totals only, not who is in a segment.*Leave out --members"):
        show(*asked, name="champions", members=True)


def test_of_a_few_customers_nothing_is_told_to_who_sees_totals(another_shop):
    with reading(another_shop) as asked:
        spends = sorted(row["spend"] for row in asked[1].guard.rows("profile", Access(OWNER, "measurement"), where={}))
        segments.add(*asked, name="两位", rule=f"spend >= {spends[-2] / 100:.2f}")
        assert show(*asked, name="两位")["customers"] == 2
    with reading(another_shop, "mia") as asked:
        page = show(*asked, name="两位")
    assert (page["customers"], page["share"]) == (None, None)
    assert not {"figures", "preferences", "entered"} & set(page)


def test_who_sees_totals_reads_blurred_figures(shop):
    pages = {}
    for actor in ("ana", "mia"):
        with reading(shop, actor) as asked:
            pages[actor] = show(*asked, name="champions")
    exact, seen = ({row["figure"]: row["group"] for row in pages[actor]["figures"]} for actor in ("ana", "mia"))
    assert all(seen[name] == pytest.approx(exact[name], rel=0.05) for name in exact)
    assert all(value == float(f"{value:.1e}") for value in seen.values())
    assert exact["spend"] != seen["spend"]
    assert all(row["index"] == float(f"{row['index']:.1e}") for row in pages["mia"]["preferences"])


def test_an_unknown_segment_is_not_there(shop):
    with reading(shop) as asked, pytest.raises(NotFound, match="There is no such segment"):
        show(*asked, name="zzz")
