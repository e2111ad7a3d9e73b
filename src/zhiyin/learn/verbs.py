"""What a model can be asked: one life (fit, card, save, load) and exactly one of six verbs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, Self, runtime_checkable

from zhiyin.learn.card import Card

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["probability", "difference", "money", "days", ""]  # difference: of two probabilities, from -1 to 1
Verb = Literal["predict", "assign", "recommend", "forecast", "read", "choose"]
Writer = Callable[[str, bytes], None]  # name of a file of the model, its content
Files = Mapping[str, bytes]  # the same, read back (and unsealed) by the shelf

__all__ = ["Assigner", "Chooser", "Files", "Forecaster", "Model", "Predictor", "Reader", "Recommender", "Unit", "Verb", "Writer"]


@runtime_checkable
class Model(Protocol):
    """What all models share. Learned attributes end in `_`; a model without them raises NotFitted when asked."""

    verb: ClassVar[Verb]
    holds_ids: ClassVar[bool]
    order_matters: ClassVar[bool]
    accepts_missing: ClassVar[bool]
    key: str
    needs: tuple[str, ...]

    def fit(self, examples: pd.DataFrame) -> Self:
        """Learn from examples, forgetting what was learned before; returns the model itself."""
        ...

    def card(self) -> Card:
        """What the model knows about itself; who fitted it adds question, snapshot and scores."""
        ...

    def save(self, writer: Writer) -> None:
        """Hand every file of the fitted model to `writer`, in safe formats only (JSON, npz, text)."""
        ...

    @classmethod
    def load(cls, files: Files) -> Self:
        """The fitted model again, from the files that `save` wrote."""
        ...

    @classmethod
    def example(cls) -> Self:
        """A small model of this kind for the contract checks."""
        ...

    def example_rows(self, rows: int, *, seed: int) -> pd.DataFrame:
        """Invented examples that this model can learn from."""
        ...


@runtime_checkable
class Predictor(Model, Protocol):
    """Says a number about each row: a probability, the difference of two, money in minor units, or days."""

    unit: ClassVar[Unit]
    explains: ClassVar[bool]
    label: str

    def predict(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Columns key, value, low, high; one row a row, in the same order; low and high are the 90 % interval."""
        ...

    def reasons(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Columns key, base and one a feature; base + contributions = log-odds of value (value itself where no probability)."""
        ...


@runtime_checkable
class Assigner(Model, Protocol):
    """Puts each row into a group and says why."""

    def assign(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Columns key, group (text), reason (Say); one row a row, in the same order."""
        ...


@runtime_checkable
class Recommender(Model, Protocol):
    """Says which items a customer may want."""

    item: str

    def recommend(self, customers: pd.DataFrame | Sequence[str], k: int) -> pd.DataFrame:
        """Columns key, item, score, rank (1 is best); at most `k` a customer; unknown customers get the fallback."""
        ...


@runtime_checkable
class Forecaster(Model, Protocol):
    """Continues series of days; the horizon belongs to the model."""

    horizon: int
    every: int

    def forecast(self, future: pd.DataFrame | None = None) -> pd.DataFrame:
        """Columns series, on, value, low, high: `horizon` steps after the last day of each series."""
        ...


@runtime_checkable
class Reader(Model, Protocol):
    """Says what a text is about."""

    text: str
    label: str

    def read(self, texts: Sequence[str]) -> pd.DataFrame:
        """Columns label, confidence, margin (below zero: out of scope); one row a text, in the same order."""
        ...


@runtime_checkable
class Chooser(Model, Protocol):
    """Chooses one of several options for each row, and says how likely that choice was."""

    def choose(self, context: pd.DataFrame, options: Sequence[str]) -> pd.DataFrame:
        """Columns key, option, propensity; one row a row of `context`, in the same order."""
        ...
