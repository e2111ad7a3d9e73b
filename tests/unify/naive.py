"""The same figures, counted the slow way: customer by customer, day by day, over lists."""

from __future__ import annotations

import itertools
import statistics
from datetime import date, timedelta

from zhiyin.core.tables import WINDOWS

Row = dict[str, object]


def _within(rows: list[Row], at: date, days: int | None) -> list[Row]:
    return [row for row in rows if days is None or row["on"] >= at - timedelta(days=days)]


def _since(days: list[date], at: date) -> int | None:
    return (at - max(days)).days if days else None


def _share(rows: list[Row]) -> float:
    paid, discount = sum(r["amount"] for r in rows if r["amount"] > 0), sum(r["discount"] for r in rows if r["amount"] > 0)
    return discount / (discount + paid) if discount + paid else 0.0


def _orders(lines: list[Row]) -> dict[tuple, list[Row]]:
    found: dict[tuple, list[Row]] = {}
    for line in lines:
        found.setdefault((line["order_id"], line["on"]), []).append(line)
    return {key: rows for key, rows in found.items() if sum(r["amount"] for r in rows) > 0}


def features(lines: list[Row], at: date) -> Row:
    """What `profile_at` says of one customer, from the order lines alone; no row when nothing is known."""
    lines = [line for line in lines if line["on"] < at]
    if not lines:
        return {}
    row: Row = {}
    paid = [line for line in lines if line["amount"] > 0]
    for days in (*WINDOWS, None):
        span = f"{days}d" if days else "all"
        some = _within(lines, at, days)
        row[f"orders_{span}"] = len(_orders(some))
        row[f"spend_{span}"] = sum(line["amount"] for line in some)
        row[f"lines_{span}"] = len(_within(paid, at, days))
        row[f"days_{span}"] = len({day for _, day in _orders(some)})
        row[f"discount_share_{span}"] = _share(some)
        row[f"coupon_orders_{span}"] = sum(any(r["amount"] > 0 and r["coupon"] > 0 for r in rows) for rows in _orders(some).values())
        row[f"coupon_lines_{span}"] = sum(line["coupon"] > 0 for line in _within(paid, at, days))
        row[f"products_{span}"] = len({line["product_id"] for line in _within(paid, at, days)})
        row[f"categories_{span}"] = len({line["category"] for line in _within(paid, at, days) if line["category"]})
    buying = sorted({day for _, day in _orders(lines)})
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(buying)]
    tickets = [sum(line["amount"] for line in lines if line["on"] == day) for day in buying]
    return row | {
        "days_since_order": _since(buying, at),
        "tenure_days": (at - buying[0]).days if buying else None,
        "days_since_coupon": _since([line["on"] for line in paid if line["coupon"] > 0], at),
        "gap_mean": statistics.mean(gaps) if gaps else None,
        "gap_std": statistics.stdev(gaps) if len(gaps) > 1 else None,
        "gap_max": max(gaps, default=None),
        "last_gap": gaps[-1] if gaps else None,
        "ticket_std": statistics.stdev(tickets) if len(tickets) > 1 else None,
        "last_ticket": tickets[-1] if tickets else None,
    }


def uses(events: list[Row], at: date) -> Row:
    """What `profile_at` says of how a customer uses the product, from the events alone."""
    events = [event for event in events if event["on"] < at]
    signed, renewed = (
        [e for e in events if e["name"] in names] for names in (("Signed In", "$AppStart"), ("Subscription Renewed", "续费"))
    )
    return {
        "visits_28d": len({event["on"] for event in _within(events, at, 28)}),
        "logins_28d": len(_within(signed, at, 28)),
        "logins_84d": len(_within(signed, at, 84)),
        "days_since_login": _since([event["on"] for event in signed], at),
        "days_since_renewal": _since([event["on"] for event in renewed], at),
    }


def interests(lines: list[Row], everyone: list[Row], *, category: str, at: date) -> Row:
    """What `interest_at` says of one customer and category, departments left out; no row when it is not left."""
    paid = [line for line in lines if line["amount"] > 0 and line["category"] == category and line["on"] < at]
    days = sorted({line["on"] for line in paid})
    if not days or (at - days[-1]).days < 56:
        return {}
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(days)]
    return {
        "pair_orders": len(days),
        "pair_days_since": (at - days[-1]).days,
        "pair_age": (at - days[0]).days,
        "pair_spend": sum(line["amount"] for line in paid),
        "pair_lines": len(paid),
        "pair_discount_share": _share(paid),
        "pair_gap_mean": statistics.mean(gaps) if gaps else None,
        "pair_gap_std": statistics.stdev(gaps) if len(gaps) > 1 else None,
        "pair_gap_median": statistics.median(gaps) if gaps else None,
        "pair_gap_max": max(gaps, default=None),
        "pair_gap_last": gaps[-1] if gaps else None,
        "pair_last_spend": sum(line["amount"] for line in paid if line["on"] == days[-1]),
        "pair_days_140d": sum((at - day).days <= 140 for day in days),
        **_category([line for line in everyone if line["amount"] > 0 and line["category"] == category and line["on"] < at], at),
    }


def _category(paid: list[Row], at: date) -> Row:
    days: dict[object, list[date]] = {}
    for line in paid:
        days.setdefault(line["record_id"], []).append(line["on"])
    days = {customer: sorted(set(all_)) for customer, all_ in days.items()}
    gaps = [((b - a).days, b) for all_ in days.values() for a, b in itertools.pairwise(all_)]
    lately = [gap for gap, day in gaps if (at - day).days <= 112]

    def buyers(low: int, high: int) -> int:
        return sum(any(low < (at - day).days <= high for day in all_) for all_ in days.values())

    return {
        "category_buyers_28d": buyers(0, 28),
        "category_buyers_56d": buyers(28, 56),
        "category_buyers_84d": buyers(0, 84),
        "category_gap": statistics.median(lately) if lately else None,
        "category_frequency": sum(map(len, days.values())) / len(days),
        "category_promotion": _share(_within(paid, at, 14)) - _share(paid),
    }
