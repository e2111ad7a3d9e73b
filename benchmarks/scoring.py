"""How long does one customer take: chance, interval and reasons, beside one bare prediction of LightGBM?

    PYTHONPATH=src python benchmarks/scoring.py [rows]

Invented customers with sixty features; the models are fitted, saved, loaded and asked about one customer at a time in this
process, as an online answer does. Milliseconds on the clock, and of the processor alone (another program may have the core just
then). The goal is a 99th percentile of 10 ms. Rows are added to benchmarks/results/scoring.md.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd

from zhiyin.learn.base import PredictorBase
from zhiyin.predict.making import new_model
from zhiyin.predict.one import answer_one

RESULTS = Path(__file__).parent / "results" / "scoring.md"
HEAD = (
    "# One customer: chance, interval and reasons\n\nMilliseconds for one of the customers that the model did not see, in process;"
    " goal: 99th percentile at most 10. `frame` is the same answer by `predict` and `reasons` on a frame of one row, `bare` is one"
    " `Booster.predict` of LightGBM with default settings (no interval, no reasons, not calibrated).\n\n"
    "| date | machine | model | trees | way | p50 ms | p99 ms | processor p50 | processor p99 | load |\n|" + "---|" * 10 + "\n"
)
FEATURES, ASKED = 60, 300
MODELS = {
    "logistic": ("logistic", {}),
    "boosting": ("boosting", {"folds": 5}),
    "blend of a run": ("blend", {"parts": ("logistic", "boosting"), "folds": 3}),
    "blend of the lab": ("blend", {"parts": ("logistic", "curved", "boosting", "wide", "drawn", "short"), "folds": 10}),
}


def customers(rows: int) -> pd.DataFrame:
    """Some columns matter, some together, one cell in twenty is empty."""
    draw = np.random.default_rng(7)
    values = draw.gamma(2.0, 10.0, (rows, FEATURES))
    log_odds = (values[:, 0] - values[:, 1] + 0.02 * values[:, 2] * values[:, 3] - 8.0) / 10.0
    values[draw.random(values.shape) < 0.05] = np.nan
    frame = pd.DataFrame(values, columns=[f"f{place}" for place in range(FEATURES)])
    return frame.assign(customer_id=np.arange(rows), label=(draw.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float))


def loaded(model: PredictorBase) -> PredictorBase:
    """The model as it comes back from the shelf."""
    files: dict[str, bytes] = {}
    model.save(files.__setitem__)
    return type(model).load(files)


def trees_in(model: PredictorBase) -> int:
    parts = model.of_parts().values() if hasattr(model, "of_parts") else [model]
    return sum(text.count("\nTree=") for part in parts for text in getattr(part, "parts_", []) if isinstance(text, str))


def measured(ask: Callable[[int], object], asked: int) -> str:
    """Four figures of so many questions, after a few to warm up."""
    for place in range(min(5, asked)):
        ask(place)
    clock, cpu = [], []
    for place in range(asked):
        began, began_cpu = time.perf_counter(), time.thread_time()
        ask(place)
        clock.append(time.perf_counter() - began)
        cpu.append(time.thread_time() - began_cpu)
    figures = [*np.quantile(clock, [0.5, 0.99]), *np.quantile(cpu, [0.5, 0.99])]
    return " | ".join(f"{1000 * figure:.2f}" for figure in figures)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    frame = customers(rows + ASKED)
    train, later = frame.head(rows), frame.tail(ASKED).reset_index(drop=True)
    needs = tuple(name for name in frame.columns if name.startswith("f"))
    by_name = later.to_dict("records")
    found: list[tuple[str, int, str, str]] = []
    for called, (line, settings) in MODELS.items():
        model = loaded(new_model(line, needs=needs, threads=1, **settings).fit(train))
        said = model.predict(later)["value"].to_numpy()
        assert np.allclose(said, [answer_one(model, values).value for values in by_name], atol=1e-12)

        def by_frame(place: int, model: PredictorBase = model) -> None:
            model.predict(later.iloc[[place]])
            model.reasons(later.iloc[[place]])

        found.append((called, trees_in(model), "answer_one", measured(lambda place, model=model: answer_one(model, by_name[place]), ASKED)))
        found.append((called, trees_in(model), "frame", measured(by_frame, ASKED // 5)))
    bare = lightgbm.LGBMClassifier(verbosity=-1, n_jobs=1).fit(train[list(needs)], train["label"]).booster_
    cells = later[list(needs)].to_numpy()
    found.append(
        ("LightGBM", bare.num_trees(), "bare", measured(lambda place: bare.predict(cells[place : place + 1], num_threads=1), ASKED))
    )
    machine, load = f"{os.cpu_count()} cores", f"{os.getloadavg()[0]:.1f}"
    text = "".join(f"| {datetime.now(UTC):%Y-%m-%d} | {machine} | {a} | {b:,} | {c} | {d} | {load} |\n" for a, b, c, d in found)
    print(text)
    RESULTS.write_text((RESULTS.read_text("utf-8") if RESULTS.exists() else HEAD) + text, "utf-8")


if __name__ == "__main__":
    main()
