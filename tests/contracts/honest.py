"""One tiny model a verb that keeps every promise: what the breakers break, and the shortest example to copy."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from zhiyin.core.words import Say
from zhiyin.learn.base import AssignerBase, ChooserBase, ForecasterBase, PredictorBase, ReaderBase, RecommenderBase
from zhiyin.learn.reasons import expit


@dataclass
class RecencyChurn(PredictorBase):
    """The longer away, the likelier gone: a rule that learns nothing."""

    half_life: float = 30.0  # days away at which the probability is one half

    needs = ("days_since_visit",)

    def _predict(self, rows):
        return 1 - np.exp2(-rows["days_since_visit"].clip(lower=0) / self.half_life)


@dataclass
class TinyLogistic(PredictorBase):
    """Newton steps on standardised features with a pull towards zero; explains itself exactly."""

    needs: tuple[str, ...] = ("a", "b")
    pull: float = 1.0

    explains = True

    def _fit(self, examples):
        x = examples[list(self.needs)].to_numpy()
        self.mean_, self.spread_ = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
        x, y = np.column_stack([np.ones(len(x)), (x - self.mean_) / self.spread_]), examples[self.label].to_numpy()
        weights, ridge = np.zeros(x.shape[1]), self.pull * np.eye(x.shape[1])
        for _ in range(25):
            p = expit(x @ weights)
            weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge, x.T @ (p - y) + ridge @ weights)
        self.weights_ = weights
        self.error_ = float(np.sqrt(np.mean((expit(x @ weights) - y) ** 2) / len(y)))

    def _predict(self, rows):
        parts = self._reasons(rows)
        value = expit(parts.sum(axis=1))
        return pd.DataFrame({"value": value, "low": np.clip(value - self.error_, 0, 1), "high": np.clip(value + self.error_, 0, 1)})

    def _reasons(self, rows):
        scaled = np.clip((rows[list(self.needs)].to_numpy() - self.mean_) / self.spread_, -4, 4)
        return pd.DataFrame(scaled * self.weights_[1:], columns=list(self.needs)).assign(base=self.weights_[0])


@dataclass
class MeanSpend(PredictorBase):
    """Everybody spends what people spend on average; copes with empty cells because it looks at none."""

    needs: tuple[str, ...] = ("a",)

    unit = "money"
    accepts_missing = True
    explains = True

    def _fit(self, examples):
        spend = examples[self.label]
        self.mean_ = float(spend.mean())
        self.error_ = float(1.645 * spend.std(ddof=0))

    def _predict(self, rows):
        value = np.full(len(rows), self.mean_)
        return pd.DataFrame({"value": value, "low": value - self.error_, "high": value + self.error_})

    def _reasons(self, rows):
        return pd.DataFrame({"base": np.full(len(rows), self.mean_)})


@dataclass
class Halves(AssignerBase):
    """Those above the median, and the others."""

    needs: tuple[str, ...] = ("spend",)

    def _fit(self, examples):
        self.median_ = float(examples[self.needs[0]].median())

    def _assign(self, rows):
        high = rows[self.needs[0]] > self.median_
        said = {True: Say("花得比一半的客户多。", "Spends more than half of all."), False: Say("花得不多。", "Spends little.")}
        return pd.DataFrame({"group": np.where(high, "upper", "lower"), "reason": [said[bool(one)] for one in high]})


@dataclass
class Popular(RecommenderBase):
    """What most people had and this customer had not."""

    def _fit(self, interactions):
        self.had_ = {str(who): sorted(set(rows)) for who, rows in interactions.groupby(self.key)[self.item]}

    def _recommend(self, customers, k):
        rows = [
            (who, item, share)
            for who in customers
            for item, share in zip(self.popular_items_, self.popular_shares_, strict=True)
            if item not in self.had_[str(who)]
        ]
        return pd.DataFrame(rows, columns=[self.key, self.item, "score"])


@dataclass
class WeightedPopular(Popular):
    """The same, with a weight that it needs."""

    needs: tuple[str, ...] = ("weight",)


@dataclass
class LastValue(ForecasterBase):
    """It goes on as it was on the last day."""

    horizon: int = 5
    every: int = 1

    def _fit(self, series):
        last = series.groupby("series")["value"].last()
        self.value_ = dict(zip(last.index, last, strict=True))
        self.error_ = float(series.groupby("series")["value"].diff().abs().mean() or 0.0) if len(series) > len(last) else 0.0

    def _forecast(self, grid):
        value = grid["series"].map(self.value_)
        return pd.DataFrame({"value": value, "low": value - self.error_, "high": value + self.error_})


@dataclass
class PricedForecast(ForecasterBase):
    """A mean and a slope on a column that is known for the future."""

    horizon: int = 3
    needs: tuple[str, ...] = ("price",)

    def _fit(self, series):
        self.mean_ = float(series["value"].mean())

    def _forecast(self, grid):
        return self.mean_ + 0.1 * grid["price"].to_numpy()


@dataclass
class SharedLetters(ReaderBase):
    """The label whose texts share the most letters with this one."""

    def _fit(self, examples):
        self.letters_ = {label: "".join(sorted(set("".join(rows)))) for label, rows in examples.groupby(self.label)[self.text]}

    def _read(self, texts):
        shared = np.array([[len(set(text) & set(self.letters_[label])) + 1 for label in self.labels_] for text in texts])
        best = shared.argmax(axis=1)
        share = shared.max(axis=1) / shared.sum(axis=1)
        return pd.DataFrame({"label": [self.labels_[place] for place in best], "confidence": share, "margin": share - 0.4})


@dataclass
class Greedy(ChooserBase):
    """Mostly what brought most so far, and now and then the others."""

    needs: tuple[str, ...] = ("a",)
    explore: float = 0.4
    seed: int = 3

    def _fit(self, examples):
        self.mean_ = {str(option): float(rows.mean()) for option, rows in examples.groupby(self.option)[self.reward]}

    def _choose(self, context, options):
        known = [self.mean_.get(option, 0.0) for option in options]
        shares = np.full(len(options), self.explore / len(options))
        shares[int(np.argmax(known))] += 1 - self.explore
        return np.tile(shares, (len(context), 1))


@dataclass
class Mixed(PredictorBase):
    """The mean of several models: how a blend keeps its parts."""

    parts: tuple = field(default_factory=lambda: (RecencyChurn(), RecencyChurn(half_life=60.0)))

    needs = ("days_since_visit",)

    def _fit(self, examples):
        self.parts_ = [part.fresh().fit(examples) for part in self.parts]

    def _predict(self, rows):
        return np.mean([part.predict(rows)["value"] for part in self.parts_], axis=0)


HONEST = (RecencyChurn, TinyLogistic, MeanSpend, Halves, Popular, WeightedPopular, LastValue, PricedForecast, SharedLetters, Greedy, Mixed)
