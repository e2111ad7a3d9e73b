"""What would another way of choosing have earned, told from a log of what was shown, what came of it, and how likely it was shown?

Three answers, from the simplest to the one that needs the least luck: `ips` weights every row by how much likelier the other policy
would have shown the same item; `snips` divides by the sum of the weights; `dr` asks a model of the reward first and weights only what
the model got wrong. None of them knows anything about items that the log could never show.

Only `dr` caps its weights: where the cap bites, its model answers, and a wrong answer there is most often small. With clicks invented
over the real propensities of two logs (18 worlds of benchmarks/off_policy.py, weights up to 278) a cap of max(30, sqrt(rows) / 3) had a
smaller error than none in 16 worlds, by up to half, and a larger one in one, by .01; its 95 % interval held the truth in .78 to .97 of
the logs against .70 to .94. A tighter cap of 10 went down to .28 where the log favours what sells. As the log grows the cap gives way,
so that its bias vanishes.

References:
    Horvitz and Thompson (1952), A generalization of sampling without replacement from a finite universe (IPS).
    Swaminathan and Joachims (2015), The self-normalized estimator for counterfactual learning (SNIPS).
    Dudik, Langford and Li (2011), Doubly robust policy evaluation and learning (DR).
    Ionides (2008), Truncated importance sampling (a cap that grows with the root of the rows).
    Chernozhukov et al. (2018), Double/debiased machine learning (cross-fitting).
    Saito et al. (2021), Open Bandit Dataset and Pipeline: towards realistic and reproducible off-policy evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import DataError, TooLittleData, listed
from zhiyin.core.words import Say
from zhiyin.improve.rows import Score, as_rows, need
from zhiyin.learn.card import Interval
from zhiyin.learn.metrics import bootstrap

__all__ = ["Estimate", "RewardModel", "dr", "ips", "policy_scores", "shrunken_rates", "snips"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
# model(rows to learn from, rows to answer for, items=...): the mean reward of every item in every row, `(rows, items)`.
RewardModel = Callable[..., Floats]

# Coverage of the 95 % interval on invented logs without heavy weights, by the rows (or rewards) that the log is worth: 17 and more: .91 to .95;
# 9: .90; 4 to 7: .82; below 3: .35 to .60.
_TOO_FEW, _FEW = 3.0, 15.0
_CAP, _FOLDS = 30.0, 5
_HEAVY = 0.25  # share of the squared weights above the cap; .59 and .82 in the two logs above, where intervals of ips held .72 to .86
_OFF = 3.0  # standard errors by which the mean weight may differ from 1
_UNSEEN = 0.05  # share of what the other policy would show that may be missing from the log before it is said
_ROUNDING = 1e-6
_FIT_WORTH = 20  # rows of the mean reward that "no difference" is worth

_FEW_ROWS = Say(
    "带权的记录只相当于 {effective} 行、{hits} 次回报：区间可能偏窄，请当作线索，不要当作结论。",
    "The weighted log is worth only {effective} rows and {hits} rewards: the interval may be too narrow. Take it as a hint, not as a proof.",
)
_HEAVY_WEIGHTS = Say(
    "有 {rows} 行的权重超过 {cap}，占权重平方和的 {share}：区间会偏窄，dr 在这些行上只能相信模型。",
    "{rows} rows weigh more than {cap} and make up {share} of the squared weights: the intervals are too narrow, and dr takes the word of its "
    "model for these rows.",
)
_WRONG_WEIGHTS = Say(
    "权重的平均值是 {mean}，应当是 1：记下的选中概率不对，或者另一种策略要展示的东西这份记录根本不会展示。",
    "The mean weight is {mean} where it should be 1: the logged propensities are wrong, or the log could not show what the other policy would.",
)
_NEVER_SHOWN = Say(
    "另一种策略要展示的有 {share} 在记录里从未出现：这部分的价值无从得知。",
    "{share} of what the other policy would show never occurs in the log: nothing is known about that part.",
)


class Estimate(NamedTuple):
    """The mean reward of a row under the other policy, its 95 % interval, and how much of the log speaks for it."""

    name: str
    figure: Interval
    effective: float  # rows drawn from the other policy itself that would tell as much (Kish)
    hits: float  # the same of the rewards: where few rows are rewarded, their number rules the error
    n: int  # rows of the log
    notes: tuple[Say, ...]  # why it should not be trusted


def ips(log: pd.DataFrame, wanted: pd.DataFrame, *, by: str = "place", seed: int = 7) -> Estimate:
    """Inverse propensity score (Horvitz-Thompson): right on average, whatever the rewards; far off where propensities are small.

    Args:
        log: a row for each item shown: item_id, reward, propensity (probability with which it was shown there), the column `by`, and
            where known customer_id, whose rows are drawn together for the interval.
        wanted: the other policy: the probability with which it shows each item (columns) for each value of `by` (index).
        by: what the other policy goes by: the place on the list, or an id of the row where it decides row by row.
        seed: of the bootstrap. Its interval is used because it held the truth more often, and on both sides, than the normal one
            where the effective sample is small (of 400 invented logs worth 7 rows .82 against .80, SNIPS .89 against .79).

    Raises:
        MissingColumns: when the log lacks a column.
        DataError: when propensities or rewards cannot be, or the two tables do not fit together.
        TooLittleData: when the log says next to nothing about the other policy.
    """
    rows = _weighed(log, wanted, by=by)
    return _estimate("ips", rows, bootstrap(np.mean, rows.weight * rows.reward, seed=seed, groups=rows.group))


def snips(log: pd.DataFrame, wanted: pd.DataFrame, *, by: str = "place", seed: int = 7) -> Estimate:
    """Self-normalised IPS: a weighted mean, never outside the rewards seen; a little off in small logs. Arguments as of `ips`."""
    rows = _weighed(log, wanted, by=by)
    return _estimate("snips", rows, bootstrap(_ratio, rows.weight * rows.reward, rows.weight, seed=seed, groups=rows.group))


def shrunken_rates(seen: pd.DataFrame, asked: pd.DataFrame, *, items: pd.Index) -> Floats:
    """The mean reward of each item, drawn towards that of all the more, the less it was shown; the same for every row asked.

    How much it is drawn follows from how far the items differ beyond chance (method of moments).

    References:
        Efron and Morris (1975), Data analysis using Stein's estimator and its generalizations.
    """
    place, reward = items.get_indexer(seen["item_id"]), seen["reward"].to_numpy("float64")
    shows = np.bincount(place, minlength=len(items)).astype(float)
    rate = np.bincount(place, weights=reward, minlength=len(items)) / np.maximum(shows, 1)
    base, known = float(reward.mean()), int((shows > 0).sum())
    within = float(((reward - rate[place]) ** 2).sum()) / max(len(reward) - known, 1)
    between = float((shows * (rate - base) ** 2).sum() - (known - 1) * within) / max(len(reward) - float((shows**2).sum()) / len(reward), 1)
    worth = within / between if between > 0 else np.inf  # shows that the mean of all items is worth
    own = shows / (shows + worth) if worth > 0 else (shows > 0).astype(float)
    return np.broadcast_to(base + own * (rate - base), (len(asked), len(items)))


def dr(
    log: pd.DataFrame,
    wanted: pd.DataFrame,
    *,
    model: RewardModel | None = None,
    by: str = "place",
    cap: float | None = None,
    seed: int = 7,
) -> Estimate:
    """Doubly robust: what a reward model expects, plus the weighted error of the model; right on average where either half is.

    The model is cross-fitted: what it says about a row (a customer, where known) it learned from the other folds.

    Args:
        log: as of `ips`, with whatever columns the model reads.
        wanted: as of `ips`.
        model: see RewardModel; None for `shrunken_rates`, told apart by whether the other policy would rather show the item in this row
            or in others: a list that is made for a customer earns more of her than the item earns of all.
        by: as of `ips`.
        cap: largest weight of a row; None for max(30, sqrt(rows) / 3), infinity for none.
        seed: of the folds and of the bootstrap.

    Raises:
        MissingColumns, DataError, TooLittleData: as of `ips`.
    """
    rows = _weighed(log, wanted, by=by)
    fold = _folds(rows, seed=seed)
    rather = rows.chances > rows.chances.mean(axis=0) + _ROUNDING
    expected, told = np.zeros(len(log)), np.zeros(len(log))
    for number in np.unique(fold):
        judged = np.flatnonzero(fold == number)
        seen = np.flatnonzero(fold != number)
        rates = (model or shrunken_rates)(log.iloc[seen], log.iloc[judged], items=wanted.columns)
        if model is None:
            rates = (
                rates * _fit(rows, seen, rather=rather[rows.context, rows.item], rate=rates[0])[rather[rows.context[judged]].astype(int)]
            )
        expected[judged] = np.einsum("ri,ri->r", rates, rows.chances[rows.context[judged]])
        told[judged] = rates[np.arange(len(judged)), rows.item[judged]]
    values = expected + np.minimum(rows.weight, _cap(len(log)) if cap is None else cap) * (rows.reward - told)
    return _estimate("dr", rows, bootstrap(np.mean, values, seed=seed, groups=rows.group))


def _fit(rows: _Weighed, seen: Ints, *, rather: npt.NDArray[np.bool_], rate: Floats) -> Floats:
    """How many times the rate of an item its rows earn: those where the other policy would not rather show it, and those where it would."""
    expected = np.bincount(rather[seen], rate[rows.item[seen]], minlength=2)
    earned = np.bincount(rather[seen], rows.reward[seen], minlength=2)
    usual = _FIT_WORTH * float(rows.reward[seen].mean())
    found: Floats = (earned + usual) / np.maximum(expected + usual, _ROUNDING)
    return found


def policy_scores(log: pd.DataFrame, policies: Mapping[str, pd.DataFrame], *, at: date, by: str = "place", seed: int = 7) -> pd.DataFrame:
    """Other policies beside the one that made the log, as rows of table `scorecard`, subject "policy".

    Args:
        log: as of `ips`.
        policies: name -> probabilities, as `wanted` of `ips`.
        at: the day of the scorecard.
        by: as of `ips`.
        seed: of the folds and of the bootstrap.

    Returns:
        The logging policy as variant "logged", metric on_policy; the others with metrics ips, snips and dr. What has a note is not
        `used`.
    """
    need(log, ("reward",), what="log")
    return as_rows(_scores(log, policies, at=at, by=by, seed=seed))


def _scores(log: pd.DataFrame, policies: Mapping[str, pd.DataFrame], *, at: date, by: str, seed: int) -> Iterator[Score]:
    figure = bootstrap(np.mean, log["reward"].to_numpy("float64"), seed=seed, groups=_customers(log))
    yield Score("policy", "", "on_policy", at, "logged", figure, len(log), True)
    for name, wanted in policies.items():
        for found in (ips(log, wanted, by=by, seed=seed), snips(log, wanted, by=by, seed=seed), dr(log, wanted, by=by, seed=seed)):
            yield Score("policy", "", found.name, at, name, found.figure, found.n, not found.notes)


class _Weighed(NamedTuple):
    """The log as arrays, a row each: what was shown, what came of it, and how much the row counts for the other policy."""

    item: Ints  # column of `chances`
    context: Ints  # row of `chances`
    reward: Floats
    weight: Floats
    chances: Floats
    group: npt.NDArray[np.object_] | None

    @property
    def effective(self) -> float:
        """Kish (1965): how many rows drawn from the other policy itself would tell as much."""
        return _worth(self.weight)

    @property
    def hits(self) -> float:
        """The same of the weighted rewards."""
        return _worth(self.weight * self.reward)


def _weighed(log: pd.DataFrame, wanted: pd.DataFrame, *, by: str) -> _Weighed:
    need(log, ("item_id", "reward", "propensity", by), what="log")
    propensity, reward = log["propensity"].to_numpy("float64"), log["reward"].to_numpy("float64")
    _refuse_propensities(propensity)
    _refuse_rewards(reward)
    chances = wanted.to_numpy("float64")
    _refuse_policy(wanted, chances)
    item, context = wanted.columns.get_indexer(log["item_id"]), wanted.index.get_indexer(log[by])
    _refuse_strangers(log["item_id"][item < 0], log[by][context < 0], by=by)
    rows = _Weighed(item, context, reward, chances[context, item] / propensity, chances, _customers(log))
    if min(rows.effective, rows.hits) < _TOO_FEW:
        raise TooLittleData(
            Say("这份记录对另一种策略几乎什么也说明不了。", "The log says next to nothing about the other policy."),
            got=f"{len(log)} rows, worth {rows.effective:.1f} rows and {rows.hits:.1f} rewards of it",
            fix=Say(
                "多记录一些，或者让原策略有一部分随机展示（见 recommend/explore.py）。",
                "Log more, or let the logging policy show some items by chance (recommend/explore.py).",
            ),
        )
    return rows


def _refuse_propensities(propensity: Floats) -> None:
    missing, none, over = np.isnan(propensity), propensity <= 0, propensity > 1 + _ROUNDING
    if (missing | none | over).any():
        raise DataError(
            Say("选中概率必须大于 0、不超过 1。", "Propensities must be above 0 and at most 1."),
            got=f"{missing.sum()} missing, {none.sum()} not above 0, {over.sum()} above 1 of {len(propensity)} rows",
            fix=Say(
                "展示时就要记下选中概率；事后猜的不算。没有记下的行整段去掉，并说明去掉了多少。",
                "Log the propensity when the item is shown; one guessed later is none. Leave out whole periods without it, and say so.",
            ),
        )


def _refuse_rewards(reward: Floats) -> None:
    if not np.isfinite(reward).all():
        raise DataError(
            Say("有的行没有回报。", "Some rows have no reward."),
            got=f"{(~np.isfinite(reward)).sum()} of {len(reward)} rows",
            fix=Say("什么也没发生写 0；还没到期的行去掉。", "Write 0 where nothing came of it; leave out rows whose time is not over."),
        )


def _refuse_policy(wanted: pd.DataFrame, chances: Floats) -> None:
    sums = chances.sum(axis=1)
    odd = ~(np.abs(sums - 1) <= _ROUNDING) | ~(chances >= 0).all(axis=1)
    if odd.any() or not (wanted.index.is_unique and wanted.columns.is_unique):
        raise DataError(
            Say(
                "另一种策略的概率每行都要不小于 0、合计为 1。",
                "The probabilities of the other policy must be 0 or more, 1 together in each row.",
            ),
            got=f"{listed(wanted.index[odd], most=3) or 'an item or a row twice'}, sums {listed(sums[odd].round(4), most=3) or '-'}",
            fix=Say("每个位置一行、每个商品一列，各写一次。", "Give one row a place and one column an item, each once."),
        )


def _refuse_strangers(items: pd.Series, places: pd.Series, *, by: str) -> None:
    if len(items) or len(places):
        raise DataError(
            Say("另一种策略没有说到记录里的一些商品或位置。", "The other policy says nothing about some items or places of the log."),
            got=f"item_id {listed(items.unique(), most=5) or '-'}; {by} {listed(places.unique(), most=5) or '-'}",
            fix=Say("把它们加进去；不展示的商品写 0。", "Add them; write 0 for an item that it would not show."),
        )


def _estimate(name: str, rows: _Weighed, figure: Interval) -> Estimate:
    return Estimate(name, figure, rows.effective, rows.hits, len(rows.weight), tuple(_notes(rows)))


def _notes(rows: _Weighed) -> Iterator[Say]:
    if min(rows.effective, rows.hits) < _FEW:
        yield _FEW_ROWS.fill(effective=round(rows.effective), hits=round(rows.hits))
    cap = _cap(len(rows.weight))
    heavy = rows.weight > cap
    share = float((rows.weight[heavy] ** 2).sum() / (rows.weight**2).sum())
    if share > _HEAVY:
        yield _HEAVY_WEIGHTS.fill(rows=int(heavy.sum()), cap=round(cap), share=f"{share:.0%}")
    mean, error = float(rows.weight.mean()), float(rows.weight.std()) / len(rows.weight) ** 0.5
    if abs(mean - 1) > _OFF * error + _ROUNDING:
        yield _WRONG_WEIGHTS.fill(mean=f"{mean:.2f}")
    shown = np.bincount(rows.item, minlength=rows.chances.shape[1]) > 0
    unseen = float(rows.chances[rows.context][:, ~shown].sum(axis=1).mean())
    if unseen > _UNSEEN:
        yield _NEVER_SHOWN.fill(share=f"{unseen:.0%}")


def _cap(rows: int) -> float:
    return float(max(_CAP, rows**0.5 / 3))


def _folds(rows: _Weighed, *, seed: int) -> Ints:
    """The fold of each row; those of one customer share it."""
    group = np.arange(len(rows.weight)) if rows.group is None else pd.factorize(rows.group)[0]
    count = int(group.max()) + 1
    if count < _FOLDS:
        raise TooLittleData(
            Say("交叉判断的每一份至少要有一位客户。", "Judging crosswise takes a customer in each fold."),
            got=f"{_FOLDS} folds, {count} customers or rows",
            fix=Say("多记录一些客户，或用 snips。", "Log more customers, or use snips."),
        )
    return (np.random.default_rng(seed).permutation(count) % _FOLDS)[group]


def _customers(log: pd.DataFrame) -> npt.NDArray[np.object_] | None:
    return log["customer_id"].to_numpy(object) if "customer_id" in log else None


def _ratio(weighted: Floats, weight: Floats) -> float:
    return float(weighted.sum() / weight.sum()) if weight.sum() > 0 else float("nan")


def _worth(parts: Floats) -> float:
    """The squared sum of absolute parts over the sum of their squares; 0 where all are 0."""
    squares = float((parts**2).sum())
    return float(np.abs(parts).sum()) ** 2 / squares if squares > 0 else 0.0
