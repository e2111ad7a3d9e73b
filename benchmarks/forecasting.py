"""How far off are the forecasts, beside the usual ways?

The last horizon of the *training* part of each set is hidden, everything before it is given to `zhiyin.lab.fit_forecaster`
as a user would, and the peers of the set are fitted to the same series in the same run. MASE divides by the mean change over
the season named; intervals are 95 % bootstrap over series (over days where there is one series). "ours - best peer" is the
paired difference in MASE with its interval: below zero ours is better. "cover" and "width" are those of the 80 % intervals,
the width divided like MASE. A set with "of" was sampled: the same series for all.

    python benchmarks/forecasting.py FOLDER [--sets m3_yearly,recruit] [--most 100]
"""

from __future__ import annotations

import argparse
import platform
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoARIMA, AutoETS, AutoTheta, NaNModel, SeasonalNaive

from zhiyin.lab import fit_forecaster
from zhiyin.learn.metrics import bootstrap, paired_bootstrap

RESULTS = Path(__file__).parent / "results" / "forecasting.md"
Table = pd.DataFrame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--most", type=int, default=100_000, help="series of a set, drawn with one seed")
    parser.add_argument("--budget", type=float, default=600.0, help="seconds a fit of ours may take")
    given = parser.parse_args()
    rows: list[dict[str, object]] = []
    for name in given.sets.split(","):
        rows += measured(name, given.folder, most=given.most, budget_s=given.budget)
        RESULTS.write_text(page(rows), "utf-8")


def measured(name: str, folder: Path, *, most: int, budget_s: float) -> list[dict[str, object]]:
    """A line for each way on one set."""
    read, season, peers = SETS[name]
    table, horizon = read(folder)
    names = pd.Series(sorted(table["series"].unique()))
    drawn = names.sample(min(most, len(names)), random_state=0)
    train, later = split(table[table["series"].isin(drawn)], horizon)
    said = {"ours": ours(train, later, horizon=horizon, budget_s=budget_s)} | {
        peer: PEERS[peer](train, later, horizon=horizon, season=season) for peer in peers
    }
    scale = train.groupby("series")["value"].apply(lambda y: np.abs(y.to_numpy()[season:] - y.to_numpy()[:-season]).mean())
    judged = {way: errors(forecast, later, scale=scale) for way, (forecast, _) in said.items()}
    best = min((way for way in judged if way != "ours"), key=lambda way: judged[way]["error"].mean())
    lines = []
    for way, found in judged.items():
        line = {"set": name, "series": f"{len(drawn)} of {len(names)}", "way": way, **figures(found), "s": round(said[way][1])}
        if way == "ours":
            line["ours - best peer"] = difference(found, judged[best])
        lines.append(line)
        print(line, flush=True)
    return lines


def split(table: Table, horizon: int) -> tuple[Table, Table]:
    """The table without its last horizon, and that horizon: of each series where steps are counted, of the calendar else.

    Series that begin in the hidden part are left out: nothing is known of them.
    """
    if pd.api.types.is_numeric_dtype(table["at"]):
        late = table["at"] > table.groupby("series")["at"].transform("max") - horizon
    else:
        step = pd.Series(np.sort(table["at"].unique())).diff().mode()[0]
        late = table["at"] > table["at"].max() - horizon * step
    train, later = table[~late], table[late]
    return train.reset_index(drop=True), later[later["series"].isin(train["series"])].reset_index(drop=True)


def ours(train: Table, later: Table, *, horizon: int, budget_s: float) -> tuple[Table, float]:
    start = time.perf_counter()
    model = fit_forecaster(train, horizon, budget_s=budget_s)
    answer = model.forecast(None if len(train.columns) == 3 else later.drop(columns="value"))
    print(model.verdict.en, flush=True)
    return answer, time.perf_counter() - start


def classical(way: object) -> Callable[..., tuple[Table, float]]:
    """A way of statsforecast, with gaps closed by a line, on at most the latest 500 steps."""

    def forecast(train: Table, later: Table, *, horizon: int, season: int) -> tuple[Table, float]:
        start = time.perf_counter()
        steps = regular(train)
        model = way(season_length=season)  # type: ignore[operator]
        engine = StatsForecast(models=[model], freq=1, n_jobs=1, fallback_model=NaNModel())
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


def errors(forecast: Table, later: Table, *, scale: pd.Series) -> Table:
    """One row a value that came: scaled error, symmetric error, logarithmic error, within the interval, its width."""
    once = forecast.drop_duplicates(["series", "at"]).rename(columns={"value": "said"})
    rows = later[["series", "at", "value"]].merge(once, on=["series", "at"], how="inner").dropna(subset=["said", "value"])
    size, gap = rows["series"].map(scale), (rows["value"] - rows["said"]).abs()
    rows["error"], rows["width"] = gap / size, (rows["high"] - rows["low"]) / size
    rows["smape"] = 200 * gap / (rows["value"].abs() + rows["said"].abs()).clip(lower=1e-9)
    rows["log"] = (np.log1p(rows["value"].clip(lower=0)) - np.log1p(rows["said"].clip(lower=0))) ** 2
    rows["within"] = (rows["value"] >= rows["low"]) & (rows["value"] <= rows["high"])
    return rows[np.isfinite(rows["error"])]


def units(rows: Table) -> Table:
    """Means a series, or a day where there is one series: what the bootstrap draws."""
    by = rows["series"] if rows["series"].nunique() > 1 else rows["at"].dt.date
    return rows.groupby(by)[["error", "smape", "log", "within", "width"]].mean()


def figures(rows: Table) -> dict[str, object]:
    each = units(rows)
    mase = bootstrap(lambda column: float(np.mean(column)), each["error"], seed=1)
    return {
        "MASE": f"{mase.value:.3f} ({mase.low:.3f} - {mase.high:.3f})",
        "sMAPE": f"{each['smape'].mean():.2f}",
        "RMSLE": f"{np.sqrt(rows['log'].mean()):.4f}",
        "cover": f"{rows['within'].mean():.3f}",
        "width": f"{each['width'].mean():.2f}",
    }


def difference(ours_: Table, peer: Table) -> str:
    both = units(ours_)[["error"]].join(units(peer)[["error"]], rsuffix="_peer", how="inner")
    found = paired_bootstrap(
        lambda truth, said: float(np.mean(said - truth)), np.zeros(len(both)), values=(both["error"], both["error_peer"]), seed=1
    )
    return f"{found.value:+.3f} ({found.low:+.3f} - {found.high:+.3f})"


def page(rows: list[dict[str, object]]) -> str:
    """The table as it is kept."""
    head = ["set", "series", "way", "MASE", "sMAPE", "RMSLE", "cover", "width", "s", "ours - best peer"]
    today, machine = datetime.now(UTC).strftime("%Y-%m-%d"), platform.processor() or platform.machine()
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(row.get(name, "")) for name in head) + " |" for row in rows]
    what = (__doc__ or "").partition("\n\n")[2].partition("\n\n    python")[0]
    return f"# Forecasts\n\n`python benchmarks/forecasting.py`, {today}, {machine}, one thread.\n\n{what}\n\n" + "\n".join(lines) + "\n"


def competition(folder: str, period: str) -> Callable[[Path], tuple[Table, int]]:
    def read(data: Path) -> tuple[Table, int]:
        about = pd.read_parquet(data / folder / "series.parquet")
        about = about[about["period"] == period]
        rows = pd.read_parquet(data / folder / "train.parquet")
        rows = rows[rows["series_id"].isin(about["series_id"])]
        return rows.set_axis(["series", "at", "value"], axis=1), int(about["h"].iloc[0])

    return read


def m4(part: str, horizon: int) -> Callable[[Path], tuple[Table, int]]:
    def read(data: Path) -> tuple[Table, int]:
        return pd.read_parquet(data / "m4_hourly_weekly" / f"{part}_train.parquet").set_axis(["series", "at", "value"], axis=1), horizon

    return read


def recruit(data: Path) -> tuple[Table, int]:
    folder = data / "recruit_restaurant_visitors"
    days = pd.read_parquet(folder / "date_info.parquet").assign(at=lambda rows: pd.to_datetime(rows["calendar_date"]))
    visits = pd.read_parquet(folder / "visits.parquet").set_axis(["series", "at", "value"], axis=1)
    return visits.merge(days[["at", "holiday_flg"]], on="at"), 39


def bike(data: Path) -> tuple[Table, int]:
    rows = pd.read_parquet(data / "bike_sharing_hourly" / "demand.parquet").drop(columns="date")
    return rows.rename(columns={"ts": "at", "count": "value"}).assign(series="bike"), 672


def metro(data: Path) -> tuple[Table, int]:
    rows = pd.read_parquet(data / "metro_traffic_weather_holiday" / "traffic.parquet")
    return rows.rename(columns={"date_time": "at", "traffic_volume": "value"}).drop_duplicates("at").assign(series="metro"), 672


USUAL = ("seasonal naive", "AutoETS", "AutoTheta")
PEERS = {
    "seasonal naive": classical(SeasonalNaive),
    "AutoETS": classical(AutoETS),
    "AutoTheta": classical(AutoTheta),
    "AutoARIMA": classical(AutoARIMA),
    "LightGBM with lags": boosted,
}
SETS: dict[str, tuple[Callable[[Path], tuple[Table, int]], int, tuple[str, ...]]] = {
    "m3_yearly": (competition("m3", "YEARLY"), 1, (*USUAL, "AutoARIMA")),
    "m3_quarterly": (competition("m3", "QUARTERLY"), 4, USUAL),
    "m3_monthly": (competition("m3", "MONTHLY"), 12, USUAL),
    "m3_other": (competition("m3", "OTHER"), 1, USUAL),
    "tourism_yearly": (competition("tourism", "YEARLY"), 1, (*USUAL, "AutoARIMA")),
    "tourism_quarterly": (competition("tourism", "QUARTERLY"), 4, USUAL),
    "tourism_monthly": (competition("tourism", "MONTHLY"), 12, USUAL),
    "m4_hourly": (m4("hourly", 48), 24, USUAL),
    "m4_weekly": (m4("weekly", 13), 1, USUAL),
    "recruit": (recruit, 7, ("seasonal naive", "AutoETS", "LightGBM with lags")),
    "bike": (bike, 24, ("seasonal naive", "AutoETS", "LightGBM with lags")),
    "metro": (metro, 24, ("seasonal naive", "AutoETS", "LightGBM with lags")),
}

if __name__ == "__main__":
    main()
