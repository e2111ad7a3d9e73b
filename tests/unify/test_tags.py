"""Tags follow from where a customer stands, by rules that stand in a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from unify.shop import DAY, ago
from unify.test_standing import _at, _row, _rows
from zhiyin.unify.standing import COUNTERS, Cause, derive
from zhiyin.unify.tags import RULES, Tag, tags


def _tags(*rows, norms=None) -> dict[str, Tag]:
    found = tags(derive(_rows(*rows), at=DAY, usual=10.0), at=DAY, norms=norms or {})
    assert len({tag.name for tag in found}) == len(found)
    return {tag.name: tag for tag in found}


def test_a_visitor_is_a_lead_and_a_buyer_is_not():
    seen = _row(3, "Product Viewed", channel="web")
    cause = Cause("Product Viewed", "web", "Product Viewed3", _at(3))
    assert _tags(seen) == {"lifecycle": Tag("lifecycle", "lead", 1.0, "rule", _at(3), None, cause)}
    assert _tags(seen, _row(2))["lifecycle"].value == "new"


def test_nobody_has_no_tags():
    assert _tags() == {}


@pytest.mark.parametrize(
    ("name", "rows", "norms"),
    [
        ("high_intent", [_row(2, "Product Added"), _row(1, "Product Viewed")], {}),
        ("price_sensitive", [_row(9, amount=100, times=2), _row(9, "Discount Used", amount=60, times=2)], {}),
        ("price_sensitive", [_row(n, "Coupon Applied") for n in (1, 2, 3)], {}),
        ("high_value", [_row(9, amount=700)], {"top_spend": 700.0}),
        ("frequent", [_row(n) for n in range(1, 7)], {}),
        ("function_oriented", [_row(1, "Product Viewed", times=10)], {}),
    ],
)
def test_each_rule_holds_at_its_threshold(name, rows, norms):
    tag = _tags(*rows, norms=norms)[name]
    assert (tag.value, tag.source) == ("yes", "rule")
    assert 0.5 <= tag.confidence < 1
    assert name not in _tags(*rows[:-1], norms=norms)


def test_who_is_silent_beyond_the_own_rhythm_is_asleep():
    assert "asleep" in _tags(_row(90), _row(80))
    assert "asleep" not in _tags(_row(90), _row(3))


def test_a_tag_ends_when_its_days_are_over():
    wanted = [_row(7, "Product Added", times=2)]
    assert _tags(*wanted)["high_intent"].expires_on == ago(0)
    assert "high_intent" not in _tags(_row(8, "Product Added", times=2))


def test_more_of_the_same_makes_it_surer():
    few, many = (_tags(_row(1, "Product Viewed", times=times))["high_intent"].confidence for times in (4, 12))
    assert (few, many) == (0.5, 0.75)


def test_without_a_norm_nobody_is_compared_with_the_others():
    assert "high_value" not in _tags(_row(9, amount=10**9))


def test_every_rule_names_figures_and_counters_that_exist():
    rows = _rows(*(_row(1, name) for names in COUNTERS.values() for name in names), _row(1), _row(1, "Discount Used"))
    standing = derive(rows, at=DAY)
    assert {name for rule in RULES for name in rule.behind} <= set(standing.causes)
    assert all(rule.days > 0 and (isinstance(rule.least, str) or rule.least > 0) for rule in RULES)
    assert timedelta(days=max(rule.days for rule in RULES)) <= timedelta(days=365)
