"""Does `zhiyin.lab.fit_predictor` beat what an analyst would try first? Eleven public tables, four peers, one split of the train part each.

    PYTHONPATH=src python benchmarks/tables.py ../shared/data [--only telco,leads] [--seeds 0] [--budget 60]

Peers, each on the same rows in the same run: logistic regression (one-hot, standardised), scikit-learn's HistGradientBoosting, LightGBM as
it comes, LightGBM with a rate of .02 and early stopping on 15 %. Random splits keep 30 % to be judged on; two tables are split in time.
The official test labels are not used.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from _goals import goal

from zhiyin.lab import fit_predictor
from zhiyin.learn import metrics

RESULTS = Path(__file__).parent / "results" / "tables.md"
KEPT = 0.7


class Set(NamedTuple):
    """A table, what is asked of it, which columns are left out, and by what it is ordered in time."""

    file: str
    target: str
    out: tuple[str, ...] = ()
    time: str = ""
    early: Callable[[pd.DataFrame], pd.Series] | None = None
    goal: float = 0.0  # of TARGETS.md, on the official test


def _second_half_of_1995(rows: pd.DataFrame) -> pd.Series:
    """The latest of the train part; 1996 is the official test."""
    return (rows["Year"] == 1995) & rows["Month"].isin(["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])


LATER_BY_SALES = (
    *("Tags", "Lead Quality", "Lead Profile", "Last Notable Activity", "Asymmetrique Activity Index", "Asymmetrique Profile Index"),
    *("Asymmetrique Activity Score", "Asymmetrique Profile Score", "Prospect ID", "Lead Number"),
)
SETS = {
    "telco": Set("telco_churn_ibm/customers", "Churn", ("customerID",), goal=0.850),
    "shoppers": Set("online_shoppers_intention/sessions", "Revenue", ("row_id",), goal=0.945),
    "shoppers without PageValues": Set("online_shoppers_intention/sessions", "Revenue", ("row_id", "PageValues"), goal=0.812),
    "calls": Set("bank_marketing/calls", "y", ("duration", "call_order"), goal=0.820),
    "calls forward": Set(
        "bank_marketing/calls",
        "y",
        ("duration",),
        "call_order",
        lambda rows: rows["call_order"] < rows["call_order"].quantile(0.8),
        goal=0.76,
    ),
    "leads": Set("leads_x_education/leads", "Converted", LATER_BY_SALES, goal=0.905),
    "churners": Set("bank_churners/customers", "Attrition_Flag", ("CLIENTNUM",)),
    "caravan": Set("coil2000_caravan/customers", "Purchase", ("row_id",), goal=0.775),
    "response": Set("ifood_marketing_campaign/customers", "Response", ("ID",), goal=0.925),
    "fraud forward": Set("vehicle_insurance_fraud/claims", "FraudFound_P", (), "", lambda rows: ~_second_half_of_1995(rows), goal=0.785),
    "visit": Set("hillstrom_email/customers", "visit", ("customer_id", "conversion", "spend"), goal=0.655),
}


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("data", nargs="?", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    asked.add_argument("--only", default="")
    asked.add_argument("--seeds", default="0")
    asked.add_argument("--budget", type=float, default=60.0)
    said = asked.parse_args()
    rows = []
    for name, table in SETS.items():
        if said.only and name not in said.only.split(","):
            continue
        for seed in (int(number) for number in said.seeds.split(",")):
            rows.append(_judge(name, table, said.data, seed=seed, budget=said.budget))
            print(pd.DataFrame(rows[-1:]).round(4).to_string(index=False, header=len(rows) == 1), flush=True)
            if table.early is not None:
                break
    found = pd.DataFrame(rows)
    text = f"{found.round(4).to_string(index=False)}\n\n{_summary(found)}"
    print("\n" + text)
    _tell_goals(found)
    if not said.only:
        RESULTS.write_text(HEAD.format(day=date.today(), budget=said.budget) + f"```\n{text}\n```\n{TAIL}", encoding="utf-8")  # noqa: DTZ011


HEAD = """# Tables, {day}

`python benchmarks/tables.py`, two shared cores. `fit_predictor(frame, target, budget_s={budget:.0f})` beside four peers in the same run, on a split of the
train part (30 % at random; calls: the last fifth; fraud: the second half of 1995). AUC; `wins` compares with the best of the four peers, which nobody knows
beforehand; the interval is of the difference (bootstrap over rows). `loss` is the log loss of ours, `peer loss` the best of theirs; `luck` the ECE
that the chances of ours would show on these rows if they were exactly right.

"""
TAIL = """
The goals of the project are for the official test rows, which are held back; these figures are not theirs.
"""


def _judge(name: str, table: Set, data: Path, *, seed: int, budget: float) -> dict[str, object]:
    frame = pd.read_parquet(data / f"{table.file}.parquet").drop(columns=list(table.out))
    if table.early is not None:
        early = table.early(frame)
        train, test = frame[early], frame[~early]
    else:
        order = np.random.default_rng(seed).permutation(len(frame))
        cut = int(KEPT * len(frame))
        train, test = frame.iloc[order[:cut]], frame.iloc[order[cut:]]
    started = time.process_time()
    model = fit_predictor(train, table.target, time=table.time or None, budget_s=budget)
    seconds = time.process_time() - started
    ours = model.predict(test.drop(columns=table.target))["value"].to_numpy()
    happened = model.target.labels(test[table.target])
    x, z = _plain(train, test, out=[table.target, *([table.time] if table.time else [])])
    peers = {peer: fit(x, model.target.labels(train[table.target]), z) for peer, fit in PEERS.items()}
    aucs = {peer: metrics.auc(happened, said) for peer, said in peers.items()}
    best = max(aucs, key=aucs.__getitem__)
    gap = metrics.paired_bootstrap(metrics.auc, happened, values=(ours, peers[best]), seed=1)
    return {
        "table": name,
        "rows": len(train),
        "ours": metrics.auc(happened, ours),
        **aucs,
        "gain": gap.value,
        "low": gap.low,
        "high": gap.high,
        "wins": "yes" if gap.value > 0 else "no",
        "loss": metrics.log_loss(happened, ours),
        "peer_loss": min(metrics.log_loss(happened, said) for said in peers.values()),
        "ece": metrics.ece(happened, ours),
        "luck": _ece_of_the_right_chances(ours),
        "model": model.card().name,
        "cpu_s": round(seconds),
    }


def _tell_goals(found: pd.DataFrame) -> None:
    note, ranks = f"{len(found)} tables, split of the train part", found[["ours", *PEERS]].rank(axis=1, ascending=False).mean()
    large = found[found["rows"] > 3000]
    goal("tables: mean rank by AUC beside four peers", ranks["ours"], wanted=ranks.drop("ours").min(), less=True, note=note)
    goal("tables: share above the best peer", float((found["gain"] > 0).mean()), wanted=9 / 12, note=note)
    goal("tables: furthest below the best peer, AUC", -float(min(found["gain"].min(), 0)), wanted=0.005, less=True, note=note)
    goal("tables: log loss above the best peer", int((found["loss"] > found["peer_loss"]).sum()), wanted=0, less=True, note=note)
    beyond = float((large["ece"] - large["luck"]).max())
    goal("tables: worst ECE beyond luck, over 3 000 rows", beyond, wanted=0.02, less=True, note="the two that drift in time are the worst")
    for row in found.itertuples():
        wanted = SETS[row.table].goal
        if wanted:
            best = max(getattr(row, peer) for peer in PEERS)
            goal(f"{row.table}: AUC", row.ours, wanted=wanted, note=f"goal is of the official test; best peer here {best:.3f}")


def _ece_of_the_right_chances(said: np.ndarray) -> float:
    """The calibration error that chances show on as many rows even where they are exactly right."""
    draws = np.random.default_rng(1).random((100, len(said)))
    return float(np.mean([metrics.ece((draw < said).astype(float), said) for draw in draws]))


def _summary(found: pd.DataFrame) -> str:
    names = ["ours", *PEERS]
    ranks = found[names].rank(axis=1, ascending=False).mean()
    large = found[found["rows"] > 3000]
    lines = [
        "mean rank by AUC: " + ", ".join(f"{name} {ranks[name]:.2f}" for name in names),
        f"above the best peer: {(found['gain'] > 0).sum()} of {len(found)} (goal 9 of 12)",
        f"furthest below the best peer: {min(found['gain'].min(), 0):.4f} (goal never below -.005)",
        f"log loss not above the best peer: {(found['loss'] <= found['peer_loss']).sum()} of {len(found)}",
        f"ECE at most .02 where rows > 3 000: {(large['ece'] <= 0.02).sum()} of {len(large)}; less what luck alone shows: "
        f"{(large['ece'] - large['luck'] <= 0.02).sum()} of {len(large)}",
    ]
    return "\n".join(lines)


def _plain(train: pd.DataFrame, test: pd.DataFrame, *, out: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables as the peers take them: texts as categories, flags as numbers."""
    parts = []
    for frame in (train, test):
        kept = frame.drop(columns=out).copy()
        for column in kept:
            if kept[column].dtype == bool:
                kept[column] = kept[column].astype(int)
            elif kept[column].dtype == object:
                kept[column] = pd.Categorical(kept[column].astype(str), categories=sorted(train[column].astype(str).unique()))
        parts.append(kept)
    return parts[0], parts[1]


def _logistic(x: pd.DataFrame, y: np.ndarray, z: pd.DataFrame) -> np.ndarray:
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    kinds = [column for column in x if x[column].dtype == "category"]
    numbers = [column for column in x if column not in kinds]
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    made = make_column_transformer((scaled, numbers), (OneHotEncoder(handle_unknown="ignore"), kinds))
    texts = dict.fromkeys(kinds, str)
    return make_pipeline(made, LogisticRegression(max_iter=500)).fit(x.astype(texts), y).predict_proba(z.astype(texts))[:, 1]


def _hist_boosting(x: pd.DataFrame, y: np.ndarray, z: pd.DataFrame) -> np.ndarray:
    from sklearn.ensemble import HistGradientBoostingClassifier

    many = [column for column in x if x[column].dtype == "category" and len(x[column].cat.categories) > 250]  # it takes 255 kinds at most
    model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=0)
    return model.fit(x.drop(columns=many), y).predict_proba(z.drop(columns=many))[:, 1]


def _lightgbm(x: pd.DataFrame, y: np.ndarray, z: pd.DataFrame) -> np.ndarray:
    import lightgbm

    return lightgbm.LGBMClassifier(verbose=-1, n_jobs=1).fit(x, y).predict_proba(z)[:, 1]


def _lightgbm_slow(x: pd.DataFrame, y: np.ndarray, z: pd.DataFrame) -> np.ndarray:
    import lightgbm

    order = np.random.default_rng(0).permutation(len(y))
    kept, watched = np.split(order, [int(0.85 * len(y))])
    model = lightgbm.LGBMClassifier(n_estimators=3000, learning_rate=0.02, verbose=-1, n_jobs=1)
    stopping = lightgbm.early_stopping(100, verbose=False)
    model.fit(x.iloc[kept], y[kept], eval_set=[(x.iloc[watched], y[watched])], callbacks=[stopping])
    return model.predict_proba(z)[:, 1]


PEERS: dict[str, Callable[[pd.DataFrame, np.ndarray, pd.DataFrame], np.ndarray]] = {
    "logistic": _logistic,
    "histgb": _hist_boosting,
    "lightgbm": _lightgbm,
    "lightgbm_slow": _lightgbm_slow,
}


if __name__ == "__main__":
    main()
