"""How well are customers predicted? Every question beside its own simple baseline, on past days of Complete Journey.

    PYTHONPATH=src python benchmarks/prediction.py ../shared/data

Each day is predicted by models that learned only from labels complete before it. Weeks 1 to 44 only; days are local days
of the shop (America/New_York). Campaigns that end after the data are left out.
"""

from __future__ import annotations

import sys
import time
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import ibis
import pandas as pd
from _goals import goal

from zhiyin.core.settings import LearningSettings
from zhiyin.core.tables import TABLES
from zhiyin.learn import metrics
from zhiyin.predict import labels
from zhiyin.predict.answers import asked_rows
from zhiyin.predict.climb import climb
from zhiyin.predict.question import Question
from zhiyin.predict.questions import QUESTIONS
from zhiyin.predict.repeat import Buying, Histories, alive, expected_orders, fit_buying, log_likelihood
from zhiyin.unify.facts import Facts, gather
from zhiyin.unify.features import features
from zhiyin.unify.interests import interests
from zhiyin.unify.offers import offers, received

SHOP = "'America/New_York'"
FIRST_UNKNOWN = date(2017, 10, 30)
JUDGED = [FIRST_UNKNOWN - timedelta(days=days) for days in (28, 56, 84, 112)]
ROUNDS = {"May": ("8", "9"), "June and July": ("10", "11", "12"), "August": ("13",), "June to August": ("10", "11", "12", "13")}
AT = 100
LEARNING = LearningSettings()


def main(data: Path) -> None:
    started = time.perf_counter()
    connection = ibis.duckdb.connect(threads=2)
    facts = _facts(connection, data / "complete_journey")
    print(f"facts {time.perf_counter() - started:.1f} s")
    rows = [*_panel(connection, facts), *_pairs(connection, facts), *_campaigns(connection, facts)]
    print(pd.DataFrame(rows).round(3).to_string(index=False))
    _tell_goals(pd.DataFrame(rows))
    _cdnow(data / "cdnow")
    print(f"all {time.perf_counter() - started:.1f} s")


def _tell_goals(rows: pd.DataFrame) -> None:
    wanted = {"campaign_answer": (0.83, 0.70), "category_raise": (0.0, 0.60), "spend_halves": (0.70, 0.58)}
    for question, (auc, precision) in wanted.items():
        together = rows["on"] == "June to August"  # two of the rounds as one
        if question == "campaign_answer":
            pooled = rows[together].iloc[0]
            note = f"one simple way {pooled['simple_auc']:.3f} and {pooled['simple_p@100']:.2f}"
            goal(f"{question}, June to August as one: AUC", pooled["auc"], wanted=auc, note=note)
            goal(f"{question}, June to August as one: precision at {AT}", pooled["p@100"], wanted=precision, note=note)
        own = rows[(rows["question"] == question) & ~together]
        note = f"Complete Journey weeks 1-44, mean of {len(own)}; simple way {own['simple_auc'].mean():.3f} and {own['simple_p@100'].mean():.2f}"
        if auc:
            goal(f"{question}: AUC", own["auc"].mean(), wanted=auc, note=note)
        enough = own[own["happened"] >= AT]
        goal(f"{question}: precision at {AT}", enough["p@100"].mean(), wanted=precision, note=f"{note}; {len(enough)} with {AT} to find")


def _facts(connection: ibis.BaseBackend, folder: Path) -> Facts:
    """The tables of the house from the published files; ids as text, money in cents."""
    local = f"cast((transaction_timestamp at time zone 'UTC') at time zone {SHOP} as date)"
    sql = {
        "record": f"""select cast(household_id as varchar) record_id, 'cj' as source, cast(null as date) since_on
            from '{folder}/transactions.parquet' group by all""",
        "order_line": f"""select 'cj' as source, row_number() over () line_id, cast(household_id as varchar) record_id, cast(basket_id as varchar) order_id,
            cast(product_id as varchar) product_id, cast(quantity as double) quantity, cast(round(sales_value * 100) as bigint) amount,
            cast(round(retail_disc * 100) as bigint) discount, cast(round((coupon_disc + coupon_match_disc) * 100) as bigint) coupon, 'USD' as currency,
            transaction_timestamp ordered_at, {local} ordered_on from '{folder}/transactions.parquet' where {local} < date '{FIRST_UNKNOWN}'""",
        "product": f"""select cast(product_id as varchar) product_id, 'cj' as source, coalesce(product_category, '') category,
            coalesce(department, '') department from '{folder}/products.parquet'""",
        "campaign": f"""select cast(campaign_id as varchar) campaign_id, 'cj' as source, campaign_type as kind, cast(start_date as date) starts_on,
            cast(end_date as date) ends_on from '{folder}/campaign_descriptions.parquet'""",
        "offer": f"""select cast(campaign_id as varchar) campaign_id, cast(coupon_upc as varchar) offer_id, cast(product_id as varchar) product_id
            from '{folder}/coupons.parquet'""",
        "touch": f"""select 't' || row_number() over () touch_id, cast(household_id as varchar) record_id, cast(campaign_id as varchar) campaign_id,
            false as holdout, cast(null as date) touched_on from '{folder}/campaigns.parquet'""",
        "outcome": f"""select 'o' || row_number() over () outcome_id, cast(household_id as varchar) record_id, cast(campaign_id as varchar) campaign_id,
            cast(coupon_upc as varchar) offer_id, 'redeemed' as kind, cast(redemption_date as date) happened_on
            from '{folder}/coupon_redemptions.parquet' where redemption_date < date '{FIRST_UNKNOWN}'""",
        "attribute": f"""select cast(household_id as varchar) record_id, 'income' as name, income as value from '{folder}/demographics.parquet'""",
    }
    tables = {name: _whole(connection, name, connection.sql(text)) for name, text in sql.items()}
    tables |= {name: _whole(connection, name, None) for name in ("identity", "event")}
    return gather(tables, currency="USD").kept(lambda name, table: connection.create_table(f"kept_{name}", table))


def _whole(connection: ibis.BaseBackend, name: str, rows: ibis.Table | None) -> ibis.Table:
    """The table with all columns that core/tables.py gives it; those that the files lack are empty."""
    types = TABLES[name].types
    if rows is None:
        return connection.create_table(name, schema=ibis.schema(types))
    cells = {column: rows[column] if column in rows.columns else ibis.null() for column in types}
    return connection.create_table(name, rows.select(**{column: cell.cast(types[column]) for column, cell in cells.items()}))


def _panel(connection: ibis.BaseBackend, facts: Facts) -> list[dict[str, object]]:
    days = [JUDGED[0] + timedelta(days=28 - 14 * number) for number in range(2, 17)]
    started = time.perf_counter()
    asked = connection.create_table("profile_at", features(facts, days))
    print(f"profile_at of {len(days)} days {time.perf_counter() - started:.1f} s")
    found = asked.to_pandas()
    rows = []
    made = {
        "spend_halves": (labels.halved(asked, facts.days, days=28), JUDGED, {}),
        "purchase": (labels.bought(asked, facts.days, days=28), JUDGED, {"orders_14d": 0}),
        "churn": (labels.stayed_away(asked, facts.days, days=56), JUDGED[1:], {}),
    }
    for name, (label, judged, quiet) in made.items():
        whole = found.merge(label.to_pandas(), on=["customer_id", "at_on"])
        for column, value in quiet.items():
            whole = whole[(whole[column] == value) & (whole["orders_84d"] > 0)]
        rows += [_row(QUESTIONS[name], whole, str(day), whole["at_on"] == pd.Timestamp(day), pd.Timestamp(day)) for day in judged]
    return rows


def _pairs(connection: ibis.BaseBackend, facts: Facts) -> list[dict[str, object]]:
    days = sorted({day - timedelta(days=28 * back) for day in JUDGED for back in range(4)})
    started = time.perf_counter()
    asked = connection.create_table("interest_at", interests(facts, days))
    customers = connection.create_table("profile_for_pairs", features(facts, days)).to_pandas()
    print(f"interest_at of {len(days)} days {time.perf_counter() - started:.1f} s")
    label = labels.bought_category(asked, facts.category_days, days=28).to_pandas()
    whole = asked.to_pandas().merge(label, on=["customer_id", "category", "at_on"]).merge(customers, on=["customer_id", "at_on"])
    return [_row(QUESTIONS["category_raise"], whole, str(day), whole["at_on"] == pd.Timestamp(day), pd.Timestamp(day)) for day in JUDGED]


def _campaigns(connection: ibis.BaseBackend, facts: Facts) -> list[dict[str, object]]:
    complete = facts.campaigns.filter((facts.campaigns["ends_on"] < FIRST_UNKNOWN) & (facts.campaigns["starts_on"] > date(2017, 1, 1)))
    asked = connection.create_table("asked", received(facts).semi_join(complete, "campaign_id"))
    made = connection.create_table("campaign_at", offers(facts, asked)).to_pandas()
    days = sorted(pd.to_datetime(made["at_on"]).dt.date.unique())
    customers = connection.create_table("profile_for_campaigns", features(facts, days)).to_pandas()
    label = labels.answered(asked, facts.outcomes, campaigns=facts.campaigns).to_pandas()
    keys = ["customer_id", "campaign_id", "at_on"]
    whole = made.merge(label, on=keys).merge(customers, on=["customer_id", "at_on"])
    question, rows = QUESTIONS["campaign_answer"], []
    for name, campaigns in ROUNDS.items():
        parts = []
        for campaign in campaigns:
            late = whole[whole["campaign_id"] == campaign]
            parts.append(_said(question, whole, late.index, late["at_on"].iloc[0]))
        rows.append(_figures(question, name, pd.concat(parts)))
    return rows


def _row(question: Question, whole: pd.DataFrame, name: str, late: pd.Series, day: pd.Timestamp) -> dict[str, object]:
    return _figures(question, name, _said(question, whole, whole.index[late], day))


def _said(question: Question, whole: pd.DataFrame, late: pd.Index, day: pd.Timestamp) -> pd.DataFrame:
    """What a model that learned before the day says about the late rows."""
    early = whole[pd.to_datetime(whole["known_on"]) <= day]
    started = time.perf_counter()
    fitted = climb(question, early, learning=LEARNING)
    seconds = time.perf_counter() - started
    rows = asked_rows(question, fitted.model, rows=whole.loc[late])
    simple = rows[question.baseline.column].fillna(0) * (-1 if question.baseline.less else 1)
    found = fitted.model.predict(rows)
    return pd.DataFrame(
        {
            "label": rows["label"],
            "value": found["value"],
            "simple": simple,
            "model": fitted.card.name,
            "seconds": seconds,
            "early": len(early),
        }
    )


def _figures(question: Question, name: str, said: pd.DataFrame) -> dict[str, object]:
    at = partial(metrics.precision_at, k=AT)
    truth, value, simple = said["label"], said["value"], said["simple"]
    return {
        "question": question.name,
        "on": name,
        "rows": len(said),
        "happened": int(truth.sum()),
        "model": "/".join(said["model"].unique()),
        "auc": metrics.auc(truth, value),
        "simple_auc": metrics.auc(truth, simple),
        "p@100": at(truth, value),
        "simple_p@100": at(truth, simple),
        "ece": metrics.ece(truth, value),
        "log_loss": metrics.log_loss(truth, value),
        "learned_from": int(said["early"].max()),
        "seconds": said["seconds"].max(),
    }


def _cdnow(folder: Path) -> None:
    """The published parameters, and weeks 40 to 78 predicted from weeks 1 to 39."""
    orders = pd.read_parquet(folder / "cdnow_sample.parquet")[["customer_id", "date"]].drop_duplicates()
    end = pd.Timestamp("1997-09-30")
    early, late = orders[orders["date"] <= end], orders[orders["date"] > end]
    each = early.groupby("customer_id")["date"].agg(["min", "max", "count"])
    known = Histories(
        (each["count"] - 1).to_numpy(dtype=float),
        (each["max"] - each["min"]).dt.days.to_numpy() / 7.0,
        (end - each["min"]).dt.days.to_numpy() / 7.0,
    )
    started = time.perf_counter()
    found = fit_buying(known)
    seconds = time.perf_counter() - started
    real = late.groupby("customer_id").size().reindex(each.index).fillna(0.0).to_numpy()
    said = expected_orders(found, known, periods=39.0)
    print(
        f"CDNOW {found} log likelihood {log_likelihood(found, known):.1f} (published {Buying(0.243, 4.414, 0.793, 2.426)} -9582.4), {seconds:.1f} s"
    )
    print(
        f"weeks 40-78: total {said.sum() / real.sum() - 1:+.1%}, RMSE {((said - real) ** 2).mean() ** 0.5:.3f}, alive {alive(found, known).mean():.2f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared" / "data")
