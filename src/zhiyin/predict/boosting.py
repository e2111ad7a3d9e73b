"""Gradient boosting: many small trees, each mending what the ones before got wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiyin.core.errors import StoreError
from zhiyin.core.words import Say
from zhiyin.predict.crossed import THIRDS, CrossedModel, Floats

__all__ = ["BoostingModel"]


@dataclass
class BoostingModel(CrossedModel):
    """LightGBM kept small: on customer tables of a few thousand rows larger ones learn the noise."""

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    trees: int = 80
    leaves: int = 8
    rate: float = 0.06
    least: int = 40  # rows in a leaf
    folds: int = THIRDS
    threads: int = 1
    seed: int = 0

    @classmethod
    def example(cls) -> BoostingModel:
        """Small, for the contract checks."""
        return cls(needs=("a", "b"), trees=15)

    def _grow(self, columns: Floats, labels: Floats) -> str:
        import lightgbm

        settings = {
            "objective": "binary",
            "num_leaves": self.leaves,
            "learning_rate": self.rate,
            "min_data_in_leaf": min(self.least, max(5, len(labels) // 20)),
            "feature_fraction": 0.5,
            "lambda_l2": 10.0,
            "max_bin": 63,
            "num_threads": self.threads,
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }
        rows = lightgbm.Dataset(columns, labels, free_raw_data=False)
        return str(lightgbm.train(settings, rows, num_boost_round=self.trees).model_to_string())

    def _raw(self, part: int, columns: Floats) -> Floats:
        return np.asarray(self._booster(part).predict(columns, raw_score=True, num_threads=self.threads), dtype=np.float64)

    def _shares(self, part: int, columns: Floats) -> Floats:
        return np.asarray(self._booster(part).predict(columns, pred_contrib=True, num_threads=self.threads), dtype=np.float64)

    def _state(self) -> Mapping[str, object]:
        prints = [hashlib.sha256(part.encode()).hexdigest() for part in self.parts_]
        return {"parts_": self.parts_, "shift_": self.shift_, "slope_": self.slope_, "prints": prints}

    def _restore(self, state: Mapping[str, Any]) -> None:
        # LightGBM reads a text that was cut without a word: half of the trees, another model
        if [hashlib.sha256(part.encode()).hexdigest() for part in state["parts_"]] != state["prints"]:
            raise StoreError(
                Say("模型文件不完整。", "A file of the model is not whole."),
                got="BoostingModel",
                fix=Say("从备份恢复，或重新运行 `zhiyin run`。", "Restore it from a backup, or run `zhiyin run` again."),
            )
        vars(self).update({name: state[name] for name in ("parts_", "shift_", "slope_")})

    def _booster(self, part: int) -> Any:  # noqa: ANN401 - lightgbm has no types
        import lightgbm

        known = vars(self).setdefault("_boosters", {})
        if part not in known:
            known[part] = lightgbm.Booster(model_str=self.parts_[part])
        return known[part]
