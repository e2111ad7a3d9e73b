"""How near was what was said to what came, and which way is in use from now on?

What each way said about whole weeks is kept. A week that is over is judged; the way in use stays until another was nearer by more than luck.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.words import Say
from zhiyin.learn.metrics import paired_bootstrap
from zhiyin.predict.demand import FORECASTER, USUAL

__all__ = ["Crowned", "crowned", "errors", "in_money", "judged_weeks", "said_weeks", "shop_weeks"]

Floats = npt.NDArray[np.float64]
_FEWEST = 4  # weeks that are over, before the way in use may change
_CALLED = {FORECASTER: Say("预测器", "the forecaster"), USUAL: Say("平时水平", "the usual level")}


class Crowned(NamedTuple):
    """The way in use, and a sentence where it has changed."""

    way: str
    said: Say | None


def said_weeks(ways: dict[str, pd.DataFrame], *, used: str) -> pd.DataFrame:
    """What each way says about whole weeks, to be kept in table `forecast_said`: way, series, on (first day), value, used.

    Args:
        ways: way -> pieces, a row a day, a column a series.
        used: the way in use.
    """
    parts = []
    for way, wide in ways.items():
        weeks = len(wide) // 7
        sums = wide.iloc[: 7 * weeks].to_numpy().reshape(weeks, 7, -1).sum(axis=1)
        on, series = np.repeat(wide.index[: 7 * weeks : 7].date, wide.shape[1]), np.tile(wide.columns.to_numpy(dtype=object), weeks)
        parts.append(pd.DataFrame({"way": way, "series": series, "on": on, "value": sums.ravel(), "used": way == used}))
    return pd.concat(parts, ignore_index=True)


def judged_weeks(said: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """The kept weeks that are over, with what came: the columns of `said`, and `came`.

    Args:
        said: level, series, on and more, a row a week and way.
        sold: pieces, a row a day, a column a series of the level (empty before its first sale); a series without a column sold nothing.
    """
    if sold.empty or said.empty:
        return said.assign(came=pd.Series(dtype="float64")).iloc[:0]
    starts = sorted(
        {day for day in said["on"] if sold.index[0].date() <= day and pd.Timestamp(day) + pd.Timedelta(days=6) <= sold.index[-1]}
    )
    came = {day: sold.loc[pd.Timestamp(day) : pd.Timestamp(day) + pd.Timedelta(days=6)].sum() for day in starts}
    over = said[said["on"].isin(starts)]
    return over.assign(came=[float(came[row.on].get(row.series, 0.0)) for row in over.itertuples()])


def in_money(judged: pd.DataFrame, price: pd.Series) -> pd.DataFrame:
    """The same weeks with value and came in money: pieces do not add up over categories (litres beside bottles); as they are without prices.

    Args:
        judged: weeks that are over.
        price: series -> what a piece brings, in minor units.
    """
    paid = judged["series"].map(price.clip(lower=0.0)).fillna(0.0)
    return judged.assign(value=judged["value"] * paid, came=judged["came"] * paid) if paid.sum() > 0 else judged


def shop_weeks(judged: pd.DataFrame) -> pd.DataFrame:
    """The weeks of the whole shop, level total: sums of its categories."""
    sums = judged.groupby(["at_on", "way", "on", "used"], as_index=False)[["value", "came"]].sum()
    return sums.assign(level="total", series="")


def errors(judged: pd.DataFrame) -> pd.DataFrame:
    """All errors together as a share of all that came (WAPE), a row a day of forecasting, level and way: at_on, level, way, wape, n, used."""
    missed = judged.assign(missed=(judged["value"] - judged["came"]).abs(), size=judged["came"].abs())
    found = missed.groupby(["at_on", "level", "way"], as_index=False).agg(
        missed=("missed", "sum"), size=("size", "sum"), n=("missed", "size"), used=("used", "max")
    )
    found = found[found["size"] > 0]
    return found.assign(wape=found["missed"] / found["size"])[["at_on", "level", "way", "wape", "n", "used"]].reset_index(drop=True)


def crowned(judged: pd.DataFrame, *, champion: str, seed: int) -> Crowned:
    """The way in use from now on: the champion, unless the other was nearer in the weeks that came, and not by luck.

    Args:
        judged: weeks that are over, with value and came.
        champion: the way in use so far.
        seed: of the bootstrap.
    """
    other = USUAL if champion == FORECASTER else FORECASTER
    missed = judged.assign(missed=(judged["value"] - judged["came"]).abs()).groupby(["on", "way"])["missed"].sum().unstack()
    if not {champion, other} <= set(missed.columns):
        return Crowned(champion, None)
    both = missed[[champion, other]].dropna().to_numpy("float64")
    if len(both) < _FEWEST:
        return Crowned(champion, None)
    gap = paired_bootstrap(_mean, np.zeros(len(both)), values=(both[:, 1], both[:, 0]), seed=seed)
    if not gap.high < 0:
        return Crowned(champion, None)
    ours, theirs = both.sum(axis=0)
    old, new = _CALLED[champion], _CALLED[other]
    share = f"{1 - theirs / ours:.0%}"
    said = Say(
        f"需求预测改用{new.zh}：过去 {len(both)} 周里误差比{old.zh}小 {share}。",
        f"Demand is now forecast by {new.en}: over {len(both)} weeks it was {share} nearer than {old.en}.",
    )
    return Crowned(other, said)


def _mean(truth: Floats, said: Floats) -> float:
    return float(np.mean(said - truth))
