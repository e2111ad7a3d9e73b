"""The usual ways to forecast, each with its 80 % interval."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, AutoTheta, NaNModel, SeasonalNaive

__all__ = ["PEERS"]

Table = pd.DataFrame


def classical(way: Callable[..., object]) -> Callable[..., tuple[Table, float]]:
    """A way of statsforecast, with gaps closed by a line, on at most the latest 500 steps."""

    def forecast(train: Table, later: Table, *, horizon: int, season: int) -> tuple[Table, float]:
        start = time.perf_counter()
        steps = regular(train)
        engine = StatsForecast(models=[way(season_length=season)], freq=1, n_jobs=1, fallback_model=NaNModel())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = engine.forecast(df=steps[["unique_id", "ds", "y"]], h=horizon, level=[80]).sort_values(["unique_id", "ds"])
        found.columns = [{"-lo-80": "low", "-hi-80": "high"}.get(str(name)[-6:], name) for name in found.columns]
        value = next(name for name in found.columns if name not in ("unique_id", "ds", "low", "high"))
        answer = ahead(train, horizon).assign(value=found[value].to_numpy(), low=found["low"].to_numpy(), high=found["high"].to_numpy())
        return answer, time.perf_counter() - start

    return forecast


def regular(train: Table) -> Table:
    """Every step of each series, numbered; gaps closed by a line."""
    if pd.api.types.is_numeric_dtype(train["at"]):
        return pd.DataFrame({"unique_id": train["series"], "ds": train["at"], "y": train["value"]}).groupby("unique_id").tail(500)
    step = pd.Series(np.sort(train["at"].unique())).diff().mode()[0]
    every = pd.date_range(train["at"].min(), train["at"].max(), freq=step)
    wide = train.groupby(["at", "series"])["value"].mean().unstack().reindex(every)
    long = wide.interpolate(limit_direction="both").tail(500).reset_index(drop=True).melt(ignore_index=False)
    return pd.DataFrame({"unique_id": long["series"].to_numpy(), "ds": long.index.to_numpy(), "y": long["value"].to_numpy()})


def ahead(train: Table, horizon: int) -> Table:
    """Series and times of the steps ahead, in the order of the names."""
    last = train.groupby("series")["at"].max().sort_index()
    if pd.api.types.is_numeric_dtype(train["at"]):
        at = last.to_numpy()[:, None] + np.arange(1, horizon + 1)[None, :]
    else:
        step = pd.Series(np.sort(train["at"].unique())).diff().mode()[0]
        at = np.broadcast_to(pd.date_range(train["at"].max() + step, periods=horizon, freq=step).to_numpy(), (len(last), horizon))
    return pd.DataFrame({"series": np.repeat(last.index.to_numpy(), horizon), "at": at.ravel()})


def boosted(train: Table, later: Table, *, horizon: int, season: int) -> tuple[Table, float]:
    """LightGBM as usually set up: calendar, known columns, and lags of at least the horizon; quantiles for the interval."""
    import lightgbm

    start = time.perf_counter()
    both = pd.concat([train, later.assign(value=np.nan)]).drop_duplicates(["series", "at"]).sort_values(["series", "at"])
    step = pd.Series(np.sort(train["at"].unique())).diff().mode()[0]
    rows = both[["series", "at"]].copy()
    for column in both.columns.difference(["series", "at", "value"]):
        rows[column] = both[column] if pd.api.types.is_numeric_dtype(both[column]) else pd.factorize(both[column])[0]
    first = -(-horizon // season) * season
    for lag in (first, first + season, first + 7 * season, 52 * 7 * max(season // 7 if season == 7 else season, 1)):
        then = both[["series", "at", "value"]].assign(at=both["at"] + lag * step).rename(columns={"value": f"lag_{lag}"})
        rows = rows.merge(then, on=["series", "at"], how="left")
    at = rows["at"].dt
    rows = rows.assign(hour=at.hour, weekday=at.dayofweek, month=at.month, day=at.dayofyear, series_code=pd.factorize(rows["series"])[0])
    asked = both["value"].isna().to_numpy()
    inputs = rows.drop(columns=["series", "at"])
    answer = rows.loc[asked, ["series", "at"]].copy()
    ways = {"value": {}, "low": {"objective": "quantile", "alpha": 0.1}, "high": {"objective": "quantile", "alpha": 0.9}}
    for name, settings in ways.items():
        model = lightgbm.LGBMRegressor(n_estimators=400, learning_rate=0.05, n_jobs=1, verbose=-1, **settings)
        answer[name] = model.fit(inputs[~asked], np.log1p(both["value"].to_numpy()[~asked])).predict(inputs[asked])
        answer[name] = np.expm1(answer[name])
    return answer, time.perf_counter() - start


PEERS: dict[str, tuple[Callable[..., tuple[Table, float]], int]] = {  # and how many of the series are given to it
    "seasonal naive": (classical(SeasonalNaive), 100_000),
    "AutoETS": (classical(AutoETS), 100),
    "AutoTheta": (classical(AutoTheta), 400),
    "LightGBM with lags": (boosted, 100_000),
}
