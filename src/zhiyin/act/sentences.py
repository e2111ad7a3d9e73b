"""Why this customer, in three sentences, and how to open the conversation."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

import pandas as pd

from zhiyin.act.known import Known
from zhiyin.act.words import CHANCES, FACTS, opening_for, slots_of
from zhiyin.core.units import exponent, money_text
from zhiyin.core.words import Say

__all__ = ["with_words"]

Reason = tuple[Say, Mapping[str, object]]

_TURNED = Say("{on} 起从「{before}」转向「{after}」。", "Since {on} has turned from {before} to {after}.")
_TURNED_WITH = Say(
    "{on} 起从「{before}」转向「{after}」，可以介绍「{product}」。", "Since {on} has turned from {before} to {after}; tell about {product}."
)
_SAID_AT_ONCE = 3
_DUE = (0.8, 1.25)  # share of the usual interval at which a visit is due, beyond which it is overdue
_WORTH_SAYING = 14  # days since the last order from which on one tells a customer how long it has been
_LAPSED = 4  # usual intervals after which nobody would still call a visit overdue


def with_words(steps: pd.DataFrame, known: Known, *, goods: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Steps with `reasons`, `opening_zh` and `opening_en`.

    Args:
        steps: one row per customer: the chosen action and the columns of `worths`.
        known: names of products and campaigns, and what of `need_shift` is of late.
        goods: recommendations that may be offered, with their reasons.
        asked: predictions of the day, with their reasons.
    """
    keys = ["customer_id", "question", "subject_id"]
    asked = asked[[*keys, "reasons"]].drop_duplicates(keys)
    told = goods.drop_duplicates(["customer_id", "product_id"])[["customer_id", "product_id", "reason_zh", "reason_en"]]
    rows = steps.merge(asked.rename(columns={"reasons": "said"}), on=keys, how="left", validate="one_to_one")
    rows = rows.merge(told, on=["customer_id", "product_id"], how="left", validate="one_to_one")
    products, campaigns = _names(known.products, "product_id"), _names(known.campaigns, "campaign_id")
    rows["product"] = [products.get(product, "") for product in rows["product_id"]]
    rows["campaign"] = [campaigns.get(subject, "") for subject in rows["subject_id"].where(rows["question"].eq("campaign_answer"), "")]
    shifted = _shifted(known.shifts, products)
    rows["shifted"] = [shifted.get(customer) for customer in rows["customer_id"]]
    words = [_words(row) for row in rows.to_dict("records")]
    return steps.assign(**{name: [one[name] for one in words] for name in ("reasons", "opening_zh", "opening_en")})


def _names(rows: pd.DataFrame, key: str) -> dict[str, str]:
    if rows.empty or "name" not in rows.columns:
        return {}
    named = rows[rows["name"].notna() & rows["name"].ne("")]
    return {code: " ".join(str(name).split()) for code, name in zip(named[key], named["name"], strict=True)}


def _shifted(rows: pd.DataFrame, products: Mapping[str, str]) -> dict[str, Reason]:
    """Customer -> what the customer turned to of late, the last time; with the product to speak about where there is one."""
    if rows.empty:
        return {}
    found: dict[str, Reason] = {}
    for row in rows.sort_values("shifted_on").itertuples():
        product = products.get(str(row.product_id), "")
        slots = {"before": row.before, "after": row.after, "on": str(row.shifted_on)[:10]} | ({"product": product} if product else {})
        found[str(row.customer_id)] = (_TURNED_WITH if product else _TURNED, slots)
    return found


def _words(row: dict[str, Any]) -> dict[str, str]:
    slots = _slots(row)
    turn = zlib.crc32(str(row["customer_id"]).encode("utf-8", "surrogatepass"))
    sayable = {name: told for name, told in slots.items() if name != "days" or row["days"] >= _WORTH_SAYING}
    opening = opening_for(row["action"], row["stage"], known=sayable, turn=turn)
    reasons = [{"zh": say.zh, "en": say.en, "slots": dict(own)} for say, own in _three(row, slots)]
    used = {name: slots[name] for name in sorted(slots_of(opening.zh)) if name in slots}
    told = {"sentences": reasons, "slots": used, "about": row["campaign"] or row["subject_id"] or row["product"] or row["product_id"]}
    stored = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return {"reasons": stored, "opening_zh": opening.zh, "opening_en": opening.en}


def _slots(row: dict[str, Any]) -> dict[str, str]:
    """What is known about the customer, rounded for people; what is not known is not there."""
    favourite = next(iter(row["favourites"]), "")
    of_category = row["question"] == "category_raise"
    orders, currency = row["orders"], row["currency"]
    found = {
        "product": row["product"],
        "campaign": row["campaign"],
        "category": row["subject_id"] if of_category else favourite,
        "favourite": favourite,
        "days": _whole(row["days"]),
        "every": _whole(row["every"]),
        "known": _whole(row["known_days"]),
        "orders": str(orders) if orders else "",
        "spend": _about(row["spend"], currency) if orders else "",
        "order": _about(row["order_worth"], currency) if orders else "",
        "margin": _about(row["margin"], currency) if row["margin"] else "",
        "chance": _chance(row["probability"]) if row["action"] else "",
    }
    if of_category and row["subject_id"] in row["favourites"]:
        found["category_orders"] = str(row["favourites"][row["subject_id"]][0])
    return {name: value for name, value in found.items() if isinstance(value, str) and value}


def _three(row: dict[str, Any], slots: Mapping[str, str]) -> list[Reason]:
    """First what the profile says, then what the prediction rests on, then why this product; what is missing is filled up."""
    facts = (_reason(code, slots) for code in _facts(row, slots))
    said: list[Reason] = [(say, {}) for say in _said(row["said"])]
    chance: list[Reason] = [(CHANCES[row["action"]], {"chance": slots["chance"]})] if row["action"] and not said else []
    why = [_of_product(row)] if isinstance(row["reason_zh"], str) and row["reason_zh"] else []
    rest = (_reason(code, slots) for code in ("gain",) if "margin" in slots)
    turned: list[Reason] = [row["shifted"]] if row["shifted"] else []
    told = chain(turned, islice(facts, 1), said[:1], chance, why, said[1:2], facts, said[2:], rest)
    return list(islice(_distinct(told), _SAID_AT_ONCE))


def _facts(row: dict[str, Any], slots: Mapping[str, str]) -> Iterator[str]:
    """Codes of the facts that are true of the customer, the most telling first."""
    if row["stage"] == "lead" or not row["orders"]:
        yield "lead" if "known" in slots else "lead_unknown"
        return
    if {"every", "days"} <= slots.keys():
        yield _rhythm(row["days"], row["every"])
    elif "days" in slots:
        new = "first_order" if row["orders"] == 1 else "newcomer"
        yield new if row["stage"] == "new" else "absent"
    if "category_orders" in slots:
        yield "category"
    if row["tier"] in FACTS:
        yield row["tier"]
    yield "total"
    if "favourite" in slots:
        yield "favourite"
    yield "price"


def _rhythm(days: float, every: float) -> str:
    """Where a customer stands between two visits."""
    early, late = (share * every for share in _DUE)
    if days <= late:
        return "early" if days < early else "due"
    return "overdue" if days <= _LAPSED * every else "lapsed"


def _of_product(row: Mapping[str, Any]) -> Reason:
    """Why this product, with its name or else its code: "bought twice" alone could be read as said of the customer."""
    zh, en = _literal(row["reason_zh"]), _literal(row["reason_en"])
    return Say(f"「{{product}}」：{zh}", f"{{product}}: {en[:1].lower()}{en[1:]}"), {"product": row["product"] or row["product_id"]}


def _reason(code: str, slots: Mapping[str, str]) -> Reason:
    say = FACTS[code]
    return say, {name: slots[name] for name in sorted(slots_of(say.zh))}


def _said(cell: object) -> list[Say]:
    """The sentences that a prediction brings with it (`learn.reasons`), already filled."""
    if not isinstance(cell, str) or not cell:
        return []
    stored = json.loads(cell)
    return [Say(_literal(zh), _literal(en)) for zh, en in stored.get("said", [])] if isinstance(stored, dict) else []


def _distinct(reasons: Iterable[Reason]) -> Iterator[Reason]:
    seen = set()
    for say, slots in reasons:
        told = say.zh.format(**slots)
        if told and told not in seen:
            seen.add(told)
            yield say, slots


def _literal(sentence: str) -> str:
    """A finished sentence as a template: braces in it are no slots."""
    return sentence.replace("{", "{{").replace("}", "}}")


def _whole(number: float) -> str:
    return "" if number is None or math.isnan(number) or number < 0 else str(max(round(number), 0))


def _about(minor: float, currency: str) -> str:
    """Money rounded for people: whole units from a hundred up."""
    unit = 10 ** exponent(currency)
    if abs(minor) < 100 * unit or unit == 1:
        return money_text(minor, currency)
    return money_text(round(minor / unit) * unit, currency).split(".", maxsplit=1)[0]


def _chance(probability: float) -> str:
    return "<1%" if probability < 0.01 else ">99%" if probability > 0.99 else f"{probability:.0%}"
