"""Gradient boosting: many small trees, each mending what the ones before got wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from zhiyin.core.errors import SettingsError, StoreError, listed
from zhiyin.core.words import Say
from zhiyin.learn.card import Curve
from zhiyin.learn.frames import Floats
from zhiyin.predict.crossed import CrossedModel
from zhiyin.predict.folds import FOLDS

__all__ = ["STYLES", "BoostingModel"]

# What trees may look like. Each was best, or second, on one of eleven customer tables (benchmarks/results/prediction.md);
# together they beat any of them. A learning rate of .03 to .05 with early stopping is worth .005 to .02 AUC over LightGBM's defaults.
STYLES: dict[str, dict[str, float | bool]] = {
    "steps": {
        "num_leaves": 8,
        "max_depth": 3,
        "min_data_in_leaf": 10,
        "feature_fraction_bynode": 0.6,
        "lambda_l2": 3.0,
        "learning_rate": 0.04,
    },
    "wide": {"num_leaves": 16, "min_data_in_leaf": 10, "feature_fraction_bynode": 0.6, "lambda_l2": 3.0, "learning_rate": 0.03},
    "drawn": {"num_leaves": 12, "extra_trees": True, "min_data_in_leaf": 10, "lambda_l2": 5.0, "learning_rate": 0.05},
    "short": {"num_leaves": 5, "extra_trees": True, "min_data_in_leaf": 10, "lambda_l2": 5.0, "learning_rate": 0.08},
    "brisk": {"num_leaves": 8, "feature_fraction": 0.5, "min_data_in_leaf": 40, "lambda_l2": 10.0, "max_bin": 63, "learning_rate": 0.1},
}
PATIENCE = 60  # trees that may bring nothing before it stops
UNWATCHED = 150  # trees where no rows are left aside to be watched
SPOTS = 200  # of a training curve that are kept
_TREE = re.compile(r"^Tree=\d+$", re.MULTILINE)


@dataclass
class BoostingModel(CrossedModel):
    """LightGBM with early stopping on customers who were left out; kinds are split as kinds."""

    needs: tuple[str, ...] = ()
    key: str = "customer_id"
    style: str = "steps"
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
        import lightgbm

        settings = self._parameters(len(labels))
        rows = lightgbm.Dataset(codes, labels, categorical_feature=self._columns().of_kinds, free_raw_data=False)
        if aside is None or not 0 < aside[1].mean() < 1:
            return str(lightgbm.train(settings, rows, num_boost_round=min(self.trees, UNWATCHED)).model_to_string()), np.empty((0, 2))
        watched = lightgbm.Dataset(*aside, reference=rows)
        seen: dict[str, dict[str, list[float]]] = {}
        callbacks = [lightgbm.early_stopping(PATIENCE, verbose=False), lightgbm.record_evaluation(seen)]
        grown = lightgbm.train(settings, rows, num_boost_round=self.trees, valid_sets=[watched], callbacks=callbacks)
        losses = next(iter(next(iter(seen.values())).values()))
        return str(grown.model_to_string(num_iteration=max(grown.best_iteration, 1))), _thinned(losses)

    def _parameters(self, rows: int) -> dict[str, object]:
        if self.style not in STYLES:
            raise SettingsError(
                Say("没有这种提升树。", "There is no such style of boosting."),
                got=self.style,
                fix=Say(f"可用的有：{listed(STYLES)}。", f"Those that exist: {listed(STYLES)}."),
            )
        style = STYLES[self.style]
        return {
            **style,
            "objective": "binary",
            "min_data_in_leaf": min(int(style["min_data_in_leaf"]), max(2, rows // 20)),
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "cat_smooth": 20.0,
            "cat_l2": 20.0,
            "max_cat_threshold": 16,
            "min_data_per_group": 20,
            "num_threads": 1,  # measured beside a busy program: two threads took 108 s for what one does in 3 s
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "verbosity": -1,
        }

    def _raw(self, codes: Floats) -> Floats:
        booster, starts = self._booster()
        ends = [*starts[1:], booster.num_trees()]
        return np.stack(
            [
                booster.predict(codes, raw_score=True, start_iteration=start, num_iteration=end - start, num_threads=1)
                for start, end in zip(starts, ends, strict=True)
            ]
        )

    def _shares(self, codes: Floats) -> Floats:
        booster, starts = self._booster()
        return np.asarray(booster.predict(codes, pred_contrib=True, num_threads=1), dtype=np.float64) / len(starts)

    def _booster(self) -> tuple[Any, list[int]]:
        """All parts in one, and the place of the first tree of each: one call gives the reasons of all."""
        known: tuple[list[str], tuple[Any, list[int]]] | None = vars(self).get("_merged")
        if known is None or known[0] is not self.parts_:
            import lightgbm

            counts = [len(_TREE.findall(text)) for text in self.parts_]
            known = self.parts_, (lightgbm.Booster(model_str=_joined(self.parts_)), [sum(counts[:place]) for place in range(len(counts))])
            self._merged = known
        return known[1]

    def _state(self) -> Mapping[str, object]:
        prints = [hashlib.sha256(part.encode()).hexdigest() for part in self.parts_]
        learned = {"columns_": self.columns_, "parts_": self.parts_, "shift_": self.shift_, "slope_": self.slope_}
        return {**learned, "curves_": vars(self).get("curves_", []), "prints": prints}

    def _restore(self, state: Mapping[str, Any]) -> None:
        # LightGBM reads a text that was cut without a word: half of the trees, another model
        if [hashlib.sha256(part.encode()).hexdigest() for part in state["parts_"]] != state["prints"]:
            raise StoreError(
                Say("模型文件不完整。", "A file of the model is not whole."),
                got="BoostingModel",
                fix=Say("从备份恢复，或重新运行 `zhiyin run`。", "Restore it from a backup, or run `zhiyin run` again."),
            )
        vars(self).update({name: value for name, value in state.items() if name != "prints"})


def _thinned(losses: list[float]) -> Floats:
    """Tree and loss, at most so many of them, first and last kept: shape `(n_spots, 2)`."""
    places = np.unique(np.linspace(0, len(losses) - 1, min(SPOTS, len(losses))).round().astype(int))
    return np.column_stack([places + 1.0, np.asarray(losses)[places]])


def _joined(texts: list[str]) -> str:
    """The trees of several models in one text; their raw scores add up."""
    heads = [text.partition("\nTree=0\n")[0] for text in texts]
    trees = [tree for text in texts for tree in _trees(text)]
    head = "\n".join(line for line in heads[0].splitlines() if not line.startswith("tree_sizes="))  # of the first model only
    return head + "\n\n" + "".join(f"Tree={number}\n{tree}" for number, tree in enumerate(trees)) + "end of trees\n"


def _trees(text: str) -> list[str]:
    body = text.partition("end of trees")[0]
    return [part.partition("\n")[2] + "\n" for part in body.split("\nTree=")[1:]]
