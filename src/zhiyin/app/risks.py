"""Suspicious orders and transfers: judged by the run, kept for a person to decide, and learned from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import ibis

from zhiyin.app.rows import Rows
from zhiyin.app.work import Work
from zhiyin.core.clock import utc_now, zone
from zhiyin.core.errors import NotFound, PrivacyError
from zhiyin.core.units import money_text
from zhiyin.core.words import Say
from zhiyin.guard.access import Access, Actor, Guard
from zhiyin.predict.risk import PIECES, PRIOR, Weights, cases, evidence, log_odds, looked_at
from zhiyin.predict.risk_taught import taught
from zhiyin.predict.risk_words import clause, sentence
from zhiyin.store.reviews import Reviews
from zhiyin.unify.facts import owned

if TYPE_CHECKING:
    import pandas as pd

    from zhiyin.app.home import Home

__all__ = ["ADVICE", "decide", "held_customers", "judge_acts", "risks"]

ADVICE = Say(
    "高影响判断：这里只是建议，由人来决定；没有任何订单或转账被自动拦下。",
    "A judgement of high impact: this is advice, and a person decides; no order or transfer is stopped by itself.",
)
_DECIDES = ("owner", "lead")  # a rep sees what concerns the own customers, and somebody else decides
_KEY = ("kind", "place", "fact_id")
_COLUMNS = ("customer_id", "place", "fact_id", "at", "amount", "coupon", "payee", "new_payee")


def judge_acts(work: Work) -> int:
    """Write `risk`: the acts of the last days that are worth a look; returns how many customers have something open."""
    import numpy as np
    import pandas as pd

    settings, reviews = work.home.settings, Reviews(work.home.ledger, utc_now)
    acts = _acts(work)
    said = reviews.all()
    fraud = frozenset(str(row["fact_id"]) for row in said if row["confirmed"])
    judged = evidence(acts, not_habit=fraud)
    weights = _weights(said)
    odds = log_odds(judged, weights) if len(judged) else np.empty(0)
    worth = looked_at(judged, odds, least=_odds(settings.risk.look_from))
    judged = judged.assign(log_odds=odds)[worth].sort_values(["customer_id", "at", "kind", "fact_id"])
    judged = judged.assign(case_id=cases(judged))
    told = [_reasons(row, weights, settings.currency) for row in judged.to_dict("records")]
    rows = pd.DataFrame(
        {
            **{name: judged[name].astype("string") for name in (*_KEY, "case_id", "customer_id")},
            "happened_at": judged["at"]
            .dt.tz_localize(zone(settings.timezone), ambiguous=True, nonexistent="shift_forward")
            .dt.tz_convert("UTC")
            .dt.tz_localize(None),
            "happened_on": judged["at"].dt.date,
            "amount": judged["amount"].round().astype("int64"),
            "currency": settings.currency,
            "log_odds": judged["log_odds"].astype("float64"),
            "level": np.where(judged["log_odds"] >= _odds(settings.risk.high_from), "high", "look"),
            "reasons": pd.Series(told, index=judged.index, dtype=object),
        }
    )
    work.write("predict", "risk", rows=rows)
    reviewed = {tuple(row[name] for name in _KEY) for row in said}
    waiting = [row.case_id for row in rows.itertuples() if (row.kind, row.place, row.fact_id) not in reviewed]
    if waiting:
        count = len(set(waiting))
        work.notes.append(
            Say(
                f"{count} 起可疑交易等人复核：`zhiyin risk list`。",
                f"Suspicious cases that wait for a person: {count}; see `zhiyin risk list`.",
            )
        )
    return len(waiting)


def risks(home: Home, guard: Guard, actor: Actor, *, every: bool = False) -> Rows:
    """Cases of suspicious acts that the actor may see, the surest first: reasons, masked name, and what people said.

    Args:
        home: the workspace.
        guard: over what was published.
        actor: who asks.
        every: also those that people have decided.

    Raises:
        PrivacyError: for a role that sees no single customers.
    """
    access = Access(actor, "display")
    rows = guard.rows("risk", access, where={}, order="-log_odds, fact_id") if guard.holds("risk") else []
    said = {tuple(row[name] for name in _KEY): row for row in Reviews(home.ledger, utc_now).all()}
    by_case: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        by_case.setdefault(str(row["case_id"]), []).append(row)
    told = [_case(own, said) for own in by_case.values()]
    kept = [case for case in told if every or case["state"] == "open"]
    names = guard.shown_names([str(case["customer_id"]) for case in kept], access) if kept else {}
    shown = [{**case, "name": names.get(str(case["customer_id"]), {}).get("name", "")} for case in kept]
    return Rows(shown, notes=[ADVICE, _on_prior(home)])


def decide(home: Home, guard: Guard, actor: Actor, *, case: str, confirmed: bool, reason: str = "") -> Mapping[str, object]:
    """A person says that a case is fraud, or the customer's own doing; who said it and when stands in the ledger.

    Raises:
        PrivacyError: for anybody but the owner and a lead.
        NotFound: when the actor sees no such case.
    """
    if actor.role not in _DECIDES:
        raise PrivacyError(
            Say("复核可疑交易的只能是主人或主管。", "Only the owner or a lead decides on suspicious cases."),
            got=actor.role,
            fix=Say("请主管来决定，或不带 --as 再运行。", "Ask a lead, or run it without --as."),
        )
    access = Access(actor, "display")
    rows = guard.rows("risk", access, where={"case_id": case}) if guard.holds("risk") else []
    if not rows:
        raise NotFound(
            Say("没有这起案件。", "There is no such case."),
            got=case,
            fix=Say("`zhiyin risk list` 列出编号。", "`zhiyin risk list` lists the ids."),
        )
    kept = [{**{name: row[name] for name in (*_KEY, "case_id", "customer_id")}, "pieces": _pieces(row)} for row in rows]
    count = Reviews(home.ledger, utc_now).add(kept, confirmed=confirmed, reason=reason, by=actor.id)
    return {"case_id": case, "confirmed": confirmed, "acts": count, "by": actor.id, "reason": reason}


def held_customers(work: Work) -> pd.DataFrame:
    """Customers who get no offer: those with an act confirmed as fraud, or with a high one that nobody has reviewed.

    Returns:
        Column customer_id; ids that a merge has retired are turned into today's by the reader.
    """
    import pandas as pd

    said = Reviews(work.home.ledger, utc_now).all()
    confirmed = [str(row["customer_id"]) for row in said if row["confirmed"]]
    table = work.table("risk", "contact")
    high = work.frame(table.filter(table["level"] == "high").select(*_KEY, "customer_id"))
    reviewed = {tuple(str(row[name]) for name in _KEY) for row in said}
    open_ = [row.customer_id for row in high.itertuples() if (row.kind, row.place, row.fact_id) not in reviewed]
    return pd.DataFrame({"customer_id": pd.Series(sorted({*confirmed, *open_}), dtype=object)})


def _acts(work: Work) -> pd.DataFrame:
    """Orders and transfers of the last days as `predict.risk.evidence` takes them."""
    import pandas as pd

    settings, since = work.home.settings, ibis.date(work.at - timedelta(days=work.home.settings.risk.days))
    identity = work.table("identity")
    lines = owned(work.known("order_line"), identity)
    lines = lines.filter((lines["currency"] == settings.currency) & (lines["amount"] > 0) & (lines["ordered_on"] >= since))
    coupon = ibis.coalesce(lines["coupon"], 0)
    lines = lines.rename(place="source", fact_id="order_id")
    orders = lines.group_by("customer_id", "place", "fact_id").agg(
        at=ibis.coalesce(lines["ordered_at"], lines["ordered_on"].cast("timestamp")).min(),
        amount=lines["amount"].sum().cast("float64"),
        coupon=coupon.sum().cast("float64"),
    )
    moved = owned(work.known("transfer"), identity)
    moved = moved.filter((moved["currency"] == settings.currency) & (moved["amount"] > 0) & (moved["moved_on"] >= since))
    moved = moved.select(
        "customer_id", place=moved["source"], fact_id=moved["transfer_id"], at=moved["moved_at"], amount=moved["amount"].cast("float64"),
        payee=ibis.coalesce(moved["payee"], ""), new_payee=moved["new_payee"].cast("float64"),
    )  # fmt: skip
    parts = {"order": work.frame(orders).assign(payee="", new_payee=None), "transfer": work.frame(moved).assign(coupon=0.0)}
    told = [part[list(_COLUMNS)].assign(kind=kind) for kind, part in parts.items() if len(part)]
    acts = pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=[*_COLUMNS, "kind"])
    customers = work.table("customer")
    since_on = work.frame(customers.select("customer_id", "since_on"))
    local = pd.to_datetime(acts["at"]).dt.tz_localize("UTC").dt.tz_convert(zone(settings.timezone)).dt.tz_localize(None)
    acts = acts.assign(at=local, saved=acts["coupon"] / (acts["coupon"] + acts["amount"])).merge(since_on, on="customer_id", how="left")
    known = (acts["at"].dt.normalize() - pd.to_datetime(acts["since_on"])).dt.days.clip(lower=0)
    return acts.assign(known_days=known.astype("float64"), amount=acts["amount"].astype("float64")).drop(columns=["since_on", "coupon"])


def _weights(said: list[dict[str, object]]) -> Weights:
    """What the reviewed cases teach: of each case its strongest act."""
    import pandas as pd

    rows = [{**json.loads(str(row["pieces"])), "case_id": row["case_id"], "confirmed": row["confirmed"]} for row in said]
    if not rows:
        return Weights()
    frame = pd.DataFrame(rows).reindex(columns=["case_id", "confirmed", *PIECES]).fillna(dict.fromkeys(PIECES, 0.0))
    frame = frame.assign(total=frame[list(PIECES)].sum(axis=1)).sort_values(["case_id", "total"])
    return taught(frame.drop_duplicates("case_id", keep="last"))


def _reasons(row: Mapping[str, object], weights: Weights, currency: str) -> str:
    """The pieces of evidence with words; base and pieces sum to the log-odds."""
    pieces = [
        {"piece": name, "nats": round(weight * float(str(row[f"nats_{name}"])), 4), **clause(name, row, currency=currency)._asdict()}
        for name, weight in zip(PIECES, weights.pieces, strict=True)
        if float(str(row[f"nats_{name}"]))
    ]
    told = sentence(row, currency=currency)._asdict()
    return json.dumps({"base": round(PRIOR + weights.shift, 4), "pieces": pieces, "told": told}, ensure_ascii=False)


def _pieces(row: Mapping[str, object]) -> str:
    """The evidence of an act as it is kept with a review."""
    return json.dumps({piece["piece"]: piece["nats"] for piece in json.loads(str(row["reasons"]))["pieces"]})


def _case(own: list[dict[str, object]], said: Mapping[tuple[object, ...], Mapping[str, object]]) -> dict[str, object]:
    """A case as a reader gets it: its strongest act speaks for it."""
    top = own[0]
    words = [said.get(tuple(row[name] for name in _KEY)) for row in own]
    last = max((word for word in words if word), key=lambda word: str(word["at"]), default=None)
    state = "open" if None in words else "confirmed" if last and last["confirmed"] else "cleared"
    reasons = json.loads(str(top["reasons"]))
    money = sum(int(str(row["amount"])) for row in own)
    return {
        "case_id": top["case_id"],
        "customer_id": top["customer_id"],
        "level": "high" if any(row["level"] == "high" for row in own) else "look",
        "state": state,
        "acts": len(own),
        "kinds": sorted({str(row["kind"]) for row in own}),
        "first_on": min(str(row["happened_on"]) for row in own),
        "last_on": max(str(row["happened_on"]) for row in own),
        "amount_text": money_text(money, str(top["currency"])),
        "log_odds": top["log_odds"],
        "high_impact": True,
        "reason_zh": reasons["told"]["zh"],
        "reason_en": reasons["told"]["en"],
        "reasons": reasons["pieces"],
        "base": reasons["base"],
        "facts": [str(row["fact_id"]) for row in own],
        "decided_by": last["by"] if last else None,
        "decided_at": last["at"] if last else None,
        "decision_reason": last["reason"] if last else None,
    }


def _on_prior(home: Home) -> Say:
    """What the order of the queue rests on."""
    reviewed = _weights(Reviews(home.ledger, utc_now).all()).reviewed
    base = Say("先验：每千笔里有一笔。", "The prior: one act in a thousand.")
    if not reviewed:
        return base
    return Say(
        f"{base.zh}证据的权重参考了 {reviewed} 起复核。", f"{base.en} The weights have been checked against {reviewed} reviewed cases."
    )


def _odds(chance: float) -> float:
    import math

    return math.log(chance / (1 - chance))
