"""Is it known whom a contact changes? The model of the effect on trial, beside who is likeliest to buy anyway and beside chance.

References:
    Radcliffe and Surry (2011), Real-world uplift modelling with significance-based uplift trees (why the Qini is judged on customers
    the model never saw).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import TooLittleData
from zhiyin.core.words import Say
from zhiyin.learn import metrics
from zhiyin.learn.card import Baseline, Card, Interval
from zhiyin.learn.uplift_metrics import auuc, mean_uplift, qini, uplift_at, within_folds
from zhiyin.predict.logistic import LogisticModel
from zhiyin.predict.uplift import TREATED, UpliftModel

__all__ = ["FEWEST", "QUESTION", "Measured", "measure"]

Floats = npt.NDArray[np.float64]

QUESTION = "uplift"
FEWEST = 100  # held-back contacts that are over, below which no order is looked for
MOST_ROWS = 20_000
FOLDS = 5
DRAWS = 200  # of the bootstrap
TOP = 0.3  # share of the list that `uplift_at_30` looks at
MODEL, RESPONSE = "uplift", "response"


@dataclass(frozen=True)
class Measured:
    """The model, its card, its figures on customers it had not seen, and whether they tell its order from chance."""

    model: UpliftModel
    card: Card
    scores: pd.DataFrame  # rows of `scorecard`
    won: bool
    verdict: Say


def measure(examples: pd.DataFrame, *, needs: Sequence[str], seed: int = 7) -> Measured:
    """Fit the model of the effect and judge its order on customers of five folds, each left out in turn.

    Args:
        examples: one row a contact drawn by chance: `customer_id`, `at_on`, `label` (0, 1), `treated` (0 held back, 1 contacted),
            `propensity` (probability of having been contacted) and the features as of the day before.
        needs: the features.
        seed: of folds and bootstrap.

    Raises:
        TooLittleData: with fewer than `FEWEST` of either kind; says how many are missing.
    """
    _refuse_few(examples)
    rows = _fewer(examples.sort_values(["customer_id", "at_on"], kind="stable").reset_index(drop=True), seed=seed)
    fold = _folds(rows["customer_id"], seed=seed)
    said = _said(rows, fold, needs=tuple(needs))
    scores = _scores(rows, said, fold=fold, seed=seed)
    figure = Interval(*scores.loc[scores["used"] & scores["metric"].eq("qini"), ["value", "low", "high"]].iloc[0])
    model = UpliftModel(needs=tuple(needs)).fit(rows)
    won = bool(figure.low > 0)
    return Measured(model, _card(model, scores), scores, won, _verdict(rows, figure, scores, won=won))


def _refuse_few(rows: pd.DataFrame) -> None:
    contacted = int(rows[TREATED].sum())
    held = len(rows) - contacted
    if min(held, contacted) < FEWEST:
        raise TooLittleData(
            Say(
                f"联系能改变谁，还说不出来：走完观察期的对照有{held}次、联系有{contacted}次，各需要{FEWEST}次；在此之前按假设排序。",
                f"Whom a contact changes is not known yet: {held} held back and {contacted} contacted have completed the horizon, "
                f"{FEWEST} of each are needed; until then the order rests on the assumption.",
            ),
            got=f"{held} / {contacted}",
            fix=Say("继续按名单联系并留出对照。", "Go on contacting by the list and holding back."),
        )


def _fewer(rows: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """All that were held back and as many contacted ones as are quick to learn from, each as probable as it then is."""
    contacted = rows.index[rows[TREATED] > 0]
    most = max(MOST_ROWS - (len(rows) - len(contacted)), MOST_ROWS // 2)
    if len(contacted) <= most:
        return rows
    left = most / len(contacted)
    out = pd.Series(contacted).sample(len(contacted) - most, random_state=seed)
    chance = rows["propensity"] * left
    return rows.assign(propensity=chance / (chance + 1 - rows["propensity"])).drop(index=out).reset_index(drop=True)


def _folds(customers: pd.Series, *, seed: int) -> npt.NDArray[np.int64]:
    """The fold of each row: all rows of one customer in the same."""
    names, place = np.unique(customers.to_numpy().astype(str), return_inverse=True)
    return (np.random.default_rng(seed).permutation(len(names)) % FOLDS)[place]


def _said(rows: pd.DataFrame, fold: npt.NDArray[np.int64], *, needs: tuple[str, ...]) -> dict[str, Floats]:
    """What each way says of customers it has not learned from: the effect, and the chance to buy when contacted."""
    said = {name: np.zeros(len(rows)) for name in (MODEL, RESPONSE)}
    for number in range(FOLDS):
        early, late = rows[fold != number], rows[fold == number]
        contacted = early[early[TREATED] > 0]
        said[MODEL][fold == number] = UpliftModel(needs=needs).fit(early).predict(late)["value"]
        said[RESPONSE][fold == number] = LogisticModel(needs=needs).fit(contacted).predict(late)["value"]
    return said


def _scores(rows: pd.DataFrame, said: Mapping[str, Floats], *, fold: npt.NDArray[np.int64], seed: int) -> pd.DataFrame:
    """Rows of `scorecard`: both orders; the order by chance has a Qini of 0, and the mean effect at every length."""
    figures: dict[str, Callable[..., float]] = {"qini": qini, "auuc": auuc, "uplift_at_30": partial(uplift_at, share=TOP)}
    columns = (rows[TREATED].to_numpy(), rows["propensity"].to_numpy(), fold)
    label, customers = rows["label"].to_numpy(), pd.factorize(rows["customer_id"])[0]
    found = []
    for variant, values in said.items():
        for name, figure in figures.items():
            drawn = metrics.bootstrap(within_folds(figure), label, values, *columns, n=DRAWS, seed=seed, groups=customers)
            found.append((variant, name, *drawn))
    mean = mean_uplift(label, treated=columns[0], propensity=columns[1])
    found += [
        ("random", "qini", 0.0, 0.0, 0.0),
        ("random", "auuc", mean / 2, np.nan, np.nan),
        ("random", "uplift_at_30", mean, np.nan, np.nan),
    ]
    table = pd.DataFrame(found, columns=["variant", "metric", "value", "low", "high"])
    return table.assign(subject="model", question=QUESTION, at_on=rows["at_on"].max(), n=len(rows), used=table["variant"].eq(MODEL))


def _card(model: UpliftModel, scores: pd.DataFrame) -> Card:
    def figures(variant: str) -> dict[str, Interval]:
        rows = scores[scores["variant"].eq(variant) & scores["value"].notna()]
        return {row.metric: Interval(row.value, row.low, row.high) for row in rows.itertuples()}

    return replace(model.card(), question=QUESTION, metrics=figures(MODEL), baseline=Baseline("likeliest to buy first", figures(RESPONSE)))


def _verdict(rows: pd.DataFrame, figure: Interval, scores: pd.DataFrame, *, won: bool) -> Say:
    """Which order is used and why, for the report; where it is not told from chance, how many more held-back contacts that takes."""
    other = float(scores.loc[scores["variant"].eq(RESPONSE) & scores["metric"].eq("qini"), "value"].iloc[0])
    held = int((rows[TREATED] == 0).sum())
    facts = {name: f"{1e4 * number:+.0f}" for name, number in zip(("qini", "low", "high", "other"), (*figure, other), strict=True)}
    if won:
        return _WON.fill(held=held, **facts)
    return _OPEN.fill(held=held, more=_more(figure, held), **facts)


def _more(figure: Interval, held: int) -> int:
    """Held-back contacts still missing: half the interval narrows with their root; at least as many again where no order shows."""
    half = (figure.high - figure.low) / 2
    times = min((half / figure.value) ** 2, 100.0) if figure.value > 0 else 2.0
    return max(math.ceil(held * (times - 1)), 1)


_WON = Say(
    "联系能改变谁：{held} 次留出对照说明，按联系的作用排序每万人多成交 {qini}（95% 区间 {low} 到 {high}），按购买可能性排序 {other}，随机为 0。",
    "Whom a contact changes: by {held} held-back contacts, the order by effect brings {qini} purchases in ten thousand customers "
    "(95 % interval {low} to {high}), by chance to buy {other}, at random 0.",
)
_OPEN = Say(
    "联系能改变谁，还分不清：{held} 次留出对照时，按联系的作用排序每万人多成交 {qini}（95% 区间 {low} 到 {high}）；大约还要 {more} 次对照，"
    "在此之前按假设排序。",
    "Whom a contact changes cannot be told from chance yet: with {held} held-back contacts the order by effect brings {qini} purchases in "
    "ten thousand customers (95 % interval {low} to {high}); about {more} more held-back contacts are needed, until then the order rests "
    "on the assumption.",
)
