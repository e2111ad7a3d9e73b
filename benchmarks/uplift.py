"""Whom does an e-mail change? Our order beside two regressions, boosted trees, who is likeliest to answer, and chance.

    PYTHONPATH=src python benchmarks/uplift.py ../shared/data

Hillstrom's e-mail experiment (the public half): customers drawn for an e-mail about men's or women's goods, or for none. Every order is
made by models that had not seen the customers it is judged on (five folds, twice); the Qini says how many more in ten thousand
customers answer, on average over all lengths of the list, than when as many are drawn by chance.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from _goals import goal

from zhiyin.learn.metrics import bootstrap
from zhiyin.learn.uplift_metrics import mean_uplift, qini, uplift_at, within_folds
from zhiyin.predict.logistic import LogisticModel
from zhiyin.predict.uplift import TREATED, UpliftModel

Floats = npt.NDArray[np.float64]
Way = Callable[[pd.DataFrame, pd.DataFrame], Floats]
NEEDS = ("recency", "history", "mens", "womens", "newbie", "urban", "rural", "phone", "web")
ARMS = {"mens": ["Mens E-Mail"], "womens": ["Womens E-Mail"], "either": ["Mens E-Mail", "Womens E-Mail"]}
FOLDS, ROUNDS, DRAWS = 5, 2, 100


def main(data: Path) -> None:
    started = time.perf_counter()
    customers = _customers(data / "hillstrom_email" / "customers.parquet")
    for arm in ARMS:
        for label in ("visit", "conversion"):
            rows = _judged(customers, arm, label=label)
            print(pd.DataFrame(rows).to_string(index=False), flush=True)
            if label == "visit":
                what = f"Hillstrom, {arm} e-mail, visits: lower end of the Qini's 95 % interval"
                goal(what, float(str(rows[0]["low"])), wanted=0.0, note="per ten thousand, beyond an order by chance, customers left out")
    print(f"all {time.perf_counter() - started:.1f} s")


def _customers(file: Path) -> pd.DataFrame:
    found = pd.read_parquet(file)
    flags = {
        "urban": found["zip_code"].eq("Urban"),
        "rural": found["zip_code"].eq("Rural"),
        "phone": found["channel"].eq("Phone"),
        "web": found["channel"].eq("Web"),
    }
    return found.assign(customer_id=found["customer_id"].astype(str), **{name: flag.astype(float) for name, flag in flags.items()})


def _judged(customers: pd.DataFrame, arm: str, *, label: str) -> list[dict[str, object]]:
    """One row a way: the Qini with its interval, what the best 30 % gain by a contact, and how surely ours is better."""
    rows = customers[customers["segment"].isin([*ARMS[arm], "No E-Mail"])].reset_index(drop=True)
    rows = rows.assign(label=rows[label].astype(float), **{TREATED: rows["segment"].isin(ARMS[arm]).astype(float)})
    whole = pd.concat([rows] * ROUNDS, ignore_index=True)
    who = np.tile(np.arange(len(rows)), ROUNDS)
    fold = np.concatenate([_fold(len(rows), seed) + FOLDS * seed for seed in range(ROUNDS)])
    said = {name: np.zeros(len(whole)) for name in WAYS}
    for number in np.unique(fold):
        late = fold == number
        early = whole[(fold // FOLDS == number // FOLDS) & ~late]
        for name, way in WAYS.items():
            said[name][late] = way(early, whole[late])
    columns = (whole[TREATED].to_numpy(), np.full(len(whole), rows[TREATED].mean()), fold)
    figure, top = within_folds(qini), within_folds(partial(uplift_at, share=0.3))
    truth = whole["label"].to_numpy()
    mean = mean_uplift(truth, treated=columns[0], propensity=columns[1])
    made = []
    for name, values in said.items():
        found = bootstrap(figure, truth, values, *columns, n=DRAWS, seed=1, groups=who)
        row: dict[str, object] = {"e-mail": arm, "answer": label, "order by": name, "mean effect": f"{mean:+.4f}"}
        row |= {"qini": f"{1e4 * found.value:.1f}", "low": f"{1e4 * found.low:.1f}", "high": f"{1e4 * found.high:.1f}"}
        made.append(
            row | {"effect at 30 %": f"{top(truth, values, *columns):+.4f}", "ours - this": _less(figure, truth, said, name, columns, who)}
        )
    return made


def _less(figure: Callable[..., float], truth: Floats, said: dict[str, Floats], name: str, columns: tuple[Floats, ...], who: Floats) -> str:
    """Our Qini less that of another way, on the same drawn customers."""
    if name == "ours":
        return ""
    treated, propensity, fold = columns

    def _difference(label: Floats, ours: Floats, theirs: Floats, *rest: Floats) -> float:
        return figure(label, ours, *rest) - figure(label, theirs, *rest)

    found = bootstrap(_difference, truth, said["ours"], said[name], treated, propensity, fold, n=DRAWS, seed=1, groups=who)
    return f"{1e4 * found.value:+.1f} [{1e4 * found.low:.1f}, {1e4 * found.high:.1f}]"


def _fold(rows: int, seed: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(seed).permutation(rows) % FOLDS


def _ours(early: pd.DataFrame, late: pd.DataFrame) -> Floats:
    return UpliftModel(needs=NEEDS).fit(early).predict(late)["value"].to_numpy()


def _two_regressions(early: pd.DataFrame, late: pd.DataFrame) -> Floats:
    arms = [LogisticModel(needs=NEEDS).fit(early[early[TREATED] == arm]).predict(late)["value"].to_numpy() for arm in (1, 0)]
    return np.asarray(arms[0] - arms[1])


def _response(early: pd.DataFrame, late: pd.DataFrame) -> Floats:
    return LogisticModel(needs=NEEDS).fit(early[early[TREATED] > 0]).predict(late)["value"].to_numpy()


def _two_forests(early: pd.DataFrame, late: pd.DataFrame) -> Floats:
    arms = [_boosted("binary", early[early[TREATED] == arm], early.loc[early[TREATED] == arm, "label"], late, leaves=8) for arm in (1, 0)]
    return arms[0] - arms[1]


def _doubly_robust(early: pd.DataFrame, late: pd.DataFrame) -> Floats:
    """Boosted trees on doubly robust scores (Kennedy 2023), the chances from regressions that had not seen the customer."""
    half = np.random.default_rng(0).permutation(len(early)) % 2
    chances = np.zeros((2, len(early)))
    for number in (0, 1):
        known, asked = early[half != number], early[half == number]
        for arm in (0, 1):
            found = LogisticModel(needs=NEEDS).fit(known[known[TREATED] == arm]).predict(asked)["value"]
            chances[arm, half == number] = found
    treated, label, share = early[TREATED].to_numpy(), early["label"].to_numpy(), early[TREATED].mean()
    scores = chances[1] - chances[0] + treated / share * (label - chances[1]) - (1 - treated) / (1 - share) * (label - chances[0])
    return _boosted("regression", early, scores, late, leaves=4)


def _boosted(objective: str, early: pd.DataFrame, target: npt.ArrayLike, late: pd.DataFrame, *, leaves: int) -> Floats:
    import lightgbm

    settings = {"objective": objective, "num_leaves": leaves, "learning_rate": 0.05, "min_data_in_leaf": 200, "lambda_l2": 10.0}
    settings |= {"num_threads": 1, "verbosity": -1, "seed": 1}
    model = lightgbm.train(settings, lightgbm.Dataset(early[list(NEEDS)].to_numpy(float), np.asarray(target)), num_boost_round=80)
    return np.asarray(model.predict(late[list(NEEDS)].to_numpy(float)), dtype=np.float64)


WAYS: dict[str, Way] = {
    "ours": _ours,
    "two regressions": _two_regressions,
    "doubly robust trees": _doubly_robust,
    "two boosted forests": _two_forests,
    "likeliest to answer": _response,
    "chance": lambda early, late: np.random.default_rng(len(early)).random(len(late)),
}

if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
