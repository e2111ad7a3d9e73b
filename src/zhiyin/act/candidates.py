"""Everything that could be done about each customer, with its chance and what success is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from zhiyin.act.goals import Goal
from zhiyin.act.known import Known, days_of, of_customers, shaped, text
from zhiyin.core.errors import DataError
from zhiyin.core.words import Say

__all__ = ["LEAD_CHANCE", "NEW_TAKEN", "candidates", "of_the_day", "offerable"]

# Named priors, used where nothing was predicted; `next_step.assumption` says so to the reader.
LEAD_CHANCE = 0.02  # chance that a lead orders within the horizon, where no model answers for leads
NEW_TAKEN = 0.10  # share of buyers who take a product that is new to them when it is offered

_COLUMNS = ["customer_id", "action", "question", "subject_id", "product_id", "probability", "worth"]


def candidates(known: Known, worth: pd.DataFrame, *, goal: Goal, asked: pd.DataFrame, at: date) -> pd.DataFrame:
    """Each action that the goal allows and the facts support: at most one row per customer, action and subject.

    `probability` is the chance of success if contacted; `worth` the money that success means, before the margin share:
    an order of usual size for a campaign or a first contact, the spend of a horizon for who buys or stays at all, half of it for
    a spend that would have halved, an order of the category, the price of a new product but no more than an order.

    Args:
        known: the frames.
        worth: the answer of `worths`.
        goal: picks the actions.
        asked: the answer of `of_the_day`.
        at: the day of the list.

    Returns:
        Columns customer_id, action, question, subject_id, product_id, probability, worth.
    """
    ground = _Ground(asked, worth, offerable(known), known.offers)
    parts = [_BUILD[action](ground) for action in goal.actions]
    parts = [part.assign(action=action)[_COLUMNS] for action, part in zip(goal.actions, parts, strict=True) if len(part)]
    if not parts:
        return pd.DataFrame(columns=_COLUMNS)
    return _still_open(pd.concat(parts, ignore_index=True), known, at=at)


def of_the_day(predictions: pd.DataFrame, at: date) -> pd.DataFrame:
    """The predictions of the day of the list; those of other days are not looked at.

    Returns:
        Columns customer_id, question, subject_id, value, reasons.

    Raises:
        DataError: when there are predictions, but none of this day.
    """
    texts = ("customer_id", "question", "subject_id", "reasons")
    if predictions.empty:
        return shaped(predictions, texts=texts, others=("value",))
    today = predictions[days_of(predictions["at_on"], at).eq(0)]
    if today.empty:
        raise DataError(
            Say("没有当天的预测，名单排不出来。", "There are no predictions of this day to make the list from."),
            got=str(pd.to_datetime(predictions["at_on"]).max().date()),
            fix=Say(f"先为 {at} 做预测。", f"Predict for {at} first."),
        )
    return shaped(today.assign(subject_id=text(today, "subject_id")), texts=texts, others=("value",))


def offerable(known: Known) -> pd.DataFrame:
    """Recommendations that may be offered: in stock where stock is counted, not taken off the shelf; best first.

    Returns:
        Columns customer_id, product_id, kind, rank, reason_zh, reason_en, category, price, sorted by customer, kind and rank.
    """
    texts = ("customer_id", "product_id", "kind", "reason_zh", "reason_en")
    goods = shaped(known.recommendations, texts=texts, others=("rank",))
    about = shaped(known.products, texts=("product_id", "category"), others=("price", "hidden")).drop_duplicates("product_id")
    goods = goods.merge(about, on="product_id", how="left", validate="many_to_one")
    goods = goods[~goods["hidden"].eq(True) & ~goods["product_id"].isin(_sold_out(known.stock))]
    goods = goods.assign(category=text(goods, "category"), price=pd.to_numeric(goods["price"]).astype("float64"))
    return goods.sort_values(["customer_id", "kind", "rank", "product_id"], ignore_index=True).drop(columns="hidden")


def _sold_out(stock: pd.DataFrame) -> set[str]:
    if stock.empty:
        return set()
    last = stock.sort_values(["product_id", "counted_on"]).drop_duplicates("product_id", keep="last")
    return set(last.loc[last["pieces"] <= 0, "product_id"])


@dataclass(frozen=True)
class _Ground:
    """What the builders of actions stand on."""

    asked: pd.DataFrame  # customer_id, question, subject_id, value: the predictions of the day
    worth: pd.DataFrame
    goods: pd.DataFrame
    offers: pd.DataFrame

    def answers(self, question: str) -> pd.DataFrame:
        """Customers with the answer to one question as `probability`, and their worth."""
        rows = self.asked[self.asked["question"].eq(question)].rename(columns={"value": "probability"})
        rows = rows.assign(probability=pd.to_numeric(rows["probability"]).astype("float64").clip(0, 1))
        return rows.merge(self.worth, on="customer_id", validate="many_to_one")

    def buyers(self) -> pd.DataFrame:
        """Customers who ordered before, with the chance that they order in the horizon."""
        rows = self.answers("purchase")
        return rows[rows["stage"].ne("lead")]

    def best(self, kind: str) -> pd.DataFrame:
        """The best product of one kind for each customer: customer_id, product_id, price."""
        return self.goods[self.goods["kind"].eq(kind)].drop_duplicates("customer_id")[["customer_id", "product_id", "price"]]


def _with_product(rows: pd.DataFrame, best: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Rows with the product that fits, empty text where none does."""
    rows = rows.merge(best[[*keys, "product_id"]], on=list(keys), how="left")
    return rows.assign(product_id=text(rows, "product_id"))


def _invite(ground: _Ground) -> pd.DataFrame:
    rows = ground.answers("campaign_answer")
    rows = rows.assign(worth=rows["order_worth"])
    covered = shaped(ground.offers, texts=("campaign_id", "product_id")).drop_duplicates().rename(columns={"campaign_id": "subject_id"})
    wanted = rows[["customer_id", "subject_id"]].merge(ground.goods, on="customer_id").merge(covered, on=["subject_id", "product_id"])
    best = wanted.sort_values(["customer_id", "subject_id", "rank", "product_id"]).drop_duplicates(["customer_id", "subject_id"])
    return _with_product(rows, best, "customer_id", "subject_id")


def _raise(ground: _Ground) -> pd.DataFrame:
    rows = ground.answers("category_raise")
    best = ground.goods.sort_values(["customer_id", "rank", "product_id"]).drop_duplicates(["customer_id", "category"])
    rows = _with_product(rows, best.rename(columns={"category": "subject_id"}), "customer_id", "subject_id")
    own = [favourites.get(subject, (0, 0.0)) for favourites, subject in zip(rows["favourites"], rows["subject_id"], strict=True)]
    an_order = pd.Series([spend / times if times else float("inf") for times, spend in own], index=rows.index, dtype="float64")
    return rows.assign(worth=an_order.clip(lower=0).clip(upper=rows["order_worth"]))


def _replenish(ground: _Ground) -> pd.DataFrame:
    rows = ground.buyers().merge(ground.best("repeat"), on="customer_id")
    return rows.assign(worth=rows["horizon_worth"])


def _offer_new(ground: _Ground) -> pd.DataFrame:
    rows = ground.buyers().merge(ground.best("new"), on="customer_id")
    price = rows["price"].fillna(rows["order_worth"]).clip(lower=0)
    return rows.assign(worth=price.clip(upper=rows["order_worth"]), probability=rows["probability"] * NEW_TAKEN)


def _return(ground: _Ground) -> pd.DataFrame:
    rows = ground.buyers()
    rows = rows[~rows["customer_id"].isin(ground.best("repeat")["customer_id"])]
    return rows.assign(worth=rows["horizon_worth"], product_id="")


def _first_contact(ground: _Ground) -> pd.DataFrame:
    """Leads by the model for leads, else by the question of purchase, else by the named prior."""
    leads = ground.worth[ground.worth["stage"].eq("lead")]
    leads = leads.assign(probability=LEAD_CHANCE, question="", subject_id="", worth=leads["order_worth"])
    for question in ("purchase", "lead_buys"):
        answers = ground.answers(question).drop_duplicates("customer_id").set_index("customer_id")["probability"]
        chance = leads["customer_id"].map(answers)
        leads = leads.assign(probability=chance.fillna(leads["probability"]), question=leads["question"].mask(chance.notna(), question))
    return _with_product(leads, ground.best("new"), "customer_id")


def _win_back(ground: _Ground) -> pd.DataFrame:
    rows = _stay(ground)
    return rows[rows["stage"].isin(["quiet", "lost"])]


def _keep(ground: _Ground) -> pd.DataFrame:
    rows = _stay(ground)
    return rows[~rows["stage"].isin(["quiet", "lost", "lead"])]


def _stay(ground: _Ground) -> pd.DataFrame:
    rows = _with_product(ground.answers("churn"), ground.best("repeat"), "customer_id")
    return rows.assign(worth=rows["horizon_worth"], probability=1 - rows["probability"])


def _call_early(ground: _Ground) -> pd.DataFrame:
    rows = _with_product(ground.answers("spend_halves"), ground.best("repeat"), "customer_id")
    return rows.assign(worth=rows["horizon_worth"] / 2, probability=1 - rows["probability"])


# One builder an action of `goals.ACTIONS`.
_BUILD: dict[str, Callable[[_Ground], pd.DataFrame]] = {
    "invite": _invite,
    "raise": _raise,
    "replenish": _replenish,
    "offer_new": _offer_new,
    "return": _return,
    "first_contact": _first_contact,
    "win_back": _win_back,
    "keep": _keep,
    "call_early": _call_early,
}


def _still_open(found: pd.DataFrame, known: Known, *, at: date) -> pd.DataFrame:
    """Without invitations to campaigns that have ended, or that the customer has answered already."""
    invited = found["action"].eq("invite")
    over = pd.Series(False, index=found.index)
    if not known.campaigns.empty:
        ended = known.campaigns.loc[days_of(known.campaigns["ends_on"], at) > 0, "campaign_id"]
        over |= found["subject_id"].isin(ended)
    outcomes = of_customers(known.outcomes, known.identity, needs=("kind", "happened_on"), optional=("campaign_id",))
    answers = outcomes[outcomes["kind"].isin(["redeemed", "bought", "answered"]) & outcomes["campaign_id"].notna()]
    answers = answers[days_of(answers["happened_on"], at) >= 0]
    if len(answers):
        done = pd.MultiIndex.from_frame(answers[["customer_id", "campaign_id"]])
        over |= pd.MultiIndex.from_frame(found[["customer_id", "subject_id"]]).isin(done)
    return found[~(invited & over)]
