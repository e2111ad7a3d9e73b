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
from zhiyin.predict.inputs import derived
from zhiyin.predict.scaling import Scaling, learn_scaling

__all__ = ["NEEDS", "BehaviourGroups", "behaviour_segments", "fit_groups", "tier_segments"]

NEEDS = ("orders_84d", "spend_84d", "days_since_order", "discount_share_84d", "coupon_share_84d", "categories_84d", "orders_trend_28d")
MOST_ROWS = 5_000  # customers that the groups are learned from
JUDGED_ROWS = 1_500  # customers that the number of groups is judged on
DRAWS = 6  # of the bootstrap
STABLE = 0.7  # mean adjusted Rand index below which groups are not the same when learned again
STARTS = 3
ROUNDS = 60  # of Lloyd's algorithm

# What a feature far above or far below the mean of all is called.
WORDS: dict[str, tuple[Say, Say]] = {
    "orders_84d": (Say("常客", "frequent"), Say("少来", "rare")),
    "spend_84d": (Say("大额", "high spend"), Say("小额", "low spend")),
    "days_since_order": (Say("久未到店", "long away"), Say("近期活跃", "recent")),
    "discount_share_84d": (Say("爱折扣", "discount"), Say("不看折扣", "full price")),
    "coupon_share_84d": (Say("爱用券", "coupon"), Say("不用券", "no coupon")),
    "categories_84d": (Say("品类广", "broad"), Say("品类窄", "narrow")),
    "orders_trend_28d": (Say("在升温", "warming"), Say("在降温", "cooling")),
}
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
    """K-means on scaled behaviour; the number of groups is the clearest among those that stay the same when learned again."""

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
        tried = [_judged(judged, k, self.seed) for k in range(self.fewest, min(self.most, len(np.unique(judged, axis=0)) - 1) + 1)]
        k = _chosen(tried) if tried else 1
        self.scaling_, self.judged_ = scaling._asdict(), tried
        self.centres_ = _means(places, k, self.seed)
        names = _names(self.centres_, self.needs)
        self.names_zh_, self.names_en_ = [name.zh for name in names], [name.en for name in names]

    def _assign(self, rows: pd.DataFrame) -> pd.DataFrame:
        places = _places(Scaling(**self.scaling_), rows[list(self.needs)])
        group = _nearest(places, self.centres_)
        reasons = [_reason(place, centre, self.needs) for place, centre in zip(places, self.centres_[group], strict=True)]
        return pd.DataFrame({"group": [f"g{number + 1}" for number in group], "reason": pd.Series(reasons, dtype=object)})

    def name(self, group: str) -> Say:
        """What a group is called."""
        number = int(group.removeprefix("g")) - 1
        return Say(self.names_zh_[number], self.names_en_[number])

    def stability(self) -> pd.DataFrame:
        """Columns groups, clearness (silhouette), stability (mean adjusted Rand index over bootstraps): one row a number tried."""
        return pd.DataFrame(self.judged_, columns=["groups", "clearness", "stability"])


def fit_groups(rows: pd.DataFrame, *, seed: int = 7) -> BehaviourGroups:
    """Groups of the customers who bought within 84 days.

    Args:
        rows: `profile_at` of one day.
        seed: of everything random.
    """
    return BehaviourGroups(seed=seed).fit(_active(rows))


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
    return derived(rows[rows["orders_84d"] > 0].reset_index(drop=True))


def _scores(recency: Any, frequency: Any, money: Any) -> Say:  # noqa: ANN401 - a lead has none
    if pd.isna(recency):
        return Say("还没有下过单。", "Has not ordered yet.")
    parts = f"{recency:.0f}/{frequency:.0f}/{money:.0f}"
    return Say(f"近度、频度、额度得分 {parts}（满分5）。", f"Recency, frequency and money scored {parts} of 5.")


def _places(scaling: Scaling, rows: pd.DataFrame) -> Floats:
    return np.asarray(scaling.columns(rows)[:, : len(scaling.step)].clip(-3.0, 3.0))  # one extreme must not make a group of its own


def _means(places: Floats, k: int, seed: int) -> Floats:
    """The best of a few starts of Lloyd's algorithm. In numpy: on a shared machine its threads make KMeans of scikit-learn 20 times slower."""
    draw = np.random.default_rng(seed)
    tried = [_settled(places, _spread(places, k, draw)) for _ in range(STARTS)]
    return min(tried, key=lambda centres: float(_distances(places, centres).min(axis=1).sum()))


def _spread(places: Floats, k: int, draw: np.random.Generator) -> Floats:
    """Customers far from one another, to start from (k-means++)."""
    centres = places[[draw.integers(len(places))]]
    while len(centres) < k:
        far = _distances(places, centres).min(axis=1).clip(0)
        share = far / far.sum() if far.sum() > 0 else None
        centres = np.vstack([centres, places[draw.choice(len(places), p=share)]])
    return centres


def _settled(places: Floats, centres: Floats) -> Floats:
    """Each centre in the middle of those nearest to it, again and again."""
    for _ in range(ROUNDS):
        nearest = _nearest(places, centres)
        sizes = np.bincount(nearest, minlength=len(centres))
        sums = np.stack([np.bincount(nearest, weights=column, minlength=len(centres)) for column in places.T], axis=1)
        moved = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
        if np.abs(moved - centres).max() < 1e-4:
            return moved
        centres = moved
    return centres


def _distances(places: Floats, centres: Floats) -> Floats:
    """Squared distance of every customer to every centre."""
    return np.asarray((places**2).sum(axis=1)[:, None] - 2 * places @ centres.T + (centres**2).sum(axis=1))


def _judged(places: Floats, k: int, seed: int) -> list[float]:
    """Number of groups, how clear they are, and how much the same when they are learned from customers drawn again."""
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    draw = np.random.default_rng(seed)
    groups = _nearest(places, _means(places, k, seed))
    again = [_nearest(places, _means(places[draw.integers(0, len(places), len(places))], k, seed)) for _ in range(DRAWS)]
    same = [adjusted_rand_score(groups, other) for other in again]
    return [float(k), float(silhouette_score(places, groups)) if len(np.unique(groups)) > 1 else 0.0, float(np.mean(same))]


def _nearest(places: Floats, centres: Floats) -> npt.NDArray[np.intp]:
    return np.asarray(_distances(places, centres).argmin(axis=1))


def _chosen(tried: list[list[float]]) -> int:
    stable = [row for row in tried if row[2] >= STABLE]
    best = max(stable, key=lambda row: row[1]) if stable else max(tried, key=lambda row: row[2])
    return int(best[0])


def _names(centres: Floats, needs: Sequence[str]) -> list[Say]:
    """Two words a group, those in which it differs most; a third or a number where two groups would be called the same."""
    said: list[Say] = []
    for centre in centres:
        order = np.argsort(-np.abs(centre), kind="stable")
        words = [_word(needs[place], centre[place]) for place in order]
        tries = [_joined(words[:count]) for count in range(2, len(words) + 1)]
        fallback = _joined([*words[:2], Say(str(len(said) + 1), str(len(said) + 1))])
        said.append(next((name for name in tries if name not in said), fallback))
    return said


def _word(feature: str, amount: float) -> Say:
    up, down = WORDS.get(feature, (Say(f"{feature}高", f"high {feature}"), Say(f"{feature}低", f"low {feature}")))
    return up if amount > 0 else down


def _joined(words: Sequence[Say]) -> Say:
    return Say("·".join(word.zh for word in words), ", ".join(word.en for word in words))


def _reason(place: Floats, centre: Floats, needs: Sequence[str]) -> Say:
    """The two features that this customer shares most with the group."""
    order = np.argsort(-place * centre, kind="stable")[:2]
    words = _joined([_word(needs[number], place[number]) for number in order])
    return Say(f"与这群客户最像的地方：{words.zh}。", f"Most like this group in: {words.en}.")
