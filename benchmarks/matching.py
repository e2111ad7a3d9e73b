"""Products and papers of two shops: how well are the same ones found, with known pairs and without?

    python benchmarks/matching.py --data ../shared/data --write benchmarks/results/matching.md   (make bench-matching)
    python benchmarks/matching.py --sets textual_abt_buy,structured_beer

ER-Magellan in the splits of DeepMatcher and Ditto. Two tables are made of the distinct rows of train and valid, and
`zhiyin.lab.link` is asked as a user would. "valid": the labels of train are given, F1 is measured on valid at one half.
"out of fold" (with --folds): five folds of train and valid together, each hidden once. "no labels": nothing is given, all pairs judged.
Processor seconds are those of "valid"; the peak of the memory is that of the process so far, set after set.
The baseline (logistic regression on TF-IDF cosines, its cut the best of train) and ours are measured in one run.
"""

from __future__ import annotations

import argparse
import platform
import resource
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from zhiyin.lab import link

SETS = (
    "textual_abt_buy",
    "structured_amazon_google",
    "structured_walmart_amazon",
    "structured_dblp_acm",
    "dirty_walmart_amazon",
    "dirty_dblp_acm",
    "structured_beer",
    "structured_fodors_zagats",
    "structured_itunes_amazon",
    "dirty_itunes_amazon",
)
HEAD = ("set", "pairs of valid", "TF-IDF + logistic", "valid", "out of fold", "no labels", "processor s", "peak MB")


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    asked.add_argument("--sets", default=",".join(SETS))
    asked.add_argument("--folds", action="store_true", help="the out-of-fold column too: five times as long")
    asked.add_argument("--write", type=Path)
    told = asked.parse_args()
    lines = []
    for name in told.sets.split(","):
        lines.append(_measured(told.data / "er_magellan", name, folds=told.folds))
        print(lines[-1], flush=True)
    if told.write:
        told.write.write_text(_page(lines), encoding="utf-8")


def _measured(folder: Path, name: str, *, folds: bool) -> dict[str, object]:
    left, right, pairs = _tables(folder, name)
    train, valid = pairs[pairs["part"] == "train"], pairs[pairs["part"] == "valid"]
    line: dict[str, object] = {"set": name, "pairs of valid": len(valid), "TF-IDF + logistic": _baseline(left, right, train, valid)}
    started = time.process_time()
    line["valid"] = _f1(valid["label"], _asked(link(left, right, labels=train[_LABELS]), valid))
    line["processor s"] = round(time.process_time() - started)
    if folds:
        fold = np.random.default_rng(0).permutation(len(pairs)) % 5
        told = [_asked(link(left, right, labels=pairs.loc[fold != k, _LABELS]), pairs[fold == k]) for k in range(5)]
        line["out of fold"] = _f1(np.concatenate([pairs.loc[fold == k, "label"] for k in range(5)]), np.concatenate(told))
    line["no labels"] = _f1(pairs["label"], _asked(link(left, right), pairs))
    line["peak MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return line


_LABELS = ["left_id", "right_id", "label"]


def _tables(folder: Path, name: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The distinct rows of both shops, and the pairs of train and valid by their ids."""
    parts = [pd.read_parquet(folder / f"{name}_{part}.parquet").assign(part=part) for part in ("train", "valid")]
    pairs = pd.concat(parts, ignore_index=True)
    shops = []
    for side in ("left", "right"):
        columns = [column for column in pairs if column.startswith(f"{side}_")]
        rows = pairs[columns].drop_duplicates().reset_index(drop=True)
        place = {row: at for at, row in enumerate(rows.itertuples(index=False, name=None))}
        pairs[f"{side}_id"] = [place[row] for row in pairs[columns].itertuples(index=False, name=None)]
        shops.append(rows.rename(columns=lambda column, side=side: column.removeprefix(f"{side}_")).rename_axis("id").reset_index())
    return shops[0], shops[1], pairs[[*_LABELS, "part"]]


def _asked(found: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """The probability of each pair; a pair that was not returned has none."""
    return pairs.merge(found, on=["left_id", "right_id"], how="left")["probability"].fillna(0).to_numpy()


def _f1(truth: pd.Series | np.ndarray, probability: np.ndarray, cut: float = 0.5) -> float:
    truth, called = np.asarray(truth) == 1, probability >= cut
    return round(float(2 * (truth & called).sum() / max(truth.sum() + called.sum(), 1)), 3)


def _baseline(left: pd.DataFrame, right: pd.DataFrame, train: pd.DataFrame, valid: pd.DataFrame) -> float:
    """Logistic regression on the TF-IDF cosines, by words and by letters, of each column and of the whole row."""
    columns = [column for column in left if column != "id"]
    texts = {column: [shop[column].fillna("").astype(str) for shop in (left, right)] for column in columns}
    texts["*"] = [shop[columns].fillna("").astype(str).agg(" ".join, axis=1) for shop in (left, right)]
    asked = pd.concat([train, valid])
    cosines = []
    for ours, theirs in texts.values():
        for terms in (TfidfVectorizer(analyzer=str.split), TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))):
            terms.fit([*ours, *theirs])
            pair = (terms.transform(ours)[asked["left_id"].to_numpy()], terms.transform(theirs)[asked["right_id"].to_numpy()])
            cosines.append(np.asarray(pair[0].multiply(pair[1]).sum(axis=1)).ravel())
    rows = np.column_stack(cosines)
    model = LogisticRegression(C=10, max_iter=1000).fit(rows[: len(train)], train["label"])
    chance = model.predict_proba(rows)[:, 1]
    cut = max(np.unique(chance[: len(train)].round(3)), key=lambda at: _f1(train["label"], chance[: len(train)], at))
    return _f1(valid["label"], chance[len(train) :], cut)


def _page(lines: list[dict[str, object]]) -> str:
    head = f"# Products and papers\n\n`make bench-matching`, {datetime.now(UTC):%Y-%m-%d}, {platform.processor() or platform.machine()}, one thread.\n\n"
    shown = [name for name in HEAD if any(name in line for line in lines)]
    table = ["| " + " | ".join(shown) + " |", "|" + "---|" * len(shown)]
    table += ["| " + " | ".join(str(line.get(name, "")) for name in shown) + " |" for line in lines]
    return head + (__doc__ or "").partition("\n\n")[2].partition("\n\n")[2] + "\n" + "\n".join(table) + "\n"


if __name__ == "__main__":
    main()
