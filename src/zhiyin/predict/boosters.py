"""LightGBM as the house uses it: small trees, early stopping, one thread a booster, and the boosters of all folds joined in one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from zhiyin.core.errors import SettingsError, StoreError, listed
from zhiyin.core.words import Say
from zhiyin.learn.frames import Floats

__all__ = ["NO_SHAPE", "SHAPED", "STYLES", "Boosters", "boosters_of", "grown", "parameters", "printed", "whole"]

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
    "brisk": {
        "num_leaves": 8,
        "feature_fraction_bynode": 0.5,
        "min_data_in_leaf": 40,
        "lambda_l2": 10.0,
        "max_bin": 63,
        "learning_rate": 0.1,
    },
}
# What may be searched for (tuning.py) or set by hand, as LightGBM calls it.
SHAPED: dict[str, type[int] | type[float] | type[bool]] = {
    "num_leaves": int,
    "min_data_in_leaf": int,
    "feature_fraction_bynode": float,
    "lambda_l2": float,
    "learning_rate": float,
    "extra_trees": bool,
}
NO_SHAPE: Mapping[str, float] = MappingProxyType({})
PATIENCE = 60  # trees that may bring nothing before it stops
SPOTS = 200  # of a training curve that are kept
UNWATCHED = 150  # trees where no rows are left aside to be watched
_TREE = re.compile(r"^Tree=\d+$", re.MULTILINE)


class Boosters:
    """The boosters of several folds, given as texts; joined, so that one call gives the reasons of all."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts

    def raw(self, codes: Floats) -> Floats:
        """What each says before any link, shape `(n_boosters, n_rows)`."""
        ends = [*self._starts[1:], self._joined.num_trees()]
        asked = [{"start_iteration": start, "num_iteration": end - start} for start, end in zip(self._starts, ends, strict=True)]
        return np.stack([self._joined.predict(codes, raw_score=True, num_threads=1, **part) for part in asked])

    def shares(self, codes: Floats) -> Floats:
        """Mean contributions (exact TreeSHAP), the base in the last column: shape `(n_rows, n_features + 1)`.

        References:
            Lundberg et al. (2020), From local explanations to global understanding with explainable AI for trees.
        """
        return np.asarray(self._joined.predict(codes, pred_contrib=True, num_threads=1), dtype=np.float64) / len(self.texts)

    @cached_property
    def _starts(self) -> list[int]:
        counts = [len(_TREE.findall(text)) for text in self.texts]
        return [sum(counts[:place]) for place in range(len(counts))]

    @cached_property
    def _joined(self) -> Any:  # noqa: ANN401 - lightgbm has no types
        import lightgbm

        return lightgbm.Booster(model_str=_joined(self.texts))


def boosters_of(model: object, texts: list[str]) -> Boosters:
    """The boosters of a model, joined once and kept beside it while it lives; they are never saved."""
    kept = vars(model).get("_boosters")
    if not isinstance(kept, Boosters) or kept.texts is not texts:
        kept = vars(model)["_boosters"] = Boosters(texts)
    return kept


def grown(
    codes: Floats,
    values: Floats,
    *,
    settings: Mapping[str, object],
    of_kinds: Sequence[int],
    most: int,
    aside: tuple[Floats, Floats] | None,
) -> tuple[str, Floats]:
    """A booster as text, and its loss on the rows that it was watched on: shape `(n_spots, 2)`, trees and loss.

    Args:
        codes: shape `(n_rows, n_features)`.
        values: what is to be learned.
        settings: see `parameters`; with an objective.
        of_kinds: places of the features that hold kinds.
        most: trees at most.
        aside: rows and values that it is watched on, to stop in time; without them it stops after a fixed number of trees.
    """
    import lightgbm

    rows = lightgbm.Dataset(codes, values, categorical_feature=list(of_kinds), free_raw_data=False)
    if aside is None:
        return str(lightgbm.train(dict(settings), rows, num_boost_round=min(most, UNWATCHED)).model_to_string()), np.empty((0, 2))
    watched = lightgbm.Dataset(*aside, reference=rows)
    seen: dict[str, dict[str, list[float]]] = {}
    callbacks = [lightgbm.early_stopping(PATIENCE, verbose=False), lightgbm.record_evaluation(seen)]
    booster = lightgbm.train(dict(settings), rows, num_boost_round=most, valid_sets=[watched], callbacks=callbacks)
    losses = next(iter(next(iter(seen.values())).values()))
    return str(booster.model_to_string(num_iteration=max(booster.best_iteration, 1))), _thinned(losses)


def _thinned(losses: list[float]) -> Floats:
    """First, last and at most so many spots of a curve."""
    places = np.unique(np.linspace(0, len(losses) - 1, min(SPOTS, len(losses))).round().astype(int))
    return np.column_stack([places + 1.0, np.asarray(losses)[places]])


def parameters(style: str, *, rows: int, seed: int, shape: Mapping[str, float] = NO_SHAPE) -> dict[str, object]:
    """The settings of a style for a table of so many rows; what `shape` says goes before what the style says.

    Raises:
        SettingsError: when there is no such style, or the shape names something else than `SHAPED`.
    """
    if style not in STYLES:
        raise SettingsError(
            Say("没有这种提升树。", "There is no such style of boosting."),
            got=style,
            fix=Say(f"可用的有：{listed(STYLES)}。", f"Those that exist: {listed(STYLES)}."),
        )
    if not set(shape) <= set(SHAPED):
        raise SettingsError(
            Say("提升树没有这个设置。", "Boosted trees have no such setting."),
            got=listed(sorted(set(shape) - set(SHAPED))),
            fix=Say(f"改正 learning.shape；可用的有：{listed(SHAPED)}。", f"Correct learning.shape. Those that exist: {listed(SHAPED)}."),
        )
    chosen = STYLES[style] | {name: SHAPED[name](value) for name, value in shape.items()}
    return {
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "cat_smooth": 20.0,
        "cat_l2": 20.0,
        "max_cat_threshold": 16,
        "min_data_per_group": 20,
        **chosen,
        "min_data_in_leaf": min(int(chosen["min_data_in_leaf"]), max(2, rows // 20)),
        "num_threads": 1,  # measured beside a busy program: two threads took 108 s for what one does in 3 s
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }


def printed(texts: list[str]) -> dict[str, object]:
    """Boosters to be saved, with a fingerprint each."""
    return {"parts_": texts, "prints": [hashlib.sha256(text.encode()).hexdigest() for text in texts]}


def whole(state: Mapping[str, Any], *, who: str) -> list[str]:
    """Saved boosters again.

    Raises:
        StoreError: when one was cut: LightGBM reads half of the trees without a word.
    """
    texts: list[str] = state["parts_"]
    if printed(texts)["prints"] != state["prints"]:
        raise StoreError(
            Say("模型文件不完整。", "A file of the model is not whole."),
            got=who,
            fix=Say("从备份恢复，或重新运行 `zhiyin run`。", "Restore it from a backup, or run `zhiyin run` again."),
        )
    return texts


def _joined(texts: list[str]) -> str:
    """The trees of several models in one text; their raw scores add up."""
    heads = [text.partition("\nTree=0\n")[0] for text in texts]
    trees = [tree for text in texts for tree in _trees(text)]
    head = "\n".join(line for line in heads[0].splitlines() if not line.startswith("tree_sizes="))  # of the first model only
    return head + "\n\n" + "".join(f"Tree={number}\n{tree}" for number, tree in enumerate(trees)) + "end of trees\n"


def _trees(text: str) -> list[str]:
    body = text.partition("end of trees")[0]
    return [part.partition("\n")[2] + "\n" for part in body.split("\nTree=")[1:]]
