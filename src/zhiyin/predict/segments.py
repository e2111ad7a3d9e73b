"""Which customers are alike, and what are they called?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.tables import TABLES
from zhiyin.core.words import Say
from zhiyin.learn.base import AssignerBase
from zhiyin.predict.described import READ, as_rule, described
from zhiyin.predict.inputs import derived
from zhiyin.predict.mixture import METHODS, Groups, group_of, learned
from zhiyin.predict.naming import joined, names_of, sets_apart, word_of
from zhiyin.predict.rules.terms import Vocabulary
from zhiyin.predict.rules.tree import Rule
from zhiyin.predict.scaling import Scaling, learn_scaling

__all__ = ["GROUPS", "NEEDS", "SPOKEN", "BehaviourGroups", "behaviour_segments", "fit_groups", "tier_segments"]

NEEDS = ("orders_84d", "spend_84d", "days_since_order", "discount_share_84d", "coupon_share_84d", "categories_84d", "orders_trend_28d")
SPOKEN = ("lines_84d", *READ)  # read beside them, to name and to describe the groups
GROUPS = "groups"  # the line of the model in learn/registry.py
MOST_ROWS = 5_000  # customers that the groups are learned from
JUDGED_ROWS = 1_500  # customers that the number of groups is judged on
TOLD_ROWS = 20_000  # customers by whom the groups are named and described
DRAWS = 6  # of the bootstrap
STABLE = 0.7  # mean adjusted Rand index below which groups are not the same when learned again
SHARED = 0.3  # of the customers of both (Jaccard) from which a group that is learned again is the same as before
_NAMED_BY = (*NEEDS, "line_price_84d", "new_share_84d")

TIERS: dict[str, Say] = {
    "champion": Say("核心客户", "champions"),
    "loyal": Say("忠诚客户", "loyal"),
    "promising": Say("潜力客户", "promising"),
    "slipping": Say("下滑客户", "slipping"),
    "asleep": Say("沉睡客户", "asleep"),
    "lead": Say("潜在客户", "leads"),
}

Floats = npt.NDArray[np.float64]


@dataclass
class BehaviourGroups(AssignerBase):
    """Groups by scaled behaviour: of K-means and a mixture of Gaussians, with several numbers of groups, the clearest.

    Only groups that stay the same when learned again from customers drawn again are taken, where there are any.
    """

    needs: tuple[str, ...] = NEEDS
    key: str = "customer_id"
    fewest: int = 3
    most: int = 7
    seed: int = 7

    accepts_missing: ClassVar[bool] = True
    order_matters: ClassVar[bool] = True

    @classmethod
    def example(cls) -> BehaviourGroups:
        """With few numbers of groups to try, for the contract checks."""
        return cls(most=3)

    def _fit(self, examples: pd.DataFrame) -> None:
        draw = np.random.default_rng(self.seed)
        kept = examples.iloc[np.sort(draw.permutation(len(examples))[:MOST_ROWS])]
        scaling = learn_scaling(kept[list(self.needs)])
        places = _places(scaling, kept[list(self.needs)])
        judged = places[draw.permutation(len(places))[:JUDGED_ROWS]]
        most = min(self.most, len(np.unique(judged, axis=0)) - 1)
        tried = [_judged(judged, method, k, self.seed) for method in range(len(METHODS)) for k in range(self.fewest, most + 1)]
        method, k = _chosen(tried) if tried else (0, 1)
        self.scaling_, self.judged_, self.method_ = scaling._asdict(), tried, METHODS[method]
        self.groups_ = learned(self.method_, places, k=k, seed=self.seed)._asdict()
        self.ids_ = [f"g{number + 1}" for number in range(k)]
        self.tell(kept)

    def _assign(self, rows: pd.DataFrame) -> pd.DataFrame:
        places = _places(Scaling(**self.scaling_), rows[list(self.needs)])
        group = group_of(places, Groups(**self.groups_))
        centres = self.groups_["centre"][group]
        reasons = [_reason(place, centre, self.needs) for place, centre in zip(places, centres, strict=True)]
        return pd.DataFrame({"group": [self.ids_[number] for number in group], "reason": pd.Series(reasons, dtype=object)})

    def tell(self, rows: pd.DataFrame) -> None:
        """Name and describe the groups by these customers; columns beside those of `needs` speak too."""
        numbers = self._numbers(rows)
        names = [name for name in _NAMED_BY if name in rows.columns] or list(self.needs)
        scaling = learn_scaling(rows[names])
        places = _places(scaling, rows[names])
        places[rows[names].isna().to_numpy()] = np.nan
        apart = sets_apart(places, numbers, features=names)
        self.apart_ = [[self.ids_[one.group], one.feature, one.difference, one.chance, one.sure] for one in apart]
        said = names_of(apart, len(self.ids_))
        self.names_zh_, self.names_en_ = [name.zh for name in said], [name.en for name in said]
        tree = described(rows, numbers, seed=self.seed)
        self.leaves_ = {self.ids_[group]: leaves for group, leaves in tree.leaves.items()}
        self.accuracy_, self.biggest_ = tree.accuracy, tree.biggest

    def follow(self, before: BehaviourGroups, rows: pd.DataFrame) -> None:
        """Call each group as the one of an earlier model with which it shares most customers; a group that is new gets a new id."""
        from scipy.optimize import linear_sum_assignment

        now, then = self._numbers(rows), before._numbers(rows)
        table = np.zeros((len(self.ids_), len(before.ids_)))
        np.add.at(table, (now, then), 1.0)
        whole = table.sum(axis=1)[:, None] + table.sum(axis=0)[None, :] - table
        shared = table / np.maximum(whole, 1.0)
        same = {int(own): int(old) for own, old in zip(*linear_sum_assignment(-shared), strict=True) if shared[own, old] >= SHARED}
        fresh = max(int(name.removeprefix("g")) for name in before.ids_) + 1
        for number in range(len(self.ids_)):
            self.ids_[number] = before.ids_[same[number]] if number in same else f"g{fresh}"
            fresh += number not in same
        self.kept_ = len(same)

    def name(self, group: str) -> Say:
        """What a group is called."""
        number = self.ids_.index(group)
        return Say(self.names_zh_[number], self.names_en_[number])

    def rule(self, group: str, words: Vocabulary) -> Rule | None:
        """The conditions that come nearest to a group, as a rule; None where its columns may not be used."""
        return as_rule(self.leaves_.get(group, []), words)

    def stability(self) -> pd.DataFrame:
        """One row a method and number tried: method, groups, clearness (silhouette), stability (mean adjusted Rand index over bootstraps)."""
        found = pd.DataFrame(self.judged_, columns=["method", "groups", "clearness", "stability"])
        return found.assign(method=[METHODS[int(place)] for place in found["method"]])

    def said(self) -> Say:
        """Which groups were found, how clear and how stable, in a sentence."""
        method = _METHODS[self.method_]
        chosen = [row for row in self.judged_ if METHODS[int(row[0])] == self.method_ and int(row[1]) == len(self.ids_)]
        if not chosen:
            return Say("客户行为太相像，分不出群。", "Customers behave too much alike to be put into groups.")
        _, k, clear, same = chosen[0]
        return Say(
            f"行为分群：{method.zh}分 {k:.0f} 群最清楚（轮廓 {clear:.2f}，重抽样一致 {same:.2f}）；三层决策树说明分群，准确 {self.accuracy_:.0%}（全猜最大的群 {self.biggest_:.0%}）。",
            f"Behaviour groups: {method.en} with {k:.0f} groups is the clearest (silhouette {clear:.2f}, the same again {same:.2f}); a tree of depth three tells them with {self.accuracy_:.0%} right (always the greatest group: {self.biggest_:.0%}).",
        )  # fmt: skip

    def _numbers(self, rows: pd.DataFrame) -> npt.NDArray[np.intp]:
        return group_of(_places(Scaling(**self.scaling_), rows[list(self.needs)]), Groups(**self.groups_))


def fit_groups(rows: pd.DataFrame, *, seed: int = 7, before: BehaviourGroups | None = None) -> BehaviourGroups:
    """Groups of the customers who bought within 84 days.

    Args:
        rows: `profile_at` of one day; with `new_share_84d` (see novelty.py) groups may be called by it.
        seed: of everything random.
        before: groups that were learned earlier: those that are the same keep their ids.
    """
    active = _active(rows)
    model = BehaviourGroups(seed=seed).fit(active)
    told = active.iloc[np.sort(np.random.default_rng(seed).permutation(len(active))[:TOLD_ROWS])].reset_index(drop=True)
    if before is not None:
        model.follow(before, told)
    model.tell(told)
    return model


def behaviour_segments(model: BehaviourGroups, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `segment`, scheme `behaviour`, for customers who bought within 84 days of the day of `profile_at`."""
    found = model.assign(_active(rows))
    names = {group: model.name(group) for group in found["group"].unique()}
    return _segment(found, "behaviour", found["group"], [names[group] for group in found["group"]], list(found["reason"]))


def tier_segments(profile: pd.DataFrame) -> pd.DataFrame:
    """Rows of `segment`, scheme `rfm`: the value tier of `profile` with its name and the three scores as reason."""
    said = [_scores(row.recency_score, row.frequency_score, row.monetary_score) for row in profile.itertuples()]
    names = [TIERS.get(tier, Say(tier, tier)) for tier in profile["tier"]]
    return _segment(profile, "rfm", profile["tier"], names, said)


def _segment(rows: pd.DataFrame, scheme: str, groups: pd.Series, names: Sequence[Say], reasons: Sequence[Say]) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(),
            "scheme": scheme,
            "segment_id": groups.to_numpy(),
            "name_zh": [name.zh for name in names],
            "name_en": [name.en for name in names],
            "reason_zh": [reason.zh for reason in reasons],
            "reason_en": [reason.en for reason in reasons],
        }
    )
    return table[list(TABLES["segment"].names)]


def _active(rows: pd.DataFrame) -> pd.DataFrame:
    active = derived(rows[rows["orders_84d"] > 0].reset_index(drop=True))
    if {"spend_84d", "lines_84d"} <= set(active.columns):
        active["line_price_84d"] = active["spend_84d"] / active["lines_84d"].clip(lower=1)
    return active


_METHODS = {"k_means": Say("K 均值", "K-means"), "mixture": Say("高斯混合", "a mixture of Gaussians")}


def _scores(recency: Any, frequency: Any, money: Any) -> Say:  # noqa: ANN401 - a lead has none
    if pd.isna(recency):
        return Say("还没有下过单。", "Has not ordered yet.")
    parts = f"{recency:.0f}/{frequency:.0f}/{money:.0f}"
    return Say(f"近度、频度、额度得分 {parts}（满分5）。", f"Recency, frequency and money scored {parts} of 5.")


def _places(scaling: Scaling, rows: pd.DataFrame) -> Floats:
    return np.asarray(scaling.columns(rows)[:, : len(scaling.step)].clip(-3.0, 3.0))  # one extreme must not make a group of its own


def _judged(places: Floats, method: int, k: int, seed: int) -> list[float]:
    """Method, number of groups, how clear they are, and how much the same when they are learned from customers drawn again."""
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    draw, name = np.random.default_rng(seed), METHODS[method]
    groups = group_of(places, learned(name, places, k=k, seed=seed))
    drawn = [places[draw.integers(0, len(places), len(places))] for _ in range(DRAWS)]
    same = [adjusted_rand_score(groups, group_of(places, learned(name, again, k=k, seed=seed))) for again in drawn]
    clear = float(silhouette_score(places, groups)) if len(np.unique(groups)) > 1 else 0.0
    return [float(method), float(k), clear, float(np.mean(same))]


def _chosen(tried: list[list[float]]) -> tuple[int, int]:
    """Method and number of groups: the clearest of those that are stable, the stablest where none is."""
    stable = [row for row in tried if row[3] >= STABLE]
    best = max(stable, key=lambda row: row[2]) if stable else max(tried, key=lambda row: row[3])
    return int(best[0]), int(best[1])


def _reason(place: Floats, centre: Floats, needs: Sequence[str]) -> Say:
    """The two features that this customer shares most with the group."""
    order = np.argsort(-place * centre, kind="stable")[:2]
    words = joined([word_of(needs[number], place[number]) for number in order])
    return Say(f"与这群客户最像的地方：{words.zh}。", f"Most like this group in: {words.en}.")
