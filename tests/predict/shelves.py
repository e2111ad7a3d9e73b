"""Sales whose future can be seen by eye: tea every day the same, milk on weekends, rice that begins late."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

__all__ = ["AT", "sales"]

AT = date(2026, 8, 31)  # a Monday


def sales(days: int = 210, *, noise: int = 0) -> pd.DataFrame:
    """Rows with a sale: tea 10 a day, milk 20 on Saturday and Sunday, rice 5 a day since 60 days; a piece brings 100."""
    chance, rows = np.random.default_rng(3), []
    for back in range(days, 0, -1):
        on = AT - timedelta(days=back)
        rows.append(("茶", "饮品", on, 10 + int(chance.integers(-noise, noise + 1))))
        if on.weekday() >= 5:
            rows.append(("奶", "饮品", on, 20 + int(chance.integers(-noise, noise + 1))))
        if back <= 60:
            rows.append(("米", "粮油", on, 5))
    return pd.DataFrame(rows, columns=["series", "department", "at", "value"]).assign(money=lambda told: told["value"] * 100)
