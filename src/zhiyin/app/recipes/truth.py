"""How good is a workspace, against the truth of the invented company whose files it holds?

Nothing else opens the truth: connectors, stages and the run know only what the company's systems export.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import ibis
import pandas as pd

from zhiyin.app.home import Home
from zhiyin.app.intake import record_ids
from zhiyin.app.reading import published
from zhiyin.app.recipes.truth_file import Truth, open_truth
from zhiyin.app.recipes.truth_planted import planted
from zhiyin.app.recipes.truth_sides import Sides
from zhiyin.app.recipes.truth_words import told
from zhiyin.app.today import last_day, refuse_unless_owner
from zhiyin.core.clock import utc_now
from zhiyin.core.errors import DataError
from zhiyin.core.units import exponent
from zhiyin.core.words import Say
from zhiyin.guard.access import RUN, Access, Actor
from zhiyin.improve.truth import Judged, identity_scores, order_scores, stands_for, value_scores
from zhiyin.improve.truth_gain import offer_scores, uplift_scores
from zhiyin.improve.truth_groups import group_scores
from zhiyin.improve.truth_kpi import kpi_differences, kpi_equal
from zhiyin.improve.truth_pairs import planted_scores
from zhiyin.unify.facts import owned

__all__ = ["Scored", "records_of", "score"]

_YEAR = 365  # days that the question `value` looks ahead
_LONGEST_AWAY = 10_000  # days, for who never ordered


@dataclass
class Scored:
    """A workspace against the truth.

    Args:
        at: the day of the published list.
        snapshot: the published generation.
        scenario: kind of the invented company.
        seed: of its chance.
        rows: one per figure, see `truth_words.told`.
        differences: business figures that are not those of the books.
        notes: what a reader should know about all figures.
    """

    at: date
    snapshot: str
    scenario: str
    seed: int
    rows: list[dict[str, object]] = field(default_factory=list)
    differences: list[dict[str, object]] = field(default_factory=list)
    notes: list[Say] = field(default_factory=list)

    def answer(self) -> dict[str, object]:
        """As plain values."""
        made = {"at": self.at.isoformat(), "snapshot": self.snapshot, "scenario": self.scenario, "seed": self.seed}
        return {**made, "notes": [note._asdict() for note in self.notes], "rows": self.rows, "differences": self.differences}


def score(home: Home, actor: Actor, *, truth: Path) -> Scored:
    """Compare what the workspace published last with the truth in the folder `truth`.

    Raises:
        PrivacyError: for anybody but the owner.
        DataError: when a file of the truth was changed or is missing, or the truth is that of another company.
        NotFound: when there is no truth, or nothing was run yet.
    """
    refuse_unless_owner(actor)
    true = open_truth(truth)
    with published(home, utc_now) as (view, guard):
        at = last_day(guard, actor)
        scored = Scored(at, guard.snapshot, true.scenario, true.seed)
        identity = view.frame(guard.read("identity", Access(RUN, "measurement")))
        records = records_of(home, true)
        people = _people(identity, records, true)
        sides = Sides(view, guard, at, home.settings.currency, true, people)
        scored.notes += _notes(home, sides, held=len(identity), missing=len(set(records["record_id"]) - set(identity["record_id"])))
        scored.rows += [
            told(row)
            for row in (*identity_scores(identity, records), *planted_scores(identity, records), *_leavers(sides), *_buyers(sides))
        ]
        is_told = bool(people["spend_365d_cny"].notna().any())
        scored.rows += [told(row, is_told=is_told) for row in _value(sides)]
        scored.rows += [told(row) for row in (*_segments(sides), *_offers(sides), *_uplift(sides), *planted(sides))]
        differences = kpi_differences(_orders(sides), true.frame("kpi.csv"))
        scored.rows += [told(row) for row in kpi_equal(differences)]
        scored.differences += [
            {str(name): value for name, value in row.items()} for row in differences[differences["difference"] != 0].to_dict("records")
        ]
    return scored


def records_of(home: Home, truth: Truth) -> pd.DataFrame:
    """record_id, person_id, planted: the ids that the workspace gives to the customer ids of each system."""
    rows = truth.frame("record.csv")
    parts = [rows.assign(record_id=pd.Series(dtype=str)).head(0)]
    for system, own in rows.groupby("system"):
        parts.append(own.assign(record_id=record_ids(home.vault.keys.ids, str(system))(own["native_id"].tolist())))
    return pd.concat(parts, ignore_index=True)[["record_id", "person_id", "planted"]]


def _people(identity: pd.DataFrame, records: pd.DataFrame, truth: Truth) -> pd.DataFrame:
    people = stands_for(identity, records)
    if people.empty:
        raise DataError(
            Say(
                "这份真相属于另一家公司：工作区里没有它的任何档案。",
                "This truth belongs to another company: the workspace holds none of its records.",
            ),
            got=f"{truth.scenario}, {truth.seed}: 0 / {len(records)}",
            fix=Say(
                "给出与导入文件同一个沙盒的 truth 文件夹；来源的 system 要与 sources.toml 一致。",
                "Name the folder truth of the sandbox whose files were imported; `system` of each source must be that of sources.toml.",
            ),
        )
    return people.merge(truth.frame("person.csv"), on="person_id", validate="many_to_one")


def _notes(home: Home, sides: Sides, *, held: int, missing: int) -> Iterator[Say]:
    """What a reader should know before believing the figures."""
    expected, horizon = sides.truth.ends_on + timedelta(days=1), home.settings.learning.horizon_days
    if sides.at != expected:
        yield Say(
            f"名单是 {sides.at} 的，而真相从 {expected} 开始；`zhiyin run --as-of {expected}` 之后再打分才公平。",
            f"The list is of {sides.at}, and the truth begins on {expected}; score after `zhiyin run --as-of {expected}` to be fair.",
        )
    if horizon != sides.truth.future_days:
        yield Say(
            f"预测看 {horizon} 天，真相看 {sides.truth.future_days} 天，下单概率因此不可直接相比。",
            f"Predictions look {horizon} days ahead and the truth {sides.truth.future_days}, so chances to buy are not quite comparable.",
        )
    if sides.currency != "CNY":
        yield Say(
            f"工作区的币种是 {sides.currency}，真相是人民币，金额不可相比。",
            f"The workspace counts in {sides.currency} and the truth in yuan, so money cannot be compared.",
        )
    mixed = int(sides.people["mixed"].sum())
    if mixed:
        yield Say(
            f"{len(sides.people)} 位客户里有 {mixed} 位混了几个人的档案，按档案最多的那个人算。",
            f"{mixed} of {len(sides.people)} customers mix the records of several persons; each counts as the one with most records.",
        )
    if missing:
        yield Say(
            f"真相里有 {missing} 份档案不在工作区（共 {held} 份），没有参加比较。",
            f"{missing} records of the truth are not in the workspace (which holds {held}) and take no part.",
        )


def _predicted(sides: Sides, question: str) -> pd.DataFrame:
    """customer_id, value of a question about the customer on the day of the list."""
    rows = sides.table("prediction")
    asked = (rows["question"] == question) & (rows["at_on"] == ibis.date(sides.at)) & (ibis.coalesce(rows["subject_id"], "") == "")
    return sides.frame(rows.filter(asked).select("customer_id", "value"))


def _features(sides: Sides, *names: str) -> pd.DataFrame:
    rows = sides.table("profile_at")
    return sides.frame(rows.filter(rows["at_on"] == ibis.date(sides.at)).select("customer_id", *names))


def _leavers(sides: Sides) -> Iterator[Judged]:
    """Question `churn`: who leaves by the end of the days that the truth knows; simple way: the longest away first."""
    rows = sides.of_people(_predicted(sides, "churn")).merge(_features(sides, "days_since_order"), on="customer_id", how="left")
    until = pd.Timestamp(sides.truth.ends_on + timedelta(days=sides.truth.future_days))
    judged = rows.assign(label=(rows["left_on"] <= until).astype(float), baseline=rows["days_since_order"].fillna(_LONGEST_AWAY))
    return order_scores(judged, subject="leavers", against="days_since_order")


def _buyers(sides: Sides) -> Iterator[Judged]:
    """Question `purchase`: who orders when nobody calls; simple way: most orders of 84 days first, chance as in the 28 days before."""
    features = _features(sides, "orders_84d", "orders_28d").rename(columns={"orders_28d": "before"})
    rows = (
        sides.of_people(_predicted(sides, "purchase")).merge(features, on="customer_id", how="left").fillna({"orders_84d": 0, "before": 0})
    )
    judged = rows.assign(label=(rows["orders_28d"] > 0).astype(float), baseline=rows["orders_84d"], chance=(rows["before"] > 0).mean())
    return order_scores(judged, subject="buyers", against="orders_84d")


def _value(sides: Sides) -> Iterator[Judged]:
    """Question `value`: by person, as money of one person adds up over the customers that stand for them."""
    lines = owned(sides.table("order_line"), sides.table("identity"))
    year = (lines["ordered_on"] >= ibis.date(sides.at - timedelta(days=_YEAR))) & (lines["ordered_on"] < ibis.date(sides.at))
    spent = sides.frame(
        lines.filter(year & (lines["currency"] == sides.currency)).group_by("customer_id").agg(before=lines["amount"].sum())
    )
    rows = sides.of_people(_predicted(sides, "value")).merge(spent, on="customer_id", how="left").fillna({"before": 0})
    known = rows[rows["spend_365d_cny"].notna()]
    persons = known.groupby("person_id").agg(truth=("spend_365d_cny", "first"), value=("value", "sum"), baseline=("before", "sum"))
    return value_scores(persons.assign(value=_yuan(sides, persons["value"]), baseline=_yuan(sides, persons["baseline"])))


def _segments(sides: Sides) -> Iterator[Judged]:
    """Each way of grouping beside habit and persona."""
    rows = sides.of_people(sides.frame(sides.table("segment").select("customer_id", "scheme", "segment_id")))
    for scheme in ("rfm", "behaviour"):
        own = rows[rows["scheme"].eq(scheme)]
        for kind in ("habit", "persona"):
            yield from group_scores(pd.DataFrame({"group": own["segment_id"], "truth": own[kind]}), scheme=scheme, kind=kind)


def _offers(sides: Sides) -> Iterator[Judged]:
    """What was recommended beside what is popular, by what is bought when nobody calls."""
    lines = owned(sides.table("order_line"), sides.table("identity"))
    lines = lines.filter((lines["ordered_on"] < ibis.date(sides.at)) & (lines["amount"] > 0))
    before = sides.frame(lines.select("customer_id", "product_id").distinct())
    recommended = sides.frame(sides.table("recommendation").select("customer_id", "product_id", "kind", "rank"))
    bought = sides.people[["customer_id", "person_id"]].merge(sides.truth.frame("bought.csv"), on="person_id")
    return offer_scores(recommended, bought, before=before)


def _uplift(sides: Sides) -> Iterator[Judged]:
    """All with a number, listed or not; whom two customers stand for is called once, where the gain is larger."""
    steps = sides.table("next_step")
    steps = steps.filter(steps["action"] != "").select("customer_id", "gain", "probability", "listed")
    rows = sides.of_people(sides.frame(steps)).dropna(subset=["effect", "gain_cny"])
    rows = rows.sort_values(["gain", "customer_id"], ascending=[False, True])
    rows["listed"] = rows.groupby("person_id")["listed"].transform("any")
    return uplift_scores(rows.drop_duplicates("person_id"))


def _orders(sides: Sides) -> pd.DataFrame:
    """Orders a day, with their money in yuan, by the record that placed them."""
    lines = sides.table("order_line")
    lines = lines.filter(lines["currency"] == sides.currency)
    keys = ("record_id", "source", "order_id", "ordered_on")
    orders = sides.frame(lines.group_by(*keys).agg(amount=lines["amount"].sum(), paid=(lines["amount"] > 0).any()))
    return orders.assign(amount=_yuan(sides, orders["amount"]))


def _yuan(sides: Sides, minor: pd.Series) -> pd.Series:
    return minor.astype("float64") / 10 ** exponent(sides.currency)
