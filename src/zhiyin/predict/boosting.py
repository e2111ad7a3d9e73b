"""Gradient boosting: many small trees, each mending what the ones before got wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from zhiyin.core.words import Say
from zhiyin.learn.card import Curve
from zhiyin.learn.frames import Floats
from zhiyin.predict.boosters import boosters_of, grown, parameters, printed, whole
from zhiyin.predict.crossed import CrossedModel
from zhiyin.predict.folds import FOLDS

__all__ = ["BoostingModel"]


@dataclass
class BoostingModel(CrossedModel):
    """LightGBM with early stopping on customers who were left out; kinds are split as kinds."""

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    style: str = "steps"
    shape: dict[str, float] = field(default_factory=dict)  # what goes before the style, see boosters.SHAPED
    trees: int = 3000  # at most
    folds: int = FOLDS
    threads: int = 1
    seed: int = 0

    limits: ClassVar[Say] = Say(
        "只反映过去的规律；样本里没有出现过的数值按最近的已知数值处理。",
        "It knows the past only; a value beyond all that it learned from counts like the nearest known one.",
    )

    @classmethod
    def example(cls) -> BoostingModel:
        """Small, for the contract checks."""
        return cls(needs=("a", "b"), trees=15)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The log loss on those who were left out, tree by tree; one curve a part."""
        return tuple(
            Curve(f"{self.style} {number + 1}", tuple((float(x), float(y)) for x, y in one))
            for number, one in enumerate(vars(self).get("curves_", []))
        )

    def _learned(self, parts: list[Any]) -> list[Any]:
        self.curves_ = [curve for _, curve in parts if len(curve)]
        return [text for text, _ in parts]

    def _grow(self, codes: Floats, labels: Floats, *, aside: tuple[Floats, Floats] | None) -> tuple[str, Floats]:
        watched = aside if aside is not None and 0 < aside[1].mean() < 1 else None
        settings = parameters(self.style, rows=len(labels), seed=self.seed, shape=self.shape) | {"objective": "binary"}
        return grown(codes, labels, settings=settings, of_kinds=self._columns().of_kinds, most=self.trees, aside=watched)

    def _raw(self, codes: Floats) -> Floats:
        return boosters_of(self, self.parts_).raw(codes)

    def _shares(self, codes: Floats) -> Floats:
        return boosters_of(self, self.parts_).shares(codes)

    def _state(self) -> Mapping[str, object]:
        kept = {"columns_": self.columns_, "shift_": self.shift_, "slope_": self.slope_, "curves_": vars(self).get("curves_", [])}
        return kept | printed(self.parts_)

    def _restore(self, state: Mapping[str, Any]) -> None:
        vars(self).update(
            {name: value for name, value in state.items() if name != "prints"} | {"parts_": whole(state, who="BoostingModel")}
        )
