"""Contacts drawn by chance, with an effect that is known."""

import numpy as np
import pandas as pd


def drawn(rows=4_000, *, moves=0.3, seed=1):
    """Who has `a` = 1 buys more when contacted, who has `b` = 1 buys anyway."""
    draw = np.random.default_rng(seed)
    a, b = (draw.random((2, rows)) < 0.5).astype(float)
    treated = (draw.random(rows) < 0.7).astype(float)
    chance = 0.1 + 0.4 * b + moves * a * treated
    names = [f"c{place:05d}" for place in range(rows)]
    return pd.DataFrame({"customer_id": names, "a": a, "b": b, "treated": treated, "label": (draw.random(rows) < chance).astype(float)})
