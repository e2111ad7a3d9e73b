"""An invented shop and its competitor: the same appliances, named differently, beside others that look alike."""

import numpy as np
import pandas as pd

BRANDS = ["Acorn", "Birke", "Corvo", "Dalia", "Estel"]
KINDS = ["upright vacuum cleaner", "cordless phone system", "digital camera", "leather case", "noise cancelling headphones"]
COLOURS = ["black", "white", "silver", "red"]


def shops(n: int, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Two tables of `n` things each, three quarters in both, and pairs of which the truth is known."""
    chance = np.random.default_rng(seed)
    ours, theirs = [], []
    for at in range(n):
        brand, kind, colour = (str(chance.choice(names)) for names in (BRANDS, KINDS, COLOURS))
        letters, digits = "".join(chance.choice(list("KLMTX"), 2)), int(chance.integers(1000, 9999))
        price = round(float(chance.uniform(20, 400)), 2)
        ours.append((f"{brand} {kind} {colour} {letters}{digits}", price))
        if at % 4:  # the fourth thing is another model of the same kind
            theirs.append((f"{brand.upper()} {letters}-{digits} {kind}", round(price * 0.95, 2)))
        else:
            theirs.append((f"{brand.upper()} {letters}-{digits + 7} {kind} {colour}", round(price * 1.4, 2)))
    left = pd.DataFrame(ours, columns=["title", "price"])
    right = pd.DataFrame(theirs, columns=["title", "price"])
    left.insert(0, "id", [f"a{at}" for at in range(n)])
    right.insert(0, "id", [f"b{at}" for at in range(n)])
    same = pd.DataFrame({"left_id": left["id"], "right_id": right["id"], "label": [int(at % 4 > 0) for at in range(n)]})
    others = pd.DataFrame({"left_id": left["id"], "right_id": right["id"].to_numpy()[chance.permutation(n)], "label": 0})
    others = others[others["left_id"].str[1:] != others["right_id"].str[1:]]
    return left, right, pd.concat([same, others], ignore_index=True)


def f1(pairs: pd.DataFrame, judged: pd.DataFrame) -> float:
    """F1 at one half over judged pairs; a pair that was not returned counts as not the same."""
    asked = judged.merge(pairs, on=["left_id", "right_id"], how="left")
    called, truth = asked["probability"].fillna(0) >= 0.5, asked["label"] == 1
    return float(2 * (called & truth).sum() / (called.sum() + truth.sum()))
