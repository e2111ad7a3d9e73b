"""What is the one thing to do about each customer today, and what does it gain?

The gain of a contact is (P(success | contact) - P(success | no contact)) x margin - cost. Only an experiment can tell the first
factor. Until there is one it is a named prior, which `assumption` says in words: a contact moves the log-odds of success by the
same small amount for everybody, so that it adds lift x P x (1 - P). Who will surely buy, or surely not, gains nothing from a call;
the undecided gain most; and P(success | no contact) = P x (1 - lift x (1 - P)) stays a probability for every lift up to 1.
For a rare success that is the share `lift` of P(success | contact): the setting `contact.assumed_lift`.

Who does not listen is not moved: where a model says how likely a customer says yes when called, the small amount is as many times
larger as that chance is larger than one half. Where an experiment has told whom a contact changes (question `uplift`), what it says
takes the place of the prior for every action whose success is an order; it may be less than nothing, and then nobody calls.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from zhiyin.act.candidates import LEAD_CHANCE, NEW_TAKEN, candidates, of_the_day, offerable
from zhiyin.act.contact import channels, forbidden
from zhiyin.act.goals import goal_named, policy_of
from zhiyin.act.known import Known
from zhiyin.act.sentences import with_words
from zhiyin.act.worklist import held_back, period_of, worklist
from zhiyin.act.worth import Usual, worths
from zhiyin.core.settings import Settings
from zhiyin.core.tables import table_named
from zhiyin.core.units import to_minor
from zhiyin.core.words import Say

__all__ = ["assumption", "chosen", "in_order", "lift_of", "next_steps", "placed", "worded"]

EVEN = 0.5  # chance to say yes when called of the customer whom `contact.assumed_lift` is about

_ASSUMED = Say(
    "还没有做够对照试验，增益按假设计算：联系本身带来成功机会的 {lift}，客户越是一定会买，这个作用越小；"
    "没有模型回答时，假设线索有 {lead} 会下单，买东西的客户有 {new} 会带上推荐的新商品。",
    "There is no experiment yet that is large enough, so the gain rests on an assumption: the contact itself causes {lift} of the chance "
    "of success, and the less the surer the customer is anyway; where no model answers, {lead} of leads are assumed to order, and {new} "
    "of buyers to take a new product that is offered.",
)
_MEASURED = Say(
    "增益按对照试验计算：联系过 {contacted} 人，留出 {held} 人，联系本身带来成功机会的 {lift}（95% 区间 {low} 到 {high}）。",
    "The gain rests on an experiment: {contacted} contacted, {held} held back; the contact itself causes {lift} of the chance of success "
    "(95 % interval {low} to {high}).",
)


def next_steps(known: Known, settings: Settings, *, at: date, effects: pd.DataFrame | None = None) -> pd.DataFrame:
    """The best action for every customer, ranked by gain into the lists of the reps: one row per customer, listed or not.

    `propensity` is the probability with which a customer who reached the list is contacted: one less the holdout share, also for
    who was held back; 0 for who did not reach the list.

    Args:
        known: the frames.
        settings: goal, currency, contact rules, horizon.
        at: the day of the list, local.
        effects: answer of `improve.effects.measured_effects`; used where it says measured.

    Returns:
        The columns of table `next_step`, ordered by owner, then listed rows by rank, then the others by gain.
    """
    steps = placed(chosen(known, settings, at=at, effects=effects), settings, at=at)
    return worded(steps, known, at=at)


def chosen(known: Known, settings: Settings, *, at: date, effects: pd.DataFrame | None = None, usual: Usual | None = None) -> pd.DataFrame:
    """The best action for every customer with what it gains and what stands against it, before anybody is ranked.

    What is chosen for a customer does not depend on who else is in the frames, but for `usual` (see `worths`). Other arguments
    as of `next_steps`.
    """
    goal, contact = goal_named(settings.goal), settings.contact
    worth = worths(known, at=at, horizon_days=settings.learning.horizon_days, currency=settings.currency, usual=usual)
    asked = of_the_day(known.predictions, at)
    open_ = candidates(known, worth, goal=goal, asked=asked, at=at)
    open_ = open_.assign(uplift=_uplift(open_, asked, lift=lift_of(settings, effects)))
    best = _best(open_, settings, actions=goal.actions)
    steps = worth.merge(best, on="customer_id", how="left", validate="one_to_one")
    steps = steps.merge(channels(known, channel=contact.channel, at=at), on="customer_id", validate="one_to_one")
    steps = _without_action_filled(steps.merge(forbidden(known, contact, at=at), on="customer_id", how="left"))
    steps["blocked"] = _blocked(steps, settings.currency)
    sold_out = steps["blocked"].eq("no_action") & steps["customer_id"].isin(_empty_shelves(known))
    return steps.assign(blocked=steps["blocked"].mask(sold_out, "sold_out"))


def _empty_shelves(known: Known) -> set[str]:
    """Customers of whose recommendations nothing is for sale."""
    if known.recommendations.empty:
        return set()
    return set(known.recommendations["customer_id"]) - set(offerable(known)["customer_id"])


def placed(steps: pd.DataFrame, settings: Settings, *, at: date) -> pd.DataFrame:
    """The answer of `chosen` for all customers together, with their places on the lists."""
    contact = settings.contact
    held = held_back(steps["customer_id"], contact.holdout_share, policy=policy_of(settings.goal), period=period_of(at))
    steps = worklist(steps, capacity=contact.capacity, held=held)
    steps["propensity"] = np.where(steps["listed"] | steps["holdout"], 1 - contact.holdout_share, 0.0)
    return steps


def worded(steps: pd.DataFrame, known: Known, *, at: date) -> pd.DataFrame:
    """Rows of `placed` as rows of the table `next_step`: with reasons and opening words, in the order of the lists.

    Args:
        steps: some rows, or all; those of the same customers as the frames.
        known: the frames; predictions and recommendations with their reasons, at least of what was chosen.
        at: the day of the list.
    """
    return in_order(with_words(steps, known, goods=offerable(known), asked=of_the_day(known.predictions, at)))[
        list(table_named("next_step").names)
    ]


def lift_of(settings: Settings, effects: pd.DataFrame | None = None) -> float:
    """The share of success that the contact causes: measured where the experiment was large enough, else assumed."""
    row = _measured(settings, effects)
    return settings.contact.assumed_lift if row is None else float(np.clip(row["lift"], 0.0, 1.0))


def assumption(settings: Settings, effects: pd.DataFrame | None = None) -> Say:
    """What the gains rest on, in one sentence to print beside them."""
    row = _measured(settings, effects)
    if row is None:
        return _ASSUMED.fill(lift=f"{settings.contact.assumed_lift:.0%}", lead=f"{LEAD_CHANCE:.0%}", new=f"{NEW_TAKEN:.0%}")
    shares = {name: f"{row[name]:.0%}" for name in ("lift", "low", "high")}
    return _MEASURED.fill(contacted=int(row["contacted"]), held=int(row["held"]), **shares)


def _measured(settings: Settings, effects: pd.DataFrame | None) -> pd.Series | None:
    if effects is None or effects.empty:
        return None
    rows = effects[effects["policy"].eq(policy_of(settings.goal)) & effects["measured"].eq(True)]
    return None if rows.empty else rows.iloc[-1]


def _uplift(open_: pd.DataFrame, asked: pd.DataFrame, *, lift: float) -> pd.Series:
    """What a contact adds to the chance of each action: as the experiment says, else as assumed."""
    p = open_["probability"].astype("float64")
    listens = open_["customer_id"].map(_answers(asked, "call_answer")).fillna(EVEN) / EVEN
    assumed = p * (lift * listens * (1 - p)).clip(upper=1.0)
    buys, moved = (open_["customer_id"].map(_answers(asked, question)) for question in ("purchase", "uplift"))
    part = (p / buys.where(buys > 0)).clip(upper=1.0)  # of the purchases that this action is about
    assumed = assumed.where(~(moved < 0), moved)  # whom a contact puts off it puts off whatever it is about
    return (moved * part).where(open_["question"].eq("purchase") & (moved * part).notna(), assumed)


def _answers(asked: pd.DataFrame, question: str) -> pd.Series:
    """The answer to a question about each customer."""
    rows = asked[asked["question"].eq(question)].drop_duplicates("customer_id")
    return pd.to_numeric(rows.set_index("customer_id")["value"]).astype("float64")


def _best(open_: pd.DataFrame, settings: Settings, *, actions: tuple[str, ...]) -> pd.DataFrame:
    """The action with the largest gain for each customer; equal gains are decided by the order of the goal's actions."""
    cost = to_minor(settings.contact.cost, settings.currency)
    rows = open_.assign(margin=(open_["worth"].astype("float64") * settings.contact.margin_share).round())
    rows = rows.assign(margin=rows["margin"].astype("int64"), cost=cost, gain=rows["uplift"] * rows["margin"] - cost)
    rows["turn"] = rows["action"].map(actions.index)
    rows = rows.sort_values(["customer_id", "gain", "turn", "subject_id", "product_id"], ascending=[True, False, True, True, True])
    return rows.drop_duplicates("customer_id").drop(columns=["turn", "worth"])


def _without_action_filled(steps: pd.DataFrame) -> pd.DataFrame:
    texts = dict.fromkeys(("action", "question", "subject_id", "product_id", "blocked"), "")
    numbers = dict.fromkeys(("probability", "uplift", "margin", "cost", "gain"), 0.0)
    for name, filler in (texts | numbers).items():
        steps[name] = steps[name].where(steps[name].notna(), filler)
    return steps.astype(dict.fromkeys(("probability", "uplift", "gain"), "float64") | dict.fromkeys(("margin", "cost"), "int64"))


def _blocked(steps: pd.DataFrame, currency: str) -> pd.Series:
    """The first rule of `BLOCKED` that stands against a contact, empty where none does.

    A lead about whom nothing is predicted has no gain to speak of, so `no_gain` is not held against it: it takes a place that is left.
    """
    blocked = steps["blocked"]
    blocked = blocked.mask(steps["contact"].eq("refused") & blocked.ne("do_not_contact"), "refused")
    blocked = blocked.mask(steps["contact"].eq("closed") & blocked.eq(""), "closed_channel")
    blocked = blocked.mask(steps["currency"].ne(currency) & blocked.eq(""), "other_currency")
    blocked = blocked.mask(steps["action"].eq("") & blocked.eq(""), "no_action")
    return blocked.mask((steps["gain"] <= 0) & steps["question"].ne("") & blocked.eq(""), "no_gain")


def in_order(steps: pd.DataFrame) -> pd.DataFrame:
    """Rows of `placed` by owner, then listed rows by rank, then the others by gain."""
    steps = steps.assign(place=steps["rank"].where(steps["listed"], np.iinfo("int64").max))
    order = ["owner_id", "place", "gain", "customer_id"]
    return steps.sort_values(order, ascending=[True, True, False, True], ignore_index=True)
