"""Which questions does the house answer about a customer?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiyin.core.errors import one_of
from zhiyin.core.words import Say
from zhiyin.predict.question import CUSTOMER, Baseline, Question, everyone

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["QUESTIONS", "churn_days", "question_named", "told_by_rhythm"]

SILENT_DAYS = 56  # a category is raised when the customer has not bought it for so long
_FREQUENCY = Say("近84天下单的天数", "days with an order in the last 84")

# Smallest set that reached the goals on Complete Journey; more columns made no date better.
_CAMPAIGN = (
    *("answer_rate", "offers_received", "offers_answered", "offers_used", "days_since_answer"),
    *("coupon_share_84d", "coupon_share_all", "coupon_lines_84d", "days_since_coupon"),
    *("spend_28d", "spend_84d", "orders_84d", "products_84d", "discount_share_84d"),
    *("offer_spend_84d", "offer_share", "offer_products", "offer_days_84d", "offer_days_since", "offer_coupon_lines"),
    *("offer_category_spend_84d", "campaign_products", "has_attributes"),
)
_PAIR = (
    *("pair_orders", "pair_days_since", "pair_age", "pair_spend", "pair_lines", "pair_discount_share", "pair_last_spend", "pair_days_140d"),
    *("pair_gap_mean", "pair_gap_std", "pair_gap_median", "pair_gap_max", "pair_gap_last"),
    *("pair_rate", "pair_due", "pair_due_most", "pair_expected", "due_relative"),
    *("category_buyers_28d", "category_buyers_56d", "category_buyers_84d", "category_gap", "category_frequency", "category_promotion"),
    *("category_trend", "department_days_28d", "department_days_56d", "department_days_84d"),
    *("orders_14d", "orders_28d", "orders_84d", "lines_28d", "lines_84d", "spend_28d", "spend_84d", "categories_28d", "categories_84d"),
    *("days_since_order", "gap_mean", "tenure_days", "discount_share_84d", "orders_trend_28d", "spend_trend_28d"),
)


def _has_bought(frame: pd.DataFrame) -> pd.Series:
    return frame["orders_all"] > 0


def _is_active(frame: pd.DataFrame) -> pd.Series:
    return frame["orders_84d"] > 0


def _comes_often(frame: pd.DataFrame) -> pd.Series:
    return frame["days_56d"] >= 2


def _is_silent(frame: pd.DataFrame) -> pd.Series:
    return frame["pair_days_since"] >= SILENT_DAYS


def _bought_twice(frame: pd.DataFrame) -> pd.Series:
    return frame["pair_orders"] >= 2


def _question(name: str, asks: Say, more: Say, less: Say, **rest: object) -> tuple[str, Question]:
    return name, Question(name=name, asks=asks, more=more, less=less, **rest)  # type: ignore[arg-type]


QUESTIONS: dict[str, Question] = dict(
    [
        _question(
            "purchase",
            Say("近期会下单吗？", "Will this customer buy soon?"),
            Say("更可能下单", "more likely to buy"),
            Say("不太会下单", "less likely to buy"),
            features=CUSTOMER,
            baseline=Baseline("days_84d", less=False, words=_FREQUENCY),
            population=_has_bought,
        ),
        _question(
            "churn",
            Say("会流失吗？", "Will this customer leave?"),
            Say("流失风险更高", "more likely to leave"),
            Say("流失风险更低", "less likely to leave"),
            features=CUSTOMER,
            baseline=Baseline("days_84d", less=True, words=_FREQUENCY),
            population=_is_active,
            slowly="leaving",
        ),
        _question(
            "spend_halves",
            Say("消费会减半吗？", "Will the spend of this customer halve?"),
            Say("消费更可能减半", "spend more likely to halve"),
            Say("消费较稳定", "spend steadier"),
            features=CUSTOMER,
            baseline=Baseline("days_28d", less=True, words=Say("近28天下单的天数", "days with an order in the last 28")),
            population=_comes_often,
        ),
        _question(
            "campaign_answer",
            Say("会回应这次活动吗？", "Will this customer answer the campaign?"),
            Say("更可能回应活动", "more likely to answer"),
            Say("不太会回应活动", "less likely to answer"),
            features=_CAMPAIGN,
            baseline=Baseline("coupon_share_all", less=False, words=Say("用券订单占比", "share of orders with a coupon")),
            population=everyone,
            subject="campaign_id",
        ),
        _question(
            "category_raise",
            Say("提起哪个品类会买？", "Which category should be raised?"),
            Say("更可能再买这个品类", "more likely to buy it again"),
            Say("不太会再买这个品类", "less likely to buy it again"),
            features=_PAIR,
            baseline=Baseline("pair_orders", less=False, words=Say("买过该品类的次数", "how often the category was bought")),
            population=_is_silent,
            subject="category",
            learns_from=_bought_twice,
            most_rows=50_000,
            each=3,
        ),
    ]
)


def question_named(name: str) -> Question:
    """The question of this name.

    Raises:
        NotFound: when there is none; lists those that exist.
    """
    return one_of(QUESTIONS, name, what=Say("没有这个问题。", "There is no such question."))


def churn_days(profile_at: pd.DataFrame) -> int:
    """After how many silent days is a customer of this shop counted as gone? A multiple of 28, from 28 to 364.

    Long enough that nine of ten customers who buy again and again have never been away for longer between two orders, on average
    plus two deviations: 56 days for a grocer (Complete Journey), a year for furniture.

    Args:
        profile_at: features of one day with `gap_mean` and `gap_std` (days, empty for who bought once or twice).
    """
    usual = (profile_at["gap_mean"] + 2.0 * profile_at["gap_std"]).dropna()
    if usual.empty:
        return 84
    return int(min(364, max(28, 28 * -(-usual.quantile(0.9) // 28))))


def told_by_rhythm(profile_at: pd.DataFrame, days: int) -> bool:
    """Whether leaving takes longer to show than half of the history: hardly anybody was seen to do it, and the rhythm of purchases tells more.

    Args:
        profile_at: features of one day with `tenure_days`.
        days: after which a customer is counted as gone.
    """
    return bool(2 * days > profile_at["tenure_days"].max())
