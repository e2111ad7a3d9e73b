"""What comes of a contact: will this customer say yes when called, and what does the contact change?

Who does not answer the phone, or is not interested, cannot be moved by a call: the chance of a yes is also what the effect of a contact
is assumed to follow where no experiment has measured it yet.
"""

from __future__ import annotations

from zhiyin.core.words import Say
from zhiyin.predict.question import CUSTOMER, Baseline, Question, everyone

__all__ = ["CALL", "CALL_DAYS", "UPLIFT"]

CALL_DAYS = 14  # a call within so many days of the features shows how a customer takes a call

_CALLED = ("calls_84d", "calls_all", "calls_yes_all", "calls_no_all", "days_since_call", "call_yes_rate", "call_no_rate")
_SEEN = ("visits_28d", "visits_84d", "days_since_visit", "offers_received", "offers_answered")

CALL = Question(
    name="call_answer",
    asks=Say("打电话会有意向吗？", "Will this customer say yes when called?"),
    more=Say("更可能有意向", "more likely to be interested"),
    less=Say("不太会有意向", "less likely to be interested"),
    features=(*_CALLED, *_SEEN, *CUSTOMER),
    baseline=Baseline("call_yes_rate", less=False, words=Say("以往通话有意的占比", "share of earlier calls that said yes")),
    population=everyone,
)

UPLIFT = Question(
    name="uplift",
    asks=Say("联系能改变谁？", "Whom does a contact change?"),
    more=Say("联系更有用", "a contact does more"),
    less=Say("联系作用不大", "a contact does less"),
    # Few: what a contact changes differs little between customers, and every feature more hides it.
    features=(
        *_CALLED,
        *("orders_28d", "orders_84d", "days_all", "days_since_order", "gap_mean", "gap_ratio", "overdue", "tenure_days"),
        *("spend_84d", "last_ticket", "orders_trend_28d", "coupon_share_84d", "discount_share_84d"),
        *("visits_28d", "days_since_visit", "offers_answered"),
    ),
    baseline=Baseline("days_84d", less=False, words=Say("近84天下单的天数", "days with an order in the last 84")),
    population=everyone,
)
