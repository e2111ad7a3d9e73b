"""Models that answer row by row: a number, a group or a choice for each."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Self, final

import numpy as np
import numpy.typing as npt
import pandas as pd

from zhiyin.core.errors import DataError, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn import examples as invented
from zhiyin.learn.card import Curve
from zhiyin.learn.frames import Floats, between, broken, complete, finite, needed, not_empty, plain_rows
from zhiyin.learn.life import ModelBase
from zhiyin.learn.reasons import expit, logit

__all__ = ["AssignerBase", "ChooserBase", "PredictorBase"]

TOLERANCE = 1e-6  # how far base + contributions may lie from the log-odds of the value
SATURATED = 20.0  # log-odds beyond which 1 - p loses digits: the sum is compared as a probability there
INTERVAL = (0.05, 0.95)  # low and high
_CHANCES = ("probability", "difference")  # units whose labels say whether it happened
_BOUNDS = {"probability": (0.0, 1.0), "difference": (-1.0, 1.0)}


class _RowModel(ModelBase):
    """The key, the columns that are needed, and the examples with their answers."""

    @classmethod
    def example(cls) -> Self:
        """With two features where the caller names the columns."""
        model = cls()
        if not model.needs and "needs" in getattr(cls, "__dataclass_fields__", {}):
            model.needs = ("a", "b")
        return model

    def _answers(self) -> tuple[str, ...]:
        """Columns that examples have and rows have not."""
        return ()

    def _asked(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Key and needed columns of the rows, checked, copied, counted from 0."""
        self._must_have_learned()
        who = type(self).__name__
        needed(rows, (self.key, *self.needs), who=who)
        complete(rows, (self.key,), who=who)
        asked = plain_rows(rows, self.needs, who=who, accepts_missing=self.accepts_missing)
        asked.insert(0, self.key, rows[self.key].to_numpy())
        return asked

    def _checked(self, examples: pd.DataFrame) -> pd.DataFrame:
        """Needed columns and answers of the examples, checked, copied; the key too where it is given."""
        who = type(self).__name__
        answers = self._answers()
        wrong = set(self.needs) & {*answers, self.key, "base"}
        if wrong:
            raise UsageError(
                Say(f"{who} 把不能当特征的列当成了特征。", f"{who} uses as a feature what cannot be one."),
                got=listed(sorted(wrong)),
                fix=Say("从 needs 里去掉它。", "Take it out of `needs`."),
            )
        needed(examples, (*self.needs, *answers), who=who)
        not_empty(examples, who=who)
        features = plain_rows(examples, self.needs, who=who, accepts_missing=self.accepts_missing)
        taught = features.join(plain_rows(examples, answers, who=who))
        if self.key in examples.columns:
            taught.insert(0, self.key, examples[self.key].to_numpy())
        return taught


class PredictorBase(_RowModel):
    """Says a number about each row. Write `_predict`, and `_fit` unless it is a rule; `_reasons` if it `explains`."""

    verb = "predict"
    unit = "probability"
    explains: ClassVar[bool] = False
    learns_one_label: ClassVar[bool] = False  # `_fit` copes with examples that all have the same label
    label: str = "label"
    constant_: list[float] | None  # value, low, high, when all examples had the same label
    moved_: list[float]  # shift and slope that its log-odds were brought to later rows by

    _kept = ("examples_", "outcomes_", "constant_", "moved_")

    @property
    def unseen(self) -> Floats | None:
        """Right after `fit`: log-odds (the value, where no probability) of each example by models that had not seen it; None where a model cannot say (or was loaded).

        A model that can sets `_unseen` in `_fit`.
        """
        return vars(self).get("_unseen")

    @property
    def curves(self) -> tuple[Curve, ...]:
        """How the loss fell while it learned, part by part; nothing for a model that does not learn in rounds."""
        return ()

    @final
    def move(self, shift: float, slope: float) -> None:
        """Bring the log-odds to what happened to rows that the model was judged on; reasons keep adding up.

        Raises:
            UsageError: when the model says no probability, or the slope would turn its order round.
        """
        if self.unit != "probability" or not slope > 0:
            raise UsageError(
                Say("只有概率可以校准，斜率必须大于零。", "Only a probability can be calibrated, by a slope above zero."),
                got=f"{self.unit}, {slope:.3g}",
                fix=Say("检查校准所用的行。", "Check the rows that it was calibrated on."),
            )
        self._must_have_learned()
        self.moved_ = [shift + slope * self.moved_[0], slope * self.moved_[1]]

    @final
    def predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Columns key, value, low, high; one row a row, in the same order; low and high are the 90 % interval.

        Raises:
            NotFitted: before `fit`.
            MissingColumns: when a column is missing.
            DataError: when a cell is empty or infinite, or the model gave back what it must not.
        """
        asked = self._asked(rows)
        value, low, high = self._figures(asked)
        return pd.DataFrame({self.key: asked[self.key], "value": value, "low": low, "high": high})

    @final
    def reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Columns key, base and one a feature; base + contributions = log-odds of the value (the value where no probability).

        Raises:
            UsageError: when the model cannot explain itself (`explains` is False).
            DataError: when the sum does not give the value.
        """
        asked = self._asked(rows)
        if not self.explains:
            raise UsageError(
                Say(f"{type(self).__name__} 说不出理由。", f"{type(self).__name__} cannot give reasons."),
                fix=Say("换用能解释的模型，例如逻辑回归。", "Use a model that can, logistic regression for example."),
            )
        value, _, _ = self._figures(asked)
        parts = self._parts(asked, value)
        self._must_add_up(parts.sum(axis=1).to_numpy(dtype=np.float64), value)
        parts.insert(0, self.key, asked[self.key])
        return parts

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Features of the needed names, and a label that follows the first of them."""
        found = invented.labelled(self.needs, unit=self.unit, rows=rows, seed=seed)
        return found.rename(columns={invented.KEY: self.key, invented.LABEL: self.label})

    @abstractmethod
    def _predict(self, rows: pd.DataFrame) -> npt.ArrayLike | pd.DataFrame:
        """The values, or a frame with value, low and high; without low and high the interval is the value itself."""

    def _reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Columns base and one a feature, for a model that `explains`."""
        raise broken(type(self).__name__, "explains, but no _reasons")

    def _answers(self) -> tuple[str, ...]:
        return (self.label,)

    def _checked(self, examples: pd.DataFrame) -> pd.DataFrame:
        taught = super()._checked(examples)
        labels = taught[self.label]
        if labels.dtype.kind != "f" or (self.unit in _CHANCES and not labels.isin((0.0, 1.0)).all()):
            raise DataError(
                Say(f"{type(self).__name__} 的标签不对。", f"{type(self).__name__} met labels that it cannot learn."),
                got=self.label,
                fix=Say(
                    "概率和概率之差用 0 和 1，金额和天数用数字。",
                    "Use 0 and 1 for a probability or a difference of two, numbers for money and days.",
                ),
            )
        return taught

    def _learn(self, examples: pd.DataFrame) -> None:
        labels = examples[self.label].to_numpy()
        self.outcomes_ = int((labels > 0).sum())
        a_rule = type(self)._fit is ModelBase._fit
        self.moved_ = [0.0, 1.0]
        trivial = np.ptp(labels) == 0 and not (self.learns_one_label or a_rule)
        self.constant_ = self._one_label(labels) if trivial else None
        if not trivial:
            self._fit(examples)

    def _was_taught(self) -> bool:
        return self.constant_ is None

    def _one_label(self, labels: Floats) -> list[float]:
        """What is known when only one thing ever happened: a rate shrunken towards one half (Jeffreys), no difference, or that amount."""
        if self.unit not in _CHANCES:
            return [float(labels[0])] * 3
        from scipy.special import betaincinv

        happened, n = float(labels.sum()), len(labels)
        low, high = (float(betaincinv(happened + 0.5, n - happened + 0.5, share)) for share in INTERVAL)
        if self.unit != "probability":
            return [0.0, low - high, high - low]
        return [(happened + 0.5) / (n + 1), low, high]

    def _figures(self, asked: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
        """Value, low and high, checked against the unit and against each other."""
        who, rows = type(self).__name__, len(asked)
        if self.constant_ is not None or not rows:
            constant = self.constant_ or [0.0] * 3
            return np.full(rows, constant[0]), np.full(rows, constant[1]), np.full(rows, constant[2])
        given = self._predict(asked.copy())
        parts = [given[name] for name in ("value", "low", "high")] if isinstance(given, pd.DataFrame) else [given] * 3
        value, low, high = (self._as_moved(finite(part, who=who, rows=rows)) for part in parts)
        lowest, highest = _BOUNDS.get(self.unit, (-np.inf, np.inf))
        value = between(value, low=lowest, high=highest, who=who)
        return value, between(low, low=lowest, high=value, who=who), between(high, low=value, high=highest, who=who)

    def _parts(self, asked: pd.DataFrame, value: Floats) -> pd.DataFrame:
        """Base and contributions, one finite number each."""
        who, names = type(self).__name__, list(self.needs)
        if self.constant_ is not None or not len(asked):
            base = self._scaled(value)
            return pd.DataFrame({"base": base} | {name: np.zeros(len(asked)) for name in names})
        parts = self._reasons(asked.copy())
        if "base" not in parts.columns or not set(parts.columns) <= {"base", *names}:
            raise broken(who, listed(parts.columns))
        shift, slope = self.moved_
        checked = {name: slope * finite(parts[name], who=who, rows=len(asked)) for name in parts.columns}
        nothing = np.zeros(len(asked))  # said by features that the model was given and did not use
        return pd.DataFrame({"base": checked.pop("base") + shift} | {name: checked.get(name, nothing) for name in names})

    def _as_moved(self, values: Floats) -> Floats:
        shift, slope = self.moved_
        return values if (shift, slope) == (0.0, 1.0) else expit(shift + slope * logit(values))

    def _must_add_up(self, totals: Floats, value: Floats) -> None:
        wanted = self._scaled(value)
        with np.errstate(invalid="ignore"):
            off = np.abs(totals - wanted) > TOLERANCE * np.maximum(1.0, np.abs(totals) if self.unit != "probability" else 1.0)
        if self.unit == "probability":
            off &= ~((np.abs(totals) > SATURATED) & (np.abs(expit(totals) - value) <= expit(-SATURATED)))
        if off.any():
            raise broken(type(self).__name__, f"base + contributions != value: {int(off.sum())} / {len(value)}")

    def _scaled(self, value: Floats) -> Floats:
        return logit(value) if self.unit == "probability" else value


class AssignerBase(_RowModel):
    """Puts each row into a group and says why. Write `_assign`, and `_fit` unless it is a rule."""

    verb = "assign"

    @final
    def assign(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Columns key, group (text), reason (Say); one row a row, in the same order.

        Raises:
            NotFitted: before `fit`.
            MissingColumns: when a column is missing.
            DataError: when a cell is empty or infinite, or the model left a row without group or reason.
        """
        asked = self._asked(rows)
        groups, reasons = self._groups(asked)
        return pd.DataFrame({self.key: asked[self.key], "group": groups, "reason": reasons})

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Features of the needed names."""
        found = invented.labelled(self.needs, unit="", rows=rows, seed=seed)
        return found.drop(columns=invented.LABEL).rename(columns={invented.KEY: self.key})

    @abstractmethod
    def _assign(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Columns group (text) and reason (Say)."""

    def _learn(self, examples: pd.DataFrame) -> None:
        self._fit(examples)

    def _groups(self, asked: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
        if not len(asked):
            return pd.Series(dtype=object), pd.Series(dtype=object)
        given = self._assign(asked.copy()).reset_index(drop=True)
        groups, reasons = given["group"], given["reason"]
        said = all(isinstance(reason, Say) and all(reason) for reason in reasons)
        if len(given) != len(asked) or not said or not all(isinstance(group, str) and group for group in groups):
            raise broken(type(self).__name__, f"{len(given)} / {len(asked)} group, reason")
        return groups, reasons


class ChooserBase(_RowModel):
    """Chooses one option for each row. Write `_choose`, and `_fit` unless it is a rule.

    The draw depends on the seed and the key only: asked again, the same customer gets the same option.
    """

    verb = "choose"
    option: str = "option"
    reward: str = "reward"

    @final
    def choose(self, context: pd.DataFrame, options: Sequence[str]) -> pd.DataFrame:
        """Columns key, option, propensity; one row a row of `context`, in the same order.

        Raises:
            NotFitted: before `fit`.
            UsageError: when there are no options, or one stands there twice.
            MissingColumns: when a column is missing.
            DataError: when a cell is empty or infinite, or the model gave back what is no distribution.
        """
        asked = self._asked(context)
        names = list(options)
        if not names or len(set(names)) < len(names):
            raise UsageError(
                Say("选项必须至少有一个，而且不能重复。", "There must be at least one option, and none twice."),
                got=listed(names),
                fix=Say("给出不同的选项。", "Give different options."),
            )
        shares = self._shares(asked, names)
        chosen = (np.cumsum(shares, axis=1) <= self._draws(asked[self.key])[:, None]).sum(axis=1).clip(max=len(names) - 1)
        picked = pd.Series([names[number] for number in chosen], dtype=object)
        return pd.DataFrame({self.key: asked[self.key], "option": picked, "propensity": shares[np.arange(len(asked)), chosen]})

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Features of the needed names, options a and b, and what each brought: a is the better one."""
        found = invented.chosen(self.needs, rows=rows, seed=seed)
        return found.rename(columns={invented.KEY: self.key, "option": self.option, "reward": self.reward})

    @abstractmethod
    def _choose(self, context: pd.DataFrame, options: Sequence[str]) -> npt.ArrayLike:
        """The probability of each option in each row, shape `(n_rows, n_options)`; each row sums to 1."""

    def _answers(self) -> tuple[str, ...]:
        return (self.option, self.reward)

    def _learn(self, examples: pd.DataFrame) -> None:
        self.outcomes_ = int((examples[self.reward] > 0).sum())
        self._fit(examples)

    def _shares(self, asked: pd.DataFrame, options: list[str]) -> Floats:
        if not len(asked):
            return np.empty((0, len(options)))
        shares = np.asarray(self._choose(asked.copy(), tuple(options)), dtype=np.float64)
        if shares.shape != (len(asked), len(options)) or not ((shares >= 0).all() and np.allclose(shares.sum(axis=1), 1.0, atol=1e-9)):
            raise broken(type(self).__name__, f"{shares.shape}: no distribution over {len(options)} options")
        return shares

    def _draws(self, keys: pd.Series) -> Floats:
        """One number in [0, 1) a key, the same whenever it is asked for."""
        raw = [hashlib.blake2b(f"{self.seed}\x1f{key}".encode(), digest_size=8).digest() for key in keys]
        return np.asarray([int.from_bytes(part, "big") >> 11 for part in raw], dtype=np.float64) / 2.0**53
