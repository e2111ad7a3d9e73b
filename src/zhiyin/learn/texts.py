"""Models that say what a text is about."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import final

import numpy as np
import pandas as pd

from zhiyin.core.errors import DataError
from zhiyin.core.words import Say
from zhiyin.learn import examples as invented
from zhiyin.learn.frames import between, broken, complete, finite, needed, not_empty, plain_rows
from zhiyin.learn.life import ModelBase

__all__ = ["ReaderBase"]


class ReaderBase(ModelBase):
    """Says what a text is about. Write `_fit` and `_read`."""

    verb = "read"
    text: str = "text"
    label: str = "label"
    labels_: list[str]

    _kept = ("examples_", "outcomes_", "labels_")

    @final
    def read(self, texts: Sequence[str]) -> pd.DataFrame:
        """Columns label, confidence, margin (below zero: out of scope); one row a text, in the same order.

        Raises:
            NotFitted: before `fit`.
            DataError: when something is no text, or the model gave back what it must not.
        """
        self._must_have_learned()
        asked = list(texts)
        _must_be_texts(asked)
        if not asked:
            return pd.DataFrame({"label": pd.Series(dtype=object), "confidence": np.empty(0), "margin": np.empty(0)})
        who, rows = type(self).__name__, len(asked)
        given = self._read(asked) if self._was_taught() else self._one_label(rows)
        needed(given, ("label", "confidence"), who=who)
        confidence = between(finite(given["confidence"], who=who, rows=rows), low=0.0, high=1.0, who=who)
        margin = finite(given["margin"], who=who, rows=rows) if "margin" in given else confidence
        strange = set(given["label"]) - set(self.labels_)
        if strange:
            raise broken(who, f"labels that were never learned: {len(strange)}")
        return pd.DataFrame({"label": given["label"].to_numpy(dtype=object), "confidence": confidence, "margin": margin})

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Short sentences about a price, a delivery or a return."""
        return invented.sentences(rows=rows, seed=seed).rename(columns={"text": self.text, "label": self.label})

    @abstractmethod
    def _read(self, texts: list[str]) -> pd.DataFrame:
        """Columns label, confidence (0-1) and, if the model knows its scope, margin."""

    def _checked(self, examples: pd.DataFrame) -> pd.DataFrame:
        who = type(self).__name__
        needed(examples, (self.text, self.label), who=who)
        not_empty(examples, who=who)
        complete(examples, (self.text, self.label), who=who)
        _must_be_texts(examples[self.text])
        _must_be_texts(examples[self.label])
        return plain_rows(examples, (self.text, self.label), who=who)

    def _learn(self, examples: pd.DataFrame) -> None:
        self.labels_ = sorted(set(examples[self.label]))
        self.outcomes_ = len(examples)
        if self._was_taught():
            self._fit(examples)

    def _was_taught(self) -> bool:
        return len(self.labels_) > 1

    def _one_label(self, rows: int) -> pd.DataFrame:
        """What is known when only one label was ever given: that one, as sure as so many examples allow."""
        sure = (self.outcomes_ + 0.5) / (self.outcomes_ + 1)
        return pd.DataFrame({"label": [self.labels_[0]] * rows, "confidence": np.full(rows, sure)})


def _must_be_texts(values: Sequence[object]) -> None:
    strange = [type(value).__name__ for value in values if not isinstance(value, str)]
    if strange:
        raise DataError(
            Say("这里只能是文字。", "Only texts can be read."),
            got=f"{strange[0]} ({len(strange)})",
            fix=Say("先转换成文字，空的写成空字符串。", "Make them texts first, an empty one for what is missing."),
        )
