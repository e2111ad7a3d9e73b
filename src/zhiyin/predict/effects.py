"""What drives the answers of a model, over all customers: topics, features, and how the answer moves along their values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.learn.card import Effect
from zhiyin.learn.frames import Floats
from zhiyin.predict.topics import summed, topic_of

__all__ = ["effects"]

ASKED = 500  # rows that contributions are averaged over
SPOTS = 10  # of a curve


def effects(model: PredictorBase, rows: pd.DataFrame, *, seed: int = 0) -> tuple[Effect, ...]:
    """Topics and then features, each the strongest first; nothing for a model that cannot say why.

    The curve of a feature is the mean of its contributions among rows of about its value: what the model says where such
    values occur, and not what it would say of values that nobody has (as a partial dependence would).

    Args:
        model: fitted.
        rows: rows like those it learned from.
        seed: of the rows that are drawn.

    References:
        Apley and Zhu (2020), Visualizing the effects of predictor variables in black box supervised learning models.
    """
    if not model.explains or rows.empty:
        return ()
    few = rows.sample(min(len(rows), ASKED), random_state=seed).sort_index().reset_index(drop=True)
    few = few if model.key in few.columns else few.assign(**{model.key: np.arange(len(few))})
    parts = model.reasons(few).drop(columns=[model.key, "base"])
    topics = {str(name): _topic(str(name)) for name in parts.columns}
    names, by_topic = summed([str(name) for name in parts.columns], parts.to_numpy(dtype=np.float64))
    found = [Effect(name, "", float(strength)) for name, strength in zip(names, np.abs(by_topic).mean(axis=0), strict=True)]
    each = [Effect(topics[name], name, float(parts[name].abs().mean()), _curve(few[name], parts[name].to_numpy())) for name in topics]
    return tuple(
        sorted(
            (one for one in (*found, *each) if one.strength > 0), key=lambda one: (one.feature != "", -one.strength, one.feature, one.topic)
        )
    )


def _topic(feature: str) -> str:
    """The topic of a feature; a feature of none stands for itself."""
    topic = topic_of(feature)
    return topic.name if topic else feature


def _curve(values: pd.Series, parts: Floats) -> tuple[tuple[float, float], ...]:
    """Mean contribution in up to ten groups of values of about equal size, at their mean; nothing for kinds."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return ()
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    known = np.isfinite(numbers)
    numbers, parts = numbers[known], parts[known]
    if not len(numbers):
        return ()
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, SPOTS + 1)[1:-1], method="inverted_cdf"))
    place = np.searchsorted(edges, numbers, side="left")
    masks = [place == number for number in np.unique(place)]
    return tuple((float(numbers[mask].mean()), float(parts[mask].mean())) for mask in masks)
