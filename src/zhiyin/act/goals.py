"""What is the list for? Each business goal with the contacts that serve it and the words of its report."""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.core.errors import SettingsError, one_of
from zhiyin.core.words import Say

__all__ = ["ACTIONS", "GOALS", "Action", "Goal", "goal_named", "policy_of"]

VERSION = 1  # of the rules that choose: a change of them starts a new policy and a new experiment


@dataclass(frozen=True)
class Action:
    """One way of contacting: the question that its chance rests on, and what success means."""

    name: str
    question: str
    words: Say
    success: Say


@dataclass(frozen=True)
class Goal:
    """One business goal: the actions that count, the figures that its report opens with, and its words."""

    name: str
    words: Say
    success: Say
    actions: tuple[str, ...]
    figures: tuple[str, ...]  # metrics of the scorecard (subject kpi), the first is the headline

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions whose predictions the goal needs, each once."""
        return tuple(dict.fromkeys(ACTIONS[action].question for action in self.actions))


_BUYS = Say("在预测期内下单", "orders within the horizon")
_STAYS = Say("在预测期内继续购买", "keeps buying within the horizon")

ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("invite", "campaign_answer", Say("邀请参加活动", "Invite to a campaign"), Say("响应活动", "answers the campaign")),
        Action(
            "raise", "category_raise", Say("推荐加购品类", "Offer more of a category"), Say("在该品类多买", "buys more of the category")
        ),
        Action("replenish", "purchase", Say("提醒补货", "Remind to restock"), _BUYS),
        Action("offer_new", "purchase", Say("推荐没买过的商品", "Offer a new product"), Say("买下推荐的新商品", "buys the new product")),
        Action("return", "purchase", Say("请客户再来", "Ask to come again"), _BUYS),
        Action("first_contact", "lead_buys", Say("首次联系", "First contact"), Say("第一次下单", "places a first order")),
        Action("win_back", "churn", Say("唤回", "Win back"), _STAYS),
        Action("keep", "churn", Say("回访挽留", "Call to keep"), _STAYS),
        Action(
            "call_early",
            "spend_halves",
            Say("消费下滑前先沟通", "Call before the spend falls"),
            Say("消费没有减半", "does not halve the spend"),
        ),
    )
}

GOALS: dict[str, Goal] = {
    goal.name: goal
    for goal in (
        Goal(
            "conversion",
            Say("提升转化率", "More conversions"),
            Say("看过、问过的人下了单", "people who looked or asked place an order"),
            ("first_contact", "invite", "offer_new"),
            ("conversion_rate", "campaign_conversion"),
        ),
        Goal(
            "repurchase",
            Say("提升复购率", "More repeat purchases"),
            Say("老客户再次下单", "customers order again"),
            ("replenish", "offer_new", "return", "raise", "invite"),
            ("repurchase_rate", "campaign_conversion"),
        ),
        Goal(
            "retention",
            Say("降低流失率", "Less churn"),
            Say("客户没有流失，消费没有下滑", "customers stay and spend no less"),
            ("win_back", "keep", "call_early"),
            ("churn_rate", "repurchase_rate"),
        ),
        Goal(
            "service",
            Say("做好个性化服务", "Better personal service"),
            Say("客户被照顾到，愿意继续来", "customers are looked after and keep coming"),
            ("keep", "win_back", "replenish"),
            ("churn_rate", "repurchase_rate", "campaign_conversion"),
        ),
    )
}


def goal_named(name: str) -> Goal:
    """The goal called `name`.

    Raises:
        SettingsError: when there is no such goal; lists those that exist.
    """
    return one_of(GOALS, name, what=Say("没有这个业务目标。", "There is no such goal."), error=SettingsError)


def policy_of(goal: str) -> str:
    """The version of the rules that choose for a goal, as kept in `touch.policy`.

    Example:
        >>> policy_of("repurchase")
        'repurchase-1'
    """
    return f"{goal_named(goal).name}-{VERSION}"
