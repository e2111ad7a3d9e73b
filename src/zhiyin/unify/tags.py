"""What is this customer, in one word? Tags by rules that stand in a table: value, confidence, source, since when, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from zhiyin.core.words import Say
from zhiyin.unify.standing import Cause, Standing

__all__ = ["LIFECYCLE", "RULES", "Rule", "Tag", "tags"]

LIFECYCLE = "lifecycle"


class Rule(NamedTuple):
    """A tag that holds where a figure reaches a threshold.

    `least` is a number or the name of a norm; `figure` one of `standing.Standing.figures`, or of `_shares`; `behind` the counters
    whose last event is the cause; the tag ends `days` after it.
    """

    tag: str
    words: Say
    figure: str
    least: float | str
    behind: tuple[str, ...]
    days: int


class Tag(NamedTuple):
    """One tag that holds: since `at`, until `expires_on` (None: until something else happens), because of `cause`."""

    name: str
    value: str
    confidence: float
    source: str
    at: datetime
    expires_on: date | None
    cause: Cause | None


# Thresholds are named priors, not measured; one line a rule, a tag may have several.
RULES = (
    Rule("high_intent", Say("高意向", "high intent"), "wanting_7d", 4, ("views", "searches", "carts", "checkouts"), 7),
    Rule("price_sensitive", Say("价格敏感", "price sensitive"), "saved_share", 0.3, ("saved",), 84),
    Rule("price_sensitive", Say("价格敏感", "price sensitive"), "coupons_28d", 3, ("coupons",), 28),
    Rule("high_value", Say("高价值", "high value"), "spend_all", "top_spend", ("orders",), 365),
    Rule("frequent", Say("常客", "regular"), "orders_84d", 6, ("orders",), 84),
    Rule("function_oriented", Say("功能导向", "function oriented"), "looks_per_order", 10, ("views", "searches"), 28),
    Rule("asleep", Say("沉睡", "asleep"), "silent", 1, ("orders",), 365),
)


def tags(standing: Standing, *, at: date, norms: Mapping[str, float]) -> list[Tag]:
    """The tags of a customer who stands there on the day `at`: the lifecycle, and what the rules say.

    Confidence is 1 for what happened, and x / (1 + x) for a rule whose figure is x times its threshold: one half at the threshold.
    """
    figures = standing.figures | _shares(standing)
    found = {LIFECYCLE: _lifecycle(standing)} if standing.since else {}
    for rule in RULES:
        least = norms.get(rule.least) if isinstance(rule.least, str) else rule.least
        causes = [standing.causes[name] for name in rule.behind if name in standing.causes]
        if not least or not causes or figures[rule.figure] < least:
            continue
        times = figures[rule.figure] / least
        last = max(causes, key=lambda cause: (cause.at, cause.id))
        tag = Tag(rule.tag, "yes", round(times / (1 + times), 3), "rule", last.at, last.at.date() + timedelta(days=rule.days), last)
        if tag.expires_on and tag.expires_on >= at and (rule.tag not in found or found[rule.tag].confidence < tag.confidence):
            found[rule.tag] = tag
    return list(found.values())


def _lifecycle(standing: Standing) -> Tag:
    because = standing.history[-1].because if standing.history else None
    assert standing.since is not None  # noqa: S101 - asked by the caller
    at = because.at if because and because.at.date() == standing.since else datetime.combine(standing.since, time.min)
    return Tag(LIFECYCLE, standing.stage, 1.0, "rule", at, None, because)


def _shares(standing: Standing) -> dict[str, float]:
    """Figures that are made of several others."""
    figures = standing.figures
    saved, spent = figures["saved_84d"], figures["spend_84d"]
    looks = figures["views_28d"] + figures["searches_28d"]
    return {
        "saved_share": saved / (saved + spent) if figures["discounted_84d"] >= 2 and saved + spent > 0 else 0.0,
        "looks_per_order": looks / (1 + figures["orders_28d"]) if not figures["coupons_28d"] else 0.0,
        "silent": float(standing.stage in ("quiet", "lost")),
    }
