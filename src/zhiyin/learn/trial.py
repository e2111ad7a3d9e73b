"""One model on trial: what the contract checks ask of it, whatever its verb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from zhiyin.core.errors import ZhiyinError
from zhiyin.core.words import Say

Maker = Callable[[], Any]  # a fresh model that has not learned; Any: a model of any verb

__all__ = [
    "ASKED",
    "ROOMY",
    "ContractBroken",
    "Maker",
    "Trial",
    "alike",
    "must",
    "must_refuse",
    "shuffled",
]

ROWS = 120
ASKED = 12
ROOMY = 50  # more items than the examples have: nothing is cut, so ties cannot decide


class ContractBroken(ZhiyinError, AssertionError):
    """A model does not keep what its verb promises."""


@dataclass(frozen=True)
class Trial:
    """A model that can be made as often as needed, with invented examples and questions for it."""

    make: Maker

    @cached_property
    def model(self) -> Any:  # noqa: ANN401 - a model of any verb
        """The model after it learned from `examples`."""
        return self.make().fit(self.examples.copy())

    @cached_property
    def examples(self) -> pd.DataFrame:
        """What the model learns from."""
        return self.other_examples(1)

    @cached_property
    def verb(self) -> str:
        """The one thing that the model can be asked."""
        return str(self.make().verb)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that examples must have."""
        model = self.make()
        own = {
            "predict": ("label",),
            "assign": (),
            "choose": ("option", "reward"),
            "recommend": ("key", "item"),
            "read": ("text", "label"),
        }
        named = ("series", "on", "value") if self.verb == "forecast" else tuple(getattr(model, name) for name in own[self.verb])
        return (*model.needs, *named)

    @property
    def answer_columns(self) -> tuple[str, ...]:
        """The columns of an answer, in order."""
        model = self.make()
        return {
            "predict": (model.key, "value", "low", "high"),
            "assign": (model.key, "group", "reason"),
            "choose": (model.key, "option", "propensity"),
            "recommend": (model.key, getattr(model, "item", ""), "score", "rank"),
            "forecast": ("series", "on", "value", "low", "high"),
            "read": ("label", "confidence", "margin"),
        }[self.verb]

    def other_examples(self, seed: int, rows: int = ROWS) -> pd.DataFrame:
        """Examples of another draw."""
        found: pd.DataFrame = self.make().example_rows(rows, seed=seed)
        return found

    def question(self, model: Any, rows: int = ASKED) -> Any:  # noqa: ANN401
        """What the model is asked: rows without their answers, customers (one unknown), days ahead, or texts."""
        if self.verb == "forecast":
            future = getattr(model, "example_future", None)
            return future(seed=5) if future else None
        if self.verb == "read":
            return [*self.examples[model.text].head(rows), ""][-rows:] if rows else []
        if self.verb == "recommend":
            return [*self.examples[model.key].unique(), "stranger"][-rows:] if rows else []
        return self.rows(model, rows)

    def early_question(self, model: Any) -> Any:  # noqa: ANN401
        """A question that needs no fitted model to be put."""
        return None if self.verb == "forecast" else self.question(model)

    def rows(self, model: Any, rows: int = ASKED) -> pd.DataFrame:  # noqa: ANN401
        """Key and needed columns of the first examples."""
        asked = self.examples.head(rows).reset_index(drop=True)
        return asked[[model.key, *model.needs]]

    def answer(self, model: Any, question: Any, *, k: int = ROOMY) -> pd.DataFrame:  # noqa: ANN401
        """What the model says; lists in an order that ties cannot change."""
        more = {"recommend": (k,), "choose": (["a", "b"],)}.get(self.verb, ())
        found: pd.DataFrame = getattr(model, self.verb)(question, *more)
        if self.verb == "recommend" and k == ROOMY:
            by = list(self.answer_columns[:2])
            return found.sort_values(by, ignore_index=True).drop(columns="rank")
        return found

    def said(self, model: Any) -> pd.DataFrame:  # noqa: ANN401
        """What the model says to its usual question."""
        return self.answer(model, self.question(model))

    def files(self) -> dict[str, bytes]:
        """What the model saves."""
        written: dict[str, bytes] = {}
        self.model.save(written.__setitem__)
        return written


def must(kept: bool, promise: Say, *, got: object = "") -> None:
    """Raise unless a promise was kept.

    Raises:
        ContractBroken: with the promise and what was seen instead.
    """
    if not kept:
        told = Say(f"约定没有守住：{promise.zh}。", f"A promise is broken: {promise.en}.")
        raise ContractBroken(told, got=got, fix=Say("修正这个模型。", "Correct the model."))


@contextmanager
def must_refuse(error: type[ZhiyinError], what: str, *, naming: str = "") -> Iterator[None]:
    """The body must raise this error, say it in both languages, and name what it is about.

    Raises:
        ContractBroken: when it does not.
    """
    try:
        yield
    except error as refused:
        spoken = all((*refused.what, *refused.fix))
        must(
            spoken and naming in str(refused),
            Say(f"拒绝{what}时说清楚", f"{what} is refused in a sentence that names {naming or 'it'}"),
            got=refused,
        )
    except ZhiyinError as other:
        must(
            False, Say(f"用 {error.__name__} 拒绝{what}", f"{what} is refused by {error.__name__}"), got=f"{type(other).__name__}: {other}"
        )
    else:
        must(False, Say(f"拒绝{what}", f"{what} is refused"))


def alike(left: pd.DataFrame, right: pd.DataFrame, *, within: float = 0.0) -> bool:
    """Whether two answers are the same: columns, rows, order, numbers as close as `within` (of 1, or of themselves)."""
    if list(left.columns) != list(right.columns) or len(left) != len(right):
        return False
    return all(_alike(left[column], right[column], within) for column in left.columns)


def shuffled(frame: pd.DataFrame, seed: int = 3) -> pd.DataFrame:
    """The same rows in another order, counted from 0."""
    return frame.iloc[np.random.default_rng(seed).permutation(len(frame))].reset_index(drop=True)


def _alike(left: pd.Series, right: pd.Series, within: float) -> bool:
    if left.dtype.kind == "f" and right.dtype.kind == "f":
        return bool(np.allclose(left, right, rtol=within, atol=within, equal_nan=True))
    return list(left) == list(right)
