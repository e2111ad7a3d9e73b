"""How far off are the forecasts, beside the usual ways?

The last horizon of the *training* part of each set is hidden, everything before it is given to `zhiyin.lab.fit_forecaster`
as a user would, without a setting, and the peers are fitted in the same run: some of them to fewer of the same series, where
they take long. MASE divides by the mean change over the season, WRMSSE is that of the M5 competition (series weighted by what
they sold in 28 days), intervals are 95 % bootstrap over series (over days where there is one series). "cover" and "width" are
those of the 80 % intervals, the width divided like MASE. "ours there" is ours on the series of the peer, "ours - peer" the
paired difference in MASE: below zero ours is better. A set with "of" was sampled. The goals of the glance were set for the
published test parts, which nobody here has seen: on the hidden horizons the figure of the best peer says how hard they are.

    python benchmarks/forecasting.py FOLDER [--sets m3_yearly,recruit] [--most 100]

The sets that a run leaves out keep their lines of the page; `--sets ''` only writes the glance anew.
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
from _forecast_peers import PEERS
from _forecast_sets import SETS
from _goals import MARK

from zhiyin.lab import fit_forecaster
from zhiyin.learn.metrics import bootstrap, paired_bootstrap

RESULTS = Path(__file__).parent / "results" / "forecasting.md"
HEAD = ["set", "series", "way", "MASE", "sMAPE", "RMSLE", "WAPE", "WRMSSE", "cover", "width", "s", "ours there", "ours - peer"]
M3 = {"m3_yearly": 645, "m3_quarterly": 756, "m3_monthly": 1428, "m3_other": 174}  # series of each part
TOURISM = {"tourism_yearly": 518, "tourism_quarterly": 427, "tourism_monthly": 366}
GOALS: tuple[tuple[str, dict[str, int], str, float], ...] = (
    ("M3", M3, "MASE", 1.33),
    ("M3", M3, "sMAPE", 12.6),
    ("tourism", TOURISM, "MASE", 1.95),
    ("tourism", TOURISM, "sMAPE", 17.9),
    ("M4 hourly", {"m4_hourly": 1}, "MASE", 0.85),
    ("M4 weekly", {"m4_weekly": 1}, "MASE", 2.25),
    ("restaurants", {"recruit": 1}, "RMSLE", 0.52),
    ("bikes", {"bike": 1}, "MASE", 0.78),
    ("traffic", {"metro": 1}, "MASE", 0.55),
    ("30 000 daily series", {"daily_30k": 1}, "s", 600),
)
Table = pd.DataFrame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--most", type=int, default=0, help="series of a set, drawn with one seed; 0: as the set says")
    given = parser.parse_args()
    for name in filter(None, given.sets.split(",")):
        fresh = measured(name, given.folder, most=given.most)
        rows = {line["set"]: [] for line in kept() + fresh}
        for line in [line for line in kept() if line["set"] != name] + fresh:
            rows[line["set"]].append(line)
        RESULTS.write_text(page([line for known in SETS if known in rows for line in rows[known]]), "utf-8")
    RESULTS.write_text(page(kept()), "utf-8")
    tell_goals(kept())


def measured(name: str, folder: Path, *, most: int) -> list[dict[str, str]]:
    """A line for each way on one set."""
    one = SETS[name]
    table, horizon = one.read(folder)
    names = pd.Series(sorted(table["series"].unique()))
    drawn = names.sample(min(most or one.most or len(names), len(names)), random_state=0)
    table = table[table["series"].isin(drawn)] if len(drawn) < len(names) else table
    train, later = split(table, horizon)
    about = train.groupby("series")["value"]
    scales = pd.DataFrame({"mase": about.apply(lambda y: np.abs(y.to_numpy()[one.season :] - y.to_numpy()[: -one.season]).mean())})
    scales["square"] = about.apply(lambda y: np.mean(np.diff(y.to_numpy()) ** 2))
    scales["weight"] = about.apply(lambda y: y.tail(28).sum())
    answer, took = ours(train, later, horizon=horizon)
    found = judged(answer, later, scales=scales)
    lines = [{"set": name, "series": f"{len(drawn)} of {len(names)}", "way": "ours", **figures(found), "s": f"{took:.0f}"}]
    print(lines[0], f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB", flush=True)
    for peer in one.peers:
        forecast, few = PEERS[peer]
        some = drawn.sample(few, random_state=1) if few < len(drawn) else drawn
        parts = [part[part["series"].isin(some)] for part in (train, later)]
        said, took = forecast(*parts, horizon=horizon, season=one.season)
        theirs = judged(said, parts[1], scales=scales)
        same = found[found["series"].isin(theirs["series"])]
        there = figures(same)
        line = {"set": name, "series": f"{len(some)} of {len(names)}", "way": peer, **figures(theirs), "s": f"{took:.0f}"}
        line["ours there"] = f"{there['MASE'].split()[0]}, width {there['width']}, WRMSSE {there['WRMSSE']}"
        lines.append(line | {"ours - peer": difference(same, theirs)})
        print(lines[-1], flush=True)
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


def ours(train: Table, later: Table, *, horizon: int) -> tuple[Table, float]:
    start = time.perf_counter()
    model = fit_forecaster(train, horizon)
    answer = model.forecast(None if len(train.columns) == 3 else later.drop(columns="value"))
    print(model.verdict.en, flush=True)
    return answer, time.perf_counter() - start


def judged(forecast: Table, later: Table, *, scales: Table) -> Table:
    """One row a value that came: its errors as the measures take them, within the interval, its width."""
    once = forecast.drop_duplicates(["series", "at"]).rename(columns={"value": "said"})
    rows = later[["series", "at", "value"]].merge(once, on=["series", "at"], how="inner").dropna(subset=["said", "value"])
    size, rows["gap"] = rows["series"].map(scales["mase"]), (rows["value"] - rows["said"]).abs()
    rows["error"], rows["width"] = rows["gap"] / size, (rows["high"] - rows["low"]) / size
    rows["smape"] = 200 * rows["gap"] / (rows["value"].abs() + rows["said"].abs()).clip(lower=1e-9)
    rows["log"] = (np.log1p(rows["value"].clip(lower=0)) - np.log1p(rows["said"].clip(lower=0))) ** 2
    rows["within"] = (rows["value"] >= rows["low"]) & (rows["value"] <= rows["high"])
    rows["square"] = rows["gap"] ** 2 / rows["series"].map(scales["square"])
    rows["weight"] = rows["series"].map(scales["weight"])
    return rows[np.isfinite(rows["error"])]


def units(rows: Table) -> Table:
    """Means a series, or a day where there is one series: what the bootstrap draws."""
    by = rows["series"] if rows["series"].nunique() > 1 else rows["at"].dt.date
    return rows.groupby(by)[["error", "smape", "square", "weight", "width"]].mean()


def figures(rows: Table) -> dict[str, str]:
    each = units(rows)
    mase = bootstrap(lambda column: float(np.mean(column)), each["error"], seed=1)
    whole = each[np.isfinite(each["square"]) & (each["weight"] > 0)]
    return {
        "MASE": f"{mase.value:.3f} ({mase.low:.3f} - {mase.high:.3f})",
        "sMAPE": f"{each['smape'].mean():.2f}",
        "RMSLE": f"{np.sqrt(rows['log'].mean()):.4f}",
        "WAPE": f"{rows['gap'].sum() / rows['value'].abs().sum():.3f}",
        "WRMSSE": f"{np.average(np.sqrt(whole['square']), weights=whole['weight']):.3f}" if len(whole) else "",
        "cover": f"{rows['within'].mean():.3f}",
        "width": f"{each['width'].mean():.2f}",
    }


def difference(ours_: Table, peer: Table) -> str:
    both = units(ours_)[["error"]].join(units(peer)[["error"]], rsuffix="_peer", how="inner")
    found = paired_bootstrap(
        lambda truth, said: float(np.mean(said - truth)), np.zeros(len(both)), values=(both["error"], both["error_peer"]), seed=1
    )
    return f"{found.value:+.3f} ({found.low:+.3f} - {found.high:+.3f})"


def kept() -> list[dict[str, str]]:
    """The lines of the page as it is."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ") and line.count("|") == len(HEAD) + 1]
    return [dict(zip(HEAD, (cell.strip() for cell in cells), strict=False)) for cells in lines if cells[0] in SETS]


def page(rows: list[dict[str, str]]) -> str:
    """The page: the glance, then the table."""
    today, machine = datetime.now(UTC).strftime("%Y-%m-%d"), platform.processor() or platform.machine()
    what = (__doc__ or "").partition("\n\n")[2].partition("\n\n    python")[0]
    top = f"# Forecasts\n\n`python benchmarks/forecasting.py`, {today}, {machine}, two shared cores, one thread.\n\n{what}\n"
    table = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
    table += ["| " + " | ".join(str(row.get(name, "")) for name in HEAD) + " |" for row in rows]
    return top + "\n## At a glance\n\n" + "\n".join(glance(rows)) + "\n\n## All figures\n\n" + "\n".join(table) + "\n"


def tell_goals(rows: list[dict[str, str]]) -> None:
    """The glance as lines that benchmarks/_predict.py gathers."""
    for line in glance(rows)[2:]:
        promise, ours_, best, wanted, met = (cell.strip() for cell in line.strip("|").split("|"))
        state = met if met in ("yes", "no") else "yes" if met.endswith("less") else "no"
        note = "; ".join(part for part in (best and f"best peer {best}", "" if met in ("yes", "no") else met) if part)
        print(f"{MARK}{promise} | {ours_} | {wanted} | {'met' if state == 'yes' else 'MISSED'} | {note}", flush=True)


def glance(rows: list[dict[str, str]]) -> list[str]:
    by = {(row["set"], row["way"]): row for row in rows}
    lines = ["| promise | ours | best peer, same series | goal | met |", "|---|---|---|---|---|"]
    for called, parts, measure, goal in GOALS:
        if not all((part, "ours") in by for part in parts):
            continue
        total = sum(parts.values())
        value = sum(many * number(by[part, "ours"][measure]) for part, many in parts.items()) / total
        peers = sorted(
            {way for part, way in by if part in parts and all(on_the_same(by, other, way=way, measure=measure) for other in parts)}
        )
        said = [(sum(many * on_the_same(by, part, way=way, measure=measure) for part, many in parts.items()) / total, way) for way in peers]
        best = f"{min(said)[0]:.3f} {min(said)[1]}" if said else ""
        lines.append(f"| {called}, {measure} | {value:.3f} | {best} | {goal} | {'yes' if value <= goal else 'no'} |")
    covers = {row["set"]: number(row["cover"]) for row in rows if row["way"] == "ours"}
    outside = [f"{name} {cover:.2f}" for name, cover in covers.items() if not 0.77 <= round(cover, 2) <= 0.83]
    lines.append(
        f"| 80 % intervals cover .77 - .83 | {len(covers) - len(outside)} of {len(covers)} sets | | all | {', '.join(outside) or 'yes'} |"
    )
    return lines + widths(by) + demand(by)


def on_the_same(by: dict[tuple[str, str], dict[str, str]], part: str, *, way: str, measure: str) -> float:
    """The figure of a peer on the series of ours; for MASE by the paired difference, else 0 where it was given less than half of them."""
    row, mine = by.get((part, way)), by[part, "ours"]
    if row is None or way == "ours" or measure == "s":
        return 0.0
    if measure == "MASE":
        return number(mine["MASE"]) - number(row["ours - peer"])
    return number(row[measure]) if 2 * number(row["series"]) >= number(mine["series"]) else 0.0


def widths(by: dict[tuple[str, str], dict[str, str]]) -> list[str]:
    """On how many sets ours are narrower, and how much those of AutoETS cover on the others."""
    ets = {part: row for (part, way), row in by.items() if way == "AutoETS"}
    wider = [part for part, row in ets.items() if float(row["ours there"].split("width ")[1].split(",")[0]) >= number(row["width"])]
    where = ", ".join(f"{part} (those cover {number(ets[part]['cover']):.2f})" for part in wider)
    return [f"| intervals narrower than those of AutoETS | {len(ets) - len(wider)} of {len(ets)} sets | | all | {where or 'yes'} |"]


def demand(by: dict[tuple[str, str], dict[str, str]]) -> list[str]:
    lines = []
    if ("journey", "ours") in by:
        ours_, naive = (number(by["journey", way]["WAPE"]) for way in ("ours", "seasonal naive"))
        gain = 1 - ours_ / naive
        lines.append(f"| retail demand by category, WAPE | {ours_:.3f} | {naive:.3f} seasonal naive | 15 % less | {gain:.0%} less |")
    if ("daily_30k", "AutoTheta") in by:
        row = by["daily_30k", "AutoTheta"]
        ours_, theta = float(row["ours there"].rpartition(" ")[2]), number(row["WRMSSE"])
        lines.append(f"| 30 000 daily series, WRMSSE | {ours_:.3f} | {theta:.3f} AutoTheta | less | {'yes' if ours_ < theta else 'no'} |")
    return lines


def number(cell: str) -> float:
    return float(cell.split(maxsplit=1)[0])


if __name__ == "__main__":
    main()
