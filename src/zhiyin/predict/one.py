"""One customer at once: value, interval and reasons within milliseconds, the same as a row of the batch.

A frame of one row costs fifty times what the trees do (benchmarks/results/scoring.md); nothing here makes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from zhiyin.core.errors import MissingColumns, UsageError, listed
from zhiyin.core.words import Say
from zhiyin.learn.base import PredictorBase
from zhiyin.learn.reasons import expit, logit
from zhiyin.predict.blend import EDGE, BlendModel
from zhiyin.predict.sums import Summing, Sums

__all__ = ["Answer", "answer_one"]


class Answer(NamedTuple):
    """Base + parts = log-odds of the value, exactly; low and high are the 90 % interval."""

    value: float
    low: float
    high: float
    base: float
    parts: dict[str, float]


def answer_one(model: PredictorBase, values: Mapping[str, object]) -> Answer:
    """What the model says of one customer, and why.

    Args:
        model: fitted; of probabilities, and one that can say why.
        values: features by name; None or NaN where nothing is known.

    Raises:
        MissingColumns: when a feature is not named.
        UsageError: when the model says no probability, or cannot say why.
        NotFitted: before `fit`.
    """
    missing = [name for name in model.needs if name not in values]
    if missing:
        raise MissingColumns(
            Say(f"缺少特征：{'、'.join(missing)}。", f"These features are missing: {', '.join(missing)}."),
            got=listed(values),
            fix=Say("补上它们；不知道的值写 None。", "Add them; None where a value is not known."),
        )
    if model.unit != "probability" or not model.explains:
        raise UsageError(
            Say("这个模型不能逐个解释概率。", "This model does not explain a probability."),
            got=f"{type(model).__name__}, {model.unit or '-'}",
            fix=Say("用 predict，或换一个能解释的模型。", "Use predict, or a model that explains itself."),
        )
    model.card()  # refuses a model that has not learned
    if model.constant_ is not None or not isinstance(model, BlendModel | Summing):
        return _framed(model, values)
    sums = _sums(model, values)
    low, high = expit([sums.log_odds - sums.reach, sums.log_odds + sums.reach])
    named = dict.fromkeys(model.needs, 0.0) | sums.parts  # a feature that was given and not used says nothing
    return Answer(float(expit(sums.log_odds)), float(low), float(high), sums.base, named)


def _sums(model: PredictorBase, values: Mapping[str, object]) -> Sums:
    """Of a model that can say it without a frame; of another by way of one, as a blend takes it."""
    if model.constant_ is None and isinstance(model, BlendModel):
        return _moved(model, _blended(model, values))
    if model.constant_ is None and isinstance(model, Summing):
        return _moved(model, model.sums(values))
    said = _framed(model, values)
    low, value, high = (float(logit(min(max(part, EDGE), 1 - EDGE))) for part in (said.low, said.value, said.high))
    return Sums(value, (high - low) / 2, said.base, said.parts)


def _blended(model: BlendModel, values: Mapping[str, object]) -> Sums:
    log_odds, reach, base, parts = model.shift_, 0.0, model.shift_, dict.fromkeys(model.needs, 0.0)
    for weight, part in model.of_used():
        said = _sums(part, values)
        log_odds += weight * said.log_odds
        reach += weight * said.reach
        base += weight * said.base
        for name, amount in said.parts.items():
            parts[name] += weight * amount
    return Sums(log_odds, reach, base, parts)


def _moved(model: PredictorBase, said: Sums) -> Sums:
    shift, slope = model.moved_
    parts = {name: slope * amount for name, amount in said.parts.items()}
    return Sums(shift + slope * said.log_odds, slope * said.reach, shift + slope * said.base, parts)


def _framed(model: PredictorBase, values: Mapping[str, object]) -> Answer:
    import pandas as pd

    row = pd.DataFrame({name: [values[name]] for name in model.needs}).assign(**{model.key: 0})
    (said,), (why,) = (found.drop(columns=model.key).to_dict("records") for found in (model.predict(row), model.reasons(row)))
    base = float(why.pop("base"))
    return Answer(
        float(said["value"]), float(said["low"]), float(said["high"]), base, {str(name): float(part) for name, part in why.items()}
    )
